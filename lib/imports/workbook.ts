import { strFromU8, strToU8, unzipSync, zipSync } from 'fflate'
import { Parser } from 'htmlparser2'
import { addDays } from '#lib/kernel/day.ts'
import { ok, type Result, refused } from '#lib/kernel/result.ts'
import { MOST_COLUMNS, MOST_ROWS, sheetOf, type TableSheet } from './sheet.ts'

/** What a workbook may unpack to. An ordinary one of 10,000 rows has 10 MB. */
const MOST_UNPACKED = 64 * 1024 * 1024
const MOST_PARTS = 2_000
const READ_PARTS =
  /^xl\/(workbook\.xml|_rels\/workbook\.xml\.rels|sharedStrings\.xml|styles\.xml|worksheets\/[^/]+\.xml)$/

type Attributes = Readonly<Record<string, string>>
type Handlers = {
  open?: (tag: string, attributes: Attributes) => void
  text?: (text: string) => void
  close?: (tag: string) => void
}

/** Reads XML as a stream. Entities of a document of its own are not expanded, and nothing outside it is fetched. */
export function readXml(xml: string, { open, text, close }: Handlers): void {
  const local = (name: string) => name.slice(name.indexOf(':') + 1)
  const parser = new Parser(
    {
      onopentag: (name, attributes) => open?.(local(name), attributes),
      ontext: (part) => text?.(part),
      onclosetag: (name) => close?.(local(name)),
    },
    { xmlMode: true },
  )
  parser.end(xml)
}

/** The parts that are read. Sizes are those that the archive declares: a part that unpacks to more is cut off there. */
function partsOf(bytes: Uint8Array): Result<Record<string, Uint8Array>> {
  let unpacked = 0
  let parts = 0
  let tooBig = false
  try {
    const found = unzipSync(bytes, {
      filter: ({ name, originalSize }) => {
        parts += 1
        const wanted = READ_PARTS.test(name) && !tooBig
        if (wanted) unpacked += originalSize
        tooBig ||= parts > MOST_PARTS || unpacked > MOST_UNPACKED
        return wanted && !tooBig
      },
    })
    if (tooBig) return refused('imports:too-big-inside')
    return found['xl/workbook.xml'] ? ok(found) : refused('imports:broken')
  } catch {
    return refused('imports:broken')
  }
}

const DAY_ZERO = '1899-12-30'
const DAYS_OF_1904 = 1_462
const FURTHEST_SERIAL = 120_000

/** A day as Excel counts it → `gg/mm/aaaa`, by integers alone: no time zone may move it. Null for what is no day. */
export function dayOfSerial(serial: number, from1904 = false): string | null {
  const days = Math.floor(serial) + (from1904 ? DAYS_OF_1904 : 0)
  if (!(days > 60 && days < FURTHEST_SERIAL)) return null
  const [year, month, date] = addDays(DAY_ZERO, days).split('-')
  return `${date}/${month}/${year}`
}

const BUILT_IN_DATES = [14, 15, 16, 17, 22, 27, 28, 29, 30, 31, 36, 50, 51, 52, 53, 54, 55, 56, 57, 58]
const QUOTED_OR_SET_APART = /"[^"]{0,60}"|\[[^\]]{0,60}\]|\\./g
const isDateFormat = (code: string): boolean => /[dy]/i.test(code.replace(QUOTED_OR_SET_APART, ''))

/** Which styles of cells are dates. */
function dateStyles(xml: string): boolean[] {
  const custom = new Map<string, boolean>()
  const styles: boolean[] = []
  let inCells = false
  readXml(xml, {
    open: (tag, attributes) => {
      if (tag === 'numFmt') custom.set(attributes.numFmtId ?? '', isDateFormat(attributes.formatCode ?? ''))
      else if (tag === 'cellXfs') inCells = true
      else if (tag === 'xf' && inCells) {
        const id = attributes.numFmtId ?? '0'
        styles.push(custom.get(id) ?? BUILT_IN_DATES.includes(Number(id)))
      }
    },
    close: (tag) => {
      if (tag === 'cellXfs') inCells = false
    },
  })
  return styles
}

function sharedStrings(xml: string): string[] {
  const strings: string[] = []
  let text = ''
  let isText = false
  let isSpoken = false
  readXml(xml, {
    open: (tag) => {
      if (tag === 'si') text = ''
      isSpoken ||= tag === 'rPh'
      isText = tag === 't' && !isSpoken
    },
    text: (part) => {
      if (isText) text += part
    },
    close: (tag) => {
      if (tag === 'si') strings.push(text)
      if (tag === 'rPh') isSpoken = false
      isText = false
    },
  })
  return strings
}

/** "BC12" → its column and row, from 0; null for what is no place of a sheet. */
function placeOf(reference: string): { column: number; row: number } | null {
  const [, letters, digits] = /^([A-Z]{1,3})(\d{1,7})$/.exec(reference) ?? []
  if (!letters || !digits) return null
  const column = [...letters].reduce((sum, letter) => sum * 26 + letter.charCodeAt(0) - 64, 0) - 1
  return { column, row: Number(digits) - 1 }
}

type Context = { strings: readonly string[]; dates: readonly boolean[]; from1904: boolean }
type Cell = { kind: string; style: number; value: string }

function cellText({ kind, style, value }: Cell, { strings, dates, from1904 }: Context): string {
  if (kind === 's') return strings[Number(value)] ?? ''
  if (kind === 'e') return ''
  if (kind === 'd') return value.slice(0, 10).split('-').reverse().join('/')
  if (kind !== 'n' || value === '') return value
  const number = Number(value)
  if (!Number.isFinite(number)) return value
  return (dates[style] && dayOfSerial(number, from1904)) || String(number)
}

/** A column's merged cells have the value of the first in each row: a surname over two children. */
function fillMerged(grid: string[][], merged: readonly string[]): void {
  for (const range of merged) {
    const [from, to] = range.split(':').map(placeOf)
    if (!from || !to || from.column !== to.column) continue
    const value = grid[from.row]?.[from.column] ?? ''
    for (let row = from.row + 1; row <= Math.min(to.row, grid.length - 1); row += 1) {
      const cells = grid[row]
      if (cells?.some((cell) => cell !== '')) cells[from.column] = value
    }
  }
}

function gridOf(xml: string, context: Context): { grid: string[][]; isTooLong: boolean } {
  const grid: string[][] = []
  const merged: string[] = []
  let cell: (Cell & { column: number; row: number }) | null = null
  let [row, column, isValue, isTooLong] = [-1, -1, false, false]
  readXml(xml, {
    open: (tag, attributes) => {
      if (tag === 'row') {
        row = attributes.r ? Number(attributes.r) - 1 : row + 1
        column = -1
        isTooLong ||= !(row < MOST_ROWS + 100)
      } else if (tag === 'c') {
        column = placeOf(attributes.r ?? '')?.column ?? column + 1
        cell = { kind: attributes.t ?? 'n', style: Number(attributes.s ?? 0), value: '', column, row }
      } else if (tag === 'mergeCell' && merged.length < MOST_ROWS) merged.push(attributes.ref ?? '')
      isValue = tag === 'v' || tag === 't'
    },
    text: (part) => {
      if (cell && isValue) cell.value += part
    },
    close: (tag) => {
      isValue = false
      if (tag !== 'c' || !cell) return
      const text = cellText(cell, context)
      if (!isTooLong && cell.column < MOST_COLUMNS && text !== '') {
        while (grid.length <= cell.row) grid.push([])
        const cells = grid[cell.row] as string[]
        while (cells.length < cell.column) cells.push('')
        cells[cell.column] = text
      }
      cell = null
    },
  })
  fillMerged(grid, merged)
  return { grid, isTooLong }
}

/** The sheets of an Excel workbook (.xlsx), in their order; hidden ones are left out. Macros and links are never looked at. */
export function readWorkbook(bytes: Uint8Array): Result<TableSheet[]> {
  const unpacked = partsOf(bytes)
  if (!unpacked.ok) return unpacked
  const part = (name: string): string => {
    const found = unpacked.value[name]
    return found ? strFromU8(found) : ''
  }
  const targets = new Map<string, string>()
  readXml(part('xl/_rels/workbook.xml.rels'), {
    open: (_, { Id, Target, TargetMode }) => {
      if (Id && Target && TargetMode !== 'External')
        targets.set(Id, Target.startsWith('/') ? Target.slice(1) : `xl/${Target}`)
    },
  })
  const listed: { name: string; file: string }[] = []
  let from1904 = false
  readXml(part('xl/workbook.xml'), {
    open: (tag, attributes) => {
      if (tag === 'workbookPr') from1904 = /^(1|true)$/.test(attributes.date1904 ?? '')
      if (tag !== 'sheet' || (attributes.state ?? 'visible') !== 'visible') return
      const file = targets.get(attributes['r:id'] ?? '')
      if (file) listed.push({ name: attributes.name ?? '', file })
    },
  })
  const context = {
    strings: sharedStrings(part('xl/sharedStrings.xml')),
    dates: dateStyles(part('xl/styles.xml')),
    from1904,
  }
  const sheets: TableSheet[] = []
  for (const { name, file } of listed) {
    const { grid, isTooLong } = gridOf(part(file), context)
    if (isTooLong) return refused('imports:too-many-rows', { most: MOST_ROWS })
    sheets.push(sheetOf(name, grid))
  }
  return ok(sheets)
}

/** XML has no place for the signs that no keyboard writes. */
const UNWRITABLE = /(?![\t\n\r])\p{Cc}/gu
const ESCAPES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }
const escaped = (text: string): string =>
  text.replace(UNWRITABLE, '').replace(/[&<>"]/g, (sign) => ESCAPES[sign] as string)

const HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
const MAIN = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main'
const RELATIONS = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships'
const PACKAGE = 'http://schemas.openxmlformats.org/package/2006'
const OFFICE_TYPES = 'application/vnd.openxmlformats-officedocument.spreadsheetml'

/** A workbook of text cells: no cell is a formula, and no code loses its zeros. */
export function writeWorkbook(
  sheets: readonly { name: string; rows: readonly (readonly string[])[] }[],
): Uint8Array {
  const cells = (row: readonly string[]) =>
    row.map((cell) => `<c t="inlineStr"><is><t xml:space="preserve">${escaped(cell)}</t></is></c>`).join('')
  const numbers = sheets.map((_, at) => at + 1)
  const parts: Record<string, string> = {
    '[Content_Types].xml': `${HEAD}<Types xmlns="${PACKAGE}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="${OFFICE_TYPES}.sheet.main+xml"/>${numbers.map((n) => `<Override PartName="/xl/worksheets/sheet${n}.xml" ContentType="${OFFICE_TYPES}.worksheet+xml"/>`).join('')}</Types>`,
    '_rels/.rels': `${HEAD}<Relationships xmlns="${PACKAGE}/relationships"><Relationship Id="rId1" Type="${RELATIONS}/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
    'xl/workbook.xml': `${HEAD}<workbook xmlns="${MAIN}" xmlns:r="${RELATIONS}"><sheets>${sheets.map(({ name }, at) => `<sheet name="${escaped(name)}" sheetId="${at + 1}" r:id="rId${at + 1}"/>`).join('')}</sheets></workbook>`,
    'xl/_rels/workbook.xml.rels': `${HEAD}<Relationships xmlns="${PACKAGE}/relationships">${numbers.map((n) => `<Relationship Id="rId${n}" Type="${RELATIONS}/worksheet" Target="worksheets/sheet${n}.xml"/>`).join('')}</Relationships>`,
  }
  for (const [at, { rows }] of sheets.entries())
    parts[`xl/worksheets/sheet${at + 1}.xml`] =
      `${HEAD}<worksheet xmlns="${MAIN}"><sheetData>${rows.map((row) => `<row>${cells(row)}</row>`).join('')}</sheetData></worksheet>`
  return zipSync(Object.fromEntries(Object.entries(parts).map(([name, text]) => [name, strToU8(text)])))
}
