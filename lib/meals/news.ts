import { italian, phrase, type Words } from '#lib/language/language.ts'
import { isRefusalCode, refusalInWords } from '../messages/refusals.ts'

/** Details are not carried in addresses: sentences that need one get what is true of all. */
const GENERIC = { cutoff: phrase('ormai passato'), max: 366 }

/** The sentence of `?esito=<code>`, which a form without JavaScript comes back with; null for anything else. */
export const newsInWords = (code: unknown, t: Words = italian): string | null =>
  isRefusalCode(code) ? refusalInWords(code, GENERIC, t) : null

/** One value of a query parameter that may be repeated or missing. */
export const one = (value: string | string[] | undefined): string | undefined =>
  Array.isArray(value) ? value[0] : value

/** Every value of a query parameter. */
export const every = (value: string | string[] | undefined): string[] =>
  value === undefined ? [] : Array.isArray(value) ? value : [value]
