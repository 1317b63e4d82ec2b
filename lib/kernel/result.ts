import type { RefusalCode } from '#lib/refusals/refusals.ts'
import type { SavedNow } from './form-merge.ts'

/** A refusal is an expected answer with words for people; bugs throw instead. */
export type Refused = {
  ok: false
  code: RefusalCode
  details?: Readonly<Record<string, string | number>>
  /** Field → what is wrong with it, where the shape alone could not say. */
  fields?: Readonly<Record<string, RefusalCode>>
  /** Somebody saved meanwhile: the record as it is now, as its form would hold it. */
  savedNow?: SavedNow
}
export type Result<T> = { ok: true; value: T } | Refused

export const ok = <T>(value: T): { ok: true; value: T } => ({ ok: true, value })

export const refused = (
  code: RefusalCode,
  details?: Refused['details'],
  fields?: Refused['fields'],
): Refused => ({ ok: false, code, ...(details ? { details } : {}), ...(fields ? { fields } : {}) })

/** A refusal of what stands in one field: the words are said there. */
export const refusedField = (field: string, code: RefusalCode, details?: Refused['details']): Refused =>
  refused(code, details, { [field]: code })

/** Somebody saved meanwhile: nothing is written, and the form can say what is different. */
export const changedMeanwhile = (code: RefusalCode, savedNow: SavedNow): Refused => ({
  ...refused(code, { who: savedNow.who }),
  savedNow,
})
