import { freeSlug, slugOf } from '#lib/kernel/slug.ts'
import type { Condition } from '../conditions.ts'
import { type Definition, type Field, fieldsOf, type Option, valuesToHangOn } from '../form.ts'

/** "Per motivi di salute" → "per-motivi-di-salute" */
const innerName = (label: string): string => slugOf(label, { otherwise: 'risposta', longest: 40 })

/**
 * Answers to choose from, one a line. An answer that was there keeps its inner name, so that conditions on it and submissions
 * in hand go on meaning the same; so does one that was only reworded, when the lines are as many as before.
 */
export function optionsFromLines(text: string, before: readonly Option[]): Option[] {
  const labels = text
    .split('\n')
    .map((line) => line.trim())
    .filter(Boolean)
  const taken = new Set<string>()
  return labels.map((label, index) => {
    const same = before.find((option) => option.label === label)
    const reworded = before.length === labels.length ? before[index] : undefined
    const value = freeSlug((same ?? reworded)?.value ?? innerName(label), taken)
    taken.add(value)
    return { value, label }
  })
}

/** A condition as one choice of a list: "motivo=salute"; empty: always shown. */
export const conditionAsText = (when: Condition | null): string => (when ? `${when.field}=${when.is}` : '')

export function conditionFromText(text: string): Condition | null {
  const [, field, is] = /^([a-z][a-z0-9-]*)=(.+)$/.exec(text) ?? []
  return field && is ? { field, is } : null
}

/** Everything that a part may hang on: answers of the questions that come before it. */
export function possibleConditions(
  definition: Definition,
  partId: string,
): { value: string; label: string }[] {
  const step = definition.steps.findIndex(
    ({ id, fields }) => id === partId || fields.some((field) => field.id === partId),
  )
  const fields = definition.steps
    .slice(0, step < 0 ? definition.steps.length : step + 1)
    .flatMap((one) => (one.id === partId ? [] : one.fields))
  const end = fields.findIndex(({ id }) => id === partId)
  return fields.slice(0, end < 0 ? fields.length : end).flatMap((field) =>
    valuesToHangOn(field).map(({ value, label }) => ({
      value: `${field.id}=${value}`,
      label: `${field.label}: ${label}`,
    })),
  )
}

/** "solo se “Perché serve una dieta?” è “Per motivi di salute”"; empty: always. */
export function conditionInWords(definition: Definition, when: Condition | null): string {
  if (!when) return ''
  const field = fieldsOf(definition).find(({ id }) => id === when.field)
  const answer = field && valuesToHangOn(field).find(({ value }) => value === when.is)
  return `solo se “${field?.label ?? when.field}” è “${answer?.label ?? when.is}”`
}

/** A part of a form by its name: a step, or a question with its step. */
export function partOf(definition: Definition, id: string) {
  for (const step of definition.steps) {
    if (step.id === id) return { step, field: null }
    const field: Field | undefined = step.fields.find((one) => one.id === id)
    if (field) return { step, field }
  }
  return null
}
