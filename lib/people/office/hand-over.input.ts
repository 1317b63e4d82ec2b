import * as z from 'zod'
import { parseDay } from '#lib/kernel/day.ts'
import { emailInput, fiscalCodeInput } from '#lib/people/invitation.input.ts'

const name = (missing: string) => z.string(missing).trim().min(1, missing).max(80, 'Al massimo 80 caratteri.')

const isProvisional = (code: string): boolean => /^\d/.test(code)

/** The form that makes a person the holder of a household. */
export const handOverInput = z
  .object({
    householdId: z.uuid(),
    fiscalCode: fiscalCodeInput,
    givenName: name('Scrivi il nome.'),
    familyName: name('Scrivi il cognome.'),
    /** Of a provisional code, which does not tell it. */
    birthDay: z
      .string()
      .trim()
      .default('')
      .refine((text) => text === '' || parseDay(text) !== null, { error: 'Scrivi una data che esista.' })
      .transform((text) => text || null)
      .optional(),
    email: z.union([emailInput, z.literal('').transform(() => null)]),
    /** Whether the earlier holder stays as delegate. */
    keepAsDelegate: z.literal('si').optional().transform(Boolean),
    reason: z
      .string('Scrivi il motivo.')
      .trim()
      .min(3, 'Scrivi il motivo.')
      .max(200, 'Al massimo 200 caratteri.'),
  })
  .refine(({ fiscalCode, birthDay }) => birthDay || !isProvisional(fiscalCode), {
    path: ['birthDay'],
    error: 'Scrivi la data di nascita: da un codice provvisorio non si legge.',
  })

export type HandOver = z.output<typeof handOverInput>
