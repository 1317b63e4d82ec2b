import { type DetailsOf, says } from '#lib/words/sentences.ts'

export const LEFTOVER_REFUSALS = {
  'leftovers:no-service': says('In quel giorno, in quella scuola, la mensa non c’era.'),
} as const

declare module '#lib/kernel/result.ts' {
  interface RefusalDetails extends DetailsOf<typeof LEFTOVER_REFUSALS> {}
}
