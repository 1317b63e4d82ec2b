import 'server-only'
import { sql } from 'kysely'
import { asStaff, type Trx } from '#db/client.ts'
import { allowedToStaff } from '#lib/access/capabilities.ts'
import type { Viewer } from '#lib/access/viewer.ts'
import type { SupplierNow } from './supplier.ts'

/** The supplier of the viewer's municipality; null for who may not change it. */
export async function supplierForOffice(viewer: Viewer): Promise<SupplierNow | null> {
  if (!allowedToStaff(viewer, 'supplier:manage')) return null
  return asStaff(viewer, (trx) => readSupplier(trx, viewer.municipalityId))
}

/** The supplier of a municipality, and every municipality that it serves. */
export async function readSupplier(trx: Trx, municipalityId: string): Promise<SupplierNow> {
  const row = await trx
    .selectFrom('municipality as m')
    .innerJoin('operator as o', 'o.id', 'm.operator_id')
    .select(['o.id', 'o.revision', 'o.name', 'o.vat_number', 'o.fiscal_code', 'o.tax_regime'])
    .select(['o.street', 'o.postcode', 'o.city', 'o.province', 'o.email', 'o.phone'])
    .where('m.id', '=', municipalityId)
    .executeTakeFirstOrThrow()
  const served = await trx
    .selectFrom('municipality')
    .select('name')
    .where('operator_id', '=', row.id)
    .orderBy('name')
    .execute()
  return {
    data: {
      name: row.name,
      vatNumber: row.vat_number,
      fiscalCode: row.fiscal_code,
      taxRegime: row.tax_regime,
      street: row.street,
      postalCode: row.postcode,
      city: row.city,
      province: row.province,
      email: row.email,
      phone: row.phone,
    },
    revision: row.revision,
    municipalities: served.map(({ name }) => name),
  }
}

/** Who made the supplier what it is; null where it was a colleague of another municipality. */
export async function supplierChanger(
  trx: Trx,
  municipalityId: string,
  revision: number,
): Promise<string | null> {
  const { rows } = await sql<{ name: string }>`
    select p.full_name as name from audit_event e
    join person p on p.municipality_id = ${municipalityId} and p.id = e.person_id
    where e.municipality_id = ${municipalityId} and e.action = 'supplier.changed'
      and e.details->>'revision' = ${String(revision)}
    order by e.occurred_at desc limit 1`.execute(trx)
  return rows[0]?.name ?? null
}
