import 'server-only'
import { sql } from 'kysely'
import { asStaff, type Trx } from '#db/client.ts'
import type { DB } from '#db/schema.ts'
import { type Refused, type Result, refused } from '#lib/kernel/result.ts'
import { isUuid } from '#lib/kernel/uuid.ts'
import { allowedToStaff, type Capability } from './capabilities.ts'
import type { Officer } from './viewer.ts'

const LOCKS = {
  /** Waits also for what refers to the row. */
  whole: sql`for update`,
  /** Leaves alone what only refers to the row. */
  values: sql`for no key update`,
  /** For a preview, which decides nothing. */
  none: sql``,
}

/** The row that an act of the office is about. */
export type OfficeRow = { table: keyof DB; id: string; lock?: keyof typeof LOCKS }

/**
 * One transaction of the office on one row, which stays locked to its end: who may, what is there, then `work`. `read` runs
 * when the lock is held, in a statement of its own: it sees all that the act before this one wrote.
 * @param missing the answer where there is no such row, or none for this viewer
 */
export async function lockedOffice<Found, T>(
  viewer: Officer,
  capability: Capability,
  { table, id, lock = 'whole' }: OfficeRow,
  read: (trx: Trx) => Promise<Found | null>,
  work: (trx: Trx, found: Found) => Promise<Result<T>>,
  missing: Refused = refused('request:not-found'),
): Promise<Result<T>> {
  if (!allowedToStaff(viewer, capability) || !isUuid(id)) return refused('request:not-found')
  return asStaff(viewer, async (trx) => {
    if (lock !== 'none')
      await sql`select from ${sql.table(table)}
        where municipality_id = ${viewer.municipalityId} and id = ${id}::uuid ${LOCKS[lock]}`.execute(trx)
    const found = await read(trx)
    return found ? work(trx, found) : missing
  })
}
