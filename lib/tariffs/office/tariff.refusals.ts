import { type DetailsOf, says } from '#lib/words/sentences.ts'

export const TARIFF_REFUSALS = {
  'tariffs:changed-meanwhile': says(
    'Intanto {who} ha cambiato le tariffe. Quello che hai scritto è ancora qui: ricarica la pagina per vedere come sono adesso.',
    { who: 'person' },
  ),
  'tariffs:day-taken': says(
    'C’è già un prezzo che comincia {day}. Scegli un altro giorno, oppure annulla quello.',
    { day: 'day' },
  ),
  'tariffs:same-price': says('In quel giorno il prezzo è già questo: non c’è niente da cambiare.'),
  'tariffs:too-far': says('Il giorno è tra più di due anni: controlla la data.'),
  'tariffs:out-of-range': says('Il prezzo va da {least} a {most}.', { least: 'cents', most: 'cents' }),
  'tariffs:no-such-price': says('Questo prezzo non c’è più: forse un’altra persona l’ha annullato.'),
  'tariffs:price-begun': says(
    'Questo prezzo è già cominciato, oppure è l’unico: non si può annullare. Scrivine uno nuovo.',
  ),
  'tariffs:code-taken': says('C’è già una fascia con il codice {code}.', { code: 'text' }),
  'tariffs:code-taken-here': says('Scegli un altro codice.'),
  'tariffs:band-without-price': says(
    'In quel giorno la fascia {band} non ha ancora un prezzo. Scegli un giorno dopo.',
    { band: 'text' },
  ),
  'tariffs:no-fare': says('Da quel giorno l’alunno paga già il prezzo intero.'),
  'tariffs:too-early': says(
    'Il primo giorno possibile è {first}: per quelli prima il conteggio è già in cucina.',
    { first: 'day' },
  ),
  'tariffs:no-enrolment': says('In quel periodo l’alunno non è iscritto alla mensa.'),
  'tariffs:period-reversed': says('Il periodo finisce prima di cominciare. Controlla le due date.'),
  'tariffs:rule-gives-none': says(
    'La regola non dà la fascia a nessuno: chi la riguarda ne ha già una, o non c’è nessuno.',
  ),
  'tariffs:choose-band': says('Scegli la fascia.'),
  'tariffs:choose-day': says('Scrivi il giorno.'),
  'tariffs:preview-changed': says(
    'Intanto qualcosa è cambiato. Rileggi che cosa succederà, poi conferma di nuovo.',
  ),
} as const

declare module '#lib/kernel/result.ts' {
  interface RefusalDetails extends DetailsOf<typeof TARIFF_REFUSALS> {}
}
