import { addDays, type Day } from '#lib/kernel/day.ts'
import type { Cents } from '#lib/kernel/money.ts'

/** What the office enters; a holiday comes with the school year. */
export type ClosureKind = 'closure' | 'strike' | 'trip'

/**
 * A day without the canteen, for one school or (null) for all, with its reason. `by`: who decided it, null for what came with the
 * school year; `undoneBy`: who took it back.
 */
export type Closure = {
  id: string
  day: Day
  kind: string
  reason: string
  schoolName: string | null
  by: string | null
  undoneBy: string | null
}

/** Closures in a row with one reason: `from` and `to` are the same for a single day. `days`: each of them. */
export type ClosedPeriod = Omit<Closure, 'day'> & { from: Day; to: Day; days: { id: string; day: Day }[] }

const isNext = (period: ClosedPeriod, closure: Closure): boolean =>
  addDays(period.to, 1) === closure.day &&
  period.kind === closure.kind &&
  period.reason === closure.reason &&
  period.schoolName === closure.schoolName &&
  period.by === closure.by &&
  period.undoneBy === closure.undoneBy

/** Consecutive days with the same reason and school become one period, in the order of their first day. */
export function closedPeriods(closures: readonly Closure[]): ClosedPeriod[] {
  const periods: ClosedPeriod[] = []
  for (const closure of [...closures].sort((a, b) => a.day.localeCompare(b.day))) {
    const running = periods.find((period) => isNext(period, closure))
    const { day, ...rest } = closure
    if (running) {
      running.to = day
      running.days.push({ id: closure.id, day })
    } else periods.push({ ...rest, from: day, to: day, days: [{ id: closure.id, day }] })
  }
  return periods
}

/** Whether the office may take it back: its own decision, still in force. A holiday comes with the school year. */
export const isUndoable = ({ kind, undoneBy }: Pick<Closure, 'kind' | 'undoneBy'>): boolean =>
  kind !== 'holiday' && undoneBy === null

/** What a closure of one school on one day would do. */
export type ClosureEffect = {
  schoolId: string
  schoolName: string
  status: 'open' | 'closed' | 'suspended'
  /** Pupils enrolled on that day. */
  pupils: number
  /** Meals planned (open day) or already counted by the kitchen (closed day), free ones included. */
  meals: number
  /** What goes back to the families; zero while nothing was charged. */
  refundCents: Cents
  /** Why it is suspended already, and who decided that; null for a day that is not. */
  decided: { kind: string; reason: string; by: string | null } | null
}

/** The sums of a preview; the confirmation sends them back, and a difference means that the preview is old. */
export function sumOfEffects(effects: readonly ClosureEffect[]): { meals: number; refundCents: Cents } {
  const live = effects.filter((effect) => effect.status !== 'suspended')
  return {
    meals: live.reduce((sum, effect) => sum + effect.meals, 0),
    refundCents: live.reduce((sum, effect) => sum + effect.refundCents, 0),
  }
}

/** What undoing a closure would do in one school. */
export type ReopeningEffect = {
  closureId: string
  serviceDayId: string
  schoolName: string
  cutoffAt: Date
  /** Whether the kitchen had counted the day before it was suspended: its meals were given back. */
  isCounted: boolean
  /** Whether its meals were given back and charged again before: the ledger does that once. */
  wasTakenUp: boolean
  pupils: number
  /** Of these, the cancelled ones: a cancellation outlives the closure. */
  absent: number
  /** Meals that the kitchen had counted. */
  counted: number
  /** What of their price was given back: nothing where the closure came before the charge. */
  givenBackCents: Cents
}

/** For how long meals that were eaten may be charged again. */
export const TAKE_UP_DAYS = 14
const DAY_MS = 24 * 60 * 60 * 1_000

/**
 * What becomes of a school's day: it `opens` and families can cancel; a day that was counted is `taken-up`, its meals count and
 * are charged again, once and soon; or it stays suspended, with the reason.
 */
export type Reopening = 'opens' | 'taken-up' | 'late' | 'done-before' | 'too-old'

export function reopeningOf(
  { isCounted, wasTakenUp, cutoffAt }: Pick<ReopeningEffect, 'isCounted' | 'wasTakenUp' | 'cutoffAt'>,
  now: Date,
): Reopening {
  if (!isCounted) return now < cutoffAt ? 'opens' : 'late'
  if (wasTakenUp) return 'done-before'
  return now.getTime() - cutoffAt.getTime() < TAKE_UP_DAYS * DAY_MS ? 'taken-up' : 'too-old'
}

/** Whether the school has its canteen again. */
export const isReopened = (reopening: Reopening): boolean => reopening === 'opens' || reopening === 'taken-up'

/** The meals that count again in a school, expected or eaten. */
export function mealsAgain(effect: ReopeningEffect, now: Date): number {
  const reopening = reopeningOf(effect, now)
  if (reopening === 'opens') return effect.pupils - effect.absent
  return reopening === 'taken-up' ? effect.counted : 0
}

/** The sums of the preview of an undoing: schools that have their canteen again, their meals, and what is charged again. */
export type ReopeningSums = { schools: number; meals: number; chargeCents: Cents }

export function sumOfReopening(effects: readonly ReopeningEffect[], now: Date): ReopeningSums {
  const reopened = effects.filter((effect) => isReopened(reopeningOf(effect, now)))
  return {
    schools: reopened.length,
    meals: reopened.reduce((sum, effect) => sum + mealsAgain(effect, now), 0),
    chargeCents: reopened.reduce(
      (sum, effect) => sum + (reopeningOf(effect, now) === 'taken-up' ? effect.givenBackCents : 0),
      0,
    ),
  }
}
