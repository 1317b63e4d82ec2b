import type pg from 'pg'

/** Type expressions for kysely-codegen, by `table.column`. */
export type ColumnTypes = Record<string, string>

/**
 * The types that kysely-codegen does not see in the catalogue: a text that a check limits is a
 * union of its values, and a column of a view is what it is in its table.
 */
export async function columnTypes(client: pg.Client): Promise<ColumnTypes> {
  return { ...(await limitedColumns(client)), ...(await viewColumns(client)) }
}

type Limited = {
  path: string
  is_array: boolean
  is_nullable: boolean
  has_default: boolean
  limit: string
}

const union = (values: readonly string[]): string => values.map((value) => `'${value}'`).join(' | ')

/** The values of `column = ANY (ARRAY[…])` or `column <@ ARRAY[…]`, as PostgreSQL writes a check; null for any other. */
function valuesIn(check: string): string[] | null {
  const list = /^CHECK \(\w+ (?:= ANY \(|<@ )ARRAY\[((?:'[^']*'::text(?:, )?)+)\]\)+$/.exec(check)?.[1]
  return list ? [...list.matchAll(/'([^']*)'::text/g)].map(([, value]) => value as string) : null
}

function expressionOf({ is_array, is_nullable, has_default }: Limited, values: readonly string[]): string {
  const one = is_array ? `(${union(values)})[]` : union(values)
  const whole = is_nullable ? `${one} | null` : one
  return has_default ? `Generated<${whole}>` : whole
}

async function limits(client: pg.Client): Promise<Limited[]> {
  const { rows } = await client.query<Limited>(`
    select format('%s.%s', c.relname, a.attname) as path, a.attndims > 0 as is_array, not a.attnotnull as is_nullable,
      a.atthasdef and a.attgenerated = '' as has_default, pg_get_constraintdef(k.oid, true) as limit
    from pg_constraint k
    join pg_class c on c.oid = k.conrelid and c.relnamespace = 'public'::regnamespace and not c.relispartition
    join pg_attribute a on a.attrelid = c.oid and a.attnum = k.conkey[1]
    where k.contype = 'c' and cardinality(k.conkey) = 1`)
  return rows
}

/** The texts that a check allows, by `table.column`. */
export async function limitedValues(client: pg.Client): Promise<Record<string, string[]>> {
  const limited = (await limits(client)).filter(({ is_array }) => !is_array)
  return Object.fromEntries(
    limited.flatMap(({ path, limit }) => {
      const values = valuesIn(limit)
      return values ? [[path, values]] : []
    }),
  )
}

async function limitedColumns(client: pg.Client): Promise<ColumnTypes> {
  return Object.fromEntries(
    (await limits(client)).flatMap((row) => {
      const values = valuesIn(row.limit)
      return values ? [[row.path, expressionOf(row, values)]] : []
    }),
  )
}

const interfaceOf = (table: string): string =>
  table.replaceAll(/(?:^|_)(\w)/g, (_, letter: string) => letter.toUpperCase())

/** A view shows a column as its table has it, but for one that it computes: of that only the server's type is known. */
async function viewColumns(client: pg.Client): Promise<ColumnTypes> {
  const { rows: views } = await client.query<{ name: string; definition: string }>(`
    select relname as name, pg_get_viewdef(oid) as definition from pg_class
    where relnamespace = 'public'::regnamespace and relkind = 'v'`)
  const types: ColumnTypes = {}
  for (const { name, definition } of views) {
    if (/\b(?:left|right|full) join\b/i.test(definition))
      throw new Error(`${name}: a view with an outer join has columns that may be null; give them types here`)
    const { fields } = await client.query(`${definition.replace(/;\s*$/, '')} limit 0`)
    for (const { name: column, tableID, columnID } of fields) {
      const { rows } = await client.query<{ table: string; column: string }>(
        `select attrelid::regclass::text as table, attname as column from pg_attribute where attrelid = $1 and attnum = $2`,
        [tableID, columnID],
      )
      if (rows[0]) types[`${name}.${column}`] = `${interfaceOf(rows[0].table)}['${rows[0].column}']`
    }
  }
  return types
}
