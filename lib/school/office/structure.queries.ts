import 'server-only'
import { sql } from 'kysely'
import { asStaff, type Trx } from '#db/client.ts'
import { allowedToStaff } from '#lib/access/capabilities.ts'
import type { Viewer } from '#lib/access/viewer.ts'
import type { Day } from '#lib/kernel/day.ts'
import { isUuid } from '#lib/kernel/uuid.ts'
import type { SchoolKind } from '../municipality.ts'
import {
  hasNext,
  hasWeek,
  type NextColumns,
  type Nullable,
  type Week,
  type WeekColumns,
  weekNow,
} from '../schedule-change.ts'

type SchoolWords = {
  id: string
  name: string
  kind: SchoolKind
  street: string
  mechanographicCode: string | null
  validTo: Day | null
}

/** A line of the list of schools: in the year that runs, or else in the next one. */
type SchoolLine = SchoolWords & { classes: number; pupils: number }

const SCHOOL_WORDS = sql`s.id, s.name, s.kind, s.street, s.mechanographic_code as "mechanographicCode", s.valid_to as "validTo"`

const SCHOOLS_PER_PAGE = 50

/** A page of the schools of the municipality, the last one beyond it; null for who may not see the page. */
export async function schoolLines(
  viewer: Viewer,
  asked: number,
): Promise<{ schools: SchoolLine[]; page: number; pages: number } | null> {
  if (!allowedToStaff(viewer, 'structure:manage')) return null
  const { municipalityId } = viewer
  return asStaff(viewer, async (trx) => {
    const { all } = await trx
      .selectFrom('school')
      .select((eb) => eb.fn.countAll<number>().as('all'))
      .where('municipality_id', '=', municipalityId)
      .executeTakeFirstOrThrow()
    const pages = Math.max(1, Math.ceil(all / SCHOOLS_PER_PAGE))
    const page = Math.min(asked, pages)
    const { rows } = await sql<SchoolLine>`
      with y as (select id from school_year where municipality_id = ${municipalityId} and ends_on >= app_today() order by starts_on limit 1)
      select ${SCHOOL_WORDS},
        (select count(*)::int from school_class c where c.municipality_id = ${municipalityId} and c.school_id = s.id
          and c.school_year_id = (select id from y) and (c.valid_to is null or c.valid_to >= app_today())) as classes,
        (select count(distinct e.pupil_id)::int from enrolment e where e.municipality_id = ${municipalityId} and e.school_id = s.id
          and e.valid_to >= app_today()) as pupils
      from (select s.id, s.name, s.kind, s.street, s.mechanographic_code, s.valid_to from school s where s.municipality_id = ${municipalityId}
        order by s.valid_to nulls first, s.kind, s.name, s.id limit ${SCHOOLS_PER_PAGE} offset ${(page - 1) * SCHOOLS_PER_PAGE}) s
      order by s.valid_to nulls first, s.kind, s.name, s.id`.execute(trx)
    return { schools: rows, page, pages }
  })
}

/** A school with what decides whether it may end. */
export type SchoolNow = SchoolWords & {
  revision: number
  savedBy: string | null
  /** The last day that a kitchen has counted; today where it never counted one. */
  lastCounted: Day
  enrolledUntil: Day[]
  openDays: Day[]
}

export async function schoolNow(trx: Trx, municipalityId: string, id: string): Promise<SchoolNow | null> {
  const { rows } = await sql<SchoolNow>`
    select ${SCHOOL_WORDS}, s.revision, p.full_name as "savedBy",
      greatest(app_today(), (select max(d.day) from service_day d where d.municipality_id = ${municipalityId} and d.school_id = s.id
        and d.status = 'closed')) as "lastCounted",
      array(select e.valid_to::text from enrolment e where e.municipality_id = ${municipalityId} and e.school_id = s.id
        and e.valid_to >= app_today()) as "enrolledUntil",
      array(select d.day::text from service_day d where d.municipality_id = ${municipalityId} and d.school_id = s.id and d.status = 'open'
        and d.day >= app_today()) as "openDays"
    from school s left join person p on p.municipality_id = ${municipalityId} and p.id = s.updated_by
    where s.municipality_id = ${municipalityId} and s.id = ${id}`.execute(trx)
  return rows[0] ?? null
}

/** A class with what decides whether it may end. */
export type ClassNow = {
  id: string
  name: string
  schoolId: string
  schoolName: string
  yearId: string
  yearName: string
  validTo: Day | null
  pupils: number
  revision: number
  savedBy: string | null
  enrolledUntil: Day[]
}

export async function classNow(trx: Trx, municipalityId: string, id: string): Promise<ClassNow | null> {
  const { rows } = await sql<ClassNow>`
    select c.id, c.name, c.school_id as "schoolId", s.name as "schoolName", c.school_year_id as "yearId", y.name as "yearName",
      c.valid_to as "validTo", c.revision, p.full_name as "savedBy",
      (select count(distinct e.pupil_id)::int from enrolment e where e.municipality_id = ${municipalityId}
        and e.school_class_id = c.id and e.valid_to >= app_today()) as pupils,
      array(select e.valid_to::text from enrolment e where e.municipality_id = ${municipalityId} and e.school_class_id = c.id
        and e.valid_to >= app_today()) as "enrolledUntil"
    from school_class c
    join school s on s.municipality_id = ${municipalityId} and s.id = c.school_id
    join school_year y on y.municipality_id = ${municipalityId} and y.id = c.school_year_id and y.ends_on >= app_today()
    left join person p on p.municipality_id = ${municipalityId} and p.id = c.updated_by
    where c.municipality_id = ${municipalityId} and c.id = ${id}`.execute(trx)
  return rows[0] ?? null
}

/** One class, for its page; null where there is none or for who may not see it. */
export async function classSheet(viewer: Viewer, id: string): Promise<ClassNow | null> {
  if (!allowedToStaff(viewer, 'structure:manage') || !isUuid(id)) return null
  return asStaff(viewer, (trx) => classNow(trx, viewer.municipalityId, id))
}

type WeekRow = {
  serviceId: string
  serviceName: string
  yearId: string
  firstDay: Day
  revision: number
} & Nullable<WeekColumns & NextColumns>

/** A service in one year of a school: its week, or null while there is none. */
type PlannedWeek = {
  serviceId: string
  serviceName: string
  revision: number
  week: Week | null
  waiting: (Week & { from: Day }) | null
  served: { from: Day; to: Day } | null
}

export type SchoolYearPart = {
  id: string
  name: string
  startsOn: Day
  endsOn: Day
  classes: { id: string; name: string; validTo: Day | null; pupils: number }[]
  weeks: PlannedWeek[]
}

/** A school with its classes and weeks in each year that is not over; null where there is none or for who may not see it. */
export async function schoolSheet(
  viewer: Viewer,
  id: string,
): Promise<(SchoolNow & { years: SchoolYearPart[] }) | null> {
  if (!allowedToStaff(viewer, 'structure:manage') || !isUuid(id)) return null
  const { municipalityId } = viewer
  return asStaff(viewer, async (trx) => {
    const [school, years, weeks] = await Promise.all([
      schoolNow(trx, municipalityId, id),
      yearParts(trx, municipalityId, id),
      weekRows(trx, municipalityId, id),
    ])
    if (!school) return null
    return {
      ...school,
      years: years.map((year) => ({
        ...year,
        weeks: weeks.filter(({ yearId }) => yearId === year.id).map(plannedWeek),
      })),
    }
  })
}

async function yearParts(trx: Trx, municipalityId: string, schoolId: string) {
  const { rows } = await sql<Omit<SchoolYearPart, 'weeks'>>`
    select y.id, y.name, y.starts_on as "startsOn", y.ends_on as "endsOn",
      coalesce((select json_agg(json_build_object('id', c.id, 'name', c.name, 'validTo', c.valid_to,
          'pupils', (select count(distinct e.pupil_id) from enrolment e where e.municipality_id = ${municipalityId}
            and e.school_class_id = c.id and e.valid_to >= app_today())) order by c.name)
        from school_class c where c.municipality_id = ${municipalityId} and c.school_id = ${schoolId} and c.school_year_id = y.id), '[]') as classes
    from school_year y where y.municipality_id = ${municipalityId} and y.ends_on >= app_today() order by y.starts_on`.execute(
    trx,
  )
  return rows
}

async function weekRows(trx: Trx, municipalityId: string, schoolId: string): Promise<WeekRow[]> {
  const { rows } = await sql<WeekRow>`
    select v.id as "serviceId", v.name as "serviceName", y.id as "yearId", app_today() as "firstDay", w.weekdays,
      to_char(w.cutoff_time, 'HH24:MI') as "cutoffTime", w.cutoff_days_before as "cutoffDaysBefore", w.starts_on as "from",
      w.ends_on as "to", w.next_from as "nextFrom", w.next_weekdays as "nextWeekdays",
      to_char(w.next_cutoff_time, 'HH24:MI') as "nextCutoffTime", w.next_cutoff_days_before as "nextCutoffDaysBefore",
      coalesce(w.revision, 0) as revision
    from service v
    cross join school_year y
    left join service_schedule w on w.municipality_id = ${municipalityId} and w.service_id = v.id and w.school_id = ${schoolId}
      and w.school_year_id = y.id
    where v.municipality_id = ${municipalityId} and v.active and v.valid_to is null and y.municipality_id = ${municipalityId} and y.ends_on >= app_today()
    order by v.code`.execute(trx)
  return rows
}

function plannedWeek(row: WeekRow): PlannedWeek {
  const { serviceId, serviceName, revision } = row
  if (!hasWeek(row)) return { serviceId, serviceName, revision, week: null, waiting: null, served: null }
  const current = {
    weekdays: row.weekdays,
    cutoffTime: row.cutoffTime,
    cutoffDaysBefore: row.cutoffDaysBefore,
  }
  const next = hasNext(row)
    ? {
        from: row.nextFrom,
        weekdays: row.nextWeekdays,
        cutoffTime: row.nextCutoffTime,
        cutoffDaysBefore: row.nextCutoffDaysBefore,
      }
    : null
  const served = { from: row.from, to: row.to }
  return { serviceId, serviceName, revision, served, ...weekNow({ current, next, firstDay: row.firstDay }) }
}
