import { type DetailsOf, says } from '#lib/words/sentences.ts'

export const HAND_OVER_REFUSALS = {
  'households:already-holder': says('Questa persona è già l’intestataria: non c’è niente da cambiare.'),
} as const

declare module '#lib/kernel/result.ts' {
  interface RefusalDetails extends DetailsOf<typeof HAND_OVER_REFUSALS> {}
}
