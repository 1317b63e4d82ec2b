import * as z from 'zod'
import { toLatin1 } from './latin1.ts'

const line = (missing: string) =>
  z
    .string(missing)
    .trim()
    .max(60, 'Scrivi al massimo 60 caratteri.')
    .refine((text) => toLatin1(text, 60) !== '', missing)

/** An Italian address as the holder types it, good enough for the electronic invoice. */
export const typedAddress = z.object({
  street: line('Scrivi la via e il numero civico.'),
  postalCode: z
    .string('Scrivi il CAP.')
    .trim()
    .regex(/^\d{5}$/, 'Il CAP ha cinque cifre, per esempio 37060.'),
  city: line('Scrivi il Comune.'),
  province: z
    .string('Scrivi la sigla della provincia.')
    .trim()
    .toUpperCase()
    .regex(/^[A-Z]{2}$/, 'La sigla della provincia ha due lettere, per esempio VR.'),
})
