import type { Day } from '#lib/kernel/day.ts'
import { type CountFigure, mealsInLines, type SchoolCount } from '#lib/kitchen/count.ts'
import { type CountState, countStateOf, nextCutoff } from '#lib/kitchen/count-matrix.ts'
import { isDecidedDiet, UNDECIDED_DIET } from '#lib/school/diet.ts'

/** The counts of a day in a few numbers. */
export type DayInShort = {
  day: Day
  state: CountState
  schools: number
  meals: number
  absent: number
  /** Meals with a decided special diet, with none decided, of pupils at risk of a severe reaction. */
  special: number
  undecided: number
  severe: number
  /** When the next school can change no more; null where none can. */
  cutoffAt: Date | null
}

/** Sums the counts of a day: of what a kitchen cooks. What is suspended serves nothing. */
export function dayInShort(
  day: Day,
  counts: readonly Pick<SchoolCount, 'serviceId' | 'isCooked' | 'state' | 'cutoffAt'>[],
  figures: readonly CountFigure[],
): DayInShort {
  const schools = counts.filter(({ isCooked }) => isCooked)
  const cooked = new Set(schools.map(({ serviceId }) => serviceId))
  const served = figures.filter(({ serviceId }) => cooked.has(serviceId))
  const meals = (wanted: (code: string) => boolean) =>
    mealsInLines(served.filter(({ dietCode }) => wanted(dietCode)))
  return {
    day,
    state: countStateOf(schools),
    schools: schools.filter(({ state }) => state !== 'suspended').length,
    meals: mealsInLines(served),
    absent: served.reduce((sum, { absent }) => sum + absent, 0),
    special: meals(isDecidedDiet),
    undecided: meals((code) => code === UNDECIDED_DIET),
    severe: served.reduce((sum, { severe }) => sum + severe, 0),
    cutoffAt: nextCutoff(schools),
  }
}

/** The days of *Oggi*: today where there are meals, and the next day that has some. */
export type OfficeDays = { today: Day; now: Date; days: DayInShort[] }
