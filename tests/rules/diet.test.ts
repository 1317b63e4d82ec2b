import { describe, expect, test } from 'vitest'
import { COMMON_DIET, isDecidedDiet, plateWhile, UNDECIDED_DIET } from '#lib/school/diet.ts'
import fc from '#tests/support/random.ts'

describe('what the kitchen prepares while a request for a diet waits', () => {
  test.each([
    ['the common diet', 'STD', 'DA-DEFINIRE', false],
    ['a diet to be decided', 'DA-DEFINIRE', 'DA-DEFINIRE', false],
    ['a decided diet', 'D02', 'D02', true],
  ])('of a pupil with %s', (_, before, prepared, asked) => {
    expect(plateWhile({ dietCode: before, severe: false }, { severe: false })).toEqual({
      dietCode: prepared,
      severe: false,
      asked,
    })
  })

  test('a lactose-free child for whom a celiac diet is asked at risk keeps the first, and the kitchen reads both', () => {
    expect(plateWhile({ dietCode: 'D02', severe: false }, { severe: true })).toEqual({
      dietCode: 'D02',
      severe: true,
      asked: true,
    })
  })

  const plate = fc.record({
    dietCode: fc.constantFrom(COMMON_DIET, UNDECIDED_DIET, 'D02', 'D03'),
    severe: fc.boolean(),
  })

  test('is never less than what held, and never the common diet without a word', () => {
    fc.assert(
      fc.property(plate, fc.boolean(), (before, severe) => {
        const served = plateWhile(before, { severe })
        expect(served.dietCode).not.toBe(COMMON_DIET)
        if (isDecidedDiet(before.dietCode)) expect(served.dietCode).toBe(before.dietCode)
        expect(served.severe).toBe(before.severe || severe)
        expect(served.asked || served.dietCode === UNDECIDED_DIET).toBe(true)
      }),
    )
  })

  test('is what holds where no request waits', () => {
    fc.assert(
      fc.property(plate, (before) => {
        expect(plateWhile(before, null)).toEqual({ ...before, asked: false })
      }),
    )
  })
})
