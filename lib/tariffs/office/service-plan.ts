import { addDays, type Day, isWithin, parseDay, type Weekday } from '#lib/kernel/day.ts'
import type { Cents } from '#lib/kernel/money.ts'
import { ok, type Result, refused, refusedField } from '#lib/kernel/result.ts'
import { slugOf } from '#lib/kernel/slug.ts'
import { type CancelledBy, type CancelRule, cancelledByOn } from '#lib/school/cancel-rule.ts'
import { type PlannedDay, plannedDays } from '#lib/school/school-year.ts'

/** A new service as the office writes it. */
export type AskedService = {
  name: string
  cents: Cents
  from: string
  weekdays: readonly Weekday[]
  cutoffTime: string
  cutoffDaysBefore: number
  cancelledBy: CancelledBy
  isCooked: boolean
  /** In every school from its first day on; false: the office decides school by school. */
  isEverywhere: boolean
}

type Year = { id: string; name: string; startsOn: Day; endsOn: Day; servedUntil: Day | null }

export type NewServiceFacts = {
  today: Day
  now: Date
  names: readonly string[]
  codes: readonly string[]
  /** Those that are not over. */
  years: readonly Year[]
  schools: readonly { id: string; name: string }[]
  /** Days on which another service is closed for every school, with the reason. */
  holidays: readonly { day: Day; reason: string }[]
}

export type NewService = AskedService & {
  code: string
  from: Day
  to: Day
  yearId: string
  days: PlannedDay[]
  schools: readonly { id: string; name: string }[]
}

const LEAST_CENTS = 1
const MOST_CENTS = 10_000

/** "Pre-scuola (8:00)" → "pre-scuola": a code has letters alone, and each service its own. */
export function codeOf(name: string, taken: readonly string[]): string {
  const base = slugOf(name.replaceAll(/\d+/g, ' '), { otherwise: 'servizio', longest: 40 })
  let code = base
  for (let letter = 97; taken.includes(code); letter += 1) code = `${base}-${String.fromCharCode(letter)}`
  return code
}

const isTaken = (name: string, names: readonly string[]): boolean =>
  names.some((one) => one.toLowerCase() === name.toLowerCase())

/** A service that begins on a day to come, with its first price and, where it is given everywhere, its days. */
export function planService(asked: AskedService, facts: NewServiceFacts): Result<NewService> {
  const { name, cents } = asked
  if (isTaken(name, facts.names)) return refusedField('name', 'structure:name-taken', { name })
  if (cents < LEAST_CENTS || cents > MOST_CENTS)
    return refusedField('price', 'tariffs:out-of-range', { least: LEAST_CENTS, most: MOST_CENTS })
  const from = parseDay(asked.from)
  if (!from) return refusedField('from', 'structure:choose-day')
  if (from < facts.today) return refusedField('from', 'structure:too-early', { first: facts.today })
  const year = facts.years.find(({ startsOn, endsOn }) => isWithin(from, { from: startsOn, to: endsOn }))
  if (!year) return refusedField('from', 'services:no-year')
  const to = year.servedUntil && year.servedUntil >= from ? year.servedUntil : year.endsOn
  const closed = new Set(facts.holidays.map(({ day }) => day))
  const days = plannedDays({ ...asked, startsOn: from, endsOn: to, graceSeconds: 0 }, closed)
  const first = days[0]
  if (first && first.cutoffAt <= facts.now)
    return refusedField('from', 'structure:cutoff-passed', { day: first.day })
  const schools = asked.isEverywhere ? facts.schools : []
  return ok({ ...asked, code: codeOf(name, facts.codes), from, to, yearId: year.id, days, schools })
}

export type CancelRulePlan = { from: Day; cancelledBy: CancelledBy; before: CancelledBy; isWritten: boolean }

/**
 * Who may cancel, from a day on. A change that has not begun gives way to one from the same day or an earlier one; what was
 * cancelled before stays cancelled.
 */
export function planCancelRule(
  asked: { cancelledBy: CancelledBy; from: string },
  { rules, firstDay }: { rules: readonly CancelRule[]; firstDay: Day },
): Result<CancelRulePlan> {
  const from = parseDay(asked.from)
  if (!from) return refusedField('from', 'structure:choose-day')
  if (from < firstDay) return refusedField('from', 'structure:too-early', { first: firstDay })
  const waiting = rules.find((rule) => rule.from > firstDay)
  if (waiting && from > waiting.from)
    return refusedField('from', 'structure:change-waits', { day: waiting.from })
  const before = cancelledByOn(rules, addDays(from, -1))
  const isSame = before === asked.cancelledBy
  if (isSame && !rules.some((rule) => rule.from >= from)) return refused('structure:nothing-changes')
  return ok({ from, cancelledBy: asked.cancelledBy, before, isWritten: !isSame })
}

/** A service ends after a day that no kitchen has counted; what was served before stays as it is. */
export function planServiceEnd(
  typed: string,
  { validTo, firstDay }: { validTo: Day | null; firstDay: Day },
): Result<Day> {
  const to = parseDay(typed)
  if (!to) return refusedField('to', 'structure:choose-day')
  const first = addDays(firstDay, -1)
  if (to < first) return refusedField('to', 'structure:too-early', { first })
  if (validTo !== null && to >= validTo) return refusedField('to', 'services:ends-before', { day: validTo })
  return ok(to)
}
