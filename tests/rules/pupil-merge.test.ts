import { describe, expect, test } from 'vitest'
import { addDays } from '#lib/kernel/day.ts'
import { uncovered } from '#lib/people/office/pupil-merge.ts'
import fc from '#tests/support/random.ts'

const FIRST = '2026-11-23'
const aPeriod = fc
  .tuple(fc.nat({ max: 30 }), fc.nat({ max: 10 }))
  .map(([from, length]) => ({ from: addDays(FIRST, from), to: addDays(FIRST, from + length) }))

const daysOf = ({ from, to }: { from: string; to: string }): string[] => {
  const days: string[] = []
  for (let day = from; day <= to; day = addDays(day, 1)) days.push(day)
  return days
}

describe('a period without the days of others', () => {
  test('is the whole of it where none meets, and nothing where one covers it', () => {
    const period = { from: '2026-11-23', to: '2026-11-27' }
    expect(uncovered(period, [{ from: '2026-11-28', to: '2026-12-01' }])).toEqual([period])
    expect(uncovered(period, [{ from: '2026-11-01', to: '2026-12-01' }])).toEqual([])
    expect(uncovered(period, [{ from: '2026-11-24', to: '2026-11-25' }])).toEqual([
      { from: '2026-11-23', to: '2026-11-23' },
      { from: '2026-11-26', to: '2026-11-27' },
    ])
  })

  test('has exactly the days that no other has, in pieces that do not meet', () => {
    fc.assert(
      fc.property(aPeriod, fc.array(aPeriod, { maxLength: 5 }), (period, others) => {
        const taken = new Set(others.flatMap(daysOf))
        const left = uncovered(period, others).flatMap(daysOf)
        expect(left.toSorted()).toEqual(daysOf(period).filter((day) => !taken.has(day)))
      }),
    )
  })
})
