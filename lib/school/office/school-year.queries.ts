import 'server-only'
import { sql } from 'kysely'
import { asStaff, type Trx } from '#db/client.ts'
import { readClock } from '#db/clock.ts'
import { regionalClosures } from '#db/town/regional-closures.ts'
import { allowedToStaff } from '#lib/access/capabilities.ts'
import type { Viewer } from '#lib/access/viewer.ts'
import type { Day, Weekday } from '#lib/kernel/day.ts'
import { type ClosedPeriod, type Closure, closedPeriods } from '../closure.ts'
import type { PatronSaint } from '../holidays.ts'
import type { YearFacts } from './school-year.ts'

export type YearLine = {
  id: string
  name: string
  startsOn: Day
  endsOn: Day
  classes: number
  /** Days with meals, all schools together. */
  days: number
  isOver: boolean
  revision: number
  /** From the first to the last day of the canteen, all schools together; null while no school has it. */
  served: { from: Day; to: Day } | null
  /** The schools that have the canteen in it. */
  schools: { id: string; name: string }[]
  holidays: ClosedPeriod[]
}

/** The school years with their holidays, the latest first; null for who may not see the page. */
export async function yearLines(viewer: Viewer): Promise<YearLine[] | null> {
  if (!allowedToStaff(viewer, 'structure:manage')) return null
  const { municipalityId } = viewer
  return asStaff(viewer, async (trx) => {
    const { rows } = await sql<
      Omit<YearLine, 'holidays'> & { holidays: { id: string; day: Day; reason: string }[] }
    >`
      select y.id, y.name, y.starts_on as "startsOn", y.ends_on as "endsOn", y.ends_on < app_today() as "isOver", y.revision,
        (select json_build_object('from', min(w.starts_on), 'to', max(w.ends_on)) from service_schedule w
          where w.municipality_id = ${municipalityId} and w.school_year_id = y.id having count(*) > 0) as served,
        coalesce((select json_agg(json_build_object('id', s.id, 'name', s.name) order by s.name) from school s
          where s.municipality_id = ${municipalityId} and exists (select from service_schedule w where w.municipality_id = ${municipalityId}
            and w.school_year_id = y.id and w.school_id = s.id)), '[]') as schools,
        (select count(*)::int from school_class c where c.municipality_id = ${municipalityId} and c.school_year_id = y.id) as classes,
        (select count(*)::int from service_day d where d.municipality_id = ${municipalityId} and d.day between y.starts_on and y.ends_on
          and d.status <> 'suspended') as days,
        coalesce((select json_agg(json_build_object('id', x.id, 'day', x.day, 'reason', x.reason) order by x.day) from (
          select distinct on (c.day) c.id, c.day, c.reason from closure c where c.municipality_id = ${municipalityId} and c.kind = 'holiday'
            and c.school_id is null and c.undone_at is null and c.day between y.starts_on and y.ends_on order by c.day) x), '[]') as holidays
      from school_year y where y.municipality_id = ${municipalityId} order by y.starts_on desc`.execute(trx)
    return rows.map(({ holidays, ...year }) => ({
      ...year,
      holidays: closedPeriods(holidays.map(asClosure)),
    }))
  })
}

const asClosure = (holiday: { id: string; day: Day; reason: string }): Closure => ({
  ...holiday,
  kind: 'holiday',
  schoolName: null,
  by: null,
  undoneBy: null,
})

type YearRow = {
  id: string
  name: string
  startsOn: Day
  endsOn: Day
}

/** The patron saint of the municipality; null where the schools have no holiday for it, or for who may not see it. */
export async function patronOf(viewer: Viewer): Promise<PatronSaint | null> {
  if (!allowedToStaff(viewer, 'structure:manage')) return null
  return asStaff(viewer, async (trx) => {
    const { rows } = await sql<{ name: string | null; day: string | null }>`
      select patron_name as name, patron_day as day from municipality where id = ${viewer.municipalityId}`.execute(
      trx,
    )
    const [found] = rows
    return found?.name && found.day ? { name: found.name, day: found.day } : null
  })
}

/** What a new school year is made from, in the caller's transaction. */
export async function yearFacts(trx: Trx, municipalityId: string): Promise<YearFacts> {
  const { rows: years } = await sql<YearRow>`
    select id, name, starts_on as "startsOn", ends_on as "endsOn" from school_year
    where municipality_id = ${municipalityId} order by starts_on desc`.execute(trx)
  const { now, today } = await readClock(trx)
  const { rows } = await sql<{
    region: string
    patronName: string | null
    patronDay: string | null
    serviceIds: string[]
  }>`
    select region, patron_name as "patronName", patron_day as "patronDay",
      array(select s.id from service s where s.municipality_id = ${municipalityId} and s.active order by s.code) as "serviceIds"
    from municipality where id = ${municipalityId}`.execute(trx)
  const here = rows[0] as (typeof rows)[number]
  const patron: PatronSaint | null =
    here.patronName && here.patronDay ? { name: here.patronName, day: here.patronDay } : null
  const latest = years[0]
  return {
    today,
    now,
    serviceIds: here.serviceIds,
    years,
    patron,
    region: here.region,
    regionalOf: (year) => regionalClosures(here.region, year),
    weeks: latest ? await weeksOf(trx, municipalityId, latest.id) : [],
    classes: latest ? await classesOfYear(trx, municipalityId, latest.id) : [],
  }
}

/** The last weeks of a year, of the schools that go on. */
async function weeksOf(trx: Trx, municipalityId: string, yearId: string): Promise<YearFacts['weeks']> {
  const { rows } = await sql<YearFacts['weeks'][number]>`
    select w.service_id as "serviceId", w.school_id as "schoolId", coalesce(w.next_weekdays, w.weekdays) as weekdays,
      to_char(coalesce(w.next_cutoff_time, w.cutoff_time), 'HH24:MI') as "cutoffTime",
      coalesce(w.next_cutoff_days_before, w.cutoff_days_before) as "cutoffDaysBefore", w.grace_seconds as "graceSeconds"
    from service_schedule w
    join service v on v.municipality_id = ${municipalityId} and v.id = w.service_id and v.active and v.valid_to is null
    join school s on s.municipality_id = ${municipalityId} and s.id = w.school_id and s.valid_to is null
    where w.municipality_id = ${municipalityId} and w.school_year_id = ${yearId} order by w.school_id, w.service_id`.execute(
    trx,
  )
  return rows
}

async function classesOfYear(
  trx: Trx,
  municipalityId: string,
  yearId: string,
): Promise<YearFacts['classes']> {
  const { rows } = await sql<YearFacts['classes'][number]>`
    select c.school_id as "schoolId", c.name from school_class c
    join school s on s.municipality_id = ${municipalityId} and s.id = c.school_id and s.valid_to is null
    where c.municipality_id = ${municipalityId} and c.school_year_id = ${yearId} and c.valid_to is null
    order by c.school_id, c.name`.execute(trx)
  return rows
}

/** A day that may come back from a holiday, in one school of one service. */
type ReturningDay = {
  serviceId: string
  schoolId: string
  weekdays: Weekday[]
  cutoffTime: string
  cutoffDaysBefore: number
  graceSeconds: number
}

/** The weeks in force on a day, of the schools that are served on it. */
export async function weeksOn(trx: Trx, municipalityId: string, day: Day): Promise<ReturningDay[]> {
  const { rows } = await sql<ReturningDay>`
    select w.service_id as "serviceId", w.school_id as "schoolId",
      case when w.next_from <= ${day} then w.next_weekdays else w.weekdays end as weekdays,
      to_char(case when w.next_from <= ${day} then w.next_cutoff_time else w.cutoff_time end, 'HH24:MI') as "cutoffTime",
      case when w.next_from <= ${day} then w.next_cutoff_days_before else w.cutoff_days_before end as "cutoffDaysBefore",
      w.grace_seconds as "graceSeconds"
    from service_schedule w
    join service v on v.municipality_id = ${municipalityId} and v.id = w.service_id and v.active
      and (v.valid_to is null or v.valid_to >= ${day})
    join school s on s.municipality_id = ${municipalityId} and s.id = w.school_id and (s.valid_to is null or s.valid_to >= ${day})
    where w.municipality_id = ${municipalityId} and ${day} between w.starts_on and w.ends_on`.execute(trx)
  return rows
}

/** Whom a day with or without meals touches: the pupils who are enrolled on one of the days. */
export async function pupilsOn(trx: Trx, municipalityId: string, from: Day, to: Day): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    select distinct e.pupil_id as id from enrolment e where e.municipality_id = ${municipalityId}
      and e.valid_from <= ${to} and e.valid_to >= ${from} order by 1`.execute(trx)
  return rows.map(({ id }) => id)
}
