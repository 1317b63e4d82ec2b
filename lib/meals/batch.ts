import { type Day, daysBetween, parseDay } from '#lib/kernel/day.ts'
import { ok, type Result, refused } from '#lib/kernel/result.ts'
import { isUuid } from '#lib/kernel/uuid.ts'
import { type CalendarFacts, type PupilDay, pupilDays } from './calendar-facts.ts'
import type { DayState } from './day-state.ts'
import type { MealAction, StateKind } from './meal-state.ts'

/** A family's request: this action on these pupils on these days. Always sorted and without repetitions. */
export type BatchRequest = { action: MealAction; pupilIds: readonly string[]; days: readonly Day[] }

/** What will happen to one meal, or why nothing will. */
export type Verdict = 'changes' | 'already' | 'late' | 'past' | 'closed' | 'unplanned' | 'outside'

export type BatchLine = {
  pupilId: string
  day: Day
  kind: StateKind
  verdict: Verdict
  cutoffAt: Date | null
  why: string | null
}

export type BatchPreview = {
  action: MealAction
  changes: BatchLine[]
  unchanged: BatchLine[]
  counts: Record<Verdict, number>
}

/** A whole school year fits; a request beyond these is a mistake or an attack. */
export const MOST_DAYS = 366
export const MOST_PUPILS = 20

const NOT_CHANGEABLE: Record<
  Exclude<StateKind, 'present' | 'absent' | 'presentLate' | 'absentLate'>,
  Verdict
> = {
  consumed: 'past',
  absentPast: 'past',
  closed: 'closed',
  unplanned: 'unplanned',
  outside: 'outside',
}

/** What an action does to a day in a given state. A late day that is already as wished is "already", not "late". */
export function verdictOf(action: MealAction, kind: StateKind): Verdict {
  switch (kind) {
    case 'present':
      return action === 'cancel' ? 'changes' : 'already'
    case 'absent':
      return action === 'restore' ? 'changes' : 'already'
    case 'presentLate':
      return action === 'cancel' ? 'late' : 'already'
    case 'absentLate':
      return action === 'restore' ? 'late' : 'already'
    default:
      return NOT_CHANGEABLE[kind]
  }
}

/** Judges every meal of a request, in the order given; nothing is dropped: each line is in one of the two lists. */
export function previewOf(
  action: MealAction,
  meals: readonly { pupilId: string; state: DayState }[],
): BatchPreview {
  const preview: BatchPreview = {
    action,
    changes: [],
    unchanged: [],
    counts: { changes: 0, already: 0, late: 0, past: 0, closed: 0, unplanned: 0, outside: 0 },
  }
  for (const { pupilId, state } of meals) {
    const { day, kind, cutoffAt, why } = state
    const verdict = verdictOf(action, kind)
    preview.counts[verdict] += 1
    const list = verdict === 'changes' ? preview.changes : preview.unchanged
    list.push({ pupilId, day, kind, verdict, cutoffAt, why })
  }
  return preview
}

/** The meals of a request, in the order pupil by pupil, with their facts. */
export function mealsOf(request: BatchRequest, calendar: CalendarFacts): PupilDay[] {
  const factsOf = pupilDays(calendar)
  return request.pupilIds.flatMap((pupilId) => request.days.map((day) => factsOf(pupilId, day)))
}

/** What a browser or an app sends, before anybody believes it. */
export type RawBatch = {
  action: unknown
  pupilIds: readonly unknown[]
  days: readonly unknown[]
  from?: unknown
  to?: unknown
}

const sortedUnique = <T extends string>(values: readonly T[]): T[] => [...new Set(values)].sort()

const isBlank = (value: unknown): boolean => value === undefined || value === null || value === ''

/**
 * Reads a request: single days and/or a period, both ends included.
 * @returns the request sorted and without repetitions, or why it cannot be understood. Ownership is not judged here.
 */
export function readBatch(raw: RawBatch): Result<BatchRequest> {
  const { action } = raw
  if (action !== 'cancel' && action !== 'restore') return refused('meals:unknown-action')
  if (raw.pupilIds.length === 0) return refused('meals:no-pupil')
  if (raw.pupilIds.length > MOST_PUPILS || raw.days.length > MOST_DAYS)
    return refused('meals:too-many-days', { max: MOST_DAYS })
  const pupilIds = raw.pupilIds.filter(isUuid)
  if (pupilIds.length !== raw.pupilIds.length) return refused('request:not-found')

  const days: Day[] = []
  for (const value of raw.days) {
    const day = parseDay(value)
    if (day === null) return refused('meals:bad-day')
    days.push(day)
  }
  const period = readPeriod(raw.from, raw.to)
  if (!period.ok) return period
  days.push(...period.value)
  if (days.length === 0) return refused('meals:no-days')

  const request = { action, pupilIds: sortedUnique(pupilIds), days: sortedUnique(days) } as const
  return request.days.length > MOST_DAYS ? refused('meals:too-many-days', { max: MOST_DAYS }) : ok(request)
}

/** The days of "dal … al …"; a single end means that day alone, none at all means no days. */
function readPeriod(rawFrom: unknown, rawTo: unknown): Result<Day[]> {
  if (isBlank(rawFrom) && isBlank(rawTo)) return ok([])
  const from = parseDay(isBlank(rawFrom) ? rawTo : rawFrom)
  const to = parseDay(isBlank(rawTo) ? rawFrom : rawTo)
  if (from === null || to === null) return refused('meals:bad-day')
  if (to < from) return refused('meals:period-reversed')
  // Checked before the days are listed, so that a period of centuries costs nothing.
  if (Date.parse(to) - Date.parse(from) >= MOST_DAYS * 86_400_000)
    return refused('meals:too-many-days', { max: MOST_DAYS })
  return ok(daysBetween(from, to))
}
