import { randomUUID } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import path from 'node:path'
import { type CompiledQuery, type DatabaseConnection, PostgresDriver, type QueryResult } from 'kysely'
import pg from 'pg'
import { type ColumnFact, describeStatement } from './statement-facts.ts'

/** What a value from the database is: `null`, `Date`, `Buffer`, the name of a primitive, or what it is made of. A short code is kept: `=late`. */
export type Shape = string | { list: Shape[] } | { fields: Record<string, Shape> }

/** One statement that tests ran: what the database says of its columns, and what came in them. */
export type QueryRecord = {
  /** The literal parts of the template that wrote it: by these it finds its place in the source. */
  template: string
  /** Whether the template is the whole statement, and not one column of a query that kysely built. */
  isWhole: boolean
  columns: (ColumnFact & { seen: Shape[] })[]
}

type Target = { template: string; column: string | null }
type Statement = { targets: Target[]; seen: Map<string, Map<string, Shape>> }

/** Statements that differ only in how many values they carry need not all be asked about. */
const MOST_VARIANTS = 12
const MOST_SHAPES = 40
const DEEP_ROWS = 25
const CODE = /^[a-z][a-z:_-]{0,30}$/

/** The literal parts of a template, as one text. */
export const templateOf = (parts: readonly string[]): string => parts.join('…')

/** What a value is made of. */
function shapeOf(value: unknown): Shape {
  if (value === null) return 'null'
  if (typeof value === 'string') return CODE.test(value) ? `=${value}` : 'string'
  if (typeof value !== 'object') return typeof value
  if (value instanceof Date) return 'Date'
  if (Buffer.isBuffer(value)) return 'Buffer'
  if (Array.isArray(value)) {
    const shapes = value.map(shapeOf)
    return { list: [...new Map(shapes.map((shape) => [JSON.stringify(shape), shape])).values()] }
  }
  return {
    fields: Object.fromEntries(Object.entries(value).map(([name, inside]) => [name, shapeOf(inside)])),
  }
}

type Node = { kind?: string } & Record<string, unknown>

const partsOf = (node: Node | undefined): readonly string[] | null =>
  node?.kind === 'RawNode' ? (node.sqlFragments as readonly string[]) : null

/** The templates that wrote a statement's columns: all of it, or single columns of a query that kysely built. */
function targetsOf(query: Node): Target[] {
  const whole = partsOf(query)
  if (whole) return [{ template: templateOf(whole), column: null }]
  const { selections = [] } = ((query.returning as Node | undefined) ?? query) as { selections?: Node[] }
  return selections.flatMap((selected) => {
    const { node, alias } = selected.selection as { node?: Node; alias?: { name?: string } }
    const parts = partsOf(node)
    return parts && alias?.name ? [{ template: templateOf(parts), column: alias.name }] : []
  })
}

const waiting = new Map<string, Statement>()
const described = new Map<string, ColumnFact[]>()
const variants = new Map<string, number>()

function statementOf({ sql, query }: CompiledQuery): Statement | null {
  const known = waiting.get(sql)
  if (known) return known
  const targets = targetsOf(query as unknown as Node)
  if (targets.length === 0) return null
  const key = targets.map(({ template }) => template).join()
  const count = variants.get(key) ?? 0
  if (!described.has(sql) && count >= MOST_VARIANTS) return null
  if (!described.has(sql)) variants.set(key, count + 1)
  const statement: Statement = { targets, seen: new Map() }
  waiting.set(sql, statement)
  return statement
}

function remember(query: CompiledQuery, rows: readonly unknown[]): void {
  const statement = statementOf(query)
  if (!statement) return
  for (const [at, row] of rows.entries()) {
    for (const [name, value] of Object.entries(row as object)) {
      const seen = statement.seen.get(name) ?? new Map<string, Shape>()
      statement.seen.set(name, seen)
      const isDeep = typeof value === 'object' && value !== null && !(value instanceof Date)
      if (seen.size >= MOST_SHAPES || (isDeep && at >= DEEP_ROWS)) continue
      const shape = shapeOf(value)
      seen.set(typeof shape === 'string' ? shape : JSON.stringify(shape), shape)
    }
  }
}

const watched = Symbol.for('refettorio.watched')
type Watched = { [watched]?: true }

function watchConnections(connection: DatabaseConnection & Watched): void {
  const kind = Object.getPrototypeOf(connection) as DatabaseConnection & Watched
  if (kind[watched]) return
  kind[watched] = true
  const { executeQuery } = kind
  kind.executeQuery = async function <R>(this: DatabaseConnection, query: CompiledQuery) {
    const result = (await executeQuery.call(this, query)) as QueryResult<R>
    remember(query, result.rows)
    return result
  }
}

/** Remembers from now on every statement with a template of raw SQL that this process runs through kysely. */
export function recordQueries(): void {
  const driver = PostgresDriver.prototype as PostgresDriver & Watched
  if (driver[watched]) return
  driver[watched] = true
  const { acquireConnection } = driver
  driver.acquireConnection = async function (...options) {
    const connection = await acquireConnection.apply(this, options)
    watchConnections(connection)
    return connection
  }
}

async function factsOf(client: pg.Client, sql: string): Promise<ColumnFact[]> {
  const known = described.get(sql)
  if (known) return known
  // A statement of another database than this file's, such as one of an old release, is not ours to describe.
  const facts = await describeStatement(client, sql).catch(() => [])
  described.set(sql, facts)
  return facts
}

/** Asks the database about the statements of a test file, and leaves what is known of them in the folder of the run. */
export async function writeRecords(databaseUrl: string, folder: string): Promise<void> {
  if (waiting.size === 0) return
  const client = new pg.Client({ connectionString: databaseUrl })
  await client.connect()
  const records: QueryRecord[] = []
  for (const [sql, { targets, seen }] of waiting) {
    const facts = await factsOf(client, sql)
    const columns = facts.map((fact) => ({ ...fact, seen: [...(seen.get(fact.name)?.values() ?? [])] }))
    for (const { template, column } of targets) {
      const own = column === null ? columns : columns.filter(({ name }) => name === column)
      if (own.length > 0) records.push({ template, isWhole: column === null, columns: own })
    }
  }
  waiting.clear()
  await client.end()
  writeFileSync(path.join(folder, `${randomUUID()}.json`), JSON.stringify(records))
}
