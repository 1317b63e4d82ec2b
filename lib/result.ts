import type { RefusalCode } from './messages/refusals.ts'

/** A refusal is an expected answer with words for people; bugs throw instead. */
export type Refused = { ok: false; code: RefusalCode; details?: Readonly<Record<string, string | number>> }
export type Result<T> = { ok: true; value: T } | Refused

export const ok = <T>(value: T): { ok: true; value: T } => ({ ok: true, value })

export const refused = (code: RefusalCode, details?: Refused['details']): Refused =>
  details ? { ok: false, code, details } : { ok: false, code }
