import 'server-only'
import { sql } from 'kysely'
import { asStaff, type Trx } from '#db/client.ts'
import { allowedToStaff } from '#lib/access/capabilities.ts'
import { lockedOffice } from '#lib/access/locked-office.commands.ts'
import type { Viewer } from '#lib/access/viewer.ts'
import { recordAudit } from '#lib/audit/audit.commands.ts'
import type { Fields } from '#lib/kernel/form-merge.ts'
import { changedByOther, ok, type Refused, type Result, refused } from '#lib/kernel/result.ts'
import { mayHappen } from '#lib/publishing/lifecycle.ts'
import { dishKey } from '../dish.ts'
import { schoolWeeks } from '../menu.queries.ts'
import { checkMenu } from '../menu-check.ts'
import { readSheet, rotationFrom } from '../menu-sheet.ts'
import {
  cellKey,
  copyWeek,
  type MenuPlan,
  menusOverlap,
  type Replacements,
  type Rotation,
  withoutWeeksAfter,
} from '../rotation.ts'
import { insertDish } from './dish.commands.ts'
import { frameFields, replacementFields, weekFields } from './menu.fields.ts'
import {
  dietsOf,
  type LatestMenu,
  latestMenu,
  publishedPlans,
  servableDishes,
  weekdaysServed,
} from './menu.queries.ts'

const may = (viewer: Viewer): boolean => allowedToStaff(viewer, 'menus:write')
const notFound = (): Refused => refused('request:not-found')

/** What the office says of a menu as a whole. */
export type MenuFrame = Pick<MenuPlan, 'name' | 'startsOn' | 'endsOn' | 'weeks' | 'firstWeek'> & {
  schoolIds: string[]
}

const frameProblem = (frame: MenuFrame): Refused | null =>
  frame.endsOn < frame.startsOn ? refused('menus:dates-reversed') : null

async function knowsSchools(trx: Trx, viewer: Viewer, ids: readonly string[]): Promise<boolean> {
  const { rows } = await sql<{ n: number }>`
    select count(*)::int as n from school where municipality_id = ${viewer.municipalityId} and id = any(${[...ids]}::uuid[])`.execute(
    trx,
  )
  return rows[0]?.n === new Set(ids).size
}

/** A new menu, a draft: no family sees it before it is published. */
export async function createMenu(viewer: Viewer, frame: MenuFrame): Promise<Result<{ id: string }>> {
  if (!may(viewer)) return notFound()
  const problem = frameProblem(frame)
  if (problem) return problem
  return asStaff(viewer, async (trx) => {
    if (!(await knowsSchools(trx, viewer, frame.schoolIds))) return notFound()
    const { id } = await trx
      .insertInto('menu')
      .values({ municipality_id: viewer.municipalityId, latest_version: 1 })
      .returning('id')
      .executeTakeFirstOrThrow()
    await insertVersion(trx, viewer, id, 1, { ...frame, rotation: {}, replacements: {} })
    await recordSave(trx, viewer, id, 1)
    return ok({ id })
  })
}

const recordSave = (trx: Trx, viewer: Viewer, id: string, version: number): Promise<void> =>
  recordAudit(trx, viewer, { action: 'menus.saved', objectType: 'menu', objectId: id, details: { version } })

async function insertVersion(
  trx: Trx,
  viewer: Viewer,
  menuId: string,
  number: number,
  plan: MenuPlan,
): Promise<void> {
  await trx
    .insertInto('menu_version')
    .values({
      municipality_id: viewer.municipalityId,
      menu_id: menuId,
      number,
      name: plan.name,
      starts_on: plan.startsOn,
      ends_on: plan.endsOn,
      weeks: plan.weeks,
      first_week: plan.firstWeek,
      school_ids: [...plan.schoolIds],
      rotation: JSON.stringify(plan.rotation),
      replacements: JSON.stringify(plan.replacements),
      author_id: viewer.personId,
    })
    .execute()
}

export type SavedMenu = { id: string; version: number }

const onMenu = <T>(
  viewer: Viewer,
  id: string,
  work: (trx: Trx, menu: LatestMenu) => Promise<Result<T>>,
): Promise<Result<T>> =>
  lockedOffice(
    viewer,
    'menus:write',
    { table: 'menu', id },
    (trx) => latestMenu(trx, viewer.municipalityId, id),
    work,
  )

/**
 * Changes a menu: the row is locked, the newest version must be the one that the office was looking at, and what comes of
 * it is a new version. What families see stays as it is until it is published.
 * @param fieldsOf what the form would hold now, for a form that started from an older version; null where nothing is typed
 */
async function changeMenu(
  viewer: Viewer,
  id: string,
  baseVersion: number,
  fieldsOf: ((plan: MenuPlan) => Fields) | null,
  change: (trx: Trx, menu: LatestMenu) => Promise<Result<MenuPlan>>,
): Promise<Result<SavedMenu>> {
  return onMenu(viewer, id, async (trx, menu) => {
    if (menu.number !== baseVersion)
      return fieldsOf
        ? changedByOther('menus:changed-meanwhile', {
            who: menu.author,
            at: { version: menu.number },
            fields: fieldsOf(menu.plan),
          })
        : refused('menus:changed-meanwhile', { who: menu.author })
    const changed = await change(trx, menu)
    if (!changed.ok) return changed
    const version = menu.number + 1
    await insertVersion(trx, viewer, id, version, changed.value)
    await trx
      .updateTable('menu')
      .set({ latest_version: version })
      .where('municipality_id', '=', viewer.municipalityId)
      .where('id', '=', id)
      .execute()
    await recordSave(trx, viewer, id, version)
    return ok({ id, version })
  })
}

/** Name, dates, schools and length of the rotation. A shorter rotation drops the weeks that no longer exist. */
export const saveFrame = (
  viewer: Viewer,
  id: string,
  baseVersion: number,
  frame: MenuFrame,
): Promise<Result<SavedMenu>> =>
  changeMenu(viewer, id, baseVersion, frameFields, async (trx, { plan }) => {
    const problem = frameProblem(frame)
    if (problem) return problem
    if (!(await knowsSchools(trx, viewer, frame.schoolIds))) return notFound()
    return ok({ ...plan, ...frame, rotation: withoutWeeksAfter(plan.rotation, frame.weeks) })
  })

/** The dishes of one week, by weekday. Days that are not named stay as they are. */
export const saveWeek = (
  viewer: Viewer,
  id: string,
  baseVersion: number,
  { week, days }: { week: number; days: Readonly<Record<number, readonly string[]>> },
): Promise<Result<SavedMenu>> =>
  changeMenu(
    viewer,
    id,
    baseVersion,
    (plan) => weekFields(plan, week),
    async (trx, { plan }) => {
      if (week > plan.weeks) return notFound()
      const dishes = await servableDishes(trx, viewer.municipalityId)
      const entries = Object.entries(days).map(
        ([weekday, ids]) => [cellKey(week, Number(weekday)), ids] as const,
      )
      if (entries.some(([, ids]) => ids.some((dishId) => !dishes.has(dishId)))) return notFound()
      return ok({ ...plan, rotation: withoutEmpty({ ...plan.rotation, ...Object.fromEntries(entries) }) })
    },
  )

const withoutEmpty = (rotation: Rotation): Rotation =>
  Object.fromEntries(Object.entries(rotation).filter(([, ids]) => ids.length > 0))

/** One week of the rotation as another: what the second had is replaced. */
export const saveCopiedWeek = (
  viewer: Viewer,
  id: string,
  baseVersion: number,
  { from, to }: { from: number; to: number },
): Promise<Result<SavedMenu>> =>
  changeMenu(viewer, id, baseVersion, null, async (_, { plan }) =>
    from > plan.weeks || to > plan.weeks || from === to
      ? notFound()
      : ok({ ...plan, rotation: copyWeek(plan.rotation, from, to) }),
  )

/** What each diet eats instead of each dish. */
export const saveReplacements = (
  viewer: Viewer,
  id: string,
  baseVersion: number,
  replacements: Replacements,
): Promise<Result<SavedMenu>> =>
  changeMenu(viewer, id, baseVersion, replacementFields, async (trx, { plan }) => {
    const dishes = await servableDishes(trx, viewer.municipalityId)
    const named = Object.values(replacements).flatMap((instead) => Object.values(instead))
    if (named.some((dishId) => dishId !== null && !dishes.has(dishId))) return notFound()
    return ok({ ...plan, replacements })
  })

export type Imported = SavedMenu & { lines: number; newDishes: number }

/**
 * Fills the rotation from a sheet, all of it or nothing: dishes that the municipality does not have yet are added, days that the
 * sheet names are replaced.
 */
export async function importSheet(
  viewer: Viewer,
  id: string,
  baseVersion: number,
  text: string,
): Promise<Result<Imported>> {
  const done = { lines: 0, newDishes: 0 }
  const saved = await changeMenu(viewer, id, baseVersion, null, async (trx, { plan }) => {
    const [dishes, diets] = await Promise.all([
      servableDishes(trx, viewer.municipalityId),
      dietsOf(trx, viewer.municipalityId),
    ])
    const reading = readSheet(text, { weeks: plan.weeks, diets, dishes: [...dishes.values()] })
    if (reading.problems.length > 0) return refused('menus:sheet-wrong', { count: reading.problems.length })
    if (reading.lines === 0) return refused('menus:sheet-empty')
    const ids = new Map([...dishes.values()].map((dish) => [dishKey(dish.name), dish.id]))
    for (const dish of reading.newDishes) ids.set(dishKey(dish.name), await insertDish(trx, viewer, dish))
    done.lines = reading.lines
    done.newDishes = reading.newDishes.length
    await recordAudit(trx, viewer, {
      action: 'menus.imported',
      objectType: 'menu',
      objectId: id,
      details: { lines: reading.lines, newDishes: reading.newDishes.length },
    })
    const read = rotationFrom(reading.days, (name) => ids.get(dishKey(name)) as string)
    return ok({ ...plan, rotation: { ...plan.rotation, ...read } })
  })
  return saved.ok ? ok({ ...saved.value, ...done }) : saved
}

/** Puts the newest version before the families, if nothing is missing in it and no other menu has its schools and days. */
export async function publishMenu(viewer: Viewer, id: string, version: number): Promise<Result<SavedMenu>> {
  const { municipalityId } = viewer
  const readAlone = async (trx: Trx) => {
    // One publication at a time, by locking every menu of the municipality: two for one school must not pass each other.
    await sql`select from menu where municipality_id = ${municipalityId} order by id for update`.execute(trx)
    return latestMenu(trx, municipalityId, id)
  }
  return lockedOffice(
    viewer,
    'menus:write',
    { table: 'menu', id, lock: 'none' },
    readAlone,
    async (trx, menu) => {
      if (menu.number !== version) return refused('menus:changed-meanwhile', { who: menu.author })
      if (menu.publishedVersion === version && menu.state === 'published') return refused('menus:nothing-new')
      const [weeks, dishes, published] = await Promise.all([
        schoolWeeks(trx, municipalityId),
        servableDishes(trx, municipalityId),
        publishedPlans(trx, municipalityId),
      ])
      const findings = checkMenu(menu.plan, weekdaysServed(menu.plan, weeks), dishes)
      if (findings.length > 0) return refused('menus:not-ready', { count: findings.length })
      const other = published.find((row) => row.id !== id && menusOverlap(row.plan, menu.plan))
      if (other) return refused('menus:overlap', { name: other.plan.name })
      await trx
        .updateTable('menu')
        .set({
          published_version: version,
          published_at: sql<Date>`app_now()`,
          published_by: viewer.personId,
          withdrawn_at: null,
        })
        .where('municipality_id', '=', municipalityId)
        .where('id', '=', id)
        .execute()
      await recordAudit(trx, viewer, {
        action: 'menus.published',
        objectType: 'menu',
        objectId: id,
        details: { version },
      })
      return ok({ id, version })
    },
  )
}

/** Takes a menu away from the families; it stays in the office and can be published again. */
export async function withdrawMenu(viewer: Viewer, id: string): Promise<Result<null>> {
  return onMenu(viewer, id, async (trx, menu) => {
    if (!mayHappen('menu', 'withdraw', menu.state)) return refused('menus:not-public')
    await trx
      .updateTable('menu')
      .set({ withdrawn_at: sql<Date>`app_now()` })
      .where('municipality_id', '=', viewer.municipalityId)
      .where('id', '=', id)
      .execute()
    await recordAudit(trx, viewer, { action: 'menus.withdrawn', objectType: 'menu', objectId: id })
    return ok(null)
  })
}

/** Whether families see what the others of their school think. */
export async function saveMenuSettings(viewer: Viewer, showRatings: boolean): Promise<Result<null>> {
  if (!may(viewer)) return notFound()
  return asStaff(viewer, async (trx) => {
    await trx
      .insertInto('menu_settings')
      .values({ municipality_id: viewer.municipalityId, show_ratings: showRatings })
      .onConflict((conflict) => conflict.column('municipality_id').doUpdateSet({ show_ratings: showRatings }))
      .execute()
    await recordAudit(trx, viewer, {
      action: 'menus.settings',
      objectType: 'municipality',
      objectId: viewer.municipalityId,
      details: { showRatings },
    })
    return ok(null)
  })
}
