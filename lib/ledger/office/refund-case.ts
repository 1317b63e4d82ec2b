import type { Day } from '#lib/kernel/day.ts'
import type { Cents } from '#lib/kernel/money.ts'
import { ok, type Result, refused, refusedField } from '#lib/kernel/result.ts'

/** What may become of the credit of a family that has left. */
export const REFUND_DECISIONS = ['refund', 'keep', 'sibling'] as const
export type RefundDecision = (typeof REFUND_DECISIONS)[number]

export type RefundState = 'open' | 'taken' | 'decided' | 'closed'
export type RefundCause = 'ended' | 'rollover' | 'late'
/** Why a case is over without a payment: nothing is left, a pupil is enrolled again, the family said that it comes back. */
export type RefundEnd = 'settled' | 'returned' | 'said'

/** An account to which the credit may go: of the same family, or of a family with the same adult. */
export type RefundTarget = { accountId: string; householdName: string; serviceName: string; pupils: string[] }

/** A family that left a service with a credit. */
export type RefundCase = {
  id: string
  revision: number
  state: RefundState
  householdId: string
  householdName: string
  serviceName: string
  cause: RefundCause
  /** The last day of mensa: until then the balance moves. */
  leftOn: Day
  openedAt: Date
  openedOn: Day
  /** Null: the portal, when a credit arose after the family had left. */
  openedBy: string | null
  openedCents: Cents
  /** What is on the account now. */
  balanceCents: Cents
  takenBy: string | null
  takenById: string | null
  takenAt: Date | null
  decision: RefundDecision | null
  decidedBy: string | null
  decidedAt: Date | null
  decidedCents: Cents | null
  reason: string | null
  targetName: string | null
  closedAt: Date | null
  closedBy: string | null
  closedWhy: RefundEnd | null
  /** Who changed it last, for the colleague who comes second. */
  changedBy: string | null
}

/** What a colleague decides about a case, after having read it at `revision`. */
export type AskedDecision = {
  id: string
  revision: number
  decision: RefundDecision
  targetId: string | null
  reason: string
}

/** Whether a case may still be acted on by who has read it at a revision. Of two colleagues the second is told who was first. */
export function mayAct(found: RefundCase, revision: number): Result<null> {
  if (found.state === 'closed') return refused('refunds:closed')
  if (found.state === 'decided') return refused('refunds:decided', { who: found.decidedBy })
  return found.revision === revision ? ok(null) : refused('refunds:changed', { who: found.changedBy })
}

/**
 * Whether a decision can be taken: once, by who has read the case as it is, when the balance moves no more.
 * @param targets where the credit may go
 * @returns the account to which it goes; null for the other decisions
 */
export function judgeDecision(
  found: RefundCase,
  { revision, decision, targetId }: AskedDecision,
  { today, targets }: { today: Day; targets: readonly RefundTarget[] },
): Result<RefundTarget | null> {
  const may = mayAct(found, revision)
  if (!may.ok) return may
  if (found.leftOn >= today) return refused('refunds:not-over', { last: found.leftOn })
  if (found.balanceCents <= 0) return refused('refunds:closed')
  if (decision !== 'sibling') return ok(null)
  const target = targets.find(({ accountId }) => accountId === targetId)
  return target ? ok(target) : refusedField('targetId', 'refunds:choose-target')
}
