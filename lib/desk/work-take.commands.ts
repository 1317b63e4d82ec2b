import 'server-only'
import { sql } from 'kysely'
import { asStaff, type Trx } from '#db/client.ts'
import { allowedToStaff } from '#lib/access/capabilities.ts'
import type { Viewer } from '#lib/access/viewer.ts'
import { recordAudit } from '#lib/audit/audit.commands.ts'
import { ok, type Result, refused } from '#lib/kernel/result.ts'
import { waitingWorkOf } from './waiting-work.queries.ts'
import { type WaitingKind, waitingRule } from './waiting-work.ts'
import { latestTakes } from './work-take.queries.ts'
import { isInHand, takeOf, type WorkTake } from './work-take.ts'

/** A kind of work, with the take that was on the screen; `seen` is empty where none was. */
type Asked = { kind: WaitingKind; seen: string }

/**
 * One act on the work of a kind, one colleague after the other: `open` is the take that is in hand now. Work of a kind that the
 * viewer's roles do not open is not found.
 */
async function onWork<T>(
  viewer: Viewer,
  kind: WaitingKind,
  work: (trx: Trx, open: WorkTake | null) => Promise<Result<T>>,
): Promise<Result<T>> {
  if (!allowedToStaff(viewer, 'work:read') || !allowedToStaff(viewer, waitingRule(kind).capability))
    return refused('request:not-found')
  const { municipalityId } = viewer
  return asStaff(viewer, async (trx) => {
    await sql`select from municipality where id = ${municipalityId} for no key update`.execute(trx)
    const last = (await latestTakes(trx, municipalityId)).find((take) => take.kind === kind) ?? null
    return work(trx, isInHand(last) ? last : null)
  })
}

/**
 * Takes work in hand, or takes it over from the colleague whose name was on the screen. Of two at the same time the second is told
 * who was first. Twice by the same colleague is once.
 */
export const takeWork = (viewer: Viewer, { kind, seen }: Asked): Promise<Result<null>> =>
  onWork(viewer, kind, async (trx, open) => {
    const { municipalityId, personId } = viewer
    const [waiting] = await waitingWorkOf(trx, municipalityId, [kind])
    if (!waiting) return refused('work:nothing-waits')
    const holds = open !== null && takeOf(waiting, [open]) !== null
    if (holds && open.takenById === personId) return ok(null)
    if (holds && open.id !== seen) return refused('work:taken-meanwhile', { who: open.takenBy })
    if (open) await endTake(trx, viewer, open.id, { isDone: !holds })
    await trx
      .insertInto('work_take')
      .values({ municipality_id: municipalityId, kind, taken_by: personId })
      .execute()
    await audit(trx, viewer, 'work.taken', kind)
    return ok(null)
  })

/** Says that work is done: what of it still waits is for the next colleague who takes it. */
export const finishWork = (viewer: Viewer, { kind, seen }: Asked): Promise<Result<null>> =>
  onWork(viewer, kind, async (trx, open) => {
    if (open?.id !== seen) {
      return open ? refused('work:taken-meanwhile', { who: open.takenBy }) : refused('work:done-meanwhile')
    }
    await endTake(trx, viewer, open.id, { isDone: true })
    await audit(trx, viewer, 'work.done', kind)
    return ok(null)
  })

const endTake = (trx: Trx, viewer: Viewer, id: string, { isDone }: { isDone: boolean }) =>
  trx
    .updateTable('work_take')
    .set({ ended_at: sql<Date>`app_now()`, ended_by: viewer.personId, is_done: isDone })
    .where('municipality_id', '=', viewer.municipalityId)
    .where('id', '=', id)
    .execute()

const audit = (trx: Trx, viewer: Viewer, action: 'work.taken' | 'work.done', kind: WaitingKind) =>
  recordAudit(trx, viewer, { action, objectType: 'work', objectId: kind })
