import 'server-only'
import { sql } from 'kysely'
import { asStaff, type Trx } from '#db/client.ts'
import { allowedToStaff } from '#lib/access/capabilities.ts'
import type { Viewer } from '#lib/access/viewer.ts'
import type { Day } from '#lib/kernel/day.ts'
import { type DayMenu, dayMenu } from '../day-menu.ts'
import { byCourse, type Dish } from '../dish.ts'
import { allDishes, readBook } from '../menu.queries.ts'
import type { MenuPlan } from '../rotation.ts'
import { type DietChoice, dietsOf, schoolsOfMenus, servableDishes } from './menu.queries.ts'

/** Whom a one-day change reaches in one school. */
export type ChangeEffect = {
  schoolId: string
  schoolName: string
  /** Why nothing changes there; null when it does. */
  not: 'no-lunch' | 'not-on-the-menu' | 'changed-already' | null
  pupils: number
  families: number
}

export type ChangePreview = {
  effects: ChangeEffect[]
  newDish: Dish
  oldDish: Dish
  /** Diets that do not eat the new dish: how many children follow each that day, and what the menu has for them. */
  diets: (DietChoice & {
    pupils: number
    instead: { kind: 'dish'; dish: Dish } | { kind: 'without' } | null
  })[]
}

export type MenuChangeRequest = { day: Day; schoolIds: readonly string[]; dishId: string; newDishId: string }

/** What a one-day change would do, school by school; null when a dish is not there, or not for this viewer. */
export async function previewChange(viewer: Viewer, asked: MenuChangeRequest): Promise<ChangePreview | null> {
  if (!allowedToStaff(viewer, 'menus:write')) return null
  return asStaff(viewer, (trx) => changeEffects(trx, viewer.municipalityId, asked))
}

/** The preview in the caller's transaction: the command asks again before it announces. */
export async function changeEffects(
  trx: Trx,
  municipalityId: string,
  asked: MenuChangeRequest,
): Promise<ChangePreview | null> {
  const [book, dishes, servable] = await Promise.all([
    readBook(trx, municipalityId),
    allDishes(trx, municipalityId),
    servableDishes(trx, municipalityId),
  ])
  const [oldDish, newDish] = [dishes.get(asked.dishId), servable.get(asked.newDishId)]
  if (!oldDish || !newDish) return null
  const [schools, reached, diets] = await Promise.all([
    schoolsOfMenus(trx, municipalityId),
    sql<{ schoolId: string; dietCode: string; pupils: number; families: number }>`
      select e.school_id as "schoolId", e.diet_code as "dietCode", count(*)::int as pupils, count(distinct p.household_id)::int as families
      from enrolment e
      join pupil p on p.municipality_id = ${municipalityId} and p.id = e.pupil_id
      join service s on s.municipality_id = ${municipalityId} and s.id = e.service_id and s.active
      where e.municipality_id = ${municipalityId} and e.school_id = any(${[...asked.schoolIds]}::uuid[])
        and ${asked.day}::date between e.valid_from and e.valid_to and eats_on(e.weekdays, ${asked.day}::date)
      group by 1, 2`.execute(trx),
    dietsOf(trx, municipalityId),
  ])
  const effects = schools
    .filter(({ id }) => asked.schoolIds.includes(id))
    .map(({ id, name }): ChangeEffect => {
      const rows = reached.rows.filter((row) => row.schoolId === id)
      return {
        schoolId: id,
        schoolName: name,
        not: whyNot(dayMenu(book, id, asked.day), asked.dishId),
        pupils: rows.reduce((sum, row) => sum + row.pupils, 0),
        families: rows.reduce((sum, row) => sum + row.families, 0),
      }
    })
  const touched = new Set(effects.filter((row) => row.not === null).map((row) => row.schoolId))
  return {
    effects,
    oldDish,
    newDish,
    diets: diets
      .filter(({ code }) => newDish.unsuitedDiets.includes(code))
      .map((diet) => ({
        ...diet,
        pupils: reached.rows
          .filter((row) => row.dietCode === diet.code && touched.has(row.schoolId))
          .reduce((sum, row) => sum + row.pupils, 0),
        instead: insteadOf(book.menus, asked.dishId, diet.code, dishes),
      })),
  }
}

function whyNot(menu: DayMenu, dishId: string): ChangeEffect['not'] {
  if (menu.kind !== 'served') return 'no-lunch'
  if (menu.lines.some((line) => line.changed?.from.id === dishId)) return 'changed-already'
  return menu.lines.some((line) => line.dish.id === dishId) ? null : 'not-on-the-menu'
}

function insteadOf(
  menus: readonly MenuPlan[],
  dishId: string,
  diet: string,
  dishes: ReadonlyMap<string, Dish>,
): ChangePreview['diets'][number]['instead'] {
  const found = menus.map((menu) => menu.replacements[dishId]?.[diet]).find((id) => id !== undefined)
  if (found === null) return { kind: 'without' }
  const dish = found === undefined ? undefined : dishes.get(found)
  return dish && !dish.unsuitedDiets.includes(diet) ? { kind: 'dish', dish } : null
}

export type AnnouncedChange = {
  id: string
  day: Day
  schoolName: string
  oldDish: string
  newDish: string
  reason: string
  announcedAt: Date
}

/** The changes announced from today on, the nearest first; null for a viewer who may not write menus. */
export async function announcedChanges(viewer: Viewer): Promise<AnnouncedChange[] | null> {
  if (!allowedToStaff(viewer, 'menus:write')) return null
  const { rows } = await asStaff(viewer, (trx) =>
    sql<AnnouncedChange>`
      select c.id, c.day, s.name as "schoolName", o.name as "oldDish", n.name as "newDish", c.reason, c.announced_at as "announcedAt"
      from menu_change c
      join school s on s.municipality_id = ${viewer.municipalityId} and s.id = c.school_id
      join dish o on o.municipality_id = ${viewer.municipalityId} and o.id = c.dish_id
      join dish n on n.municipality_id = ${viewer.municipalityId} and n.id = c.new_dish_id
      where c.municipality_id = ${viewer.municipalityId} and c.withdrawn_at is null and c.day >= app_today()
      order by c.day, s.name limit 100`.execute(trx),
  )
  return rows
}

/** The dishes on the table of a day in any of these schools, as families see them now; null for a viewer who may not write menus. */
export async function dishesOfDay(
  viewer: Viewer,
  day: Day,
  schoolIds: readonly string[],
): Promise<Dish[] | null> {
  if (!allowedToStaff(viewer, 'menus:write')) return null
  const book = await asStaff(viewer, (trx) => readBook(trx, viewer.municipalityId))
  const served = schoolIds.flatMap((id) => {
    const menu = dayMenu(book, id, day)
    return menu.kind === 'served' ? menu.lines.map((line) => line.dish) : []
  })
  return [...new Map(served.map((dish) => [dish.id, dish])).values()].sort(byCourse)
}
