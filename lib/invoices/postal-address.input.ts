import * as z from 'zod'
import { phrase } from '#lib/words/language.ts'
import { toLatin1 } from './latin1.ts'

const line = (missing: string) =>
  z
    .string(missing)
    .trim()
    .max(60, phrase('Scrivi al massimo 60 caratteri.'))
    .refine((text) => toLatin1(text, 60) !== '', missing)

/** An Italian address as the holder types it, good enough for the electronic invoice. */
export const postalAddressInput = z.object({
  street: line(phrase('Scrivi la via e il numero civico.')),
  postalCode: z
    .string(phrase('Scrivi il CAP.'))
    .trim()
    .regex(/^\d{5}$/, phrase('Il CAP ha cinque cifre, per esempio 37060.')),
  city: line(phrase('Scrivi il Comune.')),
  province: z
    .string(phrase('Scrivi la sigla della provincia.'))
    .trim()
    .toUpperCase()
    .regex(/^[A-Z]{2}$/, phrase('La sigla della provincia ha due lettere, per esempio VR.')),
})
