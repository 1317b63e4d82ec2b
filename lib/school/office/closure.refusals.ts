import { type DetailsOf, says } from '#lib/words/sentences.ts'

export const CLOSURE_REFUSALS = {
  'calendar:no-service-day': says('In questo giorno la mensa non è prevista: non c’è niente da sospendere.'),
  'calendar:already-suspended': says(
    'Il servizio di questo giorno è già sospeso: {by} ha scritto «{reason}». Quello che hai preparato non è stato fatto.',
    { by: 'person', reason: 'text' },
  ),
  'calendar:not-reopened': says(
    'La mensa di questo giorno non si riapre: il termine è passato, o i pasti sono già stati restituiti e addebitati di nuovo una volta.',
  ),
  'calendar:taken-up-before': says(
    'In una di queste scuole il giorno è già stato sospeso e ripreso: i pasti si restituiscono con una rettifica del conto. Scegli le altre scuole una per una.',
  ),
  'calendar:preview-changed': says(
    'Intanto i numeri sono cambiati. Rileggi l’anteprima e conferma di nuovo.',
  ),
} as const

declare module '#lib/kernel/result.ts' {
  interface RefusalDetails extends DetailsOf<typeof CLOSURE_REFUSALS> {}
}
