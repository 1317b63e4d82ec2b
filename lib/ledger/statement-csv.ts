import { csvText, italianCsv } from '../csv.ts'
import { dayInRome, exactTimeInRome, numericDay } from '../day.ts'
import { type Cents, decimalString } from '../money.ts'
import { MOVEMENT_NAMES, type Movement } from './statement.ts'

const HEADINGS = ['Giorno', 'Tipo', 'Alunno', 'Importo (euro)', 'Saldo (euro)', 'Registrato il', 'Alle']

/** -540 → "-5,40", which an Italian spreadsheet reads as a number. */
const asNumber = (cents: Cents): string => decimalString(cents).replace('.', ',')

const rowOf = (movement: Movement): string[] => [
  numericDay(movement.day),
  MOVEMENT_NAMES[movement.kind],
  csvText(movement.pupilName ?? ''),
  asNumber(movement.amountCents),
  asNumber(movement.balanceCents),
  numericDay(dayInRome(movement.postedAt)),
  exactTimeInRome(movement.postedAt),
]

/** The statement for a spreadsheet set to Italian: semicolons, decimal commas, UTF-8 with its mark. */
export const statementCsv = (movements: readonly Movement[]): string =>
  italianCsv([HEADINGS, ...movements.map(rowOf)])
