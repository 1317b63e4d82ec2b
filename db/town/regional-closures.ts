import * as z from 'zod'
import type { ClosedSpan } from '#lib/school/holidays.ts'
import { YEARLY_DAY, yearlyClosures } from '#lib/school/regional-closures.ts'
import written from './regional-closures.json' with { type: 'json' }

const day = z.string().regex(YEARLY_DAY)

const REGIONS = z
  .object({
    note: z.string(),
    regions: z.record(
      z.string(),
      z.object({
        /** Where the closures were read, and for which years. */
        source: z.string().min(1),
        closures: z.array(z.object({ from: day, to: day, reason: z.string().min(1).max(200) })),
      }),
    ),
  })
  .parse(written).regions

/**
 * What a region closes in the school year that begins in September of `year`, as db/town/regional-closures.json has it; null
 * for a region of which the file says nothing.
 */
export function regionalClosures(region: string, year: number): ClosedSpan[] | null {
  const known = REGIONS[region]
  return known ? yearlyClosures(known.closures, year) : null
}
