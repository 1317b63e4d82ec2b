import { addDays, type Day, parseDay } from '#lib/kernel/day.ts'
import type { Cents } from '#lib/kernel/money.ts'
import { ok, type Result, refusedField } from '#lib/kernel/result.ts'
import { formatEuro, formatSignedEuro } from '#lib/words/format-money.ts'
import { type PriceVersion, priceOn } from './price.ts'
import { capitalised, fromDay, priceInWords } from './price.words.ts'

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

const NUMBER = new Intl.NumberFormat('it-IT', { useGrouping: 'always' })
const count = (n: number, one: string, many: string): string => `${NUMBER.format(n)} ${n === 1 ? one : many}`

/** "182 alunni e 13.104 pasti già prenotati, in 72 giorni di mensa" */
export const effectInWords = ({ pupils, meals, days }: PriceEffect): string =>
  meals === 0
    ? 'Non tocca nessun pasto già prenotato.'
    : `Tocca ${count(pupils, 'alunno', 'alunni')} e ${count(meals, 'pasto già prenotato', 'pasti già prenotati')}, in ${count(days, 'giorno di mensa', 'giorni di mensa')}.`

/** What happens with a new price, in words, before it is decided. `who`: "un pasto", "un pasto nella fascia B". */
export function priceChangeInWords(
  price: PriceVersion,
  { prices, isBand }: PriceFacts,
  { who, effect, fullCents }: { who: string; effect: PriceEffect; fullCents: Cents | null },
): string[] {
  const before = priceOn(prices, price.validFrom)
  const next = prices
    .filter(({ validFrom }) => validFrom > price.validFrom)
    .toSorted((a, b) => a.validFrom.localeCompare(b.validFrom))[0]
  const instead =
    before === null ? '' : ` invece di ${formatEuro(before)} (${formatSignedEuro(price.priceCents - before)})`
  return [
    `${capitalised(fromDay(price.validFrom))} ${who} ${price.priceCents === 0 ? 'è gratuito' : `costa ${formatEuro(price.priceCents)}`}${instead}.`,
    ...(next
      ? [`Resta già deciso il prezzo dopo: ${fromDay(next.validFrom)} ${priceInWords(next.priceCents)}.`]
      : []),
    effectInWords(effect),
    ...(isBand && fullCents !== null && price.priceCents > fullCents
      ? [`Attenzione: è più del prezzo intero, che in quel giorno è ${formatEuro(fullCents)}.`]
      : []),
    'I pasti già addebitati e le ricariche già ordinate non cambiano. Le famiglie leggono il prezzo nuovo da subito.',
  ]
}
