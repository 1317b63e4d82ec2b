import { addDays, type Day, isWithin } from '#lib/kernel/day.ts'
import { ok, type Result, refusedField } from '#lib/kernel/result.ts'
import type { WeekFacts, WeekPlan } from './schedule-change.ts'
import { type PlannedDay, plannedDays } from './school-year.ts'

/** The first and the last day of the canteen in one school. */
export type Span = { from: Day; to: Day }

export type SpanPlan = Pick<WeekPlan, 'open' | 'reopen' | 'drop'> & { before: Span; span: Span }

/** What holds on a day: the week in force, or the one that follows it. */
function daysOf({ current, next, graceSeconds, closed }: WeekFacts, { from, to }: Span): PlannedDay[] {
  const span = { startsOn: from, endsOn: to, graceSeconds }
  if (!next || next.from > to) return plannedDays({ ...current, ...span }, closed)
  if (next.from <= from) return plannedDays({ ...next, ...span }, closed)
  return [
    ...plannedDays({ ...current, ...span, endsOn: addDays(next.from, -1) }, closed),
    ...plannedDays({ ...next, ...span, startsOn: next.from }, closed),
  ]
}

/** The earlier of two days. */
export const earlier = (one: Day, other: Day): Day => [one, other].sort()[0] as Day

function checkSpan(
  { from, to }: Span,
  { startsOn, endsOn, firstDay, next }: WeekFacts,
  year: Span,
): Result<null> {
  if (to < from) return refusedField('serviceTo', 'structure:choose-day')
  if (!isWithin(from, year)) return refusedField('serviceFrom', 'structure:outside-year', year)
  if (!isWithin(to, year)) return refusedField('serviceTo', 'structure:outside-year', year)
  if (from !== startsOn && earlier(from, startsOn) < firstDay)
    return refusedField('serviceFrom', 'structure:too-early', { first: firstDay })
  if (to !== endsOn && addDays(earlier(to, endsOn), 1) < firstDay)
    return refusedField('serviceTo', 'structure:too-early', { first: addDays(firstDay, -1) })
  if (next && !isWithin(next.from, { from, to }))
    return refusedField('serviceTo', 'structure:change-waits', { day: next.from })
  return ok(null)
}

/**
 * What other ends do to the days of a school: those between stay as they are. A day that loses its meals is suspended and not
 * taken away, so that what was cancelled on it stays readable. Null where the school has these ends already.
 */
export function planSpan(span: Span, facts: WeekFacts, year: Span): Result<SpanPlan | null> {
  const before = { from: facts.startsOn, to: facts.endsOn }
  if (span.from === before.from && span.to === before.to) return ok(null)
  const right = checkSpan(span, facts, year)
  if (!right.ok) return right
  const known = new Map(facts.days.map((one) => [one.day, one]))
  const added = daysOf(facts, span).filter(({ day }) => !isWithin(day, before))
  const passed = added.find(({ cutoffAt }) => cutoffAt <= facts.now)
  if (passed) return refusedField('serviceFrom', 'structure:cutoff-passed', { day: passed.day })
  return ok({
    ...{ before, span },
    open: added.filter(({ day }) => !known.has(day)),
    reopen: added.flatMap(({ day, cutoffAt, closeAt }) => {
      const one = known.get(day)
      return one?.isDropped && one.status === 'suspended' ? [{ id: one.id, cutoffAt, closeAt }] : []
    }),
    drop: facts.days
      .filter(({ day, status }) => status === 'open' && !isWithin(day, span))
      .map(({ id, day }) => ({ id, day })),
  })
}
