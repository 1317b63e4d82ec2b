import 'server-only'
import { sql } from 'kysely'
import { asStaff } from '#db/client.ts'
import { readClock } from '#db/clock.ts'
import { allowedToStaff } from '#lib/access/capabilities.ts'
import type { Viewer } from '#lib/access/viewer.ts'
import type { Day } from '#lib/kernel/day.ts'
import type { Leftover } from './leftover.ts'

export type LeftoverFilter = { schoolId: string | null; from: Day | null; to: Day | null }

export type LeftoverPage = {
  today: Day
  schools: { id: string; name: string; classes: { id: string; name: string }[] }[]
  rows: Leftover[]
}

const MOST_ROWS = 2_000

/** What was left on the plates, the latest day first: the last thirty days unless told; null for a viewer who may not write menus. */
export async function readLeftovers(viewer: Viewer, filter: LeftoverFilter): Promise<LeftoverPage | null> {
  if (!allowedToStaff(viewer, 'menus:write')) return null
  const { municipalityId } = viewer
  return asStaff(viewer, async (trx) => {
    const [{ today }, schools, { rows }] = await Promise.all([
      readClock(trx),
      sql<LeftoverPage['schools'][number]>`
        select s.id, s.name, coalesce((select jsonb_agg(jsonb_build_object('id', c.id, 'name', c.name) order by c.name)
          from school_class c join school_year y on y.municipality_id = ${municipalityId} and y.id = c.school_year_id
          where c.municipality_id = ${municipalityId} and c.school_id = s.id and app_today() between y.starts_on and y.ends_on), '[]') as classes
        from school s where s.municipality_id = ${municipalityId} order by s.kind, s.name`.execute(trx),
      sql<Leftover>`
        select l.id, d.day, d.school_id as "schoolId", s.name as "schoolName", c.name as "className", l.course, l.grams, l.share
        from leftover l
        join service_day d on d.municipality_id = ${municipalityId} and d.id = l.service_day_id
        join school s on s.municipality_id = ${municipalityId} and s.id = d.school_id
        left join school_class c on c.municipality_id = ${municipalityId} and c.id = l.school_class_id
        where l.municipality_id = ${municipalityId}
          and (${filter.schoolId}::uuid is null or d.school_id = ${filter.schoolId}::uuid)
          and d.day between coalesce(${filter.from}::date, app_today() - 30) and coalesce(${filter.to}::date, app_today())
        order by d.day desc, s.name, c.name nulls first, l.course limit ${MOST_ROWS}`.execute(trx),
    ])
    return { today, schools: schools.rows, rows }
  })
}
