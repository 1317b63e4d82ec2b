import type { Bench } from '../bench.ts'
import { loadClosed, type Slice, type Target } from '../load.ts'
import type { Row } from '../rows.ts'
import { isWarm, median, type Ratio, ratioOf } from '../statistics.ts'
import { reasonsAgainst } from '../validity.ts'

/** What one arm did over all rounds: medians of its slices. */
export type ArmResult = {
  arm: string
  perSecond: number
  p50: number
  p99: number
  webMs: number | null
  pgMs: number | null
  generatorShare: number | null
  /** The largest of its slices. */
  othersShare: number | null
  busyCores: number
  requests: number
  failed: number
  /** Why its figures do not count; empty when they do. */
  reasons: string[]
}

export type Compared = {
  arms: ArmResult[]
  /** Requests per second of the first arm ÷ those of the named arm, taken within each round. */
  ratios: Record<string, Ratio>
}

/** An answer that costs a fifth of a page is warm after more of them. */
const WARM_FACTOR: Record<Row['kind'], number> = { page: 1, data: 2, change: 2 }

/** Loads a target until it has answered enough and two slices agree, or the patience of the options ends. */
export async function warmUp(
  bench: Bench,
  target: Target,
  kind: Row['kind'],
  processes = 1,
): Promise<{ isWarm: boolean; slices: Slice[] }> {
  const { seconds, connections, warmRequests, mostWarmSlices } = bench.options
  const least = warmRequests * WARM_FACTOR[kind] * processes
  const slices: Slice[] = []
  while (slices.length < mostWarmSlices) {
    slices.push(await loadClosed(target, bench.postgresPid, { seconds, connections }))
    if (isWarm(slices, least)) return { isWarm: true, slices }
  }
  return { isWarm: false, slices }
}

const largest = (shares: readonly (number | null)[]): number | null =>
  shares.includes(null) ? null : Math.max(...(shares as number[]))

const middle = (values: readonly (number | null)[]): number | null =>
  values.includes(null) ? null : median(values as number[])

function resultOf(target: Target, slices: readonly Slice[], isWarmArm: boolean): ArmResult {
  const of = <K extends keyof Slice>(key: K) => slices.map((slice) => slice[key])
  const total = (numbers: number[]) => numbers.reduce((sum, value) => sum + value, 0)
  const evidence = {
    generatorShare: middle(of('generatorShare')),
    requests: total(of('requests')),
    failed: total(of('failed')),
    bytesPerRequest: Math.min(...of('bytesPerRequest')),
    expectedBytes: target.expectedBytes,
    isWarm: isWarmArm,
    isExhausted: of('isExhausted').includes(true),
  }
  return {
    arm: target.arm,
    perSecond: median(of('perSecond')),
    p50: median(of('p50')),
    p99: median(of('p99')),
    webMs: middle(of('webMs')),
    pgMs: middle(of('pgMs')),
    generatorShare: evidence.generatorShare,
    othersShare: largest(of('othersShare')),
    busyCores: median(of('busyCores')),
    requests: evidence.requests,
    failed: evidence.failed,
    reasons: reasonsAgainst(evidence),
  }
}

export type Contender = { target: Target; kind: Row['kind']; processes?: number }

/**
 * Warms each arm, then loads them in turns, the order reversed each round: what disturbs the machine meets all of them.
 * The first arm is the one that the others are compared with.
 */
export async function inTurns(
  bench: Bench,
  contenders: readonly Contender[],
  connections = bench.options.connections,
): Promise<Compared> {
  const warm: boolean[] = []
  for (const { target, kind, processes } of contenders)
    warm.push((await warmUp(bench, target, kind, processes)).isWarm)
  const slices: Slice[][] = contenders.map(() => [])
  for (let round = 0; round < bench.options.rounds; round += 1) {
    const order = contenders.map((_, index) => index)
    for (const index of round % 2 === 0 ? order : order.toReversed()) {
      const { target } = contenders[index] as Contender
      const load = { seconds: bench.options.seconds, connections }
      slices[index]?.push(await loadClosed(target, bench.postgresPid, load))
    }
  }
  const rates = slices.map((ofArm) => ofArm.map(({ perSecond }) => perSecond))
  return {
    arms: contenders.map(({ target }, index) =>
      resultOf(target, slices[index] as Slice[], warm[index] as boolean),
    ),
    ratios: Object.fromEntries(
      contenders
        .slice(1)
        .map(({ target }, index) => [
          target.arm,
          ratioOf(rates[0] as number[], rates[index + 1] as number[]),
        ]),
    ),
  }
}
