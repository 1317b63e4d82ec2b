import 'server-only'
import { sql } from 'kysely'
import { asStaff } from '#db/client.ts'
import { allowedToStaff } from '#lib/access/capabilities.ts'
import type { Viewer } from '#lib/access/viewer.ts'
import type { Day } from '#lib/kernel/day.ts'
import { countsOfDay } from '#lib/kitchen/count.queries.ts'
import { dayInShort, type OfficeDays } from './office-day.ts'

/** Today's counts in short where there are meals, and those of the next day that has some. Null for who reads no counts. */
export async function officeDays(viewer: Viewer): Promise<OfficeDays | null> {
  if (!allowedToStaff(viewer, 'kitchen:read')) return null
  const days = await asStaff(viewer, async (trx) => {
    const { rows } = await sql<{ day: Day }>`
      select d.day from service_day d
      where d.municipality_id = ${viewer.municipalityId} and d.day >= app_today() and d.status <> 'suspended'
      group by d.day order by d.day limit 2`.execute(trx)
    return rows.map(({ day }) => day)
  })
  const todays = await countsOfDay(viewer, null)
  if (!todays) return null
  const { today, now } = todays
  const counts = await Promise.all(
    days.map(async (day) => {
      const found = day === today ? todays : await countsOfDay(viewer, day)
      return dayInShort(day, found?.schools ?? [])
    }),
  )
  return { today, now, days: days[0] === today ? counts : counts.slice(0, 1) }
}
