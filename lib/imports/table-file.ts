import { readCsv } from '#lib/kernel/csv.ts'
import { ok, type Result, refused } from '#lib/kernel/result.ts'
import { readHtmlTables, readSpreadsheetXml } from './markup-table.ts'
import { MOST_COLUMNS, MOST_ROWS, type TableFile, type TableSheet } from './sheet.ts'
import { readWorkbook } from './workbook.ts'

/** The largest file that is read; the forms of the office take no more. */
export const MOST_FILE_BYTES = 8 * 1024 * 1024

const startsWith = (bytes: Uint8Array, signature: readonly number[]): boolean =>
  signature.every((byte, at) => bytes[at] === byte)

const ZIP = [0x50, 0x4b, 0x03, 0x04]
/** The container of Excel 97–2003, and of any workbook with a password. */
const OLD_OFFICE = [0xd0, 0xcf, 0x11, 0xe0]

/** A file for people → the letters in it. No guessing by statistics: marks first, strict UTF-8, then the letters of Windows. */
function textOf(bytes: Uint8Array): { text: string; letters: string } {
  const decoded = (encoding: string, letters: string) => ({
    text: new TextDecoder(encoding).decode(bytes),
    letters,
  })
  if (startsWith(bytes, [0xff, 0xfe])) return decoded('utf-16le', 'UTF-16')
  if (startsWith(bytes, [0xfe, 0xff])) return decoded('utf-16be', 'UTF-16')
  // Latin letters in UTF-16 have a zero in every second byte.
  const head = bytes.subarray(0, 200)
  const zeros = (from: number) => head.filter((byte, at) => at % 2 === from && byte === 0).length
  if (zeros(1) > head.length / 4) return decoded('utf-16le', 'UTF-16')
  if (zeros(0) > head.length / 4) return decoded('utf-16be', 'UTF-16')
  try {
    return { text: new TextDecoder('utf-8', { fatal: true }).decode(bytes), letters: 'UTF-8' }
  } catch {
    return decoded('windows-1252', 'Windows-1252')
  }
}

const SEPARATORS = [';', '\t', ',', '|'] as const
const SEPARATOR_WORDS: Record<string, string> = { '\t': 'tabulazione', ';': '«;»', ',': '«,»', '|': '«|»' }
const SAMPLE_ROWS = 40
const SAMPLE_LETTERS = 64 * 1024

/** The separator that gives the most rows of the beginning the same number of cells: one line may be a title. */
function separatorOf(text: string): string {
  const sample = text.slice(0, SAMPLE_LETTERS).split(/\r?\n/, SAMPLE_ROWS).join('\n')
  const scored = SEPARATORS.map((separator) => {
    const widths = new Map<number, number>()
    for (const { cells } of readCsv(sample, separator))
      if (cells.length > 1) widths.set(cells.length, (widths.get(cells.length) ?? 0) + 1)
    const [[width, rows] = [1, 0]] = [...widths].toSorted((a, b) => b[1] - a[1] || b[0] - a[0])
    return { separator, rows, width }
  })
  return scored.toSorted((a, b) => b.rows - a.rows || b.width - a.width)[0]?.separator ?? ';'
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: a table of people has none of them.
const CONTROL_SIGNS = /[\u0000-\u0008\u000e-\u001a\u001c-\u001f]/

function readZip(bytes: Uint8Array): Result<{ form: TableFile['form']; how: string; sheets: TableSheet[] }> {
  const names = new TextDecoder('latin1').decode(bytes)
  if (names.slice(30, 200).startsWith('mimetypeapplication/vnd.oasis.opendocument'))
    return refused('imports:open-document')
  if (names.includes('xl/workbook.bin')) return refused('imports:old-excel')
  if (!names.includes('xl/workbook.xml')) return refused('imports:not-a-table')
  const sheets = readWorkbook(bytes)
  return sheets.ok ? ok({ form: 'xlsx', how: 'Excel (.xlsx)', sheets: sheets.value }) : sheets
}

function readText(bytes: Uint8Array): Result<TableFile> {
  const { text, letters } = textOf(bytes)
  if (CONTROL_SIGNS.test(text)) return refused('imports:not-a-table')
  const head = text
    .slice(0, 2_000)
    .replace(/^\uFEFF/, '')
    .trimStart()
  if (/urn:schemas-microsoft-com:office:spreadsheet/.test(head))
    return ok({ form: 'xlsx', how: 'Excel in XML (2003)', sheets: readSpreadsheetXml(text) })
  if (head.startsWith('<'))
    return ok({ form: 'html', how: 'una pagina web salvata come .xls', sheets: readHtmlTables(text) })
  const separator = separatorOf(text.replace(/^\uFEFF/, ''))
  const rows = readCsv(text, separator).map(({ line, cells }) => ({
    line,
    cells: cells.slice(0, MOST_COLUMNS),
  }))
  return ok({
    form: 'csv',
    how: `CSV, separatore ${SEPARATOR_WORDS[separator]}, lettere ${letters}`,
    sheets: [{ name: '', rows }],
  })
}

/**
 * Reads a table of any of the kinds that offices have, by its content: name and type as the browser sends them say nothing.
 * Sheets without rows are left out.
 */
export function readTable(bytes: Uint8Array): Result<TableFile> {
  if (bytes.length === 0) return refused('imports:empty')
  if (bytes.length > MOST_FILE_BYTES) return refused('imports:too-big', { most: MOST_FILE_BYTES })
  if (startsWith(bytes, OLD_OFFICE)) return refused('imports:old-excel')
  const read = startsWith(bytes, ZIP) ? readZip(bytes) : readText(bytes)
  if (!read.ok) return read
  const sheets = read.value.sheets.filter(({ rows }) => rows.length > 0)
  if (sheets.length === 0) return refused('imports:empty')
  if (sheets.some(({ rows }) => rows.length > MOST_ROWS))
    return refused('imports:too-many-rows', { most: MOST_ROWS })
  return ok({ ...read.value, sheets })
}
