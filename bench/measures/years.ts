import { type Bench, openSide } from '../bench.ts'
import { type SlopeRow, slopeOf } from './slope.ts'

export type YearsResult = { pupils: number; years: number; rows: SlopeRow[] }

/** What the same code needs after some school years and in the first, in municipalities of one size, both running, in turns. */
export async function measureYears(bench: Bench): Promise<YearsResult> {
  const { pupils, visitors, years } = bench.options
  const many = await openSide(bench, 'years', bench.here, { pupils, visitors, years })
  return { pupils, years, rows: await slopeOf(bench, { many, few: bench.here }) }
}
