import type { Address } from '#lib/invoices/invoice.ts'
import { ok, type Result, refused } from '#lib/kernel/result.ts'

/** How the office reaches a person. Never an identity. */
export type Contacts = {
  email: string | null
  emailVerifiedAt: Date | null
  /** A mail server said that there is no such box. */
  isEmailRefused: boolean
  phone: { number: string; verifiedAt: Date | null } | null
  /** What is known of it, also where an invoice needs more. */
  address: Address
  /** A new address that waits for its code. */
  waiting: { id: string; email: string; expiresAt: Date } | null
  /** A new number that waits for its code; `isUndelivered`: the text certainly did not leave. */
  waitingPhone: { id: string; phone: string; isUndelivered: boolean } | null
  /** Whether this portal has a gateway for text messages: without one no number can be verified. */
  canVerifyPhones: boolean
  /** Whether texts go to the number: not to landlines, nor to countries that the installation does not pay for. */
  isPhoneTexted: boolean
  /** Whether the address is asked for: only a person who gets invoices needs one. */
  needsAddress: boolean
}

export const CODE_MINUTES = 30
export const MOST_ATTEMPTS = 5

/** What the database knows of a code when one is typed. */
export type CodeFacts = { isOpen: boolean; attemptsBefore: number; matches: boolean }

/** Is the new address or number proved? An attempt counts before it is judged. */
export function judgeCode({ isOpen, attemptsBefore, matches }: CodeFacts): Result<null> {
  if (!isOpen || attemptsBefore >= MOST_ATTEMPTS) return refused('contacts:code-over')
  if (matches) return ok(null)
  const left = MOST_ATTEMPTS - attemptsBefore - 1
  return left > 0 ? refused('contacts:code-wrong', { n: left }) : refused('contacts:code-over')
}
