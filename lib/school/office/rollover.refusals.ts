import { type DetailsOf, says } from '#lib/words/sentences.ts'

export const ROLLOVER_REFUSALS = {
  'rollover:no-year': says('L’anno nuovo non c’è ancora: prima si crea in Anni scolastici.'),
  'rollover:done': says('Il passaggio è già fatto: prima si annulla, poi si cambia.'),
  'rollover:not-done': says('Il passaggio non è fatto: non c’è niente da annullare.'),
  'rollover:changed-meanwhile': says(
    'Intanto {who} ha cambiato questa parte del passaggio. Ricarica la pagina per vedere com’è adesso.',
    { who: 'person' },
  ),
  'rollover:preview-changed': says(
    'Intanto qualcosa è cambiato e non si è fatto niente. Rileggi che cosa succederà, poi conferma di nuovo.',
  ),
  'rollover:nothing': says('Nessun alunno passerebbe: decidi prima dove vanno le classi.'),
  'rollover:choose-class': says('Scegli la classe in cui vanno.'),
  'rollover:day-closed': says(
    'Un giorno dell’anno nuovo è già contato, {day}: il passaggio non si annulla più.',
    {
      day: 'day',
    },
  ),
  'rollover:at-work': says('Il passaggio è in corso, lo ha confermato {who}: aspetta che finisca.', {
    who: 'person',
  }),
  'rollover:stopped': says('L’hai fermato: non è cambiato niente.'),
  'rollover:role-ended': says(
    'Chi l’ha confermato non ha più questo ruolo in ufficio: non si è fatto niente.',
  ),
  'rollover:failed': says(
    'Qualcosa non ha funzionato e non è cambiato niente. Riprova; se succede di nuovo, avvisa chi gestisce il portale.',
  ),
  'rollover:depends': says('Non si annulla, perché qualcosa è venuto dopo: {what}.', { what: 'texts' }),
} as const

declare module '#lib/kernel/result.ts' {
  interface RefusalDetails extends DetailsOf<typeof ROLLOVER_REFUSALS> {}
}
