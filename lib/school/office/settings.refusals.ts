import { type DetailsOf, says } from '#lib/words/sentences.ts'

export const SETTINGS_REFUSALS = {
  'settings:unreadable-colour': says(
    'Con questo colore il contrasto è {ratio}: ne serve almeno {least}. Scegline uno più scuro.',
    { ratio: 'ratio', least: 'ratio' },
  ),
  'settings:changed-meanwhile': says(
    'Intanto {who} ha cambiato le impostazioni. Quello che hai scritto è ancora qui: ricarica la pagina per vedere come sono adesso.',
    { who: 'person' },
  ),
} as const

declare module '#lib/kernel/result.ts' {
  interface RefusalDetails extends DetailsOf<typeof SETTINGS_REFUSALS> {}
}
