import 'server-only'
import { asStaff } from '#db/client.ts'
import { allowedToStaff } from '#lib/access/capabilities.ts'
import type { Viewer } from '#lib/access/viewer.ts'
import { recordAudit } from '#lib/audit/audit.commands.ts'
import { ok, type Result, refused } from '#lib/kernel/result.ts'
import type { PatronSaint } from '../holidays.ts'

/**
 * Writes the patron saint, a holiday of the school years that are made from then on; those that are there stay as they are.
 * @param seen the day on the screen ('' for none); when another person changed it since, nothing is done
 */
export async function savePatron(
  viewer: Viewer,
  patron: PatronSaint | null,
  seen: string,
): Promise<Result<null>> {
  if (!allowedToStaff(viewer, 'structure:manage')) return refused('request:not-found')
  return asStaff(viewer, async (trx) => {
    const before = await trx
      .selectFrom('municipality')
      .select('patron_day')
      .where('id', '=', viewer.municipalityId)
      .forNoKeyUpdate()
      .executeTakeFirstOrThrow()
    if ((before.patron_day ?? '') !== seen) return refused('structure:changed-meanwhile', { who: null })
    await trx
      .updateTable('municipality')
      .set({ patron_name: patron?.name ?? null, patron_day: patron?.day ?? null })
      .where('id', '=', viewer.municipalityId)
      .execute()
    await recordAudit(trx, viewer, {
      action: 'structure.patron-saved',
      objectType: 'municipality',
      objectId: viewer.municipalityId,
      details: { before: before.patron_day, day: patron?.day ?? null },
    })
    return ok(null)
  })
}
