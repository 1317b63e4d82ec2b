import { type DetailsOf, says } from '#lib/words/sentences.ts'

export const REGISTRATION_REFUSALS = {
  'registration:code-twice': says(
    'Questo codice fiscale è scritto due volte in questa pagina: due persone non possono avere lo stesso.',
  ),
  'registration:pupil-twice': says('Questo alunno è scritto due volte in questa pagina.'),
  'registration:code-of-adult': says(
    'Questo codice fiscale è di {name}, un adulto: scrivi quello dell’alunno.',
    {
      name: 'text',
    },
  ),
  'registration:birth-needed': says('Scrivi la data di nascita: il codice fiscale non la dice con certezza.'),
  'registration:birth-to-come': says('La data di nascita è nel futuro: controllala.'),
  'registration:birth-disagrees': says(
    'Il codice fiscale dice un’altra data di nascita: controllali tutti e due.',
  ),
  'registration:pupil-is-adult': says(
    'Da questi dati l’alunno è maggiorenne: forse è il codice di un genitore.',
  ),
  'registration:no-place': says('In questa classe il servizio non c’è: scegli un’altra classe.'),
  'registration:band-without-service': says('Questa fascia è di un servizio che l’alunno non ha.'),
  'registration:no-weekday': says(
    '{service} in questa scuola c’è {weekdays}: scegli almeno uno di quei giorni.',
    { service: 'text', weekdays: 'text' },
  ),
  'registration:too-early': says(
    'I giorni prima del {first} sono già contati: scegli quel giorno o uno dopo.',
    { first: 'date' },
  ),
  'registration:after-end': says('In questa scuola il servizio finisce il {last}: scegli un giorno prima.', {
    last: 'date',
  }),
  'registration:known': says(
    'Intanto {name} è stato registrato nella famiglia {family}: qui non si è salvato niente.',
    { name: 'text', family: 'text' },
  ),
  'registration:check-first': says('Leggi chi c’è già e conferma che è un’altra persona.'),
  'registration:preview-changed': says(
    'Intanto qualcosa è cambiato e non si è salvato niente. Rileggi che cosa succederà, poi conferma di nuovo.',
  ),
} as const

declare module '#lib/kernel/result.ts' {
  interface RefusalDetails extends DetailsOf<typeof REGISTRATION_REFUSALS> {}
}
