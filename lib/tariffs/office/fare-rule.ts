import { type Day, parseDay } from '#lib/kernel/day.ts'
import { ok, type Result, refused, refusedField } from '#lib/kernel/result.ts'
import { listInWords } from '#lib/words/list.ts'
import { type FarePlan, type OfferedBand, planFare, startOf } from '../fare-assignment.ts'
import type { FarePeriod } from '../price.ts'

/** To whom a rule gives a band: children from the second or the third of a family on, families that live elsewhere. */
export const FARE_RULES = ['second', 'third', 'elsewhere'] as const
export type FareRule = (typeof FARE_RULES)[number]

export const RULE_WORDS: Readonly<Record<FareRule, string>> = {
  second: 'Dal secondo figlio iscritto in poi',
  third: 'Dal terzo figlio iscritto in poi',
  elsewhere: 'Chi paga abita in un altro Comune',
}

/** A pupil who eats in the service then. `city`: where who pays lives, empty where it is not written. */
export type RulePupil = {
  id: string
  name: string
  householdId: string
  birthDay: Day
  city: string
  lastDay: Day
  fares: readonly (FarePeriod & { id: string })[]
}

export type RuleFacts = {
  municipalityName: string
  pupils: readonly RulePupil[]
  bands: readonly OfferedBand[]
  firstDay: Day
  yearEndsOn: Day
}

export type AskedRule = { rule: FareRule; bandCode: string; from: string; to: string }

export type RulePlan = {
  fares: { pupil: RulePupil; plan: FarePlan }[]
  lines: string[]
}

const plain = (text: string): string =>
  text
    .normalize('NFD')
    .toLowerCase()
    .replace(/[^\p{L}]/gu, '')

/** Brothers and sisters by age, so that the eldest pays in full; of twins, by name. */
function youngerThan(pupils: readonly RulePupil[], elder: number): RulePupil[] {
  const households = Map.groupBy(pupils, ({ householdId }) => householdId)
  return [...households.values()].flatMap((children) =>
    children
      .toSorted(
        (a, b) =>
          a.birthDay.localeCompare(b.birthDay) || a.name.localeCompare(b.name) || a.id.localeCompare(b.id),
      )
      .slice(elder),
  )
}

/** Whom a rule means, and of whom it cannot be said. */
export function meantBy(
  rule: FareRule,
  { pupils, municipalityName }: Pick<RuleFacts, 'pupils' | 'municipalityName'>,
): { meant: RulePupil[]; unknown: RulePupil[] } {
  if (rule !== 'elsewhere') return { meant: youngerThan(pupils, rule === 'second' ? 1 : 2), unknown: [] }
  return {
    meant: pupils.filter(({ city }) => city.trim() !== '' && plain(city) !== plain(municipalityName)),
    unknown: pupils.filter(({ city }) => city.trim() === ''),
  }
}

const NAMED = 8
const named = (pupils: readonly RulePupil[]): string => {
  const names = pupils.slice(0, NAMED).map(({ name }) => name)
  const more = pupils.length - names.length
  return listInWords(more > 0 ? [...names, `altri ${more}`] : names, 'it')
}
const line = (pupils: readonly RulePupil[], words: string): string[] =>
  pupils.length > 0 ? [`${words}: ${pupils.length} (${named(pupils)}).`] : []

/**
 * What a rule gives, pupil by pupil, by the same plan as one decision. Who has a band in those days keeps it: a person gave it for a
 * reason of its own.
 */
export function planRule(asked: AskedRule, facts: RuleFacts): Result<RulePlan> {
  const band = facts.bands.find(({ code }) => code === asked.bandCode)
  if (!band) return refusedField('bandCode', 'tariffs:choose-band')
  const start = startOf(asked.from, facts)
  if (!start.ok) return start
  const from = start.value
  const to = asked.to === '' ? facts.yearEndsOn : parseDay(asked.to)
  if (!to) return refusedField('to', 'tariffs:choose-day')
  const pupils = facts.pupils.filter(({ lastDay }) => lastDay >= from)
  const { meant, unknown } = meantBy(asked.rule, { ...facts, pupils })
  const bandsOf = ({ fares }: RulePupil) => fares.filter((fare) => fare.to >= from && fare.from <= to)
  const free = meant.filter((pupil) => bandsOf(pupil).length === 0)
  const same = meant.filter((pupil) => bandsOf(pupil).some(({ bandCode }) => bandCode === band.code))
  const other = meant.filter((pupil) => bandsOf(pupil).length > 0 && !same.includes(pupil))
  const fares: RulePlan['fares'] = []
  for (const pupil of free) {
    const planned = planFare(asked, {
      ...{ pupil, enrolments: [{ to: pupil.lastDay }], fares: pupil.fares },
      ...{ firstDay: facts.firstDay, bands: facts.bands, yearEndsOn: facts.yearEndsOn },
    })
    if (!planned.ok) return planned
    fares.push({ pupil, plan: planned.value })
  }
  if (fares.length === 0) return refused('tariffs:rule-gives-none')
  return ok({
    fares,
    lines: [
      ...line(free, `Prendono la fascia ${band.name}`),
      ...line(same, 'L’hanno già, e non cambia niente'),
      ...line(other, 'Hanno un’altra fascia in quei giorni, e la tengono'),
      ...line(unknown, 'Non è scritto dove abita chi paga, e restano a prezzo intero'),
      'I pasti già addebitati non cambiano. Chi si iscrive dopo non prende la fascia da solo: ripeti la regola.',
    ],
  })
}
