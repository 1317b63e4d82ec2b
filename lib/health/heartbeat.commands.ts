import 'server-only'
import { sql } from 'kysely'
import { database } from '#db/client.ts'

export type HeartbeatSource = 'web' | 'worker'

/**
 * Says that this process works now. Any number of processes that say it in a minute make one row. The minute is the
 * server's own: a clock that a test or a demonstration has moved tells nothing about whether the portal answers.
 */
export async function beat(source: HeartbeatSource): Promise<void> {
  await sql`insert into heartbeat (source, minute) values (${source}, date_trunc('minute', clock_timestamp()))
    on conflict do nothing`.execute(database())
}

/** Two months: for so long a person may ask what happened on a day. */
const KEPT_DAYS = 60

/** Forgets old heartbeats. @returns how many went */
export async function purgeHeartbeats(): Promise<number> {
  const { numDeletedRows } = await database()
    .deleteFrom('heartbeat')
    .where('minute', '<', sql<Date>`clock_timestamp() - make_interval(days => ${KEPT_DAYS})`)
    .executeTakeFirst()
  return Number(numDeletedRows)
}
