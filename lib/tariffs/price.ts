import { addDays, type Day } from '#lib/kernel/day.ts'
import type { Cents } from '#lib/kernel/money.ts'

/** A price holds from its first day until the next one starts. */
export type PriceVersion = { validFrom: Day; priceCents: Cents }

/** The price in force on a day; null before the first one. */
export const priceOn = (prices: readonly PriceVersion[], day: Day): Cents | null =>
  prices
    .filter(({ validFrom }) => validFrom <= day)
    .reduce<PriceVersion | null>(
      (latest, price) => (latest && latest.validFrom > price.validFrom ? latest : price),
      null,
    )?.priceCents ?? null

/** The next price after a day that differs from the one in force then; null when none is decided. */
export function nextPriceAfter(prices: readonly PriceVersion[], day: Day): PriceVersion | null {
  const now = priceOn(prices, day)
  const coming = prices
    .filter(({ validFrom }) => validFrom > day)
    .toSorted((a, b) => a.validFrom.localeCompare(b.validFrom))
  return coming.find(({ priceCents }) => priceCents !== now) ?? null
}

/** The band of a pupil from a day to another, both included. Two never overlap. */
export type FarePeriod = { from: Day; to: Day; bandCode: string }

/** Every price of a service: the full one, and those of its bands. */
export type Tariff = {
  full: readonly PriceVersion[]
  bands: readonly { code: string; prices: readonly PriceVersion[] }[]
}

/** What one meal costs; `bandCode` is null at full price. */
export type PupilPrice = { cents: Cents; bandCode: string | null }

/**
 * What one meal of a pupil costs on a day: the price of the pupil's band on that day, or the service's.
 * The close charges by this same rule; null before the service's first price.
 */
export function pupilPriceOn(tariff: Tariff, fares: readonly FarePeriod[], day: Day): PupilPrice | null {
  const fare = fares.find(({ from, to }) => from <= day && day <= to)
  const band = fare && tariff.bands.find(({ code }) => code === fare.bandCode)
  const reduced = band ? priceOn(band.prices, day) : null
  if (fare && reduced !== null) return { cents: reduced, bandCode: fare.bandCode }
  const cents = priceOn(tariff.full, day)
  return cents === null ? null : { cents, bandCode: null }
}

/** A price of a pupil from a day on, until the next step. */
export type PriceStep = PupilPrice & { from: Day }

/** What a pupil pays from which day on, in order: a step for each day on which price or band changes. */
export function priceSteps(tariff: Tariff, fares: readonly FarePeriod[]): PriceStep[] {
  const own = new Set(fares.map(({ bandCode }) => bandCode))
  const versions = [
    ...tariff.full,
    ...tariff.bands.filter(({ code }) => own.has(code)).flatMap(({ prices }) => prices),
  ]
  const days = new Set([
    ...versions.map(({ validFrom }) => validFrom),
    ...fares.flatMap(({ from, to }) => [from, addDays(to, 1)]),
  ])
  const steps: PriceStep[] = []
  for (const from of [...days].sort()) {
    const price = pupilPriceOn(tariff, fares, from)
    const last = steps.at(-1)
    if (price && (last?.cents !== price.cents || last.bandCode !== price.bandCode))
      steps.push({ from, ...price })
  }
  return steps
}

/** What a pupil pays today, since when, and what comes next. */
export type PriceNow = { now: PriceStep; next: PriceStep | null }

/** Null on a day without a price. */
export function priceNow(tariff: Tariff, fares: readonly FarePeriod[], today: Day): PriceNow | null {
  if (!pupilPriceOn(tariff, fares, today)) return null
  const steps = priceSteps(tariff, fares)
  const index = steps.findLastIndex(({ from }) => from <= today)
  const now = steps[index]
  return now ? { now, next: steps[index + 1] ?? null } : null
}

/** The price of a child as the child's family reads it. */
export type ChildPrice = PriceNow & { pupilId: string; name: string }

/** Null on a day without a price. */
export function childPrice(
  { pupilId, name, fares }: { pupilId: string; name: string; fares: readonly FarePeriod[] },
  tariff: Tariff,
  today: Day,
): ChildPrice | null {
  const price = priceNow(tariff, fares, today)
  return price && { pupilId, name, ...price }
}
