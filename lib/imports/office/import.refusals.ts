import { type DetailsOf, says } from '#lib/words/sentences.ts'

export const IMPORT_REFUSALS = {
  'imports:choose-file': says('Scegli il file con gli alunni.'),
  'imports:empty': says('Nel file non c’è nessuna riga: controlla di aver scelto quello giusto.'),
  'imports:too-big': says('Il file supera {most}: dividilo in due.', { most: 'size' }),
  'imports:too-big-inside': says(
    'Il file Excel contiene troppo per un elenco di alunni: copia le righe in un foglio nuovo e salvalo da lì.',
  ),
  'imports:too-many-rows': says('Il foglio ha più di {most} righe: dividilo in due.', { most: 'count' }),
  'imports:old-excel': says(
    'È un file Excel di vecchio tipo (97–2003), o protetto da password. Aprilo e salvalo come .xlsx senza password, o come CSV UTF-8.',
  ),
  'imports:open-document': says(
    'È un foglio di LibreOffice (.ods). Aprilo e salvalo come .xlsx o come CSV UTF-8.',
  ),
  'imports:not-a-table': says(
    'Questo file non è una tabella: carica un elenco in Excel (.xlsx) o CSV, con una riga per alunno.',
  ),
  'imports:broken': says('Il file Excel è rovinato e non si apre. Aprilo e salvalo di nuovo, poi caricalo.'),
  'imports:no-header': says(
    'Nel file non si trova la riga con i nomi delle colonne (per esempio Cognome, Nome, Codice fiscale). Aggiungila, o usa il nostro modello.',
  ),
  'imports:choose-columns': says(
    'Serve almeno il codice fiscale dell’alunno, o il suo cognome e nome: scegli le colonne. Per i soli saldi o delegati basta il codice fiscale di chi paga.',
  ),
  'imports:column-twice': says('Due colonne non possono essere la stessa cosa: cambia una delle due.'),
  'imports:choose-payer': says('Scegli chi paga: il file non lo dice.'),
  'imports:choose-year': says('Scegli l’anno scolastico.'),
  'imports:choose-balance-owner': says('Scegli di chi è il saldo: di ogni alunno o della famiglia.'),
  'imports:choose-balance-day': says('Scrivi di che giorno sono i saldi.'),
  'imports:balance-day-to-come': says('I saldi sono di un giorno che è già passato, o di oggi.'),
  'imports:balances-of-one-service': says(
    'Con i saldi scegli un servizio solo: il saldo va sul conto di quel servizio.',
  ),
  'imports:choose-services': says('Scegli almeno un servizio.'),
  'imports:busy': says('Un’altra importazione è in corso: aspetta che finisca, poi riprova.'),
  'imports:not-now': says(
    'Intanto questa importazione è andata avanti: ricarica la pagina per vedere a che punto è.',
  ),
  'imports:preview-changed': says(
    'Intanto qualcosa è cambiato e non si è salvato niente. Rileggi le differenze, poi conferma di nuovo.',
  ),
  'imports:nothing-to-do': says('Non c’è niente da applicare: il file dice quello che c’è già.'),
} as const

declare module '#lib/kernel/result.ts' {
  interface RefusalDetails extends DetailsOf<typeof IMPORT_REFUSALS> {}
}
