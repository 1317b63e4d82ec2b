import type { Day } from '#lib/kernel/day.ts'

/** A diet that ends while the pupil goes on eating, under the common diet or under one to be decided. */
export type EndingDiet = { pupilId: string; lastDay: Day; nextDietCode: string }

/** How many days before its end a family is told, once each: with time for a certificate, and with time for a call. */
export const TOLD_BEFORE = { first: 30, last: 7 } as const

/** Days before its end from which a diet stands on the office's desk, unless it asks for others. */
export const ENDS_SOON_DAYS = TOLD_BEFORE.first

/** How long the desk says of a diet that it has ended, where the common one followed: a mistake is still seen. */
export const ENDED_LATELY_DAYS = 14
