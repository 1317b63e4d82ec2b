import type { FoundName } from '#lib/access/people-search.ts'
import type { Day } from '#lib/kernel/day.ts'
import type { Cents } from '#lib/kernel/money.ts'
import type { PriceVersion } from '../price.ts'

/** A price in the office's history. */
export type PriceLine = PriceVersion & {
  state: 'past' | 'current' | 'coming'
  decidedBy: string | null
  decidedAt: Date
  note: string
  mayCancel: boolean
}

export type BandLine = {
  code: string
  name: string
  description: string
  /** Whether a new pupil may get it. */
  isOpen: boolean
  prices: PriceLine[]
  currentCents: Cents | null
  /** Pupils enrolled today that have it today. */
  pupils: number
  /** Pupils that will have it later and do not have it today. */
  coming: number
}

export type ServiceTariff = {
  id: string
  code: string
  name: string
  today: Day
  /** The first day that a new price may begin on. */
  firstDay: Day
  /** Counts the changes: a form that was opened before another change is told so. */
  revision: number
  prices: PriceLine[]
  bands: BandLine[]
}

export type PupilSearch = { text: string; classId: string; bandCode: string; page: number }
export type FoundPupil = {
  id: string
  name: string
  className: string
  bandCode: string | null
  until: Day | null
  cents: Cents | null
  /** Why it was found: the people of the family whose names hold the typed words. */
  names: FoundName[]
}
export type OfficePupilTariff = {
  service: { code: string; name: string }
  /** Null: they are too many to choose from. */
  classes: { id: string; name: string }[] | null
  bands: { code: string; name: string }[]
  /** Null when nothing was asked. */
  found: FoundPupil[] | null
  total: number
  /** There are more than are counted: the first of them have pages. */
  hasMore: boolean
  pages: number
}

/** A band that a pupil has, had or will have, as the office reads it. */
export type FareLine = {
  id: string
  bandCode: string
  bandName: string
  from: Day
  to: Day
  state: 'past' | 'current' | 'coming'
  givenBy: string
  givenAt: Date
  /** Decided on a request of an online form. */
  byRequest: boolean
  reason: string
  endedBy: string | null
  endedAt: Date | null
  endReason: string
}

/** What a preview showed; a confirmation brings it back. A price holds for these tariffs only, so that a refusal can say what changed. */
export type SeenFare = { fingerprint: string }
export type SeenPrice = SeenFare & { revision: number }
export type TariffPreview<Seen = SeenFare> = { lines: string[]; seen: Seen }
