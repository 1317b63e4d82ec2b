import 'server-only'
import { sql } from 'kysely'
import { asStaff } from '#db/client.ts'
import { allowedToStaff } from '#lib/access/capabilities.ts'
import type { Viewer } from '#lib/access/viewer.ts'
import { recordAudit } from '#lib/audit/audit.commands.ts'
import { ok, type Result, refused } from '#lib/kernel/result.ts'

/**
 * Has the provider asked about a payment now, in any state: the worker asks within seconds, and its answer decides as
 * every answer does. Asking moves nothing by itself.
 */
export async function askAgain(viewer: Viewer, id: string): Promise<Result<null>> {
  if (!allowedToStaff(viewer, 'money:adjust')) return refused('request:not-found')
  return asStaff(viewer, async (trx) => {
    const asked = await trx
      .updateTable('top_up')
      .set({ next_check_at: sql<Date>`app_now()`, hinted_at: sql<Date>`app_now()` })
      .where('municipality_id', '=', viewer.municipalityId)
      .where('id', '=', id)
      .returning('id')
      .executeTakeFirst()
    if (!asked) return refused('request:not-found')
    await recordAudit(trx, viewer, { action: 'top-up:asked-again', objectType: 'top_up', objectId: id })
    return ok(null)
  })
}

/** Writes a note of the office about a payment, which stays as it was written. */
export async function notePayment(
  viewer: Viewer,
  { id, note }: { id: string; note: string },
): Promise<Result<null>> {
  if (!allowedToStaff(viewer, 'money:adjust')) return refused('request:not-found')
  return asStaff(viewer, async (trx) => {
    const payment = await trx
      .selectFrom('top_up')
      .select('id')
      .where('municipality_id', '=', viewer.municipalityId)
      .where('id', '=', id)
      .executeTakeFirst()
    if (!payment) return refused('request:not-found')
    await trx
      .insertInto('top_up_note')
      .values({
        municipality_id: viewer.municipalityId,
        top_up_id: id,
        note,
        written_by: viewer.personId,
      })
      .execute()
    await recordAudit(trx, viewer, { action: 'top-up:noted', objectType: 'top_up', objectId: id })
    return ok(null)
  })
}
