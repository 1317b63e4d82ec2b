import { describe, expect, test } from 'vitest'
import { amountInWords, byCourseSums, byMeal, gramsFrom, shareFrom } from '#lib/kitchen/leftover.ts'

describe('what was left on the plates', () => {
  test('is weighed in kilograms, with a comma or a point, exact to the gram', () => {
    expect(['1,25', '0.3', '12', '500', '0,001', ' 2,5 '].map(gramsFrom)).toEqual([
      1250, 300, 12_000, 500_000, 1, 2500,
    ])
    expect(['', 'tanto', '-1', '1,2345', '501', '1,5 kg'].map(gramsFrom)).toEqual(Array(6).fill(null))
  })

  test('may be estimated instead, in per cent', () => {
    expect(['0', '15', '15%', '100 %'].map(shareFrom)).toEqual([0, 15, 15, 100])
    expect(['', '101', '-1', '1,5'].map(shareFrom)).toEqual(Array(4).fill(null))
  })

  test('adds up by course, in the order of the table: weights are summed, shares averaged', () => {
    expect(
      byCourseSums([
        { course: 'contorno', grams: null, share: 10 },
        { course: 'primo', grams: 1000, share: null },
        { course: 'primo', grams: 250, share: null },
        { course: 'contorno', grams: null, share: 25 },
        { course: 'contorno', grams: 500, share: null },
      ]),
    ).toEqual([
      { course: 'primo', grams: 1250, weighed: 2, share: null, estimated: 0 },
      { course: 'contorno', grams: 500, weighed: 1, share: 18, estimated: 2 },
    ])
    expect(amountInWords({ grams: 1250, share: null })).toBe('1,25 kg')
    expect(amountInWords({ grams: null, share: 15 })).toBe('15%')
  })

  test('is read meal by meal: a day of a school, and of each class that was measured by itself', () => {
    const measure = (id: string, day: string, className: string | null) => ({
      ...{ id, day, className, schoolId: 's', schoolName: 'Rodari', course: 'primo' as const },
      ...{ grams: 100, share: null },
    })
    const meals = byMeal([
      measure('a', '2026-11-27', null),
      measure('b', '2026-11-27', null),
      measure('c', '2026-11-27', '3A'),
      measure('d', '2026-11-26', null),
    ])
    expect(meals.map(({ id, day, amounts }) => [id, day, amounts.map((amount) => amount.id)])).toEqual([
      ['a', '2026-11-27', ['a', 'b']],
      ['c', '2026-11-27', ['c']],
      ['d', '2026-11-26', ['d']],
    ])
    expect(byMeal([])).toEqual([])
  })
})
