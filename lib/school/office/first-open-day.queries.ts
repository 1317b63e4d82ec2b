import 'server-only'
import { sql } from 'kysely'
import type { Trx } from '#db/client.ts'
import type { Day } from '#lib/kernel/day.ts'

/**
 * The first day that no kitchen has counted, in any of these schools: after the last closed or past its cutoff, today at
 * the earliest. What changes a count or a price may begin here.
 * @param schools ids; null means every school of the service
 * @param options.lock holds the next days open against the closing: what is decided now holds for them whole
 */
export async function firstOpenDay(
  trx: Trx,
  municipalityId: string,
  serviceId: string,
  schools: readonly string[] | null,
  { lock }: { lock: boolean },
): Promise<Day> {
  const there = schools === null ? sql`` : sql`and school_id = any(${[...schools]}::uuid[])`
  const ofSchools = sql`service_id = ${serviceId} ${there} and day >= app_today()`
  if (lock) {
    await sql`select id from service_day where municipality_id = ${municipalityId} and ${ofSchools}
       and day <= app_today() + 7 and status = 'open'
      order by id for share`.execute(trx)
  }
  const { rows } = await sql<{ day: Day }>`
    select coalesce(max(day) + 1, app_today()) as day from service_day
    where municipality_id = ${municipalityId} and ${ofSchools}
      and (status = 'closed' or status = 'open' and cutoff_at <= app_now())`.execute(trx)
  return (rows[0] as { day: Day }).day
}
