import { type Bench, openSide, startPortal, stopAll } from '../bench.ts'
import { type RowName, rowOf } from '../rows.ts'
import { readingTarget } from '../targets.ts'
import { type Compared, inTurns } from './in-turns.ts'

export type SlopeResult = {
  fewPupils: number
  pupils: number
  /** `ratios.few` is requests per second with many pupils ÷ with few; the slope is its inverse. */
  rows: (Compared & { name: RowName })[]
}

const SLOPED: readonly RowName[] = ['calendar', 'balance', 'calendar.json']

/** What the same code needs in a large and in a small municipality, both running, in turns. */
export async function measureSlope(bench: Bench): Promise<SlopeResult> {
  const { pupils, fewPupils, visitors } = bench.options
  const small = await openSide(bench, 'small', bench.here, {
    pupils: fewPupils,
    visitors: Math.min(visitors, Math.ceil(fewPupils / 2)),
  })
  const servers = {
    many: await startPortal(bench, bench.here, 1),
    few: await startPortal(bench, small, 1),
  }
  const rows: SlopeResult['rows'] = []
  for (const name of SLOPED) {
    console.log(`Misuro la pendenza: ${name}…`)
    const { path, kind } = rowOf(name)
    const reading = (arm: 'many' | 'few', by: typeof small.visitors) =>
      readingTarget(bench, { arm, server: servers[arm], path, visitors: by })
    const contenders = [
      { target: await reading('many', bench.here.visitors), kind },
      { target: await reading('few', small.visitors), kind },
    ]
    rows.push({ name, ...(await inTurns(bench, contenders)) })
  }
  await stopAll(Object.values(servers))
  return { fewPupils, pupils, rows }
}
