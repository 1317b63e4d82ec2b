import { execFile } from 'node:child_process'
import path from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { promisify } from 'node:util'
import type pg from 'pg'
import { LOAD_SLUG } from '#db/load.ts'
import { withConnection } from '#scripts/lib/connection.ts'
import { ANY_PORT, type Bench, type Side, sideOn, startWorker } from '../bench.ts'
import { dropTowns, TOWN_SLUGS, townsDatabase } from '../towns.ts'
import { LEAD_SECONDS, stateOf, untilNothingIsDue } from './close.ts'

/** What one round of a duty takes where nothing is due. */
export type IdleRound = {
  duty: string
  transactions: number
  statements: number
  ms: number
  workerMs: number
  pgMs: number | null
}

export type TownsResult = {
  towns: number
  rounds: IdleRound[]
  /** Seconds from the instant at which the days of the large municipality and of some small ones were due to their counts. */
  counted: { days: number; smallDays: number; small: number; large: number }
}

const run = promisify(execFile)
/** So many small municipalities close at the moment of the large one. */
const CLOSING_TOWNS = 20
const POLL_MS = 50
const DEADLINE_MS = 15 * 60_000

async function idleRounds(bench: Bench, side: Side): Promise<IdleRound[]> {
  const script = path.join(import.meta.dirname, '..', 'idle-rounds.ts')
  const { stdout } = await run(
    process.execPath,
    ['--conditions=react-server', script, String(bench.postgresPid)],
    {
      cwd: side.root,
      env: { PATH: process.env.PATH, NODE_ENV: 'production', ...(await side.environment(ANY_PORT)) },
    },
  )
  return JSON.parse(stdout.slice(stdout.lastIndexOf('[{'))) as IdleRound[]
}

async function bringForward(client: pg.Client): Promise<{ large: string[]; small: string[] }> {
  const { rows } = await client.query<{ id: string; slug: string }>(
    `with chosen as (
       select d.municipality_id, d.id, m.slug from service_day d join municipality m on m.id = d.municipality_id
       where d.status = 'open' and (m.slug = $2 or m.id in (select id from municipality where slug like $3 order by slug desc limit $4))
         and d.day = (select max(o.day) from service_day o where o.municipality_id = d.municipality_id and o.status = 'open'))
     update service_day d set cutoff_at = now() + $1::interval, close_at = now() + $1::interval from chosen c
     where d.municipality_id = c.municipality_id and d.id = c.id returning d.id, c.slug`,
    [`${LEAD_SECONDS} seconds`, LOAD_SLUG, TOWN_SLUGS, CLOSING_TOWNS],
  )
  const of = (isLarge: boolean) =>
    rows.filter(({ slug }) => (slug === LOAD_SLUG) === isLarge).map(({ id }) => id)
  return { large: of(true), small: of(false) }
}

/** When the counts of the small municipalities were all there, and those of the large one. */
async function counted(bench: Bench, side: Side): Promise<TownsResult['counted']> {
  const worker = await startWorker(bench, side)
  return withConnection(side.ownerUrl, async (client) => {
    await untilNothingIsDue(client)
    const { large, small } = await bringForward(client)
    const deadline = performance.now() + DEADLINE_MS
    let smallAt: number | null = null
    while (performance.now() < deadline) {
      const ofSmall = await stateOf(client, small)
      if (ofSmall.counted === small.length) smallAt ??= ofSmall.seconds
      const ofLarge = await stateOf(client, large)
      if (smallAt !== null && ofLarge.counted === large.length) {
        await worker.stop()
        return { days: large.length, smallDays: small.length, small: smallAt, large: ofLarge.seconds }
      }
      await pause(POLL_MS)
    }
    throw new Error('the worker did not count the days within a quarter of an hour')
  })
}

/** Many small municipalities beside a large one: what the worker spends on nothing, and whether a small one waits. */
export async function measureTowns(bench: Bench): Promise<TownsResult> {
  const { towns } = bench.options
  console.log(`Preparo ${towns} Comuni…`)
  const side = sideOn(bench, 'towns', await townsDatabase(bench, towns))
  console.log('Misuro un giro a vuoto di ogni compito…')
  const rounds = await idleRounds(bench, side)
  console.log('Misuro quanto aspetta un Comune piccolo…')
  const result = { towns, rounds, counted: await counted(bench, side) }
  await dropTowns(bench)
  return result
}
