import type { Socket } from 'node:net'
import pg from 'pg'

/** As many connections as the portal's own pool has. */
const POOL_SIZE = 6

/**
 * The pool of a floor. Its connections keep generic plans, as the portal's do: a floor that plans each statement again at
 * each request would flatter the portal fourfold.
 */
export function openFloorPool(url: string): pg.Pool {
  const pool = new pg.Pool({ connectionString: url, max: POOL_SIZE, pipeline: true } as pg.PoolConfig)
  pool.on('connect', (client) => void client.query('set plan_cache_mode = force_generic_plan'))
  return pool
}

const names = new Map<string, string>()

/** A prepared statement: parsed and planned once per connection. */
export function named(text: string, values: unknown[]): pg.QueryConfig {
  if (values.length === 0) return { text }
  const name = names.get(text) ?? `f${names.size}`
  names.set(text, name)
  return { name, text, values }
}

/** Sends statements of one connection in one write, as the portal does, and waits for their answers. */
export async function inOneWrite(
  pool: pg.Pool,
  statements: readonly pg.QueryConfig[],
): Promise<pg.QueryResult[]> {
  const client = await pool.connect()
  try {
    const { stream } = (client as unknown as { connection: { stream: Socket } }).connection
    stream.cork()
    const answers = statements.map((statement) => client.query(statement))
    process.nextTick(() => stream.uncork())
    return await Promise.all(answers)
  } finally {
    client.release()
  }
}
