import { readFileSync } from 'node:fs'
import { setTimeout as pause } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { poissonArrivals, seededRandom } from './arrivals.ts'
import { Connections, wireOf } from './connections.ts'
import { type Outcome, parseLine } from './requests.ts'
import { percentile } from './statistics.ts'

/**
 * The generator for what wrk cannot do: arrivals that wait for no answer (`--rate`), each measured from the instant at
 * which it was due. Without `--rate` it sends over `--connections` in a closed loop, for a machine without wrk.
 * Usage: node bench/client.ts --url … --file … --from … --seconds … (--rate … | --connections …) [--once]
 */
const { values } = parseArgs({
  options: {
    url: { type: 'string', default: '' },
    file: { type: 'string', default: '' },
    from: { type: 'string', default: '0' },
    seconds: { type: 'string', default: '1' },
    rate: { type: 'string' },
    connections: { type: 'string', default: '8' },
    once: { type: 'boolean', default: false },
  },
})

const { host, hostname, port } = new URL(values.url)
const wires = readFileSync(values.file, 'utf8')
  .trimEnd()
  .split('\n')
  .map((line) => wireOf(parseLine(line), host))
const seconds = Number(values.seconds)
const connections = new Connections({ host: hostname, port: Number(port) })

const times: number[] = []
let issued = 0
let failed = 0
let bytes = 0

async function one(dueAt: number): Promise<void> {
  const wire = wires[(Number(values.from) + issued) % wires.length] as Buffer
  issued += 1
  const answer = await connections.ask(wire)
  bytes += answer.bytes
  if (!answer.isGood) failed += 1
  times.push(performance.now() - dueAt)
}

async function closedLoop(): Promise<void> {
  const end = performance.now() + seconds * 1_000
  const connection = async () => {
    while (performance.now() < end) await one(performance.now())
  }
  await Promise.all(Array.from({ length: Number(values.connections) }, connection))
}

async function openLoop(rate: number): Promise<void> {
  const start = performance.now()
  const inHand: Promise<void>[] = []
  for (const instant of poissonArrivals(rate, seconds, seededRandom(1))) {
    const wait = start + instant - performance.now()
    if (wait > 1) await pause(wait)
    inHand.push(one(start + instant))
  }
  await Promise.all(inHand)
}

const before = process.cpuUsage()
const started = performance.now()
await (values.rate ? openLoop(Number(values.rate)) : closedLoop())
const { user, system } = process.cpuUsage(before)
times.sort((a, b) => a - b)
const outcome: Outcome = {
  requests: times.length,
  ms: performance.now() - started,
  bytes,
  failed,
  p50: percentile(times, 0.5),
  p95: percentile(times, 0.95),
  p99: percentile(times, 0.99),
  issued,
  isExhausted: values.once && issued > wires.length,
  cpuMs: (user + system) / 1_000,
}
console.log(`RESULT ${JSON.stringify(outcome)}`)
connections.end()
