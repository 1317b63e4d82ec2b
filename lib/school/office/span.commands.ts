import 'server-only'
import { sql } from 'kysely'
import type { Trx } from '#db/client.ts'
import { lockedOffice } from '#lib/access/locked-office.commands.ts'
import type { Viewer } from '#lib/access/viewer.ts'
import { recordAudit } from '#lib/audit/audit.commands.ts'
import { type Day, parseDay } from '#lib/kernel/day.ts'
import { fingerprintOf } from '#lib/kernel/fingerprint.ts'
import { ok, type Result, refused, refusedField } from '#lib/kernel/result.ts'
import { adultsOfPupils, notify } from '#lib/notifications/notification.commands.ts'
import { spanNotice } from '../schedule.notice.ts'
import { earlier, planSpan, type SpanPlan } from '../span-change.ts'
import { dropDays, moveCutoffs, reopenDays } from './schedule.commands.ts'
import { OUTSIDE_REASON, type PlaceFacts, placeFacts, type Touched, touchedBy } from './schedule.queries.ts'
import { spanInWords } from './span.words.ts'
import { insertServiceDays, type WeekPlace } from './structure.commands.ts'
import { type AskedBounds, planBounds, type YearBounds } from './year-bounds.ts'

type Preview = { lines: string[]; seen: { fingerprint: string } }

/** `schoolId` empty: every school of the year. */
export type AskedSpan = {
  yearId: string
  revision: number
  schoolId: string
  serviceFrom: string
  serviceTo: string
}

type Year = YearBounds & { id: string; name: string; revision: number; savedBy: string | null }

type Seen = { yearId: string; revision: number }

const onYear = <T>(
  viewer: Viewer,
  { yearId }: Seen,
  { lock }: { lock: boolean },
  work: (trx: Trx, year: Year) => Promise<Result<T>>,
) =>
  lockedOffice(
    viewer,
    'structure:manage',
    { table: 'school_year', id: yearId, lock: lock ? 'values' : 'none' },
    (trx) => yearNow(trx, viewer.municipalityId, yearId),
    work,
  )

/** A year that is not over, with what lies at its edges. */
async function yearNow(trx: Trx, municipalityId: string, yearId: string): Promise<Year | null> {
  const { rows } = await sql<Year>`
    select y.id, y.name, y.starts_on as "startsOn", y.ends_on as "endsOn", y.revision, p.full_name as "savedBy",
      app_today() as today,
      coalesce((select json_agg(json_build_object('name', o.name, 'startsOn', o.starts_on, 'endsOn', o.ends_on)) from school_year o
        where o.municipality_id = ${municipalityId} and o.id <> y.id), '[]') as others,
      (select min(x.day) from (${heldDays(municipalityId, yearId)}) x (day)) as "firstHeld",
      (select max(x.day) from (${heldDays(municipalityId, yearId)}) x (day)) as "lastHeld"
    from school_year y left join person p on p.municipality_id = ${municipalityId} and p.id = y.updated_by
    where y.municipality_id = ${municipalityId} and y.id = ${yearId} and y.ends_on >= app_today()`.execute(
    trx,
  )
  return rows[0] ?? null
}

/** First and last days of what stands on a year: the canteen of its schools and the enrolments in it. */
const heldDays = (municipalityId: string, yearId: string) => sql`
  select unnest(array[w.starts_on, w.ends_on]) from service_schedule w
    where w.municipality_id = ${municipalityId} and w.school_year_id = ${yearId}
  union all select unnest(array[e.valid_from, e.valid_to]) from enrolment e
    where e.municipality_id = ${municipalityId} and e.school_year_id = ${yearId}`

const changedMeanwhile = (year: Year, seen: Seen) =>
  year.revision === seen.revision ? null : refused('structure:changed-meanwhile', { who: year.savedBy })

const saveYear = (trx: Trx, viewer: Viewer, year: Year, values: object) =>
  trx
    .updateTable('school_year')
    .set({ ...values, revision: year.revision + 1, updated_by: viewer.personId })
    .where('municipality_id', '=', viewer.municipalityId)
    .where('id', '=', year.id)
    .execute()

type PlacedPlan = { place: WeekPlace; facts: PlaceFacts; plan: SpanPlan }
type SpanSaid = {
  plans: [PlacedPlan, ...PlacedPlan[]]
  touched: Touched
  lines: string[]
  fingerprint: string
}

async function spanSaid(
  trx: Trx,
  { municipalityId }: Viewer,
  asked: AskedSpan,
  year: Year,
  options: { lock: boolean },
): Promise<Result<SpanSaid>> {
  const [from, to] = [parseDay(asked.serviceFrom), parseDay(asked.serviceTo)]
  if (!from) return refusedField('serviceFrom', 'structure:choose-day')
  if (!to) return refusedField('serviceTo', 'structure:choose-day')
  const bounds = { from: year.startsOn, to: year.endsOn }
  const plans: PlacedPlan[] = []
  for (const place of await placesOf(trx, municipalityId, asked)) {
    const facts = await placeFacts(trx, municipalityId, place, options)
    if (!facts?.week) continue
    const plan = planSpan({ from, to }, facts.week, bounds)
    if (!plan.ok) return plan
    if (plan.value) plans.push({ place, facts, plan: plan.value })
  }
  const [first, ...rest] = plans
  if (!first) return refused('structure:nothing-changes')
  const touched = await touchedByAll(trx, municipalityId, plans)
  const [shown, ...others] = [first.plan, ...rest.map(({ plan }) => plan)] as [SpanPlan, ...SpanPlan[]]
  const lines = spanInWords([shown, ...others], touched)
  const fingerprint = fingerprintOf([plans.map(({ place, plan }) => [place, plan]), touched])
  return ok({ plans: [first, ...rest], touched, lines, fingerprint })
}

/** The schools of a year in a steady order, so that two acts lock them one after the other. */
async function placesOf(
  trx: Trx,
  municipalityId: string,
  { yearId, schoolId }: AskedSpan,
): Promise<WeekPlace[]> {
  const here = schoolId === '' ? sql`` : sql`and w.school_id = ${schoolId}::uuid`
  const { rows } = await sql<WeekPlace>`
    select w.service_id as "serviceId", w.school_id as "schoolId", w.school_year_id as "yearId" from service_schedule w
    where w.municipality_id = ${municipalityId} and w.school_year_id = ${yearId} ${here}
    order by w.school_id, w.service_id`.execute(trx)
  return rows
}

async function touchedByAll(
  trx: Trx,
  municipalityId: string,
  plans: readonly PlacedPlan[],
): Promise<Touched> {
  const pupilIds = new Set<string>()
  let cancellations = 0
  for (const { place, plan } of plans) {
    const from = firstChanged(plan)
    const touched = await touchedBy(trx, municipalityId, place, { from, drop: plan.drop })
    for (const id of touched.pupilIds) pupilIds.add(id)
    cancellations += touched.cancellations
  }
  return { pupilIds: [...pupilIds].sort(), cancellations }
}

/** The first day that is not as before. */
function firstChanged({ before, span }: SpanPlan): Day {
  return before.from === span.from ? earlier(before.to, span.to) : earlier(before.from, span.from)
}

/** What other first and last days of the canteen would do, before anything is done. */
export const previewSpan = (viewer: Viewer, asked: AskedSpan): Promise<Result<Preview>> =>
  onYear(viewer, asked, { lock: false }, async (trx, year) => {
    const said = await spanSaid(trx, viewer, asked, year, { lock: false })
    return said.ok ? ok({ lines: said.value.lines, seen: { fingerprint: said.value.fingerprint } }) : said
  })

/**
 * Corrects the first and the last day of the canteen in a year, in one school or in all. What was counted stays; families of the
 * pupils who eat there are told.
 * @param fingerprint of what the preview showed; when something changed since, nothing is done
 */
export const changeSpan = (
  viewer: Viewer,
  asked: AskedSpan,
  fingerprint: string,
): Promise<Result<{ name: string }>> =>
  onYear(viewer, asked, { lock: true }, async (trx, year) => {
    const refusal = changedMeanwhile(year, asked)
    if (refusal) return refusal
    const said = await spanSaid(trx, viewer, asked, year, { lock: true })
    if (!said.ok) return said
    if (said.value.fingerprint !== fingerprint) return refused('structure:preview-changed')
    const { plans, touched } = said.value
    for (const one of plans) await writeSpan(trx, viewer, one)
    await saveYear(trx, viewer, year, {})
    const { before, span } = plans[0].plan
    await recordAudit(trx, viewer, {
      action: 'structure.span-changed',
      objectType: 'school_year',
      objectId: year.id,
      details: {
        ...{ from: span.from, to: span.to, fromBefore: before.from, toBefore: before.to },
        ...{ schools: plans.length, school: asked.schoolId || null },
      },
    })
    await notify(trx, viewer.municipalityId, {
      event: 'calendar:closure',
      key: `span:${year.id}:${year.revision}`,
      to: await adultsOfPupils(trx, viewer.municipalityId, touched.pupilIds),
      say: (t) => spanNotice(span, t),
      path: '/prenotazioni',
    })
    return ok({ name: year.name })
  })

async function writeSpan(trx: Trx, viewer: Viewer, { place, plan }: PlacedPlan): Promise<void> {
  const { municipalityId, personId } = viewer
  await trx
    .updateTable('service_schedule')
    .set({
      ...{ starts_on: plan.span.from, ends_on: plan.span.to },
      ...{ revision: sql<number>`revision + 1`, updated_by: personId },
    })
    .where('municipality_id', '=', municipalityId)
    .where('service_id', '=', place.serviceId)
    .where('school_id', '=', place.schoolId)
    .where('school_year_id', '=', place.yearId)
    .execute()
  await insertServiceDays(trx, municipalityId, place, plan.open)
  await reopenDays(trx, viewer, plan)
  await moveCutoffs(trx, municipalityId, plan.reopen)
  await dropDays(trx, viewer, place, plan.drop, OUTSIDE_REASON)
}

/** Corrects the first and the last day of a school year, where nothing that stands on it would be left outside. */
export const changeBounds = (viewer: Viewer, asked: Seen & AskedBounds): Promise<Result<{ name: string }>> =>
  onYear(viewer, asked, { lock: true }, async (trx, year) => {
    const refusal = changedMeanwhile(year, asked)
    if (refusal) return refusal
    const plan = planBounds(asked, year)
    if (!plan.ok) return plan
    await saveYear(trx, viewer, year, { starts_on: plan.value.from, ends_on: plan.value.to })
    await recordAudit(trx, viewer, {
      action: 'structure.year-corrected',
      objectType: 'school_year',
      objectId: year.id,
      details: { ...plan.value, fromBefore: year.startsOn, toBefore: year.endsOn },
    })
    return ok({ name: year.name })
  })
