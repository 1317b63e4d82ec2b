import 'server-only'
import { sql } from 'kysely'
import { asStaff } from '#db/client.ts'
import type { Viewer } from '#lib/access/viewer.ts'
import type { FrameYear, OfficeFrame } from './frame.ts'
import { waitingWorkOf } from './waiting-work.queries.ts'
import { waitingKindsFor } from './waiting-work.ts'

/** Years that began longer before the current one are found by the filters of the lists. */
const PAST_DAYS = 5 * 366

/** The school years of the municipality that a page may show, and what waits for the viewer; nothing for who has no role in the office. */
export async function officeFrame(viewer: Viewer): Promise<OfficeFrame> {
  if (viewer.staffRoles.length === 0) return { waiting: [], years: [] }
  const { municipalityId } = viewer
  const kinds = waitingKindsFor(viewer)
  return asStaff(viewer, async (trx) => {
    const [waiting, years] = await Promise.all([
      kinds.length > 0 ? waitingWorkOf(trx, municipalityId, kinds) : [],
      sql<FrameYear>`
        select y.name, y.starts_on = now.starts_on as "isCurrent", y.ends_on < app_today() as "isOver"
        from school_year y
        cross join (select coalesce(max(z.starts_on) filter (where z.starts_on <= app_today()), min(z.starts_on)) as starts_on
          from school_year z where z.municipality_id = ${municipalityId}) now
        where y.municipality_id = ${municipalityId} and y.starts_on >= now.starts_on - ${PAST_DAYS}::int order by y.starts_on`.execute(
        trx,
      ),
    ])
    return { waiting, years: years.rows }
  })
}
