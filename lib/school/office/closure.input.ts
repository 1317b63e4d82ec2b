import * as z from 'zod'
import { parseDay } from '#lib/kernel/day.ts'

const amount = z.coerce.number().int().min(0)

export const closureInput = z.object({
  day: z.string().refine((text) => parseDay(text) !== null),
  schoolId: z.union([z.uuid(), z.literal('').transform(() => null)]),
  kind: z.enum(['closure', 'strike', 'trip']),
  reason: z.string().trim().min(1).max(200),
  meals: amount,
  refundCents: amount,
})

export const undoClosureInput = z.object({
  closureId: z.uuid(),
  reason: z
    .string()
    .trim()
    .min(1, { error: 'Scrivi perché la mensa torna: le famiglie lo leggono' })
    .max(200, { error: 'Accorcia il motivo: al massimo 200 caratteri' }),
  schools: amount,
  meals: amount,
  chargeCents: amount,
})
