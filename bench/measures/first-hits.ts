import { setTimeout as pause } from 'node:timers/promises'
import { type Bench, type Side, startPortal } from '../bench.ts'
import { rowOf } from '../rows.ts'
import { median } from '../statistics.ts'
import { bodyFor } from '../targets.ts'

/** Milliseconds, each the median of several starts. */
export type FirstHits = { arm: string; starts: number; ready: number; pages: { nth: number; ms: number }[] }
export type FirstResult = FirstHits[]

const PAGES = 60
const SHOWN = [1, 2, 3, 10, 30, 60]

async function timed(work: () => Promise<unknown>): Promise<number> {
  const started = performance.now()
  await work()
  return performance.now() - started
}

/** Until the process has drawn its main pages; an earlier version does not, and does not know the address. */
async function untilReady(origin: string): Promise<void> {
  while ((await fetch(`${origin}/api/ready`)).status === 503) await pause(50)
}

async function oneStart(bench: Bench, side: Side): Promise<{ ready: number; pages: number[] }> {
  const started = performance.now()
  const server = await startPortal(bench, side, 1)
  await untilReady(server.origin)
  const ready = performance.now() - started
  const url = `${server.origin}${rowOf('calendar').path}`
  const pages: number[] = []
  for (let nth = 0; nth < PAGES; nth += 1) {
    const visitor = side.visitors[nth % side.visitors.length] as (typeof side.visitors)[number]
    pages.push(await timed(() => bodyFor(url, visitor)))
  }
  await server.stop()
  return { ready, pages }
}

async function hitsOf(bench: Bench, side: Side): Promise<FirstHits> {
  const { starts } = bench.options
  const all: { ready: number; pages: number[] }[] = []
  for (let start = 0; start < starts; start += 1) all.push(await oneStart(bench, side))
  return {
    arm: side.name,
    starts,
    ready: median(all.map(({ ready }) => ready)),
    pages: SHOWN.map((nth) => ({ nth, ms: median(all.map(({ pages }) => pages[nth - 1] ?? Number.NaN)) })),
  }
}

/** How long a fresh process takes until it is ready, and the calendar page after that, one visitor after the other. */
export async function measureFirstHits(bench: Bench): Promise<FirstResult> {
  console.log('Misuro i primi accessi dopo la partenza…')
  const sides = bench.against ? [bench.here, bench.against] : [bench.here]
  const results: FirstResult = []
  for (const side of sides) results.push(await hitsOf(bench, side))
  return results
}
