import { type Day, dayInRome } from '#lib/kernel/day.ts'
import { longDay, timeInRome } from '#lib/words/format-day.ts'
import { italian, type Words } from '#lib/words/language.ts'
import { type CutoffFacts, mayChange } from './cutoff.ts'
import type { StateKind } from './meal-state.ts'

/** Everything that decides what a day is for one pupil and one service. */
export type DayFacts = {
  day: Day
  /** Between the first and the last day of the canteen in the pupil's school year. */
  inYear: boolean
  /** The pupil is enrolled on that day and the school serves on that weekday. */
  planned: boolean
  /** Why there is no canteen on a planned day: "Immacolata Concezione", "Sciopero". Null when there is none. */
  closure: string | null
  /** A cancellation stands for this day. */
  absent: boolean
  /** Deadline of the service day; null where the day is not served. */
  cutoffAt: Date | null
  status: CutoffFacts['status'] | null
}

/** An instant of the database's clock with the civil day it falls on in Italy. */
export type Moment = { now: Date; today: Day }

export const momentOf = (now: Date): Moment => ({ now, today: dayInRome(now) })

export type DayState = {
  day: Day
  kind: StateKind
  /** Deadline, only where there is a meal to speak of. */
  cutoffAt: Date | null
  /** Reason of a closure. */
  why: string | null
}

/**
 * What a day is for a pupil at a given moment. Presence is the default: only an absence is stored.
 * A past day counts as consumed once the day has been closed and charged; until then it is only no longer changeable.
 */
export function dayState(facts: DayFacts, { now, today }: Moment): DayState {
  const { day, cutoffAt, status } = facts
  const none = (kind: StateKind, why: string | null = null): DayState => ({ day, kind, cutoffAt: null, why })
  if (!facts.inYear) return none('outside')
  if (!facts.planned) return none('unplanned')
  if (facts.closure !== null || status === 'suspended') return none('closed', facts.closure)
  if (cutoffAt === null || status === null) return none('unplanned')

  const meal = (kind: StateKind): DayState => ({ day, kind, cutoffAt, why: null })
  if (mayChange({ arrivedAt: now, cutoffAt, status }) === 'accepted')
    return meal(facts.absent ? 'absent' : 'present')
  if (facts.absent) return meal(day < today ? 'absentPast' : 'absentLate')
  return meal(day < today && status === 'closed' ? 'consumed' : 'presentLate')
}

/** The deadline after the words "fino alle": "9:30" on the day itself, "9:30 di lunedì 23 novembre" on an earlier one. */
export function deadlineInWords(day: Day, cutoffAt: Date, t: Words = italian): string {
  const deadlineDay = dayInRome(cutoffAt)
  const time = timeInRome(cutoffAt, t.language)
  return deadlineDay === day ? time : t('{time} di {day}', { time, day: longDay(deadlineDay, t.language) })
}

/** A service's cutoff as a rule: "entro le ore 9:30 del giorno stesso". */
export function cutoffInWords(
  { time, daysBefore: n }: { time: string; daysBefore: number },
  t: Words = italian,
): string {
  if (n === 0) return t('entro le ore {time} del giorno stesso', { time })
  if (n === 1) return t('entro le ore {time} del giorno prima', { time })
  return t('entro le ore {time} di {n} giorni prima', { time, n })
}
