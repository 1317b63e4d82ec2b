import { beforeAll, describe, expect, test } from 'vitest'
import type { Viewer } from '#lib/access/viewer.ts'
import { balanceCards } from '#lib/ledger/statement.queries.ts'
import { readTodayPage } from '#lib/meals/meal.queries.ts'
import { readMonthPage } from '#lib/meals/month.queries.ts'
import { topUpOffer } from '#lib/payments/top-up.queries.ts'
import { setClock, testDatabase } from '#tests/support/database.ts'
import {
  aHousehold,
  aMember,
  aMunicipality,
  aPupil,
  aSchool,
  type TestMunicipality,
} from '#tests/support/factories.ts'

/** One parent pays for two families of one name, with a child of one given name in each. */
let municipality: TestMunicipality
let parent: Viewer
let accounts: Record<'first' | 'second', string>

beforeAll(async () => {
  await setClock('2026-11-24T08:00:00+01:00')
  municipality = await aMunicipality()
  const first = await aHousehold(municipality, { name: 'Albertini' })
  const second = await aHousehold(municipality, { name: 'Albertini' })
  await aPupil(municipality, first.householdId)
  await aPupil(municipality, first.householdId, { name: 'Leo' })
  await aPupil(municipality, second.householdId, { school: await aSchool(municipality) })
  const { owner } = await testDatabase()
  await owner.deleteFrom('household_member').where('household_id', '=', second.householdId).execute()
  await aMember(municipality, second.householdId, first.holder, 'holder')
  await owner
    .updateTable('pupil')
    .set({ birth_date: '2019-05-04' })
    .where('household_id', '=', second.householdId)
    .execute()
  parent = {
    ...first.holderViewer,
    memberships: [
      { householdId: first.householdId, role: 'holder' },
      { householdId: second.householdId, role: 'holder' },
    ],
  }
  accounts = { first: first.accountId, second: second.accountId }
})

const namesOf = (rows: readonly { accountId: string; householdName: string | null }[] | null | undefined) =>
  Object.fromEntries((rows ?? []).map(({ accountId, householdName }) => [accountId, householdName]))

describe('a parent with two families', () => {
  test('reads under each balance, account and recap which family it is', async () => {
    const names = { [accounts.first]: 'Albertini (Greta, Leo)', [accounts.second]: 'Albertini (Greta)' }
    expect(namesOf((await readTodayPage(parent)).balances)).toEqual(names)
    expect(namesOf(await balanceCards(parent))).toEqual(names)
    expect(namesOf((await topUpOffer(parent))?.accounts)).toEqual(names)
  })

  test('tells the children of one name apart in the calendar', async () => {
    const page = await readMonthPage(parent, null, '2026-11')
    if (page === null || page === 'no-children') throw new Error('no month')
    const names = page.siblings.map(({ name }) => name)
    expect(new Set(names).size).toBe(3)
  })
})

test('a parent with one family reads no family name', async () => {
  const only = await aHousehold(municipality)
  await aPupil(municipality, only.householdId)
  expect((await readTodayPage(only.holderViewer)).balances).toMatchObject([{ householdName: null }])
})
