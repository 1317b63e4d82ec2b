import 'server-only'
import { sql } from 'kysely'
import { asFamily, type Trx } from '#db/client.ts'
import { allowedToFamily } from '#lib/access/capabilities.ts'
import type { Viewer } from '#lib/access/viewer.ts'
import { ok, type Result, refused } from '#lib/kernel/result.ts'
import { firstStepToFix, normalAnswer, problemsOfStep } from './answer.ts'
import type { FormAnswerProblem } from './answer-problem.words.ts'
import { type FormAnswer, shownSteps } from './conditions.ts'
import { MOST_DOCUMENTS, type Step } from './form.ts'
import {
  addDocuments,
  checkDocuments,
  checkDocumentType,
  type FieldDocument,
  spentByDocuments,
} from './form-document.commands.ts'
import {
  answersToStartFrom,
  documentsOfDraft,
  type FormDraft,
  type FormToFill,
  readFormToFill,
} from './form-draft.queries.ts'

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
  const checked = await checkDocuments(request.files)
  if (!checked.ok) return checked
  return asFamily(viewer, async (trx) => {
    const found = await readFormToFill(trx, viewer, request.formId, request.householdId, { lock: true })
    const step = found?.form.definition.steps.find(({ id }) => id === request.stepId)
    if (!found || !step) return refused('request:not-found')
    if (!found.draft && found.form.state !== 'published')
      return refused('forms:not-open', { why: found.form.state })
    if ((found.draft?.revision ?? 0) !== request.revision) return refused('forms:changed-elsewhere')
    const fit = checkFit(step, checked.value, found, request.removed)
    if (!fit.ok) return fit
    const spent = await spentByDocuments(trx, viewer, request.householdId, checked.value)
    if (spent) return spent
    const answers = { ...answersToStartFrom(found), ...answersTypedIn(step, request.typed) }
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

function answersTypedIn(step: Step, typed: StepRequest['typed']): Record<string, FormAnswer> {
  const answers: Record<string, FormAnswer> = {}
  for (const field of step.fields) {
    if (field.kind !== 'file') answers[field.id] = normalAnswer(field, typed[field.id])
  }
  return answers
}

/** Each document must be of a kind that its question takes, and not one too many. */
function checkFit(
  step: Step,
  documents: readonly FieldDocument[],
  { draft }: FormToFill,
  removed: readonly string[],
): Result<null> {
  for (const document of documents) {
    const field = step.fields.find(({ id, kind }) => id === document.field && kind === 'file')
    if (!field) return refused('request:not-found')
    const judged = checkDocumentType(field, document)
    if (!judged.ok) return judged
  }
  for (const field of step.fields) {
    const kept = (draft?.documents ?? []).filter((one) => one.field === field.id && !removed.includes(one.id))
    const added = documents.filter((one) => one.field === field.id)
    if (kept.length + added.length > MOST_DOCUMENTS)
      return refused('forms:too-many-documents', { n: MOST_DOCUMENTS })
  }
  return ok(null)
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

/** Deletes a draft and its documents. */
export async function dropDraft(trx: Trx, viewer: Viewer, draftId: string): Promise<void> {
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
