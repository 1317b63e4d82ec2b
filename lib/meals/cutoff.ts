import type { Membership } from '#lib/access/viewer.ts'
import { type Day, daysSince, weekdayOf } from '#lib/kernel/day.ts'
import { type CancelRule, cancelledByOn } from '#lib/school/cancel-rule.ts'
import type { OwnWeekdays } from '#lib/school/enrolment.ts'
import type { MealAction, StateKind } from './meal-state.ts'
import type { MonthRange } from './month.ts'

/**
 * May a meal still change? The rule of the cutoff first, then what it needs and what follows from it: what a day is for a
 * pupil, and what an action does to each day. Neither clock nor database.
 */

/**
 * Who eats: a pupil by id or, of a pupil with more than one service, the pupil in one of them: `<pupil>.<service>`. A pupil by id
 * alone is meant in the first service, so that what knows of one service only goes on as before.
 */
export type Eater = string

const UUID_LENGTH = 36

export const eaterIn = (pupilId: string, serviceId: string): Eater => `${pupilId}.${serviceId}`
export const pupilOf = (eater: Eater): string => eater.slice(0, UUID_LENGTH)
/** Null: the first service of the pupil. */
export const serviceOf = (eater: Eater): string | null => eater.slice(UUID_LENGTH + 1) || null
/** The pupils of several eaters, each once. */
export const pupilsOf = (eaters: readonly Eater[]): string[] => [...new Set(eaters.map(pupilOf))]

/** What decides whether a meal may still change: the day's own cutoff, and whether the kitchen has its count. */
export type CutoffFacts = {
  /**
   * The database's time at the start of the transaction, less what the request waited for it in the process that had read it
   * (`app_arrival()`); never the browser's time. Where a calendar is only shown: the database's now.
   */
  arrivedAt: Date
  /** Changes are accepted strictly before this instant. */
  cutoffAt: Date
  status: 'open' | 'closed' | 'suspended'
}

export type CutoffAnswer = 'accepted' | 'too-late' | 'day-closed' | 'no-service'

/**
 * May this day still change?
 *
 * | day       | arrived         | answer     |
 * |-----------|-----------------|------------|
 * | suspended | any time        | no-service |
 * | open      | before 09:30:00 | accepted   |
 * | open      | 09:30:00.000 on | too-late   |
 * | closed    | before 09:30:00 | day-closed |
 * | closed    | 09:30:00.000 on | too-late   |
 *
 * "Closed, arrived before" is a request that waited longer than the grace between the cutoff and the close; for a change, a
 * day counts as closed as soon as its close is due (`lockServiceDays`), so that what waiting takes never exceeds the grace.
 * The database checks the same under a lock of the day's row (`absence_needs_open_day`).
 */
export function mayChange({ arrivedAt, cutoffAt, status }: CutoffFacts): CutoffAnswer {
  if (status === 'suspended') return 'no-service'
  if (arrivedAt.getTime() >= cutoffAt.getTime()) return 'too-late'
  return status === 'open' ? 'accepted' : 'day-closed'
}

/** Everything that decides what a day is for one pupil and one service. */
export type DayFacts = {
  day: Day
  /** Between the first and the last day of the canteen in the pupil's school year. */
  inYear: boolean
  /** The pupil is enrolled on that day, the school serves on that weekday, and the pupil eats on it. */
  planned: boolean
  /** The meal of this day is that of another household of the pupil. */
  elsewhere: boolean
  /** Why there is no canteen on a planned day: "Immacolata Concezione", "Sciopero". Null when there is none. */
  closure: string | null
  /** A cancellation stands for this day. */
  absent: boolean
  /** Deadline of the service day; null where the day is not served. */
  cutoffAt: Date | null
  status: CutoffFacts['status'] | null
}

/** An instant of the database's clock with the civil day it falls on in Italy; for a change, `now` is when it arrived. */
export type Moment = { now: Date; today: Day }

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
  // After what holds for both households; what the other one does with its meal is not said.
  if (facts.elsewhere) return none('elsewhere')

  const meal = (kind: StateKind): DayState => ({ day, kind, cutoffAt, why: null })
  if (mayChange({ arrivedAt: now, cutoffAt, status }) === 'accepted')
    return meal(facts.absent ? 'absent' : 'present')
  if (facts.absent) return meal(day < today ? 'absentPast' : 'absentLate')
  return meal(day < today && status === 'closed' ? 'consumed' : 'presentLate')
}

/** One pupil in one service and school, for as long as it lasts, with what that school's service does in the week. */
export type EnrolmentFact = {
  pupilId: string
  serviceId: string
  schoolId: string
  /** Both days included. */
  valid: MonthRange
  /** From the first to the last day of the canteen in the school year. */
  served: MonthRange
  weekdays: readonly number[]
  ownWeekdays: OwnWeekdays
}

/** On which days another household than the own one has a pupil's meals (`meal_household_rule`), and which the own one is. */
export type MealHouseholdRule = {
  homeId: string
  householdId: string
  /** Days of two weeks that come again and again, from 1 (the first Monday) to 14. */
  days: readonly number[]
  firstMonday: Day
  from: Day
  to: Day | null
}

const CYCLE = 14

/** Whether a day is one of a rule's: the rule of `is_rule_day` (db/functions/meal-households.sql). */
export function isRuleDay({ firstMonday, days }: Pick<MealHouseholdRule, 'firstMonday' | 'days'>, day: Day) {
  const since = daysSince(firstMonday, day) % CYCLE
  return days.includes(((since + CYCLE) % CYCLE) + 1)
}

/** Whose the meal of a day is, and (`otherId`) the household with which the pupil's days are shared then; null: with none. */
export type MealOwner = { householdId: string; otherId: string | null }

/** Whose meal a day is, for a pupil with a second household; the rule of `household_of_meal` (the same file). Null without rules. */
export function ownerOfMeal(rules: readonly MealHouseholdRule[], day: Day): MealOwner | null {
  const homeId = rules[0]?.homeId
  if (homeId === undefined) return null
  const rule = rules.find((one) => one.from <= day && (one.to === null || day <= one.to))
  if (!rule) return { householdId: homeId, otherId: null }
  return isRuleDay(rule, day)
    ? { householdId: rule.householdId, otherId: homeId }
    : { householdId: homeId, otherId: rule.householdId }
}

/** The household whose meal a day is; null without rules. */
export const householdOfMeal = (rules: readonly MealHouseholdRule[], day: Day): string | null =>
  ownerOfMeal(rules, day)?.householdId ?? null

export type ServiceDayFact = {
  id: string
  serviceId: string
  schoolId: string
  day: Day
  cutoffAt: Date
  status: CutoffFacts['status']
}

/** Whether a pupil eats on a day of a running enrolment: the rule of `eats_on` (db/functions/enrolments.sql). */
export const eatsOn = (weekdays: OwnWeekdays, day: Day): boolean =>
  weekdays === null || weekdays.includes(weekdayOf(day))

/** A closure of one school, or (null) of every school of the service. */
export type ClosureFact = { serviceId: string; schoolId: string | null; day: Day; reason: string }

export type CalendarFacts = {
  enrolments: readonly EnrolmentFact[]
  serviceDays: readonly ServiceDayFact[]
  closures: readonly ClosureFact[]
  absences: readonly { pupilId: string; serviceDayId: string }[]
  /** Whether the meal of a day is another household's; without it, none is. */
  isElsewhere?: (pupilId: string, day: Day) => boolean
}

/** Whether an enrolment is of this eater. */
const isOf = (eater: Eater): ((row: Pick<EnrolmentFact, 'pupilId' | 'serviceId'>) => boolean) => {
  const [pupilId, serviceId] = [pupilOf(eater), serviceOf(eater)]
  return (row) => row.pupilId === pupilId && (serviceId === null || row.serviceId === serviceId)
}

/** The facts of a day for an eater, with the service day they come from where there is one. */
export type PupilDay = { pupilId: Eater; serviceDayId: string | null; facts: DayFacts }

/**
 * Joins the rows of a few queries: a function that answers for any pupil and day of them.
 * A service day that exists says by itself whether it is open; closures explain why one is not.
 */
export function pupilDays(calendar: CalendarFacts): (pupilId: Eater, day: Day) => PupilDay {
  const serviceDays = new Map(
    calendar.serviceDays.map((row) => [`${row.serviceId} ${row.schoolId} ${row.day}`, row]),
  )
  const closures = new Map(
    calendar.closures.map((row) => [`${row.serviceId} ${row.schoolId ?? 'all'} ${row.day}`, row.reason]),
  )
  const absences = new Set(calendar.absences.map((row) => `${row.pupilId} ${row.serviceDayId}`))
  const reasonOf = (serviceId: string, schoolId: string, day: Day): string | null =>
    closures.get(`${serviceId} ${schoolId} ${day}`) ?? closures.get(`${serviceId} all ${day}`) ?? null

  return (pupilId, day) => {
    const falls = ({ from, to }: MonthRange): boolean => from <= day && day <= to
    const own = calendar.enrolments.filter(isOf(pupilId))
    const enrolment = own.find((row) => falls(row.valid))
    const inYear = own.some((row) => falls(row.served))
    const nothing: DayFacts = {
      day,
      inYear,
      planned: false,
      elsewhere: false,
      closure: null,
      absent: false,
      cutoffAt: null,
      status: null,
    }
    if (!enrolment) return { pupilId, serviceDayId: null, facts: nothing }
    const { serviceId, schoolId, weekdays, ownWeekdays, served } = enrolment
    const serviceDay = serviceDays.get(`${serviceId} ${schoolId} ${day}`)
    const isOpen = serviceDay !== undefined && serviceDay.status !== 'suspended'
    return {
      pupilId,
      serviceDayId: serviceDay?.id ?? null,
      facts: {
        day,
        inYear,
        planned:
          eatsOn(ownWeekdays, day) &&
          (serviceDay !== undefined || (falls(served) && weekdays.includes(weekdayOf(day)))),
        elsewhere: calendar.isElsewhere?.(pupilOf(pupilId), day) ?? false,
        closure: isOpen ? null : reasonOf(serviceId, schoolId, day),
        absent: serviceDay !== undefined && absences.has(`${pupilOf(pupilId)} ${serviceDay.id}`),
        cutoffAt: serviceDay?.cutoffAt ?? null,
        status: serviceDay?.status ?? null,
      },
    }
  }
}

/** What is asked for: this action on these pupils, or in one service of theirs, on these days. Sorted and without repetitions. */
export type BatchRequest = { action: MealAction; pupilIds: readonly Eater[]; days: readonly Day[] }

/** A whole school year fits; a request beyond these is a mistake or an attack. */
export const MOST_DAYS = 366
export const MOST_PUPILS = 20

/** The meals of a request, in the order pupil by pupil, with their facts: one that is asked for in two ways is there once. */
export function mealsOf(request: BatchRequest, calendar: CalendarFacts): PupilDay[] {
  const factsOf = pupilDays(calendar)
  const meals = request.pupilIds.flatMap((pupilId) => request.days.map((day) => factsOf(pupilId, day)))
  const seen = new Set<string>()
  return meals.filter(({ pupilId, serviceDayId }) => {
    const meal = `${pupilOf(pupilId)} ${serviceDayId}`
    if (serviceDayId === null || !seen.has(meal)) return seen.add(meal)
    return false
  })
}

/** What will happen to one meal, or why nothing will. */
export type Verdict =
  | 'changes'
  | 'already'
  | 'late'
  | 'past'
  | 'closed'
  | 'elsewhere'
  | 'unplanned'
  | 'outside'

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

const NOT_CHANGEABLE: Record<
  Exclude<StateKind, 'present' | 'absent' | 'presentLate' | 'absentLate'>,
  Verdict
> = {
  consumed: 'past',
  absentPast: 'past',
  closed: 'closed',
  elsewhere: 'elsewhere',
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
    counts: { changes: 0, already: 0, late: 0, past: 0, closed: 0, elsewhere: 0, unplanned: 0, outside: 0 },
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

/** An enrolment with who may cancel its service since when. */
export type RuledEnrolment = EnrolmentFact & {
  cancelRules: readonly CancelRule[]
  householdRules: readonly MealHouseholdRule[]
}

/**
 * Whether only the holder of its household may change one of these meals, and the person is another one.
 * @param enrolments in their order: of a pupil without a service the first one decides, as in the calendar
 */
export function holdsMeal(
  memberships: readonly Membership[],
  homeId: string,
  enrolments: readonly RuledEnrolment[],
  meals: readonly { pupilId: string; day: Day }[],
): boolean {
  const isHolder = (householdId: string) =>
    memberships.some((one) => one.householdId === householdId && one.role === 'holder')
  return meals.some(({ pupilId, day }) => {
    const ofEater = isOf(pupilId)
    const own = enrolments.find((one) => ofEater(one) && one.valid.from <= day && day <= one.valid.to)
    if (own === undefined || isHolder(householdOfMeal(own.householdRules, day) ?? homeId)) return false
    return cancelledByOn(own.cancelRules, day) === 'holder'
  })
}
