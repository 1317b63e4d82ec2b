'use server'

import { redirect } from 'next/navigation'
import { familyAction } from '#lib/entry/action.request.ts'
import { answerQuestionnaire } from '#lib/questionnaires/questionnaire.commands.ts'
import { questionnaireAnswersInput } from '#lib/questionnaires/questionnaire.input.ts'

/** Sends the answers of one child or household; afterwards the page says thank you, and reloading it repeats nothing. */
export const sendAnswers = familyAction({
  capability: 'questionnaires:answer',
  input: questionnaireAnswersInput,
  budget: 'questionnaires:answer',
  run: async (viewer, { id, pupilId, base, ...given }, municipalitySlug) => {
    const result = await answerQuestionnaire(viewer, { id, pupilId, base, given })
    if (!result.ok) return result
    redirect(`/${municipalitySlug}/questionari/${id}?${pupilId ? `figlio=${pupilId}&` : ''}fatto=si`)
  },
})
