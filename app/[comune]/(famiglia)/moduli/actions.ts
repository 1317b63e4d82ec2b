'use server'

import { redirect } from 'next/navigation'
import { fillerAction } from '#lib/entry/action.request.ts'
import { answerProblemInWords } from '#lib/forms/answer-problem.words.ts'
import type { FormAnswer } from '#lib/forms/conditions.ts'
import { discardDraft, saveStep } from '#lib/forms/form-draft.commands.ts'
import { documentLine, formAddresses } from '#lib/forms/form-screen.ts'
import { answerIntegration } from '#lib/forms/integration.commands.ts'
import { sendDraft, withdrawSubmission } from '#lib/forms/submission.commands.ts'
import {
  answerSubmissionInput,
  discardSubmissionInput,
  sendSubmissionInput,
  stepInput,
  withdrawSubmissionInput,
} from '#lib/forms/submission.input.ts'
import { ok } from '#lib/kernel/result.ts'
import { readWords } from '#lib/words/words.request.ts'

const addresses = (
  municipalitySlug: string,
  typed: { formId: string; householdId: string; famiglia?: string | undefined },
) => formAddresses(municipalitySlug, typed.formId, typed.famiglia ? typed.householdId : null)

const ANSWER = /^a-([a-z][a-z0-9-]{0,39})$/
const DOCUMENT = /^d-([a-z][a-z0-9-]{0,39})$/

/** The answers and documents among the fields of a step, by the question's own name. */
function typedInStep(fields: Record<string, unknown>) {
  const typed: Record<string, FormAnswer> = {}
  const files: { field: string; file: File }[] = []
  for (const [name, value] of Object.entries(fields)) {
    const [, answered] = ANSWER.exec(name) ?? []
    const [, documented] = DOCUMENT.exec(name) ?? []
    const values = Array.isArray(value) ? value : [value]
    if (answered) typed[answered] = values.filter((one) => typeof one === 'string')
    if (documented)
      for (const file of values) if (file instanceof File) files.push({ field: documented, file })
  }
  return { typed, files }
}

/** Keeps what was typed in a step; when all is well, on to the next one. */
export const keepStep = fillerAction({
  capability: 'forms:fill',
  input: stepInput,
  budget: ['forms:step', 'forms:documents'],
  run: async (viewer, typed, municipalitySlug) => {
    const { formId, householdId, stepId, revision, togli: removed } = typed
    const request = { formId, householdId, stepId, revision, removed, ...typedInStep(typed) }
    const saved = await saveStep(viewer, request)
    if (!saved.ok) return saved
    if (typed.dopo === 'esci') redirect(`/${municipalitySlug}/moduli?fatto=bozza`)
    const { problems, next, isReady } = saved.value
    const pages = addresses(municipalitySlug, typed)
    if (Object.keys(problems).length === 0)
      redirect(next === null || (typed.torna && isReady) ? pages.recap : pages.step(next))
    const t = await readWords()
    return ok({
      revision: saved.value.revision,
      answers: saved.value.answers,
      problems: Object.fromEntries(
        Object.entries(problems).map(([id, problem]) => [id, answerProblemInWords(problem, t)]),
      ),
      documents: saved.value.documents.map((document) => documentLine(document, t.language)),
    })
  },
})

/** Sends what the recap showed. */
export const sendForm = fillerAction({
  capability: 'forms:fill',
  input: sendSubmissionInput,
  budget: 'forms:send',
  run: async (viewer, typed, municipalitySlug) => {
    const sent = await sendDraft(viewer, typed)
    if (!sent.ok) return sent
    redirect(`/${municipalitySlug}/moduli/domande/${sent.value.submissionId}?fatto=inviata`)
  },
})

export const discard = fillerAction({
  capability: 'forms:fill',
  input: discardSubmissionInput,
  budget: 'own:change',
  run: async (viewer, typed, municipalitySlug) => {
    const gone = await discardDraft(viewer, typed)
    if (!gone.ok) return gone
    redirect(`/${municipalitySlug}/moduli?fatto=eliminata`)
  },
})

/** Answers what the office asked for. */
export const answer = fillerAction({
  capability: 'forms:fill',
  input: answerSubmissionInput,
  budget: ['own:change', 'forms:documents'],
  run: async (viewer, typed, municipalitySlug) => {
    const answered = await answerIntegration(viewer, typed)
    if (!answered.ok) return answered
    redirect(`/${municipalitySlug}/moduli/domande/${answered.value.submissionId}?fatto=risposta`)
  },
})

export const withdraw = fillerAction({
  capability: 'forms:fill',
  input: withdrawSubmissionInput,
  budget: 'own:change',
  run: async (viewer, { submissionId }, municipalitySlug) => {
    const withdrawn = await withdrawSubmission(viewer, submissionId)
    if (!withdrawn.ok) return withdrawn
    redirect(`/${municipalitySlug}/moduli/domande/${submissionId}?fatto=ritirata`)
  },
})
