import 'server-only'
import { sql } from 'kysely'
import { asStaff, type Trx } from '#db/client.ts'
import { allowedToStaff } from '#lib/access/capabilities.ts'
import type { Viewer } from '#lib/access/viewer.ts'
import { recordAudit } from '#lib/audit/audit.commands.ts'
import { changedByOther, ok, type Refused, type Result, refused } from '#lib/kernel/result.ts'
import type { Allergen } from '../allergen.ts'
import { type Course, dishFields, dishKey } from '../dish.ts'
import type { NewDish } from '../menu-sheet.ts'
import { dishesIn } from '../rotation.ts'
import { dietsOf, publishedPlans, readDish, servableDishes } from './menu.queries.ts'

const may = (viewer: Viewer): boolean => allowedToStaff(viewer, 'menus:write')
const notFound = (): Refused => refused('request:not-found')

export type DishFields = {
  name: string
  course: Course
  ingredients: string
  allergens: Allergen[] | null
  unsuitedDiets: string[]
}

/** Which dish: a new one (null), or one as it was on the screen. */
export type DishOnScreen = { id: string; revision: number } | null

/**
 * Writes a dish, new or corrected. A correction reaches every menu immediately, the published ones too: an allergen must never
 * wait for a publication, nor be undone by a person who opened the dish before. What was declared before stays in
 * the register.
 */
export async function saveDish(
  viewer: Viewer,
  at: DishOnScreen,
  fields: DishFields,
): Promise<Result<{ id: string }>> {
  if (!may(viewer)) return notFound()
  return asStaff(viewer, async (trx) => {
    const [dishes, diets, before] = await Promise.all([
      servableDishes(trx, viewer.municipalityId),
      dietsOf(trx, viewer.municipalityId),
      at && readDish(trx, viewer.municipalityId, at.id, { lock: true }),
    ])
    if (at && !before) return notFound()
    if (!fields.unsuitedDiets.every((code) => diets.some((diet) => diet.code === code))) return notFound()
    if (at && before && before.revision !== at.revision)
      return changedByOther('menus:dish-changed-meanwhile', {
        who: before.savedBy,
        at: { revision: before.revision },
        fields: dishFields(before),
      })
    const namesake = [...dishes.values()].find((dish) => dishKey(dish.name) === dishKey(fields.name))
    if (namesake && namesake.id !== at?.id) return refused('menus:dish-exists', { name: namesake.name })
    const saved = at ? await updateDish(trx, viewer, at.id, fields) : await insertDish(trx, viewer, fields)
    await recordAudit(trx, viewer, {
      action: 'menus.dish-saved',
      objectType: 'dish',
      objectId: saved,
      details: {
        name: fields.name,
        allergens: declared(fields.allergens),
        ...(before ? { before: declared(before.allergens) } : {}),
      },
    })
    return ok({ id: saved })
  })
}

const declared = (allergens: readonly string[] | null): string | null => allergens?.join(',') ?? null

const rowOf = (fields: Omit<DishFields, 'ingredients'> & { ingredients?: string }) => ({
  name: fields.name,
  course: fields.course,
  ingredients: fields.ingredients ?? '',
  allergens: fields.allergens,
  unsuited_diets: fields.unsuitedDiets,
})

/** Adds a dish to the municipality's list, in the transaction of what needs it. */
export async function insertDish(trx: Trx, viewer: Viewer, fields: DishFields | NewDish): Promise<string> {
  const { id } = await trx
    .insertInto('dish')
    .values({ municipality_id: viewer.municipalityId, ...rowOf(fields), updated_by: viewer.personId })
    .returning('id')
    .executeTakeFirstOrThrow()
  return id
}

async function updateDish(trx: Trx, viewer: Viewer, id: string, fields: DishFields): Promise<string> {
  await trx
    .updateTable('dish')
    .set({
      ...rowOf(fields),
      revision: sql<number>`revision + 1`,
      updated_at: sql<Date>`app_now()`,
      updated_by: viewer.personId,
    })
    .where('municipality_id', '=', viewer.municipalityId)
    .where('id', '=', id)
    .execute()
  return id
}

/** Takes a dish off the list to choose from; refused while a published menu serves it. */
export async function archiveDish(viewer: Viewer, id: string): Promise<Result<null>> {
  if (!may(viewer)) return notFound()
  return asStaff(viewer, async (trx) => {
    const published = await publishedPlans(trx, viewer.municipalityId)
    const inUse = published.some(
      ({ plan }) =>
        dishesIn(plan.rotation).includes(id) ||
        Object.values(plan.replacements).some((instead) => Object.values(instead).includes(id)),
    )
    if (inUse) return refused('menus:dish-in-use')
    const gone = await trx
      .updateTable('dish')
      .set({ archived_at: sql<Date>`app_now()` })
      .where('municipality_id', '=', viewer.municipalityId)
      .where('id', '=', id)
      .where('archived_at', 'is', null)
      .returning('id')
      .executeTakeFirst()
    if (!gone) return notFound()
    await recordAudit(trx, viewer, { action: 'menus.dish-archived', objectType: 'dish', objectId: id })
    return ok(null)
  })
}
