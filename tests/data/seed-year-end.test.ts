import { expect, test } from 'vitest'
import { demoState, seedDemo } from '#db/seed.ts'
import { setClock, testDatabase } from '#tests/support/database.ts'

test('the demonstration is seeded on the last day of a school year after its close, and a coming band begins in the next', async () => {
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
}, 120_000)
