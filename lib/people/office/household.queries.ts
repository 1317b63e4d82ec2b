import 'server-only'
import { sql } from 'kysely'
import { asStaff } from '#db/client.ts'
import { allowedToStaff } from '#lib/access/capabilities.ts'
import type { Viewer } from '#lib/access/viewer.ts'
import { recordAudit } from '#lib/audit/audit.commands.ts'
import { isUuid } from '#lib/kernel/uuid.ts'
import type { OfficeHousehold } from './household.ts'

/** One household as the office sees it; the reading is written down. Null where there is none, or none to see. */
export async function householdForOffice(
  viewer: Viewer,
  householdId: string,
): Promise<OfficeHousehold | null> {
  if (!allowedToStaff(viewer, 'household:manage') || !isUuid(householdId)) return null
  return asStaff(viewer, async (trx) => {
    const { rows } = await sql<OfficeHousehold>`
      select h.name,
        coalesce((select jsonb_agg(jsonb_build_object('id', c.id, 'name', c.full_name) order by c.birth_date, c.id) from pupil c
          where c.municipality_id = ${viewer.municipalityId} and c.household_id = h.id), '[]') as pupils,
        coalesce((select jsonb_agg(jsonb_build_object('personId', p.id, 'name', p.full_name, 'role', m.role, 'since', m.valid_from,
              'phone', p.phone, 'isPhoneVerified', p.phone_verified_at is not null, 'email', p.email)
            order by m.role desc, m.started_at)
          from active_member m join person p on p.municipality_id = ${viewer.municipalityId} and p.id = m.person_id
          where m.municipality_id = ${viewer.municipalityId} and m.household_id = h.id), '[]') as roles
      from household h where h.municipality_id = ${viewer.municipalityId} and h.id = ${householdId}::uuid`.execute(
      trx,
    )
    const household = rows[0]
    if (!household) return null
    await recordAudit(trx, viewer, {
      action: 'household.read',
      objectType: 'household',
      objectId: householdId,
    })
    return household
  })
}
