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
    select coalesce(greatest(
        (select max(day) from service_day where municipality_id = ${municipalityId} and ${ofSchools} and status = 'closed'),
        (select max(day) from (select day from service_day where municipality_id = ${municipalityId} and ${ofSchools}
          and status = 'open' and cutoff_at <= app_now() offset 0) past)) + 1, app_today()) as day`.execute(
    trx,
  )
  return (rows[0] as { day: Day }).day
}

type KitchenDay = { serviceId: string; schoolId: string }

/**
 * The first open day (`firstOpenDay`) of a service in each of many schools, in their order: two statements for any number.
 * @param options.lock holds the next days of all of them open
 */
export async function firstOpenDays(
  trx: Trx,
  municipalityId: string,
  places: readonly KitchenDay[],
  { lock }: { lock: boolean },
): Promise<Day[]> {
  const keyOf = ({ serviceId, schoolId }: KitchenDay) => `${serviceId} ${schoolId}`
  const asked = [...new Map(places.map((one) => [keyOf(one), one])).values()]
  const wanted = sql`unnest(${asked.map(({ serviceId }) => serviceId)}::uuid[], ${asked.map(({ schoolId }) => schoolId)}::uuid[])
    as k (service_id, school_id)`
  if (lock) {
    await sql`select d.id from service_day d join ${wanted} on k.service_id = d.service_id and k.school_id = d.school_id
      where d.municipality_id = ${municipalityId} and d.day between app_today() and app_today() + 7 and d.status = 'open'
      order by d.id for share of d`.execute(trx)
  }
  const { rows } = await sql<KitchenDay & { day: Day }>`
    select k.service_id as "serviceId", k.school_id as "schoolId", coalesce(max(d.day) + 1, app_today()) as day from ${wanted}
    left join service_day d on d.municipality_id = ${municipalityId} and d.service_id = k.service_id and d.school_id = k.school_id
      and d.day >= app_today() and (d.status = 'closed' or d.status = 'open' and d.cutoff_at <= app_now())
    group by k.service_id, k.school_id`.execute(trx)
  const found = new Map(rows.map((row) => [keyOf(row), row.day]))
  return places.map((place) => found.get(keyOf(place)) as Day)
}
