import 'server-only'
import { sql } from 'kysely'
import { database } from '#db/client.ts'
import { PURPOSES } from '#db/sealed-columns.ts'
import { dataKeys } from '#lib/kernel/env.ts'
import { unseal } from '#lib/kernel/sealed.ts'
import { isUuid } from '#lib/kernel/uuid.ts'

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
  const typed = row && unseal(row.sealed, PURPOSES.interruptedForm, dataKeys())
  return typed ? (JSON.parse(typed) as Record<string, string>) : {}
}
