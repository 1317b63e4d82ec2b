import 'server-only'
import { sql } from 'kysely'
import { asStaff, type Trx } from '#db/client.ts'
import { allowedToStaff } from '#lib/access/capabilities.ts'
import type { Viewer } from '#lib/access/viewer.ts'
import { recordAudit } from '#lib/audit/audit.commands.ts'
import { hashFiscalCode } from '#lib/identity/fiscal-code-hash.ts'
import type { Day } from '#lib/kernel/day.ts'
import { env } from '#lib/kernel/env.ts'
import { ok, type Result, refused } from '#lib/kernel/result.ts'
import { personWithCode } from '../person-code.queries.ts'
import type { HandOver } from './hand-over.input.ts'

/**
 * Makes a person the holder of a household from this instant. The account, with its balance, goes on; the earlier holder
 * before keeps the own payments and invoices to themselves, and the new holder sees movements from now on.
 * Open invitations of the old holder are withdrawn.
 */
export async function handOver(viewer: Viewer, request: HandOver): Promise<Result<{ name: string }>> {
  if (!allowedToStaff(viewer, 'household:manage')) return refused('request:not-found')
  const { municipalityId } = viewer
  return asStaff(viewer, async (trx) => {
    const household = await trx
      .selectFrom('household')
      .select('id')
      .where('municipality_id', '=', municipalityId)
      .where('id', '=', request.householdId)
      .forNoKeyUpdate()
      .executeTakeFirst()
    if (!household) return refused('request:not-found')
    const personId = await personOf(trx, municipalityId, request)
    const ended = await endRoles(trx, municipalityId, household.id, personId)
    if (ended.some((role) => role.role === 'holder' && role.person_id === personId)) {
      throw new AlreadyHolder()
    }
    const before = ended.find((role) => role.role === 'holder')
    const holder = { person_id: personId, role: 'holder' as const }
    const delegate =
      before && request.keepAsDelegate ? [{ person_id: before.person_id, role: 'delegate' as const }] : []
    await trx
      .insertInto('household_member')
      .values(
        [holder, ...delegate].map((role) => ({
          ...role,
          municipality_id: municipalityId,
          household_id: household.id,
          valid_from: sql<Day>`app_today()`,
          given_by: viewer.personId,
        })),
      )
      .execute()
    await trx
      .updateTable('delegate_invitation')
      .set({ closed_at: sql<Date>`app_now()`, outcome: 'withdrawn', fiscal_code_sealed: null })
      .where('municipality_id', '=', municipalityId)
      .where('household_id', '=', household.id)
      .where('closed_at', 'is', null)
      .execute()
    await recordAudit(trx, viewer, {
      action: 'household:handed-over',
      objectType: 'household',
      objectId: household.id,
      details: { from: before?.person_id ?? null, to: personId, reason: request.reason },
    })
    return ok({ name: `${request.givenName} ${request.familyName}` })
  }).catch((error) => {
    if (error instanceof AlreadyHolder) return refused('households:already-holder')
    throw error
  })
}

/** Rolls the transaction back: the person is the holder already, and nothing must change. */
class AlreadyHolder extends Error {}

/** Ends the holder's role and any role that the new holder had; the other delegates stay. */
const endRoles = (trx: Trx, municipalityId: string, householdId: string, personId: string) =>
  trx
    .updateTable('household_member')
    .set({ ended_at: sql<Date>`app_now()` })
    .where('municipality_id', '=', municipalityId)
    .where('household_id', '=', householdId)
    .where('ended_at', 'is', null)
    .where((where) => where.or([where('role', '=', 'holder'), where('person_id', '=', personId)]))
    .where((where) =>
      where.or([where('valid_to', 'is', null), where('valid_to', '>=', sql<Day>`app_today()`)]),
    )
    .returning(['person_id', 'role'])
    .execute()

/** The person of a fiscal code, written down when the municipality does not know them; names that are known are not changed. */
async function personOf(trx: Trx, municipalityId: string, request: HandOver): Promise<string> {
  const hash = hashFiscalCode(request.fiscalCode, env().FISCAL_CODE_KEY)
  const known = await personWithCode(trx, municipalityId, hash)
  if (known) return known
  const { id } = await trx
    .insertInto('person')
    .values({
      municipality_id: municipalityId,
      fiscal_code: request.fiscalCode,
      fiscal_code_hash: hash,
      given_name: request.givenName,
      family_name: request.familyName,
      email: request.email,
      birth_date: request.birthDay ?? null,
    })
    .returning('id')
    .executeTakeFirstOrThrow()
  return id
}
