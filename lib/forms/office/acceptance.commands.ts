import 'server-only'
import { sql } from 'kysely'
import type { Trx } from '#db/client.ts'
import type { Officer, Viewer } from '#lib/access/viewer.ts'
import type { Day } from '#lib/kernel/day.ts'
import { fingerprintOf } from '#lib/kernel/fingerprint.ts'
import { ok, type Result, refused } from '#lib/kernel/result.ts'
import { releaseDiet } from '#lib/school/diet-hold.queries.ts'
import { openRefund } from '#lib/school/office/departure.commands.ts'
import { writeEnrolments } from '#lib/school/office/enrolment.commands.ts'
import { addPupil, openAccount } from '#lib/school/office/pupil.commands.ts'
import { applyFare } from '#lib/tariffs/fare-assignment.commands.ts'
import { afterMove, type SubmissionState } from '../submission.ts'
import { type EffectsOfSubmission, effectFacts } from './acceptance.queries.ts'
import { traceOf } from './effect-trace.ts'
import { type Plan, planCorrection, planOf, type TypedDecision } from './effects.ts'
import {
  type Handled,
  type LockedSubmission,
  moveSubmission,
  onLockedSubmission,
} from './submission.commands.ts'

/** `after`: the decision that stood when the preview was made, empty for none. */
export type AcceptancePreview = { lines: string[]; seen: string; after: string }

/** An accepted submission can be decided again: its decision is corrected. */
const decisionOn = (state: SubmissionState) => (state === 'accepted' ? 'corrected' : 'accepted')

const planFor = (
  decision: 'accepted' | 'corrected',
  { kind, facts }: EffectsOfSubmission,
  typed: TypedDecision,
): Result<Plan> =>
  decision === 'corrected' ? planCorrection(kind, typed, facts) : planOf(kind, typed, facts)

/** Of what a preview showed, after which decision, and of what held then. */
const fingerprintAfter = (plan: Plan, after: string, { facts }: EffectsOfSubmission): string =>
  fingerprintOf({ plan, after, held: facts.enrolments })

/** What accepting, or correcting what was accepted, would do, in words, before anything is done. */
export const previewAcceptance = (
  viewer: Viewer,
  id: string,
  typed: TypedDecision,
): Promise<Result<AcceptancePreview>> =>
  onLockedSubmission(viewer, id, async (trx, submission) => {
    const decision = decisionOn(submission.state)
    const moved = afterMove(submission.state, decision)
    if (!moved.ok) return moved
    const effects = await effectFacts(trx, viewer.municipalityId, id, { lock: false, classId: typed.classId })
    const plan = planFor(decision, effects, typed)
    if (!plan.ok) return plan
    const after = (await standingDecision(trx, viewer.municipalityId, id))?.id ?? ''
    return ok({ lines: plan.value.lines, seen: fingerprintAfter(plan.value, after, effects), after })
  })

/** A confirmation as it was sent: what was typed, and the marks of the preview that was read. */
export type AcceptanceConfirmation = {
  id: string
  typed: TypedDecision
  seen: string
  after: string
  note: string
}

/**
 * Accepts a submission, or corrects its decision, and does what follows from it, in one transaction: both or neither. The same
 * confirmation sent twice is done once. Another colleague's decision, which the preview did not know, is named and nothing is done.
 */
export const acceptSubmission = (
  viewer: Viewer,
  confirmation: AcceptanceConfirmation,
): Promise<Result<DecidedSubmission>> =>
  onLockedSubmission(viewer, confirmation.id, (trx, submission) =>
    acceptLocked(trx, viewer, submission, confirmation),
  )

/** The same, on a submission that is locked already. */
export async function acceptLocked(
  trx: Trx,
  viewer: Officer,
  submission: LockedSubmission,
  { id, typed, seen, after, note }: AcceptanceConfirmation,
): Promise<Result<DecidedSubmission>> {
  const decision = decisionOn(submission.state)
  const moved = afterMove(submission.state, decision)
  if (!moved.ok) return moved
  const standing = await standingDecision(trx, viewer.municipalityId, id)
  if (standing?.fingerprint === seen) return ok({ id, formId: submission.formId, decision: standing.kind })
  if (standing && standing.id !== after)
    return refused('forms:decided-otherwise', { who: standing.who, what: standing.words })
  const effects = await effectFacts(trx, viewer.municipalityId, id, { lock: true, classId: typed.classId })
  const plan = planFor(decision, effects, typed)
  if (!plan.ok) return plan
  if (fingerprintAfter(plan.value, after, effects) !== seen) return refused('forms:preview-changed')
  await applyPlan(trx, viewer, submission, effects, plan.value)
  const words = [...(effects.kind === 'other' ? [] : plan.value.lines), note].filter(Boolean).join('\n')
  const told = { words, fingerprint: seen, trace: traceOf(plan.value, effects.facts) }
  return ok({ ...(await moveSubmission(trx, viewer, submission, decision, moved.value, told)), decision })
}

/** The plan of a submission that no person has decided, and the mark that its acceptance must carry. */
export function planOfFirst(
  effects: EffectsOfSubmission,
  typed: TypedDecision,
): Result<{ plan: Plan; seen: string }> {
  const plan = planFor('accepted', effects, typed)
  return plan.ok ? ok({ plan: plan.value, seen: fingerprintAfter(plan.value, '', effects) }) : plan
}

export type DecidedSubmission = Handled & { decision: 'accepted' | 'corrected' }

type StandingDecision = {
  id: string
  kind: DecidedSubmission['decision']
  who: string | null
  words: string
  fingerprint: string | null
}

/** The decision that holds now, with who made it; null while there is none. */
async function standingDecision(
  trx: Trx,
  municipalityId: string,
  id: string,
): Promise<StandingDecision | null> {
  const { rows } = await sql<StandingDecision>`
    select e.id, e.kind, p.full_name as who, coalesce(nullif(rtrim(replace(e.words, E'\n', ' '), '. '), ''), 'domanda accolta') as words,
      e.plan_fingerprint as fingerprint
    from form_event e
    left join person p on p.municipality_id = ${municipalityId} and p.id = e.person_id
    where e.municipality_id = ${municipalityId} and e.submission_id = ${id}::uuid and e.kind in ('accepted', 'corrected')
    order by e.id desc limit 1`.execute(trx)
  return rows[0] ?? null
}

async function applyPlan(
  trx: Trx,
  viewer: Officer,
  submission: LockedSubmission,
  effects: EffectsOfSubmission,
  plan: Plan,
): Promise<void> {
  const { municipalityId } = viewer
  const { serviceId, householdId } = effects
  const pupilId = plan.newPupil
    ? await addPupil(trx, municipalityId, householdId, plan.newPupil)
    : effects.facts.pupil.id
  if (plan.holder) await giveHousehold(trx, viewer, householdId, plan.holder)
  if (!pupilId) return
  await writeEnrolments(trx, { municipalityId, pupilId, serviceId }, plan)
  if (plan.end.length + plan.drop.length > 0) await openRefund(trx, viewer, { pupilId, serviceId })
  if (plan.heldTo) await releaseDiet(trx, municipalityId, submission.id, plan.heldTo)
  if (plan.enrol.length > 0) await openAccount(trx, municipalityId, serviceId, householdId)
  await applyFare(trx, plan, {
    municipality_id: municipalityId,
    pupil_id: pupilId,
    service_id: serviceId,
    submission_id: submission.id,
    given_by: viewer.personId,
  })
}

/** An applicant becomes the holder of the household of the request: the application is over. */
async function giveHousehold(
  trx: Trx,
  { municipalityId, personId: given_by }: Officer,
  householdId: string,
  personId: string,
): Promise<void> {
  await trx
    .updateTable('household_applicant')
    .set({ ended_at: sql<Date>`app_now()` })
    .where('municipality_id', '=', municipalityId)
    .where('household_id', '=', householdId)
    .where('ended_at', 'is', null)
    .execute()
  await trx
    .insertInto('household_member')
    .values({
      municipality_id: municipalityId,
      household_id: householdId,
      person_id: personId,
      role: 'holder',
      valid_from: sql<Day>`app_today()`,
      given_by,
    })
    .execute()
}
