import { type DetailsOf, says } from '#lib/words/sentences.ts'

export const CONTENT_REFUSALS = {
  'content:not-found': says(
    'Non troviamo più questo contenuto: forse un’altra persona l’ha spostato. Torna all’elenco.',
  ),
  'content:changed-meanwhile': says(
    'Intanto {who} ha salvato un’altra versione. Il tuo testo è ancora qui sotto: copialo, ricarica la pagina e unisci le due versioni.',
    { who: 'person' },
  ),
  'content:not-accessible': says(
    'Prima di pubblicare correggi i punti segnalati nel controllo di accessibilità: {count} da sistemare.',
    { count: 'count' },
  ),
  'content:expires-first': says('La scadenza viene prima della pubblicazione. Controlla le due date.'),
  'content:expires-in-the-past': says(
    'La scadenza è già passata: scegline una futura, oppure lasciala vuota.',
  ),
  'content:already-live': says(
    'È già pubblica: le modifiche si pubblicano subito. Per farle uscire più tardi, pubblicale in quel momento.',
  ),
  'content:not-public': says('Non è pubblica: non c’è niente da ritirare.'),
  'content:nothing-new': says('Questa versione è già quella pubblicata.'),
  'content:unknown-version': says('Questa versione non c’è.'),
  'content:unknown-picture': says(
    'Il testo mostra un’immagine che non è stata caricata qui. Toglila e inseriscila di nuovo.',
  ),
  'content:bad-moment': says('Una data non è scritta come serve: scegli giorno e ora dal calendario.'),
} as const

declare module '#lib/kernel/result.ts' {
  interface RefusalDetails extends DetailsOf<typeof CONTENT_REFUSALS> {}
}
