import 'server-only'
import { sql } from 'kysely'
import { asStaff, type Trx } from '#db/client.ts'
import { readClock } from '#db/clock.ts'
import { allowedToStaff } from '#lib/access/capabilities.ts'
import type { Viewer } from '#lib/access/viewer.ts'
import { recordAudit } from '#lib/audit/audit.commands.ts'
import type { Day } from '#lib/kernel/day.ts'
import { ok, type Refused, type Result, refused } from '#lib/kernel/result.ts'
import { adultsOfPupils, notify } from '#lib/notifications/notification.commands.ts'
import { longDay } from '#lib/words/format-day.ts'
import { written } from '#lib/words/written.ts'
import type { Dish } from '../dish.ts'
import { servableDishes } from './menu.queries.ts'
import { type ChangePreview, changeEffects, type MenuChangeRequest } from './menu-change.queries.ts'

const may = (viewer: Viewer): boolean => allowedToStaff(viewer, 'menus:write')
const notFound = (): Refused => refused('request:not-found')

export type ChangeToAnnounce = MenuChangeRequest & {
  reason: string
  /** What the diets eat for which the new dish is not suited; null for nothing in its place. */
  replacements: Readonly<Record<string, string | null>>
}

/**
 * Announces that a dish gives way to another on one day. Nothing is announced for a day that is over, for a dish without
 * its allergens, or while children with a diet would find nothing written.
 */
export async function announceChange(
  viewer: Viewer,
  asked: ChangeToAnnounce,
): Promise<Result<{ schools: number; pupils: number }>> {
  if (!may(viewer)) return notFound()
  return asStaff(viewer, async (trx) => {
    const { today } = await readClock(trx)
    if (asked.day < today) return refused('menus:day-passed')
    if (asked.dishId === asked.newDishId) return refused('menus:same-dish')
    const preview = await changeEffects(trx, viewer.municipalityId, asked)
    if (!preview) return notFound()
    const problem = await changeProblem(trx, viewer, asked, preview)
    if (problem) return problem
    const reached = preview.effects.filter((effect) => effect.not === null)
    await trx
      .insertInto('menu_change')
      .values(
        reached.map(({ schoolId }) => ({
          municipality_id: viewer.municipalityId,
          school_id: schoolId,
          day: asked.day,
          dish_id: asked.dishId,
          new_dish_id: asked.newDishId,
          replacements: JSON.stringify(asked.replacements),
          reason: asked.reason,
          announced_by: viewer.personId,
        })),
      )
      .onConflict((twice) =>
        twice
          .columns(['municipality_id', 'school_id', 'day', 'dish_id'])
          .where('withdrawn_at', 'is', null)
          .doNothing(),
      )
      .execute()
    await recordAudit(trx, viewer, {
      action: 'menus.change-announced',
      objectType: 'day',
      objectId: asked.day,
      details: { schools: reached.length, from: preview.oldDish.name, to: preview.newDish.name },
    })
    await tellFamilies(
      trx,
      viewer,
      asked,
      preview,
      reached.map(({ schoolId }) => schoolId),
    )
    return ok({ schools: reached.length, pupils: reached.reduce((sum, row) => sum + row.pupils, 0) })
  })
}

/** The families of the children who eat in those schools on that day. Dishes only: what a diet finds instead stays in the portal. */
async function tellFamilies(
  trx: Trx,
  viewer: Viewer,
  asked: ChangeToAnnounce,
  { oldDish, newDish }: ChangePreview,
  schoolIds: readonly string[],
): Promise<void> {
  const { rows } = await sql<{ id: string }>`
    select distinct e.pupil_id as id from enrolment e
    join service s on s.municipality_id = ${viewer.municipalityId} and s.id = e.service_id and s.active
    where e.municipality_id = ${viewer.municipalityId} and e.school_id = any(${[...schoolIds]}::uuid[])
      and ${asked.day}::date between e.valid_from and e.valid_to and eats_on(e.weekdays, ${asked.day}::date)`.execute(
    trx,
  )
  const to = await adultsOfPupils(
    trx,
    viewer.municipalityId,
    rows.map(({ id }) => id),
  )
  await notify(trx, viewer.municipalityId, {
    event: 'menu:changed',
    key: `menu:changed:${asked.day}:${asked.dishId}:${asked.newDishId}`,
    to,
    say: (t) => ({
      title: t('Menù cambiato {day}', { day: longDay(asked.day, t.language) }),
      text: t('{new} al posto di {old}. {reason}.', {
        new: written(newDish.name),
        old: written(oldDish.name),
        reason: written(asked.reason),
      }),
    }),
    path: '/menu-figli',
  })
}

async function changeProblem(
  trx: Trx,
  viewer: Viewer,
  asked: ChangeToAnnounce,
  preview: ChangePreview,
): Promise<Refused | null> {
  const { newDish } = preview
  if (!preview.effects.some((effect) => effect.not === null)) return refused('menus:not-on-that-day')
  if (newDish.allergens === null) return refused('menus:needs-allergens', { name: newDish.name })
  const dishes = await servableDishes(trx, viewer.municipalityId)
  const answered = (code: string): boolean => {
    const id = asked.replacements[code]
    if (id === undefined) return false
    return id === null || suits(dishes.get(id), code)
  }
  const missing = preview.diets.find(
    (diet) => !answered(diet.code) && (diet.instead === null || diet.code in asked.replacements),
  )
  return missing ? refused('menus:needs-replacement', { diet: missing.name }) : null
}

const suits = (dish: Dish | undefined, diet: string): boolean =>
  dish !== undefined && dish.allergens !== null && !dish.unsuitedDiets.includes(diet)

/** Takes an announced change back: the planned dish returns. Not for a day that is over. */
export async function withdrawChange(viewer: Viewer, id: string): Promise<Result<null>> {
  if (!may(viewer)) return notFound()
  return asStaff(viewer, async (trx) => {
    const gone = await trx
      .updateTable('menu_change')
      .set({ withdrawn_at: sql<Date>`app_now()` })
      .where('municipality_id', '=', viewer.municipalityId)
      .where('id', '=', id)
      .where('withdrawn_at', 'is', null)
      .where('day', '>=', sql<Day>`app_today()`)
      .returning('id')
      .executeTakeFirst()
    if (!gone) return notFound()
    await recordAudit(trx, viewer, {
      action: 'menus.change-withdrawn',
      objectType: 'menu_change',
      objectId: id,
    })
    return ok(null)
  })
}
