import { type RawBuilder, sql } from 'kysely'
import { database } from './client.ts'

/**
 * The municipalities in which a duty of the worker has something to do now, asked in one statement.
 * @param due a call of one of the functions in db/functions/duties.sql
 */
export async function municipalitiesWith(due: RawBuilder<unknown>): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`select id from ${due} as due (id)`.execute(database())
  return rows.map(({ id }) => id)
}
