import { type Details, inWords } from '#lib/words/details.ts'
import { italian, type Words } from '#lib/words/language.ts'

/** The refusals of a top-up, apart from the others: the form says them while one types, and carries no more than these. */
export const TOP_UP_SENTENCES = {
  'top-up:nothing-asked': 'Scrivi quanti pasti vuoi ricaricare, oppure un importo.',
  'top-up:two-answers': 'Hai scritto sia i pasti sia l’importo: lascia solo uno dei due.',
  'top-up:not-a-number': 'Scrivi il numero di pasti in cifre, da 1 a {max}.',
  'top-up:not-an-amount': 'Scrivi l’importo in euro, per esempio {example}.',
  'top-up:not-a-multiple':
    'L’importo deve essere un multiplo del prezzo del pasto ({unit}). I più vicini sono {below} e {above}.',
  'top-up:out-of-range': 'Una ricarica va da 1 a {max} pasti, cioè da {least} a {most}.',
  'top-up:no-price': 'Il prezzo del pasto non è ancora stato pubblicato: per ora non si può ricaricare.',
  'top-up:price-changed':
    'Il prezzo del pasto è cambiato: ora è {unit}. Aggiorna il riepilogo e conferma di nuovo. Non hai pagato nulla.',
  'top-up:provider-unreachable':
    'Il servizio di pagamento non risponde. Non hai pagato nulla: riprova tra qualche minuto.',
} as const

const isOurs = (code: string): code is keyof typeof TOP_UP_SENTENCES => Object.hasOwn(TOP_UP_SENTENCES, code)

/** The sentence of a refusal of what was typed in the top-up's form; empty for a code of something else. */
export const topUpRefusalInWords = (code: string, details: Details = {}, t: Words = italian): string =>
  isOurs(code) ? inWords(TOP_UP_SENTENCES[code], details, t) : ''
