import { addDays, type Day, daysBetween, type Weekday } from '#lib/kernel/day.ts'
import { weekdayName } from '#lib/words/format-day.ts'
import type { Language } from '#lib/words/language.ts'
import { type DayMenu, type DishLine, dayMenu, type MenuBook, type PublishedMenu } from './day-menu.ts'
import { byCourse, type Dish } from './dish.ts'
import { cellKey, type MenuPlan, mondayOf, rotationWeek } from './rotation.ts'

export type RotationPage = {
  week: number
  /** One per weekday on which the school has lunch. */
  days: { key: string; heading: string; menu: DayMenu }[]
  /** The Mondays from today's week on of the calendar weeks that serve it. */
  mondays: Day[]
}

/** Fewer would be a surprise in June, more would not be read on a fridge. */
const MOST_MONDAYS = 8

/**
 * A menu week by week, as it is planned: closures and one-day changes are of single days and are not in it.
 * @param diet code of the diet to show it for
 */
export function rotationPages(
  book: MenuBook & { today: Day },
  menu: PublishedMenu,
  schoolId: string,
  diet: string,
  language: Language = 'it',
): RotationPage[] {
  const own = book.schoolWeeks.filter(
    (week) => week.schoolId === schoolId && week.from <= menu.endsOn && menu.startsOn <= week.to,
  )
  const weekdays = [...new Set(own.flatMap(({ weekdays: days }) => days))].sort((a, b) => a - b)
  const planned = { ...book, closures: [], changes: [], menus: [menu] }
  const monday = mondayOf(menu.startsOn)
  const days = daysBetween(menu.startsOn, menu.endsOn)
  return Array.from({ length: menu.weeks }, (_, index) => {
    const week = index + 1
    // Any calendar week that serves it shows it; the menu may begin in the middle of one.
    const served = days.filter((day) => rotationWeek(menu, day) === week)
    const sample = served.find((day) => day >= addDays(monday, 7)) ?? served[0]
    return {
      week,
      days: weekdays.map((weekday) => ({
        key: `${week}-${weekday}`,
        heading: weekdayName(weekday as Weekday, language),
        menu: sample ? dayMenu(planned, schoolId, addDays(mondayOf(sample), weekday - 1), diet) : NOTHING,
      })),
      mondays: [...new Set(served.map(mondayOf))]
        .filter((one) => one >= mondayOf(book.today))
        .slice(0, MOST_MONDAYS),
    }
  })
}

const NOTHING: DayMenu = { kind: 'unpublished' }

/** One week of a plan for the common diet, as the office prints it before it is published. */
export const plannedWeek = (
  plan: Pick<MenuPlan, 'rotation'>,
  week: number,
  weekdays: readonly number[],
  dishes: ReadonlyMap<string, Dish>,
): RotationPage['days'] =>
  weekdays.map((weekday) => {
    const served = (plan.rotation[cellKey(week, weekday)] ?? []).flatMap((id) => dishes.get(id) ?? [])
    const lines = served
      .sort(byCourse)
      .map((dish): DishLine => ({ dish, changed: null, forDiet: { kind: 'same' } }))
    const menu: DayMenu = lines.length > 0 ? { kind: 'served', lines } : NOTHING
    return { key: `${week}-${weekday}`, heading: weekdayName(weekday as Weekday), menu }
  })
