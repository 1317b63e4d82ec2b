import { type DetailsOf, says } from '#lib/words/sentences.ts'

export const COMMUNICATION_REFUSALS = {
  'communications:nothing-asked': says('Per questa comunicazione non è chiesta nessuna conferma.'),
  'communications:withdrawn': says('L’ufficio ha ritirato questa comunicazione: non serve più confermarla.'),
  'communications:corrected-meanwhile': says(
    'Intanto l’ufficio ha corretto questa comunicazione. Rileggila qui sotto, poi conferma.',
  ),
  'communications:expired': says('Questa comunicazione è scaduta: non serve più confermarla.'),
} as const

declare module '#lib/kernel/result.ts' {
  interface RefusalDetails extends DetailsOf<typeof COMMUNICATION_REFUSALS> {}
}
