import 'server-only'
import { sql } from 'kysely'
import type { Trx } from '#db/client.ts'
import { lockedOffice } from '#lib/access/locked-office.commands.ts'
import type { Viewer } from '#lib/access/viewer.ts'
import { recordAudit } from '#lib/audit/audit.commands.ts'
import { addDays, type Day } from '#lib/kernel/day.ts'
import { fingerprintOf } from '#lib/kernel/fingerprint.ts'
import { ok, type Result, refused } from '#lib/kernel/result.ts'
import { notify } from '#lib/notifications/notification.commands.ts'
import { applyFare } from '#lib/tariffs/fare-assignment.commands.ts'
import type { Definition } from '../form.ts'
import { protocolInWords } from '../protocol.ts'
import { moveNotice } from '../submission.notice.ts'
import { afterMove, type EventKind, freesTheKey, type Move, type SubmissionState } from '../submission.ts'
import { type Plan, planOf, type TypedDecision } from './effects.ts'
import { colleaguesOf, type EffectsOfRequest, effectFacts } from './submission.queries.ts'

type Locked = {
  id: string
  formId: string
  state: SubmissionState
  householdId: string
  personId: string
  year: number
  number: number
  once: Definition['once']
  today: Day
}

const onRequest = <T>(
  viewer: Viewer,
  id: string,
  work: (trx: Trx, request: Locked) => Promise<Result<T>>,
): Promise<Result<T>> =>
  lockedOffice(
    viewer,
    'forms:manage',
    { table: 'form_submission', id },
    async (trx) => {
      const { rows } = await sql<Locked>`
        select s.id, s.form_id as "formId", s.state, s.household_id as "householdId", s.person_id as "personId", s.protocol_year as year,
          s.protocol_number as number, v.definition ->> 'once' as once, app_today() as today
        from form_submission s
        join online_form_version v on v.municipality_id = s.municipality_id and v.form_id = s.form_id and v.number = s.version
        where s.municipality_id = ${viewer.municipalityId} and s.id = ${id}::uuid`.execute(trx)
      return rows[0] ?? null
    },
    work,
  )

export type Handled = { id: string; formId: string }

type Told = { words?: string; dueOn?: Day | null }

/** Moves a request on, writes the milestone and the register, and tells the family when there is something to tell. */
async function move(
  trx: Trx,
  viewer: Viewer,
  request: Locked,
  kind: Move,
  to: SubmissionState,
  { words = '', dueOn = null }: Told = {},
): Promise<Handled> {
  const isOver = to === 'accepted' || to === 'rejected'
  await trx
    .updateTable('form_submission')
    .set({
      state: to,
      due_on: dueOn,
      ...(isOver ? { decided_at: sql<Date>`app_now()` } : {}),
      ...(freesTheKey(request.once, to) ? { once_key: null } : {}),
      assigned_to: sql<string>`coalesce(assigned_to, ${viewer.personId}::uuid)`,
    })
    .where('municipality_id', '=', viewer.municipalityId)
    .where('id', '=', request.id)
    .execute()
  const event = await trx
    .insertInto('form_event')
    .values({
      municipality_id: viewer.municipalityId,
      submission_id: request.id,
      kind,
      person_id: viewer.personId,
      by_office: true,
      words,
      due_on: dueOn,
    })
    .returning('id')
    .executeTakeFirstOrThrow()
  await audit(trx, viewer, request, kind)
  await tell(trx, viewer, request, kind, event.id, dueOn)
  return { id: request.id, formId: request.formId }
}

const AUDITED = {
  taken: 'forms.taken',
  asked: 'forms.asked',
  accepted: 'forms.accepted',
  rejected: 'forms.rejected',
} as const

const audit = (trx: Trx, viewer: Viewer, request: Locked, kind: EventKind) =>
  recordAudit(trx, viewer, {
    action: AUDITED[kind as keyof typeof AUDITED] ?? 'forms.taken',
    objectType: 'household',
    objectId: request.householdId,
    details: { submission: request.id },
  })

/** The words of the office stay in the portal: a mail says only that there is something to read. */
async function tell(
  trx: Trx,
  viewer: Viewer,
  request: Locked,
  kind: Move,
  eventId: string,
  dueOn: Day | null,
) {
  const said = moveNotice(kind, protocolInWords(request), dueOn)
  if (!said) return
  await notify(trx, viewer.municipalityId, {
    event: 'form:status',
    key: `form:${eventId}`,
    to: [request.personId],
    say: said,
    path: `/moduli/domande/${request.id}`,
  })
}

/** Takes a request into review. */
export const takeRequest = (viewer: Viewer, id: string): Promise<Result<Handled>> =>
  onRequest(viewer, id, async (trx, request) => {
    const moved = request.state === 'submitted' ? afterMove(request.state, 'taken') : ok(request.state)
    if (!moved.ok) return moved
    if (request.state !== 'submitted') return assign(trx, viewer, request, viewer.personId)
    return ok(await move(trx, viewer, request, 'taken', moved.value))
  })

async function assign(
  trx: Trx,
  viewer: Viewer,
  request: Locked,
  personId: string | null,
): Promise<Result<Handled>> {
  await trx
    .updateTable('form_submission')
    .set({ assigned_to: personId })
    .where('municipality_id', '=', viewer.municipalityId)
    .where('id', '=', request.id)
    .execute()
  await recordAudit(trx, viewer, {
    action: 'forms.assigned',
    objectType: 'form_submission',
    objectId: request.id,
  })
  return ok({ id: request.id, formId: request.formId })
}

/** Assigns a request to a member of the office, or unassigns it. */
export const assignRequest = (
  viewer: Viewer,
  id: string,
  personId: string | null,
): Promise<Result<Handled>> =>
  onRequest(viewer, id, async (trx, request) => {
    const colleagues = await colleaguesOf(trx, viewer.municipalityId)
    if (personId !== null && !colleagues.some((one) => one.id === personId))
      return refused('request:not-found')
    return assign(trx, viewer, request, personId)
  })

/** The longest that a family may be given to answer, in days. */
const LONGEST_WAIT = 60

/** Asks the family for something that is missing, by a day. */
export const askIntegration = (
  viewer: Viewer,
  { id, words, dueOn }: { id: string; words: string; dueOn: Day },
): Promise<Result<Handled>> =>
  onRequest(viewer, id, async (trx, request) => {
    const latest = addDays(request.today, LONGEST_WAIT)
    if (dueOn <= request.today || dueOn > latest) return refused('forms:bad-due-day', { latest })
    const moved = afterMove(request.state, 'asked')
    if (!moved.ok) return moved
    return ok(await move(trx, viewer, request, 'asked', moved.value, { words, dueOn }))
  })

export const rejectRequest = (
  viewer: Viewer,
  { id, reason }: { id: string; reason: string },
): Promise<Result<Handled>> =>
  onRequest(viewer, id, async (trx, request) => {
    const moved = afterMove(request.state, 'rejected')
    if (!moved.ok) return moved
    return ok(await move(trx, viewer, request, 'rejected', moved.value, { words: reason }))
  })

export type AcceptancePreview = { lines: string[]; seen: string }

/** What accepting would do, in words, before anything is done. */
export const previewAcceptance = (
  viewer: Viewer,
  id: string,
  typed: TypedDecision,
): Promise<Result<AcceptancePreview>> =>
  onRequest(viewer, id, async (trx, request) => {
    const moved = afterMove(request.state, 'accepted')
    if (!moved.ok) return moved
    const { kind, facts } = await effectFacts(trx, viewer.municipalityId, id, { lock: false })
    const plan = planOf(kind, typed, facts)
    return plan.ok ? ok({ lines: plan.value.lines, seen: fingerprintOf(plan.value) }) : plan
  })

/**
 * Accepts a request and does what follows from it, in one transaction: both or neither. Accepted twice it is accepted once.
 * @param seen the mark of the preview that was read; when something changed since, nothing is done
 */
export const acceptRequest = (
  viewer: Viewer,
  { id, typed, seen, note }: { id: string; typed: TypedDecision; seen: string; note: string },
): Promise<Result<Handled>> =>
  onRequest(viewer, id, async (trx, request) => {
    if (request.state === 'accepted') return ok({ id, formId: request.formId })
    const moved = afterMove(request.state, 'accepted')
    if (!moved.ok) return moved
    const effects = await effectFacts(trx, viewer.municipalityId, id, { lock: true })
    const plan = planOf(effects.kind, typed, effects.facts)
    if (!plan.ok) return plan
    if (fingerprintOf(plan.value) !== seen) return refused('forms:preview-changed')
    await apply(trx, viewer, request, effects, plan.value)
    const words = [...(effects.kind === 'other' ? [] : plan.value.lines), note].filter(Boolean).join('\n')
    return ok(await move(trx, viewer, request, 'accepted', moved.value, { words }))
  })

async function apply(
  trx: Trx,
  viewer: Viewer,
  request: Locked,
  effects: EffectsOfRequest,
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
    submission_id: request.id,
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
