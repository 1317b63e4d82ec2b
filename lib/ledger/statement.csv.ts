import { commaCsv, csvText, italianCsv } from '#lib/kernel/csv.ts'
import { dayInRome } from '#lib/kernel/day.ts'
import { type Cents, decimalString } from '#lib/kernel/money.ts'
import { exactTimeInRome, numericDay } from '#lib/words/format-day.ts'
import { hasDecimalComma } from '#lib/words/format-number.ts'
import { phrase, type Words } from '#lib/words/language.ts'
import { MOVEMENT_NAMES, type Movement } from './statement.ts'

const HEADINGS = [
  phrase('Giorno'),
  phrase('Tipo'),
  phrase('Alunno'),
  phrase('Importo (euro)'),
  phrase('Saldo (euro)'),
  phrase('Registrato il'),
  phrase('Registrato alle'),
]

/** -540 → "-5,40", which an Italian spreadsheet reads as a number, or "-5.40" for an English one. */
const asNumber = (cents: Cents, { language }: Words): string =>
  hasDecimalComma(language) ? decimalString(cents).replace('.', ',') : decimalString(cents)

const rowOf = (movement: Movement, t: Words): string[] => [
  numericDay(movement.day, t.language),
  t(MOVEMENT_NAMES[movement.kind]),
  csvText(movement.pupilName ?? ''),
  asNumber(movement.amountCents, t),
  asNumber(movement.balanceCents, t),
  numericDay(dayInRome(movement.postedAt), t.language),
  exactTimeInRome(movement.postedAt, t.language),
]

/** The statement for a spreadsheet set to the reader's language: semicolons and decimal commas in Italian, UTF-8 with its mark. */
export function statementCsv(movements: readonly Movement[], t: Words): string {
  const rows = [HEADINGS.map((heading) => t(heading)), ...movements.map((movement) => rowOf(movement, t))]
  return hasDecimalComma(t.language) ? italianCsv(rows) : commaCsv(rows)
}
