import 'server-only'
import { sql } from 'kysely'
import { asStaff } from '#db/client.ts'
import { allowedToStaff } from '#lib/access/capabilities.ts'
import type { Viewer } from '#lib/access/viewer.ts'
import { isUuid } from '#lib/kernel/uuid.ts'
import type { OfficeBalance } from './balance.ts'

/**
 * The balances of a household, each with the sums that it is made of; null for who reads no money. The caller has read the
 * household itself, which writes the reading down.
 */
export async function balancesForOffice(
  viewer: Viewer,
  householdId: string,
): Promise<OfficeBalance[] | null> {
  if (!allowedToStaff(viewer, 'money:read') || !isUuid(householdId)) return null
  const { municipalityId } = viewer
  return asStaff(viewer, async (trx) => {
    const { rows } = await sql<OfficeBalance>`
      select v.name as "serviceName", a.balance_cents as "balanceCents", a.updated_at as "updatedAt",
        coalesce((select json_agg(json_build_object('kind', s.kind, 'cents', s.cents, 'entries', s.entries))
          from (select e.kind, sum(e.amount_cents)::int as cents, count(*)::int as entries from entry e
            where e.municipality_id = ${municipalityId} and e.account_id = a.id group by e.kind) s), '[]') as parts
      from account a join service v on v.municipality_id = ${municipalityId} and v.id = a.service_id
      where a.municipality_id = ${municipalityId} and a.household_id = ${householdId}::uuid
      order by v.name`.execute(trx)
    return rows
  })
}
