import { beforeEach, describe, expect, test } from 'vitest'
import type { Viewer } from '#lib/access/viewer.ts'
import { type AskedFareRule, giveByRule, previewFareRule } from '#lib/tariffs/office/fare-rule.commands.ts'
import { setClock, testDatabase } from '#tests/support/database.ts'
import {
  aHousehold,
  aMunicipality,
  aPupil,
  aServiceDay,
  aStaffViewer,
  type TestMunicipality,
} from '#tests/support/factories.ts'

let municipality: TestMunicipality
let accountant: Viewer

beforeEach(async () => {
  await setClock('2026-11-24T11:00:00+01:00')
  municipality = await aMunicipality()
  accountant = await aStaffViewer(municipality, 'accountant')
  await aServiceDay(municipality, '2026-11-25')
  const { owner } = await testDatabase()
  const key = { municipality_id: municipality.municipalityId, service_id: municipality.serviceId, code: 'F' }
  await owner
    .insertInto('fare_band')
    .values({ ...key, name: 'Fratelli', description: '' })
    .execute()
  await owner
    .insertInto('fare_band_price')
    .values({ ...key, valid_from: '2026-09-01', price_cents: 300 })
    .execute()
})

const asked = (given: Partial<AskedFareRule> = {}): AskedFareRule => ({
  ...{ serviceId: municipality.serviceId, rule: 'second', bandCode: 'F', from: '2026-12-01', to: '' },
  ...{ reason: 'Delibera 45', ...given },
})

/** A child of a family; all of them have another birth day. */
async function aChild(householdId: string, name: string, birthDay: string): Promise<string> {
  const { owner } = await testDatabase()
  const id = await aPupil(municipality, householdId, { name })
  await owner.updateTable('pupil').set({ birth_date: birthDay }).where('id', '=', id).execute()
  return id
}

async function given(): Promise<{ pupil: string; from: string; reason: string }[]> {
  const { owner } = await testDatabase()
  return owner
    .selectFrom('fare_assignment as f')
    .innerJoin('pupil as p', 'p.id', 'f.pupil_id')
    .select(['p.given_name as pupil', 'f.valid_from as from', 'f.reason'])
    .where('f.municipality_id', '=', municipality.municipalityId)
    .orderBy('p.given_name')
    .execute()
}

async function confirm(rule: AskedFareRule) {
  const preview = await previewFareRule(accountant, rule)
  if (!preview.ok) throw new Error(preview.code)
  return { lines: preview.value.lines, done: await giveByRule(accountant, rule, preview.value.seen) }
}

describe('a band by rule', () => {
  test('goes to the younger brothers and sisters, by age, and to nobody else', async () => {
    const home = await aHousehold(municipality)
    await aChild(home.householdId, 'Elda', '2016-01-01')
    await aChild(home.householdId, 'Mina', '2018-01-01')
    await aChild(home.householdId, 'Pia', '2020-01-01')
    await aChild((await aHousehold(municipality)).householdId, 'Sola', '2019-01-01')
    const third = await previewFareRule(accountant, asked({ rule: 'third' }))
    expect(third.ok && third.value.lines[0]).toContain('Prendono la fascia Fratelli: 1 (Pia Albertini)')
    const { lines, done } = await confirm(asked())
    expect(lines[0]).toContain('2 (Mina Albertini e Pia Albertini)')
    expect(done).toMatchObject({ ok: true, value: { pupils: 2 } })
    expect(await given()).toEqual([
      { pupil: 'Mina', from: '2026-12-01', reason: 'Delibera 45' },
      { pupil: 'Pia', from: '2026-12-01', reason: 'Delibera 45' },
    ])
    const { owner } = await testDatabase()
    const told = await owner
      .selectFrom('notification')
      .select('person_id')
      .where('municipality_id', '=', municipality.municipalityId)
      .execute()
    expect(told).toEqual([{ person_id: home.holder.personId }])
    expect(await previewFareRule(accountant, asked())).toMatchObject({ code: 'tariffs:rule-gives-none' })
  })

  test('goes to families of other municipalities, and names those of whom it is not known', async () => {
    const { owner } = await testDatabase()
    for (const [name, city] of [
      ['Qui', 'Mozzecane'],
      ['Altrove', 'Verona'],
      ['Boh', ''],
    ] as const) {
      const home = await aHousehold(municipality)
      await aChild(home.householdId, name, '2018-01-01')
      await owner
        .updateTable('person')
        .set({ city: city || null })
        .where('id', '=', home.holder.personId)
        .execute()
    }
    await owner
      .updateTable('municipality')
      .set({ name: 'MOZZECANE' })
      .where('id', '=', municipality.municipalityId)
      .execute()
    const { lines } = await confirm(asked({ rule: 'elsewhere' }))
    expect(lines.join(' ')).toContain('Prendono la fascia Fratelli: 1 (Altrove Albertini)')
    expect(lines.join(' ')).toContain(
      'Non è scritto dove abita chi paga, e restano a prezzo intero: 1 (Boh Albertini)',
    )
    expect((await given()).map(({ pupil }) => pupil)).toEqual(['Altrove'])
  })

  test('leaves a band that a person gave, and is refused when someone was enrolled meanwhile', async () => {
    const home = await aHousehold(municipality)
    await aChild(home.householdId, 'Elda', '2016-01-01')
    await aChild(home.householdId, 'Mina', '2018-01-01')
    const preview = await previewFareRule(accountant, asked())
    if (!preview.ok) throw new Error(preview.code)
    await aChild(home.householdId, 'Pia', '2020-01-01')
    expect(await giveByRule(accountant, asked(), preview.value.seen)).toMatchObject({
      code: 'tariffs:preview-changed',
    })
    expect(await given()).toEqual([])
  })

  test.each([
    ['a day that the kitchen has counted', { from: '2026-11-01' }, 'tariffs:too-early'],
    ['a band that is not there', { bandCode: 'Z' }, 'tariffs:choose-band'],
    ['days that are reversed', { to: '2026-11-30' }, 'tariffs:period-reversed'],
  ])('is refused for %s', async (_, bad, code) => {
    const home = await aHousehold(municipality)
    await aChild(home.householdId, 'Elda', '2016-01-01')
    await aChild(home.householdId, 'Mina', '2018-01-01')
    expect(await previewFareRule(accountant, asked(bad))).toMatchObject({ code })
  })

  test.each(['operator', 'editor', 'teacher'] as const)('is not for the role %s', async (role) => {
    const other = await aStaffViewer(municipality, role)
    expect(await previewFareRule(other, asked())).toMatchObject({ code: 'request:not-found' })
  })
})
