import { describe, expect, test } from 'vitest'
import { planBounds, type YearBounds } from '#lib/school/office/year-bounds.ts'
import type { PlacedDay, WeekFacts } from '#lib/school/schedule-change.ts'
import { cutoffOf } from '#lib/school/school-year.ts'
import { planSpan } from '#lib/school/span-change.ts'

const YEAR = { from: '2026-09-01', to: '2027-08-31' }
const week = { weekdays: [1, 2, 3, 4, 5] as const, cutoffTime: '09:30', cutoffDaysBefore: 0 }

const placed = (day: string, given: Partial<PlacedDay> = {}): PlacedDay => ({
  ...{ id: day, day, status: 'open', cutoffAt: cutoffOf(day, week), isDropped: false },
  ...given,
})

const facts = (given: Partial<WeekFacts> = {}): WeekFacts => ({
  ...{ current: week, next: null, servedWeekdays: [], startsOn: '2026-09-14', endsOn: '2027-06-04' },
  ...{ graceSeconds: 3, firstDay: '2026-12-01', now: new Date('2026-12-01T07:00:00Z') },
  ...{ days: [placed('2027-06-03'), placed('2027-06-04')], closed: new Set(['2027-06-07']) },
  ...given,
})

const span = (to: string, from = '2026-09-14') => ({ from, to })
const refusal = (result: { ok: boolean; code?: string }) => (result.ok ? 'done' : result.code)

describe('the last day of the canteen', () => {
  test('that comes later opens the days up to it, without those that are closed', () => {
    const plan = planSpan(span('2027-06-09'), facts(), YEAR)
    expect(plan.ok && plan.value?.open.map(({ day }) => day)).toEqual(['2027-06-08', '2027-06-09'])
    expect(plan.ok && plan.value?.drop).toEqual([])
  })

  test('that comes earlier drops the days after it, and no other', () => {
    const plan = planSpan(span('2027-06-03'), facts(), YEAR)
    expect(plan.ok && plan.value?.drop).toEqual([{ id: '2027-06-04', day: '2027-06-04' }])
    expect(plan.ok && plan.value?.open).toEqual([])
  })

  test('that comes back opens again what an earlier correction dropped', () => {
    const days = [placed('2027-06-04', { status: 'suspended', isDropped: true })]
    const plan = planSpan(span('2027-06-04'), facts({ endsOn: '2027-06-03', days }), YEAR)
    expect(plan.ok && plan.value?.reopen.map(({ id }) => id)).toEqual(['2027-06-04'])
    expect(plan.ok && plan.value?.open).toEqual([])
  })

  test('leaves a day closed that was closed for another reason', () => {
    const days = [placed('2027-06-04', { status: 'suspended' })]
    const plan = planSpan(span('2027-06-04'), facts({ endsOn: '2027-06-03', days }), YEAR)
    expect(plan.ok && plan.value).toMatchObject({ open: [], reopen: [] })
  })

  test('follows the week that is in force then', () => {
    const next = { ...week, weekdays: [2] as const, from: '2027-01-07' }
    const plan = planSpan(span('2027-06-15'), facts({ next }), YEAR)
    expect(plan.ok && plan.value?.open.map(({ day }) => day)).toEqual(['2027-06-08', '2027-06-15'])
  })
})

describe('the first day of the canteen', () => {
  const later = facts({ firstDay: '2026-09-01', startsOn: '2026-09-14', days: [placed('2026-09-14')] })
  const early = { ...later, now: new Date('2026-09-01T07:00:00Z') }

  test('moves before the canteen began', () => {
    const plan = planSpan(span('2027-06-04', '2026-09-10'), early, YEAR)
    expect(plan.ok && plan.value?.open.map(({ day }) => day)).toEqual(['2026-09-10', '2026-09-11'])
  })

  test('moves no more once days were counted', () => {
    expect(refusal(planSpan(span('2027-06-04', '2026-09-10'), facts(), YEAR))).toBe('structure:too-early')
    expect(refusal(planSpan(span('2027-06-04', '2027-01-07'), facts(), YEAR))).toBe('structure:too-early')
  })
})

describe('ends of the canteen', () => {
  test('that are there already change nothing', () => {
    expect(planSpan(span('2027-06-04'), facts(), YEAR)).toEqual({ ok: true, value: null })
  })

  test.each([
    [span('2026-11-27'), 'structure:too-early'],
    [span('2027-09-01'), 'structure:outside-year'],
    [span('2027-06-04', '2026-08-31'), 'structure:outside-year'],
    [span('2026-09-01'), 'structure:choose-day'],
  ])('%j are refused', (asked, code) => {
    expect(refusal(planSpan(asked, facts(), YEAR))).toBe(code)
  })

  test('leave no change outside that was decided for a later day', () => {
    const next = { ...week, from: '2027-05-03' }
    expect(refusal(planSpan(span('2027-04-30'), facts({ next }), YEAR))).toBe('structure:change-waits')
  })
})

describe('the ends of a school year', () => {
  const year: YearBounds = {
    ...{ startsOn: '2026-09-01', endsOn: '2027-08-31', today: '2026-12-01' },
    others: [{ name: '2027/2028', startsOn: '2027-09-01', endsOn: '2028-08-31' }],
    ...{ firstHeld: '2026-09-14', lastHeld: '2027-06-30' },
  }

  test('move as far as nothing that stands on it is left outside', () => {
    expect(planBounds({ startsOn: '2026-09-14', endsOn: '2027-06-30' }, year)).toEqual({
      ok: true,
      value: { from: '2026-09-14', to: '2027-06-30' },
    })
  })

  test.each([
    [{ startsOn: '2026-09-15', endsOn: '2027-08-31' }, 'structure:year-holds'],
    [{ startsOn: '2026-09-01', endsOn: '2027-06-29' }, 'structure:year-holds'],
    [{ startsOn: '2026-09-01', endsOn: '2027-09-01' }, 'structure:years-overlap'],
    [{ startsOn: '2026-09-01', endsOn: '2026-08-01' }, 'structure:year-order'],
    [{ startsOn: '2026-09-01', endsOn: '2027-08-31' }, 'structure:nothing-changes'],
    [{ startsOn: '', endsOn: '2027-08-31' }, 'structure:choose-day'],
  ])('%j are refused', (asked, code) => {
    expect(refusal(planBounds(asked, year))).toBe(code)
  })
})
