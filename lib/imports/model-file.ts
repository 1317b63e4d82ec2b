import { csvText, italianCsv } from '#lib/kernel/csv.ts'
import type { ImportFinding } from './finding.ts'
import { rowAt } from './header.ts'
import type { Mapping } from './mapping.ts'
import type { TableSheet } from './sheet.ts'
import { writeWorkbook } from './workbook.ts'

/** The columns of our own model, as the reader knows them; a test reads the model back. */
export const MODEL_COLUMNS = [
  ['Cognome alunno', 'Obbligatorio.'],
  ['Nome alunno', 'Obbligatorio.'],
  ['Codice fiscale alunno', 'Sedici caratteri, o quello provvisorio di undici cifre.'],
  ['Data di nascita alunno', 'Come 09/04/2018. Serve con un codice provvisorio.'],
  ['Scuola', 'Il nome come nel portale, o il codice meccanografico.'],
  ['Classe', 'Come 3A; la sezione può stare nella colonna accanto.'],
  ['Sezione', 'Facoltativa.'],
  ['Cognome pagante', 'Chi paga e riceve le fatture.'],
  ['Nome pagante', ''],
  [
    'Codice fiscale pagante',
    'Con questo codice entra con SPID o CIE; i figli dello stesso pagante stanno in una famiglia.',
  ],
  ['Telefono pagante', 'Facoltativo.'],
  ['E-mail pagante', 'Facoltativa.'],
  ['Cognome altro adulto', 'Facoltativo: può vedere il calendario e disdire.'],
  ['Nome altro adulto', ''],
  ['Codice fiscale altro adulto', ''],
  ['Telefono altro adulto', ''],
  ['E-mail altro adulto', ''],
  ['Fascia', 'Facoltativa: il codice o il nome di una fascia di Tariffe, non l’importo dell’ISEE.'],
  ['Fascia dal', 'Facoltativa. Vuota: dal primo giorno che si può.'],
  ['Fascia fino al', 'Facoltativa. Vuota: fino alla fine dell’anno.'],
  ['Saldo', 'Facoltativo, dal portale di prima: 12,50 a credito, -4,30 a debito.'],
] as const

const names: string[] = MODEL_COLUMNS.map(([name]) => name)

/** The model to fill in as a CSV: the names of the columns and nothing else, so that no example is left in it. */
export const modelCsv = (): string => italianCsv([names])

/** The model as a workbook, with the explanation of each column in a second sheet. */
export const modelWorkbook = (): Uint8Array =>
  writeWorkbook([
    { name: 'Alunni', rows: [names] },
    { name: 'Come si compila', rows: [['Colonna', 'Che cosa scrivere'], ...MODEL_COLUMNS] },
  ])

const OUTCOMES: Partial<Record<ImportFinding['verdict'], string>> = {
  doubtful: 'Da decidere',
  refused: 'Non si può importare',
}

/** The rows that a person must look at, as the file has them, with what is wrong in two more columns. */
export function rowsToCorrect(
  sheet: TableSheet,
  { header }: Pick<Mapping, 'header'>,
  findings: readonly Pick<ImportFinding, 'lines' | 'verdict' | 'why'>[],
): string[][] {
  const headers = rowAt(sheet, header)?.cells ?? []
  const width = Math.max(headers.length, ...sheet.rows.map(({ cells }) => cells.length))
  const padded = (cells: readonly string[]) => Array.from({ length: width }, (_, at) => cells[at] ?? '')
  const byLine = new Map(sheet.rows.map((row) => [row.line, row.cells]))
  return [
    [...padded(headers), 'Esito', 'Motivo'],
    ...findings.flatMap(({ lines, verdict, why }) => {
      const outcome = OUTCOMES[verdict]
      return outcome ? lines.map((line) => [...padded(byLine.get(line) ?? []), outcome, why.join(' ')]) : []
    }),
  ]
}

/** The same rows as a file of the form in which they came. */
export const fileOfRows = (
  form: 'csv' | 'xlsx' | 'html',
  rows: readonly (readonly string[])[],
): string | Uint8Array =>
  form === 'csv'
    ? italianCsv(rows.map((row) => row.map(csvText)))
    : writeWorkbook([{ name: 'Da correggere', rows }])
