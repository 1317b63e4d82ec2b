import { randomBytes } from 'node:crypto'
import { type Kysely, sql } from 'kysely'
import { inject } from 'vitest'
import { closeDatabase, openDatabase } from '#db/client.ts'
import { WEB_ROLE } from '#db/role-settings.ts'
import type { DB } from '#db/schema.ts'
import { OWNER_ROLE } from '#scripts/postgres/server.ts'
import { atEnd } from './at-end.ts'
import { clockShiftMs } from './clock.ts'
import { installTestClock, TEMPLATE, withClient } from './cluster.ts'
import { setEnvironment } from './environment.ts'
import { recordQueries, writeRecords } from './query-recorder.ts'

export type TestDatabase = {
  /** The role that owns the schema: to insert and inspect rows. Not subject to row-level security. */
  owner: Kysely<DB>
  /** The role of web and worker, as `database()` uses it. */
  web: Kysely<DB>
  ownerUrl: string
  webUrl: string
  name: string
}

let current: Promise<TestDatabase> | undefined

function addressOn(base: string, role: string, database: string): string {
  const url = new URL(base)
  url.username = role
  url.pathname = `/${database}`
  return url.href
}

/** The connection address of a role on a database of this run's server, through the pooler when the run has one. */
export const addressOf = (role: string, database: string): string =>
  addressOn(inject('poolerUrl') || inject('superuserUrl'), role, database)

/** The same past the pooler: for what belongs to a session, or is read when one begins. */
export const directAddressOf = (role: string, database: string): string =>
  addressOn(inject('superuserUrl'), role, database)

const newName = (prefix: string): string => `${prefix}_${randomBytes(6).toString('hex')}`

/** A copy of `template` under a name that is free, a new one unless told. */
export async function copyDatabase(
  template: string,
  prefix: string,
  name: string = newName(prefix),
): Promise<string> {
  await withClient(inject('superuserUrl'), async (client) => {
    await client.query(`create database ${name} template ${template} owner ${OWNER_ROLE}`)
    // The rights on a database itself do not come with its template.
    await client.query(`revoke temporary on database ${name} from public`)
  })
  return name
}

export async function dropDatabase(name: string): Promise<void> {
  await withClient(inject('superuserUrl'), (client) =>
    client.query(`drop database if exists ${name} with (force)`),
  )
}

async function open(template: string, known?: string): Promise<TestDatabase> {
  recordQueries()
  const name = await copyDatabase(template, 'test', known)
  const [ownerUrl, webUrl] = [addressOf(OWNER_ROLE, name), addressOf(WEB_ROLE, name)]
  if (clockShiftMs() !== 0) await installTestClock(ownerUrl)
  await closeDatabase()
  setEnvironment({ DATABASE_URL: ownerUrl, DATABASE_WEB_URL: webUrl })
  return {
    owner: openDatabase(ownerUrl, { poolSize: 4 }),
    web: openDatabase(webUrl, { poolSize: 8 }),
    ownerUrl,
    webUrl,
    name,
  }
}

/**
 * The database of this test file: real PostgreSQL, migrated, empty, no other test's, dropped when the file is done.
 * From the first call on `database()` of db/client.ts uses it too. Every call in a file answers the same one.
 * @param name under which processes that are running already will look for it; a new one unless told
 */
export function testDatabase(template: string = TEMPLATE, name?: string): Promise<TestDatabase> {
  if (!current) {
    current = open(template, name)
    atEnd(async () => {
      const opened = await current
      current = undefined
      await closeDatabase()
      if (!opened) return
      await writeRecords(opened.ownerUrl, inject('queryRecords'))
      await Promise.all([opened.owner.destroy(), opened.web.destroy()])
      await dropDatabase(opened.name)
    })
  }
  return current
}

/** Stops `app_now()` at an instant; null lets it run with the time of the tests. */
export async function setClock(instant: Date | string | null): Promise<void> {
  const { owner } = await testDatabase()
  const fixed = instant === null ? null : new Date(instant).toISOString()
  await sql`update test_clock set fixed = ${fixed}, shift = make_interval(secs => ${clockShiftMs() / 1000})`.execute(
    owner,
  )
}

/** Lets `app_now()` run from an instant on: for what must see time pass. */
export async function runClockFrom(instant: Date | string): Promise<void> {
  const { owner } = await testDatabase()
  await sql`update test_clock set fixed = null, shift = ${new Date(instant).toISOString()}::timestamptz - clock_timestamp()`.execute(
    owner,
  )
}
