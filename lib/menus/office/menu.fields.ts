import type { Fields } from '#lib/kernel/form-merge.ts'
import { cellKey, type MenuPlan } from '../rotation.ts'

/** What stands for "nothing in its place" among the choices of a replacement. */
export const WITHOUT = 'senza'

const WEEKDAYS = [1, 2, 3, 4, 5, 6, 7]

/** Name, dates, schools and length of a menu as their form holds them. */
export const frameFields = (plan: Omit<MenuPlan, 'rotation' | 'replacements'>): Fields => ({
  name: plan.name,
  startsOn: plan.startsOn,
  endsOn: plan.endsOn,
  weeks: String(plan.weeks),
  firstWeek: String(plan.firstWeek),
  'schoolIds[]': plan.schoolIds.join(','),
})

/** The dishes of one week: `g-<weekday>[]`. */
export const weekFields = ({ rotation }: Pick<MenuPlan, 'rotation'>, week: number): Fields =>
  Object.fromEntries(
    WEEKDAYS.map((weekday) => [`g-${weekday}[]`, (rotation[cellKey(week, weekday)] ?? []).join(',')]),
  )

/** What each diet eats instead: `r-<dish>-<diet>`. */
export const replacementFields = ({ replacements }: Pick<MenuPlan, 'replacements'>): Fields =>
  Object.fromEntries(
    Object.entries(replacements).flatMap(([dish, instead]) =>
      Object.entries(instead).map(([diet, id]) => [`r-${dish}-${diet}`, id ?? WITHOUT]),
    ),
  )
