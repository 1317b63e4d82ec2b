import * as z from 'zod'
import { parseDay } from '#lib/kernel/day.ts'
import { emailInput, fiscalCodeInput } from '#lib/people/invitation.input.ts'

const name = (missing: string) => z.string(missing).trim().min(1, missing).max(80, 'Al massimo 80 caratteri.')

const reason = z
  .string('Scrivi il motivo.')
  .trim()
  .min(3, 'Scrivi il motivo.')
  .max(200, 'Al massimo 200 caratteri.')

/** The marks of the preview that was read: the first press shows what happens, the second does it. */
const confirmation = {
  householdId: z.uuid(),
  intent: z.enum(['preview', 'confirm']).default('preview'),
  seen: z.string().max(60).default(''),
  after: z.string().max(60).default(''),
}

const isProvisional = (code: string): boolean => /^\d/.test(code)

/** The form that makes a person the holder of a household. */
export const handOverInput = z
  .object({
    ...confirmation,
    fiscalCode: fiscalCodeInput,
    givenName: name('Scrivi il nome.'),
    familyName: name('Scrivi il cognome.'),
    birthDay: z
      .string()
      .trim()
      .default('')
      .refine((text) => text === '' || parseDay(text) !== null, { error: 'Scrivi una data che esista.' })
      .transform((text) => text || null),
    email: z.union([emailInput, z.literal('').transform(() => null)]),
    keepAsDelegate: z.literal('si').optional().transform(Boolean),
    reason,
  })
  .refine(({ fiscalCode, birthDay }) => birthDay || !isProvisional(fiscalCode), {
    path: ['birthDay'],
    error: 'Scrivi la data di nascita: da un codice provvisorio non si legge.',
  })

export type HandOver = z.output<typeof handOverInput>

/** The form that undoes the last change of holder of a household. */
export const undoHandOverInput = z.object({ ...confirmation, undoReason: reason })

export type UndoHandOver = z.output<typeof undoHandOverInput>
