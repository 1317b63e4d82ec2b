import type { Day } from '#lib/kernel/day.ts'
import type { Refused } from '#lib/kernel/result.ts'
import { type FarePlan, type OfferedBand, planFare, planFareEnd } from '#lib/tariffs/fare-assignment.ts'
import { type FarePeriod, type PriceVersion, priceOn } from '#lib/tariffs/price.ts'
import { amountIn } from './amount.ts'
import { folded } from './sheet.ts'

/** The fare that a row asks for: a band by code or name, what a meal of it costs, or the full price. */
export type FileFare = { band: string; from: Day | null; to: Day | null; badDay: string }

/** A service of the file with what its bands and its meal cost. */
export type PricedService = {
  serviceId: string
  bands: readonly OfferedBand[]
  full: readonly PriceVersion[]
}

/** The pupil whose fares are planned. `firstDayIn`: the first day of a service that no kitchen has counted. */
export type FareSubject = {
  name: string
  enrolments: readonly { serviceId: string; to: Day }[]
  fares: readonly (FarePeriod & { id: string; serviceId: string })[]
  firstDayIn: (serviceId: string) => Day
  yearEndsOn: Day
}

export type PlannedFare = { serviceId: string; plan: FarePlan }

const FULL_PRICE = ['intero', 'intera', 'prezzointero', 'tariffaintera', 'tariffapiena', 'piena', 'massima']
const plain = (text: string): string => folded(text).replace(/^(?:fascia|tariffa)(?=.)/, '')

/** The code of the band that a text means in a service: '' is the full price; null: none, or more than one. */
function bandMeant(text: string, { bands, full }: PricedService, day: Day): string | null {
  if (FULL_PRICE.includes(folded(text))) return ''
  const named = bands.filter(({ code, name }) => [plain(code), plain(name)].includes(plain(text)))
  if (named.length > 0) return named.length === 1 ? (named[0] as OfferedBand).code : null
  const amount = amountIn(text)
  if (!amount || 'bad' in amount) return null
  const codes = [
    ...bands.filter(({ prices }) => priceOn(prices, day) === amount.cents).map(({ code }) => code),
    ...(priceOn(full, day) === amount.cents ? [''] : []),
  ]
  return codes.length === 1 ? (codes[0] as string) : null
}

type FareOutcome = { plans: PlannedFare[]; words: string[]; refused: string[] }

/** The fares of a pupil as they are once a plan is written. */
function after<F extends FarePeriod & { id: string }>(fares: readonly F[], plan: FarePlan): F[] {
  const ends = new Map(plan.endFares.map(({ id, to }) => [id, to]))
  return fares
    .filter(({ id }) => !plan.dropFares.includes(id))
    .map((fare) => ({ ...fare, to: ends.get(fare.id) ?? fare.to }))
}

/**
 * What the fares of a pupil's rows change, never a day that the kitchen has counted. What is so already is no change.
 * @param say the sentences of a refusal of the rules
 */
export function planFares(
  asked: readonly FileFare[],
  services: readonly PricedService[],
  subject: FareSubject,
  say: (refusal: Refused) => string[],
): FareOutcome {
  const outcome: FareOutcome = { plans: [], words: [], refused: [] }
  let fares = [...subject.fares]
  const inOrder = asked.toSorted((a, b) => (a.from ?? '').localeCompare(b.from ?? ''))
  for (const [at, fare] of inOrder.entries()) {
    if (fare.badDay) {
      outcome.refused.push(`Il giorno «${fare.badDay}» della fascia non si legge: scrivilo come 01/09/2026.`)
      continue
    }
    const before = inOrder[at - 1]
    if (before && (before.to ?? '9999') >= (fare.from ?? '0000')) {
      outcome.refused.push('Due righe danno a questo alunno due fasce negli stessi giorni.')
      continue
    }
    const found = services.flatMap((service) => {
      const first = subject.firstDayIn(service.serviceId)
      const from = [fare.from ?? first, first].toSorted().at(-1) as Day
      const code = bandMeant(fare.band, service, from)
      return code === null ? [] : [{ service, from, code }]
    })
    const [only] = found
    if (!only || found.length > 1) {
      outcome.refused.push(
        `La fascia «${fare.band}» ${found.length > 1 ? 'è di più servizi: importala un servizio alla volta.' : 'non è fra quelle che si possono dare: creala in Tariffe, o correggila nel file.'}`,
      )
      continue
    }
    const planned = planOne(fare, only, { ...subject, fares })
    if (planned === null) continue
    if (!planned.ok) {
      outcome.refused.push(...say(planned))
      continue
    }
    outcome.plans.push({ serviceId: only.service.serviceId, plan: planned.value })
    outcome.words.push(...planned.value.lines.slice(0, -1))
    fares = after(fares, planned.value)
  }
  return outcome
}

/** Null: the pupil has it so already, or it is over. */
function planOne(
  { from: asked, to }: FileFare,
  { service, from, code }: { service: PricedService; from: Day; code: string },
  subject: FareSubject,
): ReturnType<typeof planFare> | null {
  const { serviceId, bands, full } = service
  const last = to ?? subject.yearEndsOn
  const isReversed = asked !== null && to !== null && to < asked
  if (last < from && !isReversed) return null
  const own = subject.fares.filter((one) => one.serviceId === serviceId)
  const firstDay = subject.firstDayIn(serviceId)
  const facts = {
    ...{ pupil: { name: subject.name }, bands, fares: own, firstDay, yearEndsOn: subject.yearEndsOn },
    enrolments: subject.enrolments.filter((one) => one.serviceId === serviceId),
  }
  if (code === '') {
    if (!own.some((one) => one.to >= from)) return null
    return planFareEnd(from, { ...facts, full })
  }
  const covering = own.find((one) => one.bandCode === code && one.from <= from && one.to >= from)
  if (covering && (covering.to === last || (to === null && covering.to > last))) return null
  return planFare({ bandCode: code, from, to: to ?? '' }, facts)
}
