import { type InvoiceDocument, splitVat, type VatTreatment } from '#lib/invoices/invoice.ts'
import { isLatinReadable } from '#lib/invoices/latin1.ts'
import { anyText } from './any-text.ts'
import fc from './random.ts'

/** Meals in school canteens, whoever serves them: tab. A, part II, no. 37 of DPR 633/1972. */
const SCHOOL_MEALS_VAT: VatTreatment = {
  rateBasisPoints: 400,
  nature: null,
  legalReference: 'IVA 4% - Tab. A, parte II, n. 37, DPR 633/1972',
}

/** An ordinary invoice: 20 meals at € 5,40, paid by card. */
export function anInvoice(changes: Partial<InvoiceDocument> = {}): InvoiceDocument {
  const meals = changes.meals ?? 20
  const mealPriceCents = changes.mealPriceCents ?? 540
  const vat = changes.vat ?? SCHOOL_MEALS_VAT
  const totalCents = meals * mealPriceCents
  return {
    number: { year: 2026, series: 'MZC', sequence: 123 },
    date: '2026-11-24',
    supplier: {
      name: 'Tangram Cooperativa Sociale',
      vatNumber: '01234567897',
      fiscalCode: '01234567897',
      taxRegime: 'RF01',
      address: {
        street: "Via dell'Artigianato 12",
        postalCode: '37069',
        city: 'Villafranca di Verona',
        province: 'VR',
        country: 'IT',
      },
    },
    customer: {
      firstName: 'Laura',
      lastName: 'Conti',
      fiscalCode: 'CNTLRA85C41F861B',
      address: {
        street: 'Via Roma 5',
        postalCode: '37060',
        city: 'Mozzecane',
        province: 'VR',
        country: 'IT',
      },
    },
    municipalityName: 'Mozzecane',
    serviceName: 'Refezione Scolastica',
    meals,
    mealPriceCents,
    totalCents,
    ...splitVat(totalCents, vat.rateBasisPoints),
    vat,
    method: 'card',
    ...changes,
  }
}

const HARD_NAMES = [
  'D’Angelo',
  'Lo—Presti',
  'Ștefănescu',
  'Łukasz',
  'Олександра',
  'Anna 🍝',
  'O"Neil & <Sons>',
  'Nguyễn',
  'È',
]
const hardText = fc.oneof(
  fc.constantFrom(...HARD_NAMES),
  // A letter without a Latin form keeps the invoice waiting, whatever stands beside it.
  anyText(250).map((text) => `a${[...text].filter((letter) => isLatinReadable(`a${letter}`)).join('')}`),
)

/** Invoices with the names, cities, prices and quantities that life and mischief can bring. */
export const anyInvoice: fc.Arbitrary<InvoiceDocument> = fc
  .record({
    meals: fc.integer({ min: 1, max: 500 }),
    mealPriceCents: fc.integer({ min: 1, max: 2500 }),
    firstName: hardText,
    lastName: hardText,
    street: hardText,
    city: hardText,
    country: fc.constantFrom('IT', 'RO', 'CH'),
    sequence: fc.integer({ min: 1, max: 9_999_999 }),
    method: fc.constantFrom('card', 'mybank', 'pagopa'),
    vat: fc.constantFrom(
      SCHOOL_MEALS_VAT,
      { rateBasisPoints: 500, nature: null, legalReference: null },
      {
        rateBasisPoints: 0,
        nature: 'N4',
        legalReference: 'Esente art. 10, n. 20, DPR 633/1972',
      },
    ),
  } as const)
  .map(({ meals, mealPriceCents, firstName, lastName, street, city, country, sequence, method, vat }) =>
    anInvoice({
      meals,
      mealPriceCents,
      vat,
      method,
      number: { year: 2026, series: 'MZC', sequence },
      customer: {
        firstName,
        lastName,
        fiscalCode: 'CNTLRA85C41F861B',
        address: {
          street,
          postalCode: country === 'IT' ? '37060' : 'CH-8001',
          city,
          province: country === 'IT' ? 'VR' : null,
          country,
        },
      },
    }),
  )
