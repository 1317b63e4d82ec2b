import { describe, expect, test } from 'vitest'
import { addDays, daysBetween } from '#lib/kernel/day.ts'
import {
  balanceState,
  mealsIn,
  mealsToSettle,
  outlookOf,
  type PlannedMeals,
  plannedMeals,
  withUncharged,
} from '#lib/ledger/balance.ts'
import type { Tariff } from '#lib/tariffs/price.ts'
import fc from '#tests/support/random.ts'

describe('A balance in meals', () => {
  test('€ 884,70 are 163 meals at € 5,40', () => {
    expect(mealsIn(88_470, [], 540)).toBe(163)
  })

  test.each([
    [540, 1, 0],
    [539, 0, 0],
    [0, 0, 0],
    [-1, 0, 1],
    [-540, 0, 1],
    [-541, 0, 2],
  ])('%i cents pay %i meals and owe %i', (balance, meals, owed) => {
    expect(mealsIn(balance, [], 540)).toBe(meals)
    expect(mealsToSettle(balance, 540)).toBe(owed)
  })
})

describe('A balance in meals, where children pay different prices', () => {
  const day = (day: string, ...prices: number[]): PlannedMeals => ({ day, prices })

  test('each meal is paid at its own price, in the order in which it will be eaten', () => {
    const planned = [day('2026-11-24', 540, 320), day('2026-11-25', 540, 320)]
    expect(mealsIn(860, planned, 540)).toBe(2)
    expect(mealsIn(860 + 319, planned, 540)).toBe(2)
    expect(mealsIn(860 + 320, planned, 540)).toBe(3)
    expect(mealsIn(2 * 860 + 540, planned, 540)).toBe(5)
  })

  test('a meal that costs nothing takes nothing and is not counted', () => {
    expect(mealsIn(540, [day('2026-11-24', 0, 540), day('2026-11-25', 0, 540)], 540)).toBe(1)
    expect(mealsIn(1_000, [day('2026-11-24', 0)], 0)).toBe(0)
  })

  test('where everybody pays one price it is the balance over the price, whatever is planned', () => {
    const plans = fc.array(fc.integer({ min: 1, max: 4 }), { maxLength: 60 })
    fc.assert(
      fc.property(
        fc.integer({ min: -5_000, max: 100_000 }),
        fc.integer({ min: 1, max: 900 }),
        plans,
        (balance, price, plan) => {
          const planned = plan.map((meals, index) => ({
            day: addDays('2026-11-24', index),
            prices: Array<number>(meals).fill(price),
          }))
          expect(mealsIn(balance, planned, price)).toBe(Math.max(0, Math.floor(balance / price)))
        },
      ),
    )
  })

  test('the plan takes each child at the price of each day: the day of a change is at the new price', () => {
    const tariff: Tariff = {
      full: [
        { validFrom: '2026-09-01', priceCents: 540 },
        { validFrom: '2027-01-07', priceCents: 560 },
      ],
      bands: [{ code: 'B', prices: [{ validFrom: '2026-09-01', priceCents: 320 }] }],
    }
    const fares = [{ from: '2026-12-01', to: '2027-01-07', bandCode: 'B' }]
    const days = ['2026-11-30', '2026-12-01', '2027-01-07', '2027-01-08']
    expect(
      plannedMeals(
        [
          { fares, days },
          { fares: [], days: ['2027-01-07', '2027-01-08', '2026-11-30'] },
        ],
        tariff,
      ),
    ).toEqual([
      { day: '2026-11-30', prices: [540, 540] },
      { day: '2026-12-01', prices: [320] },
      { day: '2027-01-07', prices: [320, 560] },
      { day: '2027-01-08', prices: [560, 560] },
    ])
  })
})

describe('Until when a balance lasts', () => {
  const days = (count: number, meals: number): PlannedMeals[] =>
    daysBetween('2026-11-24', addDays('2026-11-24', count - 1)).map((day) => ({
      day,
      prices: Array<number>(meals).fill(540),
    }))

  test('four paid meals of two children cover two days, and not the third', () => {
    expect(outlookOf(4 * 540, days(10, 2))).toEqual({
      coveredDays: 2,
      lastCoveredDay: '2026-11-25',
      firstUncoveredDay: '2026-11-26',
    })
  })

  test('a day paid only in part is not covered', () => {
    expect(outlookOf(3 * 540, days(10, 2))).toMatchObject({
      coveredDays: 1,
      firstUncoveredDay: '2026-11-25',
    })
  })

  test('planned absences make it last longer', () => {
    const planned = days(10, 1)
    const withAbsence = planned.filter(({ day }) => day !== '2026-11-24')
    expect(outlookOf(540, planned).firstUncoveredDay).toBe('2026-11-25')
    expect(outlookOf(540, withAbsence).firstUncoveredDay).toBe('2026-11-26')
  })

  test('a dearer price from January makes it end sooner', () => {
    const full = [
      { validFrom: '2026-09-01', priceCents: 540 },
      { validFrom: '2027-01-01', priceCents: 1080 },
    ]
    const days = ['2026-12-31', '2027-01-01', '2027-01-02']
    const planned = plannedMeals([{ fares: [], days }], { full, bands: [] })
    expect(outlookOf(3 * 540, planned).firstUncoveredDay).toBe('2027-01-02')
  })

  test('a day that costs nothing is covered, also below zero', () => {
    expect(
      outlookOf(-100, [
        { day: '2026-11-24', prices: [0] },
        { day: '2026-11-25', prices: [0, 540] },
      ]),
    ).toEqual({ coveredDays: 1, lastCoveredDay: '2026-11-24', firstUncoveredDay: '2026-11-25' })
  })

  test('it may last the whole calendar, and with nothing planned it runs out nowhere', () => {
    expect(outlookOf(5400, days(10, 1))).toEqual({
      coveredDays: 10,
      lastCoveredDay: '2026-12-03',
      firstUncoveredDay: null,
    })
    expect(outlookOf(0, [])).toEqual({
      coveredDays: 0,
      lastCoveredDay: null,
      firstUncoveredDay: null,
    })
  })

  test('the covered days cost no more than the balance, and one day more would', () => {
    const plans = fc.array(fc.integer({ min: 1, max: 4 }), { maxLength: 60 })
    fc.assert(
      fc.property(fc.integer({ min: -5000, max: 100_000 }), plans, (balance, plan) => {
        const planned = plan.map((meals, index) => ({
          day: addDays('2026-11-24', index),
          prices: Array<number>(meals).fill(540),
        }))
        const { coveredDays, firstUncoveredDay } = outlookOf(balance, planned)
        const cost = (count: number) => plan.slice(0, count).reduce((sum, meals) => sum + meals * 540, 0)
        if (coveredDays > 0) expect(cost(coveredDays)).toBeLessThanOrEqual(balance)
        if (firstUncoveredDay) expect(cost(coveredDays + 1)).toBeGreaterThan(balance)
        else expect(coveredDays).toBe(plan.length)
      }),
    )
  })
})

describe('How a balance stands', () => {
  const stands = (balance: number, planned: PlannedMeals[]) =>
    balanceState(balance, 540, outlookOf(balance, planned))
  const week = daysBetween('2026-11-23', '2026-12-04').map((day) => ({ day, prices: [540] }))

  test.each([
    [-1, 'negative'],
    [0, 'empty'],
    [539, 'empty'],
    [540, 'low'],
    [4 * 540, 'low'],
    [5 * 540, 'good'],
    [88_470, 'good'],
  ])('%i cents with meals to come: %s', (balance, state) => {
    expect(stands(balance, week)).toBe(state)
  })

  test('with two children one meal does not pay the next day', () => {
    expect(stands(540, [{ day: '2026-11-24', prices: [540, 540] }])).toBe('empty')
  })

  test('at the end of the year a small balance that covers all that is left is good', () => {
    expect(stands(540, [{ day: '2027-06-05', prices: [540] }])).toBe('good')
    expect(stands(0, [])).toBe('empty')
    expect(stands(540, [])).toBe('good')
  })
})

describe('meals that were counted and are not charged yet', () => {
  const planned = [{ day: '2026-11-25', prices: [540] }]

  test('come before those still to eat, each at its own price', () => {
    const uncharged = [
      { day: '2026-11-24', priceCents: 540 },
      { day: '2026-11-24', priceCents: 325 },
    ]
    expect(withUncharged(planned, uncharged)).toEqual([
      { day: '2026-11-24', prices: [540, 325] },
      { day: '2026-11-25', prices: [540] },
    ])
  })

  test('join those of a child that still has to eat on the same day', () => {
    expect(withUncharged(planned, [{ day: '2026-11-25', priceCents: 325 }])).toEqual([
      { day: '2026-11-25', prices: [540, 325] },
    ])
  })

  test('change nothing when there are none', () => {
    expect(withUncharged(planned, [])).toEqual(planned)
  })
})
