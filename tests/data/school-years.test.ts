import { sql } from 'kysely'
import { beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { asFamily, inScope } from '#db/client.ts'
import { keepSchoolYears } from '#db/school-years.ts'
import { recordAudit } from '#lib/audit/audit.commands.ts'
import { dataAccesses } from '#lib/privacy/personal-data.queries.ts'
import { setClock, testDatabase } from '#tests/support/database.ts'
import { aHousehold, aMunicipality, type Household, type TestMunicipality } from '#tests/support/factories.ts'
import { explainEveryStatement, tablesReadBy } from '#tests/support/tables-read.ts'

/** The tables that grow with the years. */
const GROWN = ['audit_event']
const TODAY = '2026-11-24T08:00:00+01:00'

let municipality: TestMunicipality
let household: Household

beforeAll(async () => {
  await testDatabase()
  await setClock(TODAY)
  municipality = await aMunicipality()
  household = await aHousehold(municipality)
  await explainEveryStatement()
})

beforeEach(() => setClock(TODAY))

const partitions = async (): Promise<string[]> => {
  const { owner } = await testDatabase()
  const { rows } = await sql<{ name: string }>`
    select p.relname as name from pg_inherits i join pg_class p on p.oid = i.inhrelid and p.relkind = 'r' order by 1`.execute(
    owner,
  )
  return rows.map(({ name }) => name)
}

/** What the database answers to a statement of the owner of the schema, or of the runtime role with the rights of the office. */
async function refusalOf(statement: string, role: 'owner' | 'web'): Promise<string> {
  const { owner } = await testDatabase()
  const run = (db: Parameters<ReturnType<typeof sql.raw>['execute']>[0]) => sql.raw(statement).execute(db)
  const { municipalityId } = municipality
  return (role === 'owner' ? run(owner) : inScope({ municipalityId, audience: 'system' }, run)).then(
    () => 'accepted',
    (error: Error) => error.message,
  )
}

describe('a table that grows with the years', () => {
  test('is one of those that a decision names, and has a partition for each school year', async () => {
    const { owner } = await testDatabase()
    const { rows } = await sql<{ name: string }>`
      select relname as name from pg_class where relkind = 'p' order by 1`.execute(owner)
    expect(rows.map(({ name }) => name)).toEqual(GROWN)
    expect(await partitions()).toEqual(
      GROWN.flatMap((table) => [2023, 2024, 2025, 2026, 2027, 2028].map((year) => `${table}_${year}`)),
    )
  })

  test('has the partitions of the next school year made by the worker, a year ahead, once', async () => {
    expect(await keepSchoolYears()).toBe(0)
    await setClock('2028-08-31T23:59:59+02:00')
    expect(await keepSchoolYears()).toBe(0)
    await setClock('2028-09-01T00:00:00+02:00')
    const made = await Promise.all([keepSchoolYears(), keepSchoolYears(), keepSchoolYears()])
    expect(made.sort()).toEqual([0, 0, GROWN.length])
    expect(await partitions()).toEqual(expect.arrayContaining(GROWN.map((table) => `${table}_2029`)))
  })

  test('refuses what no partition is for, instead of keeping it aside', async () => {
    await setClock('2035-10-01T08:00:00+02:00')
    const written = asFamily(household.holderViewer, (trx) =>
      recordAudit(trx, household.holderViewer, { action: 'x', objectType: 'person', objectId: 'x' }),
    )
    await expect(written).rejects.toThrow('no partition of relation "audit_event" found for row')
  })

  test.each(GROWN)('lets the runtime role reach %s by the table alone', async (table) => {
    expect(await refusalOf(`select from ${table}`, 'web')).toBe('accepted')
    for (const statement of [
      `select from ${table}_2026`,
      `insert into ${table}_2026 select * from ${table}`,
      `delete from ${table}_2026`,
      `truncate ${table}_2026`,
      `alter table ${table} detach partition ${table}_2026`,
      `select make_school_years('2050-09-01', '2051-09-01')`,
    ])
      expect(await refusalOf(statement, 'web'), statement).toMatch(/permission denied|must be owner/)
  })

  test.each(GROWN)('lets no one change or empty a partition of %s', async (table) => {
    const { owner } = await testDatabase()
    await asFamily(household.holderViewer, (trx) =>
      recordAudit(trx, household.holderViewer, { action: 'x', objectType: 'person', objectId: 'x' }),
    )
    const { rows } = await sql`select from ${sql.table(`${table}_2026`)}`.execute(owner)
    expect(rows.length).toBeGreaterThan(0)
    for (const statement of [
      `update ${table}_2026 set municipality_id = municipality_id`,
      `delete from ${table}_2026`,
      `truncate ${table}_2026`,
    ])
      expect(await refusalOf(statement, 'owner'), statement).toContain('append-only')
  })
})

describe('of the partitions', () => {
  test('the own register reads those of the 24 months that it keeps', async () => {
    const read = await tablesReadBy(() => dataAccesses(household.holderViewer))
    expect(read).toContain('household_member')
    expect(read.filter((name) => name.startsWith('audit_event'))).toEqual([
      'audit_event_2024',
      'audit_event_2025',
      'audit_event_2026',
    ])
  })
})
