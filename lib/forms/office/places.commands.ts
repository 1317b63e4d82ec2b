import 'server-only'
import { sql } from 'kysely'
import { asStaff, type Trx } from '#db/client.ts'
import { allowedToStaff } from '#lib/access/capabilities.ts'
import type { Viewer } from '#lib/access/viewer.ts'
import { recordAudit } from '#lib/audit/audit.commands.ts'
import { ok, type Result, refused } from '#lib/kernel/result.ts'

/** How many pupils of a class may eat; null takes the limit away. Pupils who are enrolled stay enrolled. */
export type ClassPlaces = { classId: string; places: number | null }

/** Sets the places of classes, all or none of them. */
export async function setPlaces(viewer: Viewer, classes: readonly ClassPlaces[]): Promise<Result<null>> {
  if (!allowedToStaff(viewer, 'forms:manage')) return refused('request:not-found')
  const ids = [...new Set(classes.map(({ classId }) => classId))]
  return asStaff(viewer, async (trx) => {
    const { rows } = await sql<{ known: number }>`select count(*)::int as known from school_class c
      where c.municipality_id = ${viewer.municipalityId} and c.id = any (${ids}::uuid[])`.execute(trx)
    if (rows[0]?.known !== ids.length) return refused('request:not-found')
    for (const one of classes) await setPlacesOf(trx, viewer, one)
    return ok(null)
  })
}

async function setPlacesOf(trx: Trx, viewer: Viewer, { classId, places }: ClassPlaces): Promise<void> {
  const of = { municipality_id: viewer.municipalityId, school_class_id: classId }
  if (places === null)
    await trx
      .deleteFrom('class_places')
      .where('municipality_id', '=', of.municipality_id)
      .where('school_class_id', '=', classId)
      .execute()
  else {
    const now = { places, updated_by: viewer.personId, updated_at: sql<Date>`app_now()` }
    await trx
      .insertInto('class_places')
      .values({ ...of, ...now })
      .onConflict((conflict) => conflict.columns(['municipality_id', 'school_class_id']).doUpdateSet(now))
      .execute()
  }
  await recordAudit(trx, viewer, {
    action: 'forms.places-set',
    objectType: 'school_class',
    objectId: classId,
    details: { places },
  })
}
