import 'server-only'
import type { Trx } from '#db/client.ts'
import type { Day } from '#lib/kernel/day.ts'

/** What is written of a pupil. */
export type NewPupil = { givenName: string; familyName: string; fiscalCode: string; birthDay: Day }

/** Writes a pupil down in a household. @returns the id */
export async function addPupil(
  trx: Trx,
  municipalityId: string,
  householdId: string,
  pupil: NewPupil,
): Promise<string> {
  const { id } = await trx
    .insertInto('pupil')
    .values({
      municipality_id: municipalityId,
      household_id: householdId,
      given_name: pupil.givenName,
      family_name: pupil.familyName,
      fiscal_code: pupil.fiscalCode,
      birth_date: pupil.birthDay,
    })
    .returning('id')
    .executeTakeFirstOrThrow()
  return id
}

/** Opens the account of a household in a service unless it has one: with it the family can top up before the first meal. */
export const openAccount = (trx: Trx, municipalityId: string, serviceId: string, householdId: string) =>
  trx
    .insertInto('account')
    .values({
      municipality_id: municipalityId,
      kind: 'household',
      service_id: serviceId,
      household_id: householdId,
    })
    .onConflict((conflict) => conflict.doNothing())
    .execute()
