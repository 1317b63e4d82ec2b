import { describe, expect, test } from 'vitest'
import { daysBetween } from '#lib/kernel/day.ts'
import { cutoffOf, plannedDays, type Schedule } from '#lib/school/school-year.ts'
import { exactTimeInRome } from '#lib/words/format-day.ts'

const at = (cutoffTime: string, cutoffDaysBefore = 0) => ({ cutoffTime, cutoffDaysBefore })

describe('until when a meal may change', () => {
  test.each([
    ['in winter', '2026-11-24', at('09:30'), '2026-11-24T08:30:00.000Z'],
    ['in summer', '2027-05-18', at('09:30'), '2027-05-18T07:30:00.000Z'],
    ['on the Friday before summer time', '2027-03-26', at('09:30'), '2027-03-26T08:30:00.000Z'],
    ['on the Sunday on which summer time begins', '2027-03-28', at('09:30'), '2027-03-28T07:30:00.000Z'],
    ['on the Monday after', '2027-03-29', at('09:30'), '2027-03-29T07:30:00.000Z'],
    ['on the Sunday on which it ends', '2026-10-25', at('09:30'), '2026-10-25T08:30:00.000Z'],
    [
      'the day before, over the change of the clock',
      '2027-03-29',
      at('15:00', 1),
      '2027-03-28T13:00:00.000Z',
    ],
    ['the day before, on the first of the year', '2027-01-01', at('15:00', 1), '2026-12-31T14:00:00.000Z'],
    ['at midnight', '2026-11-24', at('00:00'), '2026-11-23T23:00:00.000Z'],
  ])('%s', (_, day, schedule, instant) => {
    expect(cutoffOf(day, schedule).toISOString()).toBe(instant)
  })

  test('is half past nine on the wall clock, every single day of five years', () => {
    for (const day of daysBetween('2026-01-01', '2030-12-31'))
      expect(exactTimeInRome(cutoffOf(day, at('09:30'))), day).toBe('09:30:00')
  })
})

describe('the days of a service', () => {
  const schedule: Schedule = {
    weekdays: [1, 2, 3, 4, 5],
    startsOn: '2026-11-26',
    endsOn: '2026-12-02',
    cutoffTime: '09:30',
    cutoffDaysBefore: 0,
    graceSeconds: 3,
  }

  test('are its weekdays from the first to the last day, both included, without the closed ones', () => {
    const days = plannedDays(schedule, new Set(['2026-11-30']))
    expect(days.map(({ day }) => day)).toEqual(['2026-11-26', '2026-11-27', '2026-12-01', '2026-12-02'])
  })

  test('close a few seconds after their cutoff', () => {
    const [first] = plannedDays(schedule, new Set())
    expect(first?.cutoffAt.toISOString()).toBe('2026-11-26T08:30:00.000Z')
    expect(first?.closeAt.toISOString()).toBe('2026-11-26T08:30:03.000Z')
  })

  test('may be a single weekday, or none', () => {
    expect(plannedDays({ ...schedule, weekdays: [3] }, new Set()).map(({ day }) => day)).toEqual([
      '2026-12-02',
    ])
    expect(plannedDays({ ...schedule, weekdays: [] }, new Set())).toEqual([])
    expect(plannedDays({ ...schedule, endsOn: '2026-11-25' }, new Set())).toEqual([])
  })
})
