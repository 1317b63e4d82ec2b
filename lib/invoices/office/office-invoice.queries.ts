import 'server-only'
import { asStaff } from '#db/client.ts'
import { allowedToStaff } from '#lib/access/capabilities.ts'
import type { Viewer } from '#lib/access/viewer.ts'
import { recordAudit } from '#lib/audit/audit.commands.ts'
import { isUuid } from '#lib/kernel/uuid.ts'
import type { InvoiceDocument, InvoiceGap } from '../invoice.ts'
import { documentOf, RECORD_COLUMNS } from '../invoice-record.ts'

/** An invoice as the office reads it: also one that still waits for something. */
export type OfficeInvoice = {
  document: InvoiceDocument
  gaps: InvoiceGap[]
  holderId: string
  householdId: string
}

/** An invoice of the municipality, for who may read them there; the reading is registered. null when there is none. */
export async function officeInvoice(viewer: Viewer, invoiceId: string): Promise<OfficeInvoice | null> {
  if (!allowedToStaff(viewer, 'invoices:read') || !isUuid(invoiceId)) return null
  return asStaff(viewer, async (trx) => {
    const row = await trx
      .selectFrom('invoice')
      .select(['id', 'gaps', 'holder_id', 'household_id', ...RECORD_COLUMNS])
      .where('municipality_id', '=', viewer.municipalityId)
      .where('id', '=', invoiceId)
      .executeTakeFirst()
    if (!row) return null
    await recordAudit(trx, viewer, { action: 'invoices:read', objectType: 'invoice', objectId: row.id })
    return {
      document: documentOf(row),
      gaps: row.gaps,
      holderId: row.holder_id,
      householdId: row.household_id,
    }
  })
}
