import { addDays, type Day } from '#lib/kernel/day.ts'
import { ok, type Result, refused } from '#lib/kernel/result.ts'
import { phrase } from '#lib/words/language.ts'

/** How a dish went, in the child's words: 3 the best. */
export const SCORES = {
  3: phrase('Mi è piaciuto'),
  2: phrase('Così così'),
  1: phrase('Non l’ho mangiato'),
} as const
export type Score = keyof typeof SCORES

/** For so many days after the meal a family may say how it went, and change it. */
export const RATING_DAYS = 7
export const LONGEST_COMMENT = 300
/** Fewer answers than these are not shown. */
export const SMALLEST_ANSWERS = 5

export type RatingFacts = {
  day: Day
  today: Day
  /** The kitchen closed the day and charged the meal. */
  status: 'open' | 'closed' | 'suspended' | null
  /** Enrolled on that day in that school. */
  enrolled: boolean
  absent: boolean
}

/** May a family say how this meal went? Only after it was served, to a child who was there, for seven days. */
export function judgeRating(facts: RatingFacts): Result<null> {
  if (!facts.enrolled || facts.status === null || facts.status === 'suspended')
    return refused('menus:no-meal-to-rate')
  if (facts.day > facts.today || facts.status === 'open') return refused('menus:not-served-yet')
  if (facts.absent) return refused('menus:was-absent')
  if (facts.today > addDays(facts.day, RATING_DAYS))
    return refused('menus:rating-too-late', { n: RATING_DAYS })
  return ok(null)
}

/** Sums of a dish in one place; never under `SMALLEST_ANSWERS`. */
export type RatingFigure = { answers: number; liked: number; soSo: number; notEaten: number }

/** Whole per cent of the answers; 0 when there are none. */
export const shareOf = (part: number, answers: number): number =>
  answers === 0 ? 0 : Math.round((part / answers) * 100)
