import 'server-only'
import { sql } from 'kysely'
import { asStaff, type Trx } from '#db/client.ts'
import { readClock } from '#db/clock.ts'
import { allowedToStaff } from '#lib/access/capabilities.ts'
import type { Viewer } from '#lib/access/viewer.ts'
import { waitingWorkOf } from './waiting-work.queries.ts'
import { waitingKindsFor } from './waiting-work.ts'
import { type DeskLine, takeOf, type WorkTake } from './work-take.ts'

/** What waits for a viewer, each kind with who has it, at the instant of the database's clock. Null for who has no desk. */
export async function deskLines(viewer: Viewer): Promise<{ lines: DeskLine[]; now: Date } | null> {
  if (!allowedToStaff(viewer, 'work:read')) return null
  const { municipalityId } = viewer
  return asStaff(viewer, async (trx) => {
    const kinds = waitingKindsFor(viewer)
    const [work, takes, { now }] = await Promise.all([
      kinds.length > 0 ? waitingWorkOf(trx, municipalityId, kinds) : [],
      latestTakes(trx, municipalityId),
      readClock(trx),
    ])
    return { lines: work.map((waiting) => ({ ...waiting, take: takeOf(waiting, takes) })), now }
  })
}

/** The last take of each kind. */
export async function latestTakes(trx: Trx, municipalityId: string): Promise<WorkTake[]> {
  const { rows } = await sql<WorkTake>`
    select distinct on (t.kind) t.id, t.kind, t.taken_by as "takenById", p.full_name as "takenBy", t.taken_at as "takenAt",
      t.ended_at as "endedAt", e.full_name as "endedBy", t.is_done as "isDone"
    from work_take t
    join person p on p.municipality_id = ${municipalityId} and p.id = t.taken_by
    left join person e on e.municipality_id = ${municipalityId} and e.id = t.ended_by
    where t.municipality_id = ${municipalityId}
    order by t.kind, t.taken_at desc, t.id desc`.execute(trx)
  return rows
}
