import type { Cents } from '#lib/kernel/money.ts'
import type { PaymentVerdict } from './gateway.ts'
import type { PaymentFinding, TopUpState } from './top-up.ts'

/** What a person must look at in a payment. It never blocks and never changes money by itself. */
export type Finding = PaymentFinding | 'mode-mixed' | 'forged-notifications' | 'creation-failed'

/** What is not known yet: a later clear answer takes it back. */
export const DOUBTS = ['mismatch', 'unknown-answer', 'still-open'] as const satisfies Finding[]

/** Whether an answer says what happened to an order. */
export const isClear = ({ kind }: PaymentVerdict): boolean =>
  kind !== 'mismatch' && kind !== 'unknown' && kind !== 'pending' && kind !== 'open'

/** How much a finding is about: what was taken beyond the order, or given back; null for a finding without a sum. */
export function centsOf(finding: Finding, verdict: PaymentVerdict | null): Cents | null {
  if (finding === 'surplus' && verdict?.kind === 'paid') return storable(verdict.surplusCents)
  return finding === 'reversed' && verdict?.kind === 'reversed' ? storable(verdict.returnedCents) : null
}

/** The largest sum that a column of cents holds, € 21,474,836.47: a provider may say more, which is evidence and no sum. */
const LARGEST_CENTS: Cents = 2_147_483_647

/** A sum as a column of cents holds it; null for one that it does not. */
export const storable = (cents: Cents | null): Cents | null =>
  cents !== null && Math.abs(cents) <= LARGEST_CENTS ? cents : null

/** Findings of which the payer gets a message: their money moved in a way that no page showed. */
export const isToldToPayer = (finding: Finding): finding is 'surplus' | 'reversed' =>
  finding === 'surplus' || finding === 'reversed'

/** Whether the payer reads of it, and what the office wrote when it was settled. */
export const isForPayer = (finding: Finding): boolean =>
  finding !== 'late-success' && finding !== 'forged-notifications' && finding !== 'creation-failed'

export type OpenAlarm = { finding: Finding; cents: Cents | null }

/** Findings in which money is not where the books say. */
export const MONEY_FINDINGS = [
  'surplus',
  'reversed',
  'mismatch',
  'credited-but-not-paid',
] as const satisfies Finding[]

/** Findings of which the office is told immediately, of any sum: no family can pay. */
export const OUTAGE_FINDINGS = ['creation-failed'] as const satisfies Finding[]

/** From this sum on a finding about money is told to the office immediately. */
export const URGENT_CENTS: Cents = 5_000

/** What the payer reads beside the state of a payment. `doubt`: something does not add up, and the office sees it. */
export type PayerFinding = { kind: 'taken-twice' | 'given-back' | 'doubt'; cents: Cents | null }

/** What the payer reads of the open alarms of a payment: the one about money first; null for alarms that are the office's alone. */
export function payerFinding(alarms: readonly OpenAlarm[], state: TopUpState): PayerFinding | null {
  const of = (finding: Finding) => alarms.find((alarm) => alarm.finding === finding)
  const surplus = of('surplus')
  if (surplus) return { kind: 'taken-twice', cents: surplus.cents }
  const reversed = of('reversed')
  if (reversed) return { kind: 'given-back', cents: reversed.cents }
  const isDoubtful = alarms.some(
    ({ finding }) =>
      finding === 'mismatch' ||
      finding === 'unknown-answer' ||
      finding === 'still-open' ||
      finding === 'credited-but-not-paid' ||
      (finding === 'mode-mixed' && state !== 'paid'),
  )
  return isDoubtful ? { kind: 'doubt', cents: null } : null
}

/** A payment whose money is to be settled. */
export type PaymentToSettle = { topUpId: string; kind: 'taken-twice' | 'given-back'; cents: Cents }
