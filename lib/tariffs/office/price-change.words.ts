import type { Cents } from '#lib/kernel/money.ts'
import { formatEuro, formatSignedEuro } from '#lib/words/format-money.ts'
import { italian, plural } from '#lib/words/language.ts'
import { type PriceVersion, priceOn } from '../price.ts'
import { capitalised, fromDay, priceInWords } from '../price.words.ts'
import type { PriceEffect, PriceFacts } from '../price-change.ts'

/** "182 alunni e 13.104 pasti già prenotati, in 72 giorni di mensa" */
export const effectInWords = ({ pupils, meals, days }: PriceEffect): string =>
  meals === 0
    ? 'Non tocca nessun pasto già prenotato.'
    : `Tocca ${italian(plural('{n} alunno', '{n} alunni'), { n: pupils })} e ${italian(plural('{n} pasto già prenotato', '{n} pasti già prenotati'), { n: meals })}, in ${italian(plural('{n} giorno di mensa', '{n} giorni di mensa'), { n: days })}.`

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
