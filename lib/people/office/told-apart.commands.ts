import 'server-only'
import { sql } from 'kysely'
import { asStaff, type Trx } from '#db/client.ts'
import { allowedToStaff } from '#lib/access/capabilities.ts'
import type { Viewer } from '#lib/access/viewer.ts'
import { recordAudit } from '#lib/audit/audit.commands.ts'
import { ok, type Result, refused } from '#lib/kernel/result.ts'
import { isUuid } from '#lib/kernel/uuid.ts'
import type { DoubleKind } from './told-apart.ts'

export type AskedApart = { kind: DoubleKind; oneId: string; otherId: string; reason: string }

/**
 * Says that two who look like one are two: the pair leaves the list until a name, a code or a birth day of either changes. Said
 * twice, it is said once.
 */
export async function tellApart(
  viewer: Viewer,
  { kind, oneId, otherId, reason }: AskedApart,
): Promise<Result<null>> {
  if (!allowedToStaff(viewer, 'registry:correct') || !isUuid(oneId) || !isUuid(otherId) || oneId === otherId)
    return refused('request:not-found')
  const { municipalityId, personId } = viewer
  const [one, other] = [oneId, otherId].toSorted() as [string, string]
  return asStaff(viewer, async (trx) => {
    const { rows } = await sql<{ basis: string | null }>`
      select pair_basis(${municipalityId}::uuid, ${kind}, ${one}::uuid, ${other}::uuid) as basis`.execute(trx)
    const basis = rows[0]?.basis
    if (!basis) return refused('request:not-found')
    await sql`update told_apart set taken_back_at = app_now(), taken_back_by = ${personId}::uuid
      where municipality_id = ${municipalityId} and kind = ${kind} and one_id = ${one}::uuid and other_id = ${other}::uuid
        and taken_back_at is null and basis <> ${basis}`.execute(trx)
    const { numAffectedRows } = await sql`
      insert into told_apart (municipality_id, kind, one_id, other_id, basis, reason, told_by)
      values (${municipalityId}, ${kind}, ${one}::uuid, ${other}::uuid, ${basis}, ${reason}, ${personId}::uuid)
      on conflict do nothing`.execute(trx)
    if (numAffectedRows) await audit(trx, viewer, 'registry:told-apart', { kind, one, other, reason })
    return ok(null)
  })
}

/** Takes a mark back: the pair is on the list again. Taken back twice, it is taken back once. */
export async function takeApartBack(viewer: Viewer, id: string): Promise<Result<null>> {
  if (!allowedToStaff(viewer, 'registry:correct') || !isUuid(id)) return refused('request:not-found')
  const { municipalityId, personId } = viewer
  return asStaff(viewer, async (trx) => {
    const { rows } = await sql<{ kind: DoubleKind; one: string; other: string; isOpen: boolean }>`
      select t.kind, t.one_id as one, t.other_id as other, t.taken_back_at is null as "isOpen" from told_apart t
      where t.municipality_id = ${municipalityId} and t.id = ${id}::uuid for update`.execute(trx)
    const found = rows[0]
    if (!found) return refused('request:not-found')
    if (!found.isOpen) return ok(null)
    await sql`update told_apart set taken_back_at = app_now(), taken_back_by = ${personId}::uuid
      where municipality_id = ${municipalityId} and id = ${id}::uuid`.execute(trx)
    await audit(trx, viewer, 'registry:apart-taken-back', { ...found, reason: '' })
    return ok(null)
  })
}

const audit = async (
  trx: Trx,
  viewer: Viewer,
  action: 'registry:told-apart' | 'registry:apart-taken-back',
  { kind, one, other, reason }: { kind: DoubleKind; one: string; other: string; reason: string },
): Promise<void> => {
  for (const objectId of [one, other])
    await recordAudit(trx, viewer, {
      ...{ action, objectType: kind, objectId },
      details: { one, other, ...(reason && { reason }) },
    })
}
