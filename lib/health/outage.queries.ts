import 'server-only'
import { sql } from 'kysely'
import { database } from '#db/client.ts'
import { type Day, endOfDay, instantInRome } from '#lib/kernel/day.ts'
import { shortLived } from '#lib/kernel/ttl-cache.ts'
import { type Outage, outagesIn } from './outage.ts'

/** Families are asleep before, and the site is renewed at night. */
const DAY_BEGINS = '06:00'

/** The outages of a day, read now. */
export async function readOutages(day: Day): Promise<Outage[]> {
  const within = { from: instantInRome(day, DAY_BEGINS), to: endOfDay(day) }
  const { rows } = await sql<{ minute: Date }>`
    select minute from heartbeat where source = 'web'
      and minute >= coalesce((select max(minute) from heartbeat where source = 'web' and minute < ${within.from}), ${within.from})
      and minute <= coalesce((select min(minute) from heartbeat where source = 'web' and minute >= ${within.to}), ${within.to})
    order by minute`.execute(database())
  return outagesIn(
    rows.map(({ minute }) => minute),
    within,
  )
}

const CACHED_SECONDS = 20

/**
 * The outages of a day, for pages that many families open in the same minutes: one process reads them three times a minute,
 * for any number of people.
 */
export const outagesOn: (day: Day) => Promise<Outage[] | null> = shortLived(CACHED_SECONDS, readOutages)
