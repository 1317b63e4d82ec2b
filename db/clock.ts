import { type Kysely, sql } from 'kysely'
import type { Day } from '#lib/kernel/day.ts'
import type { DB } from './schema.ts'

export type Clock = { now: Date; today: Day }

/** The database's now and its day in Italy: the clock that decides. In a transaction it stands at the transaction's start. */
export async function readClock(db: Kysely<DB>): Promise<Clock> {
  const { rows } = await sql<Clock>`select app_now() as now, app_today() as today`.execute(db)
  return rows[0] as Clock
}
