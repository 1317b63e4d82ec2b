import * as z from 'zod'
import { typedEmail } from '#lib/delegates/typed-invitation.ts'
import { ok, type Result, refused } from '#lib/result.ts'

/** How people and the office reach somebody. Never who somebody is. */
export type Contacts = {
  email: string | null
  emailVerifiedAt: Date | null
  /** A mail server said that there is no such box. */
  isEmailRefused: boolean
  phone: string | null
  address: { street: string; postalCode: string; town: string; province: string } | null
  /** A new address that waits for its code. */
  waiting: { id: string; email: string; expiresAt: Date } | null
  /** Whether the address is asked for: only whoever gets invoices needs one. */
  needsAddress: boolean
}

export const CODE_MINUTES = 30
export const MOST_ATTEMPTS = 5
/** Codes that one person may ask for in an hour: each is a letter to somebody. */
export const MOST_CODES_PER_HOUR = 5

export const typedContactEmail = z.object({ email: typedEmail })

export const typedCode = z.object({
  changeId: z.uuid(),
  code: z
    .string('Scrivi il codice di sei cifre.')
    .transform((text) => text.replace(/\s/g, ''))
    .pipe(z.string().regex(/^\d{6}$/, 'Il codice ha sei cifre: lo trovi nell’e-mail.')),
})

/** A telephone as people type it: digits, spaces, an optional international prefix. Empty takes it away. */
export const typedPhone = z.object({
  phone: z
    .string()
    .default('')
    .transform((text) => text.replace(/[\s./-]/g, ''))
    .pipe(
      z.string().regex(/^(\+?\d{6,15})?$/, 'Scrivi il numero con le sole cifre, per esempio 333 1234567.'),
    )
    .transform((text) => text || null),
})

/** What the database knows of a code when one is typed. */
export type CodeFacts = { isOpen: boolean; attemptsBefore: number; matches: boolean }

/** Is the new address proved? An attempt counts before it is judged. */
export function judgeCode({ isOpen, attemptsBefore, matches }: CodeFacts): Result<null> {
  if (!isOpen || attemptsBefore >= MOST_ATTEMPTS) return refused('contacts:code-over')
  if (matches) return ok(null)
  const left = MOST_ATTEMPTS - attemptsBefore - 1
  return left > 0 ? refused('contacts:code-wrong', { left }) : refused('contacts:code-over')
}
