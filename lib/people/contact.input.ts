import * as z from 'zod'
import { phrase } from '#lib/words/language.ts'
import { emailInput } from './invitation.input.ts'
import { readPhone } from './phone.ts'

export const contactEmailInput = z.object({ email: emailInput })

const sixDigits = (whereItIs: string) =>
  z
    .string(phrase('Scrivi il codice di sei cifre.'))
    .transform((text) => text.replace(/\s/g, ''))
    .pipe(z.string().regex(/^\d{6}$/, whereItIs))

export const codeInput = z.object({
  changeId: z.uuid(),
  code: sixDigits(phrase('Il codice ha sei cifre: lo trovi nell’e-mail.')),
})

export const phoneCodeInput = z.object({
  changeId: z.uuid(),
  phoneCode: sixDigits(phrase('Il codice ha sei cifre: lo trovi nell’SMS.')),
})

/** A telephone as people type it. An empty field takes it away; a field that was not sent changes nothing. */
export const phoneInput = z.object({
  phone: z
    .string()
    .max(40, phrase('Il numero è troppo lungo.'))
    .transform((text) => (text.trim() === '' ? null : (readPhone(text) ?? undefined)))
    .refine((phone) => phone !== undefined, {
      error: phrase('Controlla il numero: un cellulare è come 333 1234567, un numero estero comincia con +.'),
    })
    .transform((phone) => phone ?? null),
})
