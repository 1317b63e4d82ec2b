import { addDays, type Day } from '#lib/kernel/day.ts'
import type { Cents } from '#lib/kernel/money.ts'

/** What the office enters; a holiday comes with the school year. */
export type ClosureKind = 'closure' | 'strike' | 'trip'

/** A day without the canteen, for one school or (null) for all, with its reason. */
export type Closure = { id: string; day: Day; kind: string; reason: string; schoolName: string | null }

/** Closures in a row with one reason: `from` and `to` are the same for a single day. */
export type ClosedPeriod = Omit<Closure, 'day'> & { from: Day; to: Day }

const isNext = (period: ClosedPeriod, closure: Closure): boolean =>
  addDays(period.to, 1) === closure.day &&
  period.kind === closure.kind &&
  period.reason === closure.reason &&
  period.schoolName === closure.schoolName

/** Consecutive days with the same reason and school become one period, in the order of their first day. */
export function closedPeriods(closures: readonly Closure[]): ClosedPeriod[] {
  const periods: ClosedPeriod[] = []
  for (const closure of [...closures].sort((a, b) => a.day.localeCompare(b.day))) {
    const running = periods.find((period) => isNext(period, closure))
    if (running) running.to = closure.day
    else {
      const { day, ...rest } = closure
      periods.push({ ...rest, from: day, to: day })
    }
  }
  return periods
}

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
}

/** The sums of a preview; the confirmation sends them back, and a difference means that the preview is old. */
export function sumOfEffects(effects: readonly ClosureEffect[]): { meals: number; refundCents: Cents } {
  const live = effects.filter((effect) => effect.status !== 'suspended')
  return {
    meals: live.reduce((sum, effect) => sum + effect.meals, 0),
    refundCents: live.reduce((sum, effect) => sum + effect.refundCents, 0),
  }
}
