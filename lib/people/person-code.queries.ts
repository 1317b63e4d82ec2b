import 'server-only'
import { sql } from 'kysely'
import type { Trx } from '#db/client.ts'

/** The person of a municipality whom a fiscal code opens to, be it the current or an earlier one; null when there is none. */
export async function personWithCode(trx: Trx, municipalityId: string, hash: Buffer): Promise<string | null> {
  const { rows } = await sql<{ id: string | null }>`
    select person_with_code(${municipalityId}::uuid, ${hash}) as id`.execute(trx)
  return rows[0]?.id ?? null
}

/** The person of a municipality whom the code of a citizen opens to; null when there is none. */
export async function personOfCitizen(
  trx: Trx,
  municipalityId: string,
  citizenId: string,
): Promise<string | null> {
  const { rows } = await sql<{ id: string | null }>`
    select person_with_code(${municipalityId}::uuid, c.fiscal_code_hash) as id
    from citizen c where c.id = ${citizenId}::uuid`.execute(trx)
  return rows[0]?.id ?? null
}

/**
 * Whether an invitation is for a citizen: their codes are one, or open to one person of the municipality. One statement, because
 * both codes may get another hash between two (decision 0085).
 */
export async function isInvited(
  trx: Trx,
  municipalityId: string,
  invitationId: string,
  citizenId: string,
): Promise<boolean> {
  const { rows } = await sql<{ isInvited: boolean }>`
    select coalesce(i.fiscal_code_hash = c.fiscal_code_hash or person_with_code(${municipalityId}::uuid, i.fiscal_code_hash)
      = person_with_code(${municipalityId}::uuid, c.fiscal_code_hash), false) as "isInvited"
    from delegate_invitation i join citizen c on c.id = ${citizenId}::uuid
    where i.municipality_id = ${municipalityId} and i.id = ${invitationId}::uuid`.execute(trx)
  return rows[0]?.isInvited ?? false
}
