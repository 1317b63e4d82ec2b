import 'server-only'
import { sql } from 'kysely'
import { asStaff, type Trx } from '#db/client.ts'
import { allowedToStaff } from '#lib/access/capabilities.ts'
import type { Viewer } from '#lib/access/viewer.ts'
import { recordAudit } from '#lib/audit/audit.commands.ts'
import { checkFiles, keepFiles, placeFiles } from '#lib/files/file.commands.ts'
import { changedByOther, ok, type Result, refused, refusedField } from '#lib/kernel/result.ts'
import { readSettingsNow } from '../municipality.queries.ts'
import { isReadableColour, LEAST_CONTRAST, type MunicipalitySettings, weakestContrast } from '../settings.ts'
import { settingsFields } from './settings.fields.ts'

/** What the settings page sends: the municipality's own data, what it says of itself, and a new coat of arms if there is one. */
export type SettingsChange = {
  /** The revision that the form was built from; 0 before the first save. */
  revision: number
  municipality: { name: string; street: string; postcode: string; email: string; pec: string; phone: string }
  settings: Omit<MunicipalitySettings, 'coatOfArms'>
  coatOfArms: { file: File | null; remove: boolean }
}

/**
 * Changes the settings of a municipality. An unreadable colour is refused, and so is a form that was
 * opened before another person saved.
 */
export async function saveSettings(viewer: Viewer, change: SettingsChange): Promise<Result<null>> {
  if (!allowedToStaff(viewer, 'settings:manage')) return refused('request:not-found')
  const { colour } = change.settings
  if (colour && !isReadableColour(colour)) {
    return refusedField('colour', 'settings:unreadable-colour', {
      ratio: weakestContrast(colour),
      least: LEAST_CONTRAST,
    })
  }
  const { file, remove } = change.coatOfArms
  const checked = await checkFiles(file ? [file] : [], { picturesOnly: true })
  if (!checked.ok) return checked
  const placed = await placeFiles(viewer.municipalityId, checked.value)
  if (!placed.ok) return placed
  return asStaff(viewer, async (trx) => {
    const now = await readSettingsNow(trx, viewer.municipalityId, { lock: true })
    if (now.revision !== change.revision)
      return changedByOther('settings:changed-meanwhile', {
        who: now.savedBy,
        at: { revision: now.revision },
        fields: settingsFields(now.own),
      })
    await keepFiles(trx, viewer, placed.value)
    await trx
      .updateTable('municipality')
      .set(change.municipality)
      .where('id', '=', viewer.municipalityId)
      .execute()
    const picture = placed.value[0]?.id ?? (remove ? null : undefined)
    await writeSettings(trx, viewer, change, picture)
    await recordAudit(trx, viewer, {
      action: 'settings.saved',
      objectType: 'municipality',
      objectId: viewer.municipalityId,
    })
    return ok(null)
  })
}

/** @param picture undefined: as it is */
async function writeSettings(
  trx: Trx,
  viewer: Viewer,
  { settings, revision }: Pick<SettingsChange, 'settings' | 'revision'>,
  picture: string | null | undefined,
): Promise<void> {
  const row = {
    revision: revision + 1,
    colour: settings.colour,
    office_hours: settings.officeHours,
    dpo_name: settings.dpoName,
    dpo_email: settings.dpoEmail,
    security_contact: settings.securityContact,
    site_url: settings.siteUrl,
    transparency_url: settings.transparencyUrl,
    accessibility_declaration_url: settings.accessibilityDeclarationUrl,
    accessibility_goals_url: settings.accessibilityGoalsUrl,
    appointment_url: settings.appointmentUrl,
    report_url: settings.reportUrl,
    updated_at: sql<Date>`app_now()`,
    updated_by: viewer.personId,
    ...(picture === undefined ? {} : { coat_of_arms_id: picture }),
  }
  await trx
    .insertInto('municipality_settings')
    .values({ municipality_id: viewer.municipalityId, ...row })
    .onConflict((conflict) => conflict.column('municipality_id').doUpdateSet(row))
    .execute()
}
