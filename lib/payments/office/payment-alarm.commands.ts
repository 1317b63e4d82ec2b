import 'server-only'
import { sql } from 'kysely'
import { asStaff, type Trx } from '#db/client.ts'
import { allowedToStaff } from '#lib/access/capabilities.ts'
import type { Viewer } from '#lib/access/viewer.ts'
import { recordAudit } from '#lib/audit/audit.commands.ts'
import { ok, type Result, refused } from '#lib/kernel/result.ts'
import { notify } from '#lib/notifications/notification.commands.ts'
import { paymentSettledNotice } from '../payment-alarm.notice.ts'
import { type Finding, isForPayer } from '../payment-alarm.ts'

type Locked = { top_up_id: string; payer_id: string; finding: Finding; settled: boolean; by: string | null }

/**
 * Marks what was found in a payment as put right, with what the office did: the payer reads it on the page of the payment,
 * and is told, where the finding is the payer's to know. No money moves by it.
 */
export async function settleAlarm(
  viewer: Viewer,
  { id, note }: { id: string; note: string },
): Promise<Result<null>> {
  if (!allowedToStaff(viewer, 'money:adjust')) return refused('request:not-found')
  return asStaff(viewer, async (trx) => {
    const alarm = await lockAlarm(trx, viewer.municipalityId, id)
    if (!alarm) return refused('request:not-found')
    if (alarm.by !== null) return refused('payments:settled-meanwhile', { who: alarm.by })
    if (alarm.settled) return refused('payments:taken-back')
    await trx
      .updateTable('payment_alarm')
      .set({ settled_at: sql<Date>`app_now()`, settled_by: viewer.personId, note })
      .where('municipality_id', '=', viewer.municipalityId)
      .where('id', '=', id)
      .execute()
    await recordAudit(trx, viewer, {
      action: 'top-up:put-right',
      objectType: 'top_up',
      objectId: alarm.top_up_id,
      details: { finding: alarm.finding },
    })
    if (isForPayer(alarm.finding))
      await notify(trx, viewer.municipalityId, {
        event: 'top-up:to-settle',
        key: `payment-settled:${id}`,
        to: [alarm.payer_id],
        money: 'own-payment',
        say: paymentSettledNotice,
        path: `/pagamenti/ricarica/${alarm.top_up_id}`,
      })
    return ok(null)
  })
}

async function lockAlarm(trx: Trx, municipalityId: string, id: string): Promise<Locked | undefined> {
  const { rows } = await sql<Locked>`
    select a.top_up_id, t.payer_id, a.finding, a.settled_at is not null as settled, p.full_name as by
    from payment_alarm a
    join top_up t on t.municipality_id = ${municipalityId} and t.id = a.top_up_id
    left join person p on p.municipality_id = ${municipalityId} and p.id = a.settled_by
    where a.municipality_id = ${municipalityId} and a.id = ${id}::uuid
    for no key update of a`.execute(trx)
  return rows[0]
}
