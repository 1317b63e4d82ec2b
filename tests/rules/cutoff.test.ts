import { expect, test } from 'vitest'
import { type CutoffFacts, mayChange } from '#lib/meals/cutoff.ts'

const cutoffAt = new Date('2026-11-24T08:30:00.000Z')
const EARLY = '2026-11-24T08:29:59.999Z'
const LATE = '2026-11-24T08:30:00.000Z'

/** The table that stands over the rule: half past nine in Italy, winter time. */
test.each<[string, CutoffFacts['status'], string, ReturnType<typeof mayChange>]>([
  ['the last millisecond before half past nine', 'open', EARLY, 'accepted'],
  ['half past nine sharp', 'open', LATE, 'too-late'],
  ['the kitchen has its count already', 'closed', EARLY, 'day-closed'],
  ['too late, and the kitchen has its count', 'closed', LATE, 'too-late'],
  ['no canteen on that day', 'suspended', EARLY, 'no-service'],
  ['no canteen on that day, asked late', 'suspended', LATE, 'no-service'],
])('%s', (_, status, arrivedAt, answer) => {
  expect(mayChange({ arrivedAt: new Date(arrivedAt), cutoffAt, status })).toBe(answer)
})
