import { plural } from '#lib/words/language.ts'
import { type DetailsOf, says } from '#lib/words/sentences.ts'

export const RATING_REFUSALS = {
  'menus:no-meal-to-rate': says('Per questo giorno non c’è un pasto da giudicare.'),
  'menus:not-served-yet': says('Potrai dire com’è andata dopo il pasto.'),
  'menus:was-absent': says('In questo giorno risulta assente: non c’è un pasto da giudicare.'),
  'menus:rating-too-late': says(
    plural(
      'Si può dire com’è andata entro {n} giorno dal pasto.',
      'Si può dire com’è andata entro {n} giorni dal pasto.',
    ),
    { n: 'count' },
  ),
  'menus:nothing-said': says('Scegli almeno una faccia.'),
  'menus:unknown-dish': says('Uno dei piatti non era in tavola quel giorno. Ricarica la pagina e riprova.'),
} as const

declare module '#lib/kernel/result.ts' {
  interface RefusalDetails extends DetailsOf<typeof RATING_REFUSALS> {}
}
