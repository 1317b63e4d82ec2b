import {
  addMonths,
  type Day,
  daysBetween,
  firstDayOf,
  lastDayOf,
  type Month,
  monthOf,
  type Weekday,
  weekdayOf,
} from '#lib/kernel/day.ts'

/** School-year bounds, both days included. */
export type MonthRange = { from: Day; to: Day }

export type MonthGrid = {
  /** The weekdays shown as columns, Monday first. */
  columns: Weekday[]
  /** One row per week; null before the first and after the last day of the month. */
  weeks: (Day | null)[][]
}

const SCHOOL_WEEK: readonly Weekday[] = [1, 2, 3, 4, 5]

/**
 * The weeks of a month, Monday to Friday; Saturday and Sunday have a column only where a school serves on them.
 * A week without a visible day (a month that starts on a Saturday) is left out.
 */
export function monthGrid(month: Month, served: readonly Weekday[]): MonthGrid {
  const columns = ([1, 2, 3, 4, 5, 6, 7] as const).filter(
    (weekday) => SCHOOL_WEEK.includes(weekday) || served.includes(weekday),
  )
  const weeks: (Day | null)[][] = []
  let week: (Day | null)[] = columns.map(() => null)
  for (const day of daysBetween(firstDayOf(month), lastDayOf(month))) {
    const weekday = weekdayOf(day)
    const column = columns.indexOf(weekday)
    if (column >= 0) week[column] = day
    if (weekday === 7 || day === lastDayOf(month)) {
      if (week.some((cell) => cell !== null)) weeks.push(week)
      week = columns.map(() => null)
    }
  }
  return { columns, weeks }
}

/** The month to show: the one asked for, kept inside the school year. */
export function monthWithin(asked: Month | null, today: Day, year: MonthRange): Month {
  const month = asked ?? monthOf(today)
  if (month < monthOf(year.from)) return monthOf(year.from)
  if (month > monthOf(year.to)) return monthOf(year.to)
  return month
}

/** The year in which a month is shown, of years in their order: the one that has it, else the last that ended before it. */
export const yearOfMonth = (month: Month, years: readonly MonthRange[]): MonthRange | undefined =>
  years.findLast(({ from }) => monthOf(from) <= month) ?? years[0]

/** The months before and after in these years; null at their ends. A summer between two years is passed over. */
export function neighbouringMonths(
  month: Month,
  years: readonly MonthRange[],
): { previous: Month | null; next: Month | null } {
  const months = years.flatMap(monthsOf)
  return {
    previous: months.findLast((other) => other < month) ?? null,
    next: months.find((other) => other > month) ?? null,
  }
}

/** Every month of the school year, in order. */
export function monthsOf(year: MonthRange): Month[] {
  const months: Month[] = []
  for (let month = monthOf(year.from); month <= monthOf(year.to); month = addMonths(month, 1))
    months.push(month)
  return months
}
