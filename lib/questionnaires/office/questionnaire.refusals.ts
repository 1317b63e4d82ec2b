import { type DetailsOf, says } from '#lib/words/sentences.ts'

export const OFFICE_QUESTIONNAIRE_REFUSALS = {
  'questionnaires:published': says(
    'È già pubblicato: le domande non si cambiano più. Per correggerlo, duplicalo.',
  ),
  'questionnaires:changed-meanwhile': says(
    'Intanto {who} ha salvato un’altra versione. Quello che hai scritto è ancora qui sotto: copialo, ricarica la pagina e unisci le due versioni.',
    { who: 'person' },
  ),
  'questionnaires:not-ready': says('Prima di pubblicare completa i punti segnalati: {count} da sistemare.', {
    count: 'count',
  }),
  'questionnaires:nobody-asked': says(
    'Nelle scuole e classi scelte non c’è nessun iscritto: scegli altri destinatari.',
  ),
  'questionnaires:not-open': says('Il questionario non è aperto: non c’è niente da fare.'),
  'questionnaires:reminded-today': says(
    'Il promemoria di oggi è già partito. Puoi mandarne un altro domani.',
  ),
} as const

declare module '#lib/kernel/result.ts' {
  interface RefusalDetails extends DetailsOf<typeof OFFICE_QUESTIONNAIRE_REFUSALS> {}
}
