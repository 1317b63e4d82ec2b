import * as z from 'zod'
import { textLine } from '#lib/web/field.input.ts'

/** The form that erases what was entered by mistake. */
export const erasureInput = z.object({
  intent: z.enum(['preview', 'confirm']).default('preview'),
  seen: z.string().max(60).default(''),
  householdId: z.uuid(),
  pupilId: z.union([z.literal('').transform(() => null), z.uuid()]).default(null),
  reason: textLine(200).min(3, 'Scrivi il motivo'),
})
