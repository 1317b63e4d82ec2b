import 'server-only'
import type { Trx } from '#db/client.ts'
import type { Viewer } from '#lib/access/viewer.ts'
import { fingerprintOf } from '#lib/kernel/fingerprint.ts'
import { ok, type Result, refused } from '#lib/kernel/result.ts'
import { applyFare } from '#lib/tariffs/fare-assignment.commands.ts'
import { afterMove } from '../submission.ts'
import { type EffectsOfSubmission, effectFacts } from './acceptance.queries.ts'
import { type Plan, planOf, type TypedDecision } from './effects.ts'
import {
  type Handled,
  type LockedSubmission,
  moveSubmission,
  onLockedSubmission,
} from './submission.commands.ts'

export type AcceptancePreview = { lines: string[]; seen: string }

/** What accepting would do, in words, before anything is done. */
export const previewAcceptance = (
  viewer: Viewer,
  id: string,
  typed: TypedDecision,
): Promise<Result<AcceptancePreview>> =>
  onLockedSubmission(viewer, id, async (trx, submission) => {
    const moved = afterMove(submission.state, 'accepted')
    if (!moved.ok) return moved
    const { kind, facts } = await effectFacts(trx, viewer.municipalityId, id, { lock: false })
    const plan = planOf(kind, typed, facts)
    return plan.ok ? ok({ lines: plan.value.lines, seen: fingerprintOf(plan.value) }) : plan
  })

/**
 * Accepts a submission and does what follows from it, in one transaction: both or neither. Accepted twice it is accepted once.
 * @param seen the mark of the preview that was read; when something changed since, nothing is done
 */
export const acceptSubmission = (
  viewer: Viewer,
  { id, typed, seen, note }: { id: string; typed: TypedDecision; seen: string; note: string },
): Promise<Result<Handled>> =>
  onLockedSubmission(viewer, id, async (trx, submission) => {
    if (submission.state === 'accepted') return ok({ id, formId: submission.formId })
    const moved = afterMove(submission.state, 'accepted')
    if (!moved.ok) return moved
    const effects = await effectFacts(trx, viewer.municipalityId, id, { lock: true })
    const plan = planOf(effects.kind, typed, effects.facts)
    if (!plan.ok) return plan
    if (fingerprintOf(plan.value) !== seen) return refused('forms:preview-changed')
    await applyPlan(trx, viewer, submission, effects, plan.value)
    const words = [...(effects.kind === 'other' ? [] : plan.value.lines), note].filter(Boolean).join('\n')
    return ok(await moveSubmission(trx, viewer, submission, 'accepted', moved.value, { words }))
  })

async function applyPlan(
  trx: Trx,
  viewer: Viewer,
  submission: LockedSubmission,
  effects: EffectsOfSubmission,
  plan: Plan,
): Promise<void> {
  const { municipalityId } = viewer
  const { serviceId, householdId } = effects
  const pupilId = plan.newPupil
    ? await addPupil(trx, municipalityId, householdId, plan.newPupil)
    : effects.facts.pupil.id
  for (const { id, to } of plan.end) {
    await enrolment(trx, municipalityId, id).set({ valid_to: to }).execute()
  }
  for (const { id, dietCode } of plan.rediet) {
    await enrolment(trx, municipalityId, id).set({ diet_code: dietCode }).execute()
  }
  if (plan.drop.length > 0) {
    await trx
      .deleteFrom('enrolment')
      .where('municipality_id', '=', municipalityId)
      .where('id', 'in', plan.drop)
      .execute()
  }
  if (!pupilId) return
  for (const { schoolId, classId, yearId, dietCode, from, to } of plan.enrol) {
    await trx
      .insertInto('enrolment')
      .values({
        municipality_id: municipalityId,
        pupil_id: pupilId,
        service_id: serviceId,
        school_id: schoolId,
        school_class_id: classId,
        school_year_id: yearId,
        diet_code: dietCode,
        valid_from: from,
        valid_to: to,
      })
      .execute()
  }
  if (plan.enrol.length > 0) await openAccount(trx, municipalityId, serviceId, householdId)
  await applyFare(trx, plan, {
    municipality_id: municipalityId,
    pupil_id: pupilId,
    service_id: serviceId,
    submission_id: submission.id,
    given_by: viewer.personId,
  })
}

const enrolment = (trx: Trx, municipalityId: string, id: string) =>
  trx.updateTable('enrolment').where('municipality_id', '=', municipalityId).where('id', '=', id)

async function addPupil(
  trx: Trx,
  municipalityId: string,
  householdId: string,
  pupil: NonNullable<Plan['newPupil']>,
): Promise<string> {
  const { id } = await trx
    .insertInto('pupil')
    .values({
      municipality_id: municipalityId,
      household_id: householdId,
      given_name: pupil.givenName,
      family_name: pupil.familyName,
      fiscal_code: pupil.fiscalCode,
      birth_date: pupil.birthDay,
    })
    .returning('id')
    .executeTakeFirstOrThrow()
  return id
}

/** With an account the family can top up before the first meal. */
const openAccount = (trx: Trx, municipalityId: string, serviceId: string, householdId: string) =>
  trx
    .insertInto('account')
    .values({
      municipality_id: municipalityId,
      kind: 'household',
      service_id: serviceId,
      household_id: householdId,
    })
    .onConflict((conflict) => conflict.doNothing())
    .execute()
