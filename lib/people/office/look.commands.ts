import 'server-only'
import { sql } from 'kysely'
import { asStaff, type Trx } from '#db/client.ts'
import { allowedToStaff } from '#lib/access/capabilities.ts'
import type { Viewer } from '#lib/access/viewer.ts'
import { recordAudit } from '#lib/audit/audit.commands.ts'
import { ok, type Result, refused } from '#lib/kernel/result.ts'

type AskedLook = { householdId: string; reason: string }

/**
 * Begins half an hour in which the portal of this session is that of a family, as its holder sees it and without any change. Its
 * register says who looked and when. A look that this session had begun ends.
 */
export async function beginLook(viewer: Viewer, { householdId, reason }: AskedLook): Promise<Result<null>> {
  if (!allowedToStaff(viewer, 'family:look')) return refused('request:not-found')
  const { municipalityId } = viewer
  return asStaff(viewer, async (trx) => {
    // Two presses of one session come one after the other.
    await sql`select from person where municipality_id = ${municipalityId} and id = ${viewer.personId}::uuid for no key update`.execute(
      trx,
    )
    const family = await familyNow(trx, municipalityId, householdId)
    if (!family) return refused('request:not-found')
    if (!family.holderId) return refused('look:no-holder')
    if (!family.isOpen) return refused('look:not-open')
    await endOpen(trx, viewer)
    await trx
      .insertInto('family_look')
      .values({
        municipality_id: municipalityId,
        household_id: householdId,
        holder_id: family.holderId,
        person_id: viewer.personId,
        session_id: viewer.sessionId,
        reason,
      })
      .execute()
    await recordAudit(trx, viewer, {
      action: 'household.looked',
      objectType: 'household',
      objectId: householdId,
      details: { reason },
    })
    return ok(null)
  })
}

/**
 * Ends the look of this session before its half hour is over.
 * @param viewer the holder as whom the colleague looks
 * @returns the household, to go back to its page; null where nothing is looked at
 */
export async function endLook(viewer: Viewer | null): Promise<string | null> {
  const look = viewer?.look
  if (!viewer || !look) return null
  const colleague = {
    municipalityId: viewer.municipalityId,
    personId: look.by,
    sessionId: viewer.sessionId,
  }
  await asStaff(colleague, (trx) => endOpen(trx, colleague))
  return look.householdId
}

/** Ends what this session looks at, and writes it in the register of the family; an end that came by itself is in its row. */
async function endOpen(
  trx: Trx,
  colleague: Pick<Viewer, 'municipalityId' | 'personId' | 'sessionId'>,
): Promise<void> {
  const ended = await trx
    .updateTable('family_look')
    .set({ ended_at: sql<Date>`app_now()` })
    .where('municipality_id', '=', colleague.municipalityId)
    .where('session_id', '=', colleague.sessionId)
    .where('ended_at', 'is', null)
    .returning(['household_id as householdId', sql<boolean>`ends_at > app_now()`.as('isEarly')])
    .execute()
  for (const { householdId, isEarly } of ended)
    if (isEarly)
      await recordAudit(trx, colleague, {
        action: 'household.look-ended',
        objectType: 'household',
        objectId: householdId,
      })
}

type FamilyNow = { holderId: string | null; isOpen: boolean }

async function familyNow(trx: Trx, municipalityId: string, householdId: string): Promise<FamilyNow | null> {
  const { rows } = await sql<FamilyNow>`
    select (select m.person_id from active_member m where m.municipality_id = ${municipalityId} and m.household_id = h.id
        and m.role = 'holder' limit 1) as "holderId",
      exists (select from municipality here where here.id = ${municipalityId} and here.opens_on <= app_today()) as "isOpen"
    from household h where h.municipality_id = ${municipalityId} and h.id = ${householdId}::uuid`.execute(trx)
  return rows[0] ?? null
}
