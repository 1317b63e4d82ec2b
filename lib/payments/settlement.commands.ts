import 'server-only'
import { sql } from 'kysely'
import { asSystem, type Trx } from '#db/client.ts'
import { municipalitiesWith } from '#db/due-municipalities.ts'
import { log } from '#lib/kernel/log.ts'
import type { Cents } from '#lib/kernel/money.ts'
import { notify } from '#lib/notifications/notification.commands.ts'
import { creditTopUp, type PaidTopUp } from './credit.commands.ts'
import { paymentGateway } from './gateway.adapter.ts'
import { GatewayError, type Outcome, type ProviderOperation } from './gateway.ts'
import { type AlarmedTopUp, raiseAlarms, takeDoubtsBack } from './payment-alarm.commands.ts'
import { storable } from './payment-alarm.ts'
import { decide, isFailureTold, leftOpen, nextCheckAt, type TopUpState } from './top-up.ts'
import { moveTopUp } from './top-up-state.commands.ts'

export type CheckCause = 'poll' | 'reconciliation'

type TopUpRow = {
  id: string
  state: TopUpState
  order_id: string
  meals: number
  unit_cents: Cents
  provider_mode: string
  /** Now, to the microsecond: an instant of JavaScript would lose three digits. */
  asked_at: string
}

/**
 * Asks the provider about one top-up and does what its answer means.
 * The question is outside any transaction; the answer is applied in one.
 * @throws GatewayError when the provider does not answer: the top-up stays as it is and is asked about again
 */
export async function checkTopUp(municipalityId: string, topUpId: string, cause: CheckCause): Promise<void> {
  const gateway = paymentGateway()
  const topUp = await asSystem(municipalityId, (trx) => readTopUp(trx, municipalityId, topUpId))
  if (topUp.provider_mode !== gateway.mode) {
    return asSystem(municipalityId, (trx) => freeze(trx, municipalityId, topUp.id))
  }
  const amountCents = topUp.meals * topUp.unit_cents
  const outcome = await gateway.fetchOutcome({ orderId: topUp.order_id, amountCents })
  await settleTopUp(municipalityId, topUpId, outcome, { cause, askedAt: topUp.asked_at })
}

const readTopUp = (trx: Trx, municipalityId: string, topUpId: string): Promise<TopUpRow> =>
  trx
    .selectFrom('top_up')
    .select(['id', 'state', 'order_id', 'meals', 'unit_cents', 'provider_mode'])
    .select(sql<string>`app_now()::text`.as('asked_at'))
    .where('municipality_id', '=', municipalityId)
    .where('id', '=', topUpId)
    .executeTakeFirstOrThrow()

type Locked = PaidTopUp & { provider: string }

/**
 * Applies a provider's answer in one transaction: state, credit, invoice and mail happen together or not at all,
 * and once, however many answers arrive at the same time. The row's lock makes them queue; the state decides who is first;
 * unique keys in the database stand behind.
 * @param askedAt the database's time when the question was asked; now when missing. What was hinted later is not in the
 * answer, so the provider is asked again immediately
 */
export async function settleTopUp(
  municipalityId: string,
  topUpId: string,
  outcome: Outcome,
  { cause, askedAt }: { cause: CheckCause; askedAt?: string },
): Promise<void> {
  await asSystem(municipalityId, async (trx) => {
    const topUp = await lockTopUp(trx, municipalityId, topUpId)
    await recordOperations(trx, municipalityId, topUp, outcome.operations)
    const ageMs = topUp.now.getTime() - topUp.created_at.getTime()
    const decision = decide(topUp.state, outcome.verdict, ageMs)
    const state = decision.to ?? topUp.state
    const next = nextCheckAt(topUp.created_at, topUp.now, state)
    const findings = [...decision.findings, ...leftOpen(state, next)]
    await takeDoubtsBack(trx, municipalityId, topUpId, outcome.verdict)
    await raiseAlarms(trx, municipalityId, alarmed(topUp, decision.to), findings, outcome.verdict)
    if (decision.to && decision.to !== 'paid') {
      const reason = outcome.verdict.kind === 'failed' ? { reason: outcome.verdict.reason } : {}
      await moveTopUp(trx, {
        municipalityId,
        topUpId,
        from: [topUp.state],
        to: decision.to,
        cause,
        ...reason,
      })
    }
    if (isFailureTold(state, outcome.verdict, ageMs)) await tellFailure(trx, municipalityId, topUp)
    if (decision.settle && outcome.verdict.kind === 'paid') {
      await creditTopUp(trx, municipalityId, topUp, outcome.verdict, cause)
    }
    await schedule(trx, municipalityId, topUp, next, askedAt)
  })
}

const alarmed = ({ id, state, payer_id }: Locked, to: TopUpState | null = null): AlarmedTopUp => ({
  id,
  payerId: payer_id,
  isCredited: state === 'paid' || to === 'paid',
})

/** A payment that did not work, told once: the payer may have closed the page before reading it. */
const tellFailure = (trx: Trx, municipalityId: string, topUp: Locked) =>
  notify(trx, municipalityId, {
    event: 'top-up:failed',
    key: `top-up-failed:${topUp.id}`,
    to: [topUp.payer_id],
    money: 'own-payment',
    say: (t) => ({
      title: t('La ricarica non è riuscita'),
      text: t('Il pagamento non è andato a buon fine e non hai pagato nulla. Puoi riprovare quando vuoi.'),
    }),
    path: `/pagamenti/ricarica/${topUp.id}`,
  })

const lockTopUp = (trx: Trx, municipalityId: string, topUpId: string): Promise<Locked> =>
  trx
    .selectFrom('top_up as t')
    .innerJoin('account as a', (join) =>
      join.on('a.municipality_id', '=', municipalityId).onRef('a.id', '=', 't.account_id'),
    )
    .select(['t.id', 't.state', 't.account_id', 'a.service_id', 't.payer_id', 't.meals', 't.unit_cents'])
    .select(['t.method', 't.provider', 't.created_at'])
    .select(sql<Date>`app_now()`.as('now'))
    .where('t.municipality_id', '=', municipalityId)
    .where('t.id', '=', topUpId)
    .forUpdate('t')
    .executeTakeFirstOrThrow()

/**
 * Keeps what the provider said. What cannot be kept is logged and never holds up the verdict: evidence that stopped a
 * settlement would stop it at every poll, for ever.
 */
async function recordOperations(
  trx: Trx,
  municipalityId: string,
  topUp: Locked,
  operations: ProviderOperation[],
): Promise<void> {
  await sql`savepoint evidence`.execute(trx)
  try {
    await keepOperations(trx, municipalityId, topUp, operations)
    await sql`release savepoint evidence`.execute(trx)
  } catch (error) {
    await sql`rollback to savepoint evidence`.execute(trx)
    log().error({ topUpId: topUp.id, err: error }, 'payments: could not keep what the provider said')
  }
}

/** Once per operation and result: evidence for the person who looks into it. */
async function keepOperations(
  trx: Trx,
  municipalityId: string,
  topUp: Locked,
  operations: ProviderOperation[],
): Promise<void> {
  if (operations.length === 0) return
  await trx
    .insertInto('provider_operation')
    .values(
      operations.map((operation) => ({
        municipality_id: municipalityId,
        top_up_id: topUp.id,
        provider: topUp.provider,
        operation_id: operation.operationId,
        type: operation.type,
        result: operation.result,
        amount_cents: storable(operation.amountCents),
        amount_said: storable(operation.amountCents) === null ? String(operation.amountCents ?? '') : null,
        currency: operation.currency,
        operation_time: operation.at?.toISOString() ?? null,
      })),
    )
    .onConflict((conflict) =>
      conflict.columns(['municipality_id', 'provider', 'operation_id', 'result']).doNothing(),
    )
    .execute()
}

/** When it is asked about again; a hint later than the question calls for another now. */
async function schedule(
  trx: Trx,
  municipalityId: string,
  topUp: Locked,
  next: Date | null,
  askedAt: string | undefined,
): Promise<void> {
  const asked = askedAt === undefined ? sql<Date>`app_now()` : sql<Date>`${askedAt}::timestamptz`
  await trx
    .updateTable('top_up')
    .set({
      answered_at: sql<Date>`greatest(answered_at, ${asked})`,
      next_check_at: sql<Date>`case when hinted_at > ${asked} then app_now() else ${next}::timestamptz end`,
    })
    .where('municipality_id', '=', municipalityId)
    .where('id', '=', topUp.id)
    .execute()
}

/** Made in one mode and met in the other: nothing is asked and nothing moves until a person looks. */
async function freeze(trx: Trx, municipalityId: string, topUpId: string): Promise<void> {
  const topUp = await lockTopUp(trx, municipalityId, topUpId)
  await raiseAlarms(trx, municipalityId, alarmed(topUp), ['mode-mixed'], null)
  await trx
    .updateTable('top_up')
    .set({ next_check_at: null })
    .where('municipality_id', '=', municipalityId)
    .where('id', '=', topUpId)
    .execute()
}

const LEASE = '2 minutes'

export type PollResult = { checked: number; unanswered: number; failed: number }

/**
 * Checks the top-ups whose time has come, of every municipality. Several workers may run it: each row goes to one of them,
 * and a worker that dies leaves it to the next when the lease ends. One that cannot be settled is logged and does not keep
 * the others waiting.
 * @returns how many were checked, how many the provider did not answer about, how many met a fault of ours
 */
export async function pollDueTopUps(limit = 20): Promise<PollResult> {
  const result: PollResult = { checked: 0, unanswered: 0, failed: 0 }
  for (const id of await municipalitiesWith(sql`municipalities_with_due_top_ups()`)) {
    const due = await asSystem(id, (trx) => claimDue(trx, id, limit))
    const ends = await Promise.all(due.map((topUp) => checkAndLog(id, topUp.id)))
    for (const end of ends) result[end] += 1
  }
  return result
}

async function checkAndLog(municipalityId: string, topUpId: string): Promise<keyof PollResult> {
  try {
    await checkTopUp(municipalityId, topUpId, 'poll')
    return 'checked'
  } catch (error) {
    if (error instanceof GatewayError) {
      log().warn({ topUpId, code: error.code, failure: error.failure }, 'payments: provider did not answer')
      return 'unanswered'
    }
    log().error({ topUpId, err: error }, 'payments: could not settle a top-up')
    return 'failed'
  }
}

/** `= any (array(…))` and not `in (…)`: a sub-select that locks must run once, and a join may run it once per row. */
function claimDue(trx: Trx, municipalityId: string, limit: number): Promise<{ id: string }[]> {
  const due = trx
    .selectFrom('top_up')
    .select('id')
    .where('municipality_id', '=', municipalityId)
    .where('next_check_at', '<=', sql<Date>`app_now()`)
    .orderBy('next_check_at')
    .limit(limit)
    .forUpdate()
    .skipLocked()
  return trx
    .updateTable('top_up')
    .set({
      next_check_at: sql<Date>`app_now() + ${LEASE}::interval`,
      checks: sql<number>`checks + 1`,
    })
    .where('municipality_id', '=', municipalityId)
    .where(sql<boolean>`id = any (array(${due}))`)
    .returning('id')
    .execute()
}
