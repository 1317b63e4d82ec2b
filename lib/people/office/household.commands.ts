import 'server-only'
import { sql } from 'kysely'
import type { Trx } from '#db/client.ts'
import type { Day } from '#lib/kernel/day.ts'

/** Makes households. An id may be chosen before. @returns the ids, in the order in which the database wrote them */
export async function addHouseholds(
  trx: Trx,
  municipalityId: string,
  households: readonly { name: string; id?: string }[],
): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    insert into household (municipality_id, id, name)
    select ${municipalityId}::uuid, coalesce(n.id, uuidv7()), n.name
    from jsonb_to_recordset(${JSON.stringify(households)}::jsonb) as n(id uuid, name text)
    returning id`.execute(trx)
  return rows.map(({ id }) => id)
}

/** A role that the office gives from today on. `to`: its last day; null: while it lasts. */
export type GivenRole = {
  householdId: string
  personId: string
  role: 'holder' | 'delegate'
  to?: Day | null
}

/** Gives roles in households. @returns the ids of the roles */
export async function giveRoles(
  trx: Trx,
  { municipalityId, personId }: { municipalityId: string; personId: string },
  roles: readonly GivenRole[],
): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    insert into household_member (municipality_id, household_id, person_id, role, valid_from, valid_to, given_by)
    select ${municipalityId}::uuid, n."householdId", n."personId", n.role, app_today(), n."to", ${personId}::uuid
    from jsonb_to_recordset(${JSON.stringify(roles)}::jsonb) as n("householdId" uuid, "personId" uuid, role text, "to" date)
    returning id`.execute(trx)
  return rows.map(({ id }) => id)
}

/** Ends roles in households at this instant. */
export async function endRoles(trx: Trx, municipalityId: string, ids: readonly string[]): Promise<void> {
  await sql`update household_member set ended_at = app_now()
    where municipality_id = ${municipalityId} and id = any(${[...ids]}::uuid[]) and ended_at is null`.execute(
    trx,
  )
}
