import 'server-only'
import { sql } from 'kysely'
import { asStaff, type Trx } from '#db/client.ts'
import { allowedToStaff } from '#lib/access/capabilities.ts'
import type { Viewer } from '#lib/access/viewer.ts'
import { recordAudit } from '#lib/audit/audit.commands.ts'
import { type Day, monthOf } from '#lib/kernel/day.ts'
import { ok, type Result, refused } from '#lib/kernel/result.ts'
import { adultsOfPupils, notify } from '#lib/notifications/notification.commands.ts'
import type { Said } from '#lib/notifications/notification.ts'
import type { Words } from '#lib/words/language.ts'
import { closureNotice, reopeningNotice } from '../closure.notice.ts'
import {
  type ClosureEffect,
  type ClosureKind,
  type ReopeningEffect,
  sumOfEffects,
  sumOfReopening,
  whyNotReopened,
} from '../closure.ts'
import { effectsOf, undoingOf } from './closure.queries.ts'

/**
 * Takes a day from the calendar for one school or all: open days are suspended before anything is charged; on closed ones every
 * charge is reversed and the kitchen gets a new version of its count. Families do nothing and see why.
 * @param asked.expected the sums of the preview: if they moved in the meantime nothing is done, and the office reads again
 */
export async function enterClosure(
  viewer: Viewer,
  asked: {
    day: Day
    schoolId: string | null
    kind: ClosureKind
    reason: string
    expected: { meals: number; refundCents: number }
  },
): Promise<Result<ClosureEffect[]>> {
  if (!allowedToStaff(viewer, 'calendar:manage')) return refused('request:not-found')
  return asStaff(viewer, async (trx) => {
    const days = await lockDays(trx, viewer.municipalityId, asked)
    if (days.length === 0) return refused('calendar:no-service-day')
    const live = days.filter((day) => day.status !== 'suspended')
    if (live.length === 0) return alreadySuspended(await effectsOf(trx, viewer.municipalityId, asked))

    await lockCharges(trx, viewer.municipalityId, live)
    const effects = await effectsOf(trx, viewer.municipalityId, asked)
    const { meals, refundCents } = sumOfEffects(effects)
    if (meals !== asked.expected.meals || refundCents !== asked.expected.refundCents) {
      return refused('calendar:preview-changed')
    }
    for (const day of live) await suspendDay(trx, viewer, day, asked)
    const schools = effects.filter(({ status }) => status !== 'suspended').map(({ schoolName }) => schoolName)
    const notice = { ...asked, schools, isRefunded: refundCents > 0 }
    await tellFamilies(trx, viewer.municipalityId, live, {
      day: asked.day,
      key: `closure:${live[0]?.id}`,
      say: (t) => closureNotice(notice, t),
    })
    await recordAudit(trx, viewer, {
      action: 'calendar.closure',
      objectType: 'day',
      objectId: asked.day,
      details: { kind: asked.kind, schools: live.length, meals, refundCents },
    })
    return ok(effects.filter((effect) => effect.status !== 'suspended'))
  })
}

/** Names the colleague who was first, with the reason that the families read. */
const alreadySuspended = (effects: readonly ClosureEffect[]) => {
  const first = effects.find(({ decided }) => decided)?.decided
  return refused('calendar:already-suspended', { by: first?.by ?? null, reason: first?.reason ?? '' })
}

/**
 * Gives a day back to the calendar in every school where the same closure is in force and the families can still cancel. What
 * they cancelled before stays cancelled; nothing was charged, and the close charges as on any day. A day that was counted, or whose
 * deadline has passed, stays as it is.
 * @param asked.expected the sums of the preview: if they moved in the meantime nothing is done, and the office reads again
 */
export async function undoClosure(
  viewer: Viewer,
  asked: { closureId: string; reason: string; expected: { schools: number; meals: number } },
): Promise<Result<{ day: Day; schools: number; meals: number }>> {
  if (!allowedToStaff(viewer, 'calendar:manage')) return refused('request:not-found')
  const { municipalityId } = viewer
  return asStaff(viewer, async (trx) => {
    await lockSuspended(trx, municipalityId, asked.closureId)
    const undoing = await undoingOf(trx, municipalityId, asked.closureId)
    if (!undoing) return refused('request:not-found')
    const { day, now } = undoing
    const opening = undoing.effects.filter((effect) => whyNotReopened(effect, now) === null)
    if (opening.length === 0) return refused('calendar:not-reopened')
    const sums = sumOfReopening(opening, now)
    if (sums.schools !== asked.expected.schools || sums.meals !== asked.expected.meals)
      return refused('calendar:preview-changed')
    await reopen(trx, viewer, opening)
    const notice = { day, reason: asked.reason, schools: opening.map(({ schoolName }) => schoolName) }
    await tellFamilies(
      trx,
      municipalityId,
      opening.map(({ serviceDayId }) => ({ id: serviceDayId })),
      { day, key: `closure-undone:${asked.closureId}`, say: (t) => reopeningNotice(notice, t) },
    )
    await recordAudit(trx, viewer, {
      action: 'calendar.closure-undone',
      objectType: 'day',
      objectId: day,
      details: { ...sums, kind: undoing.kind, closure: undoing.reason, reason: asked.reason },
    })
    return ok({ day, ...sums })
  })
}

/** The days that one closure suspended, in every school with the same day, kind and reason. */
const lockSuspended = (trx: Trx, municipalityId: string, closureId: string) =>
  sql`select from service_day d
    where d.municipality_id = ${municipalityId} and d.status = 'suspended' and d.day = (select x.day from closure x
      where x.municipality_id = ${municipalityId} and x.id = ${closureId}::uuid)
    order by d.id for update`.execute(trx)

async function reopen(trx: Trx, viewer: Viewer, opening: readonly ReopeningEffect[]): Promise<void> {
  const { municipalityId, personId } = viewer
  await sql`update service_day set status = 'open', closure_id = null
    where municipality_id = ${municipalityId} and id = any(${opening.map(({ serviceDayId }) => serviceDayId)}::uuid[])`.execute(
    trx,
  )
  await sql`update closure set undone_at = app_now(), undone_by = ${personId}
    where municipality_id = ${municipalityId} and id = any(${opening.map(({ closureId }) => closureId)}::uuid[])`.execute(
    trx,
  )
}

/** Tells the people with a child enrolled on those days, holders and delegates, once each. */
async function tellFamilies(
  trx: Trx,
  municipalityId: string,
  days: readonly { id: string }[],
  { day, key, say }: { day: Day; key: string; say: (t: Words) => Said },
): Promise<void> {
  const { rows } = await sql<{ pupil_id: string }>`
    select distinct e.pupil_id from service_day d
    join enrolment e on e.municipality_id = ${municipalityId} and e.service_id = d.service_id and e.school_id = d.school_id
      and e.valid_from <= d.day and e.valid_to >= d.day
    where d.municipality_id = ${municipalityId} and d.id = any(${days.map(({ id }) => id)}::uuid[])`.execute(
    trx,
  )
  const pupils = rows.map((row) => row.pupil_id)
  await notify(trx, municipalityId, {
    event: 'calendar:closure',
    key,
    to: await adultsOfPupils(trx, municipalityId, pupils),
    say,
    path: `/prenotazioni?mese=${monthOf(day)}`,
  })
}

type LockedDay = { id: string; service_id: string; school_id: string; status: string }

function lockDays(
  trx: Trx,
  municipalityId: string,
  asked: { day: Day; schoolId: string | null },
): Promise<LockedDay[]> {
  return trx
    .selectFrom('service_day')
    .select(['id', 'service_id', 'school_id', 'status'])
    .where('municipality_id', '=', municipalityId)
    .where('day', '=', asked.day)
    .$if(asked.schoolId !== null, (query) => query.where('school_id', '=', asked.schoolId as string))
    .orderBy('id')
    .forUpdate()
    .execute()
}

/** A charge under way is waited for: what is read afterwards is either charged or never will be. */
const lockCharges = (trx: Trx, municipalityId: string, days: readonly LockedDay[]) =>
  trx
    .selectFrom('meal_charge')
    .select('service_day_id')
    .where('municipality_id', '=', municipalityId)
    .where(
      'service_day_id',
      'in',
      days.map(({ id }) => id),
    )
    .orderBy('service_day_id')
    .forUpdate()
    .execute()

async function suspendDay(
  trx: Trx,
  viewer: Viewer,
  day: LockedDay,
  asked: { day: Day; kind: ClosureKind; reason: string },
): Promise<void> {
  const closure = await trx
    .insertInto('closure')
    .values({
      municipality_id: viewer.municipalityId,
      service_id: day.service_id,
      school_id: day.school_id,
      day: asked.day,
      kind: asked.kind,
      reason: asked.reason,
      created_by: viewer.personId,
    })
    .returning('id')
    .executeTakeFirstOrThrow()
  if (day.status === 'closed') await reverseCharges(trx, viewer, day, asked.reason)
  await trx
    .updateTable('service_day')
    .set({ status: 'suspended', closure_id: closure.id })
    .where('municipality_id', '=', viewer.municipalityId)
    .where('id', '=', day.id)
    .execute()
}

/** What was charged goes back; what was counted and not charged yet is not due any more. The kitchen gets a new version. */
async function reverseCharges(trx: Trx, viewer: Viewer, day: LockedDay, reason: string): Promise<void> {
  const { municipalityId } = viewer
  await trx
    .updateTable('meal_charge')
    .set({ due_at: null })
    .where('municipality_id', '=', municipalityId)
    .where('service_day_id', '=', day.id)
    .where('due_at', 'is not', null)
    .execute()
  await sql`
    insert into kitchen_count (municipality_id, service_day_id, version, reason)
    select ${municipalityId}, ${day.id}, coalesce(max(version), 0) + 1, ${reason}
    from kitchen_count where municipality_id = ${municipalityId} and service_day_id = ${day.id}`.execute(trx)
  await sql`
    with charged as (
      select account_id, amount_cents, pupil_id, day from entry
      where municipality_id = ${municipalityId} and service_day_id = ${day.id} and kind = 'meals'
        and school_year = (select y.school_year from entry_year y
          where y.municipality_id = ${municipalityId} and y.subject_id = ${day.id} and y.kind = 'meals')
    ), posted as (
      insert into journal (municipality_id, kind, idempotency_key, description, person_id)
      select ${municipalityId}, 'meals_reversal', 'meals_reversal:' || ${day.id}, ${reason}, ${viewer.personId}
      where exists (select from charged) returning id
    )
    insert into entry (municipality_id, journal_id, account_id, kind, amount_cents, pupil_id, service_day_id, day)
    select ${municipalityId}, posted.id, account_id, 'meals_reversal', -amount_cents, pupil_id, ${day.id}, day
    from charged, posted`.execute(trx)
}
