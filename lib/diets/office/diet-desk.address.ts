import { isUuid } from '#lib/kernel/uuid.ts'
import { readText, type SearchParams } from '#lib/web/query-params.ts'
import { ENDS_SOON_DAYS } from '../diet-end.ts'

/** Which diets that end the office looks at. */
export type DeskFilter = { days: number; schoolId: string | null }

/** The choices of the desk, in days. */
export const DESK_DAYS = [7, ENDS_SOON_DAYS, 60, 120] as const

export const SOON: DeskFilter = { days: ENDS_SOON_DAYS, schoolId: null }

/** Reads `?entro=&scuola=`. What makes no sense counts as not said. */
export function readDeskFilter({ entro, scuola }: SearchParams): DeskFilter {
  const days = DESK_DAYS.find((choice) => String(choice) === readText(entro))
  const schoolId = readText(scuola)
  return { days: days ?? SOON.days, schoolId: isUuid(schoolId) ? schoolId : null }
}
