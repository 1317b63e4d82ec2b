import type { Cents } from '#lib/kernel/money.ts'
import type { TopUpMethod } from '../gateway.ts'
import type { Finding } from '../payment-alarm.ts'
import type { TopUpState } from '../top-up.ts'

/** Something found in a payment, as the office looks into it. */
export type PaymentAlarm = {
  id: string
  finding: Finding
  /** What was taken beyond the order, or given back. */
  cents: Cents | null
  raisedAt: Date
  settledAt: Date | null
  /** Null where a clear answer of the provider took it back. */
  settledBy: string | null
  note: string | null
  payerName: string
  householdId: string
  householdName: string
  topUpId: string
  orderId: string
  amountCents: Cents
  method: TopUpMethod
  state: TopUpState
  startedAt: Date
  invoiceNumber: string | null
}
