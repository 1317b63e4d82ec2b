import { type DetailsOf, says } from '#lib/words/sentences.ts'

export const CORRECTION_REFUSALS = {
  'corrections:code-needed': says('Scrivi il codice fiscale: senza, un adulto non può entrare.'),
  'corrections:nothing': says('È già scritto così: non c’è niente da correggere.'),
  'corrections:code-taken': says(
    'Questo codice è già di {name}, in questo Comune. Controllalo: due persone non possono avere lo stesso.',
    { name: 'text' },
  ),
  'corrections:choose-earlier': says('Scegli che cosa succede al codice di adesso.'),
  'corrections:birth-needed': says('Scrivi la data di nascita: da questo codice non si legge.'),
  'corrections:birth-to-come': says('La data di nascita è nel futuro: controllala.'),
  'corrections:birth-disagrees': says(
    'Il codice fiscale dice un’altra data di nascita: controllali tutti e due.',
  ),
  'corrections:minor': says('Dal codice questa persona non è maggiorenne: controllalo.'),
  'corrections:check-document': says(
    'Le lettere del codice non sono quelle del nome e del cognome. Controlla un documento, poi segna che l’hai visto.',
  ),
  'corrections:colleague': says(
    'Questa persona lavora in ufficio: i suoi dati li corregge la persona responsabile.',
  ),
  'corrections:changed-meanwhile': says(
    'Intanto {who} ha corretto questi dati. Ricarica la pagina per vedere come sono adesso.',
    { who: 'person' },
  ),
  'corrections:preview-again': says('Rileggi che cosa succederà, poi conferma di nuovo.'),
} as const

declare module '#lib/kernel/result.ts' {
  interface RefusalDetails extends DetailsOf<typeof CORRECTION_REFUSALS> {}
}
