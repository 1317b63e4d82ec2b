import 'server-only'
import { sql } from 'kysely'
import type { Trx } from '#db/client.ts'
import type { Arrival } from './arrival.ts'

/** The newest that a page shows. */
const MOST = 100

/** Transfers that a municipality receives or has received, the newest first; or the one of an id. */
export async function arrivalsOf(trx: Trx, municipalityId: string, id: string | null): Promise<Arrival[]> {
  const { rows } = await sql<Omit<Arrival, 'content'> & { content: unknown }>`
    select a.id, m.id as "townId", m.name as "townName", a.last_day as last, a.state, a.arrived_at as "arrivedAt", a.content, a.decided_at as "decidedAt",
      p.full_name as "decidedBy", a.decided_by as "decidedById", a.household_id as "householdId", a.fingerprint, a.reason
    from arriving_transfer a
    join municipality m on m.id = a.from_municipality_id
    left join person p on p.municipality_id = ${municipalityId} and p.id = a.decided_by
    where a.municipality_id = ${municipalityId} and (${id}::uuid is null or a.id = ${id}::uuid)
    order by a.arrived_at desc, a.id desc limit ${MOST}`.execute(trx)
  return rows as Arrival[]
}

/** A transfer that this municipality receives, or has received. */
export const arrivalOf = async (trx: Trx, municipalityId: string, id: string): Promise<Arrival | null> =>
  (await arrivalsOf(trx, municipalityId, id))[0] ?? null
