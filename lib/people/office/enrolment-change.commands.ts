import 'server-only'
import { sql } from 'kysely'
import { asStaff, type Trx } from '#db/client.ts'
import { allowedToStaff } from '#lib/access/capabilities.ts'
import type { Viewer } from '#lib/access/viewer.ts'
import { recordAudit } from '#lib/audit/audit.commands.ts'
import type { Day } from '#lib/kernel/day.ts'
import { fingerprintOf } from '#lib/kernel/fingerprint.ts'
import { ok, type Result, refused } from '#lib/kernel/result.ts'
import { adultsOfPupils, notify } from '#lib/notifications/notification.commands.ts'
import { openRefund } from '#lib/school/office/departure.commands.ts'
import { writeEnrolments } from '#lib/school/office/enrolment.commands.ts'
import { ENROLMENT_CHANGES } from './enrolment-act.ts'
import { ENROLMENT_CHANGE_NOTICES } from './enrolment-change.notice.ts'
import { endFacts, moveFacts } from './enrolment-change.queries.ts'
import { type AskedLastDay, type LastDayPlan, planLastDay } from './enrolment-end.ts'
import { type AskedMove, type MovePlan, planMove } from './enrolment-move.ts'

/** What a change would do, in words, and the mark that the second press is bound to. */
export type EnrolmentChangePreview = { lines: readonly string[]; seen: string }

/** What the second press sends: the mark of what was read, and why. `undoes`: the change that it takes back, which has no way back. */
export type Confirmation = { seen: string; reason: string; undoes?: string }

/** The last change of these pupils' enrolments by the office: what was previewed after one holds only after it. */
export type LastChange = { id: string; seen: string | null; personId: string | null } | null

export async function lastChange(
  trx: Trx,
  municipalityId: string,
  pupilIds: readonly string[],
): Promise<LastChange> {
  const { rows } = await sql<NonNullable<LastChange>>`
    select e.id, e.details ->> 'seen' as seen, e.person_id as "personId" from audit_event e
    where e.municipality_id = ${municipalityId} and e.object_type = 'pupil' and e.object_id = any(${[...pupilIds]}::text[])
      and e.action = any(${[...ENROLMENT_CHANGES]}::text[])
    order by e.occurred_at desc, e.id desc limit 1`.execute(trx)
  return rows[0] ?? null
}

/** Whether this very confirmation is the last change: it was sent twice. The pupils are held, so the first is over. */
export const isDone = (viewer: Viewer, last: LastChange, seen: string): boolean =>
  last !== null && last.seen === seen && last.personId === viewer.personId

const markOfMove = (asked: AskedMove, plan: MovePlan, last: LastChange): string =>
  fingerprintOf({ ...asked, pupilIds: [...asked.pupilIds].sort(), plan, after: last?.id ?? '' })

const markOfEnd = (asked: AskedLastDay, plan: LastDayPlan, last: LastChange): string =>
  fingerprintOf({ asked, plan, after: last?.id ?? '' })

/** What the register keeps of the way back: where it leads, or which change this one takes back. */
export const detailsOfWayBack = (back: string | null, undoes: string | undefined): Record<string, string> => {
  if (undoes) return { undoes }
  return back ? { back } : {}
}

/** What moving pupils to another class would do, in words, before anything is done. */
export async function previewMove(viewer: Viewer, asked: AskedMove): Promise<Result<EnrolmentChangePreview>> {
  if (!allowedToStaff(viewer, 'registry:correct')) return refused('request:not-found')
  return asStaff(viewer, async (trx) => {
    const planned = planMove(asked, await moveFacts(trx, viewer.municipalityId, asked, { lock: false }))
    if (!planned.ok) return planned
    const last = await lastChange(trx, viewer.municipalityId, asked.pupilIds)
    return ok({ lines: planned.value.lines, seen: markOfMove(asked, planned.value, last) })
  })
}

/**
 * Moves pupils to another class from a day on, exactly as it was previewed, all of them or none. Accepted cancellations go along.
 * What was counted stays. The same confirmation sent twice is done once.
 */
export async function movePupils(
  viewer: Viewer,
  asked: AskedMove,
  { seen, reason, undoes }: Confirmation,
): Promise<Result<{ moved: number }>> {
  if (!allowedToStaff(viewer, 'registry:correct')) return refused('request:not-found')
  const { municipalityId } = viewer
  return asStaff(viewer, async (trx) => {
    const planned = planMove(asked, await moveFacts(trx, municipalityId, asked, { lock: true }))
    const last = await lastChange(trx, municipalityId, asked.pupilIds)
    if (isDone(viewer, last, seen)) return ok({ moved: 0 })
    if (!planned.ok) return planned
    if (markOfMove(asked, planned.value, last) !== seen) return refused('enrolments:preview-changed')
    const { moves, from } = planned.value
    for (const { pupilId, plan } of moves)
      await writeEnrolments(trx, { municipalityId, pupilId, serviceId: asked.serviceId }, plan)
    for (const { pupilId, back, where, to } of moves)
      await recordAudit(trx, viewer, {
        action: 'enrolments.moved',
        objectType: 'pupil',
        objectId: pupilId,
        details: {
          ...{ service: asked.serviceId, class: asked.classId, from, reason, seen },
          ...{ before: where, after: to, ...detailsOfWayBack(back, undoes) },
        },
      })
    await notify(trx, municipalityId, {
      event: 'enrolment:decided',
      key: `moved:${seen}`,
      to: await adultsOfPupils(
        trx,
        municipalityId,
        moves.map(({ pupilId }) => pupilId),
      ),
      say: ENROLMENT_CHANGE_NOTICES.moved,
      path: '/servizi',
    })
    return ok({ moved: moves.length })
  })
}

const lastDayOf = (enrolments: readonly { to: Day }[]): Day | null =>
  enrolments
    .map(({ to }) => to)
    .toSorted()
    .at(-1) ?? null

/** What another last day of a pupil would do, in words, before anything is done. */
export async function previewEnd(
  viewer: Viewer,
  asked: AskedLastDay,
): Promise<Result<EnrolmentChangePreview>> {
  if (!allowedToStaff(viewer, 'registry:correct')) return refused('request:not-found')
  return asStaff(viewer, async (trx) => {
    const found = await endFacts(trx, viewer.municipalityId, asked, { lock: false })
    if (!found) return refused('request:not-found')
    const planned = planLastDay(asked, found.facts)
    if (!planned.ok) return planned
    const last = await lastChange(trx, viewer.municipalityId, [asked.pupilId])
    return ok({ lines: planned.value.lines, seen: markOfEnd(asked, planned.value, last) })
  })
}

/**
 * Gives a pupil another last day in a service, exactly as it was previewed. What was counted and charged stays, and so does the
 * balance. The same confirmation sent twice is done once.
 */
export async function endEnrolment(
  viewer: Viewer,
  asked: AskedLastDay,
  { seen, reason, undoes }: Confirmation,
): Promise<Result<{ householdId: string }>> {
  if (!allowedToStaff(viewer, 'registry:correct')) return refused('request:not-found')
  const { municipalityId } = viewer
  return asStaff(viewer, async (trx) => {
    const found = await endFacts(trx, municipalityId, asked, { lock: true })
    if (!found) return refused('request:not-found')
    const { householdId, facts } = found
    const { pupilId, serviceId } = asked
    const last = await lastChange(trx, municipalityId, [pupilId])
    if (isDone(viewer, last, seen)) return ok({ householdId })
    const planned = planLastDay(asked, facts)
    if (!planned.ok) return planned
    if (markOfEnd(asked, planned.value, last) !== seen) return refused('enrolments:preview-changed')
    await writeEnrolments(trx, { municipalityId, pupilId, serviceId }, planned.value.plan)
    await openRefund(trx, viewer, { pupilId, serviceId })
    await recordAudit(trx, viewer, {
      action: 'enrolments.ended',
      objectType: 'pupil',
      objectId: pupilId,
      details: {
        ...{ service: serviceId, before: lastDayOf(facts.enrolments), last: asked.last },
        ...{ reason, seen, ...detailsOfWayBack(planned.value.back, undoes) },
      },
    })
    await notify(trx, municipalityId, {
      event: 'enrolment:decided',
      key: `ended:${seen}`,
      to: await adultsOfPupils(trx, municipalityId, [pupilId]),
      say: ENROLMENT_CHANGE_NOTICES.ended,
      path: '/servizi',
    })
    return ok({ householdId })
  })
}
