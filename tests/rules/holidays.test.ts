import { describe, expect, test } from 'vitest'
import { regionalClosures } from '#db/town/regional-closures.ts'
import { weekdayOf } from '#lib/kernel/day.ts'
import {
  daysOfSpans,
  eachDayOnce,
  easterOf,
  holidaysBetween,
  nationalHolidays,
} from '#lib/school/holidays.ts'
import { yearlyClosures } from '#lib/school/regional-closures.ts'

const years = Array.from({ length: 201 }, (_, n) => 1900 + n)
const daysOf = (year: number) => nationalHolidays(year).map(({ day }) => day)

describe('Easter', () => {
  test.each([
    [1900, '1900-04-15'],
    [1913, '1913-03-23'],
    [1943, '1943-04-25'],
    [1954, '1954-04-18'],
    [1981, '1981-04-19'],
    [2000, '2000-04-23'],
    [2008, '2008-03-23'],
    [2026, '2026-04-05'],
    [2027, '2027-03-28'],
    [2028, '2028-04-16'],
    [2038, '2038-04-25'],
    [2076, '2076-04-19'],
    [2100, '2100-03-28'],
  ])('of %i is %s', (year, day) => {
    expect(easterOf(year)).toBe(day)
  })

  test('is a Sunday from 22 March to 25 April in every year from 1900 to 2100', () => {
    for (const year of years) {
      const easter = easterOf(year)
      expect(weekdayOf(easter), easter).toBe(7)
      expect(easter >= `${year}-03-22` && easter <= `${year}-04-25`, easter).toBe(true)
    }
  })
})

describe('national holidays', () => {
  test('have 4 October from 2026 on', () => {
    expect(daysOf(2025)).not.toContain('2025-10-04')
    expect(daysOf(2026)).toContain('2026-10-04')
    expect(daysOf(2027)).toContain('2027-10-04')
  })

  test('have Easter and the Monday after it', () => {
    expect(daysOf(2027)).toEqual(expect.arrayContaining(['2027-03-28', '2027-03-29']))
    expect(daysOf(2027)).toHaveLength(13)
  })

  test('of a school year come from both its years, with the patron', () => {
    const days = holidaysBetween({ from: '2026-09-01', to: '2027-08-31' }, { name: 'San Zeno', day: '05-21' })
    expect(days.map(({ day }) => day)).toEqual([
      ...['2026-10-04', '2026-11-01', '2026-12-08', '2026-12-25', '2026-12-26', '2027-01-01', '2027-01-06'],
      ...['2027-03-28', '2027-03-29', '2027-04-25', '2027-05-01', '2027-05-21', '2027-06-02', '2027-08-15'],
    ])
    expect(days.find(({ day }) => day === '2027-05-21')?.reason).toBe('San Zeno')
  })

  test('have a patron of 29 February in leap years alone', () => {
    const patron = { name: 'San Giusto', day: '02-29' }
    const within = (year: number) =>
      holidaysBetween({ from: `${year}-01-01`, to: `${year}-12-31` }, patron).filter(
        ({ reason }) => reason === 'San Giusto',
      )
    expect(within(2027)).toEqual([])
    expect(within(2028)).toEqual([{ day: '2028-02-29', reason: 'San Giusto' }])
  })
})

describe('the closures of a region', () => {
  test('of every year become days of a school year, Easter’s with it', () => {
    expect(regionalClosures('Veneto', 2026)).toEqual([
      { from: '2026-12-24', to: '2027-01-06', reason: 'Vacanze di Natale' },
      { from: '2027-02-08', to: '2027-02-10', reason: 'Carnevale e mercoledì delle Ceneri' },
      { from: '2027-03-25', to: '2027-03-30', reason: 'Vacanze di Pasqua' },
    ])
  })

  test('hold the days that the Veneto closed in the years whose calendar was read, and no bridge of one year', () => {
    expect(regionalClosures('Veneto', 2025)).toEqual([
      { from: '2025-12-24', to: '2026-01-06', reason: 'Vacanze di Natale' },
      { from: '2026-02-16', to: '2026-02-18', reason: 'Carnevale e mercoledì delle Ceneri' },
      { from: '2026-04-02', to: '2026-04-07', reason: 'Vacanze di Pasqua' },
    ])
    expect(regionalClosures('Veneto', 2023)).toContainEqual({
      from: '2024-03-28',
      to: '2024-04-02',
      reason: 'Vacanze di Pasqua',
    })
  })

  test('are not invented for a region that the file does not have', () => {
    expect(regionalClosures('Molise', 2026)).toBeNull()
  })

  test('leave out a span that does not exist in that year', () => {
    expect(yearlyClosures([{ from: '02-29', to: '02-29', reason: 'Bisestile' }], 2026)).toEqual([])
    expect(yearlyClosures([{ from: '02-29', to: '02-29', reason: 'Bisestile' }], 2027)).toHaveLength(1)
  })

  test('name each day once, by its first reason', () => {
    const christmas = { from: '2026-12-24', to: '2026-12-26', reason: 'Vacanze di Natale' }
    const days = eachDayOnce([...daysOfSpans([christmas]), ...nationalHolidays(2026)])
    expect(days.filter(({ day }) => day === '2026-12-25')).toEqual([
      { day: '2026-12-25', reason: 'Vacanze di Natale' },
    ])
    expect(days.map(({ day }) => day)).toEqual(days.map(({ day }) => day).toSorted())
  })
})
