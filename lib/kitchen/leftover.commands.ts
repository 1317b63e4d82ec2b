import 'server-only'
import { sql } from 'kysely'
import { asStaff } from '#db/client.ts'
import { allowedToStaff } from '#lib/access/capabilities.ts'
import type { Viewer } from '#lib/access/viewer.ts'
import { recordAudit } from '#lib/audit/audit.commands.ts'
import type { Day } from '#lib/kernel/day.ts'
import { ok, type Result, refused } from '#lib/kernel/result.ts'
import type { Course } from '#lib/menus/dish.ts'
import type { Amount } from './leftover.ts'

export type LeftoverEntry = {
  day: Day
  schoolId: string
  /** Null: the whole school. */
  classId: string | null
  amounts: readonly ({ course: Course } & Amount)[]
}

/** Writes what was left, course by course; what was written before for the same day, class and course is replaced. */
export async function recordLeftovers(
  viewer: Viewer,
  entry: LeftoverEntry,
): Promise<Result<{ courses: number }>> {
  if (!allowedToStaff(viewer, 'menus:write')) return refused('request:not-found')
  const { municipalityId } = viewer
  return asStaff(viewer, async (trx) => {
    const { rows } = await sql<{ id: string; knowsClass: boolean }>`
      select d.id, ${entry.classId}::uuid is null or exists (select from school_class c where c.municipality_id = ${municipalityId}
        and c.id = ${entry.classId}::uuid and c.school_id = d.school_id) as "knowsClass"
      from service_day d join service s on s.municipality_id = ${municipalityId} and s.id = d.service_id and s.active
      where d.municipality_id = ${municipalityId} and d.school_id = ${entry.schoolId}::uuid and d.day = ${entry.day}
        and d.day <= app_today() and d.status <> 'suspended'`.execute(trx)
    const day = rows[0]
    if (!day) return refused('leftovers:no-service')
    if (!day.knowsClass) return refused('request:not-found')
    await trx
      .insertInto('leftover')
      .values(
        entry.amounts.map(({ course, grams, share }) => ({
          municipality_id: municipalityId,
          service_day_id: day.id,
          school_class_id: entry.classId,
          course,
          grams,
          share,
          recorded_by: viewer.personId,
        })),
      )
      .onConflict((again) =>
        again.columns(['municipality_id', 'service_day_id', 'school_class_id', 'course']).doUpdateSet({
          grams: (row) => row.ref('excluded.grams'),
          share: (row) => row.ref('excluded.share'),
          recorded_by: viewer.personId,
          recorded_at: sql<Date>`app_now()`,
        }),
      )
      .execute()
    await recordAudit(trx, viewer, {
      action: 'leftovers.recorded',
      objectType: 'service_day',
      objectId: day.id,
      details: { courses: entry.amounts.length },
    })
    return ok({ courses: entry.amounts.length })
  })
}
