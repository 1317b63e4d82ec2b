import { setTimeout as pause } from 'node:timers/promises'
import { type Bench, startPortal } from '../bench.ts'
import { memoryOfTree } from '../cpu.ts'
import { loadClosed, loadOpen } from '../load.ts'
import { rowOf } from '../rows.ts'
import { median } from '../statistics.ts'
import { readingTarget } from '../targets.ts'

export type MemoryResult = {
  minutes: number
  rate: number
  /** Megabytes of the web processes, at equal distances in time. */
  samples: number[]
  /** The last tenth of the time ÷ the tenth after four tenths of it: 1 does not grow. */
  growth: number
} | null

const SAMPLES = 60
const LOAD = 0.5
const TENTH = SAMPLES / 10

async function sampled(pid: number, seconds: number): Promise<number[]> {
  const samples: number[] = []
  for (let taken = 0; taken < SAMPLES; taken += 1) {
    await pause((seconds * 1_000) / SAMPLES)
    samples.push(memoryOfTree(pid) ?? Number.NaN)
  }
  return samples
}

/** How the memory of one process grows under calendar pages at half of what it can do; null where the system does not tell. */
export async function measureMemory(bench: Bench): Promise<MemoryResult> {
  const server = await startPortal(bench, bench.here, 1)
  if (memoryOfTree(server.pid) === null) return null
  console.log('Misuro la memoria nel tempo…')
  const { path } = rowOf('calendar')
  const target = await readingTarget(bench, { arm: 'here', server, path, visitors: bench.here.visitors })
  const { seconds, connections, memoryMinutes } = bench.options
  const load = { seconds: seconds * 2, connections }
  const { perSecond } = await loadClosed(target, bench.postgresPid, load)
  const rate = perSecond * LOAD
  const duration = memoryMinutes * 60
  const [samples] = await Promise.all([
    sampled(server.pid, duration),
    loadOpen(target, bench.postgresPid, { seconds: duration, perSecond: rate }),
  ])
  await server.stop()
  const growth = median(samples.slice(-TENTH)) / median(samples.slice(TENTH * 4, TENTH * 5))
  return { minutes: memoryMinutes, rate, samples, growth }
}
