import { type Day, isWithin, weekdayOf } from '#lib/kernel/day.ts'
import { COMMON_DIET, UNDECIDED_DIET } from '#lib/school/diet.ts'
import { byCourse, type Dish } from './dish.ts'
import { type MenuPlan, plannedDishes } from './rotation.ts'

/** When a school has lunch: its weekdays between two days. A school has one of these per school year. */
export type SchoolWeek = { schoolId: string; weekdays: readonly number[]; from: Day; to: Day }

/** A closure of one school, or (null) of all. */
type Closure = { schoolId: string | null; day: Day; reason: string }

export type PublishedMenu = MenuPlan & { id: string; publishedAt: Date }

/** A dish that gives way to another on one day in one school. */
export type MenuChange = {
  schoolId: string
  day: Day
  dishId: string
  newDishId: string
  /** By diet code: a dish id, or null where the diet goes without. */
  replacements: Readonly<Record<string, string | null>>
  reason: string
  announcedAt: Date
}

/** All that anyone may know of a municipality's menus. */
export type MenuBook = {
  schoolWeeks: readonly SchoolWeek[]
  closures: readonly Closure[]
  menus: readonly PublishedMenu[]
  changes: readonly MenuChange[]
  dishes: ReadonlyMap<string, Dish>
}

/**
 * What a diet eats of a dish. `same`: the data name no reason against it, which is no claim that it is safe.
 * `ask`: the dish is not for the diet and its replacement is not written yet, or the diet is not decided.
 */
export type ForDiet =
  | { kind: 'same' }
  | { kind: 'instead'; dish: Dish }
  | { kind: 'without' }
  | { kind: 'ask' }

export type DishLine = {
  /** What is served without a diet. */
  dish: Dish
  /** The planned dish and the reason, where it was changed for this day. */
  changed: { from: Dish; reason: string } | null
  forDiet: ForDiet
}

export type DayMenu =
  | { kind: 'served'; lines: DishLine[] }
  /** The school has no lunch on this day. */
  | { kind: 'unplanned' }
  | { kind: 'closed'; reason: string }
  /** Lunch, and no menu published for it. */
  | { kind: 'unpublished' }

/** The menu in force for a school on a day: of two by mistake, the one published last. */
export function menuOf(
  menus: readonly PublishedMenu[],
  schoolId: string,
  day: Day,
): PublishedMenu | undefined {
  return menus
    .filter(
      (menu) => menu.schoolIds.includes(schoolId) && isWithin(day, { from: menu.startsOn, to: menu.endsOn }),
    )
    .sort((a, b) => b.publishedAt.getTime() - a.publishedAt.getTime())[0]
}

type Instead = Readonly<Record<string, string | null>> | undefined

function forDiet(
  dish: Dish,
  diet: string,
  written: readonly Instead[],
  dishes: ReadonlyMap<string, Dish>,
): ForDiet {
  if (diet === UNDECIDED_DIET) return { kind: 'ask' }
  if (diet === COMMON_DIET || !dish.unsuitedDiets.includes(diet)) return { kind: 'same' }
  const found = written.map((instead) => instead?.[diet]).find((id) => id !== undefined)
  if (found === undefined) return { kind: 'ask' }
  if (found === null) return { kind: 'without' }
  const replacement = dishes.get(found)
  // A replacement that is itself not for the diet is a mistake of the office: the data carry no answer.
  if (!replacement || replacement.unsuitedDiets.includes(diet)) return { kind: 'ask' }
  return { kind: 'instead', dish: replacement }
}

/** What a school eats on a day, for the common diet or another. */
export function dayMenu(book: MenuBook, schoolId: string, day: Day, diet: string = COMMON_DIET): DayMenu {
  const isServed = book.schoolWeeks.some(
    (week) => week.schoolId === schoolId && isWithin(day, week) && week.weekdays.includes(weekdayOf(day)),
  )
  if (!isServed) return { kind: 'unplanned' }
  const closure = book.closures.find(
    (row) => row.day === day && (row.schoolId === null || row.schoolId === schoolId),
  )
  if (closure) return { kind: 'closed', reason: closure.reason }
  const menu = menuOf(book.menus, schoolId, day)
  if (!menu) return { kind: 'unpublished' }
  const changes = book.changes.filter((row) => row.schoolId === schoolId && row.day === day)
  const lines = plannedDishes(menu, day).flatMap((id): DishLine[] => {
    const planned = book.dishes.get(id)
    if (!planned) return []
    const change = changes.find((row) => row.dishId === id)
    const dish = (change && book.dishes.get(change.newDishId)) ?? planned
    return [
      {
        dish,
        changed: change ? { from: planned, reason: change.reason } : null,
        forDiet: forDiet(dish, diet, [change?.replacements, menu.replacements[id]], book.dishes),
      },
    ]
  })
  if (lines.length === 0) return { kind: 'unpublished' }
  return { kind: 'served', lines: lines.sort((a, b) => byCourse(a.dish, b.dish)) }
}

/** The dish that a diet finds on its plate; null where it goes without or it is not written yet. */
export const dishEatenBy = ({ dish, forDiet: own }: DishLine): Dish | null =>
  own.kind === 'same' ? dish : own.kind === 'instead' ? own.dish : null

/** What the schools of some children eat today, each school once; those without a menu today are left out. */
export function schoolsToday(
  book: MenuBook,
  today: Day,
  children: readonly { schoolId: string; schoolName: string }[],
): { id: string; name: string; dishes: string[] }[] {
  const schools = new Map(children.map(({ schoolId, schoolName }) => [schoolId, schoolName]))
  return [...schools].flatMap(([id, name]) => {
    const menu = dayMenu(book, id, today)
    return menu.kind === 'served' ? [{ id, name, dishes: menu.lines.map(({ dish }) => dish.name) }] : []
  })
}
