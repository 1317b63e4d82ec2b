import * as z from 'zod'
import { SEEN_CHOICES } from '../kitchen-setting.ts'

/** After how long the office hears of a count that was not seen; empty: never. */
export const kitchenSettingInput = z.object({
  revision: z.coerce.number().int().min(0),
  seenMinutes: z
    .enum(['', ...SEEN_CHOICES.map(String)], 'Scegli dopo quanto')
    .transform((text) => (text === '' ? null : Number(text))),
  namesOnLabels: z.enum(['no', 'yes'], 'Scegli che cosa c’è scritto').transform((text) => text === 'yes'),
})
