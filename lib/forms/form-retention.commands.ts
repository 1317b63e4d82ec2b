import 'server-only'
import { sql } from 'kysely'
import { database } from '#db/client.ts'

const BATCH = 1_000

/**
 * Deletes drafts that were not changed for 90 days, documents 24 months and answers five years after the decision; the
 * database alone decides what is old enough.
 * @returns how many rows were touched
 */
export async function forgetForms(): Promise<number> {
  const { rows } = await sql<{ gone: number }>`select forget_forms(${BATCH}) as gone`.execute(database())
  return rows[0]?.gone ?? 0
}
