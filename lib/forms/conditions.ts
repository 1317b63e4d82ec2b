/** An answer: one text, or several (choices, documents). A field that was not answered has none. */
export type FormAnswer = string | readonly string[]
export type FormAnswers = Readonly<Record<string, FormAnswer>>

/** Shown only if another field, asked before, has this value (or has it among its values). */
export type Condition = { field: string; is: string }

type Conditional = { id: string; when: Condition | null }
type Asking = { when: Condition | null; fields: readonly Conditional[] }

export const textOf = (answer: FormAnswer | undefined): string => (typeof answer === 'string' ? answer : '')
export const listOf = (answer: FormAnswer | undefined): readonly string[] =>
  typeof answer === 'string' ? (answer ? [answer] : []) : (answer ?? [])

const own = (answers: FormAnswers, field: string): FormAnswer | undefined =>
  Object.hasOwn(answers, field) ? answers[field] : undefined

/**
 * The fields that these answers bring up, step by step, by id. Conditions look backwards only, so one pass is enough;
 * a field that depends on a hidden field is hidden too.
 */
export function shownFields(steps: readonly Asking[], answers: FormAnswers): ReadonlySet<string> {
  const shown = new Set<string>()
  const holds = (when: Condition | null) =>
    when === null || (shown.has(when.field) && listOf(own(answers, when.field)).includes(when.is))
  for (const step of steps) {
    if (!holds(step.when)) continue
    for (const field of step.fields) if (holds(field.when)) shown.add(field.id)
  }
  return shown
}

/** The steps that these answers bring up: those with a field to fill in, or a text of their own and no condition against them. */
export function shownSteps<S extends Asking>(steps: readonly S[], answers: FormAnswers): S[] {
  const shown = shownFields(steps, answers)
  return steps.filter((step) => step.fields.some((field) => shown.has(field.id)))
}
