import { type DetailsOf, says } from '#lib/words/sentences.ts'

export const COLLEAGUE_REFUSALS = {
  'colleagues:minor': says(
    'Chi ha questo codice fiscale è nato il {born}: in ufficio lavora chi ha almeno diciotto anni.',
    { born: 'date' },
  ),
  'colleagues:begins-before-today': says('Un ruolo comincia oggi o dopo.'),
  'colleagues:ends-before-it-begins': says('L’ultimo giorno viene prima del primo.'),
  'colleagues:ends-before-today': says('L’ultimo giorno è oggi o dopo.'),
  'colleagues:has-role': says('Questa persona ha già questo ruolo in quei giorni: cambia il ruolo che ha.'),
  'colleagues:place-unknown': says(
    'Questa scuola, questa classe o questa cucina non c’è più: ricarica la pagina.',
  ),
  'colleagues:role-over': says('Questo ruolo è già finito: non c’è niente da cambiare.'),
  'colleagues:same-end': says('La fine è già questa: non c’è niente da cambiare.'),
  'colleagues:year-ends': says(
    'Questa classe è di un anno scolastico che finisce il {last}: il ruolo di insegnante finisce con lui, e si dà di nuovo per la classe dell’anno dopo.',
    { last: 'date' },
  ),
  'colleagues:last-manager': says(
    'Senza questo ruolo il Comune resterebbe senza responsabile. Prima dai il ruolo di responsabile a un’altra persona, senza una fine.',
  ),
  'colleagues:preview-changed': says(
    'Intanto qualcosa è cambiato. Rileggi che cosa succederà, poi conferma di nuovo.',
  ),
} as const

declare module '#lib/kernel/result.ts' {
  interface RefusalDetails extends DetailsOf<typeof COLLEAGUE_REFUSALS> {}
}
