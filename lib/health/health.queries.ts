import 'server-only'
import { sql } from 'kysely'
import { database } from '#db/client.ts'

/** Whether the database answers the runtime role. Never throws: the caller needs an answer. */
export async function databaseAnswers(): Promise<boolean> {
  try {
    await sql`select app_now()`.execute(database())
    return true
  } catch {
    return false
  }
}
