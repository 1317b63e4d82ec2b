import { beforeEach, describe, expect, test } from 'vitest'
import { officeFigures, publicFigures } from '#lib/figures/figures.queries.ts'
import { closeDueDays } from '#lib/kitchen/close.commands.ts'
import { setClock, testDatabase } from '#tests/support/database.ts'
import {
  aHousehold,
  aMunicipality,
  anAbsence,
  aPupil,
  aServiceDay,
  aStaffViewer,
  type Household,
  type TestMunicipality,
} from '#tests/support/factories.ts'
import { aPaidTopUp } from '#tests/support/money.ts'

const DAY = '2026-11-24'

let municipality: TestMunicipality
let indebted: Household

beforeEach(async () => {
  const { owner } = await testDatabase()
  await owner.updateTable('municipality').set({ active: false }).execute()
  await setClock('2026-11-24T07:00:00Z')
  municipality = await aMunicipality()
  indebted = await aHousehold(municipality)
  const absent = await aPupil(municipality, indebted.householdId)
  for (const _ of Array(6)) await aPupil(municipality, indebted.householdId)
  const serviceDay = await aServiceDay(municipality, DAY)
  await anAbsence(municipality, indebted, absent, serviceDay)
  await setClock('2026-11-24T08:40:00Z')
  await aPaidTopUp(municipality, await aHousehold(municipality), 20)
  await closeDueDays()
})

const meals = { month: '2026-11', serviceDays: 1, meals: 6, absent: 1 }

describe('the figures of a municipality', () => {
  test('count meals, families and money for the office', async () => {
    expect(await officeFigures(await aStaffViewer(municipality, 'manager'))).toMatchObject({
      meals: [meals],
      enrolled: [{ pupils: 7 }],
      ...{ households: 2, creditCents: 10_800, debtCents: 6 * 540, indebted: 1 },
      topUps: [{ month: '2026-11', count: 1, cents: 10_800 }],
    })
  })

  test('hide from the public what is so small that it could point at a child', async () => {
    const { months } = await publicFigures({ id: municipality.municipalityId })
    expect(months).toMatchObject([
      { month: '2026-11', meals: 6, absent: null, schools: [{ serviceDays: 1 }] },
    ])
  })

  test('are nothing for the one who cooks and counts', async () => {
    const viewer = { ...(await aStaffViewer(municipality, 'manager')), staffRoles: [] }
    expect(await officeFigures(viewer)).toBeNull()
  })
})
