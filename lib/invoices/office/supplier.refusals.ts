import { type DetailsOf, says } from '#lib/words/sentences.ts'

export const SUPPLIER_REFUSALS = {
  'supplier:nothing': says('È già scritto così: non c’è niente da cambiare.'),
  'supplier:changed-meanwhile': says(
    'Intanto {who} ha cambiato questi dati. Quello che hai scritto è ancora qui: rileggi come sono adesso, poi conferma di nuovo.',
    { who: 'person' },
  ),
  'supplier:preview-again': says('Rileggi che cosa succederà, poi conferma di nuovo.'),
  'supplier:vat-taken': says('Questa partita IVA è già di un altro gestore.'),
} as const

declare module '#lib/kernel/result.ts' {
  interface RefusalDetails extends DetailsOf<typeof SUPPLIER_REFUSALS> {}
}
