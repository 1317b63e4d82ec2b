import { type DetailsOf, says } from '#lib/words/sentences.ts'

export const FEED_REFUSALS = {
  'feeds:too-many': says('Puoi chiedere al massimo {max} indirizzi al giorno. Riprova domani.', {
    max: 'count',
  }),
} as const

declare module '#lib/kernel/result.ts' {
  interface RefusalDetails extends DetailsOf<typeof FEED_REFUSALS> {}
}
