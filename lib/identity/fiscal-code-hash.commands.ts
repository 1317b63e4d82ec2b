import 'server-only'
import { sql } from 'kysely'
import type { Trx } from '#db/client.ts'
import { hashKeys } from '#lib/kernel/env.ts'
import { fiscalCodeHashes } from './fiscal-code-hash.ts'

/**
 * The hash under which a fiscal code is looked up and written in this transaction. With one key there is one; while the key is
 * replaced (decision 0085) the database says which, and no other transaction changes it until this one ends.
 */
export async function hashOfCode(trx: Trx, code: string): Promise<Buffer> {
  const hashes = fiscalCodeHashes(code, hashKeys())
  if (hashes.length === 1) return hashes[0]
  const { rows } = await sql<{ hash: Buffer }>`select hash_of_code(${hashes}::bytea[]) as hash`.execute(trx)
  return rows[0]?.hash ?? hashes[0]
}
