import type { Day } from '#lib/kernel/day.ts'
import type { Cents } from '#lib/kernel/money.ts'
import { isLatinReadable, toLatin1 } from './latin1.ts'
import { ITALY, isCountry, isItalianPostalCode } from './place-code.ts'
import { isTaxRegime } from './tax-regime.ts'

/** Why an amount carries no VAT, as the invoice format names it (only the cases a canteen contract can meet). */
export type Nature = 'N2.2' | 'N4'

/** How the meals of one contract are taxed. It is configuration: the accountant decides, the code never does. */
export type VatTreatment = {
  /** Hundredths of a percent: 400 is 4 %. */
  rateBasisPoints: number
  /** Set if and only if the rate is zero. */
  nature: Nature | null
  /** The law that says so, printed on the invoice; required with a nature. */
  legalReference: string | null
}

export type Address = {
  street: string
  /** Five digits for Italy; empty where a country has none. */
  postalCode: string
  city: string
  /** Two capital letters for Italy, null abroad. */
  province: string | null
  /** ISO 3166-1 alpha-2. */
  country: string
}

export type Supplier = {
  name: string
  /** Eleven digits, without the country. */
  vatNumber: string
  fiscalCode: string
  /** RF01 and following; RF03 no longer exists. */
  taxRegime: string
  address: Address
}

export type Customer = {
  firstName: string
  lastName: string
  fiscalCode: string
  /** Null when the office has not collected it yet: the invoice then waits for it. */
  address: Address | null
}

/** How a top-up was paid, as far as an invoice cares. */
export type PaymentMethod = 'card' | 'mybank' | 'pagopa'

/** Everything an invoice says, frozen when it is numbered. XML and PDF are drawn from this and from nothing else. */
export type InvoiceDocument = {
  number: InvoiceNumber
  /** The civil day in Italy of the settlement, by the clock of the database. */
  date: Day
  supplier: Supplier
  customer: Customer
  municipalityName: string
  serviceName: string
  meals: number
  mealPriceCents: Cents
  totalCents: Cents
  netCents: Cents
  vatCents: Cents
  vat: VatTreatment
  method: PaymentMethod
}

export type InvoiceNumber = {
  year: number
  /** One to three capital letters or digits: the register of one municipality. */
  series: string
  /** From 1, without holes within series and year. */
  sequence: number
}

/** "2026/MZC/000123": at most 20 ASCII characters, as the format wants, and sorts like a register. */
export const invoiceNumberText = ({ year, series, sequence }: InvoiceNumber): string =>
  `${year}/${series}/${String(sequence).padStart(6, '0')}`

/**
 * The name of one transmission, at most 10 ASCII letters and digits, different for every invoice of a supplier:
 * series, two digits of the year, sequence in base 36 (60 million a year).
 */
export const transmissionNumber = ({ year, series, sequence }: InvoiceNumber): string =>
  series + String(year % 100).padStart(2, '0') + sequence.toString(36).toUpperCase().padStart(5, '0')

/** Integer division rounded to the nearest, halves up; exact below 2^53. */
const roundedRatio = (numerator: number, denominator: number): number =>
  Math.floor((2 * numerator + denominator) / (2 * denominator))

/**
 * Takes the VAT out of a price that includes it: `net = round(total / (1 + rate))`, `vat = total − net`.
 * The total, which the family paid, is never touched. The VAT so found is within one cent of `net × rate`
 * (the tolerance of the Sistema di Interscambio), and equal to its rounding wherever such a split exists.
 */
export function splitVat(totalCents: Cents, rateBasisPoints: number): { netCents: Cents; vatCents: Cents } {
  const netCents = roundedRatio(totalCents * 10_000, 10_000 + rateBasisPoints)
  return { netCents, vatCents: totalCents - netCents }
}

/** The net price of one meal in hundred-millionths of a euro, so that price × quantity rounds back to the net. */
export const netUnitPriceE8 = (netCents: Cents, meals: number): number =>
  roundedRatio(netCents * 1_000_000, meals)

/** What an invoice lacks before its XML can be written; `structure`: the XML failed our own checks. */
export type InvoiceGap =
  | 'customer_address'
  | 'customer_name'
  | 'customer_fiscal_code'
  | 'supplier'
  | 'structure'

/** Whether the data of the supplier, or what comes of them, keep an invoice from being written. */
export const isOfSupplier = (gap: InvoiceGap): boolean => gap === 'supplier' || gap === 'structure'

/** Whether an invoice can be written with this address: pages, forms and invoices ask it here. */
export const isWholeAddress = (address: Address): boolean =>
  isLatinReadable(address.street) &&
  isLatinReadable(address.city) &&
  isCountry(address.country) &&
  (address.country !== ITALY ||
    (isItalianPostalCode(address.postalCode) && /^[A-Z]{2}$/.test(address.province ?? '')))

/** Everything missing or unusable, so that it can be asked for once; empty when the XML can be written. */
export function invoiceGaps({ customer, supplier, vat }: InvoiceDocument): InvoiceGap[] {
  const gaps: InvoiceGap[] = []
  if (!customer.address || !isWholeAddress(customer.address)) gaps.push('customer_address')
  if (!isLatinReadable(customer.firstName) || !isLatinReadable(customer.lastName)) gaps.push('customer_name')
  if (!/^(?:[A-Z0-9]{16}|\d{11})$/.test(customer.fiscalCode)) gaps.push('customer_fiscal_code')
  const exempt = vat.rateBasisPoints === 0
  const taxed = exempt === (vat.nature !== null) && (!exempt || !!vat.legalReference)
  const identified = /^\d{11}$/.test(supplier.vatNumber) && isTaxRegime(supplier.taxRegime)
  if (!taxed || !identified || !isWholeAddress(supplier.address) || toLatin1(supplier.name, 80) === '')
    gaps.push('supplier')
  return gaps
}

/** Stamp duty is due only on documents without VAT above this total. */
const STAMP_DUTY_THRESHOLD: Cents = 7747

export const STAMP_DUTY: Cents = 200

/** Whether the stamp duty applies: never with VAT. */
export const owesStampDuty = ({ vat, totalCents }: Pick<InvoiceDocument, 'vat' | 'totalCents'>): boolean =>
  vat.nature !== null && totalCents > STAMP_DUTY_THRESHOLD

/** "fattura-2026-MZC-000123" */
export const invoiceFileName = (number: InvoiceNumber): string =>
  `fattura-${invoiceNumberText(number).replaceAll('/', '-')}`
