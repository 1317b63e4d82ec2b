import { randomUUID } from 'node:crypto'
import { expect, test } from 'vitest'
import { demoPeople } from '#db/demo/people.ts'
import { demoState, seedDemo } from '#db/seed.ts'
import type { Viewer } from '#lib/access/viewer.ts'
import { rolloverPage } from '#lib/school/office/rollover.queries.ts'
import { setClock, testDatabase } from '#tests/support/database.ts'
import { begun, rolledOver } from '#tests/support/rollover.ts'

test('the demonstration is seeded on the last day of a school year after its close, a coming band begins in the next, and its pupils can go over', async () => {
  const { owner, ownerUrl } = await testDatabase()
  await setClock('2027-08-31T10:00:00+02:00')
  await seedDemo(ownerUrl)
  expect(await demoState(ownerUrl)).toBe('ready')
  const given = await owner
    .selectFrom('fare_assignment')
    .select(['valid_from', 'valid_to'])
    .where('reason', '=', 'Domanda allo sportello')
    .execute()
  expect(given).toEqual([{ valid_from: '2027-09-01', valid_to: '2027-10-15' }])

  const manager = await owner
    .selectFrom('person')
    .select(['id', 'municipality_id'])
    .where('fiscal_code', '=', demoPeople.manager.fiscalCode)
    .executeTakeFirstOrThrow()
  const viewer: Viewer = {
    ...{
      municipalityId: manager.municipality_id,
      personId: manager.id,
      citizenId: randomUUID(),
      sessionId: randomUUID(),
    },
    ...{ name: 'Elena Marchi', memberships: [], staffRoles: ['manager'] },
  }
  const page = await rolloverPage(viewer)
  expect([page?.pair?.from.name, page?.pair?.to.name]).toEqual(['2026/2027', '2027/2028'])
  const rolloverId = await begun(viewer, page?.pair?.to.id ?? '')
  expect(await rolledOver(viewer, rolloverId)).toBeGreaterThan(20)
}, 120_000)
