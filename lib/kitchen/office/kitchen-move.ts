import { addDays, type Day, parseDay } from '#lib/kernel/day.ts'
import { ok, type Result, refused, refusedField } from '#lib/kernel/result.ts'

/** A kitchen that serves a school from a day on, until the next one. */
export type Served = { from: Day; kitchenId: string; kitchenName: string }

/** Which kitchens serve a school, and since when that may change. */
export type SchoolService = {
  /** In their order. */
  served: readonly Served[]
  /** The first day that no kitchen has counted. */
  firstDay: Day
  /** From `firstDay` on, the first day with a meal; null where there is none. */
  firstMeal: Day | null
}

/** What is asked: `to` empty for a move without an end. */
export type AskedServing = { kitchenId: string; from: string; to: string }

export type ServingPlan = {
  from: Day
  to: Day | null
  /** Which kitchen serves until then; null where none does. */
  before: Served | null
  /** Which one serves afterwards; null for a move without an end. */
  after: Served | null
  /** What is written. */
  rows: { from: Day; kitchenId: string }[]
}

/** The kitchen that serves a school on a day. */
export const kitchenOn = (served: readonly Served[], day: Day): Served | null =>
  served.findLast(({ from }) => from <= day) ?? null

type Days = { from: Day; to: Day | null }

function daysOf(asked: AskedServing, firstDay: Day): Result<Days> {
  const from = parseDay(asked.from)
  if (!from) return refusedField('from', 'structure:choose-day')
  if (from < firstDay) return refusedField('from', 'structure:too-early', { first: firstDay })
  if (asked.to === '') return ok({ from, to: null })
  const to = parseDay(asked.to)
  return to && to >= from ? ok({ from, to }) : refusedField('to', 'structure:choose-day')
}

/**
 * A school goes to a kitchen from a day on, for good or until a day, after which the one before serves it again. Days that were
 * counted stay with the kitchen that had them; a change that was decided already is not run over, and no day with meals is left
 * without a kitchen.
 */
export function planServing(
  asked: AskedServing,
  { served, firstDay, firstMeal }: SchoolService,
): Result<ServingPlan> {
  const days = daysOf(asked, firstDay)
  if (!days.ok) return days
  const { from, to } = days.value
  const before = kitchenOn(served, addDays(from, -1))
  const onTheDay = kitchenOn(served, from)
  const next = served.find((one) => one.from > from) ?? null
  if (onTheDay?.kitchenId === asked.kitchenId) return refused('structure:nothing-changes')
  if (next && (to === null || to >= next.from))
    return refusedField('to', 'kitchens:overlap', { name: next.kitchenName, day: next.from })
  if (!onTheDay && firstMeal !== null && firstMeal < from)
    return refusedField('from', 'kitchens:gap', { day: firstMeal })
  if (to === null) return ok({ from, to, before, after: null, rows: [{ from, kitchenId: asked.kitchenId }] })
  const back = addDays(to, 1)
  const after = next?.from === back ? next : onTheDay
  if (!after) return refusedField('to', 'kitchens:gap', { day: back })
  const rows = [{ from, kitchenId: asked.kitchenId }]
  if (next?.from !== back) rows.push({ from: back, kitchenId: after.kitchenId })
  return ok({ from, to, before, after, rows })
}

export type TakenBack = { taken: Served; before: Served }

/** Takes back a change that has not begun: the kitchen before goes on. The first kitchen of a school has none before it. */
export function planTakingBack(
  typed: string,
  { served, firstDay }: Pick<SchoolService, 'served' | 'firstDay'>,
): Result<TakenBack> {
  const day = parseDay(typed)
  const taken = served.find(({ from }) => from === day)
  if (!day || !taken) return refused('request:not-found')
  if (day < firstDay) return refused('structure:too-early', { first: firstDay })
  const before = kitchenOn(served, addDays(day, -1))
  return before ? ok({ taken, before }) : refused('kitchens:gap', { day })
}
