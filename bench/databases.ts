import { createHash } from 'node:crypto'
import { globSync, readFileSync } from 'node:fs'
import path from 'node:path'
import type pg from 'pg'
import { WEB_ROLE } from '#db/role-settings.ts'
import { withConnection } from '#scripts/lib/connection.ts'
import { OWNER_ROLE, type Postgres } from '#scripts/postgres/server.ts'
import { bareEnvironment, type Checkout, runIn } from './checkout.ts'
import { officeWork } from './office-work.ts'

export type Database = { ownerUrl: string; webUrl: string }

const PREFIX = 'bench_'

/** Equal for two checkouts whose databases would be the same. */
function schemaOf(root: string): string {
  const hash = createHash('sha256')
  for (const file of globSync('db/**/*.{ts,sql}', { cwd: root }).sort())
    hash.update(file).update(readFileSync(path.join(root, file)))
  return hash.digest('hex').slice(0, 10)
}

/** How large the municipality is, and how many school years it has behind it, this one included. */
export type Size = { pupils: number; years: number }

/** A database of yesterday is not used today: a morning has gone by in it in which no day was closed. */
const nameOf = ({ root }: Checkout, { pupils, years }: Size): string =>
  `${PREFIX}${schemaOf(root)}_${pupils}_${years === 1 ? '' : `${years}y_`}${new Date().toISOString().slice(0, 10).replaceAll('-', '')}`

async function namesOn(client: pg.Client): Promise<string[]> {
  const { rows } = await client.query<{ datname: string }>(
    `select datname from pg_database where datname like '${PREFIX}%'`,
  )
  return rows.map(({ datname }) => datname)
}

/** Has the checkout's own commands migrate and seed a database, under a name that says that it is not ready. */
async function seed(
  server: Postgres,
  { root }: Checkout,
  unready: string,
  { pupils, years }: Size,
  folder: string,
) {
  const env = {
    ...bareEnvironment(),
    DATABASE_URL: server.url(OWNER_ROLE, unready),
    DATABASE_WEB_URL: server.url(WEB_ROLE, unready),
    DEMO_DATA_DIR: folder,
  }
  const command = [
    '--conditions=react-server',
    'scripts/run.mjs',
    'database',
    'seed',
    '--pupils',
    `${pupils}`,
    // A commit that is compared need not know the word.
    ...(years === 1 ? [] : ['--years', `${years}`]),
  ]
  await runIn(root, [process.execPath, ...command], env)
}

/**
 * A database of one checkout with a large municipality; one of this day and this schema is used again.
 * @param folder for the secrets that the checkout's commands invent
 */
export async function databaseOf(
  server: Postgres,
  checkout: Checkout,
  size: Size,
  folder: string,
): Promise<Database> {
  const name = nameOf(checkout, size)
  const unready = `${name}_unready`
  const known = await withConnection(server.superuserUrl, namesOn)
  if (!known.includes(name)) {
    console.log(`Preparo ${size.pupils} alunni (anni: ${size.years}) per la versione ${checkout.commit}…`)
    await withConnection(server.superuserUrl, async (client) => {
      await client.query(`drop database if exists ${unready} with (force)`)
      await client.query(`create database ${unready} owner ${OWNER_ROLE}`)
    })
    await seed(server, checkout, unready, size, folder)
    await withConnection(server.url('postgres', unready), (client) => client.query('vacuum (analyze)'))
    await withConnection(server.superuserUrl, (client) =>
      client.query(`alter database ${unready} rename to ${name}`),
    )
  }
  return { ownerUrl: server.url(OWNER_ROLE, name), webUrl: server.url(WEB_ROLE, name) }
}

/**
 * The database of a checkout with what the office of the municipality has to list; one of this day and this schema is used again.
 * @param managerId the person who becomes the manager
 */
export async function officeDatabaseOf(
  server: Postgres,
  { ownerUrl }: Pick<Database, 'ownerUrl'>,
  managerId: string,
): Promise<Database> {
  const template = new URL(ownerUrl).pathname.slice(1)
  const name = template.replace(PREFIX, `${PREFIX}office_`)
  const unready = `${name}_unready`
  const known = await withConnection(server.superuserUrl, namesOn)
  if (!known.includes(name)) {
    console.log('Preparo il lavoro dell’ufficio…')
    await withConnection(server.superuserUrl, async (client) => {
      await client.query(`drop database if exists ${unready} with (force)`)
      await client.query(`create database ${unready} template ${template} owner ${OWNER_ROLE}`)
    })
    await withConnection(server.url('postgres', unready), async (client) => {
      for (const statement of officeWork(managerId)) await client.query(statement)
      await client.query('vacuum (analyze)')
    })
    await withConnection(server.superuserUrl, (client) =>
      client.query(`alter database ${unready} rename to ${name}`),
    )
  }
  return { ownerUrl: server.url(OWNER_ROLE, name), webUrl: server.url(WEB_ROLE, name) }
}

/** Drops the databases of earlier days and schemas, which no later run would use. */
export const dropOldDatabases = (server: Postgres): Promise<void> =>
  withConnection(server.superuserUrl, async (client) => {
    const today = new Date().toISOString().slice(0, 10).replaceAll('-', '')
    for (const name of await namesOn(client))
      if (!name.endsWith(`_${today}`)) await client.query(`drop database ${name} with (force)`)
  })
