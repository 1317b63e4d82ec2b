import type { Day } from '#lib/kernel/day.ts'

/** The charge of a closed day: still to be written, failed and tried again, or written. `null`: there is none. */
export type ChargeState = { failures: number; nextTryAt: Date } | 'done' | null

/** A charge that has failed and is tried again. */
export type FailingCharge = { serviceDayId: string; day: Day; schoolName: string; failures: number }

const FIRST_PAUSE_SECONDS = 2
const LONGEST_PAUSE_SECONDS = 300

/** How long a count or a charge that failed rests before it is tried again: twice as long each time, five minutes at most. */
export const pauseAfter = (failures: number): number =>
  Math.min(FIRST_PAUSE_SECONDS * 2 ** Math.max(0, failures - 1), LONGEST_PAUSE_SECONDS)
