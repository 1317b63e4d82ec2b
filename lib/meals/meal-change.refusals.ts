import { REQUEST_REFUSALS } from '#lib/web/request.refusals.ts'
import { plural } from '#lib/words/language.ts'
import { type DetailsOf, type Saying, sayer, says } from '#lib/words/sentences.ts'

export const MEAL_CHANGE_REFUSALS = {
  'meals:too-late': says(
    'Il termine per cambiare questo pasto era {cutoff}. Non è più possibile modificarlo.',
    { cutoff: 'instant' },
  ),
  'meals:day-closed': says(
    'Il conteggio di questo giorno è già stato inviato in cucina. Non è più possibile modificarlo.',
  ),
  'meals:no-service': says('In questo giorno la mensa non c’è.'),
  'meals:not-enrolled': says('In questo giorno il servizio non è previsto per questo alunno.'),
  'meals:elsewhere': says('È un giorno dell’altra famiglia: il pasto lo cambia, e lo paga, solo lei.'),
  'meals:already-so': says('Risulta già come vuoi tu: forse l’altro genitore ha fatto la stessa modifica.'),
  'meals:holder-only': says('Uno di questi pasti lo può cambiare solo l’intestatario.'),
  'meals:overtaken': says(
    'Dopo questa modifica ne hai fatta un’altra sugli stessi giorni: vale la più recente.',
  ),
  'meals:nothing-to-change': says(
    'Nessun pasto da cambiare: i giorni scelti sono già come li vuoi o non si possono più modificare.',
  ),
  'meals:too-many-days': says(
    plural('Puoi cambiare al massimo {n} pasto per volta.', 'Puoi cambiare al massimo {n} pasti per volta.'),
    { n: 'count' },
  ),
  'meals:no-days': says('Scegli almeno un giorno, oppure un periodo.'),
  'meals:no-pupil': says('Scegli per quale figlio vale la modifica.'),
  'meals:bad-day': says('Una delle date non esiste. Scegli i giorni dal calendario.'),
  'meals:period-reversed': says('Il periodo finisce prima di cominciare. Controlla le due date.'),
  'meals:one-household': says(
    'Questi figli appartengono a nuclei diversi: fai una modifica per ciascun nucleo.',
  ),
  'meals:unknown-action': says(
    'Non è chiaro se vuoi disdire o ripristinare il pasto. Ricarica la pagina e riprova.',
  ),
  'meals:no-contact': says('Scegli come la famiglia ha chiesto la modifica: telefono, sportello o e-mail.'),
  'meals:long-note': says(
    plural('La nota ha più di {n} carattere: accorciala.', 'La nota ha più di {n} caratteri: accorciala.'),
    { n: 'count' },
  ),
  'meals:too-often': says(
    'Hai fatto moltissime modifiche in pochi minuti. Riprova tra dieci minuti: quelle già confermate restano.',
  ),
  'meals:past': says('Il termine per cambiare questo pasto è già passato. Non è più possibile modificarlo.'),
} as const

declare module '#lib/kernel/result.ts' {
  interface RefusalDetails extends DetailsOf<typeof MEAL_CHANGE_REFUSALS> {}
}

const SAID_HERE = { ...REQUEST_REFUSALS, ...MEAL_CHANGE_REFUSALS } as const

/** What a change of meals may be refused with. */
export type MealRefusal = keyof typeof SAID_HERE
export type SaidMealRefusal = Saying<typeof SAID_HERE>

/** Its sentence; an answer about meals carries these and no others. */
export const mealRefusalInWords = sayer(SAID_HERE)
