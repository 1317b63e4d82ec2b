import { describe, expect, test } from 'vitest'
import { type MealEvent, netChanges } from '#lib/meals/net-change.ts'

const on = (day: string, kind: MealEvent['kind'], pupilId = 'greta'): MealEvent => ({
  pupilId,
  serviceDayId: day,
  day,
  kind,
})

describe('what came of changes of meals', () => {
  test('a meal that was cancelled and restored is as it was', () => {
    expect(netChanges([on('2026-11-24', 'cancelled'), on('2026-11-24', 'restored')])).toEqual({
      cancel: [],
      restore: [],
    })
  })

  test('a meal that was toggled an odd number of times is told once, as it ended', () => {
    const events = Array.from({ length: 31 }, (_, n) => on('2026-11-24', n % 2 ? 'restored' : 'cancelled'))
    expect(netChanges(events)).toEqual({ cancel: [on('2026-11-24', 'cancelled')], restore: [] })
  })

  test('each meal of each pupil ends by itself', () => {
    const events = [
      on('2026-11-24', 'cancelled'),
      on('2026-11-24', 'cancelled', 'sofia'),
      on('2026-11-25', 'restored'),
      on('2026-11-24', 'restored', 'sofia'),
    ]
    expect(netChanges(events)).toEqual({
      cancel: [on('2026-11-24', 'cancelled')],
      restore: [on('2026-11-25', 'restored')],
    })
  })
})
