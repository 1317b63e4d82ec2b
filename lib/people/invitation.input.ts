import * as z from 'zod'
import { parseFiscalCode } from '#lib/identity/fiscal-code.ts'
import { parseDay } from '#lib/kernel/day.ts'
import { phrase } from '#lib/words/language.ts'

/** Codes are read aloud and copied with spaces. A provisional one of eleven digits counts: some families have no other for months. */
export const fiscalCodeInput = z
  .string(phrase('Scrivi il codice fiscale della persona.'))
  .transform((text) => parseFiscalCode(text))
  .refine((code) => code !== null, {
    error: phrase(
      'Controlla il codice fiscale: ha 16 lettere e cifre, o 11 cifre se è provvisorio, e questo non torna.',
    ),
  })
  .transform((code) => code?.code as string)

/** The same for a pupil, who may have no code yet. */
export const pupilCodeInput = z
  .string(phrase('Scrivi il codice fiscale della persona.'))
  .transform((text, context): string | null => {
    if (text.trim() === '') return null
    const read = fiscalCodeInput.safeParse(text)
    if (read.success) return read.data
    for (const { message } of read.error.issues) context.addIssue({ code: 'custom', message })
    return null
  })

/** An e-mail address as people type it, in lower case. */
export const emailInput = z
  .string(phrase('Scrivi l’indirizzo e-mail.'))
  .trim()
  .toLowerCase()
  .max(200, phrase('L’indirizzo è troppo lungo.'))
  .pipe(z.email(phrase('Scrivi l’indirizzo per intero, per esempio nome@example.it.')))

export const invitationInput = z.object({
  householdId: z.uuid(),
  fiscalCode: fiscalCodeInput,
  email: emailInput,
  pupils: z
    .array(z.uuid(), phrase('Scegli almeno un bambino.'))
    .min(1, phrase('Scegli almeno un bambino.'))
    .max(20),
  until: z
    .string()
    .trim()
    .default('')
    .refine((text) => text === '' || parseDay(text) !== null, {
      error: phrase('Scrivi una data che esista.'),
    })
    .transform((text) => text || null),
})

export const invitationAnswerInput = z.object({
  token: z.string().max(64),
  answer: z.enum(['accetto', 'rifiuto'], phrase('Scegli se accettare o rifiutare.')),
})
