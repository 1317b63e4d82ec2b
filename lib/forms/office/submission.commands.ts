import 'server-only'
import { sql } from 'kysely'
import type { Trx } from '#db/client.ts'
import { lockedOffice } from '#lib/access/locked-office.commands.ts'
import type { Officer, Viewer } from '#lib/access/viewer.ts'
import { recordAudit } from '#lib/audit/audit.commands.ts'
import type { AuditDetails } from '#lib/audit/audit-details.ts'
import { addDays, type Day } from '#lib/kernel/day.ts'
import { ok, type Result, refused } from '#lib/kernel/result.ts'
import { notify } from '#lib/notifications/notification.commands.ts'
import type { Definition } from '../form.ts'
import { protocolInWords } from '../protocol.ts'
import { moveNotice } from '../submission.notice.ts'
import { afterMove, type EventKind, freesTheKey, type Move, type SubmissionState } from '../submission.ts'
import { colleaguesOf } from './submission.queries.ts'

/** A submission under a lock, as the office's commands need it. */
export type LockedSubmission = {
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

/** Runs a command of the office on one submission, in one transaction and under its lock. */
export const onLockedSubmission = <T>(
  viewer: Officer,
  id: string,
  work: (trx: Trx, submission: LockedSubmission) => Promise<Result<T>>,
): Promise<Result<T>> =>
  lockedOffice(
    viewer,
    'forms:manage',
    { table: 'form_submission', id },
    async (trx) => {
      const { rows } = await sql<LockedSubmission>`
        select s.id, s.form_id as "formId", s.state, s.household_id as "householdId", s.person_id as "personId", s.protocol_year as year,
          s.protocol_number as number, v.definition ->> 'once' as once, app_today() as today
        from form_submission s
        join online_form_version v on v.municipality_id = ${viewer.municipalityId} and v.form_id = s.form_id and v.number = s.version
        where s.municipality_id = ${viewer.municipalityId} and s.id = ${id}::uuid`.execute(trx)
      return rows[0] ?? null
    },
    work,
  )

export type Handled = { id: string; formId: string }

/** `fingerprint`: of what a decision previewed and did. */
/** `trace`: what the decision changes, for the register. */
type Told = { words?: string; dueOn?: Day | null; fingerprint?: string | null; trace?: AuditDetails }

/** Moves a submission on, writes the milestone and the register, and tells the family when there is something to tell. */
export async function moveSubmission(
  trx: Trx,
  viewer: Officer,
  submission: LockedSubmission,
  kind: Move,
  to: SubmissionState,
  { words = '', dueOn = null, fingerprint = null, trace = {} }: Told = {},
): Promise<Handled> {
  const isOver = kind === 'accepted' || kind === 'rejected'
  await trx
    .updateTable('form_submission')
    .set({
      state: to,
      due_on: dueOn,
      ...(isOver ? { decided_at: sql<Date>`app_now()` } : {}),
      ...(freesTheKey(submission.once, to) ? { once_key: null } : {}),
      assigned_to: sql<string>`coalesce(assigned_to, ${viewer.personId}::uuid)`,
    })
    .where('municipality_id', '=', viewer.municipalityId)
    .where('id', '=', submission.id)
    .execute()
  const event = await trx
    .insertInto('form_event')
    .values({
      municipality_id: viewer.municipalityId,
      submission_id: submission.id,
      kind,
      person_id: viewer.personId,
      by_office: true,
      words,
      due_on: dueOn,
      plan_fingerprint: fingerprint,
    })
    .returning('id')
    .executeTakeFirstOrThrow()
  await audit(trx, viewer, submission, kind, trace)
  await tellFamily(trx, viewer, submission, kind, event.id, dueOn)
  return { id: submission.id, formId: submission.formId }
}

const AUDITED = {
  taken: 'forms.taken',
  asked: 'forms.asked',
  accepted: 'forms.accepted',
  corrected: 'forms.corrected',
  rejected: 'forms.rejected',
} as const

const audit = (
  trx: Trx,
  viewer: Officer,
  submission: LockedSubmission,
  kind: EventKind,
  trace: AuditDetails,
) =>
  recordAudit(trx, viewer, {
    action: AUDITED[kind as keyof typeof AUDITED] ?? 'forms.taken',
    objectType: 'household',
    objectId: submission.householdId,
    details: { submission: submission.id, ...trace },
  })

/** The words of the office stay in the portal: a mail says only that there is something to read. */
async function tellFamily(
  trx: Trx,
  viewer: Officer,
  submission: LockedSubmission,
  kind: Move,
  eventId: string,
  dueOn: Day | null,
) {
  const said = moveNotice(kind, protocolInWords(submission), dueOn)
  if (!said) return
  await notify(trx, viewer.municipalityId, {
    event: 'form:status',
    key: `form:${eventId}`,
    to: [submission.personId],
    say: said,
    path: `/moduli/domande/${submission.id}`,
  })
}

/** Takes a submission into review. */
export const takeSubmission = (viewer: Viewer, id: string): Promise<Result<Handled>> =>
  onLockedSubmission(viewer, id, async (trx, submission) => {
    const moved =
      submission.state === 'submitted' ? afterMove(submission.state, 'taken') : ok(submission.state)
    if (!moved.ok) return moved
    if (submission.state !== 'submitted') return assign(trx, viewer, submission, viewer.personId)
    return ok(await moveSubmission(trx, viewer, submission, 'taken', moved.value))
  })

async function assign(
  trx: Trx,
  viewer: Viewer,
  submission: LockedSubmission,
  personId: string | null,
): Promise<Result<Handled>> {
  await trx
    .updateTable('form_submission')
    .set({ assigned_to: personId })
    .where('municipality_id', '=', viewer.municipalityId)
    .where('id', '=', submission.id)
    .execute()
  await recordAudit(trx, viewer, {
    action: 'forms.assigned',
    objectType: 'form_submission',
    objectId: submission.id,
  })
  return ok({ id: submission.id, formId: submission.formId })
}

/** Assigns a submission to a member of the office, or unassigns it. */
export const assignSubmission = (
  viewer: Viewer,
  id: string,
  personId: string | null,
): Promise<Result<Handled>> =>
  onLockedSubmission(viewer, id, async (trx, submission) => {
    const colleagues = await colleaguesOf(trx, viewer.municipalityId)
    if (personId !== null && !colleagues.some((one) => one.id === personId))
      return refused('request:not-found')
    return assign(trx, viewer, submission, personId)
  })

/** The longest that a family may be given to answer, in days. */
export const LONGEST_WAIT = 60

export type Asking = { words: string; dueOn: Day }

/** Asks the family for something that is missing, by a day. */
export const askIntegration = (
  viewer: Viewer,
  { id, ...asking }: Asking & { id: string },
): Promise<Result<Handled>> =>
  onLockedSubmission(viewer, id, (trx, submission) => askLocked(trx, viewer, submission, asking))

/** The same, on a submission that is locked already. */
export async function askLocked(
  trx: Trx,
  viewer: Officer,
  submission: LockedSubmission,
  { words, dueOn }: Asking,
): Promise<Result<Handled>> {
  const latest = addDays(submission.today, LONGEST_WAIT)
  if (dueOn <= submission.today || dueOn > latest) return refused('forms:bad-due-day', { latest })
  const moved = afterMove(submission.state, 'asked')
  if (!moved.ok) return moved
  return ok(await moveSubmission(trx, viewer, submission, 'asked', moved.value, { words, dueOn }))
}

/** Rejects a submission, with the reason that the family reads. */
export const rejectSubmission = (
  viewer: Viewer,
  { id, reason }: { id: string; reason: string },
): Promise<Result<Handled>> =>
  onLockedSubmission(viewer, id, async (trx, submission) => {
    const moved = afterMove(submission.state, 'rejected')
    if (!moved.ok) return moved
    return ok(await moveSubmission(trx, viewer, submission, 'rejected', moved.value, { words: reason }))
  })
