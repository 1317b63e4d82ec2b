import 'server-only'
import { sql } from 'kysely'
import { asStaff, type Trx } from '#db/client.ts'
import { allowedToStaff } from '#lib/access/capabilities.ts'
import type { Viewer } from '#lib/access/viewer.ts'
import type { InvoiceGap, Supplier } from '../invoice.ts'
import { fileOf } from '../invoice-file.ts'
import {
  CUSTOMER_COLUMNS,
  customerFrom,
  documentNow,
  RECORD_COLUMNS,
  SUPPLIER_COLUMNS,
  supplierOf,
} from '../invoice-record.ts'
import type { HeldInvoices, SupplierData } from './supplier.ts'
import type { WaitingInvoice } from './waiting-invoice.ts'

const MOST = 500

/**
 * The invoices that wait for something, the oldest first; null for who may not adjust money. What they wait for is told as it is
 * now: the rest of it may have arrived since, and what lacks nothing goes out within a minute.
 */
export async function waitingInvoices(viewer: Viewer): Promise<WaitingInvoice[] | null> {
  if (!allowedToStaff(viewer, 'money:adjust')) return null
  return asStaff(viewer, async (trx) => {
    const rows = await readWaiting(trx, viewer.municipalityId)
    return rows.map((row) => ({
      id: row.id,
      number: row.number_text,
      issuedOn: row.issued_on,
      days: row.days,
      totalCents: row.total_cents,
      gaps: gapsWith(row, supplierOf(row)),
      holderName: row.holder_name,
      holderId: row.holder_id,
      householdId: row.household_id,
      householdName: row.household_name,
    }))
  })
}

/** What the invoices that wait would come to with other data of the supplier. */
export async function heldInvoices(
  trx: Trx,
  municipalityId: string,
  asked: SupplierData,
): Promise<HeldInvoices> {
  const { name, vatNumber, fiscalCode, taxRegime, ...place } = asked
  const supplier = {
    name,
    vatNumber,
    fiscalCode,
    taxRegime,
    address: {
      street: place.street,
      postalCode: place.postalCode,
      city: place.city,
      province: place.province,
      country: 'IT',
    },
  }
  const waiting = (await readWaiting(trx, municipalityId)).map((row) => ({
    number: row.number_text,
    isWhole: gapsWith(row, supplier).length === 0,
  }))
  const issuable = waiting.filter(({ isWhole }) => isWhole).map(({ number }) => number)
  return { issuable, stillWaiting: waiting.length - issuable.length }
}

type WaitingRow = Awaited<ReturnType<typeof readWaiting>>[number]

/** What an invoice lacks with these data of the supplier; a file is made only of what lacks nothing that is known before. */
const gapsWith = (row: WaitingRow, supplier: Supplier): InvoiceGap[] =>
  fileOf(documentNow(row, customerFrom(row), supplier)).gaps

const readWaiting = (trx: Trx, municipalityId: string) =>
  trx
    .selectFrom('invoice as i')
    .innerJoin('person as p', (join) =>
      join.on('p.municipality_id', '=', municipalityId).onRef('p.id', '=', 'i.holder_id'),
    )
    .innerJoin('household as h', (join) =>
      join.on('h.municipality_id', '=', municipalityId).onRef('h.id', '=', 'i.household_id'),
    )
    .innerJoin('municipality as m', 'm.id', 'i.municipality_id')
    .innerJoin('operator as o', 'o.id', 'm.operator_id')
    .select(['i.id', 'i.number_text', 'i.gaps', 'i.holder_id', 'i.household_id', 'h.name as household_name'])
    .select(RECORD_COLUMNS.map((column) => `i.${column}` as const))
    .select(CUSTOMER_COLUMNS.map((column) => `p.${column}` as const))
    .select(['p.full_name as holder_name', sql<number>`app_today() - i.issued_on`.as('days')])
    .select(SUPPLIER_COLUMNS)
    .where('i.municipality_id', '=', municipalityId)
    .where('i.xml', 'is', null)
    .orderBy('i.issued_on')
    .orderBy('i.id')
    .limit(MOST)
    .execute()
