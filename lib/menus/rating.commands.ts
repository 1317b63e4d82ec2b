import 'server-only'
import { sql } from 'kysely'
import { asFamily, database, type Trx } from '#db/client.ts'
import { allowedToFamily } from '#lib/access/capabilities.ts'
import type { Viewer } from '#lib/access/viewer.ts'
import { recordAudit } from '#lib/audit/audit.commands.ts'
import { ok, type Result, refused } from '#lib/kernel/result.ts'
import { dishesOfMeal, mealToJudge, readBook } from './menu.queries.ts'
import { judgeRating, type Score } from './rating.ts'

export type Rating = {
  pupilId: string
  serviceDayId: string
  /** A score by dish id, for as many dishes as the family likes. */
  scores: Readonly<Record<string, Score>>
  comment: string
}

/**
 * What a family thought of a child's meal: one rating per child and day, which either parent may change while the days
 * last. Only of the dishes that the child found on the plate.
 */
export async function rateMeal(viewer: Viewer, rating: Rating): Promise<Result<null>> {
  if (!allowedToFamily(viewer, 'meals:rate')) return refused('request:not-found')
  return asFamily(viewer, async (trx) => {
    const meal = await mealToJudge(trx, viewer, rating.pupilId, rating.serviceDayId)
    if (!meal) return refused('request:not-found')
    const judged = judgeRating({ ...meal, enrolled: true })
    if (!judged.ok) return judged
    if (Object.keys(rating.scores).length === 0) return refused('menus:nothing-said')
    const onThePlate = dishesOfMeal(meal, await readBook(trx, viewer.municipalityId))
    if (!Object.keys(rating.scores).every((id) => onThePlate.includes(id)))
      return refused('menus:unknown-dish')
    await writeRating(trx, viewer, rating)
    await recordAudit(trx, viewer, {
      action: 'meals.rated',
      objectType: 'pupil',
      objectId: rating.pupilId,
      details: { day: meal.day },
    })
    return ok(null)
  })
}

async function writeRating(trx: Trx, viewer: Viewer, rating: Rating): Promise<void> {
  const key = {
    municipality_id: viewer.municipalityId,
    pupil_id: rating.pupilId,
    service_day_id: rating.serviceDayId,
  }
  await trx
    .insertInto('meal_rating')
    .values({ ...key, person_id: viewer.personId, comment: rating.comment })
    .onConflict((again) =>
      again.columns(['municipality_id', 'pupil_id', 'service_day_id']).doUpdateSet({
        person_id: viewer.personId,
        comment: rating.comment,
        changed_at: sql<Date>`app_now()`,
      }),
    )
    .execute()
  await trx
    .deleteFrom('meal_rating_dish')
    .where('municipality_id', '=', key.municipality_id)
    .where('pupil_id', '=', key.pupil_id)
    .where('service_day_id', '=', key.service_day_id)
    .execute()
  await trx
    .insertInto('meal_rating_dish')
    .values(Object.entries(rating.scores).map(([dish_id, score]) => ({ ...key, dish_id, score })))
    .execute()
}

const BATCH = 1_000

/** Forgets ratings of more than 24 months ago, some at a time; the database alone decides. @returns how many went */
export async function purgeRatings(): Promise<number> {
  const { rows } = await sql<{ gone: number }>`select purge_meal_ratings(${BATCH}) as gone`.execute(
    database(),
  )
  return rows[0]?.gone ?? 0
}
