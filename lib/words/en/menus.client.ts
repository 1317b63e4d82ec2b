import type { Catalogue } from '../language.ts'

/** What the forms of opinions and of calendars for the phone say in the browser. */
export const menusClient: Catalogue = {
  'Mi è piaciuto': 'I liked it',
  'Così così': 'So-so',
  'Non l’ho mangiato': 'I did not eat it',
  'Vuoi aggiungere qualcosa? (facoltativo)': 'Anything to add? (optional)',
  'Lo legge l’ufficio, senza il tuo nome né quello del bambino. Non scrivere notizie sulla salute.':
    'The office reads it, without your name or your child’s. Do not write about health.',
  Manda: 'Send',
  'Ecco l’indirizzo: copialo adesso': 'Here is the address: copy it now',
  'Lo vedi solo questa volta. Chi ce l’ha vede i giorni di mensa: non mandarlo ad altri.':
    'You see it only this once. Whoever has it sees the canteen days: do not send it to others.',
  'Indirizzo del calendario': 'Calendar address',
  'Aggiungilo su questo dispositivo': 'Add it on this device',
  'Avviso prima del termine per disdire': 'Alert before the deadline for cancelling',
  '{minutes} minuti prima, alle {time}': '{minutes} minutes before, at {time}',
  'Nessun avviso': 'No alert',
  'Crea l’indirizzo': 'Create the address',
  'Crea un indirizzo nuovo': 'Create a new address',
}
