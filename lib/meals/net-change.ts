import type { Day } from '#lib/kernel/day.ts'
import type { MealAction } from './meal-state.ts'

/** A meal that was cancelled or restored. */
export type MealEvent = { pupilId: string; serviceDayId: string; day: Day; kind: 'cancelled' | 'restored' }

/**
 * What came of several changes, in the order in which they were made: a meal whose last change undoes its first is as it was, and is
 * left out.
 */
export function netChanges(events: readonly MealEvent[]): Record<MealAction, MealEvent[]> {
  const first = new Map<string, MealEvent>()
  const last = new Map<string, MealEvent>()
  for (const event of events) {
    const meal = `${event.pupilId} ${event.serviceDayId}`
    if (!first.has(meal)) first.set(meal, event)
    last.set(meal, event)
  }
  const changed = [...last].filter(([meal, { kind }]) => first.get(meal)?.kind === kind)
  const of = (kind: MealEvent['kind']) => changed.map(([, event]) => event).filter((one) => one.kind === kind)
  return { cancel: of('cancelled'), restore: of('restored') }
}
