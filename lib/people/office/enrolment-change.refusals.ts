import { type DetailsOf, says } from '#lib/words/sentences.ts'

export const ENROLMENT_CHANGE_REFUSALS = {
  'enrolments:choose-class': says('Scegli la classe in cui vanno.'),
  'enrolments:choose-pupils': says('Scegli almeno un alunno.'),
  'enrolments:choose-day': says('Scegli il giorno.'),
  'enrolments:too-early': says(
    'I giorni prima del {first} sono già contati e non cambiano: scegli quel giorno o uno dopo.',
    { first: 'date' },
  ),
  'enrolments:after-end': says('In questa scuola il servizio finisce il {last}: scegli un giorno prima.', {
    last: 'date',
  }),
  'enrolments:not-enrolled': says(
    '{name} non ha un’iscrizione da quel giorno in quest’anno: togli il segno.',
    {
      name: 'text',
    },
  ),
  'enrolments:no-weekday': says(
    'In questa scuola la mensa c’è {weekdays}: scegli almeno uno di quei giorni.',
    {
      weekdays: 'text',
    },
  ),
  'enrolments:not-enrolled-then': says('Da quel giorno non ha un’iscrizione: scegli un giorno prima.'),
  'enrolments:nothing': says('È già così: non c’è niente da cambiare.'),
  'enrolments:already-left': says(
    'L’iscrizione è finita il {last} e quei giorni sono contati: aggiungi una nuova iscrizione con un modulo.',
    { last: 'date' },
  ),
  'enrolments:preview-changed': says(
    'Intanto qualcosa è cambiato e non si è fatto niente. Rileggi che cosa succederà, poi conferma di nuovo.',
  ),
} as const

declare module '#lib/kernel/result.ts' {
  interface RefusalDetails extends DetailsOf<typeof ENROLMENT_CHANGE_REFUSALS> {}
}
