import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import type pg from 'pg'
import { readDefinitions } from '#db/definitions.ts'
import { ROOT } from './run-script.ts'
import { MIGRATOR_TABLES } from './structure.ts'

/**
 * A release of the schema as one file of SQL that a driver loads, for the tests that bring it forward: the migrations and
 * definitions of its day, what the migrator remembers of them, and some rows of every table. It is written once and never
 * again: what a later version makes of it is what that version makes of the databases that people have.
 */
export async function printRelease(client: pg.Client): Promise<string> {
  await client.query(`set search_path = public; set timezone = 'UTC'`)
  const tables = await readTables(client)
  const rows = await someRows(client, tables)
  return [
    HEAD,
    ...migrationTexts(),
    'set check_function_bodies = off;',
    ...readDefinitions().map(terminated),
    ...(await partitions(client)),
    MIGRATOR_SCHEMA,
    ...tables.flatMap((table) => insertion(table, rows.get(table.name) ?? [])),
    '',
  ].join('\n\n')
}

const HEAD = `-- A release of the schema, with some rows of the demonstration. Written by «npm run db:release»: do not edit.
-- It is loaded by the owner of the schema with triggers and foreign keys at rest (session_replication_role = replica).`

/** As Kysely makes them, and db/migrate.ts its own. */
const MIGRATOR_SCHEMA = `create table kysely_migration (name varchar(255) primary key, timestamp varchar(255) not null);
create table kysely_migration_lock (id varchar(255) primary key, is_locked integer default 0 not null);
create table schema_source (name text primary key, hash text not null);`

const terminated = (text: string): string => (text.trimEnd().endsWith(';') ? text : `${text};`)

function migrationTexts(): string[] {
  const folder = path.join(ROOT, 'db', 'migrations')
  return readdirSync(folder)
    .sort()
    .map((file) => `-- ${file}\n${readFileSync(path.join(folder, file), 'utf8')}`)
}

/** The school years that the rows are of, whenever the file is loaded. */
async function partitions(client: pg.Client): Promise<string[]> {
  const { rows } = await client.query<{ first: string; last: string }>(`
    select min(right(relname, 4)) || '-09-01' as first, max(right(relname, 4)) || '-09-01' as last
    from pg_class where relispartition and relkind = 'r' and relnamespace = 'public'::regnamespace`)
  return rows.map(({ first, last }) => `select make_school_years('${first}', '${last}');`)
}

type ForeignKey = { columns: string[]; table: string; referenced: string[] }
type Table = { name: string; columns: string[]; keys: ForeignKey[] }

async function readTables(client: pg.Client): Promise<Table[]> {
  const { rows } = await client.query<Table>(`
    select c.relname as name,
      array(select a.attname::text from pg_attribute a where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
        and a.attgenerated = '' order by a.attnum) as columns,
      coalesce((select json_agg(json_build_object('table', k.confrelid::regclass::text,
          'columns', array(select a.attname from unnest(k.conkey) with ordinality n (num, place)
            join pg_attribute a on a.attrelid = k.conrelid and a.attnum = n.num order by place),
          'referenced', array(select a.attname from unnest(k.confkey) with ordinality n (num, place)
            join pg_attribute a on a.attrelid = k.confrelid and a.attnum = n.num order by place)))
        from pg_constraint k where k.conrelid = c.oid and k.contype = 'f' and k.conparentid = 0), '[]') as keys
    from pg_class c
    where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition
    order by c.relname`)
  return rows
}

type Row = Record<string, unknown>

/** The shortest rows of a table: some are files. */
const ROWS_OF_A_TABLE = 3

const read = async (client: pg.Client, table: string, rest: string, values: unknown[] = []): Promise<Row[]> =>
  (await client.query<{ row: Row }>(`select to_jsonb(t) as row from ${table} t ${rest}`, values)).rows.map(
    ({ row }) => row,
  )

/** Some rows of every table, all that those refer to, and every entry of their journals: half a journal does not balance. */
async function someRows(client: pg.Client, tables: readonly Table[]): Promise<Map<string, Row[]>> {
  const byName = new Map(tables.map((table) => [table.name, table]))
  const kept = new Map<string, Map<string, Row>>(tables.map(({ name }) => [name, new Map()]))
  const waiting: { table: Table; row: Row }[] = []
  const keep = (name: string, rows: readonly Row[]) => {
    for (const row of rows) {
      const key = JSON.stringify(row)
      const [table, known] = [byName.get(name), kept.get(name)]
      if (!table || !known || known.has(key)) continue
      known.set(key, row)
      waiting.push({ table, row })
    }
  }
  for (const { name } of tables) {
    // All that the migrator remembers: a row less, and a migration would run again.
    const limit = MIGRATOR_TABLES.includes(name) ? '' : `limit ${ROWS_OF_A_TABLE}`
    keep(name, await read(client, name, `order by octet_length(t::text), t::text ${limit}`))
  }
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    const { table, row } = next
    for (const { table: to, columns, referenced } of table.keys) {
      const values = columns.map((column) => row[column])
      if (values.includes(null)) continue
      const matches = referenced.map((column, index) => `t.${column}::text = $${index + 1}`).join(' and ')
      keep(to, await read(client, to, `where ${matches}`, values.map(String)))
    }
    if (table.name === 'journal')
      keep('entry', await read(client, 'entry', 'where t.journal_id::text = $1', [row.id]))
  }
  return new Map(
    [...kept].map(([name, rows]) => [name, [...rows.keys()].sort().map((key) => rows.get(key) as Row)]),
  )
}

/** Dollars that no text of a row has. */
const QUOTE = '$rows$'

function insertion({ name, columns }: Table, rows: readonly Row[]): string[] {
  if (rows.length === 0) return []
  const list = columns.map((column) => `"${column}"`).join(', ')
  const text = rows.map((row) => JSON.stringify(row)).join(',\n')
  if (text.includes(QUOTE)) throw new Error(`a row of ${name} has ${QUOTE} in it`)
  return [
    `insert into ${name} (${list}) overriding system value select ${list} from jsonb_populate_recordset(null::${name}, ${QUOTE}[\n${text}]${QUOTE}) on conflict do nothing;`,
  ]
}
