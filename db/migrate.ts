import { readdir, readFile } from 'node:fs/promises'
import path from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { Kysely, PostgresAdapter, PostgresDialect, sql } from 'kysely'
import { type Migration, type MigrationProvider, Migrator } from 'kysely/migration'
import { openPool, type Trx } from './client.ts'
import { createDefinitions, dropDefinitions, hasCurrentDefinitions } from './definitions.ts'
import type { DB } from './schema.ts'

const FOLDER = path.join(import.meta.dirname, 'migrations')

/** The database was made by migrations that this version does not have. */
export class UnknownMigration extends Error {
  constructor(name: string) {
    super(`the database has a migration that this version does not have: ${name}`)
    this.name = 'UnknownMigration'
  }
}

/** A migration is SQL in a file of its own: it takes nothing from the application and means the same for ever. */
const provider: MigrationProvider = {
  async getMigrations() {
    const files = await readdir(FOLDER)
    const named = files.map(async (file): Promise<[string, Migration]> => {
      const text = await readFile(path.join(FOLDER, file), 'utf8')
      return [path.basename(file, '.sql'), { up: async (db) => void (await sql.raw(text).execute(db)) }]
    })
    return Object.fromEntries(await Promise.all(named))
  },
}

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

async function refuseUnknown(trx: Trx, known: readonly string[]): Promise<void> {
  const { rows: found } = await sql<{ exists: boolean }>`
    select to_regclass('public.kysely_migration') is not null as exists`.execute(trx)
  if (!found[0]?.exists) return
  const { rows } = await sql<{ name: string }>`select name from kysely_migration order by name`.execute(trx)
  const unknown = rows.find(({ name }) => !known.includes(name))
  if (unknown) throw new UnknownMigration(unknown.name)
}

/** Everything that is missing, in one transaction: the definitions go, migrations run on bare tables, the definitions come. */
async function bringUpToDate(trx: Trx): Promise<string[]> {
  await sql`select pg_advisory_xact_lock(${LOCK})`.execute(trx)
  const migrator = new Migrator({ db: trx, provider })
  const migrations = await migrator.getMigrations()
  await refuseUnknown(
    trx,
    migrations.map(({ name }) => name),
  )
  const isMigrated = migrations.every(({ executedAt }) => executedAt)
  if (isMigrated && (await hasCurrentDefinitions(trx))) return []

  await sql.raw(`set local lock_timeout = '${TABLE_PATIENCE}'`).execute(trx)
  await dropDefinitions(trx)
  await sql.raw('set local lock_timeout = 0').execute(trx)
  const { error, results = [] } = await migrator.migrateToLatest()
  if (error) throw error
  await createDefinitions(trx)
  return [...results.map(({ migrationName }) => migrationName), 'definitions']
}

/**
 * Brings the database to the newest schema: every migration once, in the order of their names, and the definitions of
 * db/functions/ and db/policies/ as they are now. All of it or nothing; forward only.
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
