import * as z from 'zod'
import { idOrNone, momentText, textLine, tickBox } from '#lib/web/field.input.ts'
import { isCategory } from '../content.ts'

const kind = z.enum(['news', 'document'])

export const saveContentInput = z
  .object({
    kind,
    id: idOrNone,
    baseVersion: z.coerce.number().int().min(0),
    title: textLine(160).min(1, 'Scrivi il titolo'),
    summary: textLine(400),
    body: z.string().max(500_000),
    category: z.string(),
    urgent: tickBox,
    highlighted: tickBox,
    keptId: z.array(z.uuid()).default([]),
    keptTitle: z.array(textLine(160)).default([]),
    removed: z.array(z.uuid()).default([]),
    files: z.array(z.file()).default([]),
  })
  .refine((draft) => isCategory(draft.kind, draft.category), {
    path: ['category'],
    error: 'Scegli la categoria',
  })

const item = { kind, id: z.uuid() }

export const publishContentInput = z.object({
  ...item,
  version: z.coerce.number().int().min(1),
  publishAt: momentText,
  expireAt: momentText,
})

export const askReviewInput = z.object({ ...item, note: textLine(300) })

export const sendBackContentInput = z.object({
  ...item,
  note: textLine(300).min(1, 'Scrivi che cosa va cambiato'),
})

export const withdrawContentInput = z.object({
  ...item,
  note: textLine(300).min(1, 'Scrivi il motivo: lo legge chi apre il vecchio indirizzo'),
})

export const restoreContentInput = z.object({ ...item, version: z.coerce.number().int().min(1) })

export const contentPictureInput = z.object({ file: z.file() })
