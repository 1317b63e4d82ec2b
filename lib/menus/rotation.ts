import { addDays, type Day, daysBetween, weekdayOf } from '#lib/kernel/day.ts'

/** Dish ids by `week-weekday`: "2-5" is the Friday of the second week. A key that is missing is a day without dishes. */
export type Rotation = Readonly<Record<string, readonly string[]>>

/** What a diet eats instead of a dish: another one, or (null) nothing in its place. By dish, then by diet code. */
export type Replacements = Readonly<Record<string, Readonly<Record<string, string | null>>>>

/** A menu as one of its versions has it. */
export type MenuPlan = {
  name: string
  startsOn: Day
  endsOn: Day
  /** Weeks of the rotation. */
  weeks: number
  /** The week of the rotation served in the calendar week of `startsOn`. */
  firstWeek: number
  schoolIds: readonly string[]
  rotation: Rotation
  replacements: Replacements
}

export const MOST_WEEKS = 12

export const cellKey = (week: number, weekday: number): string => `${week}-${weekday}`

/** The cells of a rotation, or of what is planned like one. */
export const cellsOf = <T>(
  planned: Readonly<Record<string, T>>,
): { week: number; weekday: number; planned: T }[] =>
  Object.entries(planned).map(([key, each]) => {
    const [week = 0, weekday = 0] = key.split('-').map(Number)
    return { week, weekday, planned: each }
  })

const rotationOf = (cells: ReturnType<typeof cellsOf<readonly string[]>>): Rotation =>
  Object.fromEntries(cells.map(({ week, weekday, planned }) => [cellKey(week, weekday), planned]))

/** The Monday of a day's week. */
export const mondayOf = (day: Day): Day => addDays(day, 1 - weekdayOf(day))

const MS_PER_WEEK = 7 * 86_400_000

/** Whole weeks from one Monday to another: civil arithmetic, no clock change in it. */
const weeksBetween = (from: Day, to: Day): number =>
  (Date.parse(`${to}T00:00:00Z`) - Date.parse(`${from}T00:00:00Z`)) / MS_PER_WEEK

/**
 * The week of the rotation that a day belongs to, from 1. Weeks follow the calendar: a closure or a holiday does not shift
 * them, so that what hangs on the fridge stays true. Null outside the menu's validity.
 */
export function rotationWeek(
  plan: Pick<MenuPlan, 'startsOn' | 'endsOn' | 'weeks' | 'firstWeek'>,
  day: Day,
): number | null {
  if (day < plan.startsOn || day > plan.endsOn) return null
  const passed = weeksBetween(mondayOf(plan.startsOn), mondayOf(day))
  return ((plan.firstWeek - 1 + passed) % plan.weeks) + 1
}

/** The dishes of a day, as ids; empty outside the validity and where nothing is planned. */
export function plannedDishes(plan: MenuPlan, day: Day): readonly string[] {
  const week = rotationWeek(plan, day)
  return week === null ? [] : (plan.rotation[cellKey(week, weekdayOf(day))] ?? [])
}

/** The seven days of the week that begins on a Monday. */
export const weekDays = (monday: Day): Day[] => daysBetween(monday, addDays(monday, 6))

/** Do two menus serve one school on one day? */
export const menusOverlap = (a: MenuPlan, b: MenuPlan): boolean =>
  a.startsOn <= b.endsOn && b.startsOn <= a.endsOn && a.schoolIds.some((id) => b.schoolIds.includes(id))

/** Every dish that a rotation names, each once. */
export const dishesIn = (rotation: Rotation): string[] => [...new Set(Object.values(rotation).flat())]

/** The rotation with one week's dishes taken from another: what was there is replaced. */
export function copyWeek(rotation: Rotation, from: number, to: number): Rotation {
  const cells = cellsOf(rotation)
  const copied = cells.filter(({ week }) => week === from).map((cell) => ({ ...cell, week: to }))
  return rotationOf([...cells.filter(({ week }) => week !== to), ...copied])
}

/** The rotation without the weeks after `weeks`: what a shorter menu keeps. */
export const withoutWeeksAfter = (rotation: Rotation, weeks: number): Rotation =>
  rotationOf(cellsOf(rotation).filter(({ week }) => week <= weeks))
