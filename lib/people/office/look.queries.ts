import 'server-only'
import { sql } from 'kysely'
import { asStaff } from '#db/client.ts'
import { allowedToStaff } from '#lib/access/capabilities.ts'
import type { Viewer } from '#lib/access/viewer.ts'
import { isUuid } from '#lib/kernel/uuid.ts'

export type LookedAtFamily = { name: string; holderName: string | null }

/** The family at whose portal a colleague may look; null where there is none, or none for this viewer. */
export async function familyToLookAt(viewer: Viewer, householdId: string): Promise<LookedAtFamily | null> {
  if (!allowedToStaff(viewer, 'family:look') || !isUuid(householdId)) return null
  return asStaff(viewer, async (trx) => {
    const { rows } = await sql<LookedAtFamily>`
      select h.name, (select p.full_name from active_member m
          join person p on p.municipality_id = ${viewer.municipalityId} and p.id = m.person_id
          where m.municipality_id = ${viewer.municipalityId} and m.household_id = h.id and m.role = 'holder' limit 1) as "holderName"
      from household h where h.municipality_id = ${viewer.municipalityId} and h.id = ${householdId}::uuid`.execute(
      trx,
    )
    return rows[0] ?? null
  })
}
