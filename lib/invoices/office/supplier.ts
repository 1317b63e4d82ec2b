/** The data of the supplier, as an invoice and the public pages name it. */
export type SupplierData = {
  name: string
  vatNumber: string
  fiscalCode: string
  taxRegime: string
  street: string
  postalCode: string
  city: string
  province: string
  email: string
  phone: string
}

/** The data of now, with the municipalities that they are of. */
export type SupplierNow = { data: SupplierData; revision: number; municipalities: string[] }

/** Which data of the supplier differ. */
export const changedData = (now: SupplierData, asked: SupplierData): (keyof SupplierData)[] =>
  (Object.keys(now) as (keyof SupplierData)[]).filter((name) => now[name] !== asked[name])

/** What a change of the supplier does to the invoices that wait. */
export type HeldInvoices = {
  /** Numbers of those that can be written then, the oldest first. */
  issuable: string[]
  /** How many still wait, for something else. */
  stillWaiting: number
}
