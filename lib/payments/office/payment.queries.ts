import 'server-only'
import { type RawBuilder, sql } from 'kysely'
import { asStaff, type Trx } from '#db/client.ts'
import { readClock } from '#db/clock.ts'
import { allowedToStaff } from '#lib/access/capabilities.ts'
import type { Viewer } from '#lib/access/viewer.ts'
import { recordAudit } from '#lib/audit/audit.commands.ts'
import { addDays, type Day, dayInRome, endOfDay } from '#lib/kernel/day.ts'
import { isUuid } from '#lib/kernel/uuid.ts'
import { readListState } from '#lib/lists/list.address.ts'
import { type ListSource, linesMatching, readListPage } from '#lib/lists/list.queries.ts'
import {
  type DownloadedList,
  filtersUsed,
  type ListRow,
  type ListState,
  listFor,
  type OpenedList,
} from '#lib/lists/list.ts'
import type { SearchParams } from '#lib/web/query-params.ts'
import { timeInRome } from '#lib/words/format-day.ts'
import type { Finding } from '../payment-alarm.ts'
import { PAYMENT_LIST } from './payment.list.ts'
import type { OfficePayment, PaymentFile } from './payment.ts'
import { METHOD_WORDS, type PaymentTotals } from './payment.words.ts'
import { FINDING_WORDS, TOP_UP_STATE_WORDS } from './payment-alarm.words.ts'
import { readPeriod } from './payment-period.ts'
import { type PaymentSearch, readPaymentSearch } from './payment-search.ts'

type Fragment = RawBuilder<unknown>

/** When a top-up was paid, or begun where it is not: the text of an index, which orders as time does until the year 2286. */
const WHEN = sql`extract(epoch from coalesce(t.paid_at, t.created_at) at time zone 'UTC')::text`
const textOf = (instant: Date): string => `${(instant.getTime() / 1_000).toFixed(6)}`
const startOf = (day: Day): Date => endOfDay(addDays(day, -1))

const within = (typed: string, today: Day): Fragment => {
  const period = readPeriod(typed, today)
  return period
    ? sql`${WHEN} >= ${textOf(startOf(period.from))}::text and ${WHEN} < ${textOf(endOfDay(period.to))}::text`
    : sql`false`
}

/** Each kind of thing is looked up by an index of its own. */
function found(municipalityId: string, { code, invoice, amountCents, words }: PaymentSearch): Fragment {
  const ways: Fragment[] = [
    ...(code
      ? [
          sql`t.order_id = ${code.toUpperCase()}`,
          sql`t.id = any (array(select o.top_up_id from provider_operation o where o.municipality_id = ${municipalityId}
            and o.operation_id = ${code}))`,
        ]
      : []),
    ...(invoice
      ? [
          sql`t.id = any (array(select i.top_up_id from invoice i where i.municipality_id = ${municipalityId}
            and i.series = ${invoice.series} and i.year = ${invoice.year} and i.number = ${invoice.number}))`,
        ]
      : []),
    ...(amountCents ? [sql`t.amount_cents = ${amountCents}::int`] : []),
    ...(words
      ? [sql`t.household_id = any (array(select n.id from households_named(${words}::text) n))`]
      : []),
  ]
  return ways.length > 0 ? sql`(${sql.join(ways, sql` or `)})` : sql`false`
}

const openAlarm = (municipalityId: string, finding: Finding | null): Fragment =>
  sql`t.id = any (array(select a.top_up_id from payment_alarm a where a.municipality_id = ${municipalityId} and a.settled_at is null
    and (${finding}::text is null or a.finding = ${finding})))`

const isFinding = (value: string): value is Finding => Object.hasOwn(FINDING_WORDS, value)

const invoiceOf = (municipalityId: string) =>
  sql`(select i.xml is not null from invoice i where i.municipality_id = ${municipalityId} and i.top_up_id = t.id)`

const INVOICES: Readonly<Record<string, (municipalityId: string) => Fragment>> = {
  completa: (municipalityId) => sql`${invoiceOf(municipalityId)} is true`,
  aspetta: (municipalityId) => sql`t.id = any (array(select i.top_up_id from invoice i
    where i.municipality_id = ${municipalityId} and i.xml is null))`,
  nessuna: (municipalityId) => sql`${invoiceOf(municipalityId)} is null`,
}

const paymentSource = (municipalityId: string, today: Day): ListSource => ({
  from: () => sql`from top_up t where t.municipality_id = ${municipalityId}`,
  line: { name: sql`t`, columns: sql`t.id, t.paid_at, t.created_at, t.household_id, t.amount_cents` },
  id: sql`t.id`,
  base: () => WHEN,
  baseKey: 'giorno',
  sorts: {
    famiglia: sql`(select h.list_key from household h where h.municipality_id = ${municipalityId} and h.id = t.household_id)`,
    importo: sql`t.amount_cents`,
  },
  filters: {
    cerca: (value) => found(municipalityId, readPaymentSearch(value)),
    quando: (value) => within(value, today),
    stato: (value) => sql`t.state = ${value}`,
    metodo: (value) => sql`t.method = ${value}`,
    allarme: (value) => openAlarm(municipalityId, isFinding(value) ? value : null),
    fattura: (value) => INVOICES[value]?.(municipalityId) ?? sql`true`,
    famiglia: (value) => sql`t.household_id = ${value}::uuid`,
  },
  read: (trx, ids) => linesOf(trx, municipalityId, ids),
})

const PAYMENT_COLUMNS = sql`t.id, t.household_id as "householdId", h.name as "householdName", p.full_name as "payerName",
  v.name as "serviceName", t.meals, t.unit_cents as "unitCents", t.meals * t.unit_cents as "amountCents", t.method, t.state,
  t.provider_mode as mode, t.order_id as "orderId", t.paid_operation_id as "operationId", t.circuit, t.reason,
  t.created_at as "createdAt", t.paid_at as "paidAt", t.answered_at as "answeredAt", t.next_check_at as "nextCheckAt", t.checks,
  i.id as "invoiceId", i.number_text as "invoiceNumber", coalesce(i.xml is not null, false) as "isInvoiceComplete"`

async function paymentsOf(
  trx: Trx,
  municipalityId: string,
  ids: readonly string[],
): Promise<OfficePayment[]> {
  const { rows } = await sql<OfficePayment>`
    select ${PAYMENT_COLUMNS} from top_up t
    join household h on h.municipality_id = ${municipalityId} and h.id = t.household_id
    join person p on p.municipality_id = ${municipalityId} and p.id = t.payer_id
    join account a on a.municipality_id = ${municipalityId} and a.id = t.account_id
    join service v on v.municipality_id = ${municipalityId} and v.id = a.service_id
    left join invoice i on i.municipality_id = ${municipalityId} and i.top_up_id = t.id
    where t.municipality_id = ${municipalityId} and t.id = any(${[...ids]}::uuid[])`.execute(trx)
  return rows
}

async function linesOf(trx: Trx, municipalityId: string, ids: readonly string[]): Promise<ListRow[]> {
  const payments = await paymentsOf(trx, municipalityId, ids)
  const { rows: alarms } = await sql<{ id: string; finding: Finding }>`
    select a.top_up_id as id, a.finding from payment_alarm a
    where a.municipality_id = ${municipalityId} and a.top_up_id = any(${[...ids]}::uuid[]) and a.settled_at is null
    order by a.raised_at, a.id`.execute(trx)
  return payments.map((payment) =>
    lineOf(
      payment,
      alarms.filter(({ id }) => id === payment.id),
    ),
  )
}

function lineOf(payment: OfficePayment, alarms: readonly { finding: Finding }[]): ListRow {
  const at = payment.paidAt ?? payment.createdAt
  return {
    id: payment.id,
    href: `denaro/${payment.id}`,
    cells: {
      giorno: dayInRome(at),
      ora: timeInRome(at),
      famiglia: payment.householdName,
      pagante: payment.payerName,
      importo: payment.amountCents,
      stato: TOP_UP_STATE_WORDS[payment.state],
      metodo: METHOD_WORDS[payment.method],
      fattura: payment.invoiceNumber,
      allarme: alarms.map(({ finding }) => FINDING_WORDS[finding].name).join(', '),
      ordine: payment.orderId,
      operazione: payment.operationId,
      servizio: payment.serviceName,
      pasti: payment.meals,
      modo: payment.mode === 'test' ? 'prova' : 'vero',
    },
  }
}

/** Of all payments no sum is made: it would read every year there is. */
async function totalsOf(trx: Trx, source: ListSource, state: ListState): Promise<PaymentTotals | null> {
  const kept = Object.entries(state.filters).flatMap(([key, value]) => {
    const filter = source.filters[key]
    return filter ? [sql`and ${filter(value, 'sorted')}`] : []
  })
  if (kept.length === 0) return null
  const { rows } = await sql<PaymentTotals>`
    select count(*)::int as count, (count(*) filter (where t.state = 'paid'))::int as "paidCount",
      coalesce(sum(t.amount_cents) filter (where t.state = 'paid'), 0)::bigint as "paidCents"
    ${source.from('sorted')} ${sql.join(kept, sql` `)}`.execute(trx)
  return rows[0] ?? null
}

const nameOfHousehold = async (trx: Trx, municipalityId: string, id: string | undefined) =>
  id === undefined
    ? []
    : (
        await sql<{ value: string; label: string }>`
          select h.id::text as value, h.name as label from household h
          where h.municipality_id = ${municipalityId} and h.id = ${id}::uuid`.execute(trx)
      ).rows

const ofMunicipality = (viewer: Viewer) =>
  ({ objectType: 'municipality', objectId: viewer.municipalityId }) as const

/** A page of the payments and what all that match come to; the reading is written down. Null for who reads no money. */
export async function paymentList(
  viewer: Viewer,
  params: SearchParams,
): Promise<(OpenedList & { totals: PaymentTotals | null }) | null> {
  if (!allowedToStaff(viewer, PAYMENT_LIST.opens)) return null
  const list = listFor(PAYMENT_LIST, viewer)
  const state = readListState(list, params)
  const { municipalityId } = viewer
  return asStaff(viewer, async (trx) => {
    const { today } = await readClock(trx)
    const source = paymentSource(municipalityId, today)
    const page = await readListPage(trx, source, state)
    const totals = await totalsOf(trx, source, state)
    const famiglia = await nameOfHousehold(trx, municipalityId, state.filters.famiglia)
    await recordAudit(trx, viewer, {
      ...{ action: 'top-up:listed', ...ofMunicipality(viewer) },
      details: { filters: filtersUsed(state), shown: page.rows.length },
    })
    // A family is asked for by an address alone: without one the filter would have nothing to choose.
    const filters = list.filters.filter(({ key }) => key !== 'famiglia' || famiglia.length > 0)
    return { list: { ...list, filters }, state, page, options: { famiglia }, totals }
  })
}

/** All payments that an address asks for, some at a time, for a file; that it was taken is written down before. */
export async function paymentsToDownload(
  viewer: Viewer,
  params: SearchParams,
): Promise<DownloadedList | null> {
  if (!allowedToStaff(viewer, PAYMENT_LIST.opens)) return null
  const list = listFor(PAYMENT_LIST, viewer)
  const state = readListState(list, params)
  const { today } = await asStaff(viewer, async (trx) => {
    await recordAudit(trx, viewer, {
      ...{ action: 'top-up:downloaded', ...ofMunicipality(viewer) },
      details: { filters: filtersUsed(state), columns: state.columns.join(',') },
    })
    return readClock(trx)
  })
  return { list, state, batches: linesMatching(viewer, paymentSource(viewer.municipalityId, today), state) }
}

/** One payment with all that was seen of it on both sides; the reading is written down. Null for who reads no money. */
export async function paymentFile(viewer: Viewer, id: string): Promise<PaymentFile | null> {
  if (!allowedToStaff(viewer, 'money:read') || !isUuid(id)) return null
  const { municipalityId } = viewer
  return asStaff(viewer, async (trx) => {
    const [payment] = await paymentsOf(trx, municipalityId, [id])
    if (!payment) return null
    await recordAudit(trx, viewer, { action: 'top-up:payment-read', objectType: 'top_up', objectId: id })
    const [operations, notifications, moves, entries, messages, alarms, notes, { today }] = await Promise.all(
      [
        operationsOf(trx, municipalityId, id),
        notificationsOf(trx, municipalityId, id),
        movesOf(trx, municipalityId, id),
        entriesOf(trx, municipalityId, payment),
        messagesOf(trx, municipalityId, id),
        alarmsOf(trx, municipalityId, id),
        notesOf(trx, municipalityId, id),
        readClock(trx),
      ],
    )
    return { payment, operations, notifications, moves, entries, messages, alarms, notes, today }
  })
}

async function operationsOf(trx: Trx, municipalityId: string, id: string) {
  const { rows } = await sql<PaymentFile['operations'][number]>`
    select o.operation_id as "operationId", o.type, o.result, o.amount_cents as "amountCents", o.amount_said as "amountSaid",
      coalesce(o.currency, '') as currency, o.operation_time as at, o.seen_at as "seenAt"
    from provider_operation o where o.municipality_id = ${municipalityId} and o.top_up_id = ${id}::uuid
    order by o.seen_at, o.id`.execute(trx)
  return rows
}

async function notificationsOf(trx: Trx, municipalityId: string, id: string) {
  const { rows } = await sql<PaymentFile['notifications'][number]>`
    select n.verdict, n.received_at as at from notification_inbox n
    where n.municipality_id = ${municipalityId} and n.top_up_id = ${id}::uuid order by n.received_at, n.id limit 100`.execute(
    trx,
  )
  return rows
}

async function movesOf(trx: Trx, municipalityId: string, id: string) {
  const { rows } = await sql<PaymentFile['moves'][number]>`
    select m.from_state as "from", m.to_state as "to", m.cause, m.occurred_at as at from top_up_transition m
    where m.municipality_id = ${municipalityId} and m.top_up_id = ${id}::uuid order by m.occurred_at, m.id`.execute(
    trx,
  )
  return rows
}

/** The movements of the family's account that name the payment. */
async function entriesOf(trx: Trx, municipalityId: string, { id }: OfficePayment) {
  const { rows } = await sql<PaymentFile['entries'][number]>`
    select e.kind, e.amount_cents as cents, e.posted_at as at from entry e
    join account a on a.municipality_id = ${municipalityId} and a.id = e.account_id and a.kind = 'household'
    where e.municipality_id = ${municipalityId} and e.top_up_id = ${id}::uuid order by e.posted_at, e.id`.execute(
    trx,
  )
  return rows
}

async function messagesOf(trx: Trx, municipalityId: string, id: string) {
  const { rows } = await sql<PaymentFile['messages'][number]>`
    select n.title, n.created_at as at, count(o.id)::int as mails, (count(o.id) filter (where o.outcome = 'sent'))::int as sent
    from top_up t
    join notification n on n.municipality_id = ${municipalityId} and n.person_id = t.payer_id and n.path = '/pagamenti/ricarica/' || t.id
    left join outbox o on o.municipality_id = ${municipalityId} and o.notification_id = n.id and o.channel = 'email'
    where t.municipality_id = ${municipalityId} and t.id = ${id}::uuid
    group by n.id, n.title, n.created_at order by n.created_at, n.id`.execute(trx)
  return rows
}

async function alarmsOf(trx: Trx, municipalityId: string, id: string) {
  const { rows } = await sql<PaymentFile['alarms'][number]>`
    select a.finding, a.cents, a.raised_at as "raisedAt", a.settled_at as "settledAt", p.full_name as "settledBy", a.note
    from payment_alarm a
    left join person p on p.municipality_id = ${municipalityId} and p.id = a.settled_by
    where a.municipality_id = ${municipalityId} and a.top_up_id = ${id}::uuid order by a.raised_at, a.id`.execute(
    trx,
  )
  return rows
}

async function notesOf(trx: Trx, municipalityId: string, id: string) {
  const { rows } = await sql<PaymentFile['notes'][number]>`
    select n.note, p.full_name as by, n.written_at as at from top_up_note n
    join person p on p.municipality_id = ${municipalityId} and p.id = n.written_by
    where n.municipality_id = ${municipalityId} and n.top_up_id = ${id}::uuid order by n.written_at, n.id`.execute(
    trx,
  )
  return rows
}
