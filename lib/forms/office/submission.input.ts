import * as z from 'zod'
import { parseDay } from '#lib/kernel/day.ts'
import { idOrNone, textLine } from '#lib/web/field.input.ts'

const id = { id: z.uuid() }

export const assignSubmissionInput = z.object({ ...id, personId: idOrNone })

export const askSubmissionInput = z.object({
  ...id,
  words: textLine(2_000).min(1, 'Scrivi che cosa manca'),
  dueOn: z
    .string()
    .default('')
    .refine((text) => parseDay(text) !== null, { error: 'Scrivi il giorno entro cui rispondere' }),
})

export const rejectSubmissionInput = z.object({
  ...id,
  reason: textLine(2_000).min(1, 'Scrivi il motivo: lo legge la famiglia'),
})

const short = z.string().trim().max(60).default('')

export const decideSubmissionInput = z.object({
  ...id,
  intent: z.enum(['preview', 'confirm']).default('preview'),
  seen: short,
  after: short,
  note: textLine(500).default(''),
  classId: short,
  dietCode: short,
  bandCode: short,
  from: short,
  to: short,
  nextDietCode: short,
  severe: short,
})
