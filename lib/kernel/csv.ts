import { stringify } from 'csv-stringify/sync'

/**
 * A cell of free text. A spreadsheet runs a cell that begins like a formula, in wide letters too: an apostrophe makes it text.
 * Source: OWASP, "CSV Injection".
 */
export const csvText = (text: string): string => (/^[=+\-@＝＋－＠\t\r\n]/.test(text) ? `'${text}` : text)

type Rows = readonly (readonly (string | number)[])[]

/** More rows of a file that `italianCsv` began. */
export const italianCsvLines = (rows: Rows): string =>
  stringify(rows as (string | number)[][], { delimiter: ';', record_delimiter: '\r\n' })

/** Rows for a spreadsheet set to Italian: semicolons, UTF-8 with a byte-order mark. Free text goes through `csvText` first. */
export const italianCsv = (rows: Rows): string => `\uFEFF${italianCsvLines(rows)}`

/** Rows for a spreadsheet set to a language that writes 1.5: commas. Free text goes through `csvText` first. */
export const commaCsv = (rows: Rows): string =>
  stringify(rows as (string | number)[][], { bom: true, record_delimiter: '\r\n' })

/** The text of a sheet: UTF-8 or, where it is not, the Windows letters in which Excel saves in Italy. */
export function sheetText(bytes: ArrayBuffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    return new TextDecoder('windows-1252').decode(bytes)
  }
}

/** The separator of a sheet: the one of `;`, tab and `,` that its first line has most of. */
const separatorOf = (text: string): string => {
  const head = text.slice(0, text.search(/[\r\n]|$/))
  const count = (mark: string) => head.split(mark).length
  return [';', '\t', ','].reduce((best, mark) => (count(mark) > count(best) ? mark : best))
}

/**
 * Reads a sheet as a spreadsheet saves it: semicolons, tabs or commas, quoted cells with doubled quotes and line breaks
 * inside, with or without a byte-order mark. Empty lines are left out; cells are trimmed.
 * @param given the separator, where the first line does not tell it
 * @returns the cells of each line, with the number of the line in the file, from 1
 */
export function readCsv(sheet: string, given?: string): { line: number; cells: string[] }[] {
  const text = sheet.replace(/^\uFEFF/, '')
  const separator = given ?? separatorOf(text)
  const rows: { line: number; cells: string[] }[] = []
  let line = 1
  let start = 1
  let cells: string[] = []
  let cell = ''
  let quoted = false
  const endRow = () => {
    cells.push(cell.trim())
    if (cells.some((value) => value !== '')) rows.push({ line: start, cells })
    cells = []
    cell = ''
    start = line + 1
  }
  for (let at = 0; at < text.length; at += 1) {
    const letter = text[at] as string
    if (quoted && letter === '"' && text[at + 1] === '"') {
      cell += '"'
      at += 1
    } else if (letter === '"' && (quoted || cell.trim() === '')) {
      if (!quoted) cell = ''
      quoted = !quoted
    } else if (!quoted && letter === separator) {
      cells.push(cell.trim())
      cell = ''
    } else if (!quoted && letter === '\n') {
      endRow()
    } else if (quoted || letter !== '\r') {
      cell += letter
    }
    if (letter === '\n') line += 1
  }
  endRow()
  return rows
}
