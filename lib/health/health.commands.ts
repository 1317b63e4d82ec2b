import 'server-only'
import { readdirSync } from 'node:fs'
import path from 'node:path'
import { sql } from 'kysely'
import { database } from '#db/client.ts'
import { log } from '#lib/kernel/log.ts'
import { type Health, type HealthFacts, healthOf } from './health.ts'

/** However often it is asked, the database is asked once in so many milliseconds by each process. */
const KEPT_MS = 1_000

let needed: string[] | undefined

/** The migrations that this version needs: read once, and not at each question. */
function migrations(): string[] {
  needed ??= readdirSync(path.join(process.cwd(), 'db', 'migrations')).map((file) =>
    path.basename(file, '.sql'),
  )
  return needed
}

let last: { until: number; asked: Promise<Health> } | undefined
let said = 'ok'

/**
 * Whether the installation works: writes a row, reads how old the worker's last heartbeat is and which migrations are missing.
 * Never throws: the caller needs an answer.
 */
export function checkHealth(): Promise<Health> {
  const now = performance.now()
  if (last && now < last.until) return last.asked
  last = { until: now + KEPT_MS, asked: ask() }
  return last.asked
}

async function ask(): Promise<Health> {
  const facts = await factsNow()
  const health = healthOf(facts)
  const words = Object.entries(health)
    .filter(([, isWell]) => !isWell)
    .map(([name]) => name)
    .join(', ')
  // A line when it changes: who asks twice a second fills no log.
  if ((words || 'ok') !== said) {
    said = words || 'ok'
    if (words) log().error({ failing: words, ...facts }, 'health: checks failed')
    else log().info('health: all checks pass again')
  }
  return health
}

async function factsNow(): Promise<HealthFacts> {
  try {
    const { rows } = await sql<{ worker_seconds: number | null; missing_migrations: number }>`
      select worker_seconds, missing_migrations from health_of(${migrations()}::text[])`.execute(database())
    const [row] = rows
    return {
      writes: true,
      workerSeconds: row?.worker_seconds ?? null,
      missingMigrations: row?.missing_migrations ?? 0,
    }
  } catch (error) {
    return { writes: false, why: (error as Error).message }
  }
}
