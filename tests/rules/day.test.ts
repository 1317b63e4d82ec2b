import { afterEach, describe, expect, test } from 'vitest'
import {
  addDays,
  addMonths,
  dayInRome,
  endOfDay,
  firstDayOf,
  instantInRome,
  lastDayOf,
  parseDay,
  parseMonth,
  weekdayOf,
} from '#lib/kernel/day.ts'
import { instantForField, instantTyped } from '#lib/kernel/instant-field.ts'
import { exactTimeInRome, instantInWords, longDay, timeInRome } from '#lib/words/format-day.ts'
import fc from '#tests/support/random.ts'

const anyDay = fc.integer({ min: 0, max: 60_000 }).map((offset) => addDays('1990-01-01', offset))
const ZONE = process.env.TZ

afterEach(() => {
  if (ZONE === undefined) delete process.env.TZ
  else process.env.TZ = ZONE
})

describe('an instant and the wall clock in Italy', () => {
  test.each([
    ['winter', '2026-11-24', '2026-11-24T08:30:00.000Z'],
    ['summer', '2026-06-05', '2026-06-05T07:30:00.000Z'],
    ['the Friday before the clocks go forward', '2027-03-26', '2027-03-26T08:30:00.000Z'],
    ['the Sunday on which they do', '2027-03-28', '2027-03-28T07:30:00.000Z'],
    ['the Monday after', '2027-03-29', '2027-03-29T07:30:00.000Z'],
    ['the Friday before they go back', '2026-10-23', '2026-10-23T07:30:00.000Z'],
    ['the Sunday on which they do', '2026-10-25', '2026-10-25T08:30:00.000Z'],
    ['the Monday after', '2026-10-26', '2026-10-26T08:30:00.000Z'],
  ])('9:30 in %s (%s)', (_when, day, instant) => {
    for (const zone of ['UTC', 'America/New_York', 'Pacific/Auckland']) {
      process.env.TZ = zone
      expect(instantInRome(day, '09:30').toISOString(), zone).toBe(instant)
    }
  })

  test('convert into each other without loss, in any zone of the server', () => {
    const anyTime = fc.tuple(fc.integer({ min: 3, max: 23 }), fc.integer({ min: 0, max: 59 }))
    fc.assert(
      fc.property(
        anyDay,
        anyTime,
        fc.constantFrom('UTC', 'America/New_York'),
        (day, [hours, minutes], zone) => {
          process.env.TZ = zone
          const time = [hours, minutes].map((part) => String(part).padStart(2, '0')).join(':')
          const instant = instantInRome(day, time)
          expect([dayInRome(instant), exactTimeInRome(instant)]).toEqual([day, `${time}:00`])
        },
      ),
    )
  })

  test('the last minute of a day belongs to it, midnight to the next', () => {
    expect(dayInRome(new Date('2026-11-24T22:59:59.999Z'))).toBe('2026-11-24')
    expect(dayInRome(new Date('2026-11-24T23:00:00.000Z'))).toBe('2026-11-25')
  })

  test('is written as people say it', () => {
    const instant = instantInRome('2026-11-24', '09:05')
    expect([timeInRome(instant), instantInWords(instant), longDay('2026-11-24')]).toEqual([
      '9:05',
      '24/11/2026 alle 9:05',
      'martedì 24 novembre',
    ])
  })
})

describe('a `datetime-local` field', () => {
  test('is in Italy’s time, in winter and in summer', () => {
    expect(instantTyped('2026-12-01T08:00')).toEqual(new Date('2026-12-01T07:00:00Z'))
    expect(instantTyped('2026-07-01T08:00')).toEqual(new Date('2026-07-01T06:00:00Z'))
    expect(instantForField(new Date('2026-12-01T07:00:00Z'))).toBe('2026-12-01T08:00')
    expect(instantForField(null)).toBe('')
    for (const nonsense of ['', '2026-02-30T08:00', '2026-12-01', '2026-12-01T24:00', 'domani'])
      expect(instantTyped(nonsense), nonsense).toBeNull()
  })
})

describe('civil days', () => {
  test('a day is over when the next begins, also when it has 25 hours', () => {
    expect(endOfDay('2026-10-25')).toEqual(new Date('2026-10-25T23:00:00Z'))
  })

  test.each(['2027-02-29', '2026-13-01', '24/11/2026', '1899-12-31', '2026-1-1', '', null, 20261124])(
    '%s is no day',
    (text) => {
      expect(parseDay(text)).toBeNull()
    },
  )

  test('add up over clock changes and leap years', () => {
    expect(addDays('2027-03-27', 2)).toBe('2027-03-29')
    expect(addDays('2028-02-28', 2)).toBe('2028-03-01')
    expect(addMonths('2026-12', 1)).toBe('2027-01')
    expect([firstDayOf('2028-02'), lastDayOf('2028-02')]).toEqual(['2028-02-01', '2028-02-29'])
  })

  test('have the next weekday on the day after', () => {
    fc.assert(
      fc.property(anyDay, (day) => {
        expect(weekdayOf(addDays(day, 1))).toBe((weekdayOf(day) % 7) + 1)
      }),
    )
  })

  test('a month is read like a day', () => {
    expect(parseMonth('2026-11')).toBe('2026-11')
    for (const text of ['2026-00', '2026-13', '11/2026', undefined]) expect(parseMonth(text)).toBeNull()
  })
})
