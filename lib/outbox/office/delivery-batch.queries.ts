import 'server-only'
import { sql } from 'kysely'
import { asStaff, type Trx } from '#db/client.ts'
import { allowedToStaff } from '#lib/access/capabilities.ts'
import type { Viewer } from '#lib/access/viewer.ts'
import { isEventName, ruleOf } from '#lib/notifications/notification.ts'
import { maskedAddress, maskedPhone } from '../recipient.ts'
import type { DeliveryBatch, DeliveryCounts, UndeliveredLine } from './delivery-batch.ts'

const BATCHES_PER_PAGE = 25

/** What the office sent, newest first, with the counts of each: waiting, sent, refused, in doubt, given up. */
export async function deliveryBatches(
  viewer: Viewer,
  page: number,
): Promise<{ batches: DeliveryBatch[]; page: number; pages: number } | null> {
  if (!allowedToStaff(viewer, 'deliveries:manage')) return null
  return asStaff(viewer, async (trx) => {
    const { n } = await trx
      .selectFrom('delivery_batch')
      .select((eb) => eb.fn.countAll<number>().as('n'))
      .where('municipality_id', '=', viewer.municipalityId)
      .executeTakeFirstOrThrow()
    const pages = Math.max(1, Math.ceil(n / BATCHES_PER_PAGE))
    const shown = Math.min(page, pages)
    const batches = await readBatches(trx, viewer.municipalityId, {
      limit: BATCHES_PER_PAGE,
      offset: (shown - 1) * BATCHES_PER_PAGE,
    })
    return { batches, page: shown, pages }
  })
}

const NONE: DeliveryCounts = { waiting: 0, sent: 0, refused: 0, inDoubt: 0, givenUp: 0 }

async function readBatches(
  trx: Trx,
  municipalityId: string,
  which: { limit: number; offset: number } | { id: string },
): Promise<DeliveryBatch[]> {
  const chosen =
    'id' in which
      ? sql`and b.id = ${which.id}::uuid`
      : sql`order by b.created_at desc, b.id desc limit ${which.limit} offset ${which.offset}`
  const { rows } = await sql<{
    id: string
    event: string
    title: string | null
    at: Date
    told: number
    email: DeliveryCounts | null
    push: DeliveryCounts | null
    sms: DeliveryCounts | null
    retriable: number
  }>`
    select b.id, b.event, b.title, b.created_at as at, o.email, o.push, o.sms, o.retriable,
      (select count(*)::int from notification n where n.municipality_id = ${municipalityId} and n.batch_id = b.id) as told
    from (select b.municipality_id, b.id, b.event, b.title, b.created_at from delivery_batch b where b.municipality_id = ${municipalityId} ${chosen}) b
    left join lateral (
      select jsonb_object_agg(channel, counts) -> 'email' as email, jsonb_object_agg(channel, counts) -> 'push' as push, jsonb_object_agg(channel, counts) -> 'sms' as sms,
        coalesce(sum(retriable), 0)::int as retriable
      from (
        select channel, jsonb_build_object(
          'waiting', count(*) filter (where outcome is null), 'sent', count(*) filter (where outcome = 'sent'),
          'refused', count(*) filter (where outcome = 'refused'), 'inDoubt', count(*) filter (where outcome = 'in_doubt'),
          'givenUp', count(*) filter (where outcome = 'given_up')) as counts,
          count(*) filter (where outcome in ('refused', 'given_up') and channel = 'email' and not secret) as retriable
        from outbox where municipality_id = ${municipalityId} and batch_id = b.id group by channel
      ) by_channel
    ) o on true
    order by b.created_at desc, b.id desc`.execute(trx)
  return rows.map(({ event, email, push, sms, ...row }) => ({
    ...row,
    label: isEventName(event) ? ruleOf(event).label : 'Inviti, codici e conferme',
    email: email ?? NONE,
    push: push ?? NONE,
    sms: sms ?? NONE,
  }))
}

const MOST_REFUSED = 200

const maskedRecipient = (channel: string, recipient: string): string => {
  if (channel === 'push') return 'un dispositivo'
  return channel === 'sms' ? maskedPhone(recipient) : maskedAddress(recipient)
}

/** One batch with the addresses that did not get it, masked; null when there is none. */
export async function deliveryBatch(
  viewer: Viewer,
  id: string,
): Promise<{ batch: DeliveryBatch; refused: UndeliveredLine[] } | null> {
  if (!allowedToStaff(viewer, 'deliveries:manage')) return null
  return asStaff(viewer, async (trx) => {
    const [batch] = await readBatches(trx, viewer.municipalityId, { id })
    if (!batch) return null
    const rows = await trx
      .selectFrom('outbox')
      .select(['id', 'recipient', 'channel', 'outcome', 'last_error', 'attempts'])
      .where('municipality_id', '=', viewer.municipalityId)
      .where('batch_id', '=', id)
      .where('outcome', 'in', ['refused', 'in_doubt', 'given_up'])
      .orderBy('outcome')
      .orderBy('id')
      .limit(MOST_REFUSED)
      .$narrowType<Pick<UndeliveredLine, 'outcome'>>()
      .execute()
    return {
      batch,
      refused: rows.map((row) => ({
        id: row.id,
        address: maskedRecipient(row.channel, row.recipient),
        outcome: row.outcome,
        reason: row.last_error ?? '',
        attempts: row.attempts,
      })),
    }
  })
}
