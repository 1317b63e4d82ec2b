import type { Day } from '#lib/kernel/day.ts'
import type { Cents } from '#lib/kernel/money.ts'
import type { JournalKind } from '#lib/ledger/journal.ts'
import type { ProviderMode, TopUpMethod } from '../gateway.ts'
import type { Finding } from '../payment-alarm.ts'
import type { NotificationVerdict } from '../provider-notification.ts'
import type { TopUpState } from '../top-up.ts'

/** A top-up as the office reads it: our side of it. */
export type OfficePayment = {
  id: string
  householdId: string
  householdName: string
  payerName: string
  serviceName: string
  meals: number
  unitCents: Cents
  amountCents: Cents
  method: TopUpMethod
  state: TopUpState
  mode: ProviderMode
  orderId: string
  operationId: string | null
  circuit: string | null
  /** The provider's word for why it did not work. */
  reason: string | null
  createdAt: Date
  paidAt: Date | null
  answeredAt: Date | null
  /** When the provider is asked next; null when it is asked no more. */
  nextCheckAt: Date | null
  checks: number
  invoiceId: string | null
  invoiceNumber: string | null
  isInvoiceComplete: boolean
}

/** One operation that the provider told of. */
export type SeenOperation = {
  operationId: string
  type: string
  result: string
  amountCents: Cents | null
  /** An amount that is no sum of cents, as the provider wrote it. */
  amountSaid: string | null
  currency: string
  at: string | null
  seenAt: Date
}

/** Everything that was seen of a payment, on both sides. */
export type PaymentFile = {
  payment: OfficePayment
  operations: SeenOperation[]
  notifications: { verdict: NotificationVerdict; at: Date }[]
  moves: { from: TopUpState; to: TopUpState; cause: string; at: Date }[]
  entries: { kind: JournalKind; cents: Cents; at: Date }[]
  /** What the payer was told, and how many mails of it left; null where none was to go. */
  messages: { title: string; at: Date; mails: number; sent: number }[]
  alarms: {
    finding: Finding
    cents: Cents | null
    raisedAt: Date
    settledAt: Date | null
    settledBy: string | null
    note: string | null
  }[]
  notes: { note: string; by: string; at: Date }[]
  today: Day
}
