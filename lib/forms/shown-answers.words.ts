import { parseDay } from '#lib/kernel/day.ts'
import { type FillFacts, optionsOf } from './answer.ts'
import { type FormAnswer, type FormAnswers, listOf, shownFields, shownSteps, textOf } from './conditions.ts'
import { type Definition, type Field, NEW_PUPIL } from './form.ts'
import { type OwnAnswer, ownAnswerInWords } from './own-answer.words.ts'

/** Questions and answers in words, as the family reads them before it sends and the office afterwards. */
export type ShownSection = {
  stepId: string
  title: string
  rows: {
    field: string
    label: string
    /** In Italian, the language of the submission that is kept. */
    value: string
    /** The same as a value, where it is in words of the portal: a reader in another language gets those. */
    own?: OwnAnswer
    documents: { id: string; name: string }[]
  }[]
}

export function shownAnswers(definition: Definition, answers: FormAnswers, facts: FillFacts): ShownSection[] {
  const shown = shownFields(definition.steps, answers)
  return shownSteps(definition.steps, answers).map((step) => ({
    stepId: step.id,
    title: step.title,
    rows: step.fields
      .filter((field) => shown.has(field.id))
      .map((field) => ({
        field: field.id,
        label: field.label,
        ...shownAnswer(field, answers[field.id], definition, facts),
        documents: facts.documents
          .filter((document) => document.field === field.id)
          .map(({ id, name }) => ({ id, name })),
      })),
  }))
}

function shownAnswer(
  field: Field,
  answer: FormAnswer | undefined,
  definition: Definition,
  facts: FillFacts,
): { value: string; own?: OwnAnswer } {
  const own = ownAnswer(field, answer, facts)
  return own
    ? { value: ownAnswerInWords(own), own }
    : { value: answerInWords(field, answer, definition, facts) }
}

/** A question of a form has no unit: the office says it in its words (*Valore dell’ISEE, in euro*). */
const asksForEuros = ({ label }: Field): boolean => /(\bin|[(,]) *euro\b/i.test(label)

function ownAnswer(field: Field, answer: FormAnswer | undefined, facts: FillFacts): OwnAnswer | null {
  if (field.kind === 'file')
    return facts.documents.some((document) => document.field === field.id) ? null : { is: 'none' }
  if (listOf(answer).length === 0) return { is: 'none' }
  const text = textOf(answer)
  switch (field.kind) {
    case 'declaration':
      return { is: 'accepted' }
    case 'yesNo':
      return text === 'si' ? { is: 'yes' } : text === 'no' ? { is: 'no' } : null
    case 'pupil':
      return text === NEW_PUPIL ? { is: 'new-pupil' } : null
    case 'day': {
      const day = parseDay(text)
      return day ? { is: 'day', day } : null
    }
    case 'number':
      return asksForEuros(field) && Number.isFinite(Number(text))
        ? { is: 'euro', cents: Math.round(Number(text) * 100) }
        : null
    default:
      return null
  }
}

function answerInWords(
  field: Field,
  answer: FormAnswer | undefined,
  definition: Definition,
  facts: FillFacts,
): string {
  if (field.kind === 'file') {
    const count = facts.documents.filter((document) => document.field === field.id).length
    return count === 1 ? '1 documento' : `${count} documenti`
  }
  if (field.kind === 'number') return textOf(answer).replace('.', ',')
  if (['choice', 'choices', 'yesNo', 'pupil', 'school'].includes(field.kind)) {
    const options = optionsOf(field, definition, facts)
    return listOf(answer)
      .map((value) => options.find((option) => option.value === value)?.label ?? value)
      .join(', ')
  }
  return textOf(answer)
}
