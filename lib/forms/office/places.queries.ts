import 'server-only'
import { sql } from 'kysely'
import { asStaff } from '#db/client.ts'
import { allowedToStaff } from '#lib/access/capabilities.ts'
import type { Viewer } from '#lib/access/viewer.ts'
import type { ClassCount } from './places.ts'

/** The counts of a school year beside the queue. `waiting`: undecided enrolments that ask for the school, with no class yet. */
export type YearCounts = {
  yearName: string
  classes: ClassCount[]
  waiting: { schoolId: string; n: number }[]
  page: number
  pages: number
}

/** The schools of a page. */
const PER_PAGE = 30

/**
 * How many pupils each class of a school year has, against its places, and how many enrolments wait for each school. Without a
 * year, the latest one; thirty schools a page. Null for a viewer who may not, and where there is no year.
 */
export async function yearCounts(
  viewer: Viewer,
  yearName: string | null,
  page = 1,
): Promise<YearCounts | null> {
  if (!allowedToStaff(viewer, 'forms:manage')) return null
  const { municipalityId } = viewer
  return asStaff(viewer, async (trx) => {
    const { rows: years } = await sql<{ id: string; name: string }>`
      select id, name from school_year where municipality_id = ${municipalityId} and (${yearName}::text is null or name = ${yearName})
      order by starts_on desc limit 1`.execute(trx)
    const [year] = years
    if (!year) return null
    const { rows: schools } = await sql<{ id: string }>`
      select s.id from school s where s.municipality_id = ${municipalityId} and s.id in (
        select c.school_id from school_class c where c.municipality_id = ${municipalityId} and c.school_year_id = ${year.id}::uuid
          and (c.valid_to is null or c.valid_to >= app_today()))
      order by s.name, s.id`.execute(trx)
    const pages = Math.max(1, Math.ceil(schools.length / PER_PAGE))
    const shown = Math.min(page, pages)
    const ids = schools.slice((shown - 1) * PER_PAGE, shown * PER_PAGE).map(({ id }) => id)
    const [classes, waiting] = await Promise.all([
      sql<ClassCount>`
        select c.id as "classId", c.name as "className", s.id as "schoolId", s.name as "schoolName", l.places,
          coalesce(n.services, '[]') as services, coalesce(n.pupils, 0)::int as pupils
        from school_class c
        join school s on s.municipality_id = ${municipalityId} and s.id = c.school_id
        left join class_places l on l.municipality_id = ${municipalityId} and l.school_class_id = c.id
        left join lateral (
          select jsonb_agg(jsonb_build_object('name', g.name, 'n', g.n) order by g.name) as services,
            (select count(distinct e.pupil_id) from enrolment e
              where e.municipality_id = ${municipalityId} and e.school_class_id = c.id and e.valid_to >= app_today()) as pupils
          from (select v.name, count(distinct e.pupil_id) as n from enrolment e
            join service v on v.municipality_id = ${municipalityId} and v.id = e.service_id
            where e.municipality_id = ${municipalityId} and e.school_class_id = c.id and e.valid_to >= app_today()
            group by v.name) g) n on true
        where c.municipality_id = ${municipalityId} and c.school_year_id = ${year.id}::uuid
          and c.school_id = any (${ids}::uuid[]) and (c.valid_to is null or c.valid_to >= app_today())
        order by s.name, c.name, c.id`.execute(trx),
      sql<YearCounts['waiting'][number]>`
        select s.school_id as "schoolId", count(*)::int as n from form_submission s
        join online_form f on f.municipality_id = ${municipalityId} and f.id = s.form_id and f.kind = 'enrolment'
        join online_form_version v on v.municipality_id = ${municipalityId} and v.form_id = s.form_id and v.number = s.version
          and v.school_year_id = ${year.id}::uuid
        where s.municipality_id = ${municipalityId} and s.decided_at is null and s.school_id = any (${ids}::uuid[])
        group by s.school_id`.execute(trx),
    ])
    return { yearName: year.name, classes: classes.rows, waiting: waiting.rows, page: shown, pages }
  })
}
