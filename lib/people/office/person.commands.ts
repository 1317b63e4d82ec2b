import 'server-only'
import { sql } from 'kysely'
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

/** Writes people down whom the municipality does not know. An id may be chosen before. @returns the ids, in their order */
export async function registerPeople(
  trx: Trx,
  municipalityId: string,
  people: readonly (NewPerson & { id?: string })[],
): Promise<string[]> {
  const hashes = await Promise.all(people.map(({ fiscalCode }) => hashOfCode(trx, fiscalCode)))
  const rows = people.map((person, at) => ({ ...person, hash: (hashes[at] as Buffer).toString('hex') }))
  const { rows: added } = await sql<{ id: string; code: string }>`
    insert into person (municipality_id, id, fiscal_code, fiscal_code_hash, given_name, family_name, birth_date, email, phone)
    select ${municipalityId}::uuid, coalesce(n.id, uuidv7()), n."fiscalCode", decode(n.hash, 'hex'), n."givenName", n."familyName",
      n."birthDay", n.email, n.phone
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as n(id uuid, "fiscalCode" text, hash text, "givenName" text,
      "familyName" text, "birthDay" date, email text, phone text)
    returning id, fiscal_code as code`.execute(trx)
  const idOf = new Map(added.map(({ id, code }) => [code, id]))
  return people.map(({ fiscalCode }) => idOf.get(fiscalCode) as string)
}

/** Writes a person down whom the municipality does not know. @returns the id */
export const registerPerson = async (trx: Trx, municipalityId: string, person: NewPerson): Promise<string> =>
  (await registerPeople(trx, municipalityId, [person]))[0] as string
