import 'server-only'
import { sql } from 'kysely'
import { asStaff, type Trx } from '#db/client.ts'
import { allowedToStaff } from '#lib/access/capabilities.ts'
import type { Viewer } from '#lib/access/viewer.ts'
import type { Day } from '#lib/kernel/day.ts'
import type { FrozenCount } from './count-seen.ts'

/** The newest frozen counts of a day, of the schools whose meals the transaction's person may count. */
export async function frozenCountsIn(trx: Trx, day: Day): Promise<FrozenCount[]> {
  const { rows } = await sql<FrozenCount>`
    select count_id as "countId", school_id as "schoolId", school_name as "schoolName", service_name as "serviceName",
      kitchen_id as "kitchenId", kitchen_name as "kitchenName", version, frozen_at as "frozenAt", reason, seen_at as "seenAt",
      seen_by as "seenBy", is_own as "isOwn"
    from frozen_counts(${day}::date)`.execute(trx)
  return rows
}

/** The same for a person; null for who reads no counts. */
export const frozenCounts = async (viewer: Viewer, day: Day): Promise<FrozenCount[] | null> =>
  allowedToStaff(viewer, 'kitchen:read') || allowedToStaff(viewer, 'kitchen:read-own')
    ? asStaff(viewer, (trx) => frozenCountsIn(trx, day))
    : null
