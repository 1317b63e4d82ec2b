import * as z from 'zod'
import { phrase } from '#lib/words/language.ts'
import { emailInput, fiscalCodeInput } from './invitation.input.ts'

const optionalEmail = z.union([z.literal('').transform(() => null), emailInput])
const name = z
  .string(phrase('Scrivi nome e cognome del bambino.'))
  .trim()
  .min(1, phrase('Scrivi nome e cognome del bambino.'))
  .max(80, phrase('Al massimo 80 caratteri.'))

/** A person who asks to enrol a child: who they are is known but for the code itself, of which only a hash is kept. */
export const applyInput = z.object({ fiscalCode: fiscalCodeInput, email: emailInput })

/** A person who asks to be linked to a child who is enrolled. The child is told by code or by class. */
export const linkInput = z.object({
  fiscalCode: fiscalCodeInput,
  email: optionalEmail,
  childGivenName: name,
  childFamilyName: name,
  childCode: z.union([z.literal('').transform(() => null), fiscalCodeInput]),
  childClass: z.string().trim().max(80, phrase('Al massimo 80 caratteri.')).default(''),
  words: z.string().trim().max(1_000, phrase('Il testo è troppo lungo.')).default(''),
})
