import * as z from 'zod'
import { textLine } from '#lib/web/field.input.ts'

/** A cook's press: for which day, and the mark of what stood on the page. */
export const countSeenInput = z.object({
  day: z.iso.date(),
  seen: textLine(60).min(1),
})
