import { type DetailsOf, says } from '#lib/words/sentences.ts'

export const COUNT_SEEN_REFUSALS = {
  'kitchens:count-changed': says(
    'Intanto il conteggio è cambiato: leggi la versione nuova e premi di nuovo.',
  ),
} as const

declare module '#lib/kernel/result.ts' {
  interface RefusalDetails extends DetailsOf<typeof COUNT_SEEN_REFUSALS> {}
}
