import { REQUEST_REFUSALS } from '#lib/web/request.refusals.ts'
import { italian, type Words } from '#lib/words/language.ts'
import { isCodeOf, sayer } from '#lib/words/sentences.ts'
import { MOST_DAYS } from './cutoff.ts'
import { MEAL_CHANGE_REFUSALS, mealRefusalInWords } from './meal-change.refusals.ts'
import { LONGEST_NOTE } from './meal-contact.ts'

const {
  'meals:too-late': _,
  'meals:too-many-days': __,
  'meals:long-note': ___,
  ...WITHOUT_DETAILS
} = MEAL_CHANGE_REFUSALS
const SAID_ALONE = { ...REQUEST_REFUSALS, ...WITHOUT_DETAILS } as const
const say = sayer(SAID_ALONE)

const SIGNED_OUT = 'request:signed-out'

/**
 * The sentence of `?esito=<code>`, which a form without JavaScript comes back with; null for anything else. Details are not
 * carried in addresses: a sentence that needs one gets what is true of all.
 */
export function changeOutcomeInWords(code: unknown, t: Words = italian): string | null {
  // Read on a page after signing in again.
  if (code === SIGNED_OUT)
    return t('La sessione era finita e la modifica non è arrivata. Adesso puoi rifarla.')
  if (code === 'meals:too-late') return mealRefusalInWords({ code: 'meals:past' }, t)
  if (code === 'meals:too-many-days') return mealRefusalInWords({ code, details: { n: MOST_DAYS } }, t)
  if (code === 'meals:long-note') return mealRefusalInWords({ code, details: { n: LONGEST_NOTE } }, t)
  return isCodeOf(SAID_ALONE, code) ? say({ code }, t) : null
}
