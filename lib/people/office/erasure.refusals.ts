import { type DetailsOf, says } from '#lib/words/sentences.ts'

export const ERASURE_REFUSALS = {
  'erasures:kept': says('Non si cancella, perché c’è: {what}. Correggi i dati o dai un ultimo giorno.', {
    what: 'texts',
  }),
  'erasures:preview-changed': says(
    'Intanto qualcosa è cambiato e non si è cancellato niente. Rileggi che cosa succederà, poi conferma di nuovo.',
  ),
} as const

declare module '#lib/kernel/result.ts' {
  interface RefusalDetails extends DetailsOf<typeof ERASURE_REFUSALS> {}
}
