import type { Cents } from '#lib/kernel/money.ts'
import { numericDay } from '#lib/words/format-day.ts'
import { formatEuro } from '#lib/words/format-money.ts'
import { formatDecimal } from '#lib/words/format-number.ts'
import { type Phrase, phrase, plural, type Words } from '#lib/words/language.ts'
import { written } from '#lib/words/written.ts'
import {
  type Address,
  type InvoiceDocument,
  invoiceNumberText,
  owesStampDuty,
  type PaymentMethod,
  STAMP_DUTY,
} from './invoice.ts'
import { toLatin1 } from './latin1.ts'

/** Who is on an invoice: a name, the lines of the address, the codes. */
export type PartyInWords = { name: string; address: string[]; codes: string[] }

/** A row of the sums: what it is, and how much. */
export type SumInWords = { label: string; amount: string }

/** All that a copy of an invoice says, on paper and on a page: both draw these texts and no others. */
export type InvoiceInWords = {
  title: string
  number: string
  day: string
  supplier: PartyInWords
  customerLabel: string
  customer: PartyInWords
  serviceLabel: string
  service: { name: string; municipality: string }
  heads: { what: string; meals: string; price: string; amount: string }
  line: { what: string; reckoned: string; meals: string; price: string; amount: string }
  net: SumInWords
  tax: SumInWords
  total: SumInWords
  /** The law that frees it from VAT, the stamp duty. */
  notes: string[]
  paid: [how: string, nothingToDo: string]
  /** Of a document that was issued with simulated money. */
  demonstration: string | null
  original: [what: string, where: string]
}

/** The same letters as in the XML, cut where it cuts: a copy that differs from its original is no copy. */
const latin = (text: string, maxLength = 60): string => written(toLatin1(text, maxLength))

function cityLine({ postalCode, city, province, country }: Address): string {
  const name = toLatin1(city, 60)
  return written(
    country === 'IT' ? `${postalCode} ${name} (${province})` : `${postalCode} ${name}, ${country}`,
  )
}

const addressInWords = (address: Address): string[] => [latin(address.street), cityLine(address)]

/** 400 → "4%", 450 → "4,5%" */
const rateInWords = (basisPoints: number, t: Words): string =>
  `${formatDecimal(basisPoints / 100, t.language)}%`

const euro = (cents: Cents, t: Words): string => written(formatEuro(cents, t.language))
const codeInWords = (code: string, t: Words): string => t('Codice fiscale {code}', { code: written(code) })

const PAID_WITH: Record<PaymentMethod, Phrase> = {
  card: phrase('Pagata il {day} con carta di pagamento.'),
  mybank: phrase('Pagata il {day} con bonifico MyBank.'),
  pagopa: phrase('Pagata il {day} con pagoPA.'),
}

function lineInWords(invoice: InvoiceDocument, t: Words): InvoiceInWords['line'] {
  const meals = t(plural('{n} pasto', '{n} pasti'), { n: invoice.meals })
  const price = euro(invoice.mealPriceCents, t)
  const reckoned = { meals, price }
  return {
    what: t('{service}: ricarica', { service: latin(invoice.serviceName) }),
    reckoned: invoice.vat.nature
      ? t('{meals} × {price}', reckoned)
      : t('{meals} × {price} (IVA inclusa)', reckoned),
    meals,
    price,
    amount: euro(invoice.totalCents, t),
  }
}

function notesInWords(invoice: InvoiceDocument, t: Words): string[] {
  const { legalReference } = invoice.vat
  const amount = written(formatEuro(STAMP_DUTY, t.language))
  return [
    ...(legalReference ? [latin(legalReference, 100)] : []),
    ...(owesStampDuty(invoice)
      ? [t('Imposta di bollo di {amount} assolta in modo virtuale', { amount })]
      : []),
  ]
}

function sumsInWords({ netCents, vatCents, totalCents, vat }: InvoiceDocument, t: Words) {
  const tax = vat.nature
    ? t('IVA non dovuta ({nature})', { nature: written(vat.nature) })
    : t('IVA {rate}', { rate: written(rateInWords(vat.rateBasisPoints, t)) })
  return {
    net: { label: t('Imponibile'), amount: euro(netCents, t) },
    tax: { label: tax, amount: euro(vatCents, t) },
    total: { label: t('Totale'), amount: euro(totalCents, t) },
  }
}

/** What an invoice says to who reads `t`: one source for the PDF and for the page. */
export function invoiceInWords(invoice: InvoiceDocument, demonstration: boolean, t: Words): InvoiceInWords {
  const { supplier, customer } = invoice
  const day = written(numericDay(invoice.date, t.language))
  return {
    title: t('Fattura'),
    number: t('n. {number}', { number: written(invoiceNumberText(invoice.number)) }),
    day: t('del {day}', { day }),
    supplier: {
      name: latin(supplier.name, 80),
      address: addressInWords(supplier.address),
      codes: [
        t('Partita IVA {number}', { number: written(supplier.vatNumber) }),
        codeInWords(supplier.fiscalCode, t),
      ],
    },
    customerLabel: t('Intestata a'),
    customer: {
      name: written(`${toLatin1(customer.firstName, 60)} ${toLatin1(customer.lastName, 60)}`),
      address: customer.address ? addressInWords(customer.address) : [],
      codes: [codeInWords(customer.fiscalCode, t)],
    },
    serviceLabel: t('Servizio'),
    service: {
      name: latin(invoice.serviceName),
      municipality: t('Comune di {name}', { name: latin(invoice.municipalityName) }),
    },
    heads: { what: t('Descrizione'), meals: t('Quantità'), price: t('Prezzo'), amount: t('Importo') },
    line: lineInWords(invoice, t),
    ...sumsInWords(invoice, t),
    notes: notesInWords(invoice, t),
    paid: [
      t(PAID_WITH[invoice.method], { day }),
      t('Non devi fare altro: l’importo è già sul saldo dei pasti.'),
    ],
    demonstration: demonstration ? t('Dimostrazione: documento senza valore fiscale') : null,
    original: [
      t('Copia di cortesia: l’originale è il file XML.'),
      t(
        'Lo scarichi dal portale in Pagamenti, Fatture. Dopo la trasmissione al Sistema di Interscambio lo trovi anche nella tua area riservata dell’Agenzia delle Entrate.',
      ),
    ],
  }
}
