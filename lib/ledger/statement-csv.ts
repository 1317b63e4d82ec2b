import { stringify } from 'csv-stringify/sync'
import { dayInRome, exactTimeInRome, numericDay } from '../day.ts'
import { type Cents, decimalString } from '../money.ts'
import { MOVEMENT_NAMES, type Movement } from './statement.ts'

const HEADINGS = ['Giorno', 'Tipo', 'Alunno', 'Importo (euro)', 'Saldo (euro)', 'Registrato il', 'Alle']

/** A spreadsheet runs a cell that begins like a formula: an apostrophe makes it text again. */
const asText = (text: string): string => (/^[=+\-@\t\r]/.test(text) ? `'${text}` : text)

/** -540 → "-5,40", which an Italian spreadsheet reads as a number. */
const asNumber = (cents: Cents): string => decimalString(cents).replace('.', ',')

const rowOf = (movement: Movement): string[] => [
  numericDay(movement.day),
  MOVEMENT_NAMES[movement.kind],
  asText(movement.pupilName ?? ''),
  asNumber(movement.amountCents),
  asNumber(movement.balanceCents),
  numericDay(dayInRome(movement.postedAt)),
  exactTimeInRome(movement.postedAt),
]

/** The statement for a spreadsheet set to Italian: semicolons, decimal commas, UTF-8 with its mark. */
export const statementCsv = (movements: readonly Movement[]): string =>
  stringify([HEADINGS, ...movements.map(rowOf)], { bom: true, delimiter: ';', record_delimiter: '\r\n' })
