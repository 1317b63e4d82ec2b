import 'server-only'
import { sql } from 'kysely'
import { asStaff } from '#db/client.ts'
import type { Viewer } from '#lib/access/viewer.ts'
import type { FrameYear, OfficeFrame } from './frame.ts'
import { waitingWorkOf } from './waiting-work.queries.ts'
import { waitingKindsFor } from './waiting-work.ts'

/** The current school year of the municipality and those to come, and what waits for the viewer; nothing for who has no role in the office. */
export async function officeFrame(viewer: Viewer): Promise<OfficeFrame> {
  if (viewer.staffRoles.length === 0) return { waiting: [], years: [] }
  const { municipalityId } = viewer
  const kinds = waitingKindsFor(viewer)
  return asStaff(viewer, async (trx) => {
    const [waiting, years] = await Promise.all([
      kinds.length > 0 ? waitingWorkOf(trx, municipalityId, kinds) : [],
      sql<FrameYear>`
        select y.name, y.starts_on = now.starts_on as "isCurrent"
        from school_year y
        join (select coalesce(max(z.starts_on) filter (where z.starts_on <= app_today()), min(z.starts_on)) as starts_on
          from school_year z where z.municipality_id = ${municipalityId}) now on y.starts_on >= now.starts_on
        where y.municipality_id = ${municipalityId} order by y.starts_on`.execute(trx),
    ])
    return { waiting, years: years.rows }
  })
}
