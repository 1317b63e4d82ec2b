import * as z from 'zod'
import { parseDay } from '#lib/kernel/day.ts'
import { inAnnexOrder } from '#lib/menus/allergen.ts'
import { textLine } from '#lib/web/field.input.ts'

const code = z
  .string()
  .trim()
  .toUpperCase()
  .regex(/^[A-Z0-9-]{1,12}$/, {
    error: 'Scrivi un codice breve: lettere senza accento, cifre e trattini, al massimo 12',
  })

const words = {
  name: textLine(80).min(1, 'Scrivi che cosa vuol dire il codice'),
  legend: textLine(300),
  allergens: z.array(z.string().max(20)).default([]).transform(inAnnexOrder),
  parts: z.array(code).max(10).default([]),
  from: z
    .string()
    .refine((text) => text === '' || parseDay(text) !== null, { error: 'Scrivi il giorno' })
    .transform((text) => parseDay(text)),
}

export const newDietCodeInput = z.object({ code, ...words })

export const dietCodeInput = z.object({ code, revision: z.coerce.number().int().min(1), ...words })

export const dietEndInput = z.object({
  code,
  to: textLine(20).default(''),
  successor: textLine(12).default(''),
  intent: z.enum(['preview', 'confirm']).default('preview'),
  fingerprint: textLine(60).default(''),
})
