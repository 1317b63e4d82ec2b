import 'server-only'
import { sql } from 'kysely'
import { asStaff } from '#db/client.ts'
import { allowedToStaff } from '#lib/access/capabilities.ts'
import type { Viewer } from '#lib/access/viewer.ts'
import { AHEAD_DAYS, type Retention } from './retention.ts'

/** What each register keeps, and what will be deleted of it. Null for who does not hand registers over. */
export async function retentions(viewer: Viewer): Promise<Retention[] | null> {
  if (!allowedToStaff(viewer, 'registers:export')) return null
  return asStaff(viewer, async (trx) => {
    const { rows } = await sql<Retention>`
      select register, months, days, due, due_ahead as "dueAhead", oldest
      from purge_preview(make_interval(days => ${AHEAD_DAYS}))`.execute(trx)
    return rows
  })
}
