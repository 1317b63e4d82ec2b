/** What the database says of the installation; `writes` false: it did not take a write, or did not answer. */
export type HealthFacts =
  | { writes: true; workerSeconds: number | null; missingMigrations: number }
  | { writes: false; why: string }

/** Each check by its name. */
export type Health = { database: boolean; schema: boolean; worker: boolean }

/** The worker writes a heartbeat three times a minute, and a heartbeat is the minute in which it was written. */
export const WORKER_LATE_SECONDS = 180

/** The checks, from what is known; a database that takes no write says nothing of the other two. */
export function healthOf(facts: HealthFacts): Health {
  if (!facts.writes) return { database: false, schema: false, worker: false }
  return {
    database: true,
    schema: facts.missingMigrations === 0,
    worker: facts.workerSeconds !== null && facts.workerSeconds < WORKER_LATE_SECONDS,
  }
}

/** Whether this process can serve people: without the worker it can, and families still cancel. */
export const canServe = ({ database, schema }: Health): boolean => database && schema
