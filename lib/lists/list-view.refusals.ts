import { type DetailsOf, says } from '#lib/words/sentences.ts'

export const LIST_REFUSALS = {
  'lists:too-many-views': says('Hai già venti viste di questo elenco: togline una, poi salva questa.'),
  'lists:nothing-chosen': says('Scegli almeno una riga, oppure tutte quelle che corrispondono.'),
  'lists:too-many-chosen': says(
    'Sono troppe per farlo in una volta: scegline meno, o restringi con un filtro.',
  ),
} as const

declare module '#lib/kernel/result.ts' {
  interface RefusalDetails extends DetailsOf<typeof LIST_REFUSALS> {}
}
