import { Parser } from 'htmlparser2'
import { MOST_COLUMNS, MOST_ROWS, sheetOf, type TableSheet } from './sheet.ts'
import { readXml } from './workbook.ts'

const spanOf = (text: string | undefined): number => Math.min(Math.max(Number(text) || 1, 1), MOST_COLUMNS)

/** The tables of a page that was saved as `.xls`, the longest first: web registers call their pages so. */
export function readHtmlTables(html: string): TableSheet[] {
  const tables: string[][][] = []
  /** Open tables, the innermost last; cells of a table inside a cell belong to the inner one. */
  const open: { grid: string[][]; held: Map<number, { text: string; rows: number }>; column: number }[] = []
  let cell: { text: string; columns: number; rows: number } | null = null
  const place = (text: string, rows: number) => {
    const table = open.at(-1)
    const row = table?.grid.at(-1)
    if (!table || !row || table.column >= MOST_COLUMNS) return
    row[table.column] = text
    if (rows > 1) table.held.set(table.column, { text, rows: rows - 1 })
    table.column += 1
  }
  const placeHeld = () => {
    const table = open.at(-1)
    for (let held = table?.held.get(table.column); table && held; held = table.held.get(table.column)) {
      table.held.delete(table.column)
      place(held.text, held.rows)
    }
  }
  const endCell = () => {
    if (!cell) return
    placeHeld()
    const { text, columns, rows } = cell
    cell = null
    place(text.replace(/\s+/g, ' ').trim(), rows)
    for (let more = 1; more < columns; more += 1) place('', 1)
  }
  const parser = new Parser({
    onopentag: (tag, { colspan, rowspan }) => {
      if (tag === 'table') open.push({ grid: [], held: new Map(), column: 0 })
      else if (tag === 'tr') {
        endCell()
        const table = open.at(-1)
        if (table && table.grid.length <= MOST_ROWS) table.grid.push([])
        if (table) table.column = 0
      } else if (tag === 'td' || tag === 'th') {
        endCell()
        cell = { text: '', columns: spanOf(colspan), rows: spanOf(rowspan) }
      } else if (tag === 'br' && cell) cell.text += ' '
    },
    ontext: (part) => {
      if (cell) cell.text += part
    },
    onclosetag: (tag) => {
      if (tag === 'td' || tag === 'th') endCell()
      if (tag === 'tr') placeHeld()
      if (tag === 'table') {
        endCell()
        tables.push(open.pop()?.grid ?? [])
      }
    },
  })
  parser.end(html)
  return tables
    .map((grid) =>
      sheetOf(
        '',
        grid.map((row) => Array.from(row, (text) => text ?? '')),
      ),
    )
    .toSorted((a, b) => b.rows.length - a.rows.length)
}

/** The sheets of a spreadsheet in XML of 2003, which is called `.xls` too. */
export function readSpreadsheetXml(xml: string): TableSheet[] {
  const sheets: { name: string; grid: string[][] }[] = []
  let column = 0
  let text: string | null = null
  let kind = ''
  const skipTo = (index: string | undefined, now: number) => (index ? Math.max(Number(index) - 1, now) : now)
  readXml(xml, {
    open: (tag, attributes) => {
      const grid = sheets.at(-1)?.grid
      if (tag === 'Worksheet') sheets.push({ name: attributes['ss:Name'] ?? '', grid: [] })
      else if (tag === 'Row' && grid) {
        const row = Math.min(skipTo(attributes['ss:Index'], grid.length), MOST_ROWS + 100)
        while (grid.length < row) grid.push([])
        if (grid.length <= MOST_ROWS + 100) grid.push([])
        column = 0
      } else if (tag === 'Cell') column = skipTo(attributes['ss:Index'], column)
      else if (tag === 'Data') {
        text = ''
        kind = attributes['ss:Type'] ?? ''
      }
    },
    text: (part) => {
      if (text !== null) text += part
    },
    close: (tag) => {
      const row = sheets.at(-1)?.grid.at(-1)
      if (tag === 'Data' && row && column < MOST_COLUMNS) {
        while (row.length < column) row.push('')
        row[column] =
          kind === 'DateTime' ? (text ?? '').slice(0, 10).split('-').reverse().join('/') : (text ?? '')
      }
      if (tag === 'Data') text = null
      if (tag === 'Cell') column += 1
    },
  })
  return sheets.map(({ name, grid }) => sheetOf(name, grid))
}
