import { type DetailsOf, says } from '#lib/words/sentences.ts'

export const MENU_REFUSALS = {
  'menus:dish-exists': says('C’è già un piatto che si chiama “{name}”.', { name: 'text' }),
  'menus:dish-changed-meanwhile': says(
    'Intanto {who} ha cambiato questo piatto. Quello che hai scritto è ancora qui: ricarica la pagina per vedere com’è adesso.',
    { who: 'person' },
  ),
  'menus:dish-in-use': says(
    'Questo piatto è in un menù pubblicato: prima toglilo da lì e pubblica di nuovo.',
  ),
  'menus:changed-meanwhile': says(
    'Intanto {who} ha salvato un’altra versione di questo menù. Ricarica la pagina e rifai la modifica.',
    { who: 'person' },
  ),
  'menus:not-ready': says('Prima di pubblicare sistema i punti segnalati: {count}.', { count: 'count' }),
  'menus:overlap': says(
    'Nelle stesse scuole e negli stessi giorni c’è già il menù “{name}”. Cambia le date, le scuole, oppure ritiralo.',
    { name: 'text' },
  ),
  'menus:dates-reversed': says('Il menù finisce prima di cominciare. Controlla le due date.'),
  'menus:nothing-new': says('Questa versione è già quella pubblicata.'),
  'menus:not-public': says('Questo menù non è pubblicato: non c’è niente da ritirare.'),
  'menus:sheet-wrong': says('Il file ha {count} righe da correggere. Non è stato importato niente.', {
    count: 'count',
  }),
  'menus:sheet-empty': says('Il file non ha righe da importare.'),
  'menus:not-on-that-day': says(
    'In quel giorno questo piatto non è nel menù di nessuna delle scuole scelte.',
  ),
  'menus:same-dish': says('Scegli un piatto diverso da quello previsto.'),
  'menus:needs-allergens': says(
    'Dichiara prima gli allergeni di “{name}”: le famiglie devono poterli leggere.',
    { name: 'text' },
  ),
  'menus:needs-replacement': says('Scrivi che cosa mangia chi segue la dieta {diet}.', { diet: 'text' }),
  'menus:day-passed': says('Questo giorno è già passato: il menù servito non si può più cambiare.'),
} as const

declare module '#lib/kernel/result.ts' {
  interface RefusalDetails extends DetailsOf<typeof MENU_REFUSALS> {}
}
