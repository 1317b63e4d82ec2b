import { type Day, parseDay } from '#lib/kernel/day.ts'
import { isUuid } from '#lib/kernel/uuid.ts'

type Typed = Record<string, string | string[] | undefined>

export type LeftoverAddress = { schoolId: string | null; from: Day | null; to: Day | null }

/** Reads `?scuola=&dal=&al=`; what makes no sense counts as not said. */
export const readLeftoverFilter = (typed: Typed): LeftoverAddress => ({
  schoolId: isUuid(typed.scuola) ? typed.scuola : null,
  from: parseDay(typed.dal),
  to: parseDay(typed.al),
})
