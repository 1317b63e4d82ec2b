import 'server-only'
import { sql } from 'kysely'
import { database } from '#db/client.ts'
import { readClock } from '#db/clock.ts'
import { env } from '#lib/kernel/env.ts'
import { unseal } from '#lib/kernel/sealed.ts'
import { isUuid } from '#lib/kernel/uuid.ts'
import { FORM_PURPOSE } from './step-up.ts'

export type OwnMunicipality = { slug: string; name: string }

/** The municipalities in which a citizen has a role now, by name. */
export async function municipalitiesOf(citizenId: string): Promise<OwnMunicipality[]> {
  const { rows } =
    await sql<OwnMunicipality>`select slug, name from municipalities_of_citizen(${citizenId}::uuid)`.execute(
      database(),
    )
  return rows
}

/** The civil day in Italy, by the database's clock. */
export const todayInItaly = async (): Promise<string> => (await readClock(database())).today

/**
 * What this citizen typed in the form of this page before SPID or CIE were asked again; nothing for another citizen,
 * another page, or too late.
 */
export async function keptForm(
  citizenId: string,
  path: string,
  reference: string,
): Promise<Record<string, string>> {
  if (!isUuid(reference)) return {}
  const row = await database()
    .selectFrom('interrupted_form')
    .where('id', '=', reference)
    .where('citizen_id', '=', citizenId)
    .where('path', '=', path)
    .where('expires_at', '>', sql<Date>`app_now()`)
    .select('sealed')
    .executeTakeFirst()
  const typed = row && unseal(row.sealed, FORM_PURPOSE, env().DATA_KEY)
  return typed ? (JSON.parse(typed) as Record<string, string>) : {}
}
