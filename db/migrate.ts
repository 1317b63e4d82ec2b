import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { CompiledQuery, Kysely, PostgresAdapter, PostgresDialect, sql } from 'kysely'
import { type MigrationProvider, Migrator } from 'kysely/migration'
import { openPool, type Trx } from './client.ts'
import { createDefinitions, dropDefinitions, readDefinitions } from './definitions.ts'
import { type Ask, settingFaults } from './role-settings.ts'
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

/**
 * In force in the transaction of a migration, above those of role, database and pooler. It waits that long for a table that
 * requests are using: behind it every other request waits too. Once it has the tables it may be long.
 */
const MIGRATION_SETTINGS = {
  lock_timeout: '5s',
  statement_timeout: '0',
  transaction_timeout: '0',
  idle_in_transaction_session_timeout: '1min',
} as const
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

/** A session that uses tables: a role, the name its program gave, and its process of the server. */
type TableUser = { table: string; role: string; program: string; pid: number; seconds: number | null }

const userLine = ({ table, role, program, pid, seconds }: TableUser): string =>
  `${table} by ${role} (${program}, pid ${pid}${seconds === null ? '' : `, ${seconds} s`})`

/** A migration did not get the tables, as often as it tried: requests use them. Nothing has changed. */
export class TablesInUse extends Error {
  readonly users: readonly TableUser[]
  constructor(users: readonly TableUser[], cause: unknown) {
    super(`tables in use: ${users.map(userLine).join('; ') || 'by a transaction that has ended'}`, { cause })
    this.name = 'TablesInUse'
    this.users = users
  }
}

/** Who uses the tables of this database, the longest first, once for each session. How long is seen of the own role only. */
async function tableUsers(db: Kysely<DB>): Promise<TableUser[]> {
  const { rows } = await sql<TableUser>`
    select min(c.relname) as table, coalesce(a.usename, '-') as role, coalesce(nullif(a.application_name, ''), '-') as program, a.pid,
      extract(epoch from clock_timestamp() - min(a.xact_start))::int as seconds
    from pg_locks l
    join pg_class c on c.oid = l.relation and c.relkind in ('r', 'p') and c.relnamespace = 'public'::regnamespace
    join pg_stat_activity a on a.pid = l.pid
    where l.granted and l.database = (select oid from pg_database where datname = current_database())
      and l.pid <> pg_backend_pid()
    group by a.pid, a.usename, a.application_name order by min(a.xact_start), a.pid limit 5`.execute(db)
  return rows
}

/** @throws when the time-outs of a migration are not in force although it has set them */
async function enterMigration(trx: Trx): Promise<void> {
  const settings = Object.entries(MIGRATION_SETTINGS).map(([name, value]) => `set local ${name} = '${value}'`)
  await sql.raw(settings.join(';')).execute(trx)
  const ask: Ask = (text, values) => trx.executeQuery(CompiledQuery.raw(text, values))
  const faults = await settingFaults(ask, MIGRATION_SETTINGS)
  if (faults.length === 0) return
  const found = faults.map(({ name, wanted, found }) => `${name} is ${found} and not ${wanted}`)
  throw new Error(`a migration without its time-outs does not start: ${found.join(', ')}`)
}

/** Everything that is missing, in one transaction: the definitions go, migrations run on bare tables, the definitions come. */
async function bringUpToDate(trx: Trx): Promise<string[]> {
  await enterMigration(trx)
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

  await dropDefinitions(trx)
  const migrator = new Migrator({ db: trx, provider: providerOf(migrations) })
  const { error, results = [] } = await migrator.migrateToLatest()
  if (error) throw error
  await createDefinitions(trx, definitions)
  await keepSources(trx, wanted)
  return [...results.map(({ migrationName }) => migrationName), DEFINITIONS]
}

type MigrateOptions = {
  tries?: number
  /** Called before each further try, with who used the tables. */
  tell?: (waiting: TablesInUse) => void
}

/**
 * Brings the database to the newest schema: every migration once, in the order of their names, and the definitions of
 * db/functions/, db/views/ and db/policies/ as they are now. All of it or nothing; forward only.
 * @param ownerUrl connection of the role that owns the schema
 * @returns the names of the steps that ran now
 * @throws UnknownMigration when another version made the database
 * @throws TablesInUse when requests keep the tables; running it again is safe
 */
export async function migrate(
  ownerUrl: string,
  { tries = MAX_TRIES, tell }: MigrateOptions = {},
): Promise<string[]> {
  const pool = openPool(ownerUrl, { poolSize: 1, queryTimeoutMs: 0 })
  const db = new Kysely<DB>({ dialect: new MigrationDialect({ pool }) })
  try {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await db.transaction().execute(bringUpToDate)
      } catch (error) {
        const { code = '' } = error as { code?: string }
        if (![DEADLOCK, LOCK_NOT_AVAILABLE].includes(code)) throw error
        const waiting = new TablesInUse(await tableUsers(db), error)
        if (attempt >= tries) throw waiting
        tell?.(waiting)
        await pause(1_000)
      }
    }
  } finally {
    await db.destroy()
  }
}
