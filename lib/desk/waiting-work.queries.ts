import 'server-only'
import { type RawBuilder, sql } from 'kysely'
import { asStaff, type Trx } from '#db/client.ts'
import type { Viewer } from '#lib/access/viewer.ts'
import { endingDiets } from '#lib/diets/diet-end.queries.ts'
import { ENDED_LATELY_DAYS, ENDS_SOON_DAYS } from '#lib/diets/diet-end.ts'
import { COMMON_DIET, UNDECIDED_DIET } from '#lib/school/diet.ts'
import { WAITING_KINDS, type WaitingKind, type WaitingWork, waitingKindsFor } from './waiting-work.ts'

/** A mail that did not arrive waits for so long: an address that is never mended must not stand there for ever. */
const FAILED_LATELY_DAYS = 7

/** What waits for a viewer in the office, the most pressing first: only the kinds that the own roles open, none of them empty. */
export async function waitingWork(viewer: Viewer): Promise<WaitingWork[]> {
  const kinds = waitingKindsFor(viewer)
  if (kinds.length === 0) return []
  return asStaff(viewer, (trx) => waitingWorkOf(trx, viewer.municipalityId, kinds))
}

/** The same inside a transaction of the office or of the worker, for kinds that were allowed before. One statement, by index. */
export async function waitingWorkOf(
  trx: Trx,
  municipalityId: string,
  kinds: readonly WaitingKind[],
): Promise<WaitingWork[]> {
  const sources = kinds.map(
    (kind) =>
      sql`(select ${sql.lit(kind)}::text as kind, count(*)::int as count, min(w.since) as oldest from ${SINCE[kind](municipalityId)} w)`,
  )
  const { rows } = await sql<WaitingWork>`
    select kind, count, oldest from (${sql.join(sources, sql` union all `)}) waiting where count > 0`.execute(
    trx,
  )
  return rows.toSorted((a, b) => WAITING_KINDS.indexOf(a.kind) - WAITING_KINDS.indexOf(b.kind))
}

const startOf = (day: RawBuilder<unknown>) => sql`(${day}::timestamp at time zone 'Europe/Rome')`

/** Pupils whose diet is to be decided: one is asked for, or the enrolment has none. */
const dietsToDecide = (municipalityId: string, isSevere: boolean) => sql`
  (select string_agg(d.id::text, ' ' order by d.id) as item, min(d.since) as since from (
      select h.submission_id as id, h.pupil_id, h.severe, s.submitted_at as since from diet_hold h
      join form_submission s on s.municipality_id = ${municipalityId} and s.id = h.submission_id
      where h.municipality_id = ${municipalityId} and h.until is null
      union all
      select e.id, e.pupil_id, e.severe_reaction, ${startOf(sql`least(e.valid_from, app_today())`)} from enrolment e
      where e.municipality_id = ${municipalityId} and e.valid_to >= app_today() and e.diet_code = ${sql.lit(UNDECIDED_DIET)}
    ) d group by d.pupil_id having bool_or(d.severe) = ${sql.lit(isSevere)})`

const reviewsOf = (municipalityId: string, kind: 'news' | 'document') => sql`
  (select i.id::text as item, v.saved_at as since from content_item i
    join content_version v on v.municipality_id = ${municipalityId} and v.item_id = i.id and v.number = i.review_version
    where i.municipality_id = ${municipalityId} and i.kind = ${sql.lit(kind)} and i.review_version = i.latest_version
      and i.withdrawn_at is null)`

/** What waits of one kind (item, since): each item has a name of its own, by which it is told once. */
export const waitingItems = (kind: WaitingKind, municipalityId: string): RawBuilder<unknown> =>
  SINCE[kind](municipalityId)

/** What waits of each kind, a row each with what it is and the instant since when it does. */
const SINCE: Readonly<Record<WaitingKind, (municipalityId: string) => RawBuilder<unknown>>> = {
  'open-days': (municipalityId) => sql`
    (select d.id::text as item, d.close_at as since from service_day d
      where d.municipality_id = ${municipalityId} and d.status = 'open' and d.close_at < app_now() - interval '5 minutes')`,
  'severe-diets': (municipalityId) => dietsToDecide(municipalityId, true),
  'unseen-counts': () => sql`(select item, since from unseen_counts())`,
  'failing-charges': (municipalityId) => sql`
    (select d.id::text as item, d.close_at as since from meal_charge c
      join service_day d on d.municipality_id = ${municipalityId} and d.id = c.service_day_id
      where c.municipality_id = ${municipalityId} and c.due_at is not null and c.failures > 0)`,
  payments: (municipalityId) => sql`
    (select a.id::text as item, a.raised_at as since from payment_alarm a where a.municipality_id = ${municipalityId} and a.settled_at is null)`,
  // What was sent back for more waits for the family until its day is over.
  requests: (municipalityId) => sql`
    (select s.id::text as item, s.submitted_at as since from form_submission s
      where s.municipality_id = ${municipalityId} and s.decided_at is null
        and (s.state <> 'integration' or s.due_on < app_today()))`,
  links: (municipalityId) => sql`
    (select r.id::text as item, r.sent_at as since from link_request r
      where r.municipality_id = ${municipalityId} and r.state = 'sent')`,
  arrivals: (municipalityId) => sql`
    (select a.id::text as item, a.arrived_at as since from arriving_transfer a
      where a.municipality_id = ${municipalityId} and a.state = 'waiting')`,
  'refused-transfers': (municipalityId) => sql`
    (select t.id::text as item, t.answered_at as since from departing_transfer t
      where t.municipality_id = ${municipalityId} and t.state = 'refused')`,
  diets: (municipalityId) => dietsToDecide(municipalityId, false),
  'lapsed-diets': (municipalityId) => sql`
    (select e.id::text as item, ${startOf(sql`(e.valid_to + 1)`)} as since from ${endingDiets(municipalityId)}
      where next.diet_code = ${COMMON_DIET} and e.valid_to between app_today() - ${ENDED_LATELY_DAYS}::int and app_today() - 1)`,
  'lapsing-diets': (municipalityId) => sql`
    (select e.id::text as item, ${startOf(sql`(e.valid_to - ${ENDS_SOON_DAYS}::int)`)} as since from ${endingDiets(municipalityId)}
      where e.valid_to between app_today() and app_today() + ${ENDS_SOON_DAYS}::int)`,
  'pupils-without-code': (municipalityId) => sql`
    (select p.id::text as item, ${startOf(sql`least(min(e.valid_from), app_today())`)} as since from pupil p
      join enrolment e on e.municipality_id = ${municipalityId} and e.pupil_id = p.id and e.valid_to >= app_today()
      where p.municipality_id = ${municipalityId} and p.fiscal_code is null group by p.id)`,
  approvals: (municipalityId) => sql`
    (select c.id::text as item, v.saved_at as since from communication c
      join communication_version v on v.municipality_id = ${municipalityId} and v.communication_id = c.id
        and v.number = c.submitted_version
      where c.municipality_id = ${municipalityId} and c.submitted_version = c.latest_version and c.withdrawn_at is null)`,
  'failed-mails': (municipalityId) => sql`
    (select o.id::text as item, o.created_at as since from outbox o
      where o.municipality_id = ${municipalityId} and o.created_at > app_now() - make_interval(days => ${FAILED_LATELY_DAYS})
        and o.outcome in ('refused', 'given_up') and o.channel = 'email' and not o.secret)`,
  refunds: (municipalityId) => sql`
    (select r.id::text as item, r.opened_at as since from refund_case r
      where r.municipality_id = ${municipalityId} and r.closed_at is null and r.decision is null)`,
  invoices: (municipalityId) => sql`
    (select i.id::text as item, i.issued_at as since from invoice i where i.municipality_id = ${municipalityId} and i.xml is null)`,
  'news-reviews': (municipalityId) => reviewsOf(municipalityId, 'news'),
  'document-reviews': (municipalityId) => reviewsOf(municipalityId, 'document'),
}
