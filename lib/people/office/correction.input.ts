import * as z from 'zod'
import { parseDay } from '#lib/kernel/day.ts'
import { pupilCodeInput } from '#lib/people/invitation.input.ts'

const name = (missing: string) => z.string(missing).trim().min(1, missing).max(80, 'Al massimo 80 caratteri.')

/** The form that corrects the data of an adult or of a pupil: the first press shows what would happen, the second does it. */
export const correctionInput = z.object({
  kind: z.enum(['adult', 'pupil']),
  id: z.uuid(),
  householdId: z.uuid(),
  givenName: name('Scrivi il nome.'),
  familyName: name('Scrivi il cognome.'),
  fiscalCode: pupilCodeInput,
  birthDay: z
    .string()
    .trim()
    .default('')
    .refine((text) => text === '' || parseDay(text) !== null, { error: 'Scrivi una data che esista.' })
    .transform((text) => text || null),
  earlier: z
    .enum(['opens', 'closes'])
    .optional()
    .transform((choice) => choice ?? null),
  opens: z.array(z.string().max(16)).max(20).default([]),
  checked: z.literal('si').optional().transform(Boolean),
  reason: z
    .string('Scrivi il motivo.')
    .trim()
    .min(3, 'Scrivi il motivo.')
    .max(200, 'Al massimo 200 caratteri.'),
  intent: z.enum(['preview', 'confirm']).default('preview'),
  basis: z.string().max(60).default(''),
  seen: z.string().max(60).default(''),
})
