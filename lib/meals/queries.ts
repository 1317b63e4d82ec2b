import 'server-only'
import { type RawBuilder, sql } from 'kysely'
import { asFamily, type Trx } from '#db/client.ts'
import { activeHouseholds, heldHouseholds } from '#lib/auth/own-pupils.ts'
import { familyScope, isInScope, type PupilScope } from '#lib/auth/pupil-scope.ts'
import type { Viewer } from '#lib/auth/viewer.ts'
import { type Day, type Month, monthOf as monthOfDay, parseDay } from '#lib/day.ts'
import { type BatchLine, type BatchPreview, type BatchRequest, previewOf } from './batch.ts'
import { type DayState, dayState, type Moment, momentOf } from './day-state.ts'
import { type CalendarFacts, type EnrolmentFact, type PupilDay, pupilDays } from './facts.ts'
import { type MonthGrid, monthGrid, monthWithin, type Period } from './month.ts'
import type { MealAction } from './states.ts'

/** What a family page shows of a child: first name, school, class and service. Never a diet, never a fiscal code. */
export type ChildCard = {
  id: string
  householdId: string
  givenName: string
  familyName: string
  schoolId: string
  schoolName: string
  className: string
  serviceName: string
}

/** When changes close: `time` "9:30" (Italy), on the day itself or some days before. */
export type CutoffRule = { time: string; daysBefore: number }

export type MonthPage = Moment & {
  child: ChildCard
  siblings: { id: string; givenName: string; householdId: string }[]
  month: Month
  year: Period
  grid: MonthGrid
  /** One state per visible day. */
  states: Map<Day, DayState>
  cutoffRule: CutoffRule
  /** First and last day that can still change, with the deadline of the first. Null when the year is over. */
  open: { from: Day; to: Day; nextCutoff: Date } | null
}

export type TodayPage = Moment & {
  children: (ChildCard & { today: DayState; next: DayState[]; cutoffRule: CutoffRule })[]
  /** One per household and service of which the viewer is the holder; empty for a delegate. */
  balances: { householdId: string; balanceCents: number; updatedAt: Date }[]
  notice: { id: string; title: string; publishedAt: Date; isRead: boolean } | null
}

export type HistoryLine = {
  id: string
  kind: 'cancelled' | 'restored'
  at: Date
  /** Null when it was the office. */
  author: string | null
  receiptId: string
  receiptNumber: string
}

export type DayPage = Moment & { child: ChildCard; state: DayState; history: HistoryLine[] }

export type ReceiptMeal = { pupilId: string; day: Day; state: DayState }
export type Receipt = {
  id: string
  number: string
  action: MealAction
  arrivedAt: Date
  author: string | null
  children: { id: string; givenName: string; familyName: string }[]
  /** What this receipt changed, with the state of each meal now: it may have changed again since. */
  meals: ReceiptMeal[]
  notChanged: BatchLine[]
}

export type PreviewPage = Moment & {
  children: { id: string; givenName: string; householdId: string }[]
  preview: BatchPreview
}

const isOwnPupil = (column: string, scope: PupilScope): RawBuilder<boolean> =>
  scope.own === 'all'
    ? sql<boolean>`true`
    : sql<boolean>`${sql.ref(column)} in (
        select own.id from pupil own
        where own.municipality_id = ${scope.municipalityId} and ${isInScope('own', scope)})`

/** The database's time of this transaction: the only clock that decides. */
export async function arrivalOf(trx: Trx): Promise<Date> {
  const { rows } = await sql<{ now: Date }>`select app_now() as now`.execute(trx)
  return (rows[0] as { now: Date }).now
}

type Days = { from: RawBuilder<unknown>; to: RawBuilder<unknown> }

/** The days of a calendar by its two ends. */
export const between = (from: Day, to: Day): Days => ({ from: sql`${from}::date`, to: sql`${to}::date` })

const monthDays = (month: Month | null): Days => {
  const first = month ? sql`${`${month}-01`}::date` : sql`date_trunc('month', app_today())::date`
  return { from: first, to: sql`(${first} + interval '1 month - 1 day')::date` }
}

type EnrolmentRow = {
  pupil_id: string
  service_id: string
  school_id: string
  valid_from: Day
  valid_to: Day
  served_from: Day
  served_to: Day
  weekdays: number[]
  cutoff_time: string
  cutoff_days_before: number
  service_name: string
  school_name: string
  class_name: string
}

/** Every enrolment of these pupils in the canteen, the latest last, with its school's week and names. */
async function enrolmentRows(
  trx: Trx,
  scope: PupilScope,
  pupilIds: readonly string[] | null,
): Promise<EnrolmentRow[]> {
  const { rows } = await sql<EnrolmentRow>`
    select e.pupil_id, e.service_id, e.school_id, e.valid_from, e.valid_to,
      w.starts_on as served_from, w.ends_on as served_to,
      w.weekdays, to_char(w.cutoff_time, 'FMHH24:MI') as cutoff_time, w.cutoff_days_before,
      s.name as service_name, school.name as school_name, c.name as class_name
    from enrolment e
    join service s on s.municipality_id = e.municipality_id and s.id = e.service_id and s.active
    join service_schedule w on w.municipality_id = e.municipality_id and w.service_id = e.service_id
      and w.school_id = e.school_id and w.school_year_id = e.school_year_id
    join school on school.municipality_id = e.municipality_id and school.id = e.school_id
    join school_class c on c.municipality_id = e.municipality_id and c.id = e.school_class_id
    where e.municipality_id = ${scope.municipalityId} and ${isOwnPupil('e.pupil_id', scope)}
      ${pupilIds ? sql`and e.pupil_id = any(${pupilIds}::uuid[])` : sql``}
    order by e.valid_from, s.code`.execute(trx)
  return rows
}

const enrolmentFact = (row: EnrolmentRow): EnrolmentFact => ({
  pupilId: row.pupil_id,
  serviceId: row.service_id,
  schoolId: row.school_id,
  valid: { from: row.valid_from, to: row.valid_to },
  served: { from: row.served_from, to: row.served_to },
  weekdays: row.weekdays,
})

type ServiceDayRow = {
  id: string
  service_id: string
  school_id: string
  day: Day
  cutoff_at: Date
  status: 'open' | 'closed' | 'suspended'
}

/** The schools and services of these pupils, for the days of their calendar. */
const schoolsOf = (scope: PupilScope, pupilIds: readonly string[] | null): RawBuilder<unknown> => sql`(
  select e.service_id, e.school_id from enrolment e
  where e.municipality_id = ${scope.municipalityId} and ${isOwnPupil('e.pupil_id', scope)}
    ${pupilIds ? sql`and e.pupil_id = any(${pupilIds}::uuid[])` : sql``})`

const serviceDayFact = (row: ServiceDayRow) => ({
  id: row.id,
  serviceId: row.service_id,
  schoolId: row.school_id,
  day: row.day,
  cutoffAt: row.cutoff_at,
  status: row.status,
})

/**
 * The calendar of some pupils between two days.
 * @param options.lock keeps the service days as they are until the transaction ends: nobody can close them meanwhile.
 *   Rows are locked in the order of their ids.
 */
export async function calendarOf(
  trx: Trx,
  scope: PupilScope,
  pupilIds: readonly string[],
  { from, to }: Days,
  options: { lock?: boolean } = {},
): Promise<{ calendar: CalendarFacts; enrolments: EnrolmentRow[] }> {
  const { municipalityId } = scope
  const [enrolments, serviceDays, closures, absences] = await Promise.all([
    enrolmentRows(trx, scope, pupilIds),
    sql<ServiceDayRow>`
      select d.id, d.service_id, d.school_id, d.day, d.cutoff_at, d.status from service_day d
      where d.municipality_id = ${municipalityId} and d.day between ${from} and ${to}
        and (d.service_id, d.school_id) in ${schoolsOf(scope, pupilIds)}
      order by d.id ${options.lock ? sql`for share of d` : sql``}`.execute(trx),
    sql<{ service_id: string; school_id: string | null; day: Day; reason: string }>`
      select x.service_id, x.school_id, x.day, x.reason from calendar_exception x
      where x.municipality_id = ${municipalityId} and x.day between ${from} and ${to}`.execute(trx),
    sql<{ pupil_id: string; service_day_id: string }>`
      select a.pupil_id, a.service_day_id from absence a
      join service_day d on d.municipality_id = a.municipality_id and d.id = a.service_day_id
      where a.municipality_id = ${municipalityId} and a.pupil_id = any(${pupilIds}::uuid[])
        and ${isOwnPupil('a.pupil_id', scope)} and d.day between ${from} and ${to}`.execute(trx),
  ])
  return {
    enrolments,
    calendar: {
      enrolments: enrolments.map(enrolmentFact),
      serviceDays: serviceDays.rows.map(serviceDayFact),
      closures: closures.rows.map((row) => ({
        serviceId: row.service_id,
        schoolId: row.school_id,
        day: row.day,
        reason: row.reason,
      })),
      absences: absences.rows.map((row) => ({ pupilId: row.pupil_id, serviceDayId: row.service_day_id })),
    },
  }
}

type PupilRow = { id: string; household_id: string; given_name: string; family_name: string }

/** The viewer's children, the eldest first. */
async function childrenRows(trx: Trx, viewer: Viewer): Promise<PupilRow[]> {
  const { rows } = await sql<PupilRow>`
    select p.id, p.household_id, p.given_name, p.family_name from pupil p
    where p.municipality_id = ${viewer.municipalityId} and ${isInScope('p', familyScope(viewer))}
    order by p.household_id, p.birth_date, p.given_name, p.id`.execute(trx)
  return rows
}

/** The enrolment that speaks for a child: the one of today, else the next one, else the last one. */
function enrolmentToShow(rows: readonly EnrolmentRow[], pupilId: string, today: Day): EnrolmentRow | null {
  const own = rows.filter((row) => row.pupil_id === pupilId)
  return own.find((row) => row.valid_to >= today) ?? own.at(-1) ?? null
}

const childCard = (pupil: PupilRow, enrolment: EnrolmentRow): ChildCard => ({
  id: pupil.id,
  householdId: pupil.household_id,
  givenName: pupil.given_name,
  familyName: pupil.family_name,
  schoolId: enrolment.school_id,
  schoolName: enrolment.school_name,
  className: enrolment.class_name,
  serviceName: enrolment.service_name,
})

const cutoffRuleOf = (row: EnrolmentRow): CutoffRule => ({
  time: row.cutoff_time,
  daysBefore: row.cutoff_days_before,
})

/** First and last day on which a meal of these pupils can still change. */
async function openDays(trx: Trx, scope: PupilScope, pupilId: string): Promise<MonthPage['open']> {
  const { rows } = await sql<{ day: Day; last: Day; cutoff_at: Date }>`
    select d.day, max(d.day) over () as last, d.cutoff_at from service_day d
    join enrolment e on e.municipality_id = d.municipality_id and e.service_id = d.service_id and e.school_id = d.school_id
      and d.day between e.valid_from and e.valid_to
    where d.municipality_id = ${scope.municipalityId} and e.pupil_id = ${pupilId}::uuid
      and ${isOwnPupil('e.pupil_id', scope)}
      and d.day >= app_today() and d.status = 'open' and d.cutoff_at > app_now()
    order by d.day limit 1`.execute(trx)
  const row = rows[0]
  return row ? { from: row.day, to: row.last, nextCutoff: row.cutoff_at } : null
}

/**
 * A child's month with everything the calendar shows.
 * @param pupilId null: the first child
 * @param month null: the current one; a month outside the school year becomes the nearest inside
 * @returns 'no-children' when the viewer has none with the canteen; null when the child is not the viewer's
 */
export async function monthOf(
  viewer: Viewer,
  pupilId: string | null,
  month: Month | null,
): Promise<MonthPage | 'no-children' | null> {
  const scope = familyScope(viewer)
  const page = await asFamily(viewer, async (trx) => {
    const [now, pupils] = await Promise.all([arrivalOf(trx), pupilId ? null : childrenRows(trx, viewer)])
    const chosen = pupilId ?? pupils?.[0]?.id
    if (!chosen) return 'no-children' as const
    const [siblings, { calendar, enrolments }, open] = await Promise.all([
      pupils ?? childrenRows(trx, viewer),
      calendarOf(trx, scope, [chosen], monthDays(month)),
      openDays(trx, scope, chosen),
    ])
    const pupil = siblings.find(({ id }) => id === chosen)
    if (!pupil) return null
    const moment = momentOf(now)
    const enrolment = enrolmentToShow(enrolments, chosen, moment.today)
    if (!enrolment) return 'no-children' as const
    return { ...moment, pupil, siblings, calendar, enrolment, open }
  })
  if (page === null || page === 'no-children') return page

  const { enrolment, calendar, pupil } = page
  const year = { from: enrolment.served_from, to: enrolment.served_to }
  const shown = monthWithin(month, page.today, year)
  if (shown !== (month ?? monthOfDay(page.today))) return monthOf(viewer, pupil.id, shown)
  const grid = monthGrid(shown, enrolment.weekdays as MonthGrid['columns'])
  return {
    now: page.now,
    today: page.today,
    child: childCard(pupil, enrolment),
    siblings: page.siblings.map(({ id, given_name, household_id }) => ({
      id,
      givenName: given_name,
      householdId: household_id,
    })),
    month: shown,
    year,
    grid,
    states: statesOf(calendar, pupil.id, grid.weeks.flat(), page),
    cutoffRule: cutoffRuleOf(enrolment),
    open: page.open,
  }
}

function statesOf(
  calendar: CalendarFacts,
  pupilId: string,
  days: readonly (Day | null)[],
  moment: Moment,
): Map<Day, DayState> {
  const factsOf = pupilDays(calendar)
  const states = new Map<Day, DayState>()
  for (const day of days) if (day !== null) states.set(day, dayState(factsOf(pupilId, day).facts, moment))
  return states
}

const NEXT_DAYS = 5

/** The next service days of each school and service, today's included, whatever their status. */
async function comingDays(trx: Trx, scope: PupilScope): Promise<ServiceDayRow[]> {
  const { rows } = await sql<ServiceDayRow>`
    select coming.* from (select distinct own.service_id, own.school_id from ${schoolsOf(scope, null)} own) place
    cross join lateral (
      select d.id, d.service_id, d.school_id, d.day, d.cutoff_at, d.status from service_day d
      where d.municipality_id = ${scope.municipalityId} and d.service_id = place.service_id and d.school_id = place.school_id
        and d.day >= app_today() and (d.status <> 'suspended' or d.day = app_today())
      order by d.day limit ${NEXT_DAYS + 1}) coming`.execute(trx)
  return rows
}

/** Everything of the page after sign-in, in one wave of queries. */
export async function today(viewer: Viewer): Promise<TodayPage> {
  const scope = familyScope(viewer)
  const { municipalityId } = viewer
  const paying = heldHouseholds(viewer)
  return asFamily(viewer, async (trx) => {
    const [now, pupils, enrolments, serviceDays, closures, absences, balances, notice] = await Promise.all([
      arrivalOf(trx),
      childrenRows(trx, viewer),
      enrolmentRows(trx, scope, null),
      comingDays(trx, scope),
      sql<{ service_id: string; school_id: string | null; day: Day; reason: string }>`
        select service_id, school_id, day, reason from calendar_exception
        where municipality_id = ${municipalityId} and day = app_today()`.execute(trx),
      sql<{ pupil_id: string; service_day_id: string }>`
        select a.pupil_id, a.service_day_id from absence a
        join service_day d on d.municipality_id = a.municipality_id and d.id = a.service_day_id
        where a.municipality_id = ${municipalityId} and ${isOwnPupil('a.pupil_id', scope)} and d.day >= app_today()`.execute(
        trx,
      ),
      balanceRows(trx, municipalityId, paying),
      latestNotice(trx, viewer, paying),
    ])
    const moment = momentOf(now)
    const factsOf = pupilDays({
      enrolments: enrolments.map(enrolmentFact),
      serviceDays: serviceDays.map(serviceDayFact),
      closures: closures.rows.map((row) => ({
        serviceId: row.service_id,
        schoolId: row.school_id,
        day: row.day,
        reason: row.reason,
      })),
      absences: absences.rows.map((row) => ({ pupilId: row.pupil_id, serviceDayId: row.service_day_id })),
    })
    const stateOn = (pupilId: string, day: Day) => dayState(factsOf(pupilId, day).facts, moment)
    const children = pupils.flatMap((pupil) => {
      const enrolment = enrolmentToShow(enrolments, pupil.id, moment.today)
      if (!enrolment) return []
      const next = serviceDays
        .filter(
          (row) =>
            row.service_id === enrolment.service_id &&
            row.school_id === enrolment.school_id &&
            row.day > moment.today,
        )
        .map((row) => stateOn(pupil.id, row.day))
        .filter(({ cutoffAt }) => cutoffAt !== null)
        .slice(0, NEXT_DAYS)
      const card = childCard(pupil, enrolment)
      return [{ ...card, today: stateOn(pupil.id, moment.today), next, cutoffRule: cutoffRuleOf(enrolment) }]
    })
    return { ...moment, children, balances, notice }
  })
}

/** Balances of the households that the viewer pays for; nothing is asked of the database for a delegate. */
async function balanceRows(
  trx: Trx,
  municipalityId: string,
  households: string[],
): Promise<TodayPage['balances']> {
  if (households.length === 0) return []
  const { rows } = await sql<{ household_id: string; balance_cents: number; updated_at: Date }>`
    select household_id, balance_cents, updated_at from account
    where municipality_id = ${municipalityId} and kind = 'household' and household_id = any(${households}::uuid[])
    order by household_id, id`.execute(trx)
  return rows.map((row) => ({
    householdId: row.household_id,
    balanceCents: row.balance_cents,
    updatedAt: row.updated_at,
  }))
}

/** The latest communication addressed to the viewer that still holds: never one about money for who does not pay. */
async function latestNotice(trx: Trx, viewer: Viewer, paying: string[]): Promise<TodayPage['notice']> {
  const { rows } = await sql<{ id: string; title: string; published_at: Date; is_read: boolean }>`
    select c.id, x.title, x.published_at, exists (select from communication_read d where d.municipality_id = c.municipality_id
      and d.communication_id = c.id and d.version = c.published_version and d.person_id = ${viewer.personId}) as is_read
    from communication c
    join communication_publication x on x.municipality_id = c.municipality_id and x.communication_id = c.id and x.version = c.published_version
    where c.municipality_id = ${viewer.municipalityId} and c.withdrawn_at is null and c.published_at <= app_now()
      and (c.expires_at is null or c.expires_at > app_now())
      and c.id in (select p.communication_id from communication_recipient_person p
        where p.municipality_id = ${viewer.municipalityId} and p.person_id = ${viewer.personId}
          and (p.household_id = any(${paying}::uuid[]) or p.about = 'service' and p.household_id = any(${activeHouseholds(viewer)}::uuid[])))
    order by x.published_at desc, c.id desc limit 1`.execute(trx)
  const row = rows[0]
  return row ? { id: row.id, title: row.title, publishedAt: row.published_at, isRead: row.is_read } : null
}

/**
 * One day of one child: what it is, and who changed it when, the latest first.
 * @returns null when the child is not the viewer's or the day does not exist.
 */
export async function dayHistory(viewer: Viewer, pupilId: string, rawDay: string): Promise<DayPage | null> {
  const day = parseDay(rawDay)
  if (day === null) return null
  const scope = familyScope(viewer)
  return asFamily(viewer, async (trx) => {
    const [now, pupils, { calendar, enrolments }, history] = await Promise.all([
      arrivalOf(trx),
      childrenRows(trx, viewer),
      calendarOf(trx, scope, [pupilId], between(day, day)),
      historyRows(trx, scope, pupilId, day),
    ])
    const moment = momentOf(now)
    const pupil = pupils.find(({ id }) => id === pupilId)
    const enrolment = enrolmentToShow(enrolments, pupilId, day)
    if (!pupil || !enrolment) return null
    const state = dayState(pupilDays(calendar)(pupilId, day).facts, moment)
    return { ...moment, child: childCard(pupil, enrolment), state, history }
  })
}

async function historyRows(trx: Trx, scope: PupilScope, pupilId: string, day: Day): Promise<HistoryLine[]> {
  const { rows } = await sql<{
    id: string
    kind: HistoryLine['kind']
    occurred_at: Date
    author: string | null
    receipt_id: string
    number: string
  }>`
    select v.id, v.kind, v.occurred_at, ${authorName} as author, r.id as receipt_id, r.number
    from absence_event v
    join service_day d on d.municipality_id = v.municipality_id and d.id = v.service_day_id
    join absence_receipt r on r.municipality_id = v.municipality_id and r.id = v.receipt_id
    left join person author on author.municipality_id = r.municipality_id and author.id = r.person_id
    where v.municipality_id = ${scope.municipalityId} and v.pupil_id = ${pupilId}::uuid
      and ${isOwnPupil('v.pupil_id', scope)} and d.day = ${day}::date
    order by v.occurred_at desc, v.id desc`.execute(trx)
  return rows.map((row) => ({
    id: row.id,
    kind: row.kind,
    at: row.occurred_at,
    author: row.author,
    receiptId: row.receipt_id,
    receiptNumber: row.number,
  }))
}

/** A change made by the office shows the office, not the clerk. */
const authorName = sql`case when r.channel = 'office' then null else author.given_name || ' ' || author.family_name end`

/** What a stored line of `not_changed` holds. */
export type NotChangedRow = Omit<BatchLine, 'cutoffAt'> & { cutoffAt: string | null }

/** A receipt of one of the viewer's households, with the state of its meals now; null when there is none such. */
export async function receipt(viewer: Viewer, receiptId: string): Promise<(Receipt & Moment) | null> {
  const scope = familyScope(viewer)
  return asFamily(viewer, async (trx) => {
    const [now, found] = await Promise.all([arrivalOf(trx), receiptById(trx, scope, receiptId)])
    return found === null ? null : withStates(trx, scope, found, momentOf(now))
  })
}

type StoredReceipt = Omit<Receipt, 'meals' | 'notChanged'> & {
  meals: { pupilId: string; day: Day }[]
  notChanged: NotChangedRow[]
}

/** A receipt as it was written. */
export async function receiptById(
  trx: Trx,
  scope: PupilScope,
  receiptId: string,
): Promise<StoredReceipt | null> {
  const owner =
    scope.own === 'all'
      ? sql`true`
      : sql`exists (select from absence_event v where v.municipality_id = r.municipality_id and v.receipt_id = r.id
          and ${isOwnPupil('v.pupil_id', scope)})`
  const [receipts, meals, children] = await Promise.all([
    sql<{
      id: string
      number: string
      action: MealAction
      arrived_at: Date
      author: string | null
      not_changed: NotChangedRow[]
    }>`
      select r.id, r.number, r.action, r.arrived_at, r.not_changed, ${authorName} as author
      from absence_receipt r
      left join person author on author.municipality_id = r.municipality_id and author.id = r.person_id
      where r.municipality_id = ${scope.municipalityId} and r.id = ${receiptId}::uuid and ${owner}`.execute(
      trx,
    ),
    sql<{ pupil_id: string; day: Day }>`
      select v.pupil_id, d.day from absence_event v
      join service_day d on d.municipality_id = v.municipality_id and d.id = v.service_day_id
      where v.municipality_id = ${scope.municipalityId} and v.receipt_id = ${receiptId}::uuid
        and ${isOwnPupil('v.pupil_id', scope)}
      order by d.day, v.pupil_id`.execute(trx),
    sql<PupilRow>`
      select p.id, p.household_id, p.given_name, p.family_name from pupil p
      join absence_receipt r on r.municipality_id = p.municipality_id and r.household_id = p.household_id
      where p.municipality_id = ${scope.municipalityId} and r.id = ${receiptId}::uuid and ${owner}
        and ${isInScope('p', scope)}
      order by p.birth_date, p.given_name, p.id`.execute(trx),
  ])
  const row = receipts.rows[0]
  if (!row) return null
  return {
    id: row.id,
    number: row.number,
    action: row.action,
    arrivedAt: row.arrived_at,
    author: row.author,
    children: children.rows.map((pupil) => ({
      id: pupil.id,
      givenName: pupil.given_name,
      familyName: pupil.family_name,
    })),
    meals: meals.rows.map((meal) => ({ pupilId: meal.pupil_id, day: meal.day })),
    notChanged: row.not_changed.filter(({ pupilId }) => children.rows.some(({ id }) => id === pupilId)),
  }
}

/** A stored line back as the preview had it. */
export const notChangedLine = (row: NotChangedRow): BatchLine => ({
  ...row,
  cutoffAt: row.cutoffAt === null ? null : new Date(row.cutoffAt),
})

async function withStates(
  trx: Trx,
  scope: PupilScope,
  stored: StoredReceipt,
  moment: Moment,
): Promise<Receipt & Moment> {
  const days = stored.meals.map(({ day }) => day).sort()
  const notChanged = stored.notChanged.map(notChangedLine)
  const [first, last] = [days[0], days.at(-1)]
  if (!first || !last) return { ...stored, ...moment, meals: [], notChanged }
  const pupilIds = [...new Set(stored.meals.map(({ pupilId }) => pupilId))]
  const { calendar } = await calendarOf(trx, scope, pupilIds, between(first, last))
  const factsOf = pupilDays(calendar)
  const meals = stored.meals.map(({ pupilId, day }) => ({
    pupilId,
    day,
    state: dayState(factsOf(pupilId, day).facts, moment),
  }))
  return { ...stored, ...moment, meals, notChanged }
}

/** The meals of a request, in the order pupil by pupil, with their facts. */
export function mealsOf(request: BatchRequest, calendar: CalendarFacts): PupilDay[] {
  const factsOf = pupilDays(calendar)
  return request.pupilIds.flatMap((pupilId) => request.days.map((day) => factsOf(pupilId, day)))
}

export const rangeOf = ({ days }: Pick<BatchRequest, 'days'>): Days =>
  between(days[0] as Day, days.at(-1) as Day)

/** What a request would do now; null when a pupil is not the viewer's. Nothing is changed or locked. */
export async function previewBatch(viewer: Viewer, request: BatchRequest): Promise<PreviewPage | null> {
  const scope = familyScope(viewer)
  return asFamily(viewer, async (trx) => {
    const [now, pupils, { calendar }] = await Promise.all([
      arrivalOf(trx),
      childrenRows(trx, viewer),
      calendarOf(trx, scope, request.pupilIds, rangeOf(request)),
    ])
    const children = pupils.filter(({ id }) => request.pupilIds.includes(id))
    if (children.length !== request.pupilIds.length) return null
    const moment = momentOf(now)
    const meals = mealsOf(request, calendar).map(({ pupilId, facts }) => ({
      pupilId,
      state: dayState(facts, moment),
    }))
    return {
      ...moment,
      children: children.map(({ id, given_name, household_id }) => ({
        id,
        givenName: given_name,
        householdId: household_id,
      })),
      preview: previewOf(request.action, meals),
    }
  })
}
