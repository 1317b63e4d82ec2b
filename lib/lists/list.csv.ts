import { csvText, italianCsv, italianCsvLines } from '#lib/kernel/csv.ts'
import { decimalString } from '#lib/kernel/money.ts'
import type { CellValue, ListColumn, ListRow } from './list.ts'
import { cellInWords } from './list.words.ts'

function cell(column: ListColumn, value: CellValue): string | number {
  if (typeof value === 'number')
    return column.kind === 'euro' ? decimalString(value).replace('.', ',') : value
  const text = cellInWords(column, value)
  return column.kind === 'day' ? text : csvText(text)
}

/** A list for a spreadsheet, in pieces: the heads first, then the lines as they are read. */
export async function* listCsv(
  columns: readonly ListColumn[],
  batches: AsyncIterable<readonly ListRow[]>,
): AsyncGenerator<string> {
  yield italianCsv([columns.map(({ label }) => label)])
  for await (const rows of batches)
    if (rows.length > 0)
      yield italianCsvLines(
        rows.map(({ cells }) => columns.map((column) => cell(column, cells[column.key] ?? null))),
      )
}
