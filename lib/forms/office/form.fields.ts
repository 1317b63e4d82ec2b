import type { Fields } from '#lib/kernel/form-merge.ts'
import { instantForField } from '#lib/kernel/instant-field.ts'
import type { Definition, Field, Step } from '../form.ts'
import type { Edit } from './form-edit.ts'
import { conditionAsText, partOf } from './form-part.input.ts'

const tick = (on: boolean): string => (on ? 'on' : '')
const numeral = (value: number | null): string => (value === null ? '' : String(value).replace('.', ','))

type Rules = { definition: Definition; yearId: string; opensAt: Date; closesAt: Date | null }

/** Title, window, and for whom: the rules of a form as their form holds them. */
export const rulesFields = ({ definition, yearId, opensAt, closesAt }: Rules): Fields => ({
  title: definition.title,
  intro: definition.intro,
  yearId,
  opensAt: instantForField(opensAt),
  closesAt: instantForField(closesAt),
  once: definition.once,
  'schoolIds[]': definition.schoolIds.join(','),
  'classIds[]': definition.classIds.join(','),
})

/** A step, or one of its questions, as its form holds it. */
export function partFields(step: Step, field: Field | null): Fields {
  if (!field) return { label: step.title, hint: step.intro, when: conditionAsText(step.when) }
  return {
    label: field.label,
    hint: field.hint,
    required: tick(field.required),
    options: field.options.map(({ label }) => label).join('\n'),
    least: numeral(field.least),
    most: numeral(field.most),
    'types[]': field.types.join(','),
    allowNew: tick(field.allowNew),
    known: field.known ?? '',
    role: field.role ?? '',
    when: conditionAsText(field.when),
  }
}

/** What the form of a change would hold now; null where nothing is typed, and where its part is gone. */
export function fieldsOfEdit(edit: Edit, now: Rules): Fields | null {
  if (edit.do === 'settings') return rulesFields(now)
  if (edit.do !== 'save-step' && edit.do !== 'save-field') return null
  const found = partOf(now.definition, edit.do === 'save-step' ? edit.id : edit.field.id)
  if (found) return partFields(found.step, found.field)
  // A question that is new here has nothing to be compared with.
  return edit.do === 'save-field' && now.definition.steps.some(({ id }) => id === edit.stepId) ? {} : null
}
