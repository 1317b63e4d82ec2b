import { describe, expect, test } from 'vitest'
import { divideByWeight, readYear, yearToShow } from '#lib/invoices/year-expenses.ts'
import fc from '#tests/support/random.ts'

describe('an amount divided among children', () => {
  test('is divided in proportion to what each one ate', () => {
    expect(divideByWeight(10_800, [5_400, 2_700])).toEqual([7_200, 3_600])
  })

  test('gives the cents that are left over to the largest remainders, then to the first', () => {
    expect(divideByWeight(100, [1, 1, 1])).toEqual([34, 33, 33])
    expect(divideByWeight(10, [1, 5])).toEqual([2, 8])
  })

  test('gives nothing to whom nothing was charged, as long as something was to another', () => {
    expect(divideByWeight(540, [0, 540])).toEqual([0, 540])
  })

  test('is not divided when no child ate, or when all of it went back', () => {
    expect(divideByWeight(540, [0, 0])).toEqual([null, null])
    expect(divideByWeight(-540, [540])).toEqual([null])
    expect(divideByWeight(540, [])).toEqual([])
  })

  test('adds up to the amount, whatever the parts', () => {
    const weights = fc.array(fc.nat(10_000_000), { minLength: 1, maxLength: 8 })
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 100_000_000 }), weights, (cents, each) => {
        fc.pre(each.some((weight) => weight > 0))
        const parts = divideByWeight(cents, each)
        expect(parts.reduce<number>((sum, part) => sum + (part ?? 0), 0)).toBe(cents)
        const total = each.reduce((sum, weight) => sum + weight, 0)
        parts.forEach((part, index) => {
          expect(Math.abs((part ?? 0) - (cents * (each[index] ?? 0)) / total)).toBeLessThan(1.000_01)
        })
      }),
    )
  })
})

test('the year of a tax return is the newest that is over; before there is one, the running year', () => {
  expect(yearToShow([2027, 2026, 2025], 2027)).toBe(2026)
  expect(yearToShow([2026], 2026)).toBe(2026)
})

test.each([
  ['2026', 2026],
  ['26', null],
  ['2026-01', null],
  ['1999', null],
  ['２０２６', null],
  ["2026' or 1=1", null],
  [undefined, null],
])('%s is the year %s', (text, year) => {
  expect(readYear(text)).toBe(year)
})
