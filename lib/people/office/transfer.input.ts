import * as z from 'zod'
import { type Day, parseDay } from '#lib/kernel/day.ts'
import { textLine } from '#lib/web/field.input.ts'

const reason = textLine(200).min(3, 'Scrivi il motivo')
const presses = {
  intent: z.enum(['preview', 'confirm']).default('preview'),
  seen: z.string().max(60).default(''),
}
const yesOrNo = z.enum(['si', 'no'], 'Scegli una delle due risposte.').transform((chosen) => chosen === 'si')

/** The form that hands pupils over to another municipality. */
export const transferInput = z.object({
  ...presses,
  householdId: z.uuid(),
  toId: z.uuid('Scegli il Comune in cui vanno.'),
  pupilId: z.union([z.literal('').transform(() => null), z.uuid()]).default(null),
  last: z
    .string('Scegli il giorno.')
    .trim()
    .refine((text) => parseDay(text) !== null, { error: 'Scegli un giorno che esista.' })
    .transform((text): Day => text),
  withDiets: yesOrNo,
  reason,
})

/** The form that closes a transfer which is not accepted. */
export const withdrawalInput = z.object({ ...presses, id: z.uuid(), restore: yesOrNo, reason })

/** The form by which the receiving municipality says no. */
export const arrivalRefusalInput = z.object({ ...presses, id: z.uuid(), reason })
