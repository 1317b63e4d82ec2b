import { sql } from 'kysely'
import { afterEach, beforeAll, describe, expect, test } from 'vitest'
import { seedDemo, seedLoad, useOfDatabase } from '#db/seed.ts'
import type { DatabaseServer } from '#scripts/lib/database-server.ts'
import { refuseUnlessDemonstration } from '#scripts/lib/prepare-database.ts'
import { checkRuntime } from '#scripts/lib/runtime-check.ts'
import { type TestDatabase, testDatabase } from '#tests/support/database.ts'
import { REAL_ENVIRONMENT, setEnvironment } from '#tests/support/environment.ts'
import { aMunicipality } from '#tests/support/factories.ts'

let db: TestDatabase
beforeAll(async () => {
  db = await testDatabase()
})
afterEach(() =>
  setEnvironment({ DATABASE_URL: db.ownerUrl, DATABASE_WEB_URL: db.webUrl, PAYMENTS_MODE: 'test' }),
)

const mark = (text: string | null) =>
  sql.raw(`comment on schema public is ${text === null ? 'null' : `'${text}'`}`).execute(db.owner)

async function clockSource(): Promise<string> {
  const { rows } = await sql<{ source: string }>`
    select prosrc as source from pg_proc where proname = 'app_now'`.execute(db.owner)
  return rows[0]?.source ?? ''
}

const municipalities = async (): Promise<string[]> =>
  (await db.owner.selectFrom('municipality').select('slug').execute()).map(({ slug }) => slug)

/** A server that a person names in DATABASE_URL. */
const named = (): DatabaseServer => ({
  ownerUrl: db.ownerUrl,
  webUrl: db.webUrl,
  superuserUrl: null,
  embedded: false,
  lastWords: () => '',
  onLost: () => undefined,
  stop: async () => undefined,
})

describe('a database', () => {
  test('without municipalities is empty, and one that serves people is refused by every seed, which changes nothing', async () => {
    expect(await useOfDatabase(db.ownerUrl)).toBe('empty')
    await aMunicipality()
    const [clock, before] = [await clockSource(), await municipalities()]
    expect(await useOfDatabase(db.ownerUrl)).toBe('service')
    await expect(seedDemo(db.ownerUrl)).rejects.toThrow('is not a demonstration')
    await expect(seedLoad(db.ownerUrl, 10)).rejects.toThrow('is not a demonstration')
    await expect(refuseUnlessDemonstration(named())).rejects.toThrow(/già dei Comuni.*database vuoto/)
    expect(await clockSource()).toBe(clock)
    expect(await municipalities()).toEqual(before)
  })

  test('that a seed has marked stays a demonstration, also with other municipalities', async () => {
    await mark('refettorio: demonstration')
    expect(await useOfDatabase(db.ownerUrl)).toBe('demonstration')
    await expect(refuseUnlessDemonstration(named())).resolves.toBeUndefined()
    await mark(null)
  })
})

describe('the real service', () => {
  test('does not start on a demonstration', async () => {
    await mark('refettorio: demonstration')
    await expect(checkRuntime(db.webUrl)).resolves.toBeUndefined()
    setEnvironment(REAL_ENVIRONMENT)
    await expect(checkRuntime(db.webUrl)).rejects.toThrow(/è una dimostrazione/)
    await mark(null)
  })

  test('does not start by a clock that is stopped or shifted, and says how to put it right', async () => {
    await expect(checkRuntime(db.webUrl)).resolves.toBeUndefined()
    setEnvironment(REAL_ENVIRONMENT)
    await expect(checkRuntime(db.webUrl)).rejects.toThrow(/orologio.*\n.*select now\(\)/)
  })
})
