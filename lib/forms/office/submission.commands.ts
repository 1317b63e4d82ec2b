import 'server-only'
import { sql } from 'kysely'
import type { Trx } from '#db/client.ts'
import { lockedOffice } from '#lib/access/locked-office.commands.ts'
import type { Viewer } from '#lib/access/viewer.ts'
import { recordAudit } from '#lib/audit/audit.commands.ts'
import { addDays, type Day } from '#lib/kernel/day.ts'
import { ok, type Result, refused } from '#lib/kernel/result.ts'
import { notify } from '#lib/notifications/notification.commands.ts'
import type { Definition } from '../form.ts'
import { protocolInWords } from '../protocol.ts'
import { moveNotice } from '../submission.notice.ts'
import { afterMove, type EventKind, freesTheKey, type Move, type SubmissionState } from '../submission.ts'
import { colleaguesOf } from './submission.queries.ts'

/** A request under a lock, as the office's commands need it. */
export type LockedRequest = {
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

/** Runs a command of the office on one request, in one transaction and under its lock. */
export const onLockedRequest = <T>(
  viewer: Viewer,
  id: string,
  work: (trx: Trx, request: LockedRequest) => Promise<Result<T>>,
): Promise<Result<T>> =>
  lockedOffice(
    viewer,
    'forms:manage',
    { table: 'form_submission', id },
    async (trx) => {
      const { rows } = await sql<LockedRequest>`
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
export async function moveRequest(
  trx: Trx,
  viewer: Viewer,
  request: LockedRequest,
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
  await tellFamily(trx, viewer, request, kind, event.id, dueOn)
  return { id: request.id, formId: request.formId }
}

const AUDITED = {
  taken: 'forms.taken',
  asked: 'forms.asked',
  accepted: 'forms.accepted',
  rejected: 'forms.rejected',
} as const

const audit = (trx: Trx, viewer: Viewer, request: LockedRequest, kind: EventKind) =>
  recordAudit(trx, viewer, {
    action: AUDITED[kind as keyof typeof AUDITED] ?? 'forms.taken',
    objectType: 'household',
    objectId: request.householdId,
    details: { submission: request.id },
  })

/** The words of the office stay in the portal: a mail says only that there is something to read. */
async function tellFamily(
  trx: Trx,
  viewer: Viewer,
  request: LockedRequest,
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
  onLockedRequest(viewer, id, async (trx, request) => {
    const moved = request.state === 'submitted' ? afterMove(request.state, 'taken') : ok(request.state)
    if (!moved.ok) return moved
    if (request.state !== 'submitted') return assign(trx, viewer, request, viewer.personId)
    return ok(await moveRequest(trx, viewer, request, 'taken', moved.value))
  })

async function assign(
  trx: Trx,
  viewer: Viewer,
  request: LockedRequest,
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
  onLockedRequest(viewer, id, async (trx, request) => {
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
  onLockedRequest(viewer, id, async (trx, request) => {
    const latest = addDays(request.today, LONGEST_WAIT)
    if (dueOn <= request.today || dueOn > latest) return refused('forms:bad-due-day', { latest })
    const moved = afterMove(request.state, 'asked')
    if (!moved.ok) return moved
    return ok(await moveRequest(trx, viewer, request, 'asked', moved.value, { words, dueOn }))
  })

/** Rejects a request, with the reason that the family reads. */
export const rejectRequest = (
  viewer: Viewer,
  { id, reason }: { id: string; reason: string },
): Promise<Result<Handled>> =>
  onLockedRequest(viewer, id, async (trx, request) => {
    const moved = afterMove(request.state, 'rejected')
    if (!moved.ok) return moved
    return ok(await moveRequest(trx, viewer, request, 'rejected', moved.value, { words: reason }))
  })
