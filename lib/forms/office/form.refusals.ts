import { type DetailsOf, says } from '#lib/words/sentences.ts'

export const FORM_REFUSALS = {
  'forms:bad-due-day': says('Scegli un giorno tra domani e il {latest}.', { latest: 'date' }),
  'forms:edited-elsewhere': says(
    'Intanto {who} ha cambiato il modulo. Quello che hai scritto è ancora qui: copialo, poi ricarica la pagina.',
    { who: 'person' },
  ),
  'forms:not-ready': says('Prima di pubblicare correggi i punti segnalati: {count} da sistemare.', {
    count: 'count',
  }),
  'forms:bad-window': says('Controlla le date: il modulo deve aprirsi prima di chiudersi.'),
  'forms:window-over': says('La chiusura è già passata: scegline una futura, oppure lasciala vuota.'),
  'forms:nothing-new': says('Questa versione è già quella pubblicata.'),
  'forms:not-published': says('Il modulo non è pubblicato: non c’è niente da chiudere.'),
  'forms:no-such-part': says('Questa parte del modulo non c’è più. Ricarica la pagina.'),
  'forms:too-early': says(
    'Il primo giorno possibile è {first}: per quelli prima il conteggio è già in cucina.',
    { first: 'day' },
  ),
  'forms:no-enrolment': says('In quel periodo l’alunno non è iscritto alla mensa.'),
  'forms:already-enrolled': says('L’alunno è già iscritto alla mensa in quel periodo ({where}).', {
    where: 'text',
  }),
  'forms:pupil-elsewhere': says(
    'Questo codice fiscale è di un alunno di un’altra famiglia. Controlla con le famiglie prima di accogliere la domanda.',
  ),
  'forms:period-reversed': says('Il periodo finisce prima di cominciare. Controlla le due date.'),
  'forms:choose-class': says('Scegli la classe.'),
  'forms:choose-diet': says('Scegli la dieta.'),
  'forms:diet-not-valid': says(
    'La dieta {code} si dà {period}: scegli altri giorni (anche l’ultimo), o un’altra dieta.',
    { code: 'text', period: 'text' },
  ),
  'forms:choose-day': says('Scrivi il giorno.'),
  'forms:nothing-to-correct': says('È già così: la correzione non cambierebbe niente.'),
  'forms:already-left': says(
    'L’alunno non è più a mensa dal giorno dopo il {last}, e quei giorni sono già contati: serve una nuova iscrizione.',
    { last: 'day' },
  ),
  'forms:decided-otherwise': says(
    'Intanto {who} ha già deciso: {what}. La tua conferma non ha cambiato niente. Rileggi la domanda; se serve, correggi la decisione.',
    { who: 'person', what: 'text' },
  ),
  'forms:preview-changed': says(
    'Intanto qualcosa è cambiato. Rileggi che cosa succederà, poi conferma di nuovo.',
  ),
} as const

declare module '#lib/kernel/result.ts' {
  interface RefusalDetails extends DetailsOf<typeof FORM_REFUSALS> {}
}
