import 'server-only'
import { sql } from 'kysely'
import { asStaff } from '#db/client.ts'
import { allowedToStaff } from '#lib/access/capabilities.ts'
import type { Viewer } from '#lib/access/viewer.ts'
import type { WaitingInvoice } from './waiting-invoice.ts'

const MOST = 500

/** The invoices that wait for something, the oldest first; null for who may not adjust money. */
export async function waitingInvoices(viewer: Viewer): Promise<WaitingInvoice[] | null> {
  if (!allowedToStaff(viewer, 'money:adjust')) return null
  const { municipalityId } = viewer
  return asStaff(viewer, async (trx) => {
    const { rows } = await sql<WaitingInvoice>`
      select i.id, i.number_text as number, i.issued_on as "issuedOn", app_today() - i.issued_on as days,
        i.total_cents as "totalCents", i.gaps, p.full_name as "holderName", p.id as "holderId",
        h.id as "householdId", h.name as "householdName"
      from invoice i
      join person p on p.municipality_id = ${municipalityId} and p.id = i.holder_id
      join household h on h.municipality_id = ${municipalityId} and h.id = i.household_id
      where i.municipality_id = ${municipalityId} and i.xml is null
      order by i.issued_on, i.id
      limit ${MOST}`.execute(trx)
    return rows
  })
}
