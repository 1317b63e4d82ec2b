import 'server-only'
import type { Trx } from '#db/client.ts'
import { hashOfCode } from '#lib/identity/fiscal-code-hash.commands.ts'
import type { Day } from '#lib/kernel/day.ts'

/** What is written of an adult. */
export type NewPerson = {
  fiscalCode: string
  givenName: string
  familyName: string
  birthDay: Day | null
  email: string | null
  /** As `readPhone` writes it; the person has not proved it. */
  phone?: string | null
}

/** Writes a person down whom the municipality does not know. @returns the id */
export async function registerPerson(trx: Trx, municipalityId: string, person: NewPerson): Promise<string> {
  const { id } = await trx
    .insertInto('person')
    .values({
      municipality_id: municipalityId,
      fiscal_code: person.fiscalCode,
      fiscal_code_hash: await hashOfCode(trx, person.fiscalCode),
      given_name: person.givenName,
      family_name: person.familyName,
      birth_date: person.birthDay,
      email: person.email,
      phone: person.phone ?? null,
    })
    .returning('id')
    .executeTakeFirstOrThrow()
  return id
}
