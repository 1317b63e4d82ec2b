/** A row that is not empty, with its number in the file, from 1. All cells are text; a date is `gg/mm/aaaa`. */
export type SheetRow = { line: number; cells: string[] }
export type TableSheet = { name: string; rows: SheetRow[] }

/** A table that was read, and in words how: "CSV, separatore «;», lettere Windows-1252". */
export type TableFile = { form: 'csv' | 'xlsx' | 'html'; how: string; sheets: TableSheet[] }

/** The most rows and columns of a sheet that are read. */
export const MOST_ROWS = 20_000
export const MOST_COLUMNS = 200

/** Letters and digits alone, small and without accents: how headers, names and classes are compared. */
export const folded = (text: string): string =>
  text
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]/gu, '')

/** A sheet from its cells, without empty rows. */
export const sheetOf = (name: string, grid: readonly (readonly string[])[]): TableSheet => ({
  name,
  rows: grid.flatMap((cells, at) => {
    const trimmed = cells.slice(0, MOST_COLUMNS).map((cell) => cell.trim())
    return trimmed.some((cell) => cell !== '') ? [{ line: at + 1, cells: trimmed }] : []
  }),
})
