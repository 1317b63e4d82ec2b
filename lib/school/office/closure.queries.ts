import 'server-only'
import { sql } from 'kysely'
import { asStaff, type Trx } from '#db/client.ts'
import { allowedToStaff } from '#lib/access/capabilities.ts'
import type { Viewer } from '#lib/access/viewer.ts'
import type { Day } from '#lib/kernel/day.ts'
import { isUuid } from '#lib/kernel/uuid.ts'
import type { Closure, ClosureEffect, ReopeningEffect } from '../closure.ts'

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
        and e.school_id = d.school_id and e.valid_from <= d.day and e.valid_to >= d.day and eats_on(e.weekdays, d.day))::int as pupils,
      case d.status when 'open' then
        (select count(*) from enrolment e where e.municipality_id = ${municipalityId} and e.service_id = d.service_id
          and e.school_id = d.school_id and e.valid_from <= d.day and e.valid_to >= d.day and eats_on(e.weekdays, d.day)
          and not exists (
            select from absence a where a.municipality_id = ${municipalityId} and a.service_day_id = d.id and a.pupil_id = e.pupil_id))
      else counted.meals end::int as meals,
      case d.status when 'closed' then charged.cents else 0 end::int as "refundCents",
      (select json_build_object('kind', x.kind, 'reason', x.reason, 'by', p.full_name) from closure x
        left join person p on p.municipality_id = ${municipalityId} and p.id = x.created_by
        where x.municipality_id = ${municipalityId} and x.id = d.closure_id) as decided
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

const PER_PAGE = 50

/** A page of closures with who decided them, and who took them back. */
export type ClosurePage = { closures: Closure[]; pages: number }

/**
 * Closures already decided: from today on, the nearest first, or before today, the latest first. Null when the viewer may not manage
 * the calendar.
 */
export async function closuresOf(
  viewer: Viewer,
  { when, page }: { when: 'coming' | 'past'; page: number },
): Promise<ClosurePage | null> {
  if (!allowedToStaff(viewer, 'calendar:manage')) return null
  const { municipalityId } = viewer
  const [side, order] =
    when === 'coming'
      ? [sql`x.day >= app_today()`, sql`x.day, x.id`]
      : [sql`x.day < app_today()`, sql`x.day desc, x.id`]
  return asStaff(viewer, async (trx) => {
    const { rows } = await sql<Closure & { total: number }>`
      select x.id, x.day, x.kind, x.reason, s.name as "schoolName", author.full_name as by, undoer.full_name as "undoneBy",
        count(*) over ()::int as total
      from closure x
      left join school s on s.municipality_id = ${municipalityId} and s.id = x.school_id
      left join person author on author.municipality_id = ${municipalityId} and author.id = x.created_by
      left join person undoer on undoer.municipality_id = ${municipalityId} and undoer.id = x.undone_by
      where x.municipality_id = ${municipalityId} and ${side}
      order by ${order} limit ${PER_PAGE} offset ${(page - 1) * PER_PAGE}`.execute(trx)
    return {
      closures: rows.map(({ total: _, ...closure }) => closure),
      pages: Math.ceil((rows[0]?.total ?? 0) / PER_PAGE),
    }
  })
}

/** What the office decided for one day with one reason, in every school where it is in force. */
export type Undoing = {
  day: Day
  kind: string
  reason: string
  by: string | null
  effects: ReopeningEffect[]
  now: Date
}

/** What undoing a closure would do; null when there is none in force, or none that the viewer may undo. */
export async function previewUndoing(viewer: Viewer, closureId: string): Promise<Undoing | null> {
  if (!allowedToStaff(viewer, 'calendar:manage') || !isUuid(closureId)) return null
  return asStaff(viewer, (trx) => undoingOf(trx, viewer.municipalityId, closureId))
}

/** The same in the caller's transaction. A holiday belongs to the school year, and the office does not undo it. */
export async function undoingOf(
  trx: Trx,
  municipalityId: string,
  closureId: string,
): Promise<Undoing | null> {
  const { rows } = await sql<Omit<Undoing, 'effects'>>`
    select x.day, x.kind, x.reason, p.full_name as by, app_now() as now from closure x
    left join person p on p.municipality_id = ${municipalityId} and p.id = x.created_by
    where x.municipality_id = ${municipalityId} and x.id = ${closureId}::uuid and x.undone_at is null and x.kind <> 'holiday'`.execute(
    trx,
  )
  const closure = rows[0]
  if (!closure) return null
  const effects = await sql<ReopeningEffect>`
    select x.id as "closureId", d.id as "serviceDayId", s.name as "schoolName", d.cutoff_at as "cutoffAt",
      exists (select from kitchen_count k where k.municipality_id = ${municipalityId} and k.service_day_id = d.id) as "isCounted",
      exists (select from journal j where j.municipality_id = ${municipalityId}
        and j.idempotency_key = 'meals_again:' || d.id) as "wasTakenUp",
      enrolled.pupils, enrolled.absent, counted.meals as counted, given_back.cents as "givenBackCents"
    from service_day d
    join closure x on x.municipality_id = ${municipalityId} and x.id = d.closure_id
    join school s on s.municipality_id = ${municipalityId} and s.id = d.school_id
    cross join lateral (
      select count(*)::int as pupils, count(a.pupil_id)::int as absent from enrolment e
      left join absence a on a.municipality_id = ${municipalityId} and a.service_day_id = d.id and a.pupil_id = e.pupil_id
      where e.municipality_id = ${municipalityId} and e.service_id = d.service_id and e.school_id = d.school_id
        and e.valid_from <= d.day and e.valid_to >= d.day and eats_on(e.weekdays, d.day)
    ) enrolled
    cross join lateral (
      select coalesce(sum(l.meals), 0)::int as meals from kitchen_count_line l
      where l.municipality_id = ${municipalityId} and l.kitchen_count_id = (select k.id from kitchen_count k
        where k.municipality_id = ${municipalityId} and k.service_day_id = d.id and exists (select from kitchen_count_line c
          where c.municipality_id = ${municipalityId} and c.kitchen_count_id = k.id)
        order by k.version desc limit 1)
    ) counted
    cross join lateral (
      select coalesce(sum(n.amount_cents), 0)::int as cents from entry n
      where n.municipality_id = ${municipalityId} and n.service_day_id = d.id and n.kind = 'meals_reversal' and n.pupil_id is not null
        and n.school_year = (select y.school_year from entry_year y
          where y.municipality_id = ${municipalityId} and y.subject_id = d.id and y.kind = 'meals_reversal')
    ) given_back
    where d.municipality_id = ${municipalityId} and d.day = ${closure.day} and d.status = 'suspended'
      and x.kind = ${closure.kind} and x.reason = ${closure.reason}
    order by s.name`.execute(trx)
  return { ...closure, effects: effects.rows }
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
