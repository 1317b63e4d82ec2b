import { isRefusalCode, refusalInWords } from '#lib/refusals/refusals.ts'
import { italian, phrase, type Words } from '#lib/words/language.ts'

/** Details are not carried in addresses: sentences that need one get what is true of all. */
const GENERIC = { cutoff: phrase('ormai passato'), max: 366 }

/** The sentence of `?esito=<code>`, which a form without JavaScript comes back with; null for anything else. */
export const changeOutcomeInWords = (code: unknown, t: Words = italian): string | null =>
  isRefusalCode(code) ? refusalInWords(code, GENERIC, t) : null
