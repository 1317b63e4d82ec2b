'use server'

import { redirect } from 'next/navigation'
import * as z from 'zod'
import { staffAction } from '#lib/entry/action.request.ts'
import {
  blankField,
  DOCUMENT_TYPES,
  type Field,
  isFieldKind,
  isFormKind,
  KNOWN_DATA,
  type KnownData,
  ONCE,
  type Once,
  ROLES,
  type Role,
} from '#lib/forms/form.ts'
import { closeForm, createForm, editForm, publishForm } from '#lib/forms/office/form.commands.ts'
import { builtForm } from '#lib/forms/office/form.queries.ts'
import { freshId } from '#lib/forms/office/form-edit.ts'
import { conditionFromText, optionsFromLines, partOf } from '#lib/forms/office/form-part.input.ts'
import { instantTyped } from '#lib/kernel/instant-field.ts'
import { refused } from '#lib/kernel/result.ts'

const onScreen = {
  formId: z.uuid(),
  number: z.coerce.number().int().min(1),
  revision: z.coerce.number().int().min(1),
}
const line = (max: number) => z.string().trim().max(max)
const tick = z.literal('on').optional().transform(Boolean)
const one = <T extends string>(list: Readonly<Record<T, unknown>>) =>
  z
    .string()
    .default('')
    .transform((text) => (Object.hasOwn(list, text) ? (text as T) : null))

/**
 * The builder after a change. Each change has an address of its own: two that differ in nothing but the place on the page
 * would be one page to the browser, and it would go on showing the form as it was.
 */
const saved = (municipalitySlug: string, at: { formId: string; number: number; revision: number }): string =>
  `/admin/${municipalitySlug}/moduli/${at.formId}?fatto=salvato&dopo=${at.number}-${at.revision}`

/** Makes a form from a ready-made one, and goes on to build it. */
export const newForm = staffAction({
  capability: 'forms:manage',
  input: z.object({ kind: z.string().refine(isFormKind, { error: 'Scegli un modello' }) }),
  run: async (viewer, { kind }, municipalitySlug) => {
    if (!isFormKind(kind)) return refused('request:invalid')
    const made = await createForm(viewer, kind)
    if (!made.ok) return made
    redirect(`/admin/${municipalitySlug}/moduli/${made.value.id}?fatto=creato`)
  },
})

const moment = z.string().default('')

export const saveSettings = staffAction({
  capability: 'forms:manage',
  input: z.object({
    ...onScreen,
    title: line(160).min(1, 'Scrivi il titolo'),
    intro: line(2_000),
    yearId: z.uuid('Scegli l’anno'),
    opensAt: moment.refine((text) => instantTyped(text) !== null, {
      error: 'Scegli giorno e ora di apertura',
    }),
    closesAt: moment.refine((text) => text === '' || instantTyped(text) !== null, {
      error: 'Scegli giorno e ora di chiusura, oppure lascia vuoto',
    }),
    once: one(ONCE),
    schoolIds: z.array(z.uuid()).max(200).default([]),
    classIds: z.array(z.uuid()).max(500).default([]),
  }),
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
  input: z.object({
    ...onScreen,
    act: z.enum(['up', 'down', 'duplicate', 'delete', 'add-step']),
    part: z.string().max(60).default(''),
  }),
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

const number_ = z
  .string()
  .trim()
  .default('')
  .refine((text) => text === '' || /^-?\d{1,9}([.,]\d{1,2})?$/.test(text), { error: 'Scrivi un numero' })
  .transform((text) => (text === '' ? null : Number(text.replace(',', '.'))))

export const saveStepPart = staffAction({
  capability: 'forms:manage',
  input: z.object({
    ...onScreen,
    part: z.string().max(60),
    label: line(200).min(1, 'Scrivi il titolo del passo'),
    hint: line(1_000).default(''),
    when: z.string().max(120).default(''),
  }),
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

/** A question, new or changed. Its inner name and its kind never change: requests in hand go on meaning the same. */
export const saveFieldPart = staffAction({
  capability: 'forms:manage',
  input: z.object({
    ...onScreen,
    part: z.string().max(60).default(''),
    stepId: z.string().max(60).default(''),
    kind: z.string().default(''),
    label: line(200).min(1, 'Scrivi la domanda'),
    hint: line(1_000).default(''),
    required: tick,
    options: z.string().max(4_000).default(''),
    least: number_,
    most: number_,
    types: z.array(z.string()).default([]),
    allowNew: tick,
    known: one(KNOWN_DATA),
    role: one(ROLES),
    when: z.string().max(120).default(''),
  }),
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
  input: z.object(onScreen),
  run: async (viewer, at, municipalitySlug) => {
    const published = await publishForm(viewer, at)
    if (!published.ok) return published
    redirect(`/admin/${municipalitySlug}/moduli/${at.formId}?fatto=pubblicato`)
  },
})

export const close = staffAction({
  capability: 'forms:manage',
  input: z.object({
    formId: z.uuid(),
    reason: line(300).min(1, 'Scrivi il motivo: lo leggono le famiglie che hanno una bozza'),
  }),
  run: async (viewer, { formId, reason }, municipalitySlug) => {
    const closed = await closeForm(viewer, formId, reason)
    if (!closed.ok) return closed
    redirect(`/admin/${municipalitySlug}/moduli/${formId}?fatto=chiuso`)
  },
})
