import { isUuid } from '#lib/kernel/uuid.ts'
import { searchText } from '#lib/school/municipality.ts'
import { readText, type SearchParams } from '#lib/web/query-params.ts'
import { ENDS_SOON_DAYS } from '../diet-end.ts'

/** Which diets that end the office looks at: of one school, or of those in whose name the words are where schools are too many to choose from. */
export type DeskFilter = { days: number; schoolId: string | null; schoolName: string }

/** The choices of the desk, in days. */
export const DESK_DAYS = [7, ENDS_SOON_DAYS, 60, 120] as const

export const SOON: DeskFilter = { days: ENDS_SOON_DAYS, schoolId: null, schoolName: '' }

/** Reads `?entro=&scuola=`. What makes no sense counts as not said. */
export function readDeskFilter({ entro, scuola }: SearchParams): DeskFilter {
  const days = DESK_DAYS.find((choice) => String(choice) === readText(entro))
  const schoolId = readText(scuola)
  const isId = isUuid(schoolId)
  return {
    days: days ?? SOON.days,
    schoolId: isId ? schoolId : null,
    schoolName: isId ? '' : searchText(scuola),
  }
}
