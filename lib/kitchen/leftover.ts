import { COURSE_ORDER, type Course } from '#lib/menus/dish.ts'

/** What was left of a course: weighed, in grams, or estimated, in per cent of what was served. */
export type Amount = { grams: number; share: null } | { grams: null; share: number }

export type Leftover = {
  id: string
  day: string
  schoolId: string
  schoolName: string
  /** Null: the whole school. */
  className: string | null
  course: Course
} & Amount

export const MOST_GRAMS = 500_000

/** "1,250" kilograms as whole grams; null for what is no weight between 0 and 500 kg. No floating point. */
export function gramsFrom(text: string): number | null {
  const found = /^(\d{1,3})(?:[.,](\d{1,3}))?$/.exec(text.trim())
  if (!found) return null
  const grams = Number(found[1]) * 1000 + Number((found[2] ?? '').padEnd(3, '0'))
  return grams <= MOST_GRAMS ? grams : null
}

/** "15" or "15%" as a whole share of what was served; null for what is none between 0 and 100. */
export function shareFrom(text: string): number | null {
  const found = /^(\d{1,3})\s*%?$/.exec(text.trim())
  const share = found ? Number(found[1]) : Number.NaN
  return share <= 100 ? share : null
}

/** 1250 → "1,25 kg" */
export const kilograms = (grams: number): string =>
  `${(grams / 1000).toLocaleString('it-IT', { maximumFractionDigits: 3 })} kg`

export const amountInWords = ({ grams, share }: Pick<Leftover, 'grams' | 'share'>): string =>
  grams === null ? `${share}%` : kilograms(grams)

export type CourseSum = {
  course: Course
  grams: number
  weighed: number
  share: number | null
  estimated: number
}

/** By course, in the order of the table: the weight in all, and the average of the shares. Courses without a line are left out. */
export function byCourseSums(rows: readonly Pick<Leftover, 'course' | 'grams' | 'share'>[]): CourseSum[] {
  return COURSE_ORDER.flatMap((course): CourseSum[] => {
    const own = rows.filter((row) => row.course === course)
    if (own.length === 0) return []
    const shares = own.flatMap((row) => row.share ?? [])
    return [
      {
        course,
        grams: own.reduce((sum, row) => sum + (row.grams ?? 0), 0),
        weighed: own.length - shares.length,
        share:
          shares.length === 0 ? null : Math.round(shares.reduce((sum, one) => sum + one, 0) / shares.length),
        estimated: shares.length,
      },
    ]
  })
}

/** The measures of one meal of a class or a school, in the order in which they came. */
export type MeasuredMeal = Pick<Leftover, 'id' | 'day' | 'schoolName' | 'className'> & {
  amounts: readonly Leftover[]
}

/** Measures that stand one after the other by meal: the same day, school and class. `id` is that of the first. */
export function byMeal(rows: readonly Leftover[]): MeasuredMeal[] {
  const meals = Map.groupBy(rows, ({ day, schoolId, className }) =>
    JSON.stringify([day, schoolId, className]),
  )
  return [...meals.values()].flatMap((amounts) => {
    const [first] = amounts
    return first ? [{ ...first, amounts }] : []
  })
}
