import 'server-only'
import { sql } from 'kysely'
import type { Trx } from '#db/client.ts'
import type { Day } from '#lib/kernel/day.ts'

/** What is written of a pupil. `fiscalCode`: null where there is none yet. */
export type NewPupil = { givenName: string; familyName: string; fiscalCode: string | null; birthDay: Day }

/** Writes pupils down, each in a household. An id may be chosen before. @returns the ids, in their order */
export async function addPupils(
  trx: Trx,
  municipalityId: string,
  pupils: readonly (NewPupil & { householdId: string; id?: string })[],
): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    with n as materialized (
      select g.at, coalesce(g.id, uuidv7()) as id, g."householdId", g."givenName", g."familyName", g."fiscalCode", g."birthDay"
      from rows from (jsonb_to_recordset(${JSON.stringify(pupils)}::jsonb) as (id uuid, "householdId" uuid, "givenName" text,
        "familyName" text, "fiscalCode" text, "birthDay" date))
        with ordinality g (id, "householdId", "givenName", "familyName", "fiscalCode", "birthDay", at)
    ), written as (
      insert into pupil (municipality_id, id, household_id, given_name, family_name, fiscal_code, birth_date)
      select ${municipalityId}::uuid, n.id, n."householdId", n."givenName", n."familyName", n."fiscalCode", n."birthDay" from n)
    select n.id from n order by n.at`.execute(trx)
  return rows.map(({ id }) => id)
}

/** Writes a pupil down in a household. @returns the id */
export const addPupil = async (
  trx: Trx,
  municipalityId: string,
  householdId: string,
  pupil: NewPupil,
): Promise<string> => {
  const { givenName, familyName, fiscalCode, birthDay } = pupil
  const row = { givenName, familyName, fiscalCode, birthDay, householdId }
  return (await addPupils(trx, municipalityId, [row]))[0] as string
}

/** Opens the accounts of households in services unless they have them. @returns the ids of those that were opened */
export async function openAccounts(
  trx: Trx,
  municipalityId: string,
  wanted: readonly { serviceId: string; householdId: string }[],
): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    insert into account (municipality_id, kind, service_id, household_id)
    select distinct ${municipalityId}::uuid, 'household', n."serviceId", n."householdId"
    from jsonb_to_recordset(${JSON.stringify(wanted)}::jsonb) as n("serviceId" uuid, "householdId" uuid)
    on conflict do nothing returning id`.execute(trx)
  return rows.map(({ id }) => id)
}

/** Opens the account of a household in a service unless it has one: with it the family can top up before the first meal. */
export const openAccount = async (
  trx: Trx,
  municipalityId: string,
  serviceId: string,
  householdId: string,
): Promise<void> => {
  await openAccounts(trx, municipalityId, [{ serviceId, householdId }])
}
