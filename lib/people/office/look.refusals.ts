import { type DetailsOf, says } from '#lib/words/sentences.ts'

export const LOOK_REFUSALS = {
  'look:no-holder': says('Questa famiglia non ha un intestatario: non c’è un portale da vedere.'),
  'look:not-open': says('Le famiglie non entrano ancora nel portale: non c’è niente da vedere.'),
} as const

declare module '#lib/kernel/result.ts' {
  interface RefusalDetails extends DetailsOf<typeof LOOK_REFUSALS> {}
}
