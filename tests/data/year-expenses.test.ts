import { beforeEach, describe, expect, test } from 'vitest'
import { asSystem } from '#db/client.ts'
import { yearExpensesOf } from '#lib/invoices/year-expenses.queries.ts'
import type { Day } from '#lib/kernel/day.ts'
import { postJournal, systemAccount } from '#lib/ledger/journal.commands.ts'
import type { JournalKind } from '#lib/ledger/journal.ts'
import { setClock } from '#tests/support/database.ts'
import {
  aDelegate,
  aHousehold,
  aMunicipality,
  aPupil,
  aServiceDay,
  aStaffViewer,
  type Household,
  type TestMunicipality,
  viewerOf,
} from '#tests/support/factories.ts'
import { aPaidTopUp } from '#tests/support/money.ts'

let municipality: TestMunicipality
let household: Household
let greta: string
let sofia: string

beforeEach(async () => {
  await setClock('2026-11-24T07:00:00Z')
  municipality = await aMunicipality()
  household = await aHousehold(municipality)
  greta = await aPupil(municipality, household.householdId, { name: 'Greta' })
  sofia = await aPupil(municipality, household.householdId, { name: 'Sofia' })
})

let keys = 0
type Meal = { pupilId: string; serviceDayId: string; day: Day }

const move = (kind: JournalKind, amountCents: number, meal?: Meal) =>
  asSystem(municipality.municipalityId, async (trx) => {
    const isMeal = kind === 'meals' || kind === 'meals_reversal'
    const counterpart = await systemAccount(trx, municipality.municipalityId, {
      kind: isMeal ? 'meals' : 'clearing',
      serviceId: municipality.serviceId,
      ...(isMeal ? { schoolId: municipality.school.id } : {}),
    })
    keys += 1
    await postJournal(trx, municipality.municipalityId, {
      kind,
      idempotencyKey: `year-${keys}`,
      description: '',
      lines: [
        { accountId: household.accountId, amountCents, ...meal },
        { accountId: counterpart, amountCents: -amountCents },
      ],
    })
  })

/** Children who eat on a day, at full price. */
async function eat(day: Day, ...pupils: string[]): Promise<Meal[]> {
  const serviceDayId = await aServiceDay(municipality, day)
  const meals = pupils.map((pupilId) => ({ pupilId, serviceDayId, day }))
  await setClock(`${day}T08:30:03Z`)
  for (const meal of meals) await move('meals', -540, meal)
  return meals
}

const read = (year: number | null = 2026, viewer = household.holderViewer) => yearExpensesOf(viewer, year)

describe('the expenses of a year', () => {
  test('are the payments of that year by their day in Italy, with their invoices', async () => {
    await aPaidTopUp(municipality, household, 20)
    await setClock('2026-12-31T22:59:59Z')
    await aPaidTopUp(municipality, household, 10)
    await setClock('2026-12-31T23:00:00Z')
    await aPaidTopUp(municipality, household, 40)
    expect(await read()).toMatchObject({
      year: 2026,
      years: [2027, 2026],
      isRunning: false,
      totalCents: 30 * 540,
      payments: [
        { day: '2026-11-24', totalCents: 20 * 540, method: 'card' },
        { day: '2026-12-31', totalCents: 10 * 540 },
      ],
      payer: { fiscalCode: household.holder.fiscalCode },
      supplier: { vatNumber: expect.stringMatching(/^\d{11}$/) },
      serviceNames: ['Refezione Scolastica'],
    })
    expect(await read(2027)).toMatchObject({ isRunning: true, totalCents: 40 * 540 })
  })

  test('begin with the last year that is over, which a tax return is about', async () => {
    await aPaidTopUp(municipality, household, 20)
    expect((await read(null))?.year).toBe(2026)
    await setClock('2027-03-01T08:00:00Z')
    expect((await read(null))?.year).toBe(2026)
  })

  test('are divided by the meals of each child, without those taken back', async () => {
    await aPaidTopUp(municipality, household, 30)
    await eat('2026-11-25', greta, sofia)
    await eat('2026-11-26', greta)
    const [, taken] = await eat('2026-11-27', greta, sofia)
    await move('meals_reversal', 540, taken)
    expect((await read())?.children).toMatchObject([
      { name: 'Greta Albertini', meals: 3, mealsCents: 3 * 540, shareCents: 12_150 },
      { name: 'Sofia Albertini', meals: 1, mealsCents: 540, shareCents: 4_050 },
    ])
    // A closure that was taken back charges it again.
    await move('adjustment', -540, taken)
    expect((await read())?.children).toMatchObject([
      { name: 'Greta Albertini', meals: 3 },
      { name: 'Sofia Albertini', meals: 2, mealsCents: 2 * 540 },
    ])
  })

  test('do not count what the office credited; money that went back is taken off and shown', async () => {
    await aPaidTopUp(municipality, household, 20)
    await move('adjustment', 1_000)
    await move('opening', 5_000)
    await setClock('2026-12-01T08:00:00Z')
    await move('refund', -1_080)
    expect(await read()).toMatchObject({
      totalCents: 18 * 540,
      returns: [{ kind: 'refund', day: '2026-12-01', cents: 1_080 }],
    })
  })

  test('of a year without payments are empty', async () => {
    expect(await read(2020)).toMatchObject({ totalCents: 0, payments: [], children: [], supplier: null })
  })

  test('are no other person’s: not the delegate’s, the office’s or another family’s', async () => {
    await aPaidTopUp(municipality, household, 20)
    expect(await read(2026, await aDelegate(municipality, household.householdId))).toBeNull()
    expect(await read(2026, await aStaffViewer(municipality, 'manager'))).toBeNull()
    expect(await read(2026, (await aHousehold(municipality)).holderViewer)).toMatchObject({
      payments: [],
      children: [],
    })
  })

  test('of a former holder stay theirs, without the children', async () => {
    await aPaidTopUp(municipality, household, 20)
    await eat('2026-11-25', greta)
    const before = viewerOf(municipality, household.holder, {
      memberships: [{ householdId: household.householdId, role: 'past_holder' }],
    })
    expect(await read(2026, before)).toMatchObject({ totalCents: 20 * 540, children: [] })
  })

  test('of a new holder do not reach back', async () => {
    await eat('2026-11-25', greta)
    await move('refund', -540)
    const since = '2026-11-26T00:00:00Z'
    const now = viewerOf(municipality, household.holder, {
      memberships: [{ householdId: household.householdId, role: 'holder', since }],
    })
    await eat('2026-11-27', sofia)
    expect(await read(2026, now)).toMatchObject({ returns: [], children: [{ name: 'Sofia Albertini' }] })
  })
})
