import { setTimeout as pause } from 'node:timers/promises'
import type pg from 'pg'
import { withConnection } from '#scripts/lib/connection.ts'
import { type Bench, type Side, startWorker } from '../bench.ts'
import { cpuOfTrees } from '../cpu.ts'

/** Seconds from the instant at which the days were due. */
export type Closed = {
  arm: string
  days: number
  charges: number
  counted: number
  charged: number
  /** Processor time of PostgreSQL and of the worker. */
  pgSeconds: number | null
  workerSeconds: number | null
}
export type CloseResult = Closed[]

/** By then the worker has seen that nothing is due. */
export const LEAD_SECONDS = 5
const POLL_MS = 100
const DEADLINE_MS = 15 * 60_000

type State = { seconds: number; counted: number }

/** Brings the last planned day of every school to its hour, a few seconds from now. @returns those days */
async function bringForward(client: pg.Client): Promise<string[]> {
  const { rows } = await client.query<{ id: string }>(
    `update service_day set cutoff_at = now() + $1::interval, close_at = now() + $1::interval
     where day = (select max(day) from service_day where status = 'open') and status = 'open' returning id`,
    [`${LEAD_SECONDS} seconds`],
  )
  return rows.map(({ id }) => id)
}

/** Seconds since the days were due, and how many of them have their count. */
export async function stateOf(client: pg.Client, days: readonly string[]): Promise<State> {
  const { rows } = await client.query<State>(
    `select extract(epoch from clock_timestamp() - max(d.close_at))::float8 as seconds,
       count(*) filter (where exists (select from kitchen_count k
         where k.municipality_id = d.municipality_id and k.service_day_id = d.id))::int as counted
     from service_day d where d.id = any($1)`,
    [days],
  )
  return rows[0] as State
}

/** Seconds since the days were due, and how many of them have their charges. */
async function chargedOf(client: pg.Client, days: readonly string[]) {
  const { rows } = await client.query<{ seconds: number; charged: number }>(
    `select extract(epoch from clock_timestamp() - max(d.close_at))::float8 as seconds,
       count(*) filter (where exists (select from entry e where e.municipality_id = d.municipality_id
         and e.service_day_id = d.id and e.kind = 'meals' and e.pupil_id is not null))::int as charged
     from service_day d where d.id = any($1)`,
    [days],
  )
  return rows[0] as { seconds: number; charged: number }
}

/** Days that came due since the database was seeded are closed and charged first. */
export async function untilNothingIsDue(client: pg.Client): Promise<void> {
  // A version that is compared may charge a day as it closes it.
  const { rows: tables } = await client.query<{ charges: string | null }>(
    `select to_regclass('meal_charge') as charges`,
  )
  const charges = tables[0]?.charges ? 'union all select from meal_charge where due_at is not null' : ''
  await until(async () => {
    const { rowCount } = await client.query(
      `select from (select from service_day where status = 'open' and close_at <= now() ${charges}) due limit 1`,
    )
    return rowCount === 0
  })
}

async function until(isThere: () => Promise<boolean>): Promise<void> {
  const deadline = performance.now() + DEADLINE_MS
  while (performance.now() < deadline) {
    if (await isThere()) return
    await pause(POLL_MS)
  }
  throw new Error('the worker did not close the days within a quarter of an hour')
}

/** The charges are looked for once the counts are there: the look costs what the charging would need. */
async function untilCharged(client: pg.Client, days: readonly string[]): Promise<[number, number]> {
  const seconds = { counted: 0, charged: 0 }
  await until(async () => {
    const state = await stateOf(client, days)
    seconds.counted = state.seconds
    return state.counted === days.length
  })
  await until(async () => {
    const state = await chargedOf(client, days)
    seconds.charged = state.seconds
    return state.charged === days.length
  })
  return [seconds.counted, seconds.charged]
}

async function closeOn(bench: Bench, side: Side): Promise<Closed> {
  const worker = await startWorker(bench, side)
  return withConnection(side.ownerUrl, async (client) => {
    await untilNothingIsDue(client)
    const days = await bringForward(client)
    const roots = [bench.postgresPid, worker.pid]
    const before = cpuOfTrees(roots)
    const [counted, charged] = await untilCharged(client, days)
    const after = cpuOfTrees(roots)
    await worker.stop()
    console.log(
      `${side.name}: ${days.length} conteggi dopo ${counted.toFixed(2)} s, addebiti dopo ${charged.toFixed(2)} s`,
    )
    const { rows } = await client.query<{ n: number }>(
      `select count(*)::int as n from entry where service_day_id = any($1) and kind = 'meals' and pupil_id is not null`,
      [days],
    )
    const seconds = (index: number) =>
      before && after ? ((after[index] ?? 0) - (before[index] ?? 0)) / 1_000 : null
    return {
      arm: side.name,
      days: days.length,
      charges: rows[0]?.n ?? 0,
      counted,
      charged,
      pgSeconds: seconds(0),
      workerSeconds: seconds(1),
    }
  })
}

/** The close of one day of every school, by the worker as it runs in service: when the counts are there, and the charges. */
export async function measureClose(bench: Bench): Promise<CloseResult> {
  console.log('Misuro la chiusura di un giorno in tutte le scuole…')
  const sides = bench.against ? [bench.here, bench.against] : [bench.here]
  const results: CloseResult = []
  for (const side of sides) results.push(await closeOn(bench, side))
  return results
}
