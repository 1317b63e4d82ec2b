/** An answer: one text, or several (choices, documents). A field that was not answered has none. */
export type Answer = string | readonly string[]
export type Answers = Readonly<Record<string, Answer>>

/** Shown only if another field, asked before, has this value (or has it among its values). */
export type Condition = { field: string; is: string }

type Conditional = { id: string; when: Condition | null }
type Asking = { when: Condition | null; fields: readonly Conditional[] }

export const textOf = (answer: Answer | undefined): string => (typeof answer === 'string' ? answer : '')
export const listOf = (answer: Answer | undefined): readonly string[] =>
  typeof answer === 'string' ? (answer ? [answer] : []) : (answer ?? [])

const own = (answers: Answers, field: string): Answer | undefined =>
  Object.hasOwn(answers, field) ? answers[field] : undefined

/**
 * The fields that these answers bring up, step by step, by id. Conditions look backwards only, so one pass is enough;
 * whatever hangs on a field that is not shown is not shown either.
 */
export function shownFields(steps: readonly Asking[], answers: Answers): ReadonlySet<string> {
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
export function shownSteps<S extends Asking>(steps: readonly S[], answers: Answers): S[] {
  const shown = shownFields(steps, answers)
  return steps.filter((step) => step.fields.some((field) => shown.has(field.id)))
}
