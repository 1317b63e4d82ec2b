import 'server-only'
import { type Insertable, sql } from 'kysely'
import type { Trx } from '#db/client.ts'
import type { FareAssignment } from '#db/schema.ts'
import type { FarePlan } from './fare-assignment.ts'

type FareOwner = Omit<Insertable<FareAssignment>, 'band_code' | 'valid_from' | 'valid_to'>

/**
 * Writes a plan about a pupil's band, in the caller's transaction, with what it was made from still under lock.
 * @param owner whose band it is, who decides and why
 * @returns the id of the new assignment; null when the plan gives none
 */
export async function applyFare(trx: Trx, plan: FarePlan, owner: FareOwner): Promise<string | null> {
  for (const { id, to } of plan.endFares) {
    await trx
      .updateTable('fare_assignment')
      .set({
        valid_to: to,
        ended_by: owner.given_by,
        ended_at: sql<Date>`app_now()`,
        end_reason: owner.reason ?? '',
      })
      .where('municipality_id', '=', owner.municipality_id)
      .where('id', '=', id)
      .execute()
  }
  if (plan.dropFares.length > 0) {
    await trx
      .deleteFrom('fare_assignment')
      .where('municipality_id', '=', owner.municipality_id)
      .where('id', 'in', plan.dropFares)
      .execute()
  }
  if (!plan.fare) return null
  const { bandCode, from, to } = plan.fare
  const { id } = await trx
    .insertInto('fare_assignment')
    .values({ ...owner, band_code: bandCode, valid_from: from, valid_to: to })
    .returning('id')
    .executeTakeFirstOrThrow()
  return id
}
