import 'server-only'
import { sql } from 'kysely'
import type { Trx } from '#db/client.ts'
import { readClock } from '#db/clock.ts'
import { readAsFamily } from '#db/reading.ts'
import { enterSubject } from '#db/subjects.ts'
import { activeHouseholds, heldHouseholds } from '#lib/access/own-pupils.ts'
import { familyScope, isInScope, type PupilScope } from '#lib/access/pupil-scope.queries.ts'
import { householdsToldApart } from '#lib/access/told-apart.queries.ts'
import type { Viewer } from '#lib/access/viewer.ts'
import { type Day, parseDay } from '#lib/kernel/day.ts'
import { UNDECIDED_DIET, type WaitingChild } from '#lib/school/diet.ts'
import { heldPupils, SERVED } from '#lib/school/diet-hold.queries.ts'
import {
  type AbsenceRow,
  between,
  type CalendarReader,
  type ClosureRow,
  calendarFacts,
  calendarOf,
  type EnrolmentRow,
  eatersNamed,
  eatersOf,
  enrolmentRows,
  familyReader,
  isOwnPupil,
  nameIn,
  rangeOf,
  type ServiceDayRow,
} from './calendar.queries.ts'
import {
  type BatchPreview,
  type BatchRequest,
  type DayState,
  dayState,
  type Eater,
  type Moment,
  mealsOf,
  previewOf,
  pupilDays,
  pupilOf,
  pupilsOf,
  serviceOf,
} from './cutoff.ts'
import { type HistoryLine, historyRows } from './receipt.queries.ts'

/** What a family page shows of a child: first name, school, class and service. Never a diet, never a fiscal code. */
export type ChildCard = {
  /** With the service of a child who has more than one. */
  id: Eater
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

export type TodayPage = Moment & {
  /** A child with more than one service is there once for each, and only then `inService` names it. */
  children: (ChildCard & {
    inService: string | null
    today: DayState
    next: DayState[]
    cutoffRule: CutoffRule
  })[]
  /** One per household and service of which the viewer is the holder; empty for a delegate. */
  balances: {
    accountId: string
    /** What tells the household from the viewer's others; null for a holder of one. */
    householdName: string | null
    householdId: string
    balanceCents: number
    updatedAt: Date
  }[]
  latestCommunication: { id: string; title: string; publishedAt: Date; isRead: boolean } | null
  waitingDiets: WaitingChild[]
}

export type DayPage = Moment & { child: ChildCard; state: DayState; history: HistoryLine[] }

export type PreviewPage = Moment & {
  children: { id: string; givenName: string; householdId: string }[]
  preview: BatchPreview
}

export type PupilRow = { id: string; household_id: string; given_name: string; family_name: string }

/** The children of a reader, the eldest first. */
async function childrenRows(trx: Trx, scope: PupilScope): Promise<PupilRow[]> {
  const { rows } = await sql<PupilRow>`
    select p.id, p.household_id, p.given_name, p.family_name from pupil p
    where p.municipality_id = ${scope.municipalityId} and ${isInScope('p', scope)}
    order by p.household_id, p.birth_date, p.given_name, p.id`.execute(trx)
  return rows
}

const isEnrolmentOf = (eater: Eater) => {
  const [pupilId, serviceId] = [pupilOf(eater), serviceOf(eater)]
  return (row: EnrolmentRow) =>
    row.pupil_id === pupilId && (serviceId === null || row.service_id === serviceId)
}

/** The enrolment that speaks for a child: the one of today, else the next one, else the last one. */
export function enrolmentToShow(
  rows: readonly EnrolmentRow[],
  eater: Eater,
  today: Day,
): EnrolmentRow | null {
  const own = rows.filter(isEnrolmentOf(eater))
  return own.find((row) => row.valid_to >= today) ?? own.at(-1) ?? null
}

/** What a family page shows of a pupil with this enrolment. */
export const childCard = (pupil: PupilRow, enrolment: EnrolmentRow, eater: Eater): ChildCard => ({
  id: eater,
  householdId: pupil.household_id,
  givenName: pupil.given_name,
  familyName: pupil.family_name,
  schoolId: enrolment.school_id,
  schoolName: enrolment.school_name,
  className: enrolment.class_name,
  serviceName: enrolment.service_name,
})

export const cutoffRuleOf = (row: EnrolmentRow): CutoffRule => ({
  time: row.cutoff_time,
  daysBefore: row.cutoff_days_before,
})

const NEXT_DAYS = 5

/**
 * The next service days of each school and service on which a pupil eats, today's included, with any status; of a pupil with two
 * households those of the viewer's.
 */
async function comingDays(trx: Trx, scope: PupilScope, personId: string): Promise<ServiceDayRow[]> {
  const { rows } = await sql<ServiceDayRow>`
    select distinct on (coming.day, coming.id) coming.id, coming.service_id, coming.school_id, coming.day, coming.cutoff_at, coming.status
    from (select distinct e.service_id, e.school_id, e.weekdays, two.pupil_id as of_two from enrolment e
      left join meal_household_rule two on two.municipality_id = ${scope.municipalityId} and two.pupil_id = e.pupil_id
      where e.municipality_id = ${scope.municipalityId} and ${isOwnPupil('e.pupil_id', scope)}) place
    cross join lateral (
      select d.id, d.service_id, d.school_id, d.day, d.cutoff_at, d.status from service_day d
      where d.municipality_id = ${scope.municipalityId} and d.service_id = place.service_id and d.school_id = place.school_id
        and d.day >= app_today() and (d.status <> 'suspended' and eats_on(place.weekdays, d.day)
          and (place.of_two is null or is_meal_of(${scope.municipalityId}, ${personId}, place.of_two, d.id))
          or d.day = app_today())
      order by d.day limit ${NEXT_DAYS + 1}) coming
    order by coming.day, coming.id`.execute(trx)
  return rows
}

/** Everything of the page after sign-in, in one wave of queries. */
export async function readTodayPage(viewer: Viewer): Promise<TodayPage> {
  const scope = familyScope(viewer)
  const { municipalityId } = viewer
  const paying = heldHouseholds(viewer)
  return readAsFamily(viewer, async (trx) => {
    const [
      moment,
      pupils,
      enrolments,
      serviceDays,
      closures,
      absences,
      balances,
      latestCommunication,
      waitingDiets,
    ] = await Promise.all([
      readClock(trx),
      childrenRows(trx, scope),
      enrolmentRows(trx, scope, null),
      comingDays(trx, scope, viewer.personId),
      sql<ClosureRow>`
        select service_id, school_id, day, reason from closure
        where municipality_id = ${municipalityId} and day = app_today() and undone_at is null`.execute(trx),
      sql<AbsenceRow>`
        select a.pupil_id, a.service_day_id from absence a
        join service_day d on d.municipality_id = ${municipalityId} and d.id = a.service_day_id
        where a.municipality_id = ${municipalityId} and ${isOwnPupil('a.pupil_id', scope)} and d.day >= app_today()`.execute(
        trx,
      ),
      balanceRows(trx, municipalityId, paying),
      latestCommunicationOf(trx, viewer, paying),
      waitingDietsOf(trx, viewer),
    ])
    const factsOf = pupilDays(
      calendarFacts({ enrolments, serviceDays, closures: closures.rows, absences: absences.rows }, scope),
    )
    const stateOn = (eater: Eater, day: Day) => dayState(factsOf(eater, day).facts, moment)
    const eaters = pupils.flatMap((pupil) =>
      eatersOf(enrolments, pupil.id, moment.today).map((eater) => ({ pupil, eater })),
    )
    const children = eaters.flatMap(({ pupil, eater }) => {
      const enrolment = enrolmentToShow(enrolments, eater, moment.today)
      if (!enrolment) return []
      const next = serviceDays
        .filter(
          (row) =>
            row.service_id === enrolment.service_id &&
            row.school_id === enrolment.school_id &&
            row.day > moment.today,
        )
        .map((row) => stateOn(eater, row.day))
        .filter(({ cutoffAt }) => cutoffAt !== null)
        .slice(0, NEXT_DAYS)
      const card = childCard(pupil, enrolment, eater)
      const inService = eater === pupil.id ? null : enrolment.service_name
      return [
        {
          ...card,
          inService,
          today: stateOn(eater, moment.today),
          next,
          cutoffRule: cutoffRuleOf(enrolment),
        },
      ]
    })
    return { ...moment, children, balances, latestCommunication, waitingDiets }
  })
}

/** The children for whom the kitchen asks before it serves, today or on their first day. */
async function waitingDietsOf(trx: Trx, viewer: Viewer): Promise<WaitingChild[]> {
  const { municipalityId } = viewer
  const { rows } = await sql<WaitingChild>`
    select p.id as "pupilId", p.given_name as "givenName", ${SERVED.asked} as asked
    from pupil p
    cross join lateral (
      select n.diet_code, greatest(n.valid_from, app_today()) as day from enrolment n
      where n.municipality_id = ${municipalityId} and n.pupil_id = p.id and n.valid_to >= app_today()
      order by n.valid_from limit 1) e
    left join lateral ${heldPupils(municipalityId, sql`select e.day`)} on held.pupil_id = p.id
    where p.municipality_id = ${municipalityId} and ${isInScope('p', familyScope(viewer))}
      and (${SERVED.asked} or ${SERVED.dietCode} = ${UNDECIDED_DIET})
    order by p.birth_date, p.given_name, p.id`.execute(trx)
  return rows
}

/** Balances of the households that the viewer pays for; nothing is asked of the database for a delegate. */
async function balanceRows(
  trx: Trx,
  municipalityId: string,
  households: string[],
): Promise<TodayPage['balances']> {
  if (households.length === 0) return []
  const [{ rows }, names] = await Promise.all([
    sql<{ id: string; household_id: string; balance_cents: number; updated_at: Date }>`
      select id, household_id, balance_cents, updated_at from account
      where municipality_id = ${municipalityId} and kind = 'household' and household_id = any(${households}::uuid[])
        and (balance_cents <> 0 or not is_merged_away(${municipalityId}::uuid, household_id))
      order by household_id, id`.execute(trx),
    householdsToldApart(trx, municipalityId, households),
  ])
  return rows.map((row) => ({
    accountId: row.id,
    householdName: names.get(row.household_id) ?? null,
    householdId: row.household_id,
    balanceCents: row.balance_cents,
    updatedAt: row.updated_at,
  }))
}

/** The latest communication addressed to the viewer that still holds: never one about money for a delegate. */
async function latestCommunicationOf(
  trx: Trx,
  viewer: Viewer,
  paying: string[],
): Promise<TodayPage['latestCommunication']> {
  const latest = sql<{ id: string; title: string; published_at: Date; is_read: boolean }>`
    select c.id, x.title, x.published_at, exists (select from communication_read d where d.municipality_id = ${viewer.municipalityId}
      and d.communication_id = c.id and d.version = c.published_version and d.person_id = ${viewer.personId}) as is_read
    from communication c
    join communication_publication x on x.municipality_id = ${viewer.municipalityId} and x.communication_id = c.id and x.version = c.published_version
    where c.municipality_id = ${viewer.municipalityId} and c.withdrawn_at is null and c.published_at <= app_now()
      and (c.expires_at is null or c.expires_at > app_now())
      and c.id in (select p.communication_id from communication_recipient_person p
        where p.municipality_id = ${viewer.municipalityId} and p.person_id = ${viewer.personId}
          and (p.household_id = any(${paying}::uuid[]) or p.about = 'service' and p.household_id = any(${activeHouseholds(viewer)}::uuid[])))
    order by x.published_at desc, c.id desc limit 1`
  const [, { rows }] = await Promise.all([enterSubject(trx, 'communications'), latest.execute(trx)])
  const row = rows[0]
  return row ? { id: row.id, title: row.title, publishedAt: row.published_at, isRead: row.is_read } : null
}

/**
 * One day of one child: what it is, and who changed it when, the latest first.
 * @returns null when the child is not the viewer's or the day does not exist.
 */
export const dayHistory = (viewer: Viewer, eater: Eater, rawDay: string): Promise<DayPage | null> =>
  dayHistoryFor(familyReader(viewer), eater, rawDay)

/** The same for any reader. */
export async function dayHistoryFor(
  { scope, read }: CalendarReader,
  eater: Eater,
  rawDay: string,
): Promise<DayPage | null> {
  const day = parseDay(rawDay)
  if (day === null) return null
  const pupilId = pupilOf(eater)
  return read(async (trx) => {
    const [moment, pupils, { calendar, enrolments }, history] = await Promise.all([
      readClock(trx),
      childrenRows(trx, scope),
      calendarOf(trx, scope, [pupilId], between(day, day)),
      historyRows(trx, scope, eater, day),
    ])
    const pupil = pupils.find(({ id }) => id === pupilId)
    const enrolment = enrolmentToShow(enrolments, eater, day)
    if (!pupil || !enrolment) return null
    const state = dayState(pupilDays(calendar)(eater, day).facts, moment)
    const card = childCard(pupil, enrolment, eater)
    const child = eater === pupilId ? card : { ...card, givenName: nameIn(card.givenName, card.serviceName) }
    // What the other family did with its day is its own.
    return { ...moment, child, state, history: state.kind === 'elsewhere' ? [] : history }
  })
}

/** What a request would do now; null when a pupil is not the viewer's. Nothing is changed or locked. */
export const previewBatch = (viewer: Viewer, request: BatchRequest): Promise<PreviewPage | null> =>
  previewBatchFor(familyReader(viewer), request)

/** The same for any reader. */
export async function previewBatchFor(
  { scope, read }: CalendarReader,
  request: BatchRequest,
): Promise<PreviewPage | null> {
  return read(async (trx) => {
    const asked = pupilsOf(request.pupilIds)
    const [moment, pupils, { calendar, enrolments }] = await Promise.all([
      readClock(trx),
      childrenRows(trx, scope),
      calendarOf(trx, scope, asked, rangeOf(request)),
    ])
    const own = pupils.filter(({ id }) => asked.includes(id))
    if (own.length !== asked.length) return null
    const meals = mealsOf(request, calendar).map(({ pupilId, facts }) => ({
      pupilId,
      state: dayState(facts, moment),
    }))
    return {
      ...moment,
      children: own.flatMap((pupil) =>
        eatersNamed({ id: pupil.id, givenName: pupil.given_name }, request.pupilIds, enrolments).map(
          (named) => ({ ...named, householdId: pupil.household_id }),
        ),
      ),
      preview: previewOf(request.action, meals),
    }
  })
}
