import type { Cents } from '#lib/kernel/money.ts'

export type SuspensionKind = 'closure' | 'strike' | 'trip'

/** What suspending the service of one school on one day would do. */
export type SuspensionEffect = {
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
export function sumOfEffects(effects: readonly SuspensionEffect[]): { meals: number; refundCents: Cents } {
  const live = effects.filter((effect) => effect.status !== 'suspended')
  return {
    meals: live.reduce((sum, effect) => sum + effect.meals, 0),
    refundCents: live.reduce((sum, effect) => sum + effect.refundCents, 0),
  }
}
