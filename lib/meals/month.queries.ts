import 'server-only'
import { type RawBuilder, sql } from 'kysely'
import type { Trx } from '#db/client.ts'
import { isInScope, type PupilScope } from '#lib/access/pupil-scope.queries.ts'
import { childNames } from '#lib/access/told-apart.ts'
import type { Viewer } from '#lib/access/viewer.ts'
import { type Day, firstDayOf, type Month, monthOf } from '#lib/kernel/day.ts'
import {
  type AbsenceRow,
  type CalendarReader,
  type ClosureRow,
  calendarFacts,
  type EnrolmentRow,
  familyReader,
  householdRules,
  nameIn,
  type ServiceDayRow,
} from './calendar.queries.ts'
import {
  type CalendarFacts,
  type DayState,
  dayState,
  type Eater,
  eaterIn,
  type Moment,
  pupilDays,
  pupilOf,
  serviceOf,
} from './cutoff.ts'
import {
  type ChildCard,
  type CutoffRule,
  childCard,
  cutoffRuleOf,
  enrolmentToShow,
  type PupilRow,
} from './meal.queries.ts'
import { type MonthGrid, type MonthRange, monthGrid, monthWithin, yearOfMonth } from './month.ts'

export type MonthPage = Moment & {
  child: ChildCard
  siblings: { id: string; name: string; householdId: string }[]
  month: Month
  /** The school years of this child with the canteen, in their order. */
  years: MonthRange[]
  grid: MonthGrid
  /** One state per visible day. */
  states: Map<Day, DayState>
  cutoffRule: CutoffRule
  /** Today only the holder of the household may change the meals; delegates see them. */
  isHolderOnly: boolean
  /** First and last day that can still change, with the deadline of the first. Null when the year is over. */
  open: { from: Day; to: Day; nextCutoff: Date } | null
}

/** A month as one row: lists are JSON, in which an instant is a text. */
type MonthRow = {
  now: Date
  today: Day
  chosen: string | null
  /** `services`: those of a child who has more than one, the first one first; null for every other child. */
  children: (PupilRow & { birth_date: Day; services: { id: string; name: string }[] | null })[]
  enrolments: (EnrolmentRow & { is_holder_only: boolean })[]
  days: (Omit<ServiceDayRow, 'cutoff_at'> & { cutoff_at: string })[]
  closures: ClosureRow[]
  absences: AbsenceRow[]
  open_from: Day | null
  open_to: Day | null
  next_cutoff: Date | null
}

/** The services of today and later of the pupil `p`, the first one first; null where there is one. */
const severalServices = (municipalityId: string): RawBuilder<unknown> => sql`(
  select case when count(*) > 1 then json_agg(json_build_object('id', q.id, 'name', q.name) order by q.since, q.code) end from (
    select v.id, v.name, v.code, min(n.valid_from) as since from enrolment n
    join service v on v.municipality_id = ${municipalityId} and v.id = n.service_id and v.active
    where n.municipality_id = ${municipalityId} and n.pupil_id = p.id and n.valid_to >= app_today()
    group by v.id, v.name, v.code) q)`

/**
 * Everything that a month shows, in one statement: at the peak a turn to the server costs more than what it asks.
 * The first and the last open day are looked up by key, from today on and from the end of the enrolment back.
 */
async function monthRow(
  trx: Trx,
  scope: PupilScope,
  eater: Eater | null,
  month: Month | null,
): Promise<MonthRow> {
  const { municipalityId, readerId } = scope
  const pupilId = eater && pupilOf(eater)
  const serviceId = eater && serviceOf(eater)
  const first = month ? sql`${`${month}-01`}::date` : sql`date_trunc('month', app_today())::date`
  const openDays = sql`d.service_id = o.service_id and d.school_id = o.school_id
    and d.day between greatest(o.valid_from, app_today()) and o.valid_to and d.status = 'open' and d.cutoff_at > app_now()
    and eats_on(o.own_weekdays, d.day)
    ${readerId === null ? sql`` : sql`and (o.household_rules is null or is_meal_of(${municipalityId}, ${readerId}, o.pupil_id, d.id))`}`
  const { rows } = await sql<MonthRow>`
    with children as materialized (
      select p.id, p.household_id, p.given_name, p.family_name, p.birth_date, ${severalServices(municipalityId)} as services
      from pupil p
      where p.municipality_id = ${municipalityId} and ${isInScope('p', scope)}),
    chosen as materialized (
      select c.id from children c where ${pupilId}::uuid is null or c.id = ${pupilId}::uuid
      order by c.household_id, c.birth_date, c.given_name, c.id limit 1),
    own as materialized (
      select e.pupil_id, e.service_id, e.school_id, e.valid_from, e.valid_to, e.weekdays as own_weekdays,
        w.starts_on as served_from, w.ends_on as served_to,
        w.weekdays || w.served_weekdays || coalesce(w.next_weekdays, '{}') as weekdays,
        to_char(case when w.next_from <= app_today() then w.next_cutoff_time else w.cutoff_time end, 'FMHH24:MI') as cutoff_time,
        case when w.next_from <= app_today() then w.next_cutoff_days_before else w.cutoff_days_before end as cutoff_days_before,
        s.code, s.name as service_name, school.name as school_name, c.name as class_name,
        ${householdRules(municipalityId, sql`e.pupil_id`)} as household_rules,
        (select r.cancelled_by = 'holder' from service_rule r where r.municipality_id = ${municipalityId} and r.service_id = e.service_id
          and r.valid_from <= app_today() order by r.valid_from desc limit 1) is true as is_holder_only
      from enrolment e
      join service s on s.municipality_id = ${municipalityId} and s.id = e.service_id and s.active
      join service_schedule w on w.municipality_id = ${municipalityId} and w.service_id = e.service_id
        and w.school_id = e.school_id and w.school_year_id = e.school_year_id
      join school on school.municipality_id = ${municipalityId} and school.id = e.school_id
      join school_class c on c.municipality_id = ${municipalityId} and c.id = e.school_class_id
      where e.municipality_id = ${municipalityId} and e.pupil_id = (select id from chosen)
        and (${serviceId}::uuid is null or e.service_id = ${serviceId}::uuid)),
    span as (select ${first} as first, (${first} + interval '1 month - 1 day')::date as last),
    days as materialized (
      select d.id, d.service_id, d.school_id, d.day, d.cutoff_at, d.status
      from (select distinct service_id, school_id from own) o
      join service_day d on d.municipality_id = ${municipalityId} and d.service_id = o.service_id
        and d.school_id = o.school_id and d.day between (select first from span) and (select last from span)),
    opening as (
      select next.day, next.cutoff_at from own o
      cross join lateral (select d.day, d.cutoff_at from service_day d where d.municipality_id = ${municipalityId} and ${openDays} order by d.day limit 1) next
      order by next.day limit 1)
    select app_now() as now, app_today() as today, (select id from chosen) as chosen,
      coalesce((select json_agg(c order by c.household_id, c.birth_date, c.given_name, c.id) from children c), '[]') as children,
      coalesce((select json_agg(o order by o.valid_from, o.code) from own o), '[]') as enrolments,
      coalesce((select json_agg(d) from days d), '[]') as days,
      coalesce((select json_agg(json_build_object('service_id', x.service_id, 'school_id', x.school_id, 'day', x.day, 'reason', x.reason))
        from closure x where x.municipality_id = ${municipalityId} and x.undone_at is null
          and x.day between (select first from span) and (select last from span)), '[]') as closures,
      coalesce((select json_agg(json_build_object('pupil_id', a.pupil_id, 'service_day_id', a.service_day_id))
        from absence a where a.municipality_id = ${municipalityId} and a.pupil_id = (select id from chosen)
          and a.service_day_id in (select id from days)), '[]') as absences,
      (select day from opening) as open_from, (select cutoff_at from opening) as next_cutoff,
      (select max(latest.day) from own o
        cross join lateral (select d.day from service_day d where d.municipality_id = ${municipalityId} and ${openDays} order by d.day desc limit 1) latest) as open_to`.execute(
    trx,
  )
  return rows[0] as MonthRow
}

/**
 * A child's month with everything the calendar shows.
 * @param asked null: the first child; of a child with more than one service, by the pupil alone, the service of today
 * @param month null: the current one; a month outside the child's school years becomes the nearest inside
 * @returns 'no-children' when the viewer has none with the canteen; null when the child is not the viewer's
 */
export const readMonthPage = (
  viewer: Viewer,
  asked: Eater | null,
  month: Month | null,
): Promise<MonthPage | 'no-children' | null> => monthPageFor(familyReader(viewer), asked, month)

/** The same for any reader. */
export async function monthPageFor(
  reader: CalendarReader,
  asked: Eater | null,
  month: Month | null,
): Promise<MonthPage | 'no-children' | null> {
  const { scope } = reader
  const row = await reader.read((trx) => monthRow(trx, scope, asked, month))
  const pupil = row.children.find(({ id }) => id === row.chosen)
  if (!pupil) return asked === null ? 'no-children' : null
  const current = enrolmentToShow(row.enrolments, pupil.id, row.today)
  if (!current) return asked !== null && serviceOf(asked) !== null ? null : 'no-children'
  const eater = pupil.services ? eaterIn(pupil.id, current.service_id) : pupil.id
  // Of one service among several the days, the deadline and the rule are its own: it is read again, by its name.
  if (pupil.services && eater !== asked) return monthPageFor(reader, eater, month)
  const years = yearsOf(row.enrolments)
  const year = (month === null ? null : yearOfMonth(month, years)) ?? servedOf(current)
  const shown = monthWithin(month, row.today, year)
  const enrolment = isServedIn(shown, current) ? current : enrolmentIn(shown, row.enrolments, pupil.id)
  if (!enrolment) return 'no-children'
  if (shown !== (month ?? monthOf(row.today))) return monthPageFor(reader, eater, shown)
  const grid = monthGrid(shown, enrolment.weekdays as MonthGrid['columns'])
  const moment = { now: row.now, today: row.today }
  const serviceDays = row.days.map((day) => ({ ...day, cutoff_at: new Date(day.cutoff_at) }))
  return {
    ...moment,
    child: childCard(pupil, enrolment, eater),
    siblings: siblingsOf(row),
    month: shown,
    years,
    grid,
    states: statesOf(calendarFacts({ ...row, serviceDays }, scope), eater, grid.weeks.flat(), moment),
    cutoffRule: cutoffRuleOf(enrolment),
    isHolderOnly: row.enrolments.some((one) => one.is_holder_only && one.valid_to >= row.today),
    open: openIn(row),
  }
}

const servedOf = ({ served_from, served_to }: EnrolmentRow): MonthRange => ({
  from: served_from,
  to: served_to,
})

/** Each once, in their order: a year has as many enrolments as diets and classes that followed one another. */
function yearsOf(enrolments: readonly EnrolmentRow[]): MonthRange[] {
  const years = new Map(enrolments.map((row) => [`${row.served_from} ${row.served_to}`, servedOf(row)]))
  return [...years.values()].sort((a, b) => a.from.localeCompare(b.from))
}

const isServedIn = (month: Month, row: EnrolmentRow): boolean =>
  monthOf(row.served_from) <= month && month <= monthOf(row.served_to)

const enrolmentIn = (month: Month, enrolments: readonly EnrolmentRow[], pupilId: string) =>
  enrolmentToShow(
    enrolments.filter((row) => isServedIn(month, row)),
    pupilId,
    firstDayOf(month),
  )

/** The children of the viewer, each by a name that no other of them has; a child with more than one service once for each. */
function siblingsOf({ children }: MonthRow): MonthPage['siblings'] {
  const names = childNames(
    children.map(({ id, given_name, family_name, birth_date }) => ({
      id,
      givenName: given_name,
      familyName: family_name,
      birthDay: birth_date,
    })),
  )
  return children.flatMap(({ id, given_name, household_id: householdId, services }) => {
    const name = names.get(id) ?? given_name
    if (!services) return [{ id, name, householdId }]
    return services.map((service) => ({
      ...{ id: eaterIn(id, service.id), name: nameIn(name, service.name), householdId },
    }))
  })
}

const openIn = ({ open_from, open_to, next_cutoff }: MonthRow): MonthPage['open'] =>
  open_from && open_to && next_cutoff ? { from: open_from, to: open_to, nextCutoff: next_cutoff } : null

function statesOf(
  calendar: CalendarFacts,
  pupilId: Eater,
  days: readonly (Day | null)[],
  moment: Moment,
): Map<Day, DayState> {
  const factsOf = pupilDays(calendar)
  const states = new Map<Day, DayState>()
  for (const day of days) if (day !== null) states.set(day, dayState(factsOf(pupilId, day).facts, moment))
  return states
}
