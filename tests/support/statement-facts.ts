import type pg from 'pg'
import { limitedValues } from '#scripts/lib/column-types.ts'

/** What the database says of one column of a statement's result. */
export type ColumnFact = {
  name: string
  /** The name of its type in PostgreSQL; of an array with `_` before. */
  type: string
  /** Why it may be null, null when nothing says so. An expression may still be null: only its values tell. */
  mayBeNull: string | null
  /** The texts that the check of its table's column allows; null without one. */
  values: string[] | null
}

type Field = { name: string; tableID: number; columnID: number; dataTypeID: number }

/** The part of pg's connection that asks without running. */
type Connection = {
  parse(statement: { text: string; name: string; types: number[] }): void
  describe(what: { type: 'S'; name: string }): void
  sync(): void
}

/** What a statement would answer, by the protocol's own question: parse and describe. */
function fieldsOf(client: pg.Client, text: string): Promise<Field[]> {
  return new Promise((resolve, reject) => {
    let fields: Field[] = []
    const question = {
      submit(connection: Connection) {
        connection.parse({ text, name: '', types: [] })
        connection.describe({ type: 'S', name: '' })
        connection.sync()
      },
      handleRowDescription(message: { fields: Field[] }) {
        fields = message.fields
      },
      handleError: reject,
      handleReadyForQuery: () => resolve(fields),
    }
    client.query(question as unknown as pg.Submittable)
  })
}

type Plan = {
  'Node Type'?: string
  'Join Type'?: string
  'Parent Relationship'?: string
  Output?: string[]
  Plans?: Plan[]
} & Record<string, unknown>

/** Whether the rows of a join's child may be missing beside those of the other. */
function mayMiss(join: Plan, child: Plan): boolean {
  const side = child['Parent Relationship']
  switch (join['Join Type']) {
    case 'Left':
      return side === 'Inner'
    case 'Right':
      return side === 'Outer'
    case 'Full':
      return true
    default:
      return false
  }
}

function* missingOutputs(plan: Plan): Generator<string> {
  for (const child of plan.Plans ?? []) {
    if (mayMiss(plan, child)) yield* child.Output ?? []
    yield* missingOutputs(child)
  }
}

/** The comparisons in `((a) AND (b))`, each of which must hold; one that another may replace (`OR`) is none. */
function conjunctsOf(condition: string): string[] {
  const inner = condition.replace(/^\((\(.*\))\)$/, '$1')
  let depth = 0
  const outside = [...inner].map((letter) => {
    if (letter === ')') depth -= 1
    const isOutside = depth === 0
    if (letter === '(') depth += 1
    return isOutside ? letter : ' '
  })
  if (outside.join('').includes(' OR ')) return []
  const ands = [...outside.join('').matchAll(/\) AND \(/g)].map(({ index }) => index + 1)
  return [0, ...ands].map((from, at) => inner.slice(from === 0 ? 0 : from + ' AND '.length, ands[at]))
}

const isInside = ({ 'Parent Relationship': side }: Plan): boolean => side !== 'SubPlan' && side !== 'InitPlan'

/** What holds for the rows of every part of a table. The parts of `e` are called `e_1`, `e_2` in a plan. */
function conditionsOfParts(parts: readonly Plan[]): string[] {
  const [first = [], ...others] = parts.map((part) =>
    [...conditionsIn(part)].map((condition) => condition.replaceAll(/\b(\w+)_\d+\./g, '$1.')),
  )
  return first.filter((condition) => others.every((other) => other.includes(condition)))
}

/** What holds for every row that comes out of a plan. The condition of an outer join does not: its row comes without a partner too. */
function* conditionsIn(plan: Plan): Generator<string> {
  const isOuter = /^(?:Left|Right|Full|Anti|Right Anti)$/.test(plan['Join Type'] ?? '')
  for (const [name, value] of Object.entries(plan)) {
    const holds = name === 'Filter' || (/ (?:Cond|Filter)$/.test(name) && !isOuter)
    if (holds && typeof value === 'string') yield* conjunctsOf(value)
  }
  if (/Append$/.test(plan['Node Type'] ?? '')) yield* conditionsOfParts(plan.Plans ?? [])
  const isAnti = /Anti$/.test(plan['Join Type'] ?? '')
  for (const child of plan.Plans ?? []) {
    const isSearchedInVain = isAnti && child['Parent Relationship'] === 'Inner'
    if (isInside(child) && !mayMiss(plan, child) && !isSearchedInVain) yield* conditionsIn(child)
  }
}

/** A plan of one table names its columns alone where it lists them, and with their table where it compares them. */
const isColumn = (output: string, written: string | undefined): boolean =>
  written === output || (!output.includes('.') && written?.endsWith(`.${output}`) === true)

/** Whether these conditions leave out the rows in which a column is null: no comparison holds for null. */
const isDemanded = (output: string, conditions: readonly string[]): boolean =>
  conditions.some(
    (one) =>
      isColumn(output, /^\((\S+) IS NOT NULL\)$/.exec(one)?.[1]) ||
      isColumn(output, /^\((\S+) (?:=|<|<=|>|>=) /.exec(one)?.[1]) ||
      isColumn(output, / (?:=|<|<=|>|>=) (\S+)\)$/.exec(one)?.[1]),
  )

/** The texts that these conditions let through, of those that a column may have. */
function valuesLeft(output: string, values: string[] | null, conditions: readonly string[]): string[] | null {
  const only = conditions.flatMap((one) => {
    const [, column, list, single] = /^\((\S+) = (?:ANY \('\{(.*)\}'|'([^']*)'::text\))/.exec(one) ?? []
    if (!isColumn(output, column)) return []
    return list?.split(',') ?? single ?? []
  })
  return only.length === 0 ? values : (values?.filter((value) => only.includes(value)) ?? null)
}

/** How the server would run it; null for what has no plan. */
async function planOf(client: pg.Client, text: string): Promise<Plan | null> {
  try {
    const { rows } = await client.query(`explain (verbose, generic_plan, format json) ${text}`)
    return rows[0]['QUERY PLAN'][0].Plan as Plan
  } catch {
    return null
  }
}

type Column = { path: string; nullable: boolean; values: string[] | null }
type Catalogue = { types: Map<number, string>; columns: Map<string, Column> }

async function readCatalogue(client: pg.Client): Promise<Catalogue> {
  const ask = async (text: string) => (await client.query({ text, rowMode: 'array' })).rows
  const types = await ask('select oid::int, typname from pg_type')
  const columns = await ask(`
    select attrelid::int, attnum, c.relname || '.' || attname, not attnotnull and c.relkind <> 'v'
    from pg_attribute a join pg_class c on c.oid = a.attrelid
    where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p', 'v') and a.attnum > 0 and not a.attisdropped`)
  const views = await ask(`
    select oid::int, pg_get_viewdef(oid) from pg_class
    where relnamespace = 'public'::regnamespace and relkind = 'v' order by oid`)
  const values = await limitedValues(client)
  const known = new Map<string, Column>()
  for (const [table, column, path, nullable] of columns)
    known.set(`${table}.${column}`, { path, nullable, values: values[path] ?? null })
  // A view's column is what it is in its table.
  for (const [view, definition] of views) {
    for (const [at, { tableID, columnID }] of (await fieldsOf(client, definition)).entries()) {
      const source = known.get(`${tableID}.${columnID}`)
      if (source) known.set(`${view}.${at + 1}`, source)
    }
  }
  return { types: new Map(types as [number, string][]), columns: known }
}

let catalogue: Promise<Catalogue> | undefined

/** Everything that is known of a statement's columns before it runs; none when it answers no rows. */
export async function describeStatement(client: pg.Client, text: string): Promise<ColumnFact[]> {
  catalogue ??= readCatalogue(client)
  const { types, columns } = await catalogue
  const fields = await fieldsOf(client, text)
  const plan = fields.length > 0 ? await planOf(client, text) : null
  const missing = new Set(plan ? missingOutputs(plan) : [])
  const conditions = plan ? [...conditionsIn(plan)] : []
  return fields.map(({ name, tableID, columnID, dataTypeID }, at) => {
    const output = plan?.Output?.[at] ?? ''
    const column = columns.get(`${tableID}.${columnID}`)
    const reasons = [
      missing.has(output) ? 'an outer join may leave it out' : null,
      column?.nullable && !isDemanded(output, conditions) ? `${column.path} may be null` : null,
    ]
    return {
      name,
      type: types.get(dataTypeID) ?? String(dataTypeID),
      mayBeNull: reasons.find((reason) => reason !== null) ?? null,
      values: valuesLeft(output, column?.values ?? null, conditions),
    }
  })
}
