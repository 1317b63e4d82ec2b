import { type DetailsOf, says } from '#lib/words/sentences.ts'

export const WORK_REFUSALS = {
  'work:taken-meanwhile': says('Intanto lo ha preso in carico {who}.', { who: 'person' }),
  'work:done-meanwhile': says('Intanto una collega lo ha già segnato come fatto.'),
  'work:nothing-waits': says('Intanto non aspetta più niente: qualcuno lo ha già sbrigato.'),
  'work:last-told': says(
    'Almeno un responsabile deve ricevere gli avvisi urgenti, e sei l’unico che li riceve: restano attivi.',
  ),
} as const

declare module '#lib/kernel/result.ts' {
  interface RefusalDetails extends DetailsOf<typeof WORK_REFUSALS> {}
}
