import { slugOf } from '#lib/kernel/slug.ts'
import { type CountLine, mealsByDiet, mealsInLines, type SchoolCount } from './count.ts'
import { type CountState, countStateOf, nextCutoff } from './count-matrix.ts'

/** Schools of one page: with a table each they are what a person reads, and what a browser draws in a moment. */
export const SCHOOLS_PER_PAGE = 20

/** Which schools of a day are asked for. `whole`: all of them on one page, for paper. */
export type CountsAsked = { text: string; page: number; whole: boolean }

/** How many schools a day has, how many of them the words of a search leave, and on which of their pages a person is. */
export type PageOfSchools = { all: number; found: number; page: number; pages: number }

/** What is asked of a day of which nothing is said. */
export const FIRST_PAGE: CountsAsked = { text: '', page: 1, whole: false }

type Head = Omit<SchoolCount, 'lines'>

/** What stands above the schools of a day: all that is cooked, on whichever page a school is. */
export type DayTotals = {
  state: CountState
  cutoffAt: Date | null
  meals: number
  /** The commonest first. */
  diets: { dietCode: string; meals: number }[]
  /** Meals are counted whose charges are still to be written. */
  isChargeDue: boolean
}

export const isChargeDue = ({ charge }: Pick<SchoolCount, 'charge'>): boolean =>
  charge !== null && charge !== 'done'

/** @param lines those of all schools, by class or summed */
export function dayTotals(
  schools: readonly Head[],
  lines: readonly Pick<CountLine, 'serviceId' | 'dietCode' | 'meals'>[],
): DayTotals {
  const cooked = schools.filter(({ isCooked }) => isCooked)
  const services = new Set(cooked.map(({ serviceId }) => serviceId))
  const served = lines.filter(({ serviceId }) => services.has(serviceId))
  return {
    state: countStateOf(cooked),
    cutoffAt: nextCutoff(cooked),
    meals: mealsInLines(served),
    diets: mealsByDiet(served),
    isChargeDue: cooked.some(isChargeDue),
  }
}

/** Words without case, accents and signs, with hyphens between them. */
const folded = (words: string): string => slugOf(words, { otherwise: '', longest: Number.POSITIVE_INFINITY })

/** The schools of a page: those in whose name, or whose kitchen's, every word is. A page beyond the last is the last. */
export function schoolsOfPage<T extends Pick<Head, 'schoolName' | 'kitchenName'>>(
  schools: readonly T[],
  { text, page, whole }: CountsAsked,
): PageOfSchools & { shown: T[] } {
  const words = folded(text).split('-')
  const found = schools.filter(({ schoolName, kitchenName }) => {
    const names = folded(`${schoolName} ${kitchenName ?? ''}`)
    return words.every((word) => names.includes(word))
  })
  const pages = whole ? 1 : Math.max(1, Math.ceil(found.length / SCHOOLS_PER_PAGE))
  const at = Math.min(page, pages)
  const shown = whole ? found : found.slice((at - 1) * SCHOOLS_PER_PAGE, at * SCHOOLS_PER_PAGE)
  return { shown, all: schools.length, found: found.length, page: at, pages }
}
