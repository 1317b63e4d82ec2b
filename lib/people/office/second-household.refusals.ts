import { type DetailsOf, says } from '#lib/words/sentences.ts'

export const SECOND_HOUSEHOLD_REFUSALS = {
  'second-household:no-day': says(
    'Scrivi almeno un giorno dell’altra famiglia, nella prima o nella seconda settimana.',
  ),
  'second-household:reversed': says('L’ultimo giorno viene prima del primo: controlla le due date.'),
  'second-household:own': says(
    'È già l’intestatario della famiglia dell’alunno: scrivi il codice fiscale dell’altro genitore.',
  ),
  'second-household:several': says(
    'Questa persona è intestataria di più famiglie ({families}): i giorni si danno a chi ne ha una sola.',
    { families: 'text' },
  ),
  'second-household:new-needs-names': says(
    'Questa persona non è intestataria di nessuna famiglia: scrivi anche nome e cognome, e la famiglia nasce con questo atto.',
  ),
} as const

declare module '#lib/kernel/result.ts' {
  interface RefusalDetails extends DetailsOf<typeof SECOND_HOUSEHOLD_REFUSALS> {}
}
