import { addDays, type Day, parseDay } from '#lib/kernel/day.ts'
import type { Cents } from '#lib/kernel/money.ts'
import { ok, type Result, refusedField } from '#lib/kernel/result.ts'
import { type PriceVersion, priceOn } from './price.ts'

/** The highest price of a meal, in cents. */
const MOST_CENTS = 10_000
/** A day this far away is a slip of the pen: two years. */
const FARTHEST_DAYS = 731

/** What a new price is judged by. */
export type PriceFacts = {
  today: Day
  /** The first day that no kitchen of the service has counted. */
  firstDay: Day
  /** The prices there are, of the service or of one of its bands. */
  prices: readonly PriceVersion[]
  /** A band may be free of charge, a service may not. */
  isBand: boolean
}

/** May this price begin on this day? Not in the past, not on a day already counted, not where another one begins. */
export function checkNewPrice(
  typed: { from: string; cents: Cents },
  { firstDay, prices, isBand }: PriceFacts,
): Result<PriceVersion> {
  const day = parseDay(typed.from)
  if (!day) return refusedField('from', 'tariffs:choose-day')
  if (day < firstDay) return refusedField('from', 'tariffs:too-early', { first: firstDay })
  if (day > addDays(firstDay, FARTHEST_DAYS)) return refusedField('from', 'tariffs:too-far')
  const least = isBand ? 0 : 1
  if (typed.cents < least || typed.cents > MOST_CENTS)
    return refusedField('price', 'tariffs:out-of-range', {
      least,
      most: MOST_CENTS,
    })
  if (prices.some(({ validFrom }) => validFrom === day))
    return refusedField('from', 'tariffs:day-taken', { day })
  if (priceOn(prices, day) === typed.cents) return refusedField('price', 'tariffs:same-price')
  return ok({ validFrom: day, priceCents: typed.cents })
}

/** A price is taken back only while it has not begun, and never the only one. */
export const mayCancel = (
  validFrom: Day,
  { today, firstDay, prices }: Pick<PriceFacts, 'today' | 'firstDay' | 'prices'>,
): boolean => validFrom > today && validFrom >= firstDay && prices.length > 1

/** What a new price touches, as far as the calendar goes. */
export type PriceEffect = { pupils: number; meals: number; days: number }
