import 'server-only'
import { asStaff, type Trx } from '#db/client.ts'
import { allowedToStaff } from '#lib/access/capabilities.ts'
import type { Viewer } from '#lib/access/viewer.ts'
import { type KitchenSetting, USUAL_SETTING } from '../kitchen-setting.ts'

/** What a municipality expects of its kitchens, in a transaction that may read it. */
export async function settingIn(trx: Trx, municipalityId: string): Promise<KitchenSetting> {
  const row = await trx
    .selectFrom('kitchen_setting')
    .select(['seen_minutes as seenMinutes', 'names_on_labels as namesOnLabels', 'revision'])
    .where('municipality_id', '=', municipalityId)
    .executeTakeFirst()
  return row ?? USUAL_SETTING
}

/** The same for a manager; null for any other person. */
export const kitchenSetting = async (viewer: Viewer): Promise<KitchenSetting | null> =>
  allowedToStaff(viewer, 'structure:manage')
    ? asStaff(viewer, (trx) => settingIn(trx, viewer.municipalityId))
    : null
