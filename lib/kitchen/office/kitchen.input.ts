import * as z from 'zod'
import { textLine } from '#lib/web/field.input.ts'

const MOST_EMAILS = 5

/** "cucina@esempio.it, cuoca@esempio.it" */
const emails = textLine(700)
  .default('')
  .transform((text) => [...new Set(text.split(/[\s,;]+/).filter(Boolean))])
  .pipe(
    z
      .array(z.email('Un’e-mail non è scritta bene: per esempio cucina@esempio.it').max(120))
      .max(MOST_EMAILS, `Al massimo ${MOST_EMAILS} indirizzi`),
  )

const words = {
  name: textLine(80).min(1, 'Scrivi il nome della cucina'),
  emails,
  phone: textLine(40).default(''),
}

const twoPresses = {
  intent: z.enum(['preview', 'confirm']).default('preview'),
  fingerprint: textLine(60).default(''),
}

const typedDay = textLine(20).default('')

export const newKitchenInput = z.object(words)
export const kitchenInput = z.object({
  kitchenId: z.uuid(),
  revision: z.coerce.number().int().min(1),
  ...words,
})
export const moveInput = z.object({
  kitchenId: z.uuid(),
  schoolId: z.uuid('Scegli la scuola'),
  ...{ from: typedDay, to: typedDay, ...twoPresses },
})
export const takeBackInput = z.object({
  kitchenId: z.uuid(),
  schoolId: z.uuid(),
  from: typedDay,
  ...twoPresses,
})
