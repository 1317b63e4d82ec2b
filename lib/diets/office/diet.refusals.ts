import { type DetailsOf, says } from '#lib/words/sentences.ts'

export const DIET_REFUSALS = {
  'diets:nothing-changes': says('È già così: non c’è niente da cambiare.'),
  'diets:preview-changed': says(
    'Intanto qualcosa è cambiato. Rileggi che cosa succederà, poi conferma di nuovo.',
  ),
} as const

declare module '#lib/kernel/result.ts' {
  interface RefusalDetails extends DetailsOf<typeof DIET_REFUSALS> {}
}
