import type { Cents } from '#lib/kernel/money.ts'
import type { JournalKind } from '../journal.ts'

/** What the movements of one kind come to. */
export type BalancePart = { kind: JournalKind; cents: Cents; entries: number }

/** A balance of a household, with the sums that it is made of. */
export type OfficeBalance = {
  serviceName: string
  balanceCents: Cents
  updatedAt: Date
  parts: BalancePart[]
}

const ORDER = ['opening', 'top_up', 'meals', 'meals_reversal', 'adjustment', 'refund', 'chargeback'] as const

const NAMES: Readonly<Record<JournalKind, string>> = {
  opening: 'Saldo iniziale',
  top_up: 'Ricariche',
  meals: 'Pasti',
  meals_reversal: 'Storni di pasti',
  adjustment: 'Rettifiche',
  refund: 'Rimborsi',
  chargeback: 'Riaddebiti',
}

/** Why a balance is what it is, a line for each kind of movement, in the order in which they are told on the telephone. */
export const explained = ({ parts }: Pick<OfficeBalance, 'parts'>): (BalancePart & { name: string })[] =>
  ORDER.flatMap((kind) => {
    const part = parts.find((one) => one.kind === kind)
    return part ? [{ ...part, name: NAMES[kind] }] : []
  })
