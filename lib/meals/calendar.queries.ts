import 'server-only'
import { type RawBuilder, sql } from 'kysely'
import { asStaff, type Trx } from '#db/client.ts'
import { readAsFamily } from '#db/reading.ts'
import type { OwnPupils } from '#lib/access/own-pupils.ts'
import { familyScope, isInScope, officeScope, type PupilScope } from '#lib/access/pupil-scope.queries.ts'
import type { Viewer } from '#lib/access/viewer.ts'
import type { Day } from '#lib/kernel/day.ts'
import type { OwnWeekdays } from '#lib/school/enrolment.ts'
import {
  type BatchRequest,
  type CalendarFacts,
  type Eater,
  type EnrolmentFact,
  eaterIn,
  type MealHouseholdRule,
  ownerOfMeal,
  pupilOf,
  serviceOf,
} from './cutoff.ts'

/** Who reads a calendar: which pupils, and in a transaction of which side. */
export type CalendarReader = { scope: PupilScope; read: <T>(work: (trx: Trx) => Promise<T>) => Promise<T> }

/** A family reads its own, in the reading of its request. */
export const familyReader = (viewer: Viewer): CalendarReader => ({
  scope: familyScope(viewer),
  read: (work) => readAsFamily(viewer, work),
})

/** The office reads those of the pupils that it was asked for. */
export const officeReader = (viewer: Viewer, own: Partial<OwnPupils>): CalendarReader => ({
  scope: officeScope(viewer, own),
  read: (work) => asStaff(viewer, work),
})

/** Condition: the pupil of this column is one that the scope may reach. */
export const isOwnPupil = (column: string, scope: PupilScope): RawBuilder<boolean> =>
  sql<boolean>`${sql.ref(column)} in (
    select own.id from pupil own
    where own.municipality_id = ${scope.municipalityId} and ${isInScope('own', scope)})`

/** First and last day, as SQL. */
export type Days = { from: RawBuilder<unknown>; to: RawBuilder<unknown> }

/** The days of a calendar by its two ends. */
export const between = (from: Day, to: Day): Days => ({ from: sql`${from}::date`, to: sql`${to}::date` })

export type EnrolmentRow = {
  pupil_id: string
  service_id: string
  school_id: string
  valid_from: Day
  valid_to: Day
  served_from: Day
  served_to: Day
  weekdays: number[]
  own_weekdays: OwnWeekdays
  /** Null for a pupil whose meals are all of its own household. */
  household_rules: MealHouseholdRule[] | null
  cutoff_time: string
  cutoff_days_before: number
  service_name: string
  school_name: string
  class_name: string
}

/** The rules of a pupil with a second household, as JSON; null for one without. Found by key. */
export const householdRules = (
  municipalityId: string,
  pupil: RawBuilder<unknown>,
): RawBuilder<unknown> => sql`(
  select json_agg(json_build_object('homeId', home.household_id, 'householdId', r.household_id, 'days', r.days,
    'firstMonday', r.first_monday, 'from', r.valid_from, 'to', r.valid_to))
  from meal_household_rule r
  join pupil home on home.municipality_id = ${municipalityId} and home.id = r.pupil_id
  where r.municipality_id = ${municipalityId} and r.pupil_id = ${pupil})`

/** Every enrolment of these pupils in the canteen, the latest last, with its school's week and names. */
export async function enrolmentRows(
  trx: Trx,
  scope: PupilScope,
  pupilIds: readonly string[] | null,
): Promise<EnrolmentRow[]> {
  const { rows } = await sql<EnrolmentRow>`
    select e.pupil_id, e.service_id, e.school_id, e.valid_from, e.valid_to, e.weekdays as own_weekdays,
      w.starts_on as served_from, w.ends_on as served_to,
      w.weekdays || w.served_weekdays || coalesce(w.next_weekdays, '{}') as weekdays,
      to_char(case when w.next_from <= app_today() then w.next_cutoff_time else w.cutoff_time end, 'FMHH24:MI') as cutoff_time,
      case when w.next_from <= app_today() then w.next_cutoff_days_before else w.cutoff_days_before end as cutoff_days_before,
      s.name as service_name, school.name as school_name, c.name as class_name,
      ${householdRules(scope.municipalityId, sql`e.pupil_id`)} as household_rules
    from enrolment e
    join service s on s.municipality_id = ${scope.municipalityId} and s.id = e.service_id and s.active
    join service_schedule w on w.municipality_id = ${scope.municipalityId} and w.service_id = e.service_id
      and w.school_id = e.school_id and w.school_year_id = e.school_year_id
    join school on school.municipality_id = ${scope.municipalityId} and school.id = e.school_id
    join school_class c on c.municipality_id = ${scope.municipalityId} and c.id = e.school_class_id
    where e.municipality_id = ${scope.municipalityId} and ${isOwnPupil('e.pupil_id', scope)}
      ${pupilIds ? sql`and e.pupil_id = any(${pupilIds}::uuid[])` : sql``}
    order by e.valid_from, s.code`.execute(trx)
  return rows
}

/** "Greta · Merenda": a child in one of their services. */
export const nameIn = (child: string, service: string): string => `${child} · ${service}`

/** A pupil in each service of today and later, the first one first; a pupil with one service alone is the pupil. */
export function eatersOf(rows: readonly EnrolmentRow[], pupilId: string, today: Day): Eater[] {
  const own = rows.filter((row) => row.pupil_id === pupilId && row.valid_to >= today)
  const services = [...new Set(own.map((row) => row.service_id))]
  return services.length > 1 ? services.map((serviceId) => eaterIn(pupilId, serviceId)) : [pupilId]
}

/** Those of these eaters who are this pupil, each by a name that says the service too where one is meant. */
export const eatersNamed = (
  pupil: { id: string; givenName: string },
  eaters: readonly Eater[],
  rows: readonly EnrolmentRow[],
): { id: Eater; givenName: string }[] =>
  [...new Set(eaters)]
    .filter((eater) => pupilOf(eater) === pupil.id)
    .map((eater) => {
      const service = rows.find((row) => row.service_id === serviceOf(eater))?.service_name
      return { id: eater, givenName: service ? nameIn(pupil.givenName, service) : pupil.givenName }
    })

const enrolmentFact = (row: EnrolmentRow): EnrolmentFact => ({
  pupilId: row.pupil_id,
  serviceId: row.service_id,
  schoolId: row.school_id,
  valid: { from: row.valid_from, to: row.valid_to },
  served: { from: row.served_from, to: row.served_to },
  weekdays: row.weekdays,
  ownWeekdays: row.own_weekdays,
})

export type ServiceDayRow = {
  id: string
  service_id: string
  school_id: string
  day: Day
  cutoff_at: Date
  status: 'open' | 'closed' | 'suspended'
}

/** The schools and services of these pupils, for the days of their calendar. */
export const schoolsOfPupils = (
  scope: PupilScope,
  pupilIds: readonly string[] | null,
): RawBuilder<unknown> => sql`(
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

export type ClosureRow = { service_id: string; school_id: string | null; day: Day; reason: string }
export type AbsenceRow = { pupil_id: string; service_day_id: string }

/** What the database answered about a calendar, as the rules ask for it for this reader. */
export const calendarFacts = (
  rows: {
    enrolments: readonly EnrolmentRow[]
    serviceDays: readonly ServiceDayRow[]
    closures: readonly ClosureRow[]
    absences: readonly AbsenceRow[]
  },
  { isOwnMeal }: Pick<PupilScope, 'isOwnMeal'>,
): CalendarFacts => ({
  enrolments: rows.enrolments.map(enrolmentFact),
  serviceDays: rows.serviceDays.map(serviceDayFact),
  closures: rows.closures.map((row) => ({
    serviceId: row.service_id,
    schoolId: row.school_id,
    day: row.day,
    reason: row.reason,
  })),
  absences: rows.absences.map((row) => ({ pupilId: row.pupil_id, serviceDayId: row.service_day_id })),
  isElsewhere: (pupilId, day) => {
    const rules = rows.enrolments.find((row) => row.pupil_id === pupilId)?.household_rules
    const owner = rules ? ownerOfMeal(rules, day) : null
    return owner !== null && !isOwnMeal({ pupilId, ...owner })
  },
})

/** The calendar of some pupils between two days, to be shown. A change reads its own, under its locks (`meal-change.commands.ts`). */
export async function calendarOf(
  trx: Trx,
  scope: PupilScope,
  pupilIds: readonly string[],
  { from, to }: Days,
): Promise<{ calendar: CalendarFacts; enrolments: EnrolmentRow[] }> {
  const { municipalityId } = scope
  const [enrolments, serviceDays, closures, absences] = await Promise.all([
    enrolmentRows(trx, scope, pupilIds),
    sql<ServiceDayRow>`
      select d.id, d.service_id, d.school_id, d.day, d.cutoff_at, d.status from service_day d
      where d.municipality_id = ${municipalityId} and d.day between ${from} and ${to}
        and (d.service_id, d.school_id) in ${schoolsOfPupils(scope, pupilIds)}
      order by d.id`.execute(trx),
    sql<ClosureRow>`
      select x.service_id, x.school_id, x.day, x.reason from closure x
      where x.municipality_id = ${municipalityId} and x.undone_at is null and x.day between ${from} and ${to}`.execute(
      trx,
    ),
    sql<AbsenceRow>`
      select a.pupil_id, a.service_day_id from absence a
      join service_day d on d.municipality_id = ${municipalityId} and d.id = a.service_day_id
      where a.municipality_id = ${municipalityId} and a.pupil_id = any(${pupilIds}::uuid[])
        and ${isOwnPupil('a.pupil_id', scope)} and d.day between ${from} and ${to}`.execute(trx),
  ])
  return {
    enrolments,
    calendar: calendarFacts(
      { enrolments, serviceDays: serviceDays.rows, closures: closures.rows, absences: absences.rows },
      scope,
    ),
  }
}

/** The days that a request spans: they come sorted. */
export const rangeOf = ({ days }: Pick<BatchRequest, 'days'>): Days =>
  between(days[0] as Day, days.at(-1) as Day)
