import 'server-only'
import { sql } from 'kysely'
import { asStaff } from '#db/client.ts'
import { allowedToStaff } from '#lib/access/capabilities.ts'
import type { Viewer } from '#lib/access/viewer.ts'
import { recordAudit } from '#lib/audit/audit.commands.ts'
import { ok, type Result, refused } from '#lib/kernel/result.ts'

/**
 * Sends again the mails of a batch that are certain not to have gone, to the address that each person has now. What is
 * in doubt may have gone and is never repeated; mails that held a code have lost it.
 */
export async function retryDeliveryBatch(
  viewer: Viewer,
  batchId: string,
): Promise<Result<{ again: number }>> {
  if (!allowedToStaff(viewer, 'deliveries:manage')) return refused('request:not-found')
  return asStaff(viewer, async (trx) => {
    const { rows } = await sql<{ id: string }>`
      update outbox o set due_at = app_now(), outcome = null, attempts = 0, last_error = null,
        recipient = coalesce((select p.email from person p where p.municipality_id = ${viewer.municipalityId} and p.id = o.person_id), o.recipient)
      where o.municipality_id = ${viewer.municipalityId} and o.batch_id = ${batchId}::uuid and o.channel = 'email'
        and o.outcome in ('refused', 'given_up') and not o.secret
      returning o.id`.execute(trx)
    if (rows.length === 0) return refused('outbox:nothing-to-retry')
    await recordAudit(trx, viewer, {
      action: 'notifications:retried',
      objectType: 'delivery_batch',
      objectId: batchId,
      details: { letters: rows.length },
    })
    return ok({ again: rows.length })
  })
}
