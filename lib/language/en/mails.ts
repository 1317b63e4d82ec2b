import type { Catalogue } from '../language.ts'

/** Letters, each in one piece. */
export const mails: Catalogue = {
  'Il codice per confermare la tua e-mail': 'The code to confirm your email',
  'Buongiorno,\n\nqualcuno, speriamo tu, ha chiesto di usare questo indirizzo per i messaggi della mensa scolastica.\nIl codice per confermarlo è:\n\n{code}\n\nVale {minutes} minuti. Se non sei stato tu, ignora questo messaggio: senza il codice non cambia niente.\n\nQuesto messaggio è automatico: non serve rispondere.\n':
    'Hello,\n\nsomebody, we hope you, asked to use this address for the messages of the school canteen.\nThe code to confirm it is:\n\n{code}\n\nIt is valid for {minutes} minutes. If it was not you, ignore this message: without the code nothing changes.\n\nThis message is automatic: there is no need to reply.\n',
  'La tua e-mail per la mensa scolastica è cambiata': 'Your email for the school canteen has changed',
  'Ciao {name},\n\nda ora i messaggi della mensa scolastica vanno a un altro indirizzo, confermato da chi è entrato con la tua SPID o la tua CIE.\nSe non sei stato tu, chiama subito il gestore della mensa.\n\nQuesto messaggio è automatico: non serve rispondere.\n':
    'Hello {name},\n\nfrom now on the messages of the school canteen go to another address, confirmed by whoever signed in with your SPID or your CIE.\nIf it was not you, call the canteen operator at once.\n\nThis message is automatic: there is no need to reply.\n',
  carta: 'card',
  'Ricarica accreditata: {amount}': 'Top-up credited: {amount}',
  'Ciao {name},\n\nla tua ricarica è stata accreditata.\n\nServizio: {service}\nImporto: {amount} ({meals})\nPagamento: {method}, {when}\nNuovo saldo: {balance}\nFattura: {invoice}\n\nIl dettaglio e la fattura da scaricare sono nel portale:\n{url}\n\nQuesto messaggio è automatico: non serve rispondere.\n':
    'Hello {name},\n\nyour top-up has been credited.\n\nService: {service}\nAmount: {amount} ({meals})\nPayment: {method}, {when}\nNew balance: {balance}\nInvoice: {invoice}\n\nThe details and the invoice to download are in the portal:\n{url}\n\nThis message is automatic: there is no need to reply.\n',
  'La tua ricarica di {meals} è sul conto. La fattura è la {invoice}.':
    'Your top-up of {meals} is in the account. The invoice is {invoice}.',
}
