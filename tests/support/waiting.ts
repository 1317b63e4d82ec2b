import { setTimeout as pause } from 'node:timers/promises'
import { type Kysely, sql } from 'kysely'
import type { Trx } from '#db/client.ts'
import type { DB } from '#db/schema.ts'
import { testDatabase } from './database.ts'

const LONGEST_MS = 5_000
const A_SECOND_MS = 1_000
const BETWEEN_MS = 100

/**
 * What is answered as soon as it is right, and a second from now at the latest: the answer asked for then is the last,
 * right or not.
 */
export async function withinASecond<T>(ask: () => Promise<T>, isRight: (answer: T) => boolean): Promise<T> {
  const end = performance.now() + A_SECOND_MS
  for (;;) {
    const isLast = performance.now() >= end
    const answer = await ask()
    if (isLast || isRight(answer)) return answer
    await pause(BETWEEN_MS)
  }
}

/** Until some statement of this file's database waits for a lock; a test in which no statement waits goes on, and fails by what it finds. */
async function untilSomebodyWaits(owner: Kysely<DB>): Promise<void> {
  for (const from = performance.now(); performance.now() - from < LONGEST_MS; await pause(20)) {
    const { rows } = await sql<{ waiting: boolean }>`
      select exists (select from pg_locks l join pg_stat_activity a using (pid)
        where not l.granted and a.datname = current_database()) as waiting`.execute(owner)
    if (rows[0]?.waiting) return
  }
}

/**
 * Holds a lock until `work` stands before it, does `meanwhile` in the same transaction and lets go.
 * @returns what came of `work`
 */
export async function whileHolding<T>(
  lock: (trx: Trx) => Promise<unknown>,
  work: () => Promise<T>,
  meanwhile: (trx: Trx) => Promise<unknown>,
): Promise<T> {
  const { owner } = await testDatabase()
  const answers: Promise<T>[] = []
  await owner.transaction().execute(async (trx) => {
    await lock(trx)
    answers.push(work())
    await untilSomebodyWaits(owner)
    await meanwhile(trx)
  })
  return answers[0] as Promise<T>
}

/** Closes a day as the worker does, its row taken exclusively, while `work` stands before it. */
export const whileClosing = <T>(serviceDayId: string, work: () => Promise<T>): Promise<T> =>
  whileHolding(
    (trx) =>
      trx
        .updateTable('service_day')
        .set({ status: 'closed', closed_at: sql<Date>`app_now()` })
        .where('id', '=', serviceDayId)
        .execute(),
    work,
    async () => undefined,
  )
