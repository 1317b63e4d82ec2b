import 'server-only'
import { asFamily } from '#db/client.ts'
import { readAsFamily } from '#db/reading.ts'
import { allowedToFamily } from '#lib/access/capabilities.ts'
import type { Viewer } from '#lib/access/viewer.ts'
import { recordAudit } from '#lib/audit/audit.commands.ts'
import type { Day } from '#lib/kernel/day.ts'
import type { Cents } from '#lib/kernel/money.ts'
import { isUuid } from '#lib/kernel/uuid.ts'
import {
  type Address,
  type InvoiceDocument,
  type InvoiceGap,
  invoiceFileName,
  type PaymentMethod,
} from './invoice.ts'
import { ADDRESS_COLUMNS, addressOf, documentOf, RECORD_COLUMNS, writtenAddress } from './invoice-record.ts'

export type InvoiceSummary = {
  id: string
  /** "2026/MZC/000123" */
  number: string
  issuedOn: Day
  serviceName: string
  meals: number
  totalCents: Cents
  method: PaymentMethod
  /** What its XML waits for; empty when both files can be downloaded. */
  gaps: InvoiceGap[]
}

/** `address`: what the register has of it; `addressMissing`: an invoice needs more. */
export type InvoiceList = { invoices: InvoiceSummary[]; address: Address | null; addressMissing: boolean }

/** The invoices in the viewer's own name, the newest first; null for a viewer who is not and was not a holder. */
export async function invoicesOf(viewer: Viewer): Promise<InvoiceList | null> {
  if (!allowedToFamily(viewer, 'invoices:read')) return null
  return readAsFamily(viewer, async (trx) => {
    const [rows, person] = await Promise.all([
      trx
        .selectFrom('invoice')
        .select(['id', 'number_text', 'issued_on', 'service_name', 'meals', 'total_cents', 'method', 'gaps'])
        .where('municipality_id', '=', viewer.municipalityId)
        .where('holder_id', '=', viewer.personId)
        .orderBy('issued_at', 'desc')
        .orderBy('number', 'desc')
        .execute(),
      trx
        .selectFrom('person')
        .select(ADDRESS_COLUMNS)
        .where('municipality_id', '=', viewer.municipalityId)
        .where('id', '=', viewer.personId)
        .executeTakeFirst(),
    ])
    return {
      invoices: rows.map((row) => ({
        id: row.id,
        number: row.number_text,
        issuedOn: row.issued_on,
        serviceName: row.service_name,
        meals: row.meals,
        totalCents: row.total_cents,
        method: row.method,
        gaps: row.gaps,
      })),
      address: person ? writtenAddress(person) : null,
      addressMissing: !person || !addressOf(person),
    }
  })
}

/** What is known of an invoice before a file of it is taken. */
export type InvoiceFacts = {
  id: string
  document: InvoiceDocument
  /** Hash of its XML, hexadecimal. */
  xmlHash: string
}

/**
 * An invoice of which both files can be taken, for the holder in whose name it is and for no other.
 * @returns null when it does not exist, is not the viewer's, or still waits for its XML
 */
export async function invoiceFacts(viewer: Viewer, invoiceId: string): Promise<InvoiceFacts | null> {
  if (!allowedToFamily(viewer, 'invoices:read') || !isUuid(invoiceId)) return null
  return readAsFamily(viewer, async (trx) => {
    const row = await trx
      .selectFrom('invoice')
      .select(['id', 'xml_sha256', ...RECORD_COLUMNS])
      .where('municipality_id', '=', viewer.municipalityId)
      .where('id', '=', invoiceId)
      .where('holder_id', '=', viewer.personId)
      .executeTakeFirst()
    if (row?.xml_sha256 == null) return null
    return { id: row.id, document: documentOf(row), xmlHash: row.xml_sha256.toString('hex') }
  })
}

export type InvoiceFormat = 'pdf' | 'xml'
export type InvoiceFile = { document: InvoiceDocument; xml: string; fileName: string }

/**
 * An invoice to download, for the holder in whose name it is and for no other; the download is registered.
 * @returns null when it does not exist, is not the viewer's, or still waits for its XML
 */
export async function invoiceToDownload(
  viewer: Viewer,
  invoiceId: string,
  format: InvoiceFormat,
): Promise<InvoiceFile | null> {
  if (!allowedToFamily(viewer, 'invoices:read') || !isUuid(invoiceId)) return null
  return asFamily(viewer, async (trx) => {
    const row = await trx
      .selectFrom('invoice')
      .select(['id', 'xml', ...RECORD_COLUMNS])
      .where('municipality_id', '=', viewer.municipalityId)
      .where('id', '=', invoiceId)
      .where('holder_id', '=', viewer.personId)
      .executeTakeFirst()
    if (row?.xml == null) return null
    await recordAudit(trx, viewer, {
      action: 'invoices:downloaded',
      objectType: 'invoice',
      objectId: row.id,
      details: { format },
    })
    const document = documentOf(row)
    return { document, xml: row.xml, fileName: `${invoiceFileName(document.number)}.${format}` }
  })
}
