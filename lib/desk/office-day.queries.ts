import 'server-only'
import { sql } from 'kysely'
import { asStaff, type Trx } from '#db/client.ts'
import { readClock } from '#db/clock.ts'
import { allowedToStaff } from '#lib/access/capabilities.ts'
import type { Viewer } from '#lib/access/viewer.ts'
import { addDays, type Day } from '#lib/kernel/day.ts'
import { dayFigures } from '#lib/kitchen/count.queries.ts'
import { dayInShort, type OfficeDays } from './office-day.ts'

/** Today's counts in short where there are meals, and those of the next day that has some. Null for who reads no counts. */
export async function officeDays(viewer: Viewer): Promise<OfficeDays | null> {
  if (!allowedToStaff(viewer, 'kitchen:read')) return null
  const { today, now, shown } = await asStaff(viewer, async (trx) => {
    const clock = await readClock(trx)
    const first = await nextDay(trx, viewer.municipalityId, clock.today)
    const second = first === clock.today ? await nextDay(trx, viewer.municipalityId, addDays(first, 1)) : null
    return { ...clock, shown: [first, second].filter((day) => day !== null) }
  })
  const counts = await Promise.all(
    shown.map(async (day) => {
      const found = await dayFigures(viewer, day)
      return dayInShort(day, found?.schools ?? [], found?.figures ?? [])
    }),
  )
  return { today, now, days: counts }
}

/** The first day from one on on which some school has meals. Of a year of many schools only that day is read. */
async function nextDay(trx: Trx, municipalityId: string, from: Day): Promise<Day | null> {
  const { rows } = await sql<{ day: Day }>`
    select d.day from service_day d
    where d.municipality_id = ${municipalityId} and d.day >= ${from}::date and d.status <> 'suspended'
    order by d.day limit 1`.execute(trx)
  return rows[0]?.day ?? null
}
