import type { Cents } from '#lib/kernel/money.ts'
import type { SchoolSchedule } from '#lib/school/municipality.ts'
import type { PriceVersion } from './price.ts'

/** A price band as anyone may read of it. */
export type PublicBand = { code: string; name: string; description: string; priceCents: Cents }

/** The canteen service as anyone may know it. `priceCents` is null while no price is in force. */
export type PublicService = {
  name: string
  priceCents: Cents | null
  /** The next full price, where one is decided. */
  nextPrice: PriceVersion | null
  /** Those that may be asked for now. */
  bands: PublicBand[]
  yearName: string
  schools: SchoolSchedule[]
}
