import 'server-only'
import { sql } from 'kysely'
import { asStaff, type Trx } from '#db/client.ts'
import { allowedToStaff } from '#lib/access/capabilities.ts'
import type { Officer } from '#lib/access/viewer.ts'
import { type Refused, refused } from '#lib/kernel/result.ts'
import { isUuid } from '#lib/kernel/uuid.ts'

/** The act on a roll-over that the worker does for a person. */
export type RolloverWork = {
  act: 'do' | 'undo'
  fingerprint: string
  state: 'waiting' | 'done' | 'stopped'
  /** Why it ended without doing anything. */
  refusal: Refused | null
  askedById: string
  askedBy: string
  done: number
  total: number
  stopAsked: boolean
}

/** The last act on a roll-over that was left to the worker. */
export async function workOf(trx: Trx, municipalityId: string, id: string): Promise<RolloverWork | null> {
  const { rows } = await sql<Omit<RolloverWork, 'refusal'> & { refusal: unknown }>`
    select w.act, w.fingerprint, w.state, w.refusal, w.asked_by as "askedById", p.full_name as "askedBy", w.done, w.total,
      w.stop_asked as "stopAsked"
    from year_rollover_work w join person p on p.municipality_id = ${municipalityId} and p.id = w.asked_by
    where w.municipality_id = ${municipalityId} and w.rollover_id = ${id}::uuid`.execute(trx)
  const [work] = rows
  // Only `Refused` is ever written there.
  return work ? { ...work, refusal: work.refusal as Refused | null } : null
}

/** Refuses an act on a roll-over that the worker has in hand, without waiting for it. */
export async function atWork(viewer: Officer, id: string): Promise<Refused | null> {
  if (!allowedToStaff(viewer, 'registry:correct') || !isUuid(id)) return null
  const work = await asStaff(viewer, (trx) => workOf(trx, viewer.municipalityId, id))
  return work?.state === 'waiting' ? refused('rollover:at-work', { who: work.askedBy }) : null
}
