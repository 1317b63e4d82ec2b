'use server'

import { redirect } from 'next/navigation'
import { staffAction } from '#lib/entry/action.request.ts'
import type { Result } from '#lib/kernel/result.ts'
import {
  discardQuestionnaire,
  duplicateQuestionnaire,
  publishQuestionnaire,
  remindQuestionnaire,
  saveQuestionnaire,
  stopQuestionnaire,
} from '#lib/questionnaires/office/questionnaire.commands.ts'
import {
  publishQuestionnaireInput,
  saveQuestionnaireInput,
} from '#lib/questionnaires/office/questionnaire.input.ts'
import { readQuestions, rearrangeQuestions } from '#lib/questionnaires/questionnaire.ts'
import { onlyId } from '#lib/web/field.input.ts'

/** Back to the questionnaire's page, which says what was done: the browser's *reload* repeats nothing. */
const done =
  (municipalitySlug: string, what: string, place = '') =>
  (result: Result<{ id: string }>) => {
    if (!result.ok) return result
    redirect(`/admin/${municipalitySlug}/questionari/${result.value.id}?fatto=${what}${place}`)
  }

/** Saves the draft; the same form adds, moves and removes questions. */
export const saveDraft = staffAction({
  capability: 'questionnaires:write',
  input: saveQuestionnaireInput,
  run: async (viewer, { id, version, schools, classes, act, ...typed }, municipalitySlug) => {
    const questions = rearrangeQuestions(readQuestions(typed), act)
    const place = act === 'add' ? `#domanda-${questions.length}` : ''
    return done(
      municipalitySlug,
      'salvato',
      place,
    )(
      await saveQuestionnaire(
        viewer,
        { id, version },
        { ...typed, schoolIds: schools, classIds: classes, questions },
      ),
    )
  },
})

/** Opens it to the families, now or from its moment. */
export const publish = staffAction({
  capability: 'questionnaires:publish',
  input: publishQuestionnaireInput,
  run: async (viewer, { id, version }, municipalitySlug) =>
    done(municipalitySlug, 'pubblicato')(await publishQuestionnaire(viewer, id, version)),
})

/** Ends it now; before its beginning, makes it a draft again. */
export const stop = staffAction({
  capability: 'questionnaires:publish',
  input: onlyId,
  run: async (viewer, { id }, municipalitySlug) =>
    done(municipalitySlug, 'fermato')(await stopQuestionnaire(viewer, id)),
})

export const remind = staffAction({
  capability: 'questionnaires:publish',
  input: onlyId,
  run: async (viewer, { id }, municipalitySlug) => {
    const result = await remindQuestionnaire(viewer, id)
    return result.ok ? done(municipalitySlug, 'ricordato')({ ok: true, value: { id } }) : result
  },
})

export const duplicate = staffAction({
  capability: 'questionnaires:write',
  input: onlyId,
  run: async (viewer, { id }, municipalitySlug) =>
    done(municipalitySlug, 'duplicato')(await duplicateQuestionnaire(viewer, id)),
})

export const discard = staffAction({
  capability: 'questionnaires:write',
  input: onlyId,
  run: async (viewer, { id }, municipalitySlug) => {
    const result = await discardQuestionnaire(viewer, id)
    if (!result.ok) return result
    redirect(`/admin/${municipalitySlug}/questionari`)
  },
})
