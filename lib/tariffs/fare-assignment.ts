import { addDays, type Day, parseDay } from '#lib/kernel/day.ts'
import type { Cents } from '#lib/kernel/money.ts'
import { ok, type Result, refused, refusedField } from '#lib/kernel/result.ts'
import { formatEuro } from '#lib/words/format-money.ts'
import { type FarePeriod, type PriceVersion, priceOn } from './price.ts'
import { capitalised, fromDay, priceInWords, toDay } from './price.words.ts'

/** A band that may be given now. `priceCents` is today's. */
export type OfferedBand = {
  code: string
  name: string
  description: string
  priceCents: Cents | null
  prices: readonly PriceVersion[]
}

/** What a decision about a pupil's band works with, read under lock when it counts. */
export type FareFacts = {
  pupil: { name: string }
  enrolments: readonly { to: Day }[]
  fares: readonly (FarePeriod & { id: string })[]
  /** The first day whose count is not in the kitchen yet. */
  firstDay: Day
  bands: readonly OfferedBand[]
  yearEndsOn: Day
}

/** Rows to write, and the same in words. */
export type FarePlan = {
  endFares: { id: string; to: Day }[]
  dropFares: string[]
  fare: FarePeriod | null
  lines: string[]
}

/** A day from which something may change: not one that the kitchen has counted already. */
export function startOf(typed: string, { firstDay }: { firstDay: Day }): Result<Day> {
  const day = parseDay(typed)
  if (!day) return refusedField('from', 'tariffs:choose-day')
  return day < firstDay ? refusedField('from', 'tariffs:too-early', { first: firstDay }) : ok(day)
}

/** What giving a band does; an empty `to` means until the end of the school year. */
export function planFare(
  typed: { bandCode: string; from: string; to: string },
  facts: FareFacts,
): Result<FarePlan> {
  const band = facts.bands.find(({ code }) => code === typed.bandCode)
  if (!band) return refusedField('bandCode', 'tariffs:choose-band')
  const start = startOf(typed.from, facts)
  if (!start.ok) return start
  const from = start.value
  const to = typed.to === '' ? facts.yearEndsOn : parseDay(typed.to)
  if (!to) return refusedField('to', 'tariffs:choose-day')
  if (to < from) return refusedField('to', 'tariffs:period-reversed')
  if (!facts.enrolments.some((enrolled) => enrolled.to >= from)) return refused('tariffs:no-enrolment')
  const cents = priceOn(band.prices, from)
  if (cents === null) return refusedField('from', 'tariffs:band-without-price', { band: band.name })
  const touched = facts.fares.filter((fare) => fare.to >= from && fare.from <= to)
  const later = band.prices.filter(({ validFrom }) => validFrom > from && validFrom <= to)
  const goesOn = facts.fares.some((fare) => fare.from === addDays(to, 1))
  return ok({
    lines: [
      `${capitalised(fromDay(from))} ${toDay(to)} ogni pasto di ${facts.pupil.name} si paga nella fascia ${band.name}: ${priceInWords(cents)}.`,
      ...later.map(
        ({ validFrom, priceCents }) =>
          `La fascia cambia prezzo: ${fromDay(validFrom)} ${formatEuro(priceCents)}.`,
      ),
      ...(goesOn ? [] : [`${capitalised(fromDay(addDays(to, 1)))} si paga il prezzo intero.`]),
      'I pasti già addebitati non cambiano.',
    ],
    endFares: touched.filter((fare) => fare.from < from).map(({ id }) => ({ id, to: addDays(from, -1) })),
    dropFares: touched.filter((fare) => fare.from >= from).map(({ id }) => id),
    fare: { bandCode: band.code, from, to },
  })
}

/** What going back to the full price from a day on does. Bands that had not begun by then are dropped. */
export function planFareEnd(
  typedFrom: string,
  facts: FareFacts & { full: readonly PriceVersion[] },
): Result<FarePlan> {
  const start = startOf(typedFrom, facts)
  if (!start.ok) return start
  const from = start.value
  const touched = facts.fares.filter((fare) => fare.to >= from)
  if (touched.length === 0) return refused('tariffs:no-fare')
  const cents = priceOn(facts.full, from)
  return ok({
    lines: [
      `${capitalised(fromDay(from))} ogni pasto di ${facts.pupil.name} si paga a prezzo intero${cents === null ? '' : `: ${formatEuro(cents)}`}.`,
      'I pasti già addebitati non cambiano.',
    ],
    endFares: touched.filter((fare) => fare.from < from).map(({ id }) => ({ id, to: addDays(from, -1) })),
    dropFares: touched.filter((fare) => fare.from >= from).map(({ id }) => id),
    fare: null,
  })
}
