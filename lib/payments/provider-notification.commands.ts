import 'server-only'
import { createHash } from 'node:crypto'
import { sql } from 'kysely'
import { asSystem, type Trx } from '#db/client.ts'
import { recordAudit } from '#lib/audit/audit.commands.ts'
import { paymentGateway } from './gateway.adapter.ts'
import { type AlarmedTopUp, raiseAlarms } from './payment-alarm.commands.ts'
import { judgeNotification, municipalityOfKey } from './provider-notification.ts'

/** The largest notification that is read. */
export const MAX_NOTIFICATION_BYTES = 64_000

/** What the notification address answers: 200 only when the hint is safely stored. */
export type NotificationAnswer = 200 | 400 | 404 | 413

/**
 * Takes a provider's notification. It proves nothing: an honest one only makes the worker ask the provider immediately.
 * @throws when the database does not answer; the caller says 503 and the provider comes again
 */
export async function receiveNotification(key: string, raw: Uint8Array): Promise<NotificationAnswer> {
  const municipalityId = municipalityOfKey(key)
  if (!municipalityId) return 404
  if (raw.byteLength > MAX_NOTIFICATION_BYTES) return 413
  const gateway = paymentGateway()
  const parsed = gateway.parseNotification(raw)
  return asSystem(municipalityId, async (trx) => {
    const topUp = await trx
      .selectFrom('top_up')
      .select(['id', 'order_id', 'security_token_hash', 'payer_id', 'state'])
      .where('municipality_id', '=', municipalityId)
      .where('notification_key', '=', key)
      .executeTakeFirst()
    if (!topUp) return 404
    const verdict = judgeNotification(parsed, {
      orderId: topUp.order_id,
      secretHash: topUp.security_token_hash,
    })
    const isHonest = verdict === 'accepted' || verdict === 'early'
    const digest = createHash('sha256').update(raw).digest()
    await trx
      .insertInto('notification_inbox')
      .values({
        municipality_id: municipalityId,
        provider: gateway.provider,
        // A forged one must not take the place of the honest one that bears the same event id.
        dedupe_key:
          isHonest && parsed.ok ? `${verdict}:${parsed.dedupeKey}` : `refused:${digest.toString('hex')}`,
        top_up_id: topUp.id,
        verdict,
        body_sha256: digest,
      })
      .onConflict((conflict) => conflict.columns(['municipality_id', 'provider', 'dedupe_key']).doNothing())
      .execute()
    if (isHonest) await askSoon(trx, municipalityId, topUp.id)
    else
      await raiseForgeryAlarm(trx, municipalityId, {
        id: topUp.id,
        payerId: topUp.payer_id,
        isCredited: topUp.state === 'paid',
      })
    return isHonest ? 200 : 400
  })
}

/**
 * The worker reads this instant: its duty *check payments* claims the top-up (`claimDue` in `settlement.commands.ts`) within a
 * second, asks the provider and applies the answer.
 */
const askSoon = (trx: Trx, municipalityId: string, topUpId: string) =>
  trx
    .updateTable('top_up')
    .set({ next_check_at: sql<Date>`app_now()`, hinted_at: sql<Date>`app_now()` })
    .where('municipality_id', '=', municipalityId)
    .where('id', '=', topUpId)
    .execute()

const FORGERIES_BEFORE_ALARM = 5

/** One refused notification may be a mistake; several are an attack. */
async function raiseForgeryAlarm(trx: Trx, municipalityId: string, topUp: AlarmedTopUp): Promise<void> {
  const { count } = await trx
    .selectFrom('notification_inbox')
    .select(({ fn }) => fn.countAll<number>().as('count'))
    .where('municipality_id', '=', municipalityId)
    .where('top_up_id', '=', topUp.id)
    .where('verdict', 'in', ['malformed', 'wrong-order', 'wrong-token'])
    .executeTakeFirstOrThrow()
  if (count !== FORGERIES_BEFORE_ALARM) return
  await recordAudit(
    trx,
    { municipalityId },
    {
      action: 'top-up:forged-notifications',
      objectType: 'top_up',
      objectId: topUp.id,
      outcome: 'refused',
      details: { count },
    },
  )
  await raiseAlarms(trx, municipalityId, topUp, ['forged-notifications'], null)
}
