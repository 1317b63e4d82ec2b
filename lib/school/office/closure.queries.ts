import 'server-only'
import { sql } from 'kysely'
import { asStaff, type Trx } from '#db/client.ts'
import { allowedToStaff } from '#lib/access/capabilities.ts'
import type { Viewer } from '#lib/access/viewer.ts'
import type { Day } from '#lib/kernel/day.ts'
import type { ClosureEffect } from '../closure.ts'

/** What a closure would do: `schoolId` null means every school. Null when the viewer may not manage the calendar. */
export async function previewClosure(
  viewer: Viewer,
  asked: { day: Day; schoolId: string | null },
): Promise<ClosureEffect[] | null> {
  if (!allowedToStaff(viewer, 'calendar:manage')) return null
  return asStaff(viewer, (trx) => effectsOf(trx, viewer.municipalityId, asked))
}

/**
 * The effects, read in the caller's transaction: the command asks again under its locks. Of a closed day the kitchen's
 * count says the meals: one that is free of charge left no movement.
 */
export async function effectsOf(
  trx: Trx,
  municipalityId: string,
  asked: { day: Day; schoolId: string | null },
): Promise<ClosureEffect[]> {
  const { rows } = await sql<ClosureEffect>`
    select d.school_id as "schoolId", s.name as "schoolName", d.status,
      (select count(*) from enrolment e where e.municipality_id = ${municipalityId} and e.service_id = d.service_id
        and e.school_id = d.school_id and e.valid_from <= d.day and e.valid_to >= d.day)::int as pupils,
      case d.status when 'open' then
        (select count(*) from enrolment e where e.municipality_id = ${municipalityId} and e.service_id = d.service_id
          and e.school_id = d.school_id and e.valid_from <= d.day and e.valid_to >= d.day and not exists (
            select from absence a where a.municipality_id = ${municipalityId} and a.service_day_id = d.id and a.pupil_id = e.pupil_id))
      else counted.meals end::int as meals,
      case d.status when 'closed' then charged.cents else 0 end::int as "refundCents"
    from service_day d
    join school s on s.municipality_id = ${municipalityId} and s.id = d.school_id
    cross join lateral (
      select coalesce(sum(l.meals), 0) as meals from kitchen_count_line l
      where l.municipality_id = ${municipalityId} and l.kitchen_count_id = (select k.id from kitchen_count k
        where k.municipality_id = ${municipalityId} and k.service_day_id = d.id order by k.version desc limit 1)
    ) counted
    cross join lateral (
      select coalesce(-sum(n.amount_cents), 0) as cents from entry n
      where n.municipality_id = ${municipalityId} and n.service_day_id = d.id and n.kind = 'meals' and n.pupil_id is not null
        and n.school_year = (select y.school_year from entry_year y
          where y.municipality_id = ${municipalityId} and y.subject_id = d.id and y.kind = 'meals')
    ) charged
    where d.municipality_id = ${municipalityId} and d.day = ${asked.day}
      and (${asked.schoolId}::uuid is null or d.school_id = ${asked.schoolId}::uuid)
    order by s.name`.execute(trx)
  return rows
}

/** Closures already decided from `from` on, the nearest first; null when the viewer may not manage the calendar. */
export async function closuresFrom(
  viewer: Viewer,
  from: Day,
): Promise<{ id: string; day: Day; kind: string; reason: string; schoolName: string | null }[] | null> {
  if (!allowedToStaff(viewer, 'calendar:manage')) return null
  return asStaff(viewer, (trx) =>
    trx
      .selectFrom('closure as x')
      .leftJoin('school as s', (join) =>
        join.on('s.municipality_id', '=', viewer.municipalityId).onRef('s.id', '=', 'x.school_id'),
      )
      .select(['x.id', 'x.day', 'x.kind', 'x.reason', 's.name as schoolName'])
      .where('x.municipality_id', '=', viewer.municipalityId)
      .where('x.day', '>=', from)
      .orderBy('x.day')
      .limit(200)
      .execute(),
  )
}

/** The schools of the municipality, for the office's choices; null when the viewer may not manage the calendar. */
export async function schoolsToClose(viewer: Viewer): Promise<{ id: string; name: string }[] | null> {
  if (!allowedToStaff(viewer, 'calendar:manage')) return null
  return asStaff(viewer, (trx) =>
    trx
      .selectFrom('school')
      .select(['id', 'name'])
      .where('municipality_id', '=', viewer.municipalityId)
      .orderBy('name')
      .execute(),
  )
}
