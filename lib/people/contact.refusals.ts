import { plural } from '#lib/words/language.ts'
import { type DetailsOf, says } from '#lib/words/sentences.ts'

export const CONTACT_REFUSALS = {
  'contacts:code-wrong': says(
    plural(
      'Il codice non è questo. Ti resta {n} tentativo.',
      'Il codice non è questo. Ti restano {n} tentativi.',
    ),
    { n: 'count' },
  ),
  'contacts:code-over': says('Questo codice non vale più. Chiedine un altro.'),
  'contacts:too-many-codes': says('Hai chiesto troppi codici. Riprova tra un’ora.'),
  'contacts:too-many-texts': says(
    'A questo numero abbiamo già mandato troppi codici, forse chiesti da altri. Riprova più tardi, al massimo domani.',
  ),
  'contacts:phone-same': says('È già il tuo numero, verificato: non c’è niente da cambiare.'),
} as const

declare module '#lib/kernel/result.ts' {
  interface RefusalDetails extends DetailsOf<typeof CONTACT_REFUSALS> {}
}
