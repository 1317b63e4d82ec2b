import 'server-only'
import { sql } from 'kysely'
import { asStaff } from '#db/client.ts'
import { type Clock, readClock } from '#db/clock.ts'
import { allowedToStaff } from '#lib/access/capabilities.ts'
import type { Viewer } from '#lib/access/viewer.ts'
import { recordAudit } from '#lib/audit/audit.commands.ts'
import { type ClassLine, type ClassList, classLists } from './class-list.ts'

/**
 * Who eats today in the viewer's own classes: a teacher's, or those of the school of a school office. The database decides which
 * these are; the reading is written down. Null for a viewer who has no such role.
 */
export async function ownClasses(viewer: Viewer): Promise<(Clock & { lists: ClassList[] }) | null> {
  if (!allowedToStaff(viewer, 'classes:read-own')) return null
  return asStaff(viewer, async (trx) => {
    const [clock, { rows }] = await Promise.all([
      readClock(trx),
      sql<ClassLine>`
        select school_name as "schoolName", class_id as "classId", class_name as "className", service_name as "serviceName",
          coalesce(status, 'none') as day, pupil_id as "pupilId", given_name as "givenName", family_name as "familyName",
          is_absent as "isAbsent", eats_today as "eatsToday"
        from own_class_list()`.execute(trx),
    ])
    const lists = classLists(rows)
    if (lists.length > 0)
      await recordAudit(trx, viewer, {
        action: 'classes.list-read',
        objectType: 'municipality',
        objectId: viewer.municipalityId,
        details: { classes: lists.length },
      })
    return { ...clock, lists }
  })
}
