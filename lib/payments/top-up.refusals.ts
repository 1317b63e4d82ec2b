import { plural } from '#lib/words/language.ts'
import { type DetailsOf, sayer, says } from '#lib/words/sentences.ts'

/** The form says them while a person types, and carries no more than these. */
export const TOP_UP_REFUSALS = {
  'top-up:nothing-asked': says('Scrivi quanti pasti vuoi ricaricare, oppure un importo.'),
  'top-up:two-answers': says('Hai scritto sia i pasti sia l’importo: lascia solo uno dei due.'),
  'top-up:not-a-number': says('Scrivi il numero di pasti in cifre, da 1 a {max}.', { max: 'count' }),
  'top-up:not-an-amount': says('Scrivi l’importo in euro, per esempio {example}.', { example: 'cents' }),
  'top-up:not-a-multiple': says(
    'L’importo deve essere un multiplo del prezzo del pasto ({unit}). I più vicini sono {below} e {above}.',
    { unit: 'cents', below: 'cents', above: 'cents' },
  ),
  'top-up:out-of-range': says(
    plural(
      'Una ricarica va da 1 a {n} pasto, cioè da {least} a {most}.',
      'Una ricarica va da 1 a {n} pasti, cioè da {least} a {most}.',
    ),
    {
      n: 'count',
      least: 'cents',
      most: 'cents',
    },
  ),
  'top-up:no-price': says(
    'Il prezzo del pasto non è ancora stato pubblicato: per ora non si può ricaricare.',
  ),
  'top-up:price-changed': says(
    'Il prezzo del pasto è cambiato: ora è {unit}. Aggiorna il riepilogo e conferma di nuovo. Non hai pagato nulla.',
    { unit: 'cents' },
  ),
  'top-up:provider-unreachable': says(
    'Il servizio di pagamento non risponde. Non hai pagato nulla: riprova tra qualche minuto.',
  ),
} as const

declare module '#lib/kernel/result.ts' {
  interface RefusalDetails extends DetailsOf<typeof TOP_UP_REFUSALS> {}
}

export type TopUpRefusal = keyof typeof TOP_UP_REFUSALS

/** The sentence of a refusal of what was typed in the top-up's form. */
export const topUpRefusalInWords = sayer(TOP_UP_REFUSALS)
