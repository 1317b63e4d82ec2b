import 'server-only'
import { sql } from 'kysely'
import { asStaff } from '#db/client.ts'
import { readClock } from '#db/clock.ts'
import { allowedToStaff } from '#lib/access/capabilities.ts'
import type { Viewer } from '#lib/access/viewer.ts'
import { recordAudit } from '#lib/audit/audit.commands.ts'
import type { Day } from '#lib/kernel/day.ts'
import { ok, type Result, refused } from '#lib/kernel/result.ts'
import { frozenCountsIn } from './count-seen.queries.ts'
import { seenMark } from './count-seen.ts'

/**
 * A cook says to have seen the counts that stood on the page: these versions and no later one. Where one of them was replaced
 * meanwhile nothing is written, and the cook reads again.
 * @param asked.seen the mark of what stood on the page (`seenMark`)
 * @returns how many of them no cook had seen before
 */
export async function acknowledgeCounts(
  viewer: Viewer,
  { day, seen }: { day: Day; seen: string },
): Promise<Result<{ counts: number }>> {
  if (!allowedToStaff(viewer, 'kitchen:read-own')) return refused('request:not-found')
  return asStaff(viewer, async (trx) => {
    const { today } = await readClock(trx)
    if (day < today) return refused('request:not-found')
    const counts = (await frozenCountsIn(trx, day)).filter(({ isOwn }) => isOwn)
    if (seenMark(counts) !== seen) return refused('kitchens:count-changed')
    const ids = counts.map(({ countId }) => countId)
    const { rows } = await sql<{ counts: number }>`
      select acknowledge_counts(${day}::date, ${ids}::uuid[]) as counts`.execute(trx)
    const taken = rows[0]?.counts ?? 0
    if (taken > 0)
      await recordAudit(trx, viewer, {
        action: 'kitchens.count-seen',
        objectType: 'day',
        objectId: day,
        details: { counts: taken },
      })
    return ok({ counts: taken })
  })
}
