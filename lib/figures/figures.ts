import type { Month } from '#lib/kernel/day.ts'

/** Meals of one school in one month, from the frozen counts. */
export type MealFigures = {
  month: Month
  schoolId: string
  schoolName: string
  serviceDays: number
  meals: number
  absent: number
}

/** A public number, or null where it is so small that it could point at a person. */
export type PublicNumber = number | null

export type PublicFigures = Omit<MealFigures, 'meals' | 'absent'> & {
  meals: PublicNumber
  absent: PublicNumber
}
export type PublicMonth = {
  month: Month
  meals: PublicNumber
  absent: PublicNumber
  schools: PublicFigures[]
}

/** Below this, and above zero, a number is hidden. */
export const SMALLEST_SHOWN = 5

const isSmall = (value: number): boolean => value > 0 && value < SMALLEST_SHOWN

/**
 * Numbers of one month that add up to a total which is shown too. One hidden number could be found by subtraction, so a second
 * one goes with it, the smallest that is left; with nothing else to hide, the total goes.
 */
export function hideSmall(values: readonly number[]): { shown: PublicNumber[]; total: PublicNumber } {
  const total = values.reduce((sum, value) => sum + value, 0)
  const hidden = new Set(values.flatMap((value, index) => (isSmall(value) ? [index] : [])))
  if (hidden.size === 1) {
    const others = values
      .map((value, index) => ({ value, index }))
      .filter(({ value, index }) => value > 0 && !hidden.has(index))
    const next = others.sort((a, b) => a.value - b.value)[0]
    if (next) hidden.add(next.index)
  }
  const shown = values.map((value, index) => (hidden.has(index) ? null : value))
  const alone = hidden.size === 1 || isSmall(total)
  return { shown, total: alone ? null : total }
}

/** The figures of a municipality as open data: by month, newest first, small numbers hidden. */
export function publicMonths(figures: readonly MealFigures[]): PublicMonth[] {
  const months = [...new Set(figures.map((row) => row.month))].sort().reverse()
  return months.map((month) => {
    const rows = figures
      .filter((row) => row.month === month)
      .sort((a, b) => a.schoolName.localeCompare(b.schoolName, 'it'))
    const meals = hideSmall(rows.map((row) => row.meals))
    const absent = hideSmall(rows.map((row) => row.absent))
    return {
      month,
      meals: meals.total,
      absent: absent.total,
      schools: rows.map((row, index) => ({
        ...row,
        meals: meals.shown[index] ?? null,
        absent: absent.shown[index] ?? null,
      })),
    }
  })
}

/** Meals of all schools by month, newest first. */
export function sumByMonth(
  figures: readonly MealFigures[],
): { month: Month; meals: number; absent: number }[] {
  const months = new Map<Month, { month: Month; meals: number; absent: number }>()
  for (const { month, meals, absent } of figures) {
    const sum = months.get(month) ?? { month, meals: 0, absent: 0 }
    months.set(month, { month, meals: sum.meals + meals, absent: sum.absent + absent })
  }
  return [...months.values()].sort((a, b) => b.month.localeCompare(a.month))
}
