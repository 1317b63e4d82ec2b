import { type Day, parseDay } from '#lib/kernel/day.ts'
import { isUuid } from '#lib/kernel/uuid.ts'
import type { SearchParams } from '#lib/web/query-params.ts'

export type LeftoverAddress = { schoolId: string | null; from: Day | null; to: Day | null }

/** Reads `?scuola=&dal=&al=`; what makes no sense counts as not said. */
export const readLeftoverFilter = (typed: SearchParams): LeftoverAddress => ({
  schoolId: isUuid(typed.scuola) ? typed.scuola : null,
  from: parseDay(typed.dal),
  to: parseDay(typed.al),
})
