import type { Day } from '#lib/kernel/day.ts'
import type { Cents } from '#lib/kernel/money.ts'
import type { InvoiceGap } from '../invoice.ts'

/** An invoice that cannot be written yet. */
export type WaitingInvoice = {
  id: string
  number: string
  issuedOn: Day
  /** Days since it was numbered: an electronic invoice is due within twelve. */
  days: number
  totalCents: Cents
  gaps: InvoiceGap[]
  holderName: string
  holderId: string
  householdId: string
  householdName: string
}
