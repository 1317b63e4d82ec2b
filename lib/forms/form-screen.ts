import { mediaTypeInWords, mediaTypeOf } from '#lib/files/file-type.ts'
import { formatSize } from '#lib/words/format-number.ts'
import { italian, type Language, markedBefore, type Words } from '#lib/words/language.ts'
import { inARow } from '#lib/words/list.ts'
import { asWritten } from '#lib/words/written.ts'
import { type FillFacts, optionsOf } from './answer.ts'
import { type Definition, DOCUMENT_TYPES, type Field, NEW_PUPIL, YES_NO } from './form.ts'

/** Answers that are words of ours and not of the office or of a family. */
const OURS = [NEW_PUPIL, ...YES_NO.map(({ value }) => value)]

/** What the screen of a field needs, and nothing of what only the server uses. */
export const askedField = (field: Field, definition: Definition, facts: FillFacts, t: Words = italian) => ({
  id: field.id,
  kind: field.kind,
  label: field.label,
  hint: field.hint,
  required: field.required,
  options: optionsOf(field, definition, facts).map((option) =>
    field.kind !== 'choice' && field.kind !== 'choices' && OURS.includes(option.value)
      ? {
          ...option,
          label: t(markedBefore(option.label)),
          ...(option.hint ? { hint: t(markedBefore(option.hint)) } : {}),
        }
      : { ...option, ...(option.hint ? { hint: asWritten(option.hint, t.language) } : {}) },
  ),
  accept: acceptOf(field.types),
  types: typesInWords(field.types, t),
  when: field.when,
})

/** For `<input accept>`. */
const acceptOf = (types: Field['types']): string => types.map((type) => `.${type}`).join(',')

/** "PDF, JPEG, PNG" */
const typesInWords = (types: Field['types'], t: Words): string =>
  inARow(
    types.map((type) => mediaTypeInWords(mediaTypeOf(type), t)),
    t,
  )

/** What may be uploaded when the office asks for something more. */
export const anyDocument = (t: Words) => ({
  accept: acceptOf(DOCUMENT_TYPES),
  types: typesInWords(DOCUMENT_TYPES, t),
})

/** Only what conditions need of the steps. */
export const outlineOf = ({ steps }: Definition) =>
  steps.map(({ when, fields }) => ({
    when,
    fields: fields.map((field) => ({ id: field.id, when: field.when })),
  }))

export const documentLine = (
  { id, field, name, size }: { id: string; field: string; name: string; size: number },
  language: Language,
) => ({ id, field, name, size: formatSize(size, language) })

/** Addresses of a form's pages; the household is named only where there is a choice. */
export function formAddresses(municipalitySlug: string, formId: string, householdId: string | null) {
  const base = `/${municipalitySlug}/moduli/${formId}`
  const query = householdId ? `?famiglia=${householdId}` : ''
  return {
    start: base + query,
    step: (stepId: string) => `${base}/${stepId}${query}`,
    recap: `${base}/riepilogo${query}`,
    fromRecap: (stepId: string) => `${base}/${stepId}${query}${query ? '&' : '?'}torna=riepilogo`,
  }
}

/** Where documents of forms are read from, before their id. */
export const documentPathOf = (municipalitySlug: string): string =>
  `/api/${municipalitySlug}/moduli/documenti/`
