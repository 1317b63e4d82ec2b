import 'server-only'
import { sql } from 'kysely'
import { asStaff, type Trx } from '#db/client.ts'
import { allowedToStaff } from '#lib/access/capabilities.ts'
import type { Viewer } from '#lib/access/viewer.ts'
import { recordAudit } from '#lib/audit/audit.commands.ts'
import { type Day, monthOf } from '#lib/kernel/day.ts'
import { ok, type Result, refused } from '#lib/kernel/result.ts'
import { adultsOfPupils, notify } from '#lib/notifications/notification.commands.ts'
import { type AnnouncedClosure, closureNotice } from '../closure.notice.ts'
import { type ClosureEffect, type ClosureKind, sumOfEffects } from '../closure.ts'
import { effectsOf } from './closure.queries.ts'

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
    if (live.length === 0) return refused('calendar:already-suspended')

    await lockCharges(trx, viewer.municipalityId, live)
    const effects = await effectsOf(trx, viewer.municipalityId, asked)
    const { meals, refundCents } = sumOfEffects(effects)
    if (meals !== asked.expected.meals || refundCents !== asked.expected.refundCents) {
      return refused('calendar:preview-changed')
    }
    for (const day of live) await suspendDay(trx, viewer, day, asked)
    await tellFamilies(trx, viewer.municipalityId, live, {
      ...asked,
      schools: effects.filter((effect) => effect.status !== 'suspended').map(({ schoolName }) => schoolName),
      isRefunded: refundCents > 0,
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

/** The people with a child enrolled on those days, holders and delegates, once each. */
async function tellFamilies(
  trx: Trx,
  municipalityId: string,
  days: readonly LockedDay[],
  notice: AnnouncedClosure,
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
    key: `closure:${days[0]?.id}`,
    to: await adultsOfPupils(trx, municipalityId, pupils),
    say: (t) => closureNotice(notice, t),
    path: `/prenotazioni?mese=${monthOf(notice.day)}`,
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
