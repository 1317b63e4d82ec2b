import { type DetailsOf, says } from '#lib/words/sentences.ts'

export const PAYMENT_ALARM_REFUSALS = {
  'payments:settled-meanwhile': says('Intanto {who} ha già sistemato questo pagamento.', { who: 'person' }),
  'payments:taken-back': says(
    'Intanto il gestore dei pagamenti ha dato una risposta chiara: non c’è più niente da sistemare.',
  ),
} as const

declare module '#lib/kernel/result.ts' {
  interface RefusalDetails extends DetailsOf<typeof PAYMENT_ALARM_REFUSALS> {}
}
