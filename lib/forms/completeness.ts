import { codeMismatches, parseFiscalCode } from '#lib/identity/fiscal-code.ts'
import { parseDay } from '#lib/kernel/day.ts'
import { type FormAnswers, listOf, shownFields, textOf } from './conditions.ts'
import { type Definition, type FormKind, fieldOfRole, fieldsOf, NEW_PUPIL, type Role } from './form.ts'

/** What a request lacks, so that it cannot be decided together with others. `class`: the school offers none in that year. */
export const LACKS = ['documents', 'diet', 'code', 'class'] as const
export type Lack = (typeof LACKS)[number]
/** Those that the answers alone tell. */
export type LackOfAnswers = Exclude<Lack, 'class'>

/** What the answers leave open: a document that was optional, a diet to decide, a fiscal code that does not agree with name and birth day. */
export function lacksOfAnswers(
  kind: FormKind,
  definition: Definition,
  answers: FormAnswers,
): LackOfAnswers[] {
  const shown = shownFields(definition.steps, answers)
  const lacksDocument = fieldsOf(definition).some(
    ({ id, kind: asked }) => asked === 'file' && shown.has(id) && listOf(answers[id]).length === 0,
  )
  const asksDiet = kind === 'diet' || answerOf(definition, answers, 'specialDiet') === 'si'
  return [
    ...(lacksDocument ? (['documents'] as const) : []),
    ...(asksDiet ? (['diet'] as const) : []),
    ...(codeDisagrees(definition, answers) ? (['code'] as const) : []),
  ]
}

function answerOf(definition: Definition, answers: FormAnswers, role: Role): string {
  const field = fieldOfRole(definition, role)
  return textOf(field && answers[field.id])
}

function codeDisagrees(definition: Definition, answers: FormAnswers): boolean {
  if (answerOf(definition, answers, 'pupil') !== NEW_PUPIL) return false
  const code = parseFiscalCode(answerOf(definition, answers, 'fiscalCode'))
  if (!code) return true
  const named = {
    givenName: answerOf(definition, answers, 'givenName'),
    familyName: answerOf(definition, answers, 'familyName'),
    birthDay: parseDay(answerOf(definition, answers, 'birthDay')),
  }
  return codeMismatches(code, named).length > 0
}

/** The school that a request is about: the one that it asks for, or else the pupil's. */
export const schoolAsked = (
  definition: Definition,
  answers: FormAnswers,
  pupil: { schoolId: string | null } | undefined,
): string | null => answerOf(definition, answers, 'school') || pupil?.schoolId || null
