import 'server-only'
import { sql } from 'kysely'
import { asStaff, type Trx } from '#db/client.ts'
import { readClock } from '#db/clock.ts'
import { allowedToStaff } from '#lib/access/capabilities.ts'
import type { Viewer } from '#lib/access/viewer.ts'
import { recordAudit } from '#lib/audit/audit.commands.ts'
import type { Day } from '#lib/kernel/day.ts'
import { isUuid } from '#lib/kernel/uuid.ts'
import { readListState } from '#lib/lists/list.address.ts'
import { type ListSource, linesMatching, readListPage } from '#lib/lists/list.queries.ts'
import { type DownloadedList, filtersUsed, type ListRow, listFor, type OpenedList } from '#lib/lists/list.ts'
import type { SearchParams } from '#lib/web/query-params.ts'
import { REFUND_LIST } from './refund-case.list.ts'
import type { RefundCase, RefundTarget } from './refund-case.ts'
import {
  REFUND_CAUSE_NAMES,
  REFUND_DECISION_NAMES,
  REFUND_END_NAMES,
  REFUND_STATE_NAMES,
} from './refund-case.words.ts'

/** Cases by their ids, in no order. */
async function casesOf(trx: Trx, municipalityId: string, ids: readonly string[]): Promise<RefundCase[]> {
  const { rows } = await sql<RefundCase>`
    select r.id, r.revision, r.household_id as "householdId", h.name as "householdName", v.name as "serviceName", r.cause,
      case when r.closed_at is not null then 'closed' when r.decision is not null then 'decided' when r.taken_at is not null then 'taken'
        else 'open' end as state,
      r.left_on as "leftOn", r.opened_at as "openedAt", (r.opened_at at time zone 'Europe/Rome')::date as "openedOn", o.full_name as "openedBy", r.opened_cents as "openedCents",
      a.balance_cents as "balanceCents", t.full_name as "takenBy", r.taken_by as "takenById", r.taken_at as "takenAt", r.decision, d.full_name as "decidedBy",
      r.decided_at as "decidedAt", r.decided_cents as "decidedCents", r.reason, th.name || ', ' || tv.name as "targetName",
      r.closed_at as "closedAt", c.full_name as "closedBy", r.closed_why as "closedWhy",
      coalesce(c.full_name, d.full_name, t.full_name) as "changedBy"
    from refund_case r
    join household h on h.municipality_id = ${municipalityId} and h.id = r.household_id
    join service v on v.municipality_id = ${municipalityId} and v.id = r.service_id
    join account a on a.municipality_id = ${municipalityId} and a.id = r.account_id
    left join person o on o.municipality_id = ${municipalityId} and o.id = r.opened_by
    left join person t on t.municipality_id = ${municipalityId} and t.id = r.taken_by
    left join person d on d.municipality_id = ${municipalityId} and d.id = r.decided_by
    left join person c on c.municipality_id = ${municipalityId} and c.id = r.closed_by
    left join account ta on ta.municipality_id = ${municipalityId} and ta.id = r.to_account_id
    left join household th on th.municipality_id = ${municipalityId} and th.id = ta.household_id
    left join service tv on tv.municipality_id = ${municipalityId} and tv.id = ta.service_id
    where r.municipality_id = ${municipalityId} and r.id = any(${[...ids]}::uuid[])`.execute(trx)
  return rows
}

/** One case, in the caller's transaction; null where there is none. */
export const refundCase = async (trx: Trx, municipalityId: string, id: string): Promise<RefundCase | null> =>
  (await casesOf(trx, municipalityId, [id]))[0] ?? null

/**
 * Where a credit may go: the other accounts of the same family and those of the families in which an adult of it has a role, as long as
 * a pupil eats there now or later.
 */
export async function refundTargets(
  trx: Trx,
  municipalityId: string,
  caseId: string,
): Promise<RefundTarget[]> {
  const { rows } = await sql<RefundTarget>`
    select a.id as "accountId", h.name as "householdName", v.name as "serviceName",
      array_agg(distinct p.given_name order by p.given_name) as pupils
    from refund_case r
    join account a on a.municipality_id = ${municipalityId} and a.kind = 'household' and a.id <> r.account_id
    join household h on h.municipality_id = ${municipalityId} and h.id = a.household_id
    join service v on v.municipality_id = ${municipalityId} and v.id = a.service_id
    join pupil p on p.municipality_id = ${municipalityId} and p.household_id = a.household_id
    join enrolment e on e.municipality_id = ${municipalityId} and e.pupil_id = p.id and e.service_id = a.service_id
      and e.valid_to >= app_today()
    where r.municipality_id = ${municipalityId} and r.id = ${caseId}::uuid
      and (a.household_id = r.household_id or a.household_id in (
        select o.household_id from active_member m
        join active_member o on o.municipality_id = ${municipalityId} and o.person_id = m.person_id
        where m.municipality_id = ${municipalityId} and m.household_id = r.household_id))
    group by a.id, h.name, v.name order by h.name, v.name, a.id`.execute(trx)
  return rows
}

/** A case as its page shows it. */
export type OpenedRefund = { found: RefundCase; targets: RefundTarget[]; today: Day }

/** One case with where the credit may go; the reading is written down. Null for who may not handle money. */
export async function refundForOffice(viewer: Viewer, id: string): Promise<OpenedRefund | null> {
  if (!allowedToStaff(viewer, 'money:adjust') || !isUuid(id)) return null
  const { municipalityId } = viewer
  return asStaff(viewer, async (trx) => {
    const found = await refundCase(trx, municipalityId, id)
    if (!found) return null
    await recordAudit(trx, viewer, {
      action: 'refunds.read',
      objectType: 'household',
      objectId: found.householdId,
    })
    const [targets, { today }] = await Promise.all([refundTargets(trx, municipalityId, id), readClock(trx)])
    return { found, targets, today }
  })
}

const STATES = {
  'da-decidere': sql`r.closed_at is null and r.decision is null`,
  decisi: sql`r.closed_at is null and r.decision is not null`,
  chiusi: sql`r.closed_at is not null`,
} as const

const isState = (value: string): value is keyof typeof STATES => Object.hasOwn(STATES, value)

const refundSource = (municipalityId: string): ListSource => ({
  from: () => sql`from refund_case r where r.municipality_id = ${municipalityId}`,
  line: { name: sql`r`, columns: sql`r.id, r.opened_at, r.household_id, r.account_id, r.left_on` },
  id: sql`r.id`,
  base: () => sql`to_char(r.opened_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US')`,
  baseKey: 'aperto',
  sorts: {
    famiglia: sql`(select h.list_key from household h where h.municipality_id = ${municipalityId} and h.id = r.household_id)`,
    saldo: sql`(select a.balance_cents from account a where a.municipality_id = ${municipalityId} and a.id = r.account_id)`,
    ultimo: sql`r.left_on`,
  },
  filters: {
    stato: (value) => (isState(value) ? STATES[value] : sql`true`),
    perche: (value) => sql`r.cause = ${value}`,
  },
  read: async (trx, ids) => (await casesOf(trx, municipalityId, ids)).map(lineOf),
})

const lineOf = (found: RefundCase): ListRow => ({
  id: found.id,
  href: `rimborsi/${found.id}`,
  cells: {
    famiglia: found.householdName,
    servizio: found.serviceName,
    saldo: found.balanceCents,
    stato: REFUND_STATE_NAMES[found.state],
    ultimo: found.leftOn,
    perche: REFUND_CAUSE_NAMES[found.cause],
    aperto: found.openedOn,
    chi: found.closedBy ?? found.decidedBy ?? found.takenBy,
    deciso: [
      found.decision && REFUND_DECISION_NAMES[found.decision],
      found.closedWhy && REFUND_END_NAMES[found.closedWhy],
    ]
      .filter(Boolean)
      .join(', '),
  },
})

const ofMunicipality = (viewer: Viewer) =>
  ({ objectType: 'municipality', objectId: viewer.municipalityId }) as const

/** A page of the cases; the reading is written down. Null for who may not handle money. */
export async function refundList(viewer: Viewer, params: SearchParams): Promise<OpenedList | null> {
  if (!allowedToStaff(viewer, REFUND_LIST.opens)) return null
  const list = listFor(REFUND_LIST, viewer)
  const state = readListState(list, params)
  return asStaff(viewer, async (trx) => {
    const page = await readListPage(trx, refundSource(viewer.municipalityId), state)
    await recordAudit(trx, viewer, {
      ...{ action: 'refunds.listed', ...ofMunicipality(viewer) },
      details: { filters: filtersUsed(state), shown: page.rows.length },
    })
    return { list, state, page, options: {} }
  })
}

/** All cases that an address asks for, some at a time, for a file; that it was taken is written down before. */
export async function refundsToDownload(
  viewer: Viewer,
  params: SearchParams,
): Promise<DownloadedList | null> {
  if (!allowedToStaff(viewer, REFUND_LIST.opens)) return null
  const list = listFor(REFUND_LIST, viewer)
  const state = readListState(list, params)
  await asStaff(viewer, (trx) =>
    recordAudit(trx, viewer, {
      ...{ action: 'refunds.downloaded', ...ofMunicipality(viewer) },
      details: { filters: filtersUsed(state), columns: state.columns.join(',') },
    }),
  )
  return { list, state, batches: linesMatching(viewer, refundSource(viewer.municipalityId), state) }
}
