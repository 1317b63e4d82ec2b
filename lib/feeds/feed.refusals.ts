import { plural } from '#lib/words/language.ts'
import { type DetailsOf, says } from '#lib/words/sentences.ts'

export const FEED_REFUSALS = {
  'feeds:too-many': says(
    plural(
      'Puoi chiedere al massimo {n} indirizzo al giorno. Riprova domani.',
      'Puoi chiedere al massimo {n} indirizzi al giorno. Riprova domani.',
    ),
    {
      n: 'count',
    },
  ),
} as const

declare module '#lib/kernel/result.ts' {
  interface RefusalDetails extends DetailsOf<typeof FEED_REFUSALS> {}
}
