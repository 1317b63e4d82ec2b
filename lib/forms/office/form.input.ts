import * as z from 'zod'
import { instantTyped } from '#lib/kernel/instant-field.ts'
import { momentText, storedMoment, textLine, tickBox } from '#lib/web/field.input.ts'
import { isFormKind, KNOWN_DATA, ONCE, ROLES } from '../form.ts'

const onScreen = {
  formId: z.uuid(),
  number: z.coerce.number().int().min(1),
  revision: z.coerce.number().int().min(1),
}

const one = <T extends string>(list: Readonly<Record<T, unknown>>) =>
  z
    .string()
    .default('')
    .transform((text) => (Object.hasOwn(list, text) ? (text as T) : null))

export const newFormInput = z.object({ kind: z.string().refine(isFormKind, { error: 'Scegli un modello' }) })

export const formSettingsInput = z.object({
  ...onScreen,
  title: textLine(160).min(1, 'Scrivi il titolo'),
  intro: textLine(2_000),
  yearId: z.uuid('Scegli l’anno'),
  opensAt: momentText.refine((text) => instantTyped(text) !== null, {
    error: 'Scegli giorno e ora di apertura',
  }),
  closesAt: storedMoment.refine((text) => text === '' || instantTyped(text) !== null, {
    error: 'Scegli giorno e ora di chiusura, oppure lascia vuoto',
  }),
  once: one(ONCE),
  schoolIds: z.array(z.uuid()).max(200).default([]),
  classIds: z.array(z.uuid()).max(500).default([]),
})

export const arrangeFormInput = z.object({
  ...onScreen,
  act: z.enum(['up', 'down', 'duplicate', 'delete', 'add-step']),
  part: z.string().max(60).default(''),
})

const number_ = z
  .string()
  .trim()
  .default('')
  .refine((text) => text === '' || /^-?\d{1,9}([.,]\d{1,2})?$/.test(text), { error: 'Scrivi un numero' })
  .transform((text) => (text === '' ? null : Number(text.replace(',', '.'))))

export const stepPartInput = z.object({
  ...onScreen,
  part: z.string().max(60),
  label: textLine(200).min(1, 'Scrivi il titolo del passo'),
  hint: textLine(1_000),
  when: z.string().max(120),
})

export const fieldPartInput = z.object({
  ...onScreen,
  part: z.string().max(60).default(''),
  stepId: z.string().max(60).default(''),
  kind: z.string().default(''),
  label: textLine(200).min(1, 'Scrivi la domanda'),
  hint: textLine(1_000),
  required: tickBox,
  options: z.string().max(4_000).default(''),
  least: number_,
  most: number_,
  types: z.array(z.string()).default([]),
  allowNew: tickBox,
  known: one(KNOWN_DATA),
  role: one(ROLES),
  when: z.string().max(120),
})

export const publishFormInput = z.object(onScreen)

export const closeFormInput = z.object({
  formId: z.uuid(),
  reason: textLine(300).min(1, 'Scrivi il motivo: lo leggono le famiglie che hanno una bozza'),
})
