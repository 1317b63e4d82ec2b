import type { Cents } from '#lib/kernel/money.ts'

/** What a movement is. The statement shows it by its Italian name. */
export type JournalKind =
  | 'opening'
  | 'top_up'
  | 'meals'
  | 'meals_reversal'
  | 'adjustment'
  | 'refund'
  | 'chargeback'

/**
 * One line of a journal. Positive amounts are in the account's favour: a household in credit has a positive balance.
 * A meal's line names pupil, service day and day; a top-up's line names the top-up.
 */
export type Line = {
  accountId: string
  amountCents: Cents
  pupilId?: string
  serviceDayId?: string
  day?: string
  topUpId?: string
}

/** A movement to write: it is written whole, once per key, and never changed afterwards. */
export type Journal = {
  kind: JournalKind
  /** One journal per key and municipality: writing it twice changes nothing. */
  idempotencyKey: string
  description: string
  /** Who did it; absent when it was no person (the close of a day, a payment). */
  personId?: string
  lines: readonly Line[]
}

/**
 * Why a journal cannot be written, or null. The database refuses the same things on its own.
 */
export function faultOf(journal: Journal): string | null {
  if (journal.lines.length < 2) return 'a journal has two lines at least'
  if (journal.lines.some((line) => !Number.isSafeInteger(line.amountCents)))
    return 'amounts are integer cents'
  if (journal.lines.some((line) => line.amountCents === 0)) return 'no line is zero'
  if (journal.lines.reduce((sum, line) => sum + line.amountCents, 0) !== 0) return 'a journal sums to zero'
  return null
}
