import { type DetailsOf, says } from '#lib/words/sentences.ts'

export const REFUND_REFUSALS = {
  'refunds:decided': says('Questo rimborso l’ha già deciso {who}: si decide una volta sola.', {
    who: 'person',
  }),
  'refunds:closed': says('Intanto il caso si è chiuso: non c’è più niente da decidere.'),
  'refunds:changed': says(
    'Intanto {who} ha cambiato questo caso. Ricarica la pagina per vedere com’è adesso.',
    { who: 'person' },
  ),
  'refunds:not-over': says('Fino al {last} l’alunno mangia e il saldo cambia: si decide dal giorno dopo.', {
    last: 'date',
  }),
  'refunds:choose-target': says('Scegli su quale conto va il credito.'),
  'refunds:preview-changed': says(
    'Intanto qualcosa è cambiato e non si è fatto niente. Rileggi che cosa succederà, poi conferma di nuovo.',
  ),
} as const

declare module '#lib/kernel/result.ts' {
  interface RefusalDetails extends DetailsOf<typeof REFUND_REFUSALS> {}
}
