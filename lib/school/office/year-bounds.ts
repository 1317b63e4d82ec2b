import { addDays, type Day, parseDay } from '#lib/kernel/day.ts'
import { ok, type Result, refused, refusedField } from '#lib/kernel/result.ts'
import type { Span } from '../span-change.ts'
import { LONGEST_YEAR_DAYS } from './school-year.ts'

/** A school year, with the first and the last day of what stands on it. */
export type YearBounds = {
  startsOn: Day
  endsOn: Day
  today: Day
  others: readonly { name: string; startsOn: Day; endsOn: Day }[]
  /** Null while nothing does. */
  firstHeld: Day | null
  lastHeld: Day | null
}

export type AskedBounds = { startsOn: string; endsOn: string }

/** The ends of a year may go wherever no other year is, and leave nothing outside that stands on it. */
export function planBounds(asked: AskedBounds, year: YearBounds): Result<Span> {
  const [from, to] = [parseDay(asked.startsOn), parseDay(asked.endsOn)]
  if (!from) return refusedField('startsOn', 'structure:choose-day')
  if (!to) return refusedField('endsOn', 'structure:choose-day')
  if (from === year.startsOn && to === year.endsOn) return refused('structure:nothing-changes')
  if (to <= from || to > addDays(from, LONGEST_YEAR_DAYS))
    return refusedField('endsOn', 'structure:year-order')
  if (to < year.today) return refusedField('endsOn', 'town:day-past')
  const other = year.others.find(({ startsOn, endsOn }) => from <= endsOn && to >= startsOn)
  if (other) return refusedField('startsOn', 'structure:years-overlap', { name: other.name })
  if (year.firstHeld && from > year.firstHeld)
    return refusedField('startsOn', 'structure:year-holds', { day: year.firstHeld })
  if (year.lastHeld && to < year.lastHeld)
    return refusedField('endsOn', 'structure:year-holds', { day: year.lastHeld })
  return ok({ from, to })
}
