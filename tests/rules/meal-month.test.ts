import { describe, expect, test } from 'vitest'
import { addMonths, daysBetween, firstDayOf, lastDayOf, weekdayOf } from '#lib/kernel/day.ts'
import { monthGrid, monthsOf, monthWithin, neighbouringMonths, yearOfMonth } from '#lib/meals/month.ts'
import fc from '#tests/support/random.ts'

const YEAR = { from: '2026-09-09', to: '2027-06-08' }

test('a month is drawn in weeks from Monday to Friday', () => {
  expect(monthGrid('2026-11', [1, 2, 3, 4, 5])).toEqual({
    columns: [1, 2, 3, 4, 5],
    weeks: [
      ['2026-11-02', '2026-11-03', '2026-11-04', '2026-11-05', '2026-11-06'],
      ['2026-11-09', '2026-11-10', '2026-11-11', '2026-11-12', '2026-11-13'],
      ['2026-11-16', '2026-11-17', '2026-11-18', '2026-11-19', '2026-11-20'],
      ['2026-11-23', '2026-11-24', '2026-11-25', '2026-11-26', '2026-11-27'],
      ['2026-11-30', null, null, null, null],
    ],
  })
})

test('a school open on Tuesday to Friday still shows its Mondays', () => {
  expect(monthGrid('2026-11', [2, 3, 4, 5]).columns).toEqual([1, 2, 3, 4, 5])
})

test('a school open on Saturdays alone still shows the week', () => {
  expect(monthGrid('2026-11', [6]).columns).toEqual([1, 2, 3, 4, 5, 6])
  expect(monthGrid('2026-11', []).columns).toEqual([1, 2, 3, 4, 5])
})

test('Saturday has a column only where it is served', () => {
  expect(monthGrid('2026-11', [1, 2, 3, 4, 5, 6]).columns).toEqual([1, 2, 3, 4, 5, 6])
})

test('every visible day appears once, in its weekday column', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 600 }), fc.subarray([6, 7] as const), (offset, weekend) => {
      const month = addMonths('2000-01', offset)
      const { columns, weeks } = monthGrid(month, weekend)
      const drawn = weeks.flat().filter((day) => day !== null)
      const expected = daysBetween(firstDayOf(month), lastDayOf(month)).filter((day) =>
        columns.includes(weekdayOf(day)),
      )
      expect(drawn).toEqual(expected)
      for (const week of weeks) {
        week.forEach((day, column) => {
          if (day) expect(weekdayOf(day)).toBe(columns[column])
        })
      }
    }),
  )
})

test('a month outside the school year shows the nearest one inside', () => {
  expect(monthWithin('2026-07', '2026-11-23', YEAR)).toBe('2026-09')
  expect(monthWithin('2030-01', '2026-11-23', YEAR)).toBe('2027-06')
  expect(monthWithin(null, '2026-11-23', YEAR)).toBe('2026-11')
  expect(monthWithin(null, '2026-08-20', YEAR)).toBe('2026-09')
})

test('one can leaf through the whole school year and no further', () => {
  expect(neighbouringMonths('2026-09', [YEAR])).toEqual({ previous: null, next: '2026-10' })
  expect(neighbouringMonths('2027-06', [YEAR])).toEqual({ previous: '2027-05', next: null })
  expect(neighbouringMonths('2026-10', [YEAR]).previous).toBe('2026-09')
  expect(neighbouringMonths('2027-05', [YEAR]).next).toBe('2027-06')
  expect(monthsOf(YEAR)).toHaveLength(10)
})

describe('next year’s enrolment', () => {
  const NEXT = { from: '2027-09-13', to: '2028-06-05' }

  test('lets one leaf back to last year, over the summer', () => {
    expect(neighbouringMonths('2027-09', [YEAR, NEXT])).toEqual({ previous: '2027-06', next: '2027-10' })
    expect(neighbouringMonths('2027-06', [YEAR, NEXT])).toEqual({ previous: '2027-05', next: '2027-09' })
  })

  test.each([
    ['2027-05', YEAR],
    ['2027-07', YEAR],
    ['2027-09', NEXT],
    ['2030-01', NEXT],
    ['2020-01', YEAR],
  ])('shows %s in the year that has it, or the last before it', (month, year) => {
    expect(yearOfMonth(month, [YEAR, NEXT])).toEqual(year)
  })
})
