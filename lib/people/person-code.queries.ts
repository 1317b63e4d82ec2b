import 'server-only'
import { sql } from 'kysely'
import type { Trx } from '#db/client.ts'

/** The person of a municipality whom a fiscal code opens to, be it the current or an earlier one; null when there is none. */
export async function personWithCode(trx: Trx, municipalityId: string, hash: Buffer): Promise<string | null> {
  const { rows } = await sql<{ id: string | null }>`
    select person_with_code(${municipalityId}::uuid, ${hash}) as id`.execute(trx)
  return rows[0]?.id ?? null
}

/** Whether two codes are one, or open to one person of the municipality. */
export async function isSamePerson(
  trx: Trx,
  municipalityId: string,
  code: Buffer,
  other: Buffer,
): Promise<boolean> {
  if (code.equals(other)) return true
  const { rows } = await sql<{ isOne: boolean }>`
    select coalesce(person_with_code(${municipalityId}::uuid, ${code})
      = person_with_code(${municipalityId}::uuid, ${other}), false) as "isOne"`.execute(trx)
  return rows[0]?.isOne ?? false
}
