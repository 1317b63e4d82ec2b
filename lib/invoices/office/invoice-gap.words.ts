import type { InvoiceGap } from '../invoice.ts'

/** What an invoice lacks, and who can give it. */
export const GAP_WORDS: Readonly<Record<InvoiceGap, string>> = {
  customer_address: 'l’indirizzo: lo scrive chi ha pagato, in Fatture o nel Profilo',
  customer_name: 'il nome in lettere latine: correggilo nella scheda della persona',
  customer_fiscal_code: 'il codice fiscale: correggilo nella scheda della persona',
  supplier: 'i dati del gestore: correggili in Impostazioni, Dati del gestore',
  structure: 'un controllo del file non passa: controlla i dati del gestore, poi avvisa l’assistenza',
}
