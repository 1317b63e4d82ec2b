import type { Day } from '#lib/kernel/day.ts'

/** Who of a household may cancel a meal of a service: the holder alone, or delegates too. */
export type CancelledBy = 'holder' | 'all'

/** It holds from its day on, until the next one. */
export type CancelRule = { from: Day; cancelledBy: CancelledBy }

/** Who may cancel the meal of a day. Without a rule: holder and delegates. */
export const cancelledByOn = (rules: readonly CancelRule[], day: Day): CancelledBy =>
  rules.reduce<CancelRule | null>(
    (last, rule) => (rule.from <= day && (last === null || rule.from > last.from) ? rule : last),
    null,
  )?.cancelledBy ?? 'all'
