import type { Cents } from '#lib/kernel/money.ts'
import {
  type Address,
  type Customer,
  type InvoiceDocument,
  type InvoiceGap,
  isOfSupplier,
  isWholeAddress,
  type Nature,
  type PaymentMethod,
  type Supplier,
} from './invoice.ts'

/** An invoice as its row keeps it. */
export type InvoiceRecord = {
  series: string
  year: number
  number: number
  issued_on: string
  supplier: unknown
  customer: unknown
  municipality_name: string
  service_name: string
  meals: number
  unit_cents: Cents
  total_cents: Cents
  net_cents: Cents
  vat_cents: Cents
  vat_basis_points: number
  vat_nature: Nature | null
  vat_reference: string | null
  method: PaymentMethod
}

export const RECORD_COLUMNS = [
  'series',
  'year',
  'number',
  'issued_on',
  'supplier',
  'customer',
  'municipality_name',
  'service_name',
  'meals',
  'unit_cents',
  'total_cents',
  'net_cents',
  'vat_cents',
  'vat_basis_points',
  'vat_nature',
  'vat_reference',
  'method',
] as const satisfies (keyof InvoiceRecord)[]

/** The frozen document that a row holds; what the database checks is not checked again. */
export const documentOf = (row: InvoiceRecord): InvoiceDocument => ({
  number: { year: row.year, series: row.series, sequence: row.number },
  date: row.issued_on,
  supplier: row.supplier as Supplier,
  customer: row.customer as Customer,
  municipalityName: row.municipality_name,
  serviceName: row.service_name,
  meals: row.meals,
  mealPriceCents: row.unit_cents,
  totalCents: row.total_cents,
  netCents: row.net_cents,
  vatCents: row.vat_cents,
  vat: {
    rateBasisPoints: row.vat_basis_points,
    nature: row.vat_nature,
    legalReference: row.vat_reference,
  },
  method: row.method,
})

/** The row of a document, without what makes it an object of its own (keys, XML). */
export const recordOf = (document: InvoiceDocument): InvoiceRecord => ({
  series: document.number.series,
  year: document.number.year,
  number: document.number.sequence,
  issued_on: document.date,
  supplier: document.supplier,
  customer: document.customer,
  municipality_name: document.municipalityName,
  service_name: document.serviceName,
  meals: document.meals,
  unit_cents: document.mealPriceCents,
  total_cents: document.totalCents,
  net_cents: document.netCents,
  vat_cents: document.vatCents,
  vat_basis_points: document.vat.rateBasisPoints,
  vat_nature: document.vat.nature,
  vat_reference: document.vat.legalReference,
  method: document.method,
})

/** The columns of a supplier's row that an invoice names. */
export const SUPPLIER_COLUMNS = [
  'o.name as o_name',
  'o.vat_number as o_vat_number',
  'o.fiscal_code as o_fiscal_code',
  'o.tax_regime as o_tax_regime',
  'o.street as o_street',
  'o.postcode as o_postcode',
  'o.city as o_city',
  'o.province as o_province',
] as const

type SupplierRow = Record<
  | 'o_name'
  | 'o_vat_number'
  | 'o_fiscal_code'
  | 'o_tax_regime'
  | 'o_street'
  | 'o_postcode'
  | 'o_city'
  | 'o_province',
  string
>

/** The supplier of a register's row. */
export const supplierOf = (row: SupplierRow): Supplier => ({
  name: row.o_name,
  vatNumber: row.o_vat_number,
  fiscalCode: row.o_fiscal_code,
  taxRegime: row.o_tax_regime,
  address: {
    street: row.o_street,
    postalCode: row.o_postcode,
    city: row.o_city,
    province: row.o_province,
    country: 'IT',
  },
})

/**
 * What a waiting invoice would say now: the payer as the register has them, and the supplier only where the supplier's data
 * kept it from being written. Number, date and amounts stay.
 */
export function documentNow(
  row: InvoiceRecord & { gaps: readonly InvoiceGap[] },
  customer: Customer,
  supplier: Supplier,
): InvoiceDocument {
  const document = { ...documentOf(row), customer }
  return row.gaps.some(isOfSupplier) ? { ...document, supplier } : document
}

/** The columns of a person's row that are the postal address. */
export const ADDRESS_COLUMNS = ['street', 'postcode', 'city', 'province', 'country'] as const

/** The columns of a person's row that an invoice names. */
export const CUSTOMER_COLUMNS = ['given_name', 'family_name', 'fiscal_code', ...ADDRESS_COLUMNS] as const

/** A person as an invoice names them, from the register as it is now. */
export const customerFrom = (
  person: Written & { given_name: string; family_name: string; fiscal_code: string },
): Customer => ({
  firstName: person.given_name,
  lastName: person.family_name,
  fiscalCode: person.fiscal_code,
  address: addressOf(person),
})

type Written = {
  street: string | null
  postcode: string | null
  city: string | null
  province: string | null
  country: string
}

/** What a register's row tells of an address, whole or not. */
export const writtenAddress = ({ street, postcode, city, province, country }: Written): Address => ({
  street: street ?? '',
  postalCode: postcode ?? '',
  city: city ?? '',
  province,
  country,
})

/** The address of a register's row; null when an invoice cannot be written with it: it is then asked for again. */
export function addressOf(row: Written): Address | null {
  const address = writtenAddress(row)
  return isWholeAddress(address) ? address : null
}
