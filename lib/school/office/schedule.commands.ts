import 'server-only'
import { sql } from 'kysely'
import { asStaff, type Trx } from '#db/client.ts'
import { readClock } from '#db/clock.ts'
import { allowedToStaff } from '#lib/access/capabilities.ts'
import type { Viewer } from '#lib/access/viewer.ts'
import { recordAudit } from '#lib/audit/audit.commands.ts'
import { isWithin, parseDay } from '#lib/kernel/day.ts'
import { fingerprintOf } from '#lib/kernel/fingerprint.ts'
import { ok, type Result, refused, refusedField } from '#lib/kernel/result.ts'
import { isUuid } from '#lib/kernel/uuid.ts'
import { adultsOfPupils, notify } from '#lib/notifications/notification.commands.ts'
import { scheduleNotice } from '../schedule.notice.ts'
import { planWeek, type Week, type WeekPlan } from '../schedule-change.ts'
import { plannedDays, type Schedule } from '../school-year.ts'
import { DROPPED_REASON, type PlaceFacts, placeFacts, type Touched, touchedBy } from './schedule.queries.ts'
import { firstWeekInWords, weekPlanInWords } from './schedule.words.ts'
import { insertSchedule, insertServiceDays, type WeekPlace } from './structure.commands.ts'

type AskedWeek = WeekPlace & Week & { from: string; to: string }

type Seen = { revision: number; fingerprint: string }
type Preview = { lines: string[]; seen: Seen }

const GRACE_SECONDS = 3

/** A week that is decided for the first time, or changed from a day on. */
type Decision =
  | { kind: 'first'; schedule: Schedule; facts: PlaceFacts; days: number }
  | { kind: 'change'; plan: WeekPlan; facts: PlaceFacts; touched: Touched }

async function decisionOn(
  trx: Trx,
  viewer: Viewer,
  asked: AskedWeek,
  { lock }: { lock: boolean },
): Promise<Result<Decision>> {
  const facts = await placeFacts(trx, viewer.municipalityId, asked, { lock })
  if (!facts) return refused('request:not-found')
  if (!facts.week) {
    const schedule = firstSchedule(asked, facts)
    if (!schedule.ok) return schedule
    const days = plannedDays(schedule.value, facts.closed).length
    return ok({ kind: 'first', schedule: schedule.value, facts, days })
  }
  const plan = planWeek(asked, facts.week)
  if (!plan.ok) return plan
  const touched = await touchedBy(trx, viewer.municipalityId, asked, plan.value)
  return ok({ kind: 'change', plan: plan.value, facts, touched })
}

function firstSchedule(asked: AskedWeek, { year }: PlaceFacts): Result<Schedule> {
  const [from, to] = [parseDay(asked.from), parseDay(asked.to)]
  if (!from) return refusedField('from', 'structure:choose-day')
  if (!to || to < from) return refusedField('to', 'structure:choose-day')
  const within = { from: year.startsOn, to: year.endsOn }
  if (!isWithin(from, within)) return refusedField('from', 'structure:outside-year', within)
  if (!isWithin(to, within)) return refusedField('to', 'structure:outside-year', within)
  const { weekdays, cutoffTime, cutoffDaysBefore } = asked
  return ok({
    weekdays,
    cutoffTime,
    cutoffDaysBefore,
    startsOn: from,
    endsOn: to,
    graceSeconds: GRACE_SECONDS,
  })
}

/** Of all that the preview says: also whom the change touches. */
const seenOf = (decision: Decision): Seen => ({
  revision: decision.facts.revision,
  fingerprint: fingerprintOf(
    decision.kind === 'first'
      ? { schedule: decision.schedule, days: decision.days }
      : { plan: decision.plan, touched: decision.touched },
  ),
})

const onWeek = async <T>(
  viewer: Viewer,
  asked: AskedWeek,
  options: { lock: boolean },
  work: (trx: Trx, decision: Decision) => Promise<Result<T>>,
): Promise<Result<T>> => {
  const ids = [asked.serviceId, asked.schoolId, asked.yearId]
  if (!allowedToStaff(viewer, 'structure:manage') || !ids.every(isUuid)) return refused('request:not-found')
  return asStaff(viewer, async (trx) => {
    const decision = await decisionOn(trx, viewer, asked, options)
    return decision.ok ? work(trx, decision.value) : decision
  })
}

/** What a school's new week would do, before anything is done. */
export const previewWeek = (viewer: Viewer, asked: AskedWeek): Promise<Result<Preview>> =>
  onWeek(viewer, asked, { lock: false }, async (_, decision) =>
    ok({
      lines:
        decision.kind === 'first'
          ? firstWeekInWords(decision.schedule, decision.days)
          : weekPlanInWords(decision.plan, decision.touched),
      seen: seenOf(decision),
    }),
  )

/**
 * Decides the week of a school: its first one, or a change from a day on. The days before stay as they are, and the families of
 * the pupils who eat there are told of a change.
 * @param seen what the preview showed; when the week changed since, nothing is done
 */
export const decideWeek = (
  viewer: Viewer,
  asked: AskedWeek,
  seen: Seen,
): Promise<Result<{ schoolId: string }>> =>
  onWeek(viewer, asked, { lock: true }, async (trx, decision) => {
    const now = seenOf(decision)
    if (seen.revision !== now.revision)
      return refused('structure:changed-meanwhile', { who: decision.facts.savedBy })
    if (seen.fingerprint !== now.fingerprint) return refused('structure:preview-changed')
    if (decision.kind === 'first') await writeFirst(trx, viewer, asked, decision)
    else await writeChange(trx, viewer, asked, decision)
    return ok({ schoolId: asked.schoolId })
  })

async function writeFirst(
  trx: Trx,
  viewer: Viewer,
  place: AskedWeek,
  { schedule, facts }: Extract<Decision, { kind: 'first' }>,
): Promise<void> {
  const { now } = await readClock(trx)
  await insertSchedule(trx, viewer.municipalityId, place, schedule, viewer.personId)
  const days = plannedDays(schedule, facts.closed).filter(({ cutoffAt }) => cutoffAt > now)
  await insertServiceDays(trx, viewer.municipalityId, place, days)
  await recordAudit(trx, viewer, {
    action: 'structure.week-set',
    objectType: 'school',
    objectId: place.schoolId,
    details: {
      from: schedule.startsOn,
      to: schedule.endsOn,
      weekdays: schedule.weekdays.join(),
      days: days.length,
    },
  })
}

async function writeChange(
  trx: Trx,
  viewer: Viewer,
  place: AskedWeek,
  { plan, facts, touched }: Extract<Decision, { kind: 'change' }>,
): Promise<void> {
  const { municipalityId } = viewer
  await writeWeek(trx, viewer, place, plan)
  await insertServiceDays(trx, municipalityId, place, plan.open)
  await reopenDays(trx, viewer, plan)
  await moveCutoffs(trx, municipalityId, [...plan.reopen, ...plan.recut])
  await dropDays(trx, viewer, place, plan.drop, DROPPED_REASON)
  await recordAudit(trx, viewer, {
    action: 'structure.week-changed',
    objectType: 'school',
    objectId: place.schoolId,
    details: {
      ...{ from: plan.from, weekdays: plan.week.weekdays.join(), cutoff: plan.week.cutoffTime },
      ...{ daysBefore: plan.week.cutoffDaysBefore, opened: plan.open.length + plan.reopen.length },
      ...{
        dropped: plan.drop.length,
        weekdaysBefore: plan.before.weekdays.join(),
        cutoffBefore: plan.before.cutoffTime,
      },
    },
  })
  await notify(trx, municipalityId, {
    event: 'calendar:closure',
    key: `week:${place.serviceId}:${place.schoolId}:${facts.revision}`,
    to: await adultsOfPupils(trx, municipalityId, touched.pupilIds),
    say: (t) => scheduleNotice({ ...plan, school: facts.schoolName, service: facts.serviceName }, t),
    path: '/prenotazioni',
  })
}

const writeWeek = (trx: Trx, viewer: Viewer, { serviceId, schoolId, yearId }: WeekPlace, plan: WeekPlan) =>
  trx
    .updateTable('service_schedule')
    .set({
      weekdays: [...plan.before.weekdays],
      cutoff_time: plan.before.cutoffTime,
      cutoff_days_before: plan.before.cutoffDaysBefore,
      next_from: plan.from,
      next_weekdays: [...plan.week.weekdays],
      next_cutoff_time: plan.week.cutoffTime,
      next_cutoff_days_before: plan.week.cutoffDaysBefore,
      served_weekdays: plan.servedWeekdays,
      revision: sql<number>`revision + 1`,
      updated_by: viewer.personId,
    })
    .where('municipality_id', '=', viewer.municipalityId)
    .where('service_id', '=', serviceId)
    .where('school_id', '=', schoolId)
    .where('school_year_id', '=', yearId)
    .execute()

export async function moveCutoffs(trx: Trx, municipalityId: string, moved: WeekPlan['recut']): Promise<void> {
  if (moved.length === 0) return
  await sql`update service_day d set cutoff_at = to_.cutoff_at, close_at = to_.close_at
    from unnest(${moved.map(({ id }) => id)}::uuid[], ${moved.map(({ cutoffAt }) => cutoffAt)}::timestamptz[],
      ${moved.map(({ closeAt }) => closeAt)}::timestamptz[]) as to_ (id, cutoff_at, close_at)
    where d.municipality_id = ${municipalityId} and d.id = to_.id`.execute(trx)
}

export async function reopenDays(
  trx: Trx,
  viewer: Viewer,
  { reopen }: Pick<WeekPlan, 'reopen'>,
): Promise<void> {
  if (reopen.length === 0) return
  const ids = reopen.map(({ id }) => id)
  await sql`update closure x set undone_at = app_now(), undone_by = ${viewer.personId}
    from service_day d where x.municipality_id = ${viewer.municipalityId} and d.municipality_id = ${viewer.municipalityId}
      and d.id = any(${ids}::uuid[]) and x.id = d.closure_id`.execute(trx)
  await sql`update service_day set status = 'open', closure_id = null
    where municipality_id = ${viewer.municipalityId} and id = any(${ids}::uuid[])`.execute(trx)
}

/** The days stay in the calendar, suspended, with their reason: what was cancelled on them stays readable. */
export async function dropDays(
  trx: Trx,
  viewer: Viewer,
  place: Pick<WeekPlace, 'serviceId' | 'schoolId'>,
  drop: WeekPlan['drop'],
  reason: string,
): Promise<void> {
  if (drop.length === 0) return
  await sql`
    with dropped as (
      insert into closure (municipality_id, service_id, school_id, day, kind, reason, created_by)
      select ${viewer.municipalityId}::uuid, ${place.serviceId}::uuid, ${place.schoolId}::uuid, day, 'closure', ${reason},
        ${viewer.personId}::uuid from unnest(${drop.map(({ day }) => day)}::date[]) as day
      returning id, day
    )
    update service_day d set status = 'suspended', closure_id = dropped.id from dropped
    where d.municipality_id = ${viewer.municipalityId} and d.service_id = ${place.serviceId} and d.school_id = ${place.schoolId}
      and d.day = dropped.day`.execute(trx)
}
