import * as z from 'zod'
import { textLine } from '#lib/web/field.input.ts'

/** What the office writes down about a payment. */
export const paymentNoteInput = z.object({
  id: z.uuid(),
  note: textLine(500).min(3, 'Scrivi la nota'),
})
