'use server'

import { redirect } from 'next/navigation'
import { staffAction } from '#lib/entry/action.request.ts'
import {
  blankField,
  DOCUMENT_TYPES,
  type Field,
  isFieldKind,
  isFormKind,
  type KnownData,
  type Once,
  type Role,
} from '#lib/forms/form.ts'
import { closeForm, createForm, editForm, publishForm } from '#lib/forms/office/form.commands.ts'
import {
  arrangeFormInput,
  closeFormInput,
  fieldPartInput,
  formSettingsInput,
  newFormInput,
  publishFormInput,
  stepPartInput,
} from '#lib/forms/office/form.input.ts'
import { builtForm } from '#lib/forms/office/form.queries.ts'
import { freshId } from '#lib/forms/office/form-edit.ts'
import { conditionFromText, optionsFromLines, partOf } from '#lib/forms/office/form-part.input.ts'
import { instantTyped } from '#lib/kernel/instant-field.ts'
import { refused } from '#lib/kernel/result.ts'

/**
 * The builder after a change. Each change has an address of its own: two that differ in nothing but the place on the page
 * would be one page to the browser, and it would go on showing the form as it was.
 */
const saved = (municipalitySlug: string, at: { formId: string; number: number; revision: number }): string =>
  `/admin/${municipalitySlug}/moduli/${at.formId}?fatto=salvato&dopo=${at.number}-${at.revision}`

/** Makes a form from a ready-made one, and goes on to build it. */
export const newForm = staffAction({
  capability: 'forms:manage',
  input: newFormInput,
  run: async (viewer, { kind }, municipalitySlug) => {
    if (!isFormKind(kind)) return refused('request:invalid')
    const made = await createForm(viewer, kind)
    if (!made.ok) return made
    redirect(`/admin/${municipalitySlug}/moduli/${made.value.id}?fatto=creato`)
  },
})

export const saveSettings = staffAction({
  capability: 'forms:manage',
  input: formSettingsInput,
  run: async (
    viewer,
    { formId, number, revision, yearId, opensAt, closesAt, once, ...settings },
    municipalitySlug,
  ) => {
    const edited = await editForm(
      viewer,
      { formId, number, revision },
      { do: 'settings', settings: { ...settings, once: once ?? ('pupil' satisfies Once) } },
      { yearId, opensAt: instantTyped(opensAt) as Date, closesAt: instantTyped(closesAt) },
    )
    if (!edited.ok) return edited
    redirect(saved(municipalitySlug, { formId, number, revision }))
  },
})

/** Moves, copies or takes away a step or a question, or adds a step. */
export const arrange = staffAction({
  capability: 'forms:manage',
  input: arrangeFormInput,
  run: async (viewer, { act, part: id, ...at }, municipalitySlug) => {
    const changed = await editForm(
      viewer,
      at,
      act === 'add-step'
        ? { do: act }
        : act === 'up' || act === 'down'
          ? { do: 'move', id, by: act === 'up' ? -1 : 1 }
          : { do: act, id },
    )
    if (!changed.ok) return changed
    redirect(`${saved(municipalitySlug, at)}#${act === 'delete' || act === 'add-step' ? 'passi' : id}`)
  },
})

export const saveStepPart = staffAction({
  capability: 'forms:manage',
  input: stepPartInput,
  run: async (viewer, { part: id, label: title, hint: intro, when, ...at }, municipalitySlug) => {
    const edited = await editForm(viewer, at, {
      do: 'save-step',
      id,
      title,
      intro,
      when: conditionFromText(when),
    })
    if (!edited.ok) return edited
    redirect(`${saved(municipalitySlug, at)}#${id}`)
  },
})

/** A question, new or changed. Its inner name and its kind never change: submissions in hand go on meaning the same. */
export const saveFieldPart = staffAction({
  capability: 'forms:manage',
  input: fieldPartInput,
  run: async (
    viewer,
    { part, stepId, kind, options, types, when, known, role, formId, number, revision, ...rest },
    municipalitySlug,
  ) => {
    const form = await builtForm(viewer, formId)
    const found = form && part ? partOf(form.latest.definition, part) : null
    if (!form || (part && !found?.field)) return refused('forms:no-such-part')
    const before =
      found?.field ??
      (isFieldKind(kind) ? blankField(freshId(form.latest.definition, 'domanda'), kind) : null)
    if (!before) return refused('forms:no-such-part')
    const field: Field = {
      ...before,
      ...rest,
      options: optionsFromLines(options, before.options),
      types: DOCUMENT_TYPES.filter((type) => types.includes(type)),
      known: known as KnownData | null,
      role: role as Role | null,
      when: conditionFromText(when),
    }
    const edited = await editForm(
      viewer,
      { formId, number, revision },
      { do: 'save-field', stepId: found?.step.id ?? stepId, field },
    )
    if (!edited.ok) return edited
    redirect(`${saved(municipalitySlug, { formId, number, revision })}#${field.id}`)
  },
})

export const publish = staffAction({
  capability: 'forms:manage',
  input: publishFormInput,
  run: async (viewer, at, municipalitySlug) => {
    const published = await publishForm(viewer, at)
    if (!published.ok) return published
    redirect(`/admin/${municipalitySlug}/moduli/${at.formId}?fatto=pubblicato`)
  },
})

export const close = staffAction({
  capability: 'forms:manage',
  input: closeFormInput,
  run: async (viewer, { formId, reason }, municipalitySlug) => {
    const closed = await closeForm(viewer, formId, reason)
    if (!closed.ok) return closed
    redirect(`/admin/${municipalitySlug}/moduli/${formId}?fatto=chiuso`)
  },
})
