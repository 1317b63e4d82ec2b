import type { Month } from '#lib/kernel/day.ts'
import type { CalendarView } from '#lib/meals/meal.address.ts'
import type { MonthRange } from '#lib/meals/month.ts'

/** Where a person is in the calendars of their children. */
export type CalendarPlace = {
  municipalitySlug: string
  month: Month
  /** The school years whose months can be turned to. */
  years: readonly MonthRange[]
  /** The id of a child, or `ALL_CHILDREN`. */
  child: string
  view: CalendarView
}

/** `givenName`: with the surname, or the year of birth too, where another child of the person has the same. */
export type CalendarChild = { id: string; givenName: string }
