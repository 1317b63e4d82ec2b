import { type Bench, openSide, type Side, startPortal, stopAll } from '../bench.ts'
import { type RowName, rowOf } from '../rows.ts'
import { readingTarget } from '../targets.ts'
import { type Compared, inTurns } from './in-turns.ts'

export type SlopeResult = {
  fewPupils: number
  pupils: number
  rows: SlopeRow[]
}

/** `ratios.few` is requests per second with much ÷ with little; the slope is its inverse. */
export type SlopeRow = Compared & { name: RowName }

const SLOPED: readonly RowName[] = ['calendar', 'balance', 'calendar.json']

/** What the same code needs in a large and in a small municipality, both running, in turns. */
export async function measureSlope(bench: Bench): Promise<SlopeResult> {
  const { pupils, fewPupils, visitors } = bench.options
  const small = await openSide(bench, 'small', bench.here, {
    pupils: fewPupils,
    visitors: Math.min(visitors, Math.ceil(fewPupils / 2)),
  })
  return { fewPupils, pupils, rows: await slopeOf(bench, { many: bench.here, few: small }) }
}

/** The pages of two sides, both running, in turns. */
export async function slopeOf(bench: Bench, sides: { many: Side; few: Side }): Promise<SlopeRow[]> {
  const servers = {
    many: await startPortal(bench, sides.many, 1),
    few: await startPortal(bench, sides.few, 1),
  }
  const rows: SlopeRow[] = []
  for (const name of SLOPED) {
    console.log(`Misuro la pendenza: ${name}…`)
    const { path, kind } = rowOf(name)
    const reading = (arm: 'many' | 'few') =>
      readingTarget(bench, { arm, server: servers[arm], path, visitors: sides[arm].visitors })
    const contenders = [
      { target: await reading('many'), kind },
      { target: await reading('few'), kind },
    ]
    rows.push({ name, ...(await inTurns(bench, contenders)) })
  }
  await stopAll(Object.values(servers))
  return rows
}
