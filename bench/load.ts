import { randomUUID } from 'node:crypto'
import os from 'node:os'
import autocannon from 'autocannon'
import type { Visitor } from './visitors.ts'

export type Target = {
  name: string
  origin: string
  /** What the next request is; a fresh one for every call. */
  next: () => { path: string; method?: 'GET' | 'POST'; headers: Record<string, string>; body?: string }
}

export type Measure = {
  perSecond: number
  p50: number
  p95: number
  p99: number
  requests: number
  failed: number
  /** Cores that were busy during the round, for any process: server, database, this generator, the neighbours. */
  busyCores: number
}

/** Milliseconds for which the cores of this machine have worked since it started. */
const workedMs = (): number =>
  os.cpus().reduce((sum, { times: { user, nice, sys, irq } }) => sum + user + nice + sys + irq, 0)

const percentile = (sorted: readonly number[], share: number): number =>
  sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0

/** Loads one target for `seconds` over `connections` kept-alive connections; latencies in milliseconds. */
export async function load(target: Target, seconds: number, connections: number): Promise<Measure> {
  const times: number[] = []
  let failed = 0
  const started = performance.now()
  const workedBefore = workedMs()
  await new Promise<void>((resolve, reject) => {
    const run = autocannon(
      {
        url: target.origin,
        connections,
        duration: seconds,
        requests: [{ setupRequest: (request) => ({ ...request, ...target.next() }) }],
      },
      (error) => (error ? reject(error) : resolve()),
    )
    run.on('response', (_client, status, _bytes, time) => {
      times.push(time)
      if (status < 200 || status > 299) failed += 1
    })
    run.on('reqError', () => {
      failed += 1
    })
  })
  const elapsed = (performance.now() - started) / 1_000
  times.sort((a, b) => a - b)
  return {
    perSecond: times.length / elapsed,
    p50: percentile(times, 0.5),
    p95: percentile(times, 0.95),
    p99: percentile(times, 0.99),
    requests: times.length,
    failed,
    busyCores: (workedMs() - workedBefore) / 1_000 / elapsed,
  }
}

const anyOf = <T>(list: readonly T[]): T => list[Math.floor(Math.random() * list.length)] as T

/** Pages: any visitor, as they come. */
export const reading = (visitors: readonly Visitor[], path: string) => () => ({
  path,
  headers: { cookie: anyOf(visitors).cookie },
})

/**
 * Changes: each visitor walks through the open days, first cancelling them all, then restoring them, so that every request
 * changes one meal and none asks for what is so already.
 */
export function changing(
  visitors: readonly Visitor[],
  path: string,
  origin: string,
  bodyOf: (visitor: Visitor, change: { day: string; action: 'cancel' | 'restore'; key: string }) => unknown,
) {
  const steps = new Map<Visitor, number>()
  return () => {
    const visitor = anyOf(visitors)
    const step = steps.get(visitor) ?? 0
    steps.set(visitor, step + 1)
    const { day = '' } = visitor.days[step % visitor.days.length] ?? {}
    const action = Math.floor(step / visitor.days.length) % 2 === 0 ? 'cancel' : 'restore'
    return {
      path,
      method: 'POST' as const,
      headers: { cookie: visitor.cookie, origin, 'content-type': 'application/json' },
      body: JSON.stringify(bodyOf(visitor, { day, action, key: randomUUID() })),
    }
  }
}
