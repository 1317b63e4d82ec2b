import { describe, expect, test } from 'vitest'
import { readTypedDay } from '#lib/desk/typed-day.ts'
import { addDays, parseDay } from '#lib/kernel/day.ts'
import { longDay, longDayWithYear, numericDay, shortDay } from '#lib/words/format-day.ts'
import fc from '#tests/support/random.ts'

/** A Tuesday. */
const TODAY = '2026-11-24'

describe('a typed day', () => {
  test.each([
    ['oggi', '2026-11-24'],
    ['Domani', '2026-11-25'],
    ['dopodomani', '2026-11-26'],
    ['ieri', '2026-11-23'],
    ['3/12', '2026-12-03'],
    ['03/12/2026', '2026-12-03'],
    ['3-12-26', '2026-12-03'],
    ['3.12', '2026-12-03'],
    ['2026-12-03', '2026-12-03'],
    ['3 dicembre', '2026-12-03'],
    ['3 dic', '2026-12-03'],
    ['il 1° dicembre 2026', '2026-12-01'],
    ['giovedì 3 dicembre', '2026-12-03'],
    ['GIOVEDI 3/12', '2026-12-03'],
    ['giovedì', '2026-11-26'],
    ['martedi', '2026-11-24'],
    ['lunedì', '2026-11-30'],
    ['20/8', '2026-08-20'],
    ['7 gennaio', '2027-01-07'],
    ['29 febbraio 2028', '2028-02-29'],
  ])('%s is %s', (typed, day) => {
    expect(readTypedDay(typed, TODAY)).toBe(day)
  })

  test.each([
    ...[
      '',
      'rossi',
      '31/2',
      '31 febbraio',
      '12/2026',
      '3',
      '32 dicembre',
      'marzo',
      'marta',
      'domenico',
      '3/13',
    ],
    ...['dodici dicembre', `3/12${' '.repeat(60)}`, '29/2/2026'],
  ])('“%s” is none', (typed) => {
    expect(readTypedDay(typed, TODAY)).toBeNull()
  })

  test('without its year is the nearest one', () => {
    expect(readTypedDay('20/12', '2027-01-10')).toBe('2026-12-20')
    expect(readTypedDay('10/1', '2026-12-20')).toBe('2027-01-10')
  })

  test('is read back from every way in which the portal writes it', () => {
    fc.assert(
      fc.property(fc.integer({ min: -180, max: 180 }), (days) => {
        const day = addDays(TODAY, days)
        for (const written of [longDay(day), longDayWithYear(day), numericDay(day), day])
          expect(readTypedDay(written, TODAY), written).toBe(day)
        expect(parseDay(readTypedDay(shortDay(day), TODAY) ?? day)).toBe(day)
      }),
    )
  })
})
