import 'server-only'
import { sql } from 'kysely'
import { asFamily, reenterScope, type Trx } from '#db/client.ts'
import { enterSubject } from '#db/subjects.ts'
import { allowedToFamily } from '#lib/access/capabilities.ts'
import type { Viewer } from '#lib/access/viewer.ts'
import { recordAudit } from '#lib/audit/audit.commands.ts'
import { hashFiscalCode } from '#lib/identity/fiscal-code-hash.ts'
import { parseDay } from '#lib/kernel/day.ts'
import { hashKeys } from '#lib/kernel/env.ts'
import { ok, type Refused, type Result, refused } from '#lib/kernel/result.ts'
import { notify } from '#lib/notifications/notification.commands.ts'
import { refusedByRows } from '#lib/session/budget.commands.ts'
import { answersToSend, firstStepToFix } from './answer.ts'
import { lacksOfAnswers, schoolAsked } from './completeness.ts'
import { type FormAnswers, textOf } from './conditions.ts'
import { type Definition, fieldOfRole, type Role } from './form.ts'
import { dropDraft } from './form-draft.commands.ts'
import { answersToStartFrom, type FormDraft, type FormToFill, readFormToFill } from './form-draft.queries.ts'
import { protocolInWords } from './protocol.ts'
import { shownAnswers } from './shown-answers.words.ts'
import { receivedNotice } from './submission.notice.ts'
import {
  aboutOf,
  afterMove,
  type EventKind,
  freesTheKey,
  onceKeyOf,
  type SubmissionState,
} from './submission.ts'

export type SendRequest = {
  formId: string
  householdId: string
  draftId: string
  revision: number
  /** The version of the form whose recap was read. */
  version: number
}

/** Rolls the transaction back, protocol number included: the same was asked already. */
class AlreadySent extends Error {}

/**
 * Sends a draft: a submission with its protocol number, a copy that never changes, and a receipt. The window counts by the
 * database's time when the transaction began, so that waiting for others makes no family late. Sent twice, from two
 * tabs or again after a lost answer, it is the same one submission.
 */
export async function sendDraft(
  viewer: Viewer,
  request: SendRequest,
): Promise<Result<{ submissionId: string; isNew: boolean }>> {
  if (!allowedToFamily(viewer, 'forms:fill', request.householdId)) return refused('request:not-found')
  return asFamily(viewer, async (trx) => {
    await lockForm(trx, viewer, request.formId)
    const found = await readFormToFill(trx, viewer, request.formId, request.householdId, { lock: true })
    if (!found) return refused('request:not-found')
    const { draft, form } = found
    if (draft?.id !== request.draftId) return sentBefore(trx, viewer, request.draftId)
    if (form.state !== 'published') return refused('forms:not-open', { why: form.state })
    if (draft.revision !== request.revision) return refused('forms:changed-elsewhere')
    if (form.version !== request.version) return refused('forms:form-changed')
    const { definition } = form
    const unfinished = firstStepToFix(definition, answersToStartFrom(found), found.facts)
    if (unfinished) return refused('forms:incomplete', { step: unfinished.title })
    const spent = await spentByFamily(trx, viewer, request.householdId)
    if (spent) return spent
    return ok({ submissionId: await submit(trx, viewer, found, draft), isNew: true })
  }).catch((error) => {
    if (error instanceof AlreadySent) return refused('forms:already-sent')
    throw error
  })
}

/** Requests of one family in a year: each takes a protocol number, a letter and the time of a clerk. */
async function spentByFamily(trx: Trx, viewer: Viewer, householdId: string): Promise<Refused | null> {
  await enterSubject(trx, 'submissions')
  const sent = trx
    .selectFrom('form_submission')
    .select((eb) => ['submitted_at as at', eb.lit(1).as('amount')])
    .where('municipality_id', '=', viewer.municipalityId)
    .where('person_id', '=', viewer.personId)
    .where('household_id', '=', householdId)
  return refusedByRows(trx, 'forms:send', sent)
}

/** Shared: many families send together, and a form is closed before or after all of them. */
async function lockForm(trx: Trx, viewer: Viewer, formId: string): Promise<void> {
  await trx
    .selectFrom('online_form')
    .select('id')
    .where('municipality_id', '=', viewer.municipalityId)
    .where('id', '=', formId)
    .forShare()
    .execute()
  await reenterScope(trx)
}

async function sentBefore(trx: Trx, viewer: Viewer, draftId: string) {
  const sent = await trx
    .selectFrom('form_submission')
    .select('id')
    .where('municipality_id', '=', viewer.municipalityId)
    .where('person_id', '=', viewer.personId)
    .where('draft_id', '=', draftId)
    .executeTakeFirst()
  return sent ? ok({ submissionId: sent.id, isNew: false }) : refused('forms:no-draft')
}

async function submit(trx: Trx, viewer: Viewer, found: FormToFill, draft: FormDraft): Promise<string> {
  const { municipalityId } = viewer
  const { form, household, facts } = found
  const { definition } = form
  const answers = answersToSend(definition, answersToStartFrom(found))
  const documents = facts.documents.filter(({ field }) => Object.hasOwn(answers, field))
  const { pupilId, about } = aboutOf(definition, answers, facts.pupils, household.name)
  const [onceKey, ...alsoWritten] = onceKeysOf(definition, answers, household.id)
  if (await isTaken(trx, viewer, form.id, alsoWritten)) throw new AlreadySent()
  const protocol = await sql<{
    year: number
    number: number
  }>`select year, number from next_protocol()`.execute(trx)
  const { year, number } = protocol.rows[0] as { year: number; number: number }
  const kept = await trx
    .insertInto('form_submission')
    .values({
      municipality_id: municipalityId,
      form_id: form.id,
      version: form.version,
      draft_id: draft.id,
      household_id: household.id,
      person_id: viewer.personId,
      pupil_id: pupilId,
      protocol_year: year,
      protocol_number: number,
      answers: JSON.stringify(answers),
      shown: JSON.stringify(shownAnswers(definition, answers, { ...facts, documents })),
      about,
      once_key: onceKey,
      school_id: schoolAsked(
        definition,
        answers,
        facts.pupils.find(({ id }) => id === pupilId),
      ),
      lacks: lacksOfAnswers(form.kind, definition, answers),
      lacks_known: true,
    })
    .onConflict((conflict) => conflict.doNothing())
    .returning(['id', 'submitted_at'])
    .executeTakeFirst()
  if (!kept) throw new AlreadySent()
  if (documents.length > 0) {
    await trx
      .updateTable('form_document')
      .set({ draft_id: null, submission_id: kept.id })
      .where('municipality_id', '=', municipalityId)
      .where(
        'id',
        'in',
        documents.map(({ id }) => id),
      )
      .execute()
  }
  if (form.kind === 'diet' && pupilId)
    await holdDiet(trx, viewer, { definition, answers, pupilId, id: kept.id })
  await dropDraft(trx, viewer, draft.id)
  await writeMilestone(trx, viewer, kept.id, 'submitted')
  await recordAudit(trx, viewer, { action: 'forms.sent', objectType: 'form_submission', objectId: kept.id })
  await notify(trx, municipalityId, {
    event: 'form:status',
    key: `form:${kept.id}:submitted`,
    to: [viewer.personId],
    say: (t) => receivedNotice(protocolInWords({ year, number }), kept.submitted_at, t),
    path: `/moduli/domande/${kept.id}`,
    // The receipt of a submission that was just sent, at any hour.
    urgent: true,
  })
  return kept.id
}

/** From now on, or from the day that the family wrote, the kitchen asks before it serves the pupil: until the office decides. */
const holdDiet = (
  trx: Trx,
  viewer: Viewer,
  {
    definition,
    answers,
    pupilId,
    id,
  }: { definition: Definition; answers: FormAnswers; pupilId: string; id: string },
) => {
  const answerOf = (role: Role) => {
    const field = fieldOfRole(definition, role)
    return textOf(field && answers[field.id])
  }
  return sql`
    insert into diet_hold (municipality_id, submission_id, pupil_id, severe, since)
    values (${viewer.municipalityId}, ${id}::uuid, ${pupilId}::uuid, ${answerOf('severeReaction') === 'si'},
      greatest(app_today(), ${parseDay(answerOf('from'))}::date))`.execute(trx)
}

/** What may be asked once, as it is written, and as it may have been written with the other keys while `FISCAL_CODE_KEY` is replaced. */
function onceKeysOf(
  definition: FormToFill['form']['definition'],
  answers: Parameters<typeof onceKeyOf>[1],
  householdId: string,
): [string, ...string[]] {
  const { current, earlier } = hashKeys()
  const withKey = (key: string) =>
    onceKeyOf(definition, answers, {
      householdId,
      hashOf: (fiscalCode) => hashFiscalCode(fiscalCode, key).toString('hex'),
    })
  const written = withKey(current)
  return [written, ...earlier.map(withKey).filter((key) => key !== written)]
}

async function isTaken(trx: Trx, viewer: Viewer, formId: string, onceKeys: string[]): Promise<boolean> {
  if (onceKeys.length === 0) return false
  await enterSubject(trx, 'submissions')
  const { rows } = await sql<{ isTaken: boolean }>`
    select exists (select from form_submission s where s.municipality_id = ${viewer.municipalityId}
      and s.form_id = ${formId}::uuid and s.once_key = any (${onceKeys}::text[])) as "isTaken"`.execute(trx)
  return rows[0]?.isTaken ?? false
}

/** Writes a milestone of the family's. */
export async function writeMilestone(
  trx: Trx,
  viewer: Viewer,
  submissionId: string,
  kind: EventKind,
  words = '',
): Promise<void> {
  await enterSubject(trx, 'submissions')
  await trx
    .insertInto('form_event')
    .values({
      municipality_id: viewer.municipalityId,
      submission_id: submissionId,
      kind,
      person_id: viewer.personId,
      by_office: false,
      words,
    })
    .execute()
}

/** One's own submission under a lock; null when it is not one's own. */
export async function lockOwnSubmission(trx: Trx, viewer: Viewer, id: string) {
  const row = await trx
    .selectFrom('form_submission as s')
    .innerJoin('online_form_version as v', (join) =>
      join
        .on('v.municipality_id', '=', viewer.municipalityId)
        .onRef('v.form_id', '=', 's.form_id')
        .onRef('v.number', '=', 's.version'),
    )
    .select(['s.id', 's.state', 's.household_id', 's.person_id', 'v.definition'])
    .where('s.municipality_id', '=', viewer.municipalityId)
    .where('s.id', '=', id)
    .where('s.person_id', '=', viewer.personId)
    .forUpdate('s')
    .executeTakeFirst()
  await reenterScope(trx)
  if (!row || !allowedToFamily(viewer, 'forms:fill', row.household_id)) return null
  return { ...row, state: row.state, definition: row.definition as unknown as Definition }
}

/** The family takes its submission back, as long as it is undecided. Its documents go at that moment: no person decides on them any more. */
export async function withdrawSubmission(
  viewer: Viewer,
  submissionId: string,
): Promise<Result<{ submissionId: string }>> {
  if (!allowedToFamily(viewer, 'forms:fill')) return refused('request:not-found')
  return asFamily(viewer, async (trx) => {
    const own = await lockOwnSubmission(trx, viewer, submissionId)
    if (!own) return refused('request:not-found')
    const moved = afterMove(own.state, 'withdrawn')
    if (!moved.ok) return moved
    await setSubmissionState(trx, viewer, own.id, {
      state: moved.value,
      due_on: null,
      decided_at: sql<Date>`app_now()`,
      ...(freesTheKey(own.definition.once, moved.value) ? { once_key: null } : {}),
    })
    await sql`select empty_withdrawn_documents(${own.id}::uuid)`.execute(trx)
    await writeMilestone(trx, viewer, own.id, 'withdrawn')
    await recordAudit(trx, viewer, {
      action: 'forms.withdrawn',
      objectType: 'form_submission',
      objectId: own.id,
    })
    return ok({ submissionId: own.id })
  })
}

/** Writes the state of a submission that the family changed itself. */
export const setSubmissionState = (
  trx: Trx,
  viewer: Viewer,
  id: string,
  values: {
    state: SubmissionState
    due_on: null
    decided_at?: ReturnType<typeof sql<Date>>
    once_key?: null
  },
) =>
  trx
    .updateTable('form_submission')
    .set(values)
    .where('municipality_id', '=', viewer.municipalityId)
    .where('id', '=', id)
    .execute()
