import type { Day } from '#lib/kernel/day.ts'
import type { Cents } from '#lib/kernel/money.ts'
import { type FarePeriod, pupilPriceOn, type Tariff } from '#lib/tariffs/price.ts'

/**
 * Meals still to come on one day, each at its own price in cents: children present and enrolled, absences already taken
 * away. A meal of a band without a price to pay is a zero.
 */
export type PlannedMeals = { day: Day; prices: readonly Cents[] }

/** The days on which a child is expected to eat. */
export type PlannedChild = { fares: readonly FarePeriod[]; days: readonly Day[] }

/** The meals of all the children together, day by day in order, each at that child’s price of that day. */
export function plannedMeals(children: readonly PlannedChild[], tariff: Tariff): PlannedMeals[] {
  const byDay = new Map<Day, Cents[]>()
  for (const { fares, days } of children) {
    for (const day of days) {
      const prices = byDay.get(day) ?? []
      prices.push(pupilPriceOn(tariff, fares, day)?.cents ?? 0)
      byDay.set(day, prices)
    }
  }
  return inOrderOfDays(byDay)
}

const inOrderOfDays = (byDay: ReadonlyMap<Day, readonly Cents[]>): PlannedMeals[] =>
  [...byDay].map(([day, prices]) => ({ day, prices })).sort((a, b) => (a.day < b.day ? -1 : 1))

/** Meals that were eaten and are not charged yet come first in what a balance still has to pay. */
export function withUncharged(
  planned: readonly PlannedMeals[],
  uncharged: readonly { day: Day; priceCents: Cents }[],
): readonly PlannedMeals[] {
  if (uncharged.length === 0) return planned
  const byDay = new Map(planned.map(({ day, prices }) => [day, prices]))
  for (const { day, priceCents } of uncharged) byDay.set(day, [...(byDay.get(day) ?? []), priceCents])
  return inOrderOfDays(byDay)
}

/**
 * Meals that a balance pays for, in the order in which they will be eaten, the cheapest of a day first; meals that cost
 * nothing are not counted. What is left after the last planned one is counted at `unitCents`.
 * @param unitCents what a meal costs beyond the plan; zero when there is nothing to pay
 */
export function mealsIn(balanceCents: Cents, planned: readonly PlannedMeals[], unitCents: Cents): number {
  let left = balanceCents
  let meals = 0
  for (const { prices } of planned) {
    for (const cents of prices.toSorted((a, b) => a - b)) {
      if (cents === 0) continue
      if (cents > left) return meals
      left -= cents
      meals += 1
    }
  }
  return unitCents > 0 ? meals + Math.max(0, Math.floor(left / unitCents)) : meals
}

/** The fewest meals, at the service’s price, that bring a negative balance back to zero or above: a top-up is made of them. */
export const mealsToSettle = (balanceCents: Cents, priceCents: Cents): number =>
  Math.max(0, Math.ceil(-balanceCents / priceCents))

export type Outlook = {
  /** Canteen days from now on that the balance pays in full. */
  coveredDays: number
  /** The last of them; null when there is none. */
  lastCoveredDay: Day | null
  /** The first day that it does not pay in full; null when it lasts as long as the calendar goes. */
  firstUncoveredDay: Day | null
}

/**
 * Until when a balance lasts if everybody eats as planned: days in order, each meal at its own price. A day that costs
 * nothing is always covered.
 * @param planned days in ascending order, without those already charged
 */
export function outlookOf(balanceCents: Cents, planned: readonly PlannedMeals[]): Outlook {
  let left = balanceCents
  let coveredDays = 0
  let lastCoveredDay: Day | null = null
  for (const { day, prices } of planned) {
    const cost = prices.reduce((sum, cents) => sum + cents, 0)
    left -= cost
    if (left < 0 && cost > 0) return { coveredDays, lastCoveredDay, firstUncoveredDay: day }
    coveredDays += 1
    lastCoveredDay = day
  }
  return { coveredDays, lastCoveredDay, firstUncoveredDay: null }
}

/** A balance is low when it does not pay this many canteen days. */
export const LOW_DAYS = 5

export type BalanceState = 'negative' | 'empty' | 'low' | 'good'

/**
 * How a balance stands: `empty` does not pay the next canteen day, `low` not the next five.
 * @param unitCents the least that a meal of this household costs; zero when there is nothing to pay
 */
export function balanceState(
  balanceCents: Cents,
  unitCents: Cents,
  { coveredDays, firstUncoveredDay }: Outlook,
): BalanceState {
  if (balanceCents < 0) return 'negative'
  if (firstUncoveredDay ? coveredDays === 0 : balanceCents < unitCents) return 'empty'
  return firstUncoveredDay && coveredDays < LOW_DAYS ? 'low' : 'good'
}
