import * as z from 'zod'
import { textLine } from '#lib/web/field.input.ts'
import { DOUBLE_KINDS } from './told-apart.ts'

/** The form that says that two who look like one are two. */
export const tellApartInput = z.object({
  kind: z.enum(DOUBLE_KINDS),
  oneId: z.uuid(),
  otherId: z.uuid(),
  reason: textLine(200).default(''),
})

/** The form that takes such a mark back. */
export const takeApartBackInput = z.object({ id: z.uuid() })
