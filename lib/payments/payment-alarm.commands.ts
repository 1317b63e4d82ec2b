import 'server-only'
import { sql } from 'kysely'
import type { Trx } from '#db/client.ts'
import { recordAudit } from '#lib/audit/audit.commands.ts'
import { log } from '#lib/kernel/log.ts'
import { notify } from '#lib/notifications/notification.commands.ts'
import type { PaymentVerdict } from './gateway.ts'
import { paymentAlarmNotice } from './payment-alarm.notice.ts'
import { centsOf, DOUBTS, type Finding, isClear, isToldToPayer } from './payment-alarm.ts'

/** A payment of which something was found, with its row locked by the caller. `isCredited`: also by the answer in hand. */
export type AlarmedTopUp = { id: string; payerId: string; isCredited: boolean }

/**
 * Calls a person: each finding is kept once, and the first time it is also in the register and, where the payer's money moved,
 * told to the payer. A doubt that had been taken back opens again.
 */
export async function raiseAlarms(
  trx: Trx,
  municipalityId: string,
  topUp: AlarmedTopUp,
  findings: readonly Finding[],
  verdict: PaymentVerdict | null,
): Promise<void> {
  for (const finding of findings) {
    const cents = centsOf(finding, verdict)
    const { rows } = await sql<{ id: string }>`
      insert into payment_alarm as a (municipality_id, top_up_id, finding, cents)
      values (${municipalityId}, ${topUp.id}, ${finding}, ${cents})
      on conflict (municipality_id, top_up_id, finding) do update
        set raised_at = excluded.raised_at, settled_at = null, cents = excluded.cents
        where a.settled_at is not null and a.settled_by is null
      returning id`.execute(trx)
    if (rows.length === 0) continue
    log().error({ topUpId: topUp.id, finding }, 'payments: a top-up needs a person')
    await recordAudit(
      trx,
      { municipalityId },
      { action: 'top-up:alarm', objectType: 'top_up', objectId: topUp.id, details: { finding } },
    )
    if (isToldToPayer(finding) && cents !== null) await tellPayer(trx, municipalityId, topUp, finding, cents)
  }
}

const tellPayer = (
  trx: Trx,
  municipalityId: string,
  topUp: AlarmedTopUp,
  finding: 'surplus' | 'reversed',
  cents: number,
) =>
  notify(trx, municipalityId, {
    event: 'top-up:to-settle',
    key: `top-up-${finding}:${topUp.id}`,
    to: [topUp.payerId],
    money: 'own-payment',
    say: (t) => paymentAlarmNotice(finding, cents, topUp.isCredited, t),
    path: `/pagamenti/ricarica/${topUp.id}`,
  })

/** A clear answer takes back the doubts that earlier ones had raised. */
export async function takeDoubtsBack(
  trx: Trx,
  municipalityId: string,
  topUpId: string,
  verdict: PaymentVerdict,
): Promise<void> {
  if (!isClear(verdict)) return
  await trx
    .updateTable('payment_alarm')
    .set({ settled_at: sql<Date>`app_now()` })
    .where('municipality_id', '=', municipalityId)
    .where('top_up_id', '=', topUpId)
    .where('finding', 'in', DOUBTS)
    .where('settled_at', 'is', null)
    .execute()
}
