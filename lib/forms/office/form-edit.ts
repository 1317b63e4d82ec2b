import type { Condition } from '../conditions.ts'
import { type Definition, type Field, fieldsOf, type Step } from '../form.ts'

/** One change of a form that is being built. */
export type Edit =
  | { do: 'settings'; settings: Pick<Definition, 'title' | 'intro' | 'once' | 'schoolIds' | 'classIds'> }
  | { do: 'add-step' }
  | { do: 'save-step'; id: string; title: string; intro: string; when: Condition | null }
  | { do: 'save-field'; stepId: string; field: Field }
  | { do: 'move' | 'duplicate' | 'delete'; id: string; by?: -1 | 1 }

/** The first name of this stem that nothing in the form has: "domanda-3". */
export function freshId(definition: Pick<Definition, 'steps'>, stem: 'passo' | 'domanda'): string {
  const taken = new Set([
    ...definition.steps.map(({ id }) => id),
    ...fieldsOf(definition).map(({ id }) => id),
  ])
  for (let n = 1; ; n += 1) if (!taken.has(`${stem}-${n}`)) return `${stem}-${n}`
}

/** The form after a change; null when it speaks of a part that is not there. */
export function applyEdit(definition: Definition, edit: Edit): Definition | null {
  switch (edit.do) {
    case 'settings':
      return { ...definition, ...edit.settings }
    case 'add-step': {
      const step: Step = {
        id: freshId(definition, 'passo'),
        title: 'Nuovo passo',
        intro: '',
        when: null,
        fields: [],
      }
      return { ...definition, steps: [...definition.steps, step] }
    }
    case 'save-step': {
      const { id, title, intro, when } = edit
      return onSteps(definition, id, (steps, at) =>
        steps.with(at, { ...(steps[at] as Step), title, intro, when }),
      )
    }
    case 'save-field':
      return withField(definition, edit.stepId, edit.field)
    default:
      return definition.steps.some((step) => step.id === edit.id)
        ? onStep(definition, edit)
        : onField(definition, edit)
  }
}

type PartEdit = Extract<Edit, { by?: -1 | 1 }>

function onSteps(
  definition: Definition,
  id: string,
  change: (steps: readonly Step[], at: number) => Step[],
): Definition | null {
  const at = definition.steps.findIndex((step) => step.id === id)
  return at < 0 ? null : { ...definition, steps: change(definition.steps, at) }
}

function onStep(definition: Definition, edit: PartEdit): Definition | null {
  return onSteps(definition, edit.id, (steps, at) => {
    if (edit.do === 'delete') return steps.toSpliced(at, 1)
    if (edit.do === 'move') return swapped(steps, at, at + (edit.by ?? 1))
    const step = steps[at] as Step
    let copy: Definition = {
      ...definition,
      steps: [
        ...steps,
        { ...step, id: freshId(definition, 'passo'), title: `${step.title} (copia)`, fields: [] },
      ],
    }
    for (const field of step.fields)
      copy = withField(copy, lastStep(copy).id, copied(copy, field)) as Definition
    return steps.toSpliced(at + 1, 0, lastStep(copy))
  })
}

const lastStep = (definition: Definition): Step => definition.steps.at(-1) as Step

/** Its condition stays, its role does not: two questions with one role would leave the effects in doubt. */
const copied = (definition: Definition, field: Field): Field => ({
  ...field,
  id: freshId(definition, 'domanda'),
  role: null,
})

function swapped<T>(list: readonly T[], from: number, to: number): T[] {
  if (to < 0 || to >= list.length) return [...list]
  return list.with(from, list[to] as T).with(to, list[from] as T)
}

/** A question with this id takes the new shape where it stands; a new one goes to the end of the step. */
function withField(definition: Definition, stepId: string, field: Field): Definition | null {
  return onSteps(definition, stepId, (steps, at) => {
    const step = steps[at] as Step
    const index = step.fields.findIndex(({ id }) => id === field.id)
    const fields = index < 0 ? [...step.fields, field] : step.fields.with(index, field)
    return steps.with(at, { ...step, fields })
  })
}

function onField(definition: Definition, edit: PartEdit): Definition | null {
  const at = definition.steps.findIndex((step) => step.fields.some((field) => field.id === edit.id))
  const step = definition.steps[at]
  if (!step) return null
  const index = step.fields.findIndex((field) => field.id === edit.id)
  const field = step.fields[index] as Field
  const withFields = (fields: Field[]): Definition => ({
    ...definition,
    steps: definition.steps.with(at, { ...step, fields }),
  })
  if (edit.do === 'delete') return withFields(step.fields.toSpliced(index, 1))
  if (edit.do === 'duplicate')
    return withFields(
      step.fields.toSpliced(index + 1, 0, { ...copied(definition, field), label: `${field.label} (copia)` }),
    )
  const by = edit.by ?? 1
  const to = index + by
  if (to >= 0 && to < step.fields.length) return withFields(swapped(step.fields, index, to))
  // Beyond the end of its step a question goes on into the next one.
  const neighbour = definition.steps[at + by]
  if (!neighbour) return definition
  const fields = by > 0 ? [field, ...neighbour.fields] : [...neighbour.fields, field]
  return {
    ...definition,
    steps: definition.steps
      .with(at, { ...step, fields: step.fields.toSpliced(index, 1) })
      .with(at + by, { ...neighbour, fields }),
  }
}
