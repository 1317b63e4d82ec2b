import type { Day } from '#lib/kernel/day.ts'
import type { Cents } from '#lib/kernel/money.ts'
import { type Phrase, phrase } from '#lib/words/language.ts'
import type { JournalKind } from './journal.ts'

/** One line of a family's account as the family reads it. */
export type Movement = {
  id: string
  /** When it was written. */
  postedAt: Date
  /** The civil day it belongs to: a meal's own day, otherwise the day in Italy on which it was written. */
  day: Day
  kind: JournalKind
  /** Positive in the family's favour. */
  amountCents: Cents
  /** The balance of the account once this movement was written, with any filter. */
  balanceCents: Cents
  /** Whose meal; null for what concerns no child. */
  pupilName: string | null
}

/** What a movement is called. */
export const MOVEMENT_NAMES: Readonly<Record<JournalKind, Phrase>> = {
  opening: phrase('Saldo iniziale'),
  top_up: phrase('Ricarica'),
  meals: phrase('Pasto'),
  meals_reversal: phrase('Storno pasto'),
  adjustment: phrase('Rettifica del gestore'),
  refund: phrase('Rimborso'),
  chargeback: phrase('Pagamento annullato dalla banca'),
}
