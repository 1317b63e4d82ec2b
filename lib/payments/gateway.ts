import type { Cents } from '#lib/kernel/money.ts'
import type { Language } from '#lib/words/language.ts'

/** How a family pays: VISA/MASTERCARD, or a MyBank transfer from the home banking. */
export type TopUpMethod = 'card' | 'mybank'

/** `test` talks to a sandbox or to the simulator, `live` moves money. The two never mix. */
export type ProviderMode = 'test' | 'live'

/** One attempt or reversal as the provider tells it, kept as evidence. `result` and `type` are the provider's own words. */
export type ProviderOperation = {
  operationId: string
  orderId: string
  type: string
  result: string
  /** Integer cents; null when the provider's figure is not a whole number of cents. */
  amountCents: Cents | null
  currency: string
  circuit: string
  at: Date | null
}

/** What the provider says happened to an order. Only `paid` may ever become a credit. */
export type PaymentVerdict =
  /** `surplusCents` is what arrived beyond the order: two successful attempts. It is never credited silently. */
  | {
      kind: 'paid'
      operationId: string
      amountCents: Cents
      currency: 'EUR'
      circuit: string
      at: Date | null
      surplusCents: Cents
    }
  /** An attempt is under way. */
  | { kind: 'pending' }
  /** The order exists and has no payment attempt. */
  | { kind: 'open' }
  | { kind: 'failed'; reason: string }
  | { kind: 'canceled' }
  | { kind: 'expired' }
  | { kind: 'not_found' }
  /** Money arrived and left again (void, refund), all of it or a part: `returnedCents`. */
  | { kind: 'reversed'; operationId: string; returnedCents: Cents }
  /** The provider speaks of another order, amount or currency than ours: nothing moves until a person looks. */
  | { kind: 'mismatch'; what: string }
  /** A word this adapter does not know. Never read as paid, never as failed. */
  | { kind: 'unknown'; raw: string }

export type Outcome = { verdict: PaymentVerdict; operations: ProviderOperation[] }

export type OrderRequest = {
  orderId: string
  amountCents: Cents
  method: TopUpMethod
  /** Shown by the provider and on bank statements: no names of children. */
  description: string
  /** Of the payer: the provider's page speaks it where it can. */
  language: Language
  resultUrl: string
  cancelUrl: string
  notificationUrl: string
}

export type CreatedOrder = {
  /** Where the payer goes now. */
  redirectUrl: string
  /** What the provider repeats in its notifications for this order. Secret: never logged, stored as a hash. */
  secret: string | null
}

export type ParsedNotification =
  | {
      ok: true
      orderRef: string
      dedupeKey: string
      secret: string | null
      operationResult: string
    }
  | { ok: false; why: string }

/**
 * What the portal needs of a payment provider.
 * The browser's return proves nothing and a notification is a hint: `fetchOutcome` alone decides.
 */
export interface PaymentGateway {
  readonly provider: 'nexi_npg'
  readonly mode: ProviderMode
  /** How long one call may take, in milliseconds, where the caller does not say less. */
  readonly timeoutMs: number
  /** @throws GatewayError; `ambiguous` means the order may exist at the provider. */
  create(order: OrderRequest, withinMs?: number): Promise<CreatedOrder>
  /** Reads a notification. No side effects, never throws, proves nothing. */
  parseNotification(raw: Uint8Array): ParsedNotification
  /** Asks the provider about one order and compares its answer with ours. @throws GatewayError */
  fetchOutcome(order: { orderId: string; amountCents: Cents }, withinMs?: number): Promise<Outcome>
  /** @throws GatewayError; on `ambiguous` ask again with the same key. */
  refund(request: {
    operationId: string
    amountCents: Cents
    idempotencyKey: string
    description: string
  }): Promise<{ refundRef: string }>
  /** Every operation in the interval, for reconciliation. @throws GatewayError */
  listOperations(from: Date, to: Date): AsyncIterable<ProviderOperation>
}

/**
 * - `retryable`: nothing happened at the provider, the same call may be repeated.
 * - `ambiguous`: it may have happened (time-out or broken answer after sending): ask for the outcome, never repeat blindly.
 * - `permanent`: the provider refused, repeating changes nothing.
 */
export type GatewayFailure = 'retryable' | 'ambiguous' | 'permanent'

/** A provider call that did not succeed. The message is safe to log: it never carries keys or tokens. */
export class GatewayError extends Error {
  override readonly name = 'GatewayError'
  readonly failure: GatewayFailure
  /** The provider's own error code (`PS0007`), an HTTP status or a network code. */
  readonly code: string

  constructor(failure: GatewayFailure, code: string, call: string) {
    super(`payment provider: ${call} → ${code} (${failure})`)
    this.failure = failure
    this.code = code
  }
}
