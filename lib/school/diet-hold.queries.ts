import 'server-only'
import { type RawBuilder, sql } from 'kysely'
import type { Trx } from '#db/client.ts'
import type { Day } from '#lib/kernel/day.ts'

/**
 * A relation for a join, named `held`: the pupils for whom a diet is asked on each of some days. A pupil is there once, however many
 * requests wait.
 * @param days a select of one column `day`
 */
export const heldPupils = (municipalityId: string, days: RawBuilder<unknown>): RawBuilder<unknown> => sql`(
  select days.day, h.pupil_id, bool_or(h.severe) as severe from (${days}) days
  join diet_hold h on h.municipality_id = ${municipalityId} and h.since <= days.day and (h.until is null or h.until >= days.day)
  group by days.day, h.pupil_id) held`

/** What the kitchen reads of an enrolment `e` beside `held`: the rule of `plateWhile` (diet.ts), which db/functions/diets.sql has for statements. */
export const SERVED = {
  dietCode: sql<string>`served_diet(e.diet_code, held.pupil_id is not null)`,
  severe: sql<boolean>`(e.severe_reaction or coalesce(held.severe, false))`,
  asked: sql<boolean>`is_asked_beside(e.diet_code, held.pupil_id is not null)`,
}

/** Ends the hold of a request with the day before the diet that was decided on it. */
export const releaseDiet = (trx: Trx, municipalityId: string, submissionId: string, last: Day) =>
  sql`update diet_hold set until = least(until, ${last}::date)
    where municipality_id = ${municipalityId} and submission_id = ${submissionId}::uuid`.execute(trx)
