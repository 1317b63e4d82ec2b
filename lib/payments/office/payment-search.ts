import { isLongEnough } from '#lib/access/people-search.ts'
import { type Cents, parseEuro } from '#lib/kernel/money.ts'

/** What was typed to find a payment, as each kind of thing could be meant by it. */
export type PaymentSearch = {
  /** An order of ours, or an operation of the provider. */
  code: string | null
  /** "2026/MZC/000012" */
  invoice: { year: number; series: string; number: number } | null
  amountCents: Cents | null
  /** Parts of the name of a family or of a person of it. */
  words: string | null
}

const CODE = /^[A-Za-z0-9_-]{4,60}$/
const INVOICE = /^(\d{4})\/([A-Z0-9]{1,10})\/(\d{1,9})$/
const AMOUNT = /^(?:€ ?)?\d{1,7}(?:\.\d{3})*(?:[,.]\d{1,2})?(?: ?€)?$/
/** The largest amount of a column. */
const MOST_CENTS = 2_147_483_647

/** Reads what was typed; a text that can mean nothing finds nothing. */
export function readPaymentSearch(typed: string): PaymentSearch {
  const text = typed.replace(/\s+/g, ' ').trim()
  const [, year, series, number] = INVOICE.exec(text.replaceAll(' ', '').toUpperCase()) ?? []
  const cents = AMOUNT.test(text) ? parseEuro(text.replaceAll('€', '').trim()) : null
  return {
    code: CODE.test(text) && /\d/.test(text) ? text : null,
    invoice: year && series && number ? { year: Number(year), series, number: Number(number) } : null,
    amountCents: cents !== null && cents > 0 && cents <= MOST_CENTS ? cents : null,
    words: /\p{L}/u.test(text) && !/\d/.test(text) && isLongEnough(text) ? text : null,
  }
}
