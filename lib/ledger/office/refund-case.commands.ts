import 'server-only'
import { sql } from 'kysely'
import type { Trx } from '#db/client.ts'
import { readClock } from '#db/clock.ts'
import { lockedOffice } from '#lib/access/locked-office.commands.ts'
import type { Viewer } from '#lib/access/viewer.ts'
import { type AuditEvent, recordAudit } from '#lib/audit/audit.commands.ts'
import { fingerprintOf } from '#lib/kernel/fingerprint.ts'
import { ok, type Result, refused } from '#lib/kernel/result.ts'
import { refundCase, refundTargets } from './refund-case.queries.ts'
import {
  type AskedDecision,
  judgeDecision,
  mayAct,
  type RefundCase,
  type RefundTarget,
} from './refund-case.ts'
import { decisionInWords } from './refund-case.words.ts'

const onCase = <T>(
  viewer: Viewer,
  id: string,
  lock: 'values' | 'none',
  work: (trx: Trx, found: RefundCase) => Promise<Result<T>>,
): Promise<Result<T>> =>
  lockedOffice(
    viewer,
    'money:adjust',
    { table: 'refund_case', id, lock },
    (trx) => refundCase(trx, viewer.municipalityId, id),
    work,
  )

const audit = (
  trx: Trx,
  viewer: Viewer,
  { householdId }: RefundCase,
  action: AuditEvent['action'],
  details: NonNullable<AuditEvent['details']>,
) => recordAudit(trx, viewer, { action, objectType: 'household', objectId: householdId, details })

/** Takes a case in hand, or over from the colleague whose name was on the page. Of two at the same time the second is told who was first. */
export const takeRefund = (
  viewer: Viewer,
  { id, revision }: { id: string; revision: number },
): Promise<Result<null>> =>
  onCase(viewer, id, 'values', async (trx, found) => {
    const may = mayAct(found, revision)
    if (!may.ok) return may
    await sql`update refund_case set taken_at = app_now(), taken_by = ${viewer.personId}, revision = revision + 1
      where municipality_id = ${viewer.municipalityId} and id = ${id}::uuid`.execute(trx)
    await audit(trx, viewer, found, 'refunds.taken', {})
    return ok(null)
  })

type Judged = { lines: string[]; seen: string; target: RefundTarget | null }

async function judge(
  trx: Trx,
  viewer: Viewer,
  found: RefundCase,
  asked: AskedDecision,
): Promise<Result<Judged>> {
  const [targets, { today }] = await Promise.all([
    refundTargets(trx, viewer.municipalityId, asked.id),
    readClock(trx),
  ])
  const judged = judgeDecision(found, asked, { today, targets })
  if (!judged.ok) return judged
  const target = judged.value
  const lines = decisionInWords(found, asked.decision, target)
  const { reason: _, ...what } = asked
  return ok({ lines, target, seen: fingerprintOf({ what, lines, cents: found.balanceCents }) })
}

/** What a decision would do, in words, before anything is done. */
export const previewRefund = (
  viewer: Viewer,
  asked: AskedDecision,
): Promise<Result<{ lines: string[]; seen: string }>> =>
  onCase(viewer, asked.id, 'none', async (trx, found) => {
    const judged = await judge(trx, viewer, found, asked)
    return judged.ok ? ok({ lines: judged.value.lines, seen: judged.value.seen }) : judged
  })

/** Decides what becomes of a credit, once and exactly as it was previewed. No money moves by it. */
export const decideRefund = (
  viewer: Viewer,
  { seen, ...asked }: AskedDecision & { seen: string },
): Promise<Result<null>> =>
  onCase(viewer, asked.id, 'values', async (trx, found) => {
    const judged = await judge(trx, viewer, found, asked)
    if (!judged.ok) return judged
    if (judged.value.seen !== seen) return refused('refunds:preview-changed')
    const { decision, reason } = asked
    const target = judged.value.target?.accountId ?? null
    await sql`update refund_case set decision = ${decision}, decided_at = app_now(), decided_by = ${viewer.personId},
        decided_cents = ${found.balanceCents}::bigint, reason = ${reason}, to_account_id = ${target}::uuid, revision = revision + 1
      where municipality_id = ${viewer.municipalityId} and id = ${asked.id}::uuid`.execute(trx)
    await audit(trx, viewer, found, 'refunds.decided', { decision, cents: found.balanceCents, reason })
    return ok(null)
  })

/** Closes a case because the family said that it comes back. */
export const keepFamily = (
  viewer: Viewer,
  { id, revision, reason }: { id: string; revision: number; reason: string },
): Promise<Result<null>> =>
  onCase(viewer, id, 'values', async (trx, found) => {
    const may = mayAct(found, revision)
    if (!may.ok) return may
    await sql`update refund_case set closed_at = app_now(), closed_by = ${viewer.personId}, closed_why = 'said', revision = revision + 1
      where municipality_id = ${viewer.municipalityId} and id = ${id}::uuid`.execute(trx)
    await audit(trx, viewer, found, 'refunds.closed', { why: 'said', reason })
    return ok(null)
  })
