import { execFile, spawnSync } from 'node:child_process'
import os from 'node:os'
import path from 'node:path'
import { promisify } from 'node:util'
import { cpuOfTrees, machineWorkedMs } from './cpu.ts'
import { type Outcome, parseOutcome } from './requests.ts'

/** A server under load, and what it is asked. */
export type Target = {
  /** Which of the arms of a row it is: here, against, floor… */
  arm: string
  origin: string
  pid: number
  /** Bytes of the shortest of some answers, fetched one by one; null for changes. */
  expectedBytes: number | null
  /** The file of the generator's requests for a slice, and where in it to begin. */
  prepare(seconds: number): { file: string; from: number; isOnce: boolean }
  /** Told after a slice what was sent and answered, so that the next begins with other visitors. */
  advance(outcome: Outcome): void
}

/** One slice of load on a target. Times in milliseconds; processor time per request. */
export type Slice = {
  perSecond: number
  p50: number
  p95: number
  p99: number
  requests: number
  failed: number
  bytesPerRequest: number
  isExhausted: boolean
  webMs: number | null
  pgMs: number | null
  generatorShare: number | null
  /** Cores that were busy, for any process. */
  busyCores: number
  /** Share of the machine that neither the servers nor the generator took: the neighbours'. */
  othersShare: number | null
}

const HERE = import.meta.dirname
const run = promisify(execFile)

/** Whether the generator in C is on this machine. */
export const hasWrk = (): boolean => spawnSync('wrk', ['--version']).error === undefined

async function byWrk(target: Target, seconds: number, connections: number): Promise<Outcome> {
  const { file, from, isOnce } = target.prepare(seconds)
  const { stdout } = await run('wrk', [
    ...['-t1', `-c${connections}`, `-d${seconds}s`, '--timeout', '10s', '-s', path.join(HERE, 'wrk.lua')],
    ...[target.origin, '--', file, String(from), isOnce ? 'once' : 'again'],
  ])
  return parseOutcome(stdout)
}

async function byClient(target: Target, seconds: number, flags: readonly string[]): Promise<Outcome> {
  const { file, from, isOnce } = target.prepare(seconds)
  const client = path.join(HERE, 'client.ts')
  const place = ['--url', target.origin, '--file', file, '--from', String(from), '--seconds', String(seconds)]
  const { stdout } = await run(process.execPath, [client, ...place, ...flags, ...(isOnce ? ['--once'] : [])])
  return parseOutcome(stdout)
}

/** Runs a generator and accounts for the processor time of the servers, the generator and the neighbours meanwhile. */
async function accounted(
  target: Target,
  postgresPid: number,
  generate: () => Promise<Outcome>,
): Promise<Slice> {
  const roots = [target.pid, postgresPid]
  const started = performance.now()
  const [cpuBefore, workedBefore] = [cpuOfTrees(roots), machineWorkedMs()]
  const outcome = await generate()
  const [cpuAfter, workedAfter] = [cpuOfTrees(roots), machineWorkedMs()]
  target.advance(outcome)
  const elapsed = performance.now() - started
  const spent = roots.map((_, index) => (cpuAfter?.[index] ?? 0) - (cpuBefore?.[index] ?? 0))
  const isKnown = cpuBefore !== null && outcome.cpuMs !== null
  return {
    ...figuresOf(outcome),
    ...(isKnown
      ? sharesOf(outcome, spent as [number, number], workedAfter - workedBefore, elapsed)
      : { webMs: null, pgMs: null, generatorShare: null, othersShare: null }),
    busyCores: (workedAfter - workedBefore) / elapsed,
  }
}

const figuresOf = ({ requests, ms, bytes, failed, p50, p95, p99, isExhausted }: Outcome) => ({
  perSecond: (requests * 1_000) / ms,
  ...{ p50, p95, p99, requests, failed, isExhausted },
  bytesPerRequest: bytes / Math.max(1, requests),
})

function sharesOf(
  { requests, cpuMs }: Outcome,
  [web, postgres]: [number, number],
  worked: number,
  elapsed: number,
) {
  const generator = cpuMs ?? 0
  const ours = web + postgres + generator
  return {
    webMs: web / Math.max(1, requests),
    pgMs: postgres / Math.max(1, requests),
    generatorShare: generator / Math.max(1, ours),
    othersShare: Math.max(0, worked - ours) / (elapsed * os.availableParallelism()),
  }
}

/** A closed loop: `connections` visitors, each of whom asks again as soon as they are answered. */
export const loadClosed = (
  target: Target,
  postgresPid: number,
  { seconds, connections }: { seconds: number; connections: number },
): Promise<Slice> =>
  accounted(target, postgresPid, () =>
    hasWrk()
      ? byWrk(target, seconds, connections)
      : byClient(target, seconds, ['--connections', String(connections)]),
  )

/** An open loop: visitors arrive at random, so many per second, and wait from the instant at which they came. */
export const loadOpen = (
  target: Target,
  postgresPid: number,
  { seconds, perSecond }: { seconds: number; perSecond: number },
): Promise<Slice> =>
  accounted(target, postgresPid, () => byClient(target, seconds, ['--rate', String(perSecond)]))
