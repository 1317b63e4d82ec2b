import * as z from 'zod'
import { textLine } from '#lib/web/field.input.ts'

const short = z.string().trim().max(60).default('')

/** A decision in two presses: the first shows what would happen. */
export const dietDecisionInput = z.object({
  pupilId: z.uuid(),
  intent: z.enum(['preview', 'confirm']).default('preview'),
  fingerprint: short,
  dietCode: short,
  from: short,
  to: short,
  nextDietCode: short,
  severe: short,
  reason: textLine(200).min(1, 'Scrivi il motivo: resta nel registro, la famiglia non lo legge'),
})
