import { createHash } from 'node:crypto'
import { globSync, readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import type pg from 'pg'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { migrate } from '#db/migrate.ts'
import { withConnection } from '#scripts/lib/connection.ts'
import { MIGRATOR_TABLES, printStructure } from '#scripts/lib/structure.ts'
import { OWNER_ROLE } from '#scripts/postgres/server.ts'
import { expectOutput } from '#tests/support/console.ts'
import { copyDatabase, directAddressOf, dropDatabase } from '#tests/support/database.ts'

/** What a release was is never written again: a later version brings it forward, as it does with the databases that people have. */
const RELEASES = globSync('tests/releases/*.sql').sort()

const superuserOn = (database: string): string =>
  Object.assign(new URL(inject('superuserUrl')), { pathname: `/${database}` }).href

/** The rows of each table. */
type Rows = Map<string, Record<string, unknown>[]>

async function rowsOf(client: pg.Client): Promise<Rows> {
  await client.query(`set timezone = 'UTC'`)
  const { rows: tables } = await client.query<{ name: string }>(`
    select relname as name from pg_class where relnamespace = 'public'::regnamespace and relkind in ('r', 'p') and not relispartition
    order by relname`)
  const found: Rows = new Map()
  for (const { name } of tables.filter((table) => !MIGRATOR_TABLES.includes(table.name))) {
    const { rows } = await client.query<{ row: Record<string, unknown> }>(
      `select to_jsonb(t) as row from ${name} t`,
    )
    found.set(
      name,
      rows.map(({ row }) => row),
    )
  }
  return found
}

const holds = (row: Record<string, unknown>, old: Record<string, unknown>): boolean =>
  Object.entries(old).every(([column, value]) => JSON.stringify(row[column]) === JSON.stringify(value))

/** The rows of a release that a later version lost or changed, as `table: row`. */
const lostRows = (before: Rows, after: Rows): string[] =>
  [...before].flatMap(([table, rows]) =>
    rows
      .filter((old) => !after.get(table)?.some((row) => holds(row, old)))
      .map((old) => `${table}: ${JSON.stringify(old)}`),
  )

const FRESH = readFileSync('db/structure.sql', 'utf8')
/** The tables whose rows are part of the schema: a new database has them from its migrations. */
const OF_THE_SCHEMA = new Set([...FRESH.matchAll(/^INSERT INTO (\w+) /gm)].map(([, table]) => table))

/** The schema as it is printed of a database in which nobody has done anything yet. */
async function structureWithoutRows(client: pg.Client): Promise<string> {
  const names = [...(await rowsOf(client)).keys()].filter((name) => !OF_THE_SCHEMA.has(name))
  await client.query(
    `begin; set local session_replication_role = replica; truncate ${names.join(', ')} cascade`,
  )
  const printed = await printStructure(client)
  await client.query('rollback')
  return printed
}

describe.each(RELEASES)('%s', (file) => {
  let name: string
  let owner: string
  let before: Rows
  beforeAll(async () => {
    name = await copyDatabase('template1', 'release')
    owner = directAddressOf(OWNER_ROLE, name)
    await withConnection(superuserOn(name), async (client) => {
      await client.query(`set session_replication_role = replica; set role ${OWNER_ROLE}`)
      await client.query(readFileSync(file, 'utf8'))
    })
    before = await withConnection(owner, rowsOf)
    // The release may be newer than the clock on which the tests stand.
    expectOutput(/machine clock is behind the latest migration/)
    await migrate(owner)
  })
  afterAll(() => dropDatabase(name))

  test('has rows of every kind that a municipality has', () => {
    const empty = [...before].filter(([, rows]) => rows.length === 0).map(([table]) => table)
    expect(before.size - empty.length, `without a row: ${empty.join(', ')}`).toBeGreaterThan(70)
  })

  test('comes forward to the schema of now, as a new database has it', async () => {
    expect(await withConnection(superuserOn(name), structureWithoutRows)).toBe(FRESH)
  })

  test('keeps every row as it was', async () => {
    expect(lostRows(before, await withConnection(owner, rowsOf))).toEqual([])
  })

  test('was made by migrations that stand here unchanged: a later change is a migration of its own', async () => {
    const { rows } = await withConnection(owner, (client) =>
      client.query<{ name: string; hash: string }>(
        `select s.name, s.hash from schema_source s where s.name <> 'definitions'`,
      ),
    )
    const kept = new Map(rows.map((row) => [row.name, row.hash]))
    const released = [...readFileSync(file, 'utf8').matchAll(/^-- (\S+)\.sql$/gm)].map(
      ([, found = '']) => found,
    )
    expect(released.length).toBeGreaterThan(0)
    for (const migration of released) {
      const text = readFileSync(path.join('db/migrations', `${migration}.sql`), 'utf8')
      expect(createHash('sha256').update(text).digest('hex'), migration).toBe(kept.get(migration))
    }
  })
})

test('A release has been kept, and no migration is older than the last one', () => {
  expect(RELEASES.length).toBeGreaterThan(0)
  const last = readFileSync(RELEASES.at(-1) as string, 'utf8')
  const released = [...last.matchAll(/^-- (\S+\.sql)$/gm)].map(([, found = '']) => found).sort()
  const later = readdirSync('db/migrations').filter((migration) => !released.includes(migration))
  expect(later.filter((migration) => migration < (released.at(-1) ?? ''))).toEqual([])
})

describe('a row', () => {
  const old = { id: 1, name: 'Rossi' }
  const rows = (...found: Record<string, unknown>[]): Rows => new Map([['pupil', found]])

  test('that was lost or changed is told', () => {
    expect(lostRows(rows(old), rows())).toEqual(['pupil: {"id":1,"name":"Rossi"}'])
    expect(lostRows(rows(old), rows({ ...old, name: 'Bianchi' }))).toHaveLength(1)
  })

  test('that was given a new column is the same row', () => {
    expect(lostRows(rows(old), rows({ ...old, nickname: null }))).toEqual([])
  })
})
