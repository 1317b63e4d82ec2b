import 'server-only'
import { type RawBuilder, sql } from 'kysely'
import { asStaff, type Trx } from '#db/client.ts'
import { holdsWords } from '#db/search.ts'
import { allowedToStaff } from '#lib/access/capabilities.ts'
import type { Viewer } from '#lib/access/viewer.ts'
import { recordAudit } from '#lib/audit/audit.commands.ts'
import { readListState } from '#lib/lists/list.address.ts'
import { type ListSource, linesMatching, readListPage } from '#lib/lists/list.queries.ts'
import { type DownloadedList, filtersUsed, type ListRow, listFor, type OpenedList } from '#lib/lists/list.ts'
import { isEventName, ruleOf } from '#lib/notifications/notification.ts'
import type { SearchParams } from '#lib/web/query-params.ts'
import { instantInWords } from '#lib/words/format-day.ts'
import { maskedAddress, maskedPhone } from '../recipient.ts'
import { DELIVERY_BATCH_LIST } from './delivery-batch.list.ts'
import type { DeliveryBatch, DeliveryCounts, UndeliveredLine } from './delivery-batch.ts'

const outboxHas = (municipalityId: string, outcome: RawBuilder<unknown>) =>
  sql`exists (select from outbox o where o.municipality_id = ${municipalityId} and o.batch_id = b.id and ${outcome})`

const batchSource = (municipalityId: string): ListSource => ({
  from: () => sql`from delivery_batch b where b.municipality_id = ${municipalityId}`,
  line: { name: sql`b`, columns: sql`b.id, b.created_at` },
  id: sql`b.id`,
  base: () => sql`to_char(b.created_at at time zone 'UTC', 'YYYYMMDDHH24MISSUS')`,
  baseKey: 'quando',
  sorts: {},
  filters: {
    cerca: (typed) => holdsWords(sql`search_key(coalesce(b.title, ''))`, typed),
    tipo: (event) => sql`b.event = ${event}`,
    stato: (state) =>
      outboxHas(
        municipalityId,
        state === 'in-coda' ? sql`o.outcome is null` : sql`o.outcome in ('refused', 'in_doubt', 'given_up')`,
      ),
  },
  read: async (trx, ids) => (await readBatches(trx, municipalityId, ids)).map(lineOf),
})

function lineOf(batch: DeliveryBatch): ListRow {
  const sum = (state: keyof DeliveryCounts) => batch.email[state] + batch.push[state] + batch.sms[state]
  return {
    id: batch.id,
    href: `invii/${batch.id}`,
    cells: {
      messaggio: batch.title ?? 'A persone singole',
      tipo: batch.label,
      quando: instantInWords(batch.at),
      avvisati: batch.told,
      spediti: sum('sent'),
      coda: sum('waiting'),
      rifiutati: sum('refused'),
      dubbio: sum('inDoubt'),
      abbandonati: sum('givenUp'),
    },
  }
}

/** A page of what the office sent, with how much of each went, waits and did not arrive. Null for a viewer who may not. */
export async function deliveryBatchList(viewer: Viewer, params: SearchParams): Promise<OpenedList | null> {
  if (!allowedToStaff(viewer, DELIVERY_BATCH_LIST.opens)) return null
  const { municipalityId } = viewer
  const list = listFor(DELIVERY_BATCH_LIST, viewer)
  const state = readListState(list, params)
  return asStaff(viewer, async (trx) => {
    const page = await readListPage(trx, batchSource(municipalityId), state)
    const { rows } = await sql<{ event: string }>`
      select distinct b.event from delivery_batch b where b.municipality_id = ${municipalityId}`.execute(trx)
    const kinds = rows.map(({ event }) => ({ value: event, label: labelOf(event) }))
    return {
      ...{ list, state, page },
      options: { tipo: kinds.toSorted((a, b) => a.label.localeCompare(b.label, 'it')) },
    }
  })
}

/** All of them for a file; that it was taken is written down before. Null for a viewer who may not. */
export async function deliveryBatchesToDownload(
  viewer: Viewer,
  params: SearchParams,
): Promise<DownloadedList | null> {
  if (!allowedToStaff(viewer, DELIVERY_BATCH_LIST.opens)) return null
  const list = listFor(DELIVERY_BATCH_LIST, viewer)
  const state = readListState(list, params)
  await asStaff(viewer, (trx) =>
    recordAudit(trx, viewer, {
      action: 'deliveries.downloaded',
      objectType: 'municipality',
      objectId: viewer.municipalityId,
      details: { filters: filtersUsed(state), columns: state.columns.join(',') },
    }),
  )
  return { list, state, batches: linesMatching(viewer, batchSource(viewer.municipalityId), state) }
}

const labelOf = (event: string): string =>
  isEventName(event) ? ruleOf(event).label : 'Inviti, codici e conferme'

const NONE: DeliveryCounts = { waiting: 0, sent: 0, refused: 0, inDoubt: 0, givenUp: 0 }

async function readBatches(
  trx: Trx,
  municipalityId: string,
  ids: readonly string[],
): Promise<DeliveryBatch[]> {
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
    select b.id, b.event, b.title, b.created_at as at, o.email, o.push, o.sms, coalesce(o.told, 0) as told,
      (select count(*)::int from outbox r where r.municipality_id = ${municipalityId} and r.batch_id = b.id and r.channel = 'email'
        and r.outcome in ('refused', 'given_up') and not r.secret) as retriable
    from delivery_batch b
    left join (
      select batch_id, jsonb_object_agg(channel, counts) -> 'email' as email, jsonb_object_agg(channel, counts) -> 'push' as push,
        jsonb_object_agg(channel, counts) -> 'sms' as sms, (max(messages) filter (where channel = 'portal'))::int as told
      from (
        select batch_id, channel, sum(messages) as messages, jsonb_build_object(
          'waiting', coalesce(sum(messages) filter (where outcome is null), 0), 'sent', coalesce(sum(messages) filter (where outcome = 'sent'), 0),
          'refused', coalesce(sum(messages) filter (where outcome = 'refused'), 0),
          'inDoubt', coalesce(sum(messages) filter (where outcome = 'in_doubt'), 0),
          'givenUp', coalesce(sum(messages) filter (where outcome = 'given_up'), 0)) as counts
        from delivery_counts(${[...ids]}::uuid[]) group by batch_id, channel
      ) by_channel group by batch_id
    ) o on o.batch_id = b.id
    where b.municipality_id = ${municipalityId} and b.id = any(${[...ids]}::uuid[])`.execute(trx)
  return rows.map(({ event, email, push, sms, ...row }) => ({
    ...row,
    label: labelOf(event),
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
    const [batch] = await readBatches(trx, viewer.municipalityId, [id])
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
