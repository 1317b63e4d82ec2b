import * as z from 'zod'
import { instantTyped } from '#lib/kernel/instant-field.ts'
import { idOrNone, textLine, tickBox } from '#lib/web/field.input.ts'

/** A day and hour that is stored: empty takes it away, and a field that was not sent changes nothing. */
const moment = z
  .string()
  .refine((text) => text === '' || instantTyped(text) !== null, {
    error: 'Scegli giorno e ora dal calendario.',
  })
  .transform((text) => instantTyped(text))

export const saveQuestionnaireInput = z
  .looseObject({
    id: idOrNone,
    version: z.coerce.number().int().min(0),
    title: textLine(160),
    intro: textLine(2000),
    per: z.enum(['child', 'household']),
    anonymous: tickBox,
    showsResults: tickBox,
    schools: z.array(z.uuid()).default([]),
    classes: z.array(z.uuid()).default([]),
    opensAt: moment,
    closesAt: moment,
    act: z.string().max(20).default('save'),
  })
  // Adding a first question may come before the title; a draft that is saved must be found again in the list.
  .refine(({ act, title }) => act !== 'save' || title !== '', {
    path: ['title'],
    error: 'Scrivi il titolo: serve anche a ritrovare la bozza',
  })

export const publishQuestionnaireInput = z.object({ id: z.uuid(), version: z.coerce.number().int().min(1) })
