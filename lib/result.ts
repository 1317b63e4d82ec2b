import type { RefusalCode } from './messages/refusals.ts'

/** A refusal is an expected answer with words for people; bugs throw instead. */
export type Refused = {
  ok: false
  code: RefusalCode
  details?: Readonly<Record<string, string | number>>
  /** Field → what is wrong with it, where the shape alone could not say. */
  fields?: Readonly<Record<string, RefusalCode>>
}
export type Result<T> = { ok: true; value: T } | Refused

export const ok = <T>(value: T): { ok: true; value: T } => ({ ok: true, value })

export const refused = (
  code: RefusalCode,
  details?: Refused['details'],
  fields?: Refused['fields'],
): Refused => ({ ok: false, code, ...(details ? { details } : {}), ...(fields ? { fields } : {}) })
