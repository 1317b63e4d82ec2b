import 'server-only'
import { sql } from 'kysely'
import { database } from '#db/client.ts'
import { WORKER_LATE_SECONDS } from './health.ts'

/** The last minute of the worker, when it was too long ago; null while it works, and where none ever did. */
export async function workerSilentSince(): Promise<Date | null> {
  const { rows } = await sql<{ since: Date }>`
    select max(minute) as since from heartbeat where source = 'worker'
    having max(minute) < clock_timestamp() - make_interval(secs => ${WORKER_LATE_SECONDS})`.execute(
    database(),
  )
  return rows[0]?.since ?? null
}
