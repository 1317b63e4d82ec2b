import 'server-only'
import { sql } from 'kysely'
import { lockedOffice } from '#lib/access/locked-office.commands.ts'
import type { Viewer } from '#lib/access/viewer.ts'
import { recordAudit } from '#lib/audit/audit.commands.ts'
import { ok, type Result } from '#lib/kernel/result.ts'

/** How many pupils of a class may eat; null takes the limit away. Pupils who are enrolled stay enrolled. */
export const setPlaces = (
  viewer: Viewer,
  { classId, places }: { classId: string; places: number | null },
): Promise<Result<{ yearId: string }>> =>
  lockedOffice(
    viewer,
    'forms:manage',
    { table: 'school_class', id: classId, lock: 'none' },
    async (trx) =>
      (await trx
        .selectFrom('school_class')
        .select('school_year_id as yearId')
        .where('municipality_id', '=', viewer.municipalityId)
        .where('id', '=', classId)
        .executeTakeFirst()) ?? null,
    async (trx, { yearId }) => {
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
      return ok({ yearId })
    },
  )
