import { beforeAll, describe, expect, test } from 'vitest'
import { householdsOf } from '#lib/people/household.queries.ts'
import { setClock, testDatabase } from '#tests/support/database.ts'
import {
  aDelegate,
  aHousehold,
  aMunicipality,
  aPupil,
  aStaffViewer,
  type Household,
  type TestMunicipality,
} from '#tests/support/factories.ts'

let municipality: TestMunicipality
let household: Household
let stranger: Household

beforeAll(async () => {
  await testDatabase()
  await setClock('2026-11-24T08:00:00+01:00')
  municipality = await aMunicipality()
  household = await aHousehold(municipality)
  await aPupil(municipality, household.householdId, { name: 'Sofia', diet: 'D03' })
  await aPupil(municipality, household.householdId, { name: 'Greta' })
  stranger = await aHousehold(municipality)
  await aPupil(municipality, stranger.householdId, { name: 'Nino' })
})

async function dietReads(personId: string): Promise<number> {
  const { owner } = await testDatabase()
  const rows = await owner
    .selectFrom('audit_event')
    .select('id')
    .where('action', '=', 'diet.read')
    .where('person_id', '=', personId)
    .execute()
  return rows.length
}

describe('Utenti / Servizi', () => {
  test('the holder sees the pupils with school, class, service and diet, and the own data', async () => {
    const [seen, ...others] = await householdsOf(household.holderViewer)
    expect(others).toEqual([])
    expect(seen?.pupils.map((pupil) => pupil.name)).toEqual(['Greta Albertini', 'Sofia Albertini'])
    expect(seen?.pupils[1]?.enrolments).toEqual([
      expect.objectContaining({
        className: '3A',
        dietCode: 'D03',
        dietName: 'Senza glutine',
        state: 'current',
      }),
    ])
    expect(seen?.members[0]).toMatchObject({
      role: 'holder',
      isViewer: true,
      personal: { fiscalCode: household.holder.fiscalCode, address: 'Via Verdi 3, 37060 Mozzecane (VR)' },
    })
  })

  test('reading what a diet means is written in the register, once per page', async () => {
    const before = await dietReads(household.holder.personId)
    await householdsOf(household.holderViewer)
    expect(await dietReads(household.holder.personId)).toBe(before + 1)
  })

  test('the delegate sees the pupils and the diet’s code, not its meaning nor the holder’s data', async () => {
    const delegate = await aDelegate(municipality, household.householdId)
    const [seen] = await householdsOf(delegate)
    expect(seen?.ownRole).toBe('delegate')
    const [, sofia] = seen?.pupils ?? []
    expect(sofia?.enrolments[0]).toMatchObject({ dietCode: 'D03', dietName: null })
    const holder = seen?.members.find((member) => member.role === 'holder')
    expect(holder).toMatchObject({ name: 'Laura Conti', personal: null })
    expect(await dietReads(delegate.personId)).toBe(0)
  })

  test('another family is never in it', async () => {
    const seen = await householdsOf(stranger.holderViewer)
    expect(seen.flatMap((one) => one.pupils.map((pupil) => pupil.name))).toEqual(['Nino Albertini'])
  })

  test('a membership that the database does not know opens nothing, even when the viewer claims it', async () => {
    const claimed = { ...stranger.holderViewer, memberships: household.holderViewer.memberships }
    expect(await householdsOf(claimed)).toEqual([])
  })

  test('the office has no household of its own', async () => {
    expect(await householdsOf(await aStaffViewer(municipality, 'operator'))).toEqual([])
  })
})
