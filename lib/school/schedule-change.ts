import { type Day, isWithin, parseDay, type Weekday } from '#lib/kernel/day.ts'
import { ok, type Result, refused, refusedField } from '#lib/kernel/result.ts'
import { type PlannedDay, plannedDays } from './school-year.ts'

/** On which weekdays a school has a service, and until when a meal of it may change. */
export type Week = { weekdays: readonly Weekday[]; cutoffTime: string; cutoffDaysBefore: number }

/** A week in the columns of a statement. */
export type WeekColumns = Omit<Week, 'weekdays'> & { weekdays: Weekday[]; from: Day; to: Day }
/** The week that follows it from a day on. */
export type NextColumns = {
  nextFrom: Day
  nextWeekdays: Weekday[]
  nextCutoffTime: string
  nextCutoffDaysBefore: number
}
/** Columns of an outer join: all of them are null where there is no row. */
export type Nullable<Columns> = { [Name in keyof Columns]: Columns[Name] | null }

export const hasWeek = <Row extends Nullable<WeekColumns>>(row: Row): row is Row & WeekColumns =>
  row.weekdays !== null
export const hasNext = <Row extends Nullable<NextColumns>>(row: Row): row is Row & NextColumns =>
  row.nextFrom !== null

/** A service day as the database has it. `isDropped`: an earlier change took its weekday away. */
export type PlacedDay = {
  id: string
  day: Day
  status: 'open' | 'closed' | 'suspended'
  cutoffAt: Date
  isDropped: boolean
}

/** The week of one school in one school year, and everything that decides whether it may change. */
export type WeekFacts = {
  current: Week
  /** A change that was decided before; it may have begun. */
  next: (Week & { from: Day }) | null
  servedWeekdays: readonly Weekday[]
  startsOn: Day
  endsOn: Day
  graceSeconds: number
  /** The first day that no kitchen has counted. */
  firstDay: Day
  now: Date
  days: readonly PlacedDay[]
  closed: ReadonlySet<Day>
}

type Moved = { id: string; cutoffAt: Date; closeAt: Date }

export type WeekPlan = {
  from: Day
  week: Week
  /** What holds until the change begins. */
  before: Week
  servedWeekdays: Weekday[]
  open: PlannedDay[]
  reopen: Moved[]
  recut: Moved[]
  drop: { id: string; day: Day }[]
}

const sorted = (weekdays: readonly Weekday[]): Weekday[] => [...new Set(weekdays)].sort((a, b) => a - b)

const isSameWeek = (one: Week, other: Week): boolean =>
  sorted(one.weekdays).join() === sorted(other.weekdays).join() &&
  one.cutoffTime === other.cutoffTime &&
  one.cutoffDaysBefore === other.cutoffDaysBefore

const inForce = ({ current, next, firstDay }: Pick<WeekFacts, 'current' | 'next' | 'firstDay'>): Week =>
  next && next.from <= firstDay ? next : current

/** The week as it is said now, with a change that has not begun beside it. */
export const weekNow = (facts: Pick<WeekFacts, 'current' | 'next' | 'firstDay'>) => ({
  week: inForce(facts),
  waiting: facts.next && facts.next.from > facts.firstDay ? facts.next : null,
})

/** A change that has not begun gives way to one from the same day or an earlier one. */
function dayOf(typed: string, facts: WeekFacts): Result<Day> {
  const from = parseDay(typed)
  if (!from) return refusedField('from', 'structure:choose-day')
  const { startsOn, endsOn, firstDay, next } = facts
  if (from < firstDay) return refusedField('from', 'structure:too-early', { first: firstDay })
  if (!isWithin(from, { from: startsOn, to: endsOn }))
    return refusedField('from', 'structure:outside-year', { from: startsOn, to: endsOn })
  if (next && next.from > firstDay && from > next.from)
    return refusedField('from', 'structure:change-waits', { day: next.from })
  return ok(from)
}

/**
 * What a new week does to the days from `from` on: those before stay as they are. A day that loses its meals is suspended and not
 * taken away, so that what was cancelled on it stays readable.
 */
export function planWeek(asked: Week & { from: string }, facts: WeekFacts): Result<WeekPlan> {
  const day = dayOf(asked.from, facts)
  if (!day.ok) return day
  const from = day.value
  const week = {
    weekdays: sorted(asked.weekdays),
    cutoffTime: asked.cutoffTime,
    cutoffDaysBefore: asked.cutoffDaysBefore,
  }
  const before = inForce(facts)
  const stays = isSameWeek(week, before) && !weekNow(facts).waiting
  if (stays) return refused('structure:nothing-changes')
  const plan = { from, week, before, servedWeekdays: servedUntil(facts), ...sortDays(week, from, facts) }
  const moved = [...plan.open, ...plan.reopen, ...plan.recut].map(({ cutoffAt }) => cutoffAt.getTime())
  if (moved.some((cutoff) => cutoff <= facts.now.getTime()))
    return refusedField('from', 'structure:cutoff-passed', { day: from })
  return ok(plan)
}

/** Weekdays that were served and that the change's two weeks do not say. */
const servedUntil = ({ servedWeekdays, current, next, firstDay }: WeekFacts): Weekday[] =>
  sorted([...servedWeekdays, ...(next && next.from <= firstDay ? current.weekdays : [])])

function sortDays(week: Week, from: Day, { days, closed, endsOn, graceSeconds }: WeekFacts) {
  const planned = plannedDays({ ...week, startsOn: from, endsOn, graceSeconds }, closed)
  const wanted = new Map(planned.map((one) => [one.day, one]))
  const placed = days.filter(({ day }) => day >= from)
  const known = new Set(placed.map(({ day }) => day))
  const moved = (isMoved: (one: PlacedDay, to: PlannedDay) => boolean): Moved[] =>
    placed.flatMap((one) => {
      const to = wanted.get(one.day)
      return to && isMoved(one, to) ? [{ id: one.id, cutoffAt: to.cutoffAt, closeAt: to.closeAt }] : []
    })
  return {
    open: planned.filter(({ day }) => !known.has(day)),
    reopen: moved(({ status, isDropped }) => status === 'suspended' && isDropped),
    recut: moved(
      ({ status, cutoffAt }, to) => status === 'open' && cutoffAt.getTime() !== to.cutoffAt.getTime(),
    ),
    drop: placed
      .filter(({ day, status }) => status === 'open' && !wanted.has(day))
      .map(({ id, day }) => ({ id, day })),
  }
}
