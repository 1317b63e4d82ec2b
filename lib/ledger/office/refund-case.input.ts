import * as z from 'zod'
import { idOrNone, textLine } from '#lib/web/field.input.ts'
import { REFUND_DECISIONS } from './refund-case.ts'

const read = { id: z.uuid(), revision: z.coerce.number().int().min(1).max(1_000_000) }

/** The button that takes a case in hand. */
export const takeRefundInput = z.object(read)

/** The form that decides what becomes of a credit. */
export const decideRefundInput = z.object({
  ...read,
  intent: z.enum(['preview', 'confirm']).default('preview'),
  seen: z.string().max(60).default(''),
  decision: z.enum(REFUND_DECISIONS, 'Scegli che cosa fare'),
  targetId: idOrNone.default(null),
  reason: textLine(300).min(3, 'Scrivi il motivo'),
})

/** The form that says that the family comes back. */
export const refundReturnInput = z.object({ ...read, reason: textLine(300).min(3, 'Scrivi chi l’ha detto') })
