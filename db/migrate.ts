import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { Kysely, PostgresAdapter, PostgresDialect, sql } from 'kysely'
import { type MigrationProvider, Migrator } from 'kysely/migration'
import { openPool, type Trx } from './client.ts'
import { createDefinitions, dropDefinitions, readDefinitions } from './definitions.ts'
import type { DB } from './schema.ts'

const FOLDER = path.join(import.meta.dirname, 'migrations')

/** The database was made by migrations that this version does not have, or has with another text. */
export class UnknownMigration extends Error {
  constructor(name: string) {
    super(`the database has a migration that this version does not have: ${name}`)
    this.name = 'UnknownMigration'
  }
}

/** A migration is SQL in a file of its own: it takes nothing from the application and means the same for ever. */
const readMigrations = (): Map<string, string> =>
  new Map(
    readdirSync(FOLDER)
      .sort()
      .map((file) => [path.basename(file, '.sql'), readFileSync(path.join(FOLDER, file), 'utf8')]),
  )

const providerOf = (migrations: Map<string, string>): MigrationProvider => ({
  async getMigrations() {
    const runs = [...migrations].map(([name, text]) => {
      const up: (db: Kysely<unknown>) => Promise<void> = async (db) => void (await sql.raw(text).execute(db))
      return [name, { up }]
    })
    return Object.fromEntries(runs)
  },
})

/** The migrator's own lock would end before the transaction that it runs in here; ours ends with it. */
class UnlockedAdapter extends PostgresAdapter {
  override async acquireMigrationLock(): Promise<void> {}
  override async releaseMigrationLock(): Promise<void> {}
}

class MigrationDialect extends PostgresDialect {
  override createAdapter(): PostgresAdapter {
    return new UnlockedAdapter()
  }
}

/** One migration of a database at a time; the number is arbitrary and ours. */
const LOCK = 7_333_367

/** How long a migration waits for a table that requests are using: behind it every other request waits too. */
const TABLE_PATIENCE = '5s'
const MAX_TRIES = 12
const DEADLOCK = '40P01'
const LOCK_NOT_AVAILABLE = '55P03'

const DEFINITIONS = 'definitions'

const hashOf = (text: string): string => createHash('sha256').update(text).digest('hex')

/** The hash of each migration that the database has run, and of its definitions. */
async function sourcesOf(trx: Trx): Promise<Map<string, string>> {
  await sql`create table if not exists schema_source (name text primary key, hash text not null)`.execute(trx)
  const { rows } = await sql<{ name: string; hash: string }>`select name, hash from schema_source`.execute(
    trx,
  )
  return new Map(rows.map(({ name, hash }) => [name, hash]))
}

async function keepSources(trx: Trx, wanted: Map<string, string>): Promise<void> {
  for (const [name, hash] of wanted) {
    await sql`insert into schema_source values (${name}, ${hash}) on conflict (name) do update set hash = excluded.hash`.execute(
      trx,
    )
  }
}

/** The names of the migrations that the database has run; none when it is empty. */
async function executedMigrations(trx: Trx): Promise<string[]> {
  const { rows: found } = await sql<{ exists: boolean }>`
    select to_regclass('public.kysely_migration') is not null as exists`.execute(trx)
  if (!found[0]?.exists) return []
  const { rows } = await sql<{ name: string }>`select name from kysely_migration order by name`.execute(trx)
  return rows.map(({ name }) => name)
}

/** Everything that is missing, in one transaction: the definitions go, migrations run on bare tables, the definitions come. */
async function bringUpToDate(trx: Trx): Promise<string[]> {
  await sql`select pg_advisory_xact_lock(${LOCK})`.execute(trx)
  const migrations = readMigrations()
  const definitions = readDefinitions()
  const wanted = new Map([...migrations].map(([name, text]) => [name, hashOf(text)]))
  wanted.set(DEFINITIONS, hashOf(JSON.stringify(definitions)))
  const known = await sourcesOf(trx)
  const executed = await executedMigrations(trx)
  const unknown = executed.find((name) => known.get(name) !== wanted.get(name) || !wanted.has(name))
  if (unknown) throw new UnknownMigration(unknown)
  if (executed.length === migrations.size && known.get(DEFINITIONS) === wanted.get(DEFINITIONS)) return []

  await sql.raw(`set local lock_timeout = '${TABLE_PATIENCE}'`).execute(trx)
  await dropDefinitions(trx)
  await sql.raw('set local lock_timeout = 0').execute(trx)
  const migrator = new Migrator({ db: trx, provider: providerOf(migrations) })
  const { error, results = [] } = await migrator.migrateToLatest()
  if (error) throw error
  await createDefinitions(trx, definitions)
  await keepSources(trx, wanted)
  return [...results.map(({ migrationName }) => migrationName), DEFINITIONS]
}

/**
 * Brings the database to the newest schema: every migration once, in the order of their names, and the definitions of
 * db/functions/, db/views/ and db/policies/ as they are now. All of it or nothing; forward only.
 * @param ownerUrl connection of the role that owns the schema
 * @returns the names of the steps that ran now
 * @throws UnknownMigration when another version made the database
 */
export async function migrate(ownerUrl: string): Promise<string[]> {
  const pool = openPool(ownerUrl, { poolSize: 1, statementTimeoutMs: 0 })
  const db = new Kysely<DB>({ dialect: new MigrationDialect({ pool }) })
  try {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await db.transaction().execute(bringUpToDate)
      } catch (error) {
        const { code = '' } = error as { code?: string }
        if (attempt >= MAX_TRIES || ![DEADLOCK, LOCK_NOT_AVAILABLE].includes(code)) throw error
        await pause(1_000)
      }
    }
  } finally {
    await db.destroy()
  }
}
