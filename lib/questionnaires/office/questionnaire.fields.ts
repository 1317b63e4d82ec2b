import type { Fields } from '#lib/kernel/form-merge.ts'
import { instantForField } from '#lib/kernel/instant-field.ts'
import type { QuestionnaireDraft } from '../questionnaire.ts'

const tick = (on: boolean): string => (on ? 'on' : '')

/** A draft as the composer's form holds it: its questions are `q0.words`, `q0.kind`… */
export function composerFields(draft: QuestionnaireDraft): Fields {
  const fields: Record<string, string> = {
    title: draft.title,
    intro: draft.intro,
    per: draft.per,
    anonymous: tick(draft.anonymous),
    showsResults: tick(draft.showsResults),
    'schools[]': draft.schoolIds.join(','),
    'classes[]': draft.classIds.join(','),
    opensAt: instantForField(draft.opensAt),
    closesAt: instantForField(draft.closesAt),
  }
  for (const [index, question] of draft.questions.entries()) {
    fields[`q${index}.kind`] = question.kind
    fields[`q${index}.words`] = question.words
    fields[`q${index}.options`] = question.options.join('\n')
    fields[`q${index}.lowLabel`] = question.lowLabel
    fields[`q${index}.highLabel`] = question.highLabel
    fields[`q${index}.required`] = tick(question.required)
  }
  return fields
}
