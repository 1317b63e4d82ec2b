import { readFileSync } from 'node:fs'
import { Agent, request as send } from 'node:http'
import { setTimeout as pause } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { poissonArrivals, seededRandom } from './arrivals.ts'
import { type Outcome, parseLine, type Request } from './requests.ts'
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

const { hostname, port } = new URL(values.url)
const requests = readFileSync(values.file, 'utf8').trimEnd().split('\n').map(parseLine)
const seconds = Number(values.seconds)
const agent = new Agent({ keepAlive: true, maxSockets: values.rate ? 512 : Number(values.connections) })

const times: number[] = []
let issued = 0
let failed = 0
let bytes = 0

function answered({ method, path, cookie, origin, body }: Request): Promise<boolean> {
  const headers: Record<string, string | number> = { cookie }
  if (body) {
    headers.origin = origin
    headers['content-type'] = 'application/json'
    headers['content-length'] = Buffer.byteLength(body)
  }
  return new Promise((resolve) => {
    const outgoing = send({ hostname, port, method, path, headers, agent }, (response) => {
      response.on('data', (chunk: Buffer) => {
        bytes += chunk.length
      })
      response.on('end', () => resolve(response.statusCode === 200))
      response.on('error', () => resolve(false))
    })
    outgoing.on('error', () => resolve(false))
    outgoing.end(body || undefined)
  })
}

async function one(dueAt: number): Promise<void> {
  const next = requests[(Number(values.from) + issued) % requests.length] as Request
  issued += 1
  if (!(await answered(next))) failed += 1
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
  isExhausted: values.once && issued > requests.length,
  cpuMs: (user + system) / 1_000,
}
console.log(`RESULT ${JSON.stringify(outcome)}`)
agent.destroy()
