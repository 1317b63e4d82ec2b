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
import { closureNotice, reopeningNotice, takenUpNotice } from '../closure.notice.ts'
import {
  type ClosureEffect,
  type ClosureKind,
  isReopened,
  type ReopeningEffect,
  type ReopeningSums,
  reopeningOf,
  sumOfEffects,
  sumOfReopening,
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
    if (await wereTakenUp(trx, viewer.municipalityId, live)) return refused('calendar:taken-up-before')

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

/** The ledger gives back the meals of a day once, and charges them again once. */
async function wereTakenUp(trx: Trx, municipalityId: string, days: readonly LockedDay[]): Promise<boolean> {
  const again = await trx
    .selectFrom('journal')
    .select('id')
    .where('municipality_id', '=', municipalityId)
    .where(
      'idempotency_key',
      'in',
      days.map(({ id }) => `meals_again:${id}`),
    )
    .limit(1)
    .executeTakeFirst()
  return again !== undefined
}

/**
 * Gives a day back to the calendar in every school where the same closure is in force. Where the families can still cancel it opens
 * again: what they cancelled before stays cancelled, nothing was charged, and the close charges as on any day. Where the kitchen had
 * counted it, its meals count again and are charged again, once. Other days stay as they are (`reopeningOf`).
 * @param asked.expected the sums of the preview: if they moved in the meantime nothing is done, and the office reads again
 */
export async function undoClosure(
  viewer: Viewer,
  asked: { closureId: string; reason: string; expected: ReopeningSums },
): Promise<Result<ReopeningSums & { day: Day }>> {
  if (!allowedToStaff(viewer, 'calendar:manage')) return refused('request:not-found')
  const { municipalityId } = viewer
  return asStaff(viewer, async (trx) => {
    await lockSuspended(trx, municipalityId, asked.closureId)
    const undoing = await undoingOf(trx, municipalityId, asked.closureId)
    if (!undoing) return refused('request:not-found')
    const { day, now } = undoing
    const again = undoing.effects.filter((effect) => isReopened(reopeningOf(effect, now)))
    if (again.length === 0) return refused('calendar:not-reopened')
    const sums = sumOfReopening(again, now)
    const { expected } = asked
    if (
      sums.schools !== expected.schools ||
      sums.meals !== expected.meals ||
      sums.chargeCents !== expected.chargeCents
    )
      return refused('calendar:preview-changed')
    const opening = again.filter((effect) => reopeningOf(effect, now) === 'opens')
    const takenUp = again.filter((effect) => reopeningOf(effect, now) === 'taken-up')
    await undo(trx, viewer, again)
    await open(trx, municipalityId, opening)
    for (const { serviceDayId } of takenUp)
      await takeUp(trx, viewer, { serviceDayId, day, reason: asked.reason })
    await tellReopened(trx, municipalityId, {
      closureId: asked.closureId,
      day,
      reason: asked.reason,
      opening,
      takenUp,
    })
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

async function undo(trx: Trx, viewer: Viewer, again: readonly ReopeningEffect[]): Promise<void> {
  const { municipalityId, personId } = viewer
  await sql`update closure set undone_at = app_now(), undone_by = ${personId}
    where municipality_id = ${municipalityId} and id = any(${again.map(({ closureId }) => closureId)}::uuid[])`.execute(
    trx,
  )
}

const open = (trx: Trx, municipalityId: string, opening: readonly ReopeningEffect[]) =>
  sql`update service_day set status = 'open', closure_id = null
    where municipality_id = ${municipalityId} and id = any(${opening.map(({ serviceDayId }) => serviceDayId)}::uuid[])`.execute(
    trx,
  )

/**
 * A day that was counted has its canteen after all: it is closed again, the kitchen gets the meals of its count as a new version,
 * and what was given back is charged again. What was counted and never charged is due again.
 */
async function takeUp(
  trx: Trx,
  viewer: Viewer,
  { serviceDayId, day, reason }: { serviceDayId: string; day: Day; reason: string },
): Promise<void> {
  const { municipalityId, personId } = viewer
  await sql`update service_day set status = 'closed', closure_id = null
    where municipality_id = ${municipalityId} and id = ${serviceDayId}`.execute(trx)
  await sql`update meal_charge set due_at = app_now(), failures = 0
    where municipality_id = ${municipalityId} and service_day_id = ${serviceDayId} and charged_at is null`.execute(
    trx,
  )
  await sql`
    with counted as (
      select k.id, max(k.version) over () as version,
        exists (select from kitchen_count_line l where l.municipality_id = ${municipalityId} and l.kitchen_count_id = k.id) as has_lines
      from kitchen_count k where k.municipality_id = ${municipalityId} and k.service_day_id = ${serviceDayId}
    ), again as (
      insert into kitchen_count (municipality_id, service_day_id, version, reason)
      select ${municipalityId}, ${serviceDayId}, max(version) + 1, ${reason} from counted returning id
    )
    insert into kitchen_count_line (municipality_id, kitchen_count_id, school_class_id, diet_code, meals, absent, severe, asked)
    select ${municipalityId}, again.id, l.school_class_id, l.diet_code, l.meals, l.absent, l.severe, l.asked
    from again, kitchen_count_line l where l.municipality_id = ${municipalityId}
      and l.kitchen_count_id = (select k.id from kitchen_count k join counted c on c.id = k.id and c.has_lines
        where k.municipality_id = ${municipalityId} order by k.version desc limit 1)`.execute(trx)
  await sql`
    with given_back as (
      select account_id, amount_cents, pupil_id, day from entry
      where municipality_id = ${municipalityId} and service_day_id = ${serviceDayId} and kind = 'meals_reversal'
        and school_year = (select y.school_year from entry_year y
          where y.municipality_id = ${municipalityId} and y.subject_id = ${serviceDayId} and y.kind = 'meals_reversal')
    ), posted as (
      insert into journal (municipality_id, kind, idempotency_key, description, person_id)
      select ${municipalityId}, 'adjustment', 'meals_again:' || ${serviceDayId},
        'Pasti di nuovo addebitati, ' || to_char(${day}::date, 'DD/MM/YYYY'), ${personId}
      where exists (select from given_back) returning id
    )
    insert into entry (municipality_id, journal_id, account_id, kind, amount_cents, pupil_id, service_day_id, day)
    select ${municipalityId}, posted.id, account_id, 'adjustment', -amount_cents, pupil_id, ${serviceDayId}, day
    from given_back, posted`.execute(trx)
}

type Reopened = {
  closureId: string
  day: Day
  reason: string
  opening: readonly ReopeningEffect[]
  takenUp: readonly ReopeningEffect[]
}

/** The families of a school that opens again can still cancel; those of one that was taken up read what is charged again. */
async function tellReopened(
  trx: Trx,
  municipalityId: string,
  { closureId, day, reason, opening, takenUp }: Reopened,
): Promise<void> {
  const tell = async (
    effects: readonly ReopeningEffect[],
    key: string,
    say: (about: { day: Day; reason: string; schools: string[] }, t: Words) => Said,
  ) => {
    if (effects.length === 0) return
    const days = effects.map(({ serviceDayId }) => ({ id: serviceDayId }))
    const about = { day, reason, schools: effects.map(({ schoolName }) => schoolName) }
    await tellFamilies(trx, municipalityId, days, {
      day,
      key: `${key}:${closureId}`,
      say: (t) => say(about, t),
    })
  }
  await tell(opening, 'closure-undone', reopeningNotice)
  await tell(takenUp, 'closure-taken-up', takenUpNotice)
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
      and e.valid_from <= d.day and e.valid_to >= d.day and eats_on(e.weekdays, d.day)
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
