import 'server-only'
import { sql } from 'kysely'
import { asStaff, type Trx } from '#db/client.ts'
import { allowedToStaff } from '#lib/access/capabilities.ts'
import type { Viewer } from '#lib/access/viewer.ts'
import { recordAudit } from '#lib/audit/audit.commands.ts'
import { fingerprintOf } from '#lib/kernel/fingerprint.ts'
import { changedByOther, ok, type Result, refused, refusedField } from '#lib/kernel/result.ts'
import { readSupplier, supplierChanger } from './supplier.queries.ts'
import { changedData, type SupplierData } from './supplier.ts'
import { supplierInWords } from './supplier.words.ts'
import { heldInvoices } from './waiting-invoice.queries.ts'

/** What would happen; `seen` binds the second press to it. */
export type SupplierPreview = { lines: string[]; seen: { fingerprint: string } }

/** What a change of the supplier's data would do, for the second press. Changes nothing. */
export async function previewSupplier(
  viewer: Viewer,
  asked: SupplierData,
  revision: number,
): Promise<Result<SupplierPreview>> {
  if (!allowedToStaff(viewer, 'supplier:manage')) return refused('request:not-found')
  return asStaff(viewer, async (trx) => {
    const planned = await plan(trx, viewer, asked, revision)
    if (!planned.ok) return planned
    return ok({ lines: planned.value.lines, seen: { fingerprint: fingerprintOf(planned.value.lines) } })
  })
}

const UNIQUE_VIOLATION = '23505'

/**
 * Changes the data of the supplier. Invoices that waited for them are written by the worker (`completeHeldInvoices`), in every
 * municipality of the supplier; those that were written keep what they say.
 * @param shown what the form was built from and what the preview showed: where it is not so any more, nothing is done
 */
export async function changeSupplier(
  viewer: Viewer,
  asked: SupplierData,
  shown: { revision: number; fingerprint: string },
): Promise<Result<null>> {
  if (!allowedToStaff(viewer, 'supplier:manage')) return refused('request:not-found')
  return asStaff(viewer, async (trx) => {
    const planned = await plan(trx, viewer, asked, shown.revision)
    if (!planned.ok) return planned
    const { lines, changed } = planned.value
    if (fingerprintOf(lines) !== shown.fingerprint) return refused('supplier:preview-again')
    if (!(await write(trx, asked, shown.revision))) return overtaken(trx, viewer)
    await recordAudit(trx, viewer, {
      action: 'supplier.changed',
      objectType: 'municipality',
      objectId: viewer.municipalityId,
      details: { fields: changed.join(' '), revision: shown.revision + 1 },
    })
    return ok(null)
  }).catch((error) => {
    if (error?.code === UNIQUE_VIOLATION) return refusedField('vatNumber', 'supplier:vat-taken')
    throw error
  })
}

async function plan(
  trx: Trx,
  viewer: Viewer,
  asked: SupplierData,
  revision: number,
): Promise<Result<{ lines: string[]; changed: string[] }>> {
  const now = await readSupplier(trx, viewer.municipalityId)
  if (now.revision !== revision) return overtaken(trx, viewer)
  const changed = changedData(now.data, asked)
  if (changed.length === 0) return refused('supplier:nothing')
  const held = await heldInvoices(trx, viewer.municipalityId, asked)
  return ok({ lines: supplierInWords(now, asked, held), changed })
}

/** Waits for another change of the same supplier; false where that one came first. */
async function write(trx: Trx, asked: SupplierData, revision: number): Promise<boolean> {
  const { rows } = await sql<{ isSaved: boolean }>`
    select save_supplier(${revision}, ${JSON.stringify(asked)}::jsonb) as "isSaved"`.execute(trx)
  return rows[0]?.isSaved ?? false
}

async function overtaken(trx: Trx, viewer: Viewer) {
  const { data, revision } = await readSupplier(trx, viewer.municipalityId)
  return changedByOther('supplier:changed-meanwhile', {
    who: await supplierChanger(trx, viewer.municipalityId, revision),
    at: { revision },
    fields: { ...data },
  })
}
