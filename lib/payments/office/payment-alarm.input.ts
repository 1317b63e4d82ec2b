import * as z from 'zod'
import { textLine } from '#lib/web/field.input.ts'

/** What the office did about a payment. */
export const settledAlarmInput = z.object({
  id: z.uuid(),
  note: textLine(300).min(3, 'Scrivi che cosa hai fatto'),
})
