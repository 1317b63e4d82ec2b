import * as z from 'zod'
import { idOrNone, textLine } from '#lib/web/field.input.ts'

export const decideLinkInput = z.object({
  id: z.uuid(),
  intent: z.enum(['preview', 'confirm']).default('preview'),
  pupilId: idOrNone.default(null),
  fingerprint: z.string().max(60).default(''),
})

export const refuseLinkInput = z.object({
  id: z.uuid(),
  reason: textLine(1_000).min(1, 'Scrivi il motivo: lo legge chi ha chiesto'),
})
