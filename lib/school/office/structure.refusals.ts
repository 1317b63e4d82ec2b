import { plural } from '#lib/words/language.ts'
import { type DetailsOf, says } from '#lib/words/sentences.ts'

export const STRUCTURE_REFUSALS = {
  'town:not-ready': says('Prima di aprire alle famiglie manca ancora: {what}.', { what: 'texts' }),
  'town:already-open': says('Le famiglie entrano già: l’apertura non si cambia più.'),
  'town:choose-day': says('Scegli da quale giorno entrano le famiglie.'),
  'town:day-past': says('Quel giorno è passato: scegli oggi o un giorno dopo.'),
  'structure:changed-meanwhile': says(
    'Intanto {who} ha cambiato questa parte. Ricarica la pagina per vedere com’è adesso.',
    { who: 'person' },
  ),
  'structure:preview-changed': says(
    'Intanto qualcosa è cambiato. Rileggi l’anteprima, poi conferma di nuovo.',
  ),
  'structure:name-taken': says('C’è già «{name}»: scegli un altro nome.', { name: 'text' }),
  'structure:choose-day': says('Scegli il giorno.'),
  'structure:too-early': says(
    'Si può cambiare da {first} in poi: i giorni prima sono già contati o il loro termine è passato.',
    { first: 'day' },
  ),
  'structure:outside-year': says('Scegli un giorno da {from} a {to}.', { from: 'date', to: 'date' }),
  'structure:nothing-changes': says('È già così: non c’è niente da cambiare.'),
  'structure:change-waits': says(
    'C’è già un cambio che comincia {day}. Scegli quel giorno, o uno prima, e prende il suo posto.',
    { day: 'day' },
  ),
  'structure:cutoff-passed': says(
    'Con questo termine i pasti di {day} non si potrebbero più disdire. Scegli un giorno dopo.',
    { day: 'day' },
  ),
  'structure:still-enrolled': says(
    plural(
      'C’è ancora {n} alunno iscritto dopo quel giorno: prima spostalo o chiudi la sua iscrizione.',
      'Ci sono ancora {n} alunni iscritti dopo quel giorno: prima spostali o chiudi le loro iscrizioni.',
    ),
    { n: 'count' },
  ),
  'structure:no-such-class': says('Nessuna classe si chiama «{typed}»: scrivi la classe e la scuola.', {
    typed: 'text',
  }),
  'structure:several-classes': says('Si chiamano così più classi: {names}. Scrivi di più.', {
    names: 'text',
  }),
  'structure:no-classes': says('Scrivi almeno una classe.'),
  'structure:year-order': says('L’anno finisce prima di cominciare, o dura più di tredici mesi.'),
  'structure:years-overlap': says('In quei giorni c’è già l’anno {name}.', { name: 'text' }),
  'structure:year-holds': says(
    'Fino a {day} ci sono giorni di mensa o iscrizioni di quest’anno: non possono restarne fuori.',
    { day: 'date' },
  ),
  'structure:no-holiday': says('In quel giorno non c’è una chiusura del calendario da togliere.'),
} as const

declare module '#lib/kernel/result.ts' {
  interface RefusalDetails extends DetailsOf<typeof STRUCTURE_REFUSALS> {}
}
