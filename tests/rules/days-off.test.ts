import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { addDays, daysBetween } from '#lib/kernel/day.ts'
import { type DayOff, periodsOff } from '#lib/school/days-off.ts'

const off = (day: string, reason = 'Vacanze di Natale', schoolName: string | null = null): DayOff => ({
  id: `${day} ${schoolName}`,
  day,
  kind: 'holiday',
  reason,
  schoolName,
})

describe('days off in a row', () => {
  test('with one reason are one period, across the end of a month and of a year', () => {
    const days = ['2026-12-30', '2026-12-31', '2027-01-01'].map((day) => off(day))
    expect(periodsOff(days)).toMatchObject([{ from: '2026-12-30', to: '2027-01-01' }])
  })

  test('a day between them, another reason or another school starts a new one', () => {
    expect(periodsOff([off('2026-11-02'), off('2026-11-04')])).toHaveLength(2)
    expect(periodsOff([off('2026-11-02'), off('2026-11-03', 'Sciopero')])).toHaveLength(2)
    expect(periodsOff([off('2026-11-02'), off('2026-11-03', 'Vacanze di Natale', 'Girotondo')])).toHaveLength(
      2,
    )
  })

  test('two schools closed on the same days are two periods, told apart', () => {
    const days = ['2026-11-02', '2026-11-03'].flatMap((day) => [
      off(day, 'Sciopero', 'Girotondo'),
      off(day, 'Sciopero', 'Capoluogo'),
    ])
    expect(periodsOff(days)).toMatchObject([
      { from: '2026-11-02', to: '2026-11-03', schoolName: 'Girotondo' },
      { from: '2026-11-02', to: '2026-11-03', schoolName: 'Capoluogo' },
    ])
  })

  test('no day is lost and none is added, whatever the order', () => {
    const days = fc
      .uniqueArray(fc.integer({ min: 0, max: 40 }))
      .map((ns) => ns.map((n) => off(addDays('2026-12-01', n))))
    fc.assert(
      fc.property(days, (daysOff) => {
        const told = periodsOff(daysOff).flatMap(({ from, to }) => daysBetween(from, to))
        expect(told.sort()).toEqual(daysOff.map(({ day }) => day).sort())
      }),
    )
  })
})
