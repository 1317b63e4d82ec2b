import { setTimeout as pause } from 'node:timers/promises'
import { type Kysely, sql } from 'kysely'
import type { DB } from '#db/schema.ts'
import { testDatabase } from './database.ts'

const LONGEST_MS = 5_000

/** Until some statement of this file's database waits for a lock; a test that nobody waits in goes on, and fails by what it finds. */
async function untilSomebodyWaits(owner: Kysely<DB>): Promise<void> {
  for (const from = performance.now(); performance.now() - from < LONGEST_MS; await pause(20)) {
    const { rows } = await sql<{ waiting: boolean }>`
      select exists (select from pg_locks l join pg_stat_activity a using (pid)
        where not l.granted and a.datname = current_database()) as waiting`.execute(owner)
    if (rows[0]?.waiting) return
  }
}

/**
 * Closes a day as the worker does, its row taken exclusively, and lets go of it only once `work` stands before it.
 * @returns what came of `work`
 */
export async function whileClosing<T>(serviceDayId: string, work: () => Promise<T>): Promise<T> {
  const { owner } = await testDatabase()
  const answers: Promise<T>[] = []
  await owner.transaction().execute(async (trx) => {
    const day = () => trx.selectFrom('service_day').select('id').where('id', '=', serviceDayId)
    await day().forUpdate().executeTakeFirstOrThrow()
    await trx
      .updateTable('service_day')
      .set({ status: 'closed', closed_at: sql<Date>`app_now()` })
      .where('id', '=', serviceDayId)
      .execute()
    answers.push(work())
    await untilSomebodyWaits(owner)
  })
  return answers[0] as Promise<T>
}
