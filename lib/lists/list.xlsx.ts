import { strToU8, Zip, ZipDeflate } from 'fflate'
import type { Day } from '#lib/kernel/day.ts'
import type { CellValue, ListColumn, ListRow } from './list.ts'

const XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
const MAIN = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main'
const RELATIONS = 'http://schemas.openxmlformats.org/package/2006/relationships'
const OFFICE = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships'
const PARTS = 'application/vnd.openxmlformats-officedocument.spreadsheetml'

/** Numbers of the styles in the part that declares them. */
const HEAD = 1
const DATE = 2
const AMOUNT = 3

/** Everything but the sheet: a book of one sheet, whose heads are bold, with days and amounts as Excel shows them in Italy. */
const FRAME: Readonly<Record<string, string>> = {
  '[Content_Types].xml':
    `${XML}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">` +
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>' +
    '<Default Extension="xml" ContentType="application/xml"/>' +
    `<Override PartName="/xl/workbook.xml" ContentType="${PARTS}.sheet.main+xml"/>` +
    `<Override PartName="/xl/styles.xml" ContentType="${PARTS}.styles+xml"/>` +
    `<Override PartName="/xl/worksheets/sheet1.xml" ContentType="${PARTS}.worksheet+xml"/></Types>`,
  '_rels/.rels': `${XML}<Relationships xmlns="${RELATIONS}"><Relationship Id="rId1" Type="${OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
  'xl/_rels/workbook.xml.rels':
    `${XML}<Relationships xmlns="${RELATIONS}"><Relationship Id="rId1" Type="${OFFICE}/worksheet" Target="worksheets/sheet1.xml"/>` +
    `<Relationship Id="rId2" Type="${OFFICE}/styles" Target="styles.xml"/></Relationships>`,
  'xl/styles.xml':
    `${XML}<styleSheet xmlns="${MAIN}"><numFmts count="1"><numFmt numFmtId="164" formatCode="dd/mm/yyyy"/></numFmts>` +
    '<fonts count="2"><font><sz val="11"/><name val="Calibri"/></font><font><b/><sz val="11"/><name val="Calibri"/></font></fonts>' +
    '<fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills>' +
    '<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>' +
    '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>' +
    '<cellXfs count="4"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>' +
    '<xf numFmtId="0" fontId="1" fillId="0" borderId="0" xfId="0" applyFont="1"/>' +
    '<xf numFmtId="164" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>' +
    '<xf numFmtId="4" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/></cellXfs></styleSheet>',
}

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }
// biome-ignore lint/suspicious/noControlCharactersInRegex: XML 1.0 has no way to write these.
const NOT_XML = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g

/** Text inside XML: what the format cannot hold is left out. */
const xmlText = (text: string): string =>
  text
    .toWellFormed()
    .replace(NOT_XML, '')
    .replace(/[&<>"]/g, (sign) => ENTITIES[sign] ?? '')

const textCell = (text: string, style = 0): string =>
  text === ''
    ? '<c/>'
    : `<c t="inlineStr"${style ? ` s="${style}"` : ''}><is><t xml:space="preserve">${xmlText(text)}</t></is></c>`

const FIRST_DAY = Date.UTC(1899, 11, 30)
const DAY_MS = 86_400_000
/** Excel counts days from the end of 1899. */
const dayNumber = (day: Day): number => (Date.parse(`${day}T00:00:00Z`) - FIRST_DAY) / DAY_MS

function cell({ kind }: ListColumn, value: CellValue): string {
  if (value === null) return '<c/>'
  if (kind === 'day') return `<c s="${DATE}"><v>${dayNumber(String(value))}</v></c>`
  if (typeof value !== 'number') return textCell(value)
  return kind === 'euro' ? `<c s="${AMOUNT}"><v>${value / 100}</v></c>` : `<c><v>${value}</v></c>`
}

const row = (cells: readonly string[]): string => `<row>${cells.join('')}</row>`

const sheetHead = (columns: readonly ListColumn[]): string =>
  `${XML}<worksheet xmlns="${MAIN}"><sheetViews><sheetView workbookViewId="0"><pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews>` +
  `<cols><col min="1" max="${columns.length}" width="22" customWidth="1"/></cols><sheetData>${row(columns.map(({ label }) => textCell(label, HEAD)))}`

const workbook = (sheet: string): string =>
  `${XML}<workbook xmlns="${MAIN}" xmlns:r="${OFFICE}"><sheets><sheet name="${xmlText(sheet)}" sheetId="1" r:id="rId1"/></sheets></workbook>`

/** A name of a sheet: Excel allows no such signs and thirty-one letters. */
const sheetName = (title: string): string => title.replace(/[\\/?*[\]:']/g, ' ').slice(0, 31)

/**
 * A list as a book of Excel, in pieces: the lines are packed as they are read, and no more than a batch of them is held. Every text is
 * a text, never a formula.
 */
export async function* listXlsx(
  title: string,
  columns: readonly ListColumn[],
  batches: AsyncIterable<readonly ListRow[]>,
): AsyncGenerator<Uint8Array> {
  let pieces: Uint8Array[] = []
  const zip = new Zip((error, piece) => {
    if (error) throw error
    pieces.push(piece)
  })
  const part = (name: string) => {
    const file = new ZipDeflate(name, { level: 1 })
    zip.add(file)
    return file
  }
  function* packed() {
    const made = pieces
    pieces = []
    yield* made
  }
  for (const [name, text] of Object.entries({ ...FRAME, 'xl/workbook.xml': workbook(sheetName(title)) }))
    part(name).push(strToU8(text), true)
  yield* packed()
  const sheet = part('xl/worksheets/sheet1.xml')
  sheet.push(strToU8(sheetHead(columns)))
  for await (const rows of batches) {
    const lines = rows.map(({ cells }) =>
      row(columns.map((column) => cell(column, cells[column.key] ?? null))),
    )
    sheet.push(strToU8(lines.join('')))
    yield* packed()
  }
  sheet.push(strToU8('</sheetData></worksheet>'), true)
  zip.end()
  yield* packed()
}
