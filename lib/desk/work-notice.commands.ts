import 'server-only'
import { sql } from 'kysely'
import { asStaff, asSystem, type Trx } from '#db/client.ts'
import { readClock } from '#db/clock.ts'
import { municipalitiesWith } from '#db/due-municipalities.ts'
import { allowedToStaff } from '#lib/access/capabilities.ts'
import type { StaffRole, Viewer } from '#lib/access/viewer.ts'
import { recordAudit } from '#lib/audit/audit.commands.ts'
import { env } from '#lib/kernel/env.ts'
import { fingerprintOf } from '#lib/kernel/fingerprint.ts'
import { ok, type Result, refused } from '#lib/kernel/result.ts'
import { enqueueMail } from '#lib/outbox/message.commands.ts'
import { MONEY_FINDINGS, OUTAGE_FINDINGS, URGENT_CENTS } from '#lib/payments/payment-alarm.ts'
import { waitingItems, waitingWorkOf } from './waiting-work.queries.ts'
import { waitingKindsFor, waitingRule } from './waiting-work.ts'
import { reachableColleagues } from './work-notice.queries.ts'
import {
  isLastTold,
  URGENT_KINDS,
  urgentKindsFor,
  urgentRecipients,
  type WorkNotices,
} from './work-notice.ts'
import { digestMail, urgentMail } from './work-notice.words.ts'
import { latestTakes } from './work-take.queries.ts'
import { takeOf } from './work-take.ts'

/**
 * Keeps how a colleague wants to hear of waiting work. The last manager whom urgent notices reach keeps them: of two managers who turn
 * them off at the same time the second is told.
 */
export async function saveNotices(viewer: Viewer, wish: WorkNotices): Promise<Result<null>> {
  if (!allowedToStaff(viewer, 'work:read')) return refused('request:not-found')
  const { municipalityId, personId } = viewer
  return asStaff(viewer, async (trx) => {
    await sql`select from municipality where id = ${municipalityId} for no key update`.execute(trx)
    const colleagues = await reachableColleagues(trx, municipalityId)
    // Where nothing is urgent for the roles of today, the form does not ask: other roles may come.
    const isUrgent = wish.isUrgent || urgentKindsFor(viewer).length === 0
    if (!isUrgent && isLastTold(personId, colleagues)) return refused('work:last-told')
    await sql`
      insert into work_notice (municipality_id, person_id, email, digest_hour, is_urgent)
      values (${municipalityId}, ${personId}, ${wish.email || null}, ${wish.digestHour}, ${isUrgent})
      on conflict (municipality_id, person_id) do update set email = excluded.email, digest_hour = excluded.digest_hour,
        is_urgent = excluded.is_urgent, changed_at = app_now()`.execute(trx)
    await recordAudit(trx, viewer, {
      action: 'work.notices-chosen',
      objectType: 'person',
      objectId: personId,
      details: { digestHour: wish.digestHour, isUrgent },
    })
    return ok(null)
  })
}

type Office = { name: string; slug: string; origin: string }

async function officeOf(trx: Trx, municipalityId: string): Promise<Office> {
  const { name, slug } = await trx
    .selectFrom('municipality')
    .select(['name', 'slug'])
    .where('id', '=', municipalityId)
    .executeTakeFirstOrThrow()
  return { name, slug, origin: env().PUBLIC_ORIGIN }
}

/**
 * Tells the office of urgent work that it was not told of: each item once, however many workers look, in one mail for each kind and
 * colleague. What is written down and the mails are one transaction.
 * @returns how many mails were written
 */
export async function tellUrgentWork(): Promise<number> {
  let written = 0
  for (const id of await municipalitiesWith(sql`municipalities_with_urgent_work()`))
    written += await asSystem(id, (trx) => tellUrgent(trx, id))
  return written
}

async function tellUrgent(trx: Trx, municipalityId: string): Promise<number> {
  let written = 0
  for (const kind of URGENT_KINDS) {
    const items = await newItems(trx, municipalityId, kind)
    if (items.length === 0) continue
    const office = await officeOf(trx, municipalityId)
    const mail = urgentMail(office, { kind, count: items.length, place: waitingRule(kind).place })
    const mark = fingerprintOf(items.toSorted())
    for (const { personId, address } of urgentRecipients(
      kind,
      await reachableColleagues(trx, municipalityId),
    )) {
      const dedupeKey = `work-urgent:${kind}:${mark}:${personId}`
      await enqueueMail(trx, municipalityId, { ...mail, dedupeKey, to: address, language: 'it' })
      written += 1
    }
  }
  return written
}

/** Of payments only those about so much money that the rule calls them urgent. */
const urgentPayments = (municipalityId: string) => sql`
  w.item in (select a.id::text from payment_alarm a
    join top_up t on t.municipality_id = ${municipalityId} and t.id = a.top_up_id
    where a.municipality_id = ${municipalityId} and a.settled_at is null
      and (a.finding = any(${[...OUTAGE_FINDINGS]}::text[])
        or (a.finding = any(${[...MONEY_FINDINGS]}::text[]) and coalesce(a.cents, t.amount_cents) >= ${URGENT_CENTS}::int)))`

/** Writes down what is told now. @returns the items that this transaction is the first to write down */
async function newItems(
  trx: Trx,
  municipalityId: string,
  kind: (typeof URGENT_KINDS)[number],
): Promise<string[]> {
  const { rows } = await sql<{ item: string }>`
    insert into work_alert (municipality_id, kind, item)
    select ${municipalityId}, ${kind}, left(w.item, 500) from ${waitingItems(kind, municipalityId)} w
    where ${kind === 'payments' ? urgentPayments(municipalityId) : sql`true`}
    order by w.item
    on conflict do nothing
    returning item`.execute(trx)
  return rows.map(({ item }) => item)
}

/**
 * Writes the mail of the day for each colleague who asked for one by this hour and to whom something waits. A day is written down with
 * its mail, in one transaction: it is told once, late where the worker was down.
 * @returns how many mails were written
 */
export async function tellWorkOfTheDay(): Promise<number> {
  let written = 0
  for (const id of await municipalitiesWith(sql`municipalities_with_due_digests()`))
    written += await asSystem(id, (trx) => tellDigests(trx, id))
  return written
}

async function tellDigests(trx: Trx, municipalityId: string): Promise<number> {
  const { rows } = await sql<{ personId: string }>`
    update work_notice set digested_on = app_today()
    where municipality_id = ${municipalityId} and digest_hour <= extract(hour from app_now() at time zone 'Europe/Rome')
      and digested_on is distinct from app_today()
    returning person_id as "personId"`.execute(trx)
  const due = new Set(rows.map(({ personId }) => personId))
  const colleagues = (await reachableColleagues(trx, municipalityId)).filter(({ personId }) =>
    due.has(personId),
  )
  let written = 0
  for (const { personId, address, staffRoles } of colleagues) {
    const mail = await digestFor(trx, municipalityId, staffRoles)
    if (!mail) continue
    const { today, ...text } = mail
    const dedupeKey = `work-digest:${today}:${personId}`
    await enqueueMail(trx, municipalityId, { ...text, dedupeKey, to: address, language: 'it' })
    written += 1
  }
  return written
}

/** Null where nothing waits for these roles. */
async function digestFor(trx: Trx, municipalityId: string, staffRoles: StaffRole[]) {
  const kinds = waitingKindsFor({ staffRoles })
  const work = kinds.length > 0 ? await waitingWorkOf(trx, municipalityId, kinds) : []
  if (work.length === 0) return null
  const [takes, { now, today }] = await Promise.all([latestTakes(trx, municipalityId), readClock(trx)])
  const lines = work.map((waiting) => ({ ...waiting, take: takeOf(waiting, takes) }))
  return { ...digestMail(await officeOf(trx, municipalityId), lines, now), today }
}
