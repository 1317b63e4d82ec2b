import 'server-only'
import { createHash } from 'node:crypto'
import { sql } from 'kysely'
import { asFamily, database, type Trx } from '#db/client.ts'
import { allowedToFamily } from '#lib/access/roles.ts'
import type { Viewer } from '#lib/access/viewer.ts'
import { recordAudit } from '#lib/audit/audit.commands.ts'
import { type CheckedFile, checkFiles } from '#lib/files/file.commands.ts'
import { mediaTypeOf, wordsOfType } from '#lib/files/media-type.ts'
import { hashFiscalCode } from '#lib/identity/fiscal-code-hash.ts'
import { env } from '#lib/kernel/env.ts'
import { ok, type Result, refused } from '#lib/kernel/result.ts'
import { notify } from '#lib/notifications/notification.commands.ts'
import type { PublicationState } from '#lib/publishing/lifecycle.ts'
import type { FormAnswerProblem } from './answer-problem.words.ts'
import { type FormAnswer, shownSteps } from './conditions.ts'
import {
  answersToStartFrom,
  documentsOfDraft,
  type FormDraft,
  type FormToFill,
  INTEGRATION_FIELD,
  readFormToFill,
} from './form.queries.ts'
import {
  answersToSend,
  type Definition,
  DOCUMENT_TYPES,
  type Field,
  firstStepToFix,
  MOST_DOCUMENTS,
  normalAnswer,
  problemsOfStep,
  type Step,
  shownAnswers,
} from './form.ts'
import { protocolInWords } from './protocol.ts'
import { receivedNotice } from './submission.notice.ts'
import {
  aboutOf,
  afterMove,
  type EventKind,
  freesTheKey,
  onceKeyOf,
  type SubmissionState,
} from './submission.ts'

export type StepRequest = {
  formId: string
  householdId: string
  stepId: string
  /** The revision of the draft that was on the screen; 0 when there was none. */
  revision: number
  /** Field id → what was typed. */
  typed: Readonly<Record<string, FormAnswer>>
  files: readonly { field: string; file: File }[]
  /** Documents to take away again. */
  removed: readonly string[]
}

export type StepOutcome = {
  revision: number
  /** Field id → what to put right. Empty: the step is done. */
  problems: Record<string, FormAnswerProblem>
  /** What is kept now, for the screen to show again. */
  answers: Record<string, FormAnswer>
  documents: FormDraft['documents']
  /** The step that follows; null: the recap. */
  next: string | null
  /** Nothing is missing in any step. */
  isReady: boolean
}

/**
 * Saves what was typed in one step, right or wrong: nothing is lost. Two tabs never overwrite each other: the one that started
 * from an older revision is told and keeps what was typed.
 */
export async function saveStep(viewer: Viewer, request: StepRequest): Promise<Result<StepOutcome>> {
  if (!allowedToFamily(viewer, 'forms:fill', request.householdId)) return refused('request:not-found')
  const checked = await checkedDocuments(request.files)
  if (!checked.ok) return checked
  return asFamily(viewer, async (trx) => {
    const found = await readFormToFill(trx, viewer, request.formId, request.householdId, { lock: true })
    const step = found?.form.definition.steps.find(({ id }) => id === request.stepId)
    if (!found || !step) return refused('request:not-found')
    if (!found.draft && found.form.state !== 'published') return notOpen(found.form.state)
    if ((found.draft?.revision ?? 0) !== request.revision) return refused('forms:changed-elsewhere')
    const fit = fitting(step, checked.value, found, request.removed)
    if (!fit.ok) return fit
    const answers = { ...answersToStartFrom(found), ...typedIn(step, request.typed) }
    const draftId = await keepDraft(trx, viewer, found, answers)
    if (draftId === null) return refused('forms:changed-elsewhere')
    await changeDocuments(trx, viewer, found, draftId, checked.value, request.removed)
    const documents = await documentsOfDraft(trx, viewer.municipalityId, draftId)
    const { definition } = found.form
    const steps = shownSteps(definition.steps, answers)
    const at = steps.findIndex(({ id }) => id === step.id)
    const facts = { ...found.facts, documents }
    return ok({
      revision: request.revision + 1,
      problems: problemsOfStep(step, answers, definition, facts),
      answers,
      documents,
      next: steps[at + 1]?.id ?? null,
      isReady: firstStepToFix(definition, answers, facts) === null,
    })
  })
}

const notOpen = (why: Exclude<PublicationState, 'published'>) => refused('forms:not-open', { why })

function typedIn(step: Step, typed: StepRequest['typed']): Record<string, FormAnswer> {
  const answers: Record<string, FormAnswer> = {}
  for (const field of step.fields) {
    if (field.kind !== 'file') answers[field.id] = normalAnswer(field, typed[field.id])
  }
  return answers
}

type FieldDocument = CheckedFile & { field: string }

async function checkedDocuments(files: StepRequest['files']): Promise<Result<FieldDocument[]>> {
  const documents: FieldDocument[] = []
  for (const { field, file } of files) {
    const checked = await checkFiles([file])
    if (!checked.ok) return checked
    documents.push(...checked.value.map((one) => ({ ...one, field })))
  }
  return ok(documents)
}

/** Each document must be of a kind that its question takes, and not one too many. */
function fitting(
  step: Step,
  documents: readonly FieldDocument[],
  { draft }: FormToFill,
  removed: readonly string[],
): Result<null> {
  for (const document of documents) {
    const field = step.fields.find(({ id, kind }) => id === document.field && kind === 'file')
    if (!field) return refused('request:not-found')
    const judged = rightKind(field, document)
    if (!judged.ok) return judged
  }
  for (const field of step.fields) {
    const kept = (draft?.documents ?? []).filter((one) => one.field === field.id && !removed.includes(one.id))
    const added = documents.filter((one) => one.field === field.id)
    if (kept.length + added.length > MOST_DOCUMENTS)
      return refused('forms:too-many-documents', { max: MOST_DOCUMENTS })
  }
  return ok(null)
}

function rightKind({ types }: Pick<Field, 'types'>, document: CheckedFile): Result<null> {
  const allowed = types.map(mediaTypeOf)
  if (allowed.includes(document.mediaType)) return ok(null)
  return refused('forms:wrong-document', {
    name: document.name,
    types: types.map(wordsOfType),
  })
}

/** Writes the draft, new or newer. @returns its id; null when another tab was faster */
async function keepDraft(
  trx: Trx,
  viewer: Viewer,
  { form, household, draft }: FormToFill,
  answers: Record<string, FormAnswer>,
): Promise<string | null> {
  const values = { version: form.version, answers: JSON.stringify(answers) }
  if (draft) {
    await trx
      .updateTable('form_draft')
      .set({ ...values, revision: draft.revision + 1, updated_at: sql<Date>`app_now()` })
      .where('municipality_id', '=', viewer.municipalityId)
      .where('id', '=', draft.id)
      .execute()
    return draft.id
  }
  const row = await trx
    .insertInto('form_draft')
    .values({
      ...values,
      municipality_id: viewer.municipalityId,
      form_id: form.id,
      household_id: household.id,
      person_id: viewer.personId,
    })
    .onConflict((conflict) => conflict.doNothing())
    .returning('id')
    .executeTakeFirst()
  return row?.id ?? null
}

async function changeDocuments(
  trx: Trx,
  viewer: Viewer,
  { household }: FormToFill,
  draftId: string,
  added: readonly FieldDocument[],
  removed: readonly string[],
): Promise<void> {
  if (removed.length > 0) {
    await trx
      .deleteFrom('form_document')
      .where('municipality_id', '=', viewer.municipalityId)
      .where('draft_id', '=', draftId)
      .where('id', 'in', [...removed])
      .execute()
  }
  await addDocuments(trx, viewer, household.id, { draft_id: draftId }, added)
}

async function addDocuments(
  trx: Trx,
  viewer: Viewer,
  householdId: string,
  owner: { draft_id: string } | { submission_id: string },
  documents: readonly FieldDocument[],
): Promise<void> {
  if (documents.length === 0) return
  await trx
    .insertInto('form_document')
    .values(
      documents.map((document) => ({
        ...owner,
        municipality_id: viewer.municipalityId,
        household_id: householdId,
        person_id: viewer.personId,
        field: document.field,
        name: document.name,
        media_type: document.mediaType,
        size: document.bytes.length,
        sha256: createHash('sha256').update(document.bytes).digest(),
        content: Buffer.from(document.bytes),
      })),
    )
    .execute()
}

/** Throws a draft away, with its documents. */
export async function discardDraft(
  viewer: Viewer,
  request: { formId: string; householdId: string },
): Promise<Result<null>> {
  if (!allowedToFamily(viewer, 'forms:fill', request.householdId)) return refused('request:not-found')
  return asFamily(viewer, async (trx) => {
    const found = await readFormToFill(trx, viewer, request.formId, request.householdId, { lock: true })
    if (!found?.draft) return refused('forms:no-draft')
    await dropDraft(trx, viewer, found.draft.id)
    return ok(null)
  })
}

async function dropDraft(trx: Trx, viewer: Viewer, draftId: string): Promise<void> {
  for (const [table, column] of [
    ['form_document', 'draft_id'],
    ['form_draft', 'id'],
  ] as const) {
    await trx
      .deleteFrom(table)
      .where('municipality_id', '=', viewer.municipalityId)
      .where(sql.ref(column), '=', draftId)
      .execute()
  }
}

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
 * Sends a draft: a request with its protocol number, a copy that never changes, and a receipt. The window counts by the
 * database's time when the transaction began, so that waiting for others makes no family late. Sent twice, from two
 * tabs or again after a lost answer, it is the same one request.
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
    if (form.state !== 'published') return notOpen(form.state)
    if (draft.revision !== request.revision) return refused('forms:changed-elsewhere')
    if (form.version !== request.version) return refused('forms:form-changed')
    const { definition } = form
    const unfinished = firstStepToFix(definition, answersToStartFrom(found), found.facts)
    if (unfinished) return refused('forms:incomplete', { step: unfinished.title })
    return ok({ submissionId: await submit(trx, viewer, found, draft), isNew: true })
  }).catch((error) => {
    if (error instanceof AlreadySent) return refused('forms:already-sent')
    throw error
  })
}

/** Shared: many families send together, and a form is closed before or after all of them. */
const lockForm = (trx: Trx, viewer: Viewer, formId: string) =>
  trx
    .selectFrom('online_form')
    .select('id')
    .where('municipality_id', '=', viewer.municipalityId)
    .where('id', '=', formId)
    .forShare()
    .execute()

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
  const protocol = await sql<{ year: number; number: number }>`select * from next_protocol()`.execute(trx)
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
      once_key: onceKeyOf(definition, answers, { householdId: household.id, hashOf }),
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
  await dropDraft(trx, viewer, draft.id)
  await tellEvent(trx, viewer, kept.id, 'submitted')
  await recordAudit(trx, viewer, { action: 'forms.sent', objectType: 'form_submission', objectId: kept.id })
  await notify(trx, municipalityId, {
    event: 'form:status',
    key: `form:${kept.id}:submitted`,
    to: [viewer.personId],
    say: (t) => receivedNotice(protocolInWords({ year, number }), kept.submitted_at, t),
    path: `/moduli/domande/${kept.id}`,
    // The receipt of a request that was just sent, at any hour.
    urgent: true,
  })
  return kept.id
}

const hashOf = (fiscalCode: string): string =>
  hashFiscalCode(fiscalCode, env().FISCAL_CODE_KEY).toString('hex')

/** Writes a milestone of the family's. */
const tellEvent = (trx: Trx, viewer: Viewer, submissionId: string, kind: EventKind, words = '') =>
  trx
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

/** One's own request under a lock; null when it is not one's own. */
async function lockOwn(trx: Trx, viewer: Viewer, id: string) {
  const row = await trx
    .selectFrom('form_submission as s')
    .innerJoin('online_form_version as v', (join) =>
      join
        .onRef('v.municipality_id', '=', 's.municipality_id')
        .onRef('v.form_id', '=', 's.form_id')
        .onRef('v.number', '=', 's.version'),
    )
    .select(['s.id', 's.state', 's.household_id', 's.person_id', 'v.definition'])
    .where('s.municipality_id', '=', viewer.municipalityId)
    .where('s.id', '=', id)
    .where('s.person_id', '=', viewer.personId)
    .forUpdate('s')
    .executeTakeFirst()
  if (!row || !allowedToFamily(viewer, 'forms:fill', row.household_id)) return null
  return { ...row, state: row.state, definition: row.definition as unknown as Definition }
}

const MOST_WORDS = 2_000

/** The family answers what the office asked for: words, documents, or both. Late is better than never, until it is decided. */
export async function answerIntegration(
  viewer: Viewer,
  request: { submissionId: string; words: string; files: readonly File[] },
): Promise<Result<{ submissionId: string }>> {
  if (!allowedToFamily(viewer, 'forms:fill')) return refused('request:not-found')
  const checked = await checkedDocuments(request.files.map((file) => ({ field: INTEGRATION_FIELD, file })))
  if (!checked.ok) return checked
  if (checked.value.length === 0 && request.words === '') return refused('forms:no-document')
  if (checked.value.length > MOST_DOCUMENTS)
    return refused('forms:too-many-documents', { max: MOST_DOCUMENTS })
  for (const document of checked.value) {
    const judged = rightKind({ types: DOCUMENT_TYPES }, document)
    if (!judged.ok) return judged
  }
  return asFamily(viewer, async (trx) => {
    const own = await lockOwn(trx, viewer, request.submissionId)
    if (!own) return refused('request:not-found')
    const moved = afterMove(own.state, 'answered')
    if (!moved.ok) return moved
    await addDocuments(trx, viewer, own.household_id, { submission_id: own.id }, checked.value)
    await setState(trx, viewer, own.id, { state: moved.value, due_on: null })
    await tellEvent(trx, viewer, own.id, 'answered', request.words.slice(0, MOST_WORDS))
    await recordAudit(trx, viewer, {
      action: 'forms.answered',
      objectType: 'form_submission',
      objectId: own.id,
    })
    return ok({ submissionId: own.id })
  })
}

/** The family takes its request back, as long as it is undecided. */
export async function withdrawSubmission(
  viewer: Viewer,
  submissionId: string,
): Promise<Result<{ submissionId: string }>> {
  if (!allowedToFamily(viewer, 'forms:fill')) return refused('request:not-found')
  return asFamily(viewer, async (trx) => {
    const own = await lockOwn(trx, viewer, submissionId)
    if (!own) return refused('request:not-found')
    const moved = afterMove(own.state, 'withdrawn')
    if (!moved.ok) return moved
    await setState(trx, viewer, own.id, {
      state: moved.value,
      due_on: null,
      decided_at: sql<Date>`app_now()`,
      ...(freesTheKey(own.definition.once, moved.value) ? { once_key: null } : {}),
    })
    await tellEvent(trx, viewer, own.id, 'withdrawn')
    await recordAudit(trx, viewer, {
      action: 'forms.withdrawn',
      objectType: 'form_submission',
      objectId: own.id,
    })
    return ok({ submissionId: own.id })
  })
}

const setState = (
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

const BATCH = 1_000

/**
 * Deletes drafts that were not changed for 90 days, documents 24 months and answers five years after the decision; the
 * database alone decides what is old enough.
 * @returns how many rows were touched
 */
export async function forgetForms(): Promise<number> {
  const { rows } = await sql<{ gone: number }>`select forget_forms(${BATCH}) as gone`.execute(database())
  return rows[0]?.gone ?? 0
}
