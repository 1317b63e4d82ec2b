import type { Day } from '#lib/kernel/day.ts'
import { mealsInLines, type SchoolCount } from '#lib/kitchen/count.ts'
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

/** Sums the counts of the schools of a day: of what a kitchen cooks. What is suspended serves nothing. */
export function dayInShort(day: Day, counts: readonly SchoolCount[]): DayInShort {
  const schools = counts.filter(({ isCooked }) => isCooked)
  const served = schools.filter(({ state }) => state !== 'suspended')
  const lines = served.flatMap((school) => school.lines)
  const meals = (wanted: (code: string) => boolean) =>
    mealsInLines(lines.filter(({ dietCode }) => wanted(dietCode)))
  return {
    day,
    state: countStateOf(schools),
    schools: served.length,
    meals: mealsInLines(lines),
    absent: lines.reduce((sum, { absent }) => sum + absent, 0),
    special: meals(isDecidedDiet),
    undecided: meals((code) => code === UNDECIDED_DIET),
    severe: lines.reduce((sum, { severe }) => sum + severe, 0),
    cutoffAt: nextCutoff(schools),
  }
}

/** The days of *Oggi*: today where there are meals, and the next day that has some. */
export type OfficeDays = { today: Day; now: Date; days: DayInShort[] }
