import 'server-only'
import { sql } from 'kysely'
import type { Trx } from '#db/client.ts'
import { householdsToldApart } from '#lib/access/told-apart.queries.ts'
import type { Cents } from '#lib/kernel/money.ts'

/** The account of a household with a service. */
export type HouseholdAccount = {
  id: string
  householdId: string
  /** What tells it from the other households that were asked for. */
  householdName: string
  serviceId: string
  serviceName: string
  /** Meals are served, and the pupils were not merged into another household: there is something to top up for. */
  isServed: boolean
  balanceCents: Cents
}

/** The accounts of some households, by service and household. */
export async function accountsOfHouseholds(
  trx: Trx,
  municipalityId: string,
  households: readonly string[],
): Promise<HouseholdAccount[]> {
  const [accounts, names] = await Promise.all([
    readAccounts(trx, municipalityId, households),
    householdsToldApart(trx, municipalityId, households),
  ])
  return accounts.map((account) => ({
    ...account,
    householdName: names.get(account.householdId) ?? account.householdName,
  }))
}

/** SQL for "something may be paid into this account", of a statement with the account `a` and its service `s`. */
export const isServed = (municipalityId: string) =>
  sql<boolean>`(s.active and (a.balance_cents < 0 or not is_merged_away(${municipalityId}::uuid, a.household_id)))`

const readAccounts = (
  trx: Trx,
  municipalityId: string,
  households: readonly string[],
): Promise<HouseholdAccount[]> =>
  trx
    .selectFrom('account as a')
    .innerJoin('service as s', (join) =>
      join.on('s.municipality_id', '=', municipalityId).onRef('s.id', '=', 'a.service_id'),
    )
    .innerJoin('household as h', (join) =>
      join.on('h.municipality_id', '=', municipalityId).onRef('h.id', '=', 'a.household_id'),
    )
    .select(['a.id', 'h.id as householdId', 'h.name as householdName', 'a.balance_cents as balanceCents'])
    .select(['s.id as serviceId', 's.name as serviceName'])
    .select(isServed(municipalityId).as('isServed'))
    .where('a.municipality_id', '=', municipalityId)
    .where('a.kind', '=', 'household')
    .where('a.household_id', 'in', [...households])
    .orderBy('s.name')
    .orderBy('h.name')
    .orderBy('a.id')
    .execute()
