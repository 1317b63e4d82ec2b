import { addDays, type Day, type Weekday } from '#lib/kernel/day.ts'
import type { Cents } from '#lib/kernel/money.ts'
import { ok, type Result, refused, refusedField } from '#lib/kernel/result.ts'
import { householdOfMeal, type MealHouseholdRule } from '#lib/meals/cutoff.ts'
import { weekdaysInWords } from '#lib/school/schedule.words.ts'
import { dated } from '#lib/words/dated.ts'
import { longDate } from '#lib/words/format-day.ts'
import { formatEuro } from '#lib/words/format-money.ts'
import type { AskedAdult } from './hand-over.ts'

/** The days of another household, from when to when; `days` of two weeks, 1 is the first Monday. */
export type HouseholdDays = {
  householdId: string
  firstMonday: Day
  days: readonly number[]
  from: Day
  to: Day | null
}

/**
 * Whose the meals of a pupil are from a day on: of another household on some days, or (`rules` empty) all of its own one. What was
 * decided for later is replaced.
 */
export type AskedHouseholdDays = { pupilId: string; from: Day; rules: readonly HouseholdDays[] }

/** What the office types: the other parent by fiscal code, and the days of two weeks. */
export type TypedSecondHousehold = {
  pupilId: string
  adult: AskedAdult & { email: string | null }
  from: Day
  to: Day | null
  firstMonday: Day
  firstWeek: readonly Weekday[]
  secondWeek: readonly Weekday[]
}

/** A rule that stands, with its row. */
export type StandingRule = HouseholdDays & { id: string }

export type SecondHouseholdFacts = {
  pupilName: string
  homeId: string
  /** Names of the own household, of those of the rules, and of the one that is asked for. */
  names: Readonly<Record<string, string>>
  rules: readonly StandingRule[]
  /** The first day that no kitchen has counted, in every school and service of the pupil. */
  firstDay: Day
  /** Services in which the pupil is enrolled today or later. */
  serviceIds: readonly string[]
  /** Open meals of the pupil from `firstDay` on: whether a cancellation stands, and what each costs. */
  meals: readonly { day: Day; isCancelled: boolean; cents: Cents | null }[]
  /** Credits of the households of the rules, in cents. */
  credits: Readonly<Record<string, Cents>>
  /** Holders of a second household who are delegates of the own one too. */
  delegatesToo: readonly string[]
}

export type HouseholdDaysPlan = {
  /** Rules that end on the day before. */
  shorten: readonly { id: string; to: Day | null }[]
  drop: readonly string[]
  add: readonly HouseholdDays[]
  lines: readonly string[]
  before: string
  after: string
  /** The rules from this day on as they were, to which the way back leads. */
  back: readonly HouseholdDays[]
}

/** The id that stands for a household that is made with the act. */
export const NEW_HOUSEHOLD = 'new'

const SECOND_WEEK = 7

/** The days of two weeks, from 1 to 14. */
export const daysOfWeeks = (firstWeek: readonly number[], secondWeek: readonly number[]): number[] =>
  [...new Set([...firstWeek, ...secondWeek.map((day) => day + SECOND_WEEK)])].sort((a, b) => a - b)

/** "lunedì e martedì della prima settimana, venerdì della seconda, da lunedì 7 settembre 2026": days of two weeks. */
export function householdDaysInWords({ days, firstMonday }: Pick<HouseholdDays, 'days' | 'firstMonday'>) {
  const first = days.filter((day) => day <= SECOND_WEEK) as Weekday[]
  const second = days
    .filter((day) => day > SECOND_WEEK)
    .map((day) => day - SECOND_WEEK) as unknown as Weekday[]
  if (first.join() === second.join()) return `${weekdaysInWords(first)} di ogni settimana`
  const weeks = [
    first.length > 0 ? `${weekdaysInWords(first)} della prima settimana` : '',
    second.length > 0 ? `${weekdaysInWords(second)} della seconda` : '',
  ].filter(Boolean)
  return dated`${weeks.join(', ')}, a settimane alterne dal ${longDate(firstMonday)}`
}

const isSameRule = (a: HouseholdDays, b: HouseholdDays): boolean =>
  a.householdId === b.householdId && a.firstMonday === b.firstMonday && a.days.join() === b.days.join()

const lasts = ({ to }: Pick<HouseholdDays, 'to'>, day: Day): boolean => to === null || to >= day

/** What standing rules become when those from a day on are others. */
export function rulesFrom(
  standing: readonly StandingRule[],
  { from, rules }: Pick<AskedHouseholdDays, 'from' | 'rules'>,
): Pick<HouseholdDaysPlan, 'shorten' | 'drop' | 'add' | 'back'> {
  const touched = standing.filter((rule) => lasts(rule, from))
  const running = touched.find((rule) => rule.from < from)
  // A rule that goes on as it was is one row again.
  const before = standing.find((rule) => rule.from < from && rule.to === addDays(from, -1)) ?? running
  const [first] = rules
  const joined = first && before && first.from === from && isSameRule(first, before) ? before : null
  const shorten = joined
    ? joined.to === first?.to
      ? []
      : [{ id: joined.id, to: first?.to ?? null }]
    : running
      ? [{ id: running.id, to: addDays(from, -1) }]
      : []
  return {
    shorten,
    drop: touched.filter((rule) => rule.from >= from).map(({ id }) => id),
    add: joined ? rules.slice(1) : rules,
    back: touched.map(({ id: _, ...rule }) => ({ ...rule, from: rule.from < from ? from : rule.from })),
  }
}

/** What other days of the households would do, or why they cannot be. The same facts and the same form give the same plan. */
export function planHouseholdDays(
  asked: AskedHouseholdDays,
  facts: SecondHouseholdFacts,
): Result<HouseholdDaysPlan> {
  const { from, rules } = asked
  if (from < facts.firstDay) return refusedField('from', 'enrolments:too-early', { first: facts.firstDay })
  const written = rulesFrom(facts.rules, asked)
  if (keyOfHouseholdDays(written.back) === keyOfHouseholdDays(rules)) return refused('enrolments:nothing')
  const homeRule = (rule: HouseholdDays): MealHouseholdRule => ({ ...rule, homeId: facts.homeId })
  const moved = facts.meals.flatMap((meal) => {
    if (meal.day < from) return []
    const was = householdOfMeal(facts.rules.map(homeRule), meal.day) ?? facts.homeId
    const becomes = householdOfMeal(rules.map(homeRule), meal.day) ?? facts.homeId
    return was === becomes ? [] : [{ ...meal, to: becomes }]
  })
  const before = rulesInWords(written.back, facts)
  const after = rulesInWords(rules, facts)
  return ok({
    ...written,
    ...{ before, after },
    lines: [
      dated`Dal ${longDate(from)} i pasti di ${facts.pupilName} ${after}. Prima ${before}.`,
      ...[...new Set(moved.map(({ to }) => to))].flatMap((id) =>
        movedInWords(
          moved.filter(({ to }) => to === id),
          nameOf(id, facts),
        ),
      ),
      ...leavingInWords(written.back, rules, facts),
      ...facts.delegatesToo.map(
        (name) =>
          `${name} resta delegato nella famiglia ${nameOf(facts.homeId, facts)}, ma finché ha giorni suoi disdice solo quelli.`,
      ),
      'I pasti già contati restano di chi li ha pagati. Chi risponde dell’alunno, nelle due famiglie, riceve un messaggio.',
    ],
  })
}

const nameOf = (id: string, { names }: Pick<SecondHouseholdFacts, 'names'>): string => names[id] ?? ''

function rulesInWords(rules: readonly HouseholdDays[], facts: SecondHouseholdFacts): string {
  const home = nameOf(facts.homeId, facts)
  if (rules.length === 0) return `sono tutti della famiglia ${home}`
  const each = rules.map((rule) => {
    const until = rule.to ? dated`, fino al ${longDate(rule.to)}` : ''
    return `sono della famiglia ${nameOf(rule.householdId, facts)} ${householdDaysInWords(rule)}${until}`
  })
  return `${each.join('; poi ')}; gli altri sono della famiglia ${home}`
}

function movedInWords(meals: SecondHouseholdFacts['meals'], name: string): string[] {
  const booked = meals.filter(({ isCancelled }) => !isCancelled)
  const last = booked.at(-1)
  const cents = booked.reduce((sum, one) => sum + (one.cents ?? 0), 0)
  const cancelled = meals.filter(({ isCancelled }) => isCancelled).map(({ day }) => longDate(day))
  const count = booked.length === 1 ? 'un pasto previsto' : `${booked.length} pasti previsti`
  return [
    ...(last
      ? [
          dated`Li paga la famiglia ${name}, fino al ${longDate(last.day)}: ${count} che pagava l’altra, ${formatEuro(cents, 'it')} ai prezzi decisi finora.`,
        ]
      : []),
    ...(cancelled.length > 0
      ? [
          `Restano disdetti, e da adesso li può ripristinare solo la famiglia ${name}: ${cancelled.join(', ')}.`,
        ]
      : []),
  ]
}

/** A household whose days are over sees the pupil no more, and keeps what is on its account. */
function leavingInWords(
  before: readonly HouseholdDays[],
  after: readonly HouseholdDays[],
  facts: SecondHouseholdFacts,
): string[] {
  const stays = new Set(after.map(({ householdId }) => householdId))
  const leaving = [...new Set(before.map(({ householdId }) => householdId))].filter((id) => !stays.has(id))
  return leaving.flatMap((id) => {
    const credit = facts.credits[id] ?? 0
    return [
      `La famiglia ${nameOf(id, facts)} non ha più giorni di ${facts.pupilName}: finito l’ultimo non lo vede più.`,
      ...(credit > 0
        ? [`Sul conto della famiglia ${nameOf(id, facts)} restano ${formatEuro(credit, 'it')}: sono suoi.`]
        : []),
    ]
  })
}

/** The rule that a form asks for, or what is wrong with it. */
export function askedRule(typed: TypedSecondHousehold, householdId: string): Result<HouseholdDays> {
  const days = daysOfWeeks(typed.firstWeek, typed.secondWeek)
  if (days.length === 0) return refusedField('firstWeek', 'second-household:no-day')
  if (typed.to !== null && typed.to < typed.from) return refusedField('to', 'second-household:reversed')
  return ok({ householdId, firstMonday: typed.firstMonday, days, from: typed.from, to: typed.to })
}

const inOrder = ({ householdId, firstMonday, days, from, to }: HouseholdDays): HouseholdDays => ({
  ...{ householdId, firstMonday, days, from, to },
})

/** The way back as the register keeps it. */
export const keyOfHouseholdDays = (rules: readonly HouseholdDays[]): string =>
  JSON.stringify(rules.map(inOrder))

export const householdDaysOfKey = (key: string): HouseholdDays[] => JSON.parse(key) as HouseholdDays[]
