import type { RefusalCode } from '#lib/refusals/refusals.ts'
import type { SavedNow } from './form-merge.ts'

/** A refusal is an expected answer with words for people; bugs throw instead. */
export type Refused = {
  ok: false
  code: RefusalCode
  details?: Readonly<Record<string, string | number>>
  /** Field → what is wrong with it, for checks that the shape alone cannot make. */
  fields?: Readonly<Record<string, RefusalCode>>
  /** The record as another person saved it meanwhile, in the shape of its form. */
  savedNow?: SavedNow
}
export type Result<T> = { ok: true; value: T } | Refused

export const ok = <T>(value: T): { ok: true; value: T } => ({ ok: true, value })

export const refused = (
  code: RefusalCode,
  details?: Refused['details'],
  fields?: Refused['fields'],
): Refused => ({ ok: false, code, ...(details ? { details } : {}), ...(fields ? { fields } : {}) })

/** A refusal of the value of one field: the sentence is shown at that field. */
export const refusedField = (field: string, code: RefusalCode, details?: Refused['details']): Refused =>
  refused(code, details, { [field]: code })

/** Another person saved meanwhile: nothing is written, and the form can show what is different. */
export const changedByOther = (code: RefusalCode, savedNow: SavedNow): Refused => ({
  ...refused(code, { who: savedNow.who }),
  savedNow,
})
