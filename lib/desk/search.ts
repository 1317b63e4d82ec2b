import { isLongEnough } from '#lib/access/people-search.ts'
import { parseFiscalCode } from '#lib/identity/fiscal-code.ts'
import type { Day } from '#lib/kernel/day.ts'
import type { Cents } from '#lib/kernel/money.ts'
import { type PaymentSearch, readPaymentSearch } from '#lib/payments/office/payment-search.ts'
import type { NamedPage } from './place.ts'
import { readTypedDay } from './typed-day.ts'

/** What was typed into the office's search, as each kind of thing could be meant by it. */
export type SearchMeaning = {
  /** Parts of names: of people, classes and pages. Null for figures alone. */
  words: string | null
  fiscalCode: string | null
  /** The last digits of a telephone number. */
  digits: string | null
  day: Day | null
  /** "12/2026": a request, or an invoice. */
  numbered: { number: number; year: number } | null
  /** "2026/WEB/000012" */
  invoice: { year: number; series: string; number: number } | null
  /** The number of the receipt of a meal change. */
  receipt: string | null
  /** An order, or an operation of the payment provider, and a sum of money; never a name, which is a family's. */
  payment: Pick<PaymentSearch, 'code' | 'amountCents'>
}

/** A pupil; without `id` one of the viewer's own school, whose family the viewer does not read. */
export type PupilHit =
  | { id: string; name: string; householdId: string; where: string | null }
  | { id: null; name: string; householdId: null; where: string }
export type AdultHit = {
  name: string
  householdId: string
  household: string
  role: 'holder' | 'delegate'
}
/** A class; without `id` one of the viewer's own, whose list is one page. */
export type ClassHit = { id: string | null; name: string; school: string; year: string | null }
export type InvoiceHit = { id: string; number: string; holder: string }
export type ReceiptHit = { id: string; number: string; householdId: string; household: string; at: Date }
export type RequestHit = { id: string; formId: string; number: string; about: string; from: string }
export type PaymentHit = { id: string; order: string; household: string; amountCents: Cents; at: Date }

/** What a search found, each kind only for who may open it. */
export type Found = {
  pupils: PupilHit[]
  /** The viewer changes meals for families: the calendar of a pupil is found too. */
  changesMeals: boolean
  adults: AdultHit[]
  classes: ClassHit[]
  day: Day | null
  invoices: InvoiceHit[]
  receipts: ReceiptHit[]
  payments: PaymentHit[]
  requests: RequestHit[]
  pages: NamedPage[]
}

export const LONGEST_SEARCH = 80

const PHONE = /^\+?[\d\s./()-]{5,24}$/
const NUMBERED = /^(?:n\.? ?)?(\d{1,9}) ?\/ ?(\d{4})$/i
const INVOICE = /^(\d{4})\/([A-Z0-9]{1,10})\/(\d{1,9})$/
const RECEIPT = /^[A-Z0-9-]{6,24}$/
const FEWEST_DIGITS = 5

/** The digits of what looks like a telephone number, without the country of Italy. */
function digitsOf(typed: string): string | null {
  if (!PHONE.test(typed)) return null
  const digits = typed
    .replace(/\D/g, '')
    .replace(/^0039/, '')
    .replace(/^39(?=3\d{9}$)/, '')
  return digits.length >= FEWEST_DIGITS ? digits : null
}

/** Reads what was typed. Spaces around it are nothing, and what is too long is cut. */
export function readSearch(text: unknown, today: Day): SearchMeaning | null {
  if (typeof text !== 'string') return null
  const typed = text.slice(0, LONGEST_SEARCH).replace(/\s+/g, ' ').trim()
  if (!isLongEnough(typed)) return null
  const payment = readPaymentSearch(typed)
  const upper = typed.replaceAll(' ', '').toUpperCase()
  const [, number, year] = NUMBERED.exec(typed) ?? []
  const [, invoiceYear, series, sequence] = INVOICE.exec(upper) ?? []
  return {
    words: /\p{L}/u.test(typed) ? typed : null,
    fiscalCode: parseFiscalCode(upper)?.code ?? null,
    digits: digitsOf(typed),
    day: readTypedDay(typed, today),
    numbered: number && year ? { number: Number(number), year: Number(year) } : null,
    invoice:
      invoiceYear && series && sequence
        ? { year: Number(invoiceYear), series, number: Number(sequence) }
        : null,
    receipt: RECEIPT.test(upper) && /\d/.test(upper) ? upper : null,
    payment: { code: payment.code, amountCents: payment.amountCents },
  }
}

/** Letters and digits alone, without accents and capitals: as `search_key` of the database. */
const keyOf = (text: string): string =>
  text
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]/gu, '')

/** The pages whose name holds every typed word. */
export function pagesNamed(pages: readonly NamedPage[], words: string): NamedPage[] {
  const parts = words.split(' ').map(keyOf).filter(Boolean)
  if (parts.length === 0) return []
  return pages.filter((page) => {
    const key = keyOf(page.words)
    return parts.every((part) => key.includes(part))
  })
}
