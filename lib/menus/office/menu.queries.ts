import 'server-only'
import { sql } from 'kysely'
import { asStaff, type Trx } from '#db/client.ts'
import { readClock } from '#db/clock.ts'
import { holdsWords } from '#db/search.ts'
import { allowedToStaff } from '#lib/access/capabilities.ts'
import type { Viewer } from '#lib/access/viewer.ts'
import type { Day } from '#lib/kernel/day.ts'
import { ok, type Result, refused } from '#lib/kernel/result.ts'
import { hasChanges, type Life, type PublicationState, stateAt } from '#lib/publishing/lifecycle.ts'
import { COMMON_DIET, UNDECIDED_DIET } from '#lib/school/diet.ts'
import { byCourse, type Course, type Dish } from '../dish.ts'
import {
  allDishes,
  type DishOpinion,
  dishFrom,
  ratingFigures,
  schoolWeeks,
  unsuitedDiets,
} from '../menu.queries.ts'
import { checkMenu, type MenuFinding } from '../menu-check.ts'
import { readSheet } from '../menu-sheet.ts'
import { cellsOf, type MenuPlan, type Replacements, type Rotation } from '../rotation.ts'
import type { DishFilter } from './dish.address.ts'

export type SchoolChoice = { id: string; name: string }
export type DietChoice = { code: string; name: string }

const MOST_DISHES = 400

/** The dishes of the municipality in the order of the table; null for a viewer who may not write menus. */
export async function officeDishes(viewer: Viewer, filter: DishFilter): Promise<Dish[] | null> {
  if (!allowedToStaff(viewer, 'menus:write')) return null
  const rows = await asStaff(viewer, (trx) =>
    trx
      .selectFrom('dish')
      .select(['id', 'name', 'course', 'ingredients', 'allergens', 'unsuited_diets'])
      .where('municipality_id', '=', viewer.municipalityId)
      .where('archived_at', 'is', null)
      .where((where) => (filter.course === '' ? where.lit(true) : where('course', '=', filter.course)))
      .$if(filter.undeclared, (query) => query.where('allergens', 'is', null))
      .$if(filter.text !== '', (query) =>
        query.where(holdsWords(sql`search_key(name || ' ' || ingredients)`, filter.text)),
      )
      .orderBy('name')
      .limit(MOST_DISHES)
      .execute(),
  )
  return rows.map(dishFrom).sort(byCourse)
}

/** A dish under the office's hands, with the count of its changes. */
export type OfficeDish = Dish & { revision: number; savedBy: string | null }

/** A dish that may still be served; null when there is none such, or not for this viewer. */
export async function officeDish(viewer: Viewer, id: string): Promise<OfficeDish | null> {
  if (!allowedToStaff(viewer, 'menus:write')) return null
  return asStaff(viewer, (trx) => readDish(trx, viewer.municipalityId, id, { lock: false }))
}

/** The same in the caller's transaction; locked, a simultaneous save waits. */
export async function readDish(
  trx: Trx,
  municipalityId: string,
  id: string,
  { lock }: { lock: boolean },
): Promise<OfficeDish | null> {
  const row = await trx
    .selectFrom('dish as d')
    .select(['d.id', 'd.name', 'd.course', 'd.ingredients', 'd.allergens', 'd.unsuited_diets', 'd.revision'])
    .select(
      sql<string | null>`(select p.full_name from person p
        where p.municipality_id = ${municipalityId} and p.id = d.updated_by)`.as('savedBy'),
    )
    .where('d.municipality_id', '=', municipalityId)
    .where('d.id', '=', id)
    .where('d.archived_at', 'is', null)
    .$if(lock, (query) => query.forUpdate())
    .executeTakeFirst()
  return row ? { ...dishFrom(row), revision: row.revision, savedBy: row.savedBy } : null
}

/** The diets that eat something else, by name. */
export const dietsOf = (trx: Trx, municipalityId: string): Promise<DietChoice[]> =>
  trx
    .selectFrom('diet')
    .select(['code', 'name'])
    .where('municipality_id', '=', municipalityId)
    .where('code', 'not in', [COMMON_DIET, UNDECIDED_DIET])
    .orderBy('code')
    .execute()

export const schoolsOfMenus = (trx: Trx, municipalityId: string): Promise<SchoolChoice[]> =>
  trx
    .selectFrom('school')
    .select(['id', 'name'])
    .where('municipality_id', '=', municipalityId)
    .orderBy('kind')
    .orderBy('name')
    .execute()

/** Diets and schools to choose from; null for a viewer who may not write menus. */
export async function officeMenuChoices(
  viewer: Viewer,
): Promise<{ schools: SchoolChoice[]; diets: DietChoice[]; today: Day } | null> {
  if (!allowedToStaff(viewer, 'menus:write')) return null
  return asStaff(viewer, async (trx) => {
    const [schools, diets, { today }] = await Promise.all([
      schoolsOfMenus(trx, viewer.municipalityId),
      dietsOf(trx, viewer.municipalityId),
      readClock(trx),
    ])
    return { schools, diets, today }
  })
}

export type OfficeMenuLine = {
  id: string
  name: string
  startsOn: Day
  endsOn: Day
  weeks: number
  schools: string[]
  state: PublicationState
  /** Newer words wait behind what families see. */
  pending: boolean
  savedAt: Date
  author: string
}

type LifeRow = {
  latest_version: number
  published_version: number | null
  withdrawn_at: Date | null
  now: Date
}

/** A menu has no window of its own: its days say when it is served. */
const menuLife = (row: LifeRow): Life => ({
  latestVersion: row.latest_version,
  publishedVersion: row.published_version,
  withdrawnAt: row.withdrawn_at,
})

/** The menus as the office sees them, those that end last first; null for a viewer who may not write menus. */
export async function officeMenus(viewer: Viewer): Promise<OfficeMenuLine[] | null> {
  if (!allowedToStaff(viewer, 'menus:write')) return null
  return asStaff(viewer, async (trx) => {
    const { rows } = await sql<
      LifeRow & {
        id: string
        name: string
        starts_on: Day
        ends_on: Day
        weeks: number
        schools: string[]
        saved_at: Date
        author: string
      }
    >`
      select m.id, m.published_version, m.latest_version, m.withdrawn_at, app_now() as now, v.name, v.starts_on, v.ends_on, v.weeks, v.saved_at,
        p.full_name as author,
        (select coalesce(array_agg(s.name order by s.kind, s.name), '{}') from school s
          where s.municipality_id = ${viewer.municipalityId} and s.id = any(v.school_ids)) as schools
      from menu m
      join menu_version v on v.municipality_id = ${viewer.municipalityId} and v.menu_id = m.id and v.number = m.latest_version
      join person p on p.municipality_id = ${viewer.municipalityId} and p.id = v.author_id
      where m.municipality_id = ${viewer.municipalityId}
      order by v.ends_on desc, v.name limit 100`.execute(trx)
    return rows.map((row) => ({
      id: row.id,
      name: row.name,
      startsOn: row.starts_on,
      endsOn: row.ends_on,
      weeks: row.weeks,
      schools: row.schools,
      state: stateAt(menuLife(row), row.now),
      pending: hasChanges(menuLife(row)),
      savedAt: row.saved_at,
      author: row.author,
    }))
  })
}

/** A menu's newest version under the office's hands. */
export type LatestMenu = {
  id: string
  number: number
  publishedVersion: number | null
  publishedAt: Date | null
  state: PublicationState
  author: string
  plan: MenuPlan
}

const LATEST = (municipalityId: string, id: string) => sql<
  LifeRow & {
    id: string
    number: number
    published_at: Date | null
    author: string
    name: string
    starts_on: Day
    ends_on: Day
    weeks: number
    first_week: number
    school_ids: string[]
    rotation: Rotation
    replacements: Replacements
  }
>`
  select m.id, v.number, m.latest_version, m.published_version, m.published_at, m.withdrawn_at, app_now() as now, p.full_name as author,
    v.name, v.starts_on, v.ends_on, v.weeks, v.first_week, v.school_ids, v.rotation, v.replacements
  from menu m
  join menu_version v on v.municipality_id = ${municipalityId} and v.menu_id = m.id and v.number = m.latest_version
  join person p on p.municipality_id = ${municipalityId} and p.id = v.author_id
  where m.municipality_id = ${municipalityId} and m.id = ${id}::uuid`

/** The newest version of a menu. */
export async function latestMenu(trx: Trx, municipalityId: string, id: string): Promise<LatestMenu | null> {
  const { rows } = await LATEST(municipalityId, id).execute(trx)
  const row = rows[0]
  if (!row) return null
  return {
    id: row.id,
    number: row.number,
    publishedVersion: row.published_version,
    publishedAt: row.published_at,
    state: stateAt(menuLife(row), row.now),
    author: row.author,
    plan: {
      name: row.name,
      startsOn: row.starts_on,
      endsOn: row.ends_on,
      weeks: row.weeks,
      firstWeek: row.first_week,
      schoolIds: row.school_ids,
      rotation: row.rotation,
      replacements: row.replacements,
    },
  }
}

/** The weekdays on which any of these schools has lunch at some time of the menu, in order. */
export function weekdaysServed(
  plan: Pick<MenuPlan, 'schoolIds' | 'startsOn' | 'endsOn'>,
  weeks: readonly { schoolId: string; weekdays: readonly number[]; from: Day; to: Day }[],
): number[] {
  const days = weeks
    .filter(
      (week) =>
        plan.schoolIds.includes(week.schoolId) && week.from <= plan.endsOn && plan.startsOn <= week.to,
    )
    .flatMap((week) => week.weekdays)
  return [...new Set(days)].sort((a, b) => a - b)
}

/** The plan of every menu that families see. */
export async function publishedPlans(
  trx: Trx,
  municipalityId: string,
): Promise<{ id: string; plan: MenuPlan }[]> {
  const { rows } = await sql<MenuPlan & { id: string }>`
    select m.id, v.name, v.starts_on as "startsOn", v.ends_on as "endsOn", v.weeks, v.first_week as "firstWeek",
      v.school_ids as "schoolIds", v.rotation, v.replacements
    from menu m
    join menu_version v on v.municipality_id = ${municipalityId} and v.menu_id = m.id and v.number = m.published_version
    where m.municipality_id = ${municipalityId} and m.withdrawn_at is null`.execute(trx)
  return rows.map(({ id, ...plan }) => ({ id, plan }))
}

export type OfficeMenu = LatestMenu & {
  schools: SchoolChoice[]
  diets: DietChoice[]
  /** Weekdays of the grid. */
  weekdays: number[]
  /** Every dish that may be chosen, and those of the plan that were archived. */
  dishes: Dish[]
  findings: MenuFinding[]
  versions: { number: number; author: string; savedAt: Date }[]
}

/** Everything that the editor shows of a menu; null when there is none such, or not for this viewer. */
export async function officeMenu(viewer: Viewer, id: string): Promise<OfficeMenu | null> {
  if (!allowedToStaff(viewer, 'menus:write')) return null
  const { municipalityId } = viewer
  return asStaff(viewer, async (trx) => {
    const menu = await latestMenu(trx, municipalityId, id)
    if (!menu) return null
    const [schools, diets, weeks, dishes, versions] = await Promise.all([
      schoolsOfMenus(trx, municipalityId),
      dietsOf(trx, municipalityId),
      schoolWeeks(trx, municipalityId),
      servableDishes(trx, municipalityId),
      sql<{ number: number; author: string; savedAt: Date }>`
        select v.number, v.saved_at as "savedAt", p.full_name as author from menu_version v
        join person p on p.municipality_id = ${municipalityId} and p.id = v.author_id
        where v.municipality_id = ${municipalityId} and v.menu_id = ${id}::uuid
        order by v.number desc limit 20`.execute(trx),
    ])
    const weekdays = weekdaysServed(menu.plan, weeks)
    return {
      ...menu,
      schools,
      diets,
      weekdays,
      dishes: [...dishes.values()].sort(byCourse),
      findings: checkMenu(menu.plan, weekdays, dishes),
      versions: versions.rows,
    }
  })
}

/** The dishes that may be put into a menu, by id. */
export async function servableDishes(trx: Trx, municipalityId: string): Promise<Map<string, Dish>> {
  const rows = await trx
    .selectFrom('dish as d')
    .select(['d.id', 'd.name', 'd.course', 'd.ingredients', 'd.allergens'])
    .select(unsuitedDiets(municipalityId).as('unsuited_diets'))
    .where('d.municipality_id', '=', municipalityId)
    .where('d.archived_at', 'is', null)
    .execute()
  return new Map(rows.map((row) => [row.id, dishFrom(row)]))
}

export type OfficeOpinions = {
  shown: boolean
  schools: (SchoolChoice & { dishes: (DishOpinion & { name: string; course: Course })[] })[]
  comments: { schoolName: string; month: string; comment: string }[]
}

/** What families think of the dishes, school by school, without names; null for a viewer who may not read it. */
export async function officeOpinions(viewer: Viewer): Promise<OfficeOpinions | null> {
  if (!allowedToStaff(viewer, 'menus:write')) return null
  return asStaff(viewer, async (trx) => {
    const [schools, dishes, figures, comments, settings] = await Promise.all([
      schoolsOfMenus(trx, viewer.municipalityId),
      allDishes(trx, viewer.municipalityId),
      ratingFigures(trx, viewer.municipalityId),
      sql<{ schoolName: string; month: string; comment: string }>`
        select c.school_name as "schoolName", c.month, c.comment from meal_rating_comments(
          (select max(starts_on) from school_year where municipality_id = ${viewer.municipalityId} and starts_on <= app_today())) c`.execute(
        trx,
      ),
      trx
        .selectFrom('menu_settings')
        .select('show_ratings')
        .where('municipality_id', '=', viewer.municipalityId)
        .executeTakeFirst(),
    ])
    return {
      shown: settings?.show_ratings ?? false,
      comments: comments.rows,
      schools: schools.map((school) => ({
        ...school,
        dishes: figures
          .filter((row) => row.schoolId === school.id)
          .flatMap((row) => {
            const dish = dishes.get(row.dishId)
            return dish ? [{ ...row, name: dish.name, course: dish.course }] : []
          })
          .sort((a, b) => b.liked / b.answers - a.liked / a.answers || a.name.localeCompare(b.name, 'it')),
      })),
    }
  })
}

export type SheetPreview = {
  problems: { line: number; problem: string }[]
  lines: number
  days: { week: number; weekday: number; dishes: string[] }[]
  newDishes: { name: string; course: Course; declared: boolean }[]
}

/** What importing a sheet into a menu would do; nothing is written. */
export async function officeMenuSheet(
  viewer: Viewer,
  id: string,
  text: string,
): Promise<Result<SheetPreview>> {
  if (!allowedToStaff(viewer, 'menus:write')) return refused('request:not-found')
  return asStaff(viewer, async (trx) => {
    const [menu, dishes, diets] = await Promise.all([
      latestMenu(trx, viewer.municipalityId, id),
      servableDishes(trx, viewer.municipalityId),
      dietsOf(trx, viewer.municipalityId),
    ])
    if (!menu) return refused('request:not-found')
    if (text.trim() === '') return refused('menus:sheet-empty')
    const reading = readSheet(text, { weeks: menu.plan.weeks, diets, dishes: [...dishes.values()] })
    return ok({
      problems: reading.problems,
      lines: reading.lines,
      days: cellsOf(reading.days)
        .filter(({ planned }) => planned.length > 0)
        .map(({ week, weekday, planned }) => ({ week, weekday, dishes: planned }))
        .sort((a, b) => a.week - b.week || a.weekday - b.weekday),
      newDishes: reading.newDishes.map(({ name, course, allergens }) => ({
        name,
        course,
        declared: allergens !== null,
      })),
    })
  })
}
