import { sql } from 'kysely'
import { beforeAll, describe, expect, it } from 'vitest'
import { database } from '#db/client.ts'
import { runClockFrom, setClock, type TestDatabase, testDatabase } from '#tests/support/database.ts'

let db: TestDatabase
beforeAll(async () => {
  db = await testDatabase()
})

const appNow = async (): Promise<Date> => {
  const { rows } = await sql<{ now: Date }>`select app_now() as now`.execute(db.web)
  return (rows[0] as { now: Date }).now
}

describe('the database of a test file', () => {
  it('is reached by database() as the role that owns nothing', async () => {
    const { rows } = await sql<{ name: string; role: string; super: boolean; bypass: boolean }>`
      select current_database() as name, current_user as role, rolsuper as super, rolbypassrls as bypass
      from pg_roles where rolname = current_user`.execute(database())
    expect(rows[0]).toEqual({ name: db.name, role: 'refettorio_web', super: false, bypass: false })
  })

  it('has a clock that tests stop, move and let go', async () => {
    await setClock('2026-11-24T08:29:59.999Z')
    expect(await appNow()).toEqual(new Date('2026-11-24T08:29:59.999Z'))

    await runClockFrom('2027-03-26T08:30:00Z')
    const moved = (await appNow()).getTime() - Date.parse('2027-03-26T08:30:00Z')
    expect(moved).toBeGreaterThanOrEqual(0)
    expect(moved).toBeLessThan(10_000)

    await setClock(null)
    expect(Math.abs((await appNow()).getTime() - Date.now())).toBeLessThan(10_000)
  })
})
