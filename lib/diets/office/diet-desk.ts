import type { Day } from '#lib/kernel/day.ts'

/** A pupil whose diet waits for the office: none decided, or one that ends soon. */
export type WaitingDiet = {
  pupilId: string
  name: string
  where: string
  dietCode: string
  dietName: string
  severe: boolean
  from: Day
  to: Day
}

export type DietDesk = { undecided: WaitingDiet[]; ending: WaitingDiet[] }

/** Days before its end from which a diet stands on the desk. */
export const ENDS_SOON_DAYS = 30
