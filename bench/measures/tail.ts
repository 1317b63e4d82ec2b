import { type Bench, startPortal } from '../bench.ts'
import { loadClosed, loadOpen } from '../load.ts'
import { type RowName, rowOf } from '../rows.ts'
import { readingTarget } from '../targets.ts'
import { reasonsAgainst } from '../validity.ts'
import { warmUp } from './in-turns.ts'

export type TailResult = {
  name: RowName
  /** Arrivals per second, and what the closed loop reached just before. */
  rate: number
  capacity: number
  p50: number
  p95: number
  p99: number
  generatorShare: number | null
  othersShare: number | null
  requests: number
  reasons: string[]
}[]

const LOAD = 0.7
const TAILS: readonly RowName[] = ['calendar', 'calendar.json']

/** One warm process at 70 % of what it can do: arrivals at random, latency from the instant at which each was due. */
export async function measureTail(bench: Bench): Promise<TailResult> {
  const { seconds, connections, tailSeconds } = bench.options
  const server = await startPortal(bench, bench.here, 1)
  const results: TailResult = []
  for (const name of TAILS) {
    console.log(`Misuro la coda al 70 %: ${name}…`)
    const { path, kind } = rowOf(name)
    const target = await readingTarget(bench, { arm: 'here', server, path, visitors: bench.here.visitors })
    const { isWarm } = await warmUp(bench, target, kind)
    const { perSecond: capacity } = await loadClosed(target, bench.postgresPid, {
      seconds: seconds * 2,
      connections,
    })
    const rate = capacity * LOAD
    const open = await loadOpen(target, bench.postgresPid, { seconds: tailSeconds, perSecond: rate })
    const { p50, p95, p99, generatorShare, othersShare, requests } = open
    const reasons = reasonsAgainst({ ...open, expectedBytes: target.expectedBytes, isWarm })
    results.push({ name, rate, capacity, p50, p95, p99, generatorShare, othersShare, requests, reasons })
  }
  await server.stop()
  return results
}
