import { describe, expect, test } from 'vitest'
import type { Weekday } from '#lib/kernel/day.ts'
import { instantInRome } from '#lib/kernel/day.ts'
import { type PlacedDay, planWeek, type Week, type WeekFacts } from '#lib/school/schedule-change.ts'

// Monday 23 November 2026 to Friday 4 December.
const TUESDAY_TO_FRIDAY: Week = { weekdays: [2, 3, 4, 5], cutoffTime: '09:30', cutoffDaysBefore: 0 }

const placed = (day: string, given: Partial<PlacedDay> = {}): PlacedDay => ({
  id: day,
  day,
  status: 'open',
  cutoffAt: instantInRome(day, '09:30'),
  isDropped: false,
  ...given,
})

const facts = (given: Partial<WeekFacts> = {}): WeekFacts => ({
  current: TUESDAY_TO_FRIDAY,
  next: null,
  servedWeekdays: [],
  startsOn: '2026-09-14',
  endsOn: '2026-12-04',
  graceSeconds: 3,
  firstDay: '2026-11-25',
  now: instantInRome('2026-11-24', '12:00'),
  days: [
    '2026-11-25',
    '2026-11-26',
    '2026-11-27',
    '2026-12-01',
    '2026-12-02',
    '2026-12-03',
    '2026-12-04',
  ].map((day) => placed(day)),
  closed: new Set(),
  ...given,
})

const asked = (given: Partial<Week & { from: string }> = {}) => ({
  ...TUESDAY_TO_FRIDAY,
  from: '2026-11-30',
  ...given,
})

const plan = (week: Parameters<typeof planWeek>[0], known = facts()) => {
  const planned = planWeek(week, known)
  if (!planned.ok) throw new Error(planned.code)
  return planned.value
}
const code = (week: Parameters<typeof planWeek>[0], known = facts()) => {
  const planned = planWeek(week, known)
  return planned.ok ? 'planned' : planned.code
}
const days = (all: readonly { day: string }[]) => all.map(({ day }) => day)

describe('a school’s week that changes', () => {
  test('opens the days of a new weekday from its day on, and none before', () => {
    const { open, drop, recut } = plan(asked({ weekdays: [1, 2, 3, 4, 5] }))
    expect(days(open)).toEqual(['2026-11-30'])
    expect(drop).toEqual([])
    expect(recut).toEqual([])
  })

  test('drops the days of a weekday that goes, and leaves the earlier ones', () => {
    const { open, drop } = plan(asked({ weekdays: [2, 3, 4] }))
    expect(open).toEqual([])
    expect(days(drop)).toEqual(['2026-12-04'])
  })

  test('moves the cutoff of the days from its day on', () => {
    const { recut } = plan(asked({ cutoffTime: '09:00' }))
    expect(recut.map(({ id }) => id)).toEqual(['2026-12-01', '2026-12-02', '2026-12-03', '2026-12-04'])
    expect(recut[0]).toMatchObject({
      cutoffAt: instantInRome('2026-12-01', '09:00'),
      closeAt: new Date(instantInRome('2026-12-01', '09:00').getTime() + 3_000),
    })
  })

  test('opens a day again that an earlier change dropped, and no day that another closure suspended', () => {
    const known = facts({
      current: { ...TUESDAY_TO_FRIDAY, weekdays: [2, 3, 4] },
      days: [
        placed('2026-12-03', { status: 'suspended' }),
        placed('2026-12-04', { status: 'suspended', isDropped: true }),
      ],
    })
    const { reopen, open } = plan(asked(), known)
    expect(reopen.map(({ id }) => id)).toEqual(['2026-12-04'])
    expect(days(open)).toEqual(['2026-12-01', '2026-12-02'])
  })

  test('never opens a holiday', () => {
    const closed = new Set(['2026-11-30'])
    expect(days(plan(asked({ weekdays: [1, 2, 3, 4, 5] }), facts({ closed })).open)).toEqual([])
  })

  test.each([
    ['a day that is no day', asked({ from: '2026-02-31', cutoffTime: '09:00' }), 'structure:choose-day'],
    ['a day that is counted', asked({ from: '2026-11-24', cutoffTime: '09:00' }), 'structure:too-early'],
    ['a day after the year', asked({ from: '2026-12-05', cutoffTime: '09:00' }), 'structure:outside-year'],
    ['nothing new', asked(), 'structure:nothing-changes'],
    [
      'a cutoff that is past on its first day',
      asked({ from: '2026-11-25', cutoffTime: '09:00', cutoffDaysBefore: 1 }),
      'structure:cutoff-passed',
    ],
  ])('is refused for %s', (_, week, refusal) => {
    expect(code(week)).toBe(refusal)
  })

  test('gives way, while it has not begun, to one from the same day or an earlier one', () => {
    const next = { ...TUESDAY_TO_FRIDAY, cutoffTime: '09:00', from: '2026-12-01' }
    const known = facts({ next })
    expect(code(asked({ from: '2026-12-02', cutoffTime: '08:30' }), known)).toBe('structure:change-waits')
    expect(plan(asked({ from: '2026-12-01' }), known).before).toEqual(TUESDAY_TO_FRIDAY)
  })

  test('that began is the week of before for the following one, and its earlier weekdays stay in the calendar', () => {
    const next = {
      weekdays: [1, 3] as Weekday[],
      cutoffTime: '09:00',
      cutoffDaysBefore: 0,
      from: '2026-11-02',
    }
    const { before, servedWeekdays } = plan(asked(), facts({ next }))
    expect(before).toMatchObject({ weekdays: [1, 3], cutoffTime: '09:00' })
    expect(servedWeekdays).toEqual([2, 3, 4, 5])
  })
})
