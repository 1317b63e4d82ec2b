import { type DetailsOf, says } from '#lib/words/sentences.ts'

export const INVOICE_REFUSALS = {
  'invoices:address-known': says(
    'Il tuo indirizzo c’è già. Per cambiarlo vai in Servizi, nei dati dell’intestatario.',
  ),
} as const

declare module '#lib/kernel/result.ts' {
  interface RefusalDetails extends DetailsOf<typeof INVOICE_REFUSALS> {}
}
