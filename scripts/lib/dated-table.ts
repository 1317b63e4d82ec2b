import { existsSync, readFileSync, writeFileSync } from 'node:fs'

/** A document of `docs/` that a command writes: what was run, when, and what came of it. */
export type DatedTable = {
  title: string
  /** What the table says, and the command that writes it. */
  introduction: string
  columns: readonly string[]
}

const cells = (line: string): string[] =>
  line
    .split('|')
    .slice(1, -1)
    .map((cell) => cell.trim())

/** The rows that the document has already, by their first cell; none where there is no document of these columns. */
export function rowsIn(file: string, { columns }: DatedTable): Map<string, string[]> {
  const lines = existsSync(file) ? readFileSync(file, 'utf8').split('\n') : []
  const rows = lines.filter((line) => line.startsWith('|')).map(cells)
  const [heading, , ...body] = rows
  if (heading?.join() !== columns.join()) return new Map()
  return new Map(body.map((row) => [row[0] ?? '', row]))
}

const line = (row: readonly string[]): string => `| ${row.join(' | ')} |`

/** Writes the document in whole. */
export function writeTable(file: string, table: DatedTable, rows: Iterable<readonly string[]>): void {
  const { title, introduction, columns } = table
  const lines = [line(columns), line(columns.map(() => '---')), ...[...rows].map(line)]
  writeFileSync(file, `# ${title}\n\n${introduction}\n\n${lines.join('\n')}\n`)
}

/** The day of a run, on the machine's clock. */
export const today = (): string => new Date().toISOString().slice(0, 10)

export const minutesSince = (started: number): string => ((performance.now() - started) / 60_000).toFixed(1)
