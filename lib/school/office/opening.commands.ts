import 'server-only'
import { sql } from 'kysely'
import { asStaff, type Trx } from '#db/client.ts'
import { readClock } from '#db/clock.ts'
import { allowedToStaff } from '#lib/access/capabilities.ts'
import type { Viewer } from '#lib/access/viewer.ts'
import { recordAudit } from '#lib/audit/audit.commands.ts'
import type { Day } from '#lib/kernel/day.ts'
import { fingerprintOf } from '#lib/kernel/fingerprint.ts'
import { ok, type Result, refused } from '#lib/kernel/result.ts'
import { type OpeningPlan, planOpening } from './opening.ts'
import { townFacts } from './readiness.queries.ts'

const onOpening = <T>(
  viewer: Viewer,
  work: (trx: Trx) => Promise<Result<T>>,
): Promise<Result<T>> | Result<T> => {
  if (!allowedToStaff(viewer, 'structure:manage')) return refused('request:not-found')
  return asStaff(viewer, async (trx) => {
    // Two managers decide one after the other: the second reads what the first one decided.
    await sql`select from municipality where id = ${viewer.municipalityId} for no key update`.execute(trx)
    return work(trx)
  })
}

async function planned(trx: Trx, viewer: Viewer, typed: string): Promise<Result<OpeningPlan>> {
  const [facts, { today }] = [await townFacts(trx, viewer.municipalityId), await readClock(trx)]
  return planOpening(typed, facts, today)
}

/** What opening the municipality to its families would do, or what is missing before. */
export const previewOpening = async (
  viewer: Viewer,
  typed: string,
): Promise<Result<{ lines: string[]; seen: { fingerprint: string } }>> =>
  onOpening(viewer, async (trx) => {
    const plan = await planned(trx, viewer, typed)
    return plan.ok ? ok({ lines: plan.value.lines, seen: { fingerprint: fingerprintOf(plan.value) } }) : plan
  })

/**
 * Lets families in from a day on.
 * @param fingerprint of what the preview showed; when something changed since, nothing is done
 */
export const openTown = async (
  viewer: Viewer,
  typed: string,
  fingerprint: string,
): Promise<Result<{ day: Day }>> =>
  onOpening(viewer, async (trx) => {
    const plan = await planned(trx, viewer, typed)
    if (!plan.ok) return plan
    if (fingerprintOf(plan.value) !== fingerprint) return refused('structure:preview-changed')
    await writeDay(trx, viewer, plan.value.day)
    return ok({ day: plan.value.day })
  })

/** Takes back an opening that has not come yet. */
export const takeOpeningBack = async (viewer: Viewer): Promise<Result<null>> =>
  onOpening(viewer, async (trx) => {
    const { isOpen, opensOn } = await townFacts(trx, viewer.municipalityId)
    if (isOpen) return refused('town:already-open')
    if (opensOn !== null) await writeDay(trx, viewer, null)
    return ok(null)
  })

async function writeDay(trx: Trx, viewer: Viewer, day: Day | null): Promise<void> {
  await trx
    .updateTable('municipality')
    .set({ opens_on: day })
    .where('id', '=', viewer.municipalityId)
    .execute()
  await recordAudit(trx, viewer, {
    action: day ? 'town.opened' : 'town.opening-taken-back',
    objectType: 'municipality',
    objectId: viewer.municipalityId,
    details: { day },
  })
}
