import 'server-only'
import { sql } from 'kysely'
import { asStaff } from '#db/client.ts'
import { allowedToStaff } from '#lib/access/capabilities.ts'
import type { Viewer } from '#lib/access/viewer.ts'
import { recordAudit } from '#lib/audit/audit.commands.ts'
import { changedByOther, ok, type Result, refused } from '#lib/kernel/result.ts'
import type { KitchenSetting } from '../kitchen-setting.ts'
import { settingIn } from './kitchen-setting.queries.ts'

/** Keeps what a municipality expects of its kitchens; the second of two managers is told what the first saved. */
export async function saveKitchenSetting(
  viewer: Viewer,
  { seenMinutes, namesOnLabels, revision }: KitchenSetting,
): Promise<Result<null>> {
  if (!allowedToStaff(viewer, 'structure:manage')) return refused('request:not-found')
  const { municipalityId } = viewer
  return asStaff(viewer, async (trx) => {
    await sql`select from municipality where id = ${municipalityId} for no key update`.execute(trx)
    const before = await settingIn(trx, municipalityId)
    if (before.revision !== revision)
      return changedByOther('structure:changed-meanwhile', {
        who: null,
        at: { revision: before.revision },
        fields: {
          seenMinutes: String(before.seenMinutes ?? ''),
          namesOnLabels: before.namesOnLabels ? 'yes' : 'no',
        },
      })
    await sql`
      insert into kitchen_setting (municipality_id, seen_minutes, names_on_labels) values (${municipalityId}, ${seenMinutes}, ${namesOnLabels})
      on conflict (municipality_id) do update set seen_minutes = excluded.seen_minutes,
        names_on_labels = excluded.names_on_labels, revision = kitchen_setting.revision + 1`.execute(trx)
    await recordAudit(trx, viewer, {
      action: 'kitchens.settings',
      objectType: 'municipality',
      objectId: municipalityId,
      details: {
        ...{ seenMinutes: seenMinutes ?? 'mai', seenMinutesBefore: before.seenMinutes ?? 'mai' },
        ...{ names: namesOnLabels ? 'sì' : 'no', namesBefore: before.namesOnLabels ? 'sì' : 'no' },
      },
    })
    return ok(null)
  })
}
