import { describe, expect, test } from 'vitest'
import { pauseAfter } from '#lib/kitchen/charge.ts'

describe('a count or a charge that failed', () => {
  test.each([
    [1, 2],
    [2, 4],
    [3, 8],
    [7, 128],
    [8, 256],
    [9, 300],
    [10_000, 300],
  ])('after %i failures rests for %i seconds', (failures, seconds) => {
    expect(pauseAfter(failures)).toBe(seconds)
  })
})
