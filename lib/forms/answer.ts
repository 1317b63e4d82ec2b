import { mediaTypeOf } from '#lib/files/file-type.ts'
import { birthAgrees, parseFiscalCode } from '#lib/identity/fiscal-code.ts'
import { parseDay } from '#lib/kernel/day.ts'
import { phrase } from '#lib/words/language.ts'
import type { FormAnswerProblem } from './answer-problem.words.ts'
import { type FormAnswer, type FormAnswers, listOf, shownFields, shownSteps, textOf } from './conditions.ts'
import { eligiblePupils } from './eligibility.ts'
import {
  type Definition,
  type Field,
  fieldOfRole,
  fieldsOf,
  MOST_DOCUMENTS,
  NEW_PUPIL,
  type Option,
  type Step,
  YES_NO,
} from './form.ts'

const LONGEST = { short: 200, long: 2_000 } as const

/** What the answers are judged against: the family's own children, the schools, the documents that were uploaded. */
export type FillFacts = {
  pupils: readonly {
    id: string
    name: string
    where: string
    schoolId: string | null
    classId: string | null
  }[]
  schools: readonly { id: string; name: string }[]
  documents: readonly { id: string; field: string; name: string; mediaType: string }[]
}

/** What a screen offers for a field with choices. */
export function optionsOf(
  field: Field,
  definition: Definition,
  facts: FillFacts,
): readonly (Option & { hint?: string })[] {
  if (field.kind === 'yesNo') return YES_NO
  if (field.kind === 'school') return facts.schools.map(({ id, name }) => ({ value: id, label: name }))
  if (field.kind === 'pupil') {
    const own = eligiblePupils(definition, facts.pupils).map(({ id, name, where }) => ({
      value: id,
      label: name,
      ...(where ? { hint: where } : {}),
    }))
    return field.allowNew
      ? [
          ...own,
          {
            value: NEW_PUPIL,
            label: phrase('Un altro figlio'),
            hint: phrase('Non è ancora iscritto alla mensa'),
          },
        ]
      : own
  }
  return field.options
}

/** What a person typed, made even: trimmed, one shape for codes and numbers, nothing for fields that were left empty. */
export function normalAnswer(field: Field, typed: FormAnswer | undefined): FormAnswer {
  if (field.kind === 'choices' || field.kind === 'file') return [...new Set(listOf(typed))].slice(0, 50)
  const text = textOf(listOf(typed)[0]).replaceAll('\u0000', '').trim().slice(0, LONGEST.long)
  if (field.kind === 'fiscalCode') return text.replace(/\s/g, '').toUpperCase()
  if (field.kind === 'number') return text.replace(',', '.')
  if (field.kind === 'long') return text.replaceAll('\r\n', '\n')
  return text
}

const NUMBER = /^-?\d{1,9}(\.\d{1,2})?$/

/** What is wrong with an answer and how to put it right; null when nothing is. */
export function problemOf(
  field: Field,
  answer: FormAnswer | undefined,
  definition: Definition,
  facts: FillFacts,
): FormAnswerProblem | null {
  const empty = listOf(answer).length === 0
  if (field.kind === 'file') return documentProblem(field, facts)
  if (empty) return field.required ? missing(field) : null
  const text = textOf(answer)
  switch (field.kind) {
    case 'short':
      return text.length > LONGEST.short ? { code: 'too-long', details: { n: LONGEST.short } } : null
    case 'long':
      return text.length > LONGEST.long ? { code: 'too-long', details: { n: LONGEST.long } } : null
    case 'day':
      return parseDay(text) ? null : { code: 'no-such-day' }
    case 'number':
      return numberProblem(field, text)
    case 'fiscalCode':
      return parseFiscalCode(text) ? null : { code: 'no-fiscal-code' }
    case 'declaration':
      return text === 'si' ? null : missing(field)
    default: {
      const known = optionsOf(field, definition, facts).map(({ value }) => value)
      return listOf(answer).every((value) => known.includes(value)) ? null : { code: 'no-option' }
    }
  }
}

function missing(field: Field): FormAnswerProblem {
  if (field.kind === 'declaration') return { code: 'no-declaration' }
  if (field.kind === 'pupil') return { code: 'no-pupil' }
  if (['choice', 'choices', 'yesNo', 'school'].includes(field.kind)) return { code: 'no-choice' }
  return { code: 'no-answer' }
}

function numberProblem({ least, most }: Field, text: string): FormAnswerProblem | null {
  if (!NUMBER.test(text)) return { code: 'no-number' }
  const value = Number(text)
  if (least !== null && value < least) return { code: 'too-small', details: { least } }
  return most !== null && value > most ? { code: 'too-big', details: { most } } : null
}

function documentProblem(field: Field, facts: FillFacts): FormAnswerProblem | null {
  const documents = facts.documents.filter((document) => document.field === field.id)
  if (documents.length === 0) return field.required ? { code: 'no-document' } : null
  if (documents.length > MOST_DOCUMENTS) return { code: 'too-many-documents', details: { n: MOST_DOCUMENTS } }
  const allowed = field.types.map(mediaTypeOf)
  return documents.every(({ mediaType }) => allowed.includes(mediaType)) ? null : { code: 'wrong-document' }
}

/** Field id → what is wrong, for the fields of one step that are shown. */
export function problemsOfStep(
  step: Step,
  answers: FormAnswers,
  definition: Definition,
  facts: FillFacts,
): Record<string, FormAnswerProblem> {
  const shown = shownFields(definition.steps, answers)
  const problems: Record<string, FormAnswerProblem> = {}
  for (const field of step.fields) {
    if (!shown.has(field.id)) continue
    const problem =
      problemOf(field, answers[field.id], definition, facts) ?? disagreement(field, answers, definition)
    if (problem) problems[field.id] = problem
  }
  return problems
}

/** A child's code and birth day are two answers that must agree. */
function disagreement(field: Field, answers: FormAnswers, definition: Definition): FormAnswerProblem | null {
  if (field.role !== 'fiscalCode') return null
  const birthField = fieldOfRole(definition, 'birthDay')
  const birthDay = birthField && parseDay(textOf(answers[birthField.id]))
  const code = parseFiscalCode(textOf(answers[field.id]))
  if (!birthDay || !code || birthAgrees(code, birthDay)) return null
  return { code: 'codes-disagree' }
}

/** The first step that still has something to put right; null when all is ready to be sent. */
export function firstStepToFix(definition: Definition, answers: FormAnswers, facts: FillFacts): Step | null {
  return (
    shownSteps(definition.steps, answers).find(
      (step) => Object.keys(problemsOfStep(step, answers, definition, facts)).length > 0,
    ) ?? null
  )
}

/** The answers of the fields that are shown, and only those: what hides behind an answer that was changed is not sent. */
export function answersToSend(definition: Definition, answers: FormAnswers): Record<string, FormAnswer> {
  const shown = shownFields(definition.steps, answers)
  const kept: Record<string, FormAnswer> = {}
  for (const field of fieldsOf(definition)) {
    if (shown.has(field.id)) kept[field.id] = normalAnswer(field, answers[field.id])
  }
  return kept
}
