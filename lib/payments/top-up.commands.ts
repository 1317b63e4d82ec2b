import { plural } from '#lib/words/language.ts'
import 'server-only'
import { randomBytes } from 'node:crypto'
import { sql } from 'kysely'
import { asFamily, asSystem, type Trx } from '#db/client.ts'
import { allowedToFamily } from '#lib/access/capabilities.ts'
import type { Viewer } from '#lib/access/viewer.ts'
import { recordAudit } from '#lib/audit/audit.commands.ts'
import { env } from '#lib/kernel/env.ts'
import { log } from '#lib/kernel/log.ts'
import type { Cents } from '#lib/kernel/money.ts'
import { ok, type Result, refused } from '#lib/kernel/result.ts'
import { isServed } from '#lib/ledger/account.queries.ts'
import { refusedByRows, takeFromBudget } from '#lib/session/budget.commands.ts'
import { wordsOfPerson } from '#lib/session/language.commands.ts'
import { currentMealPrice } from '#lib/tariffs/tariff.queries.ts'
import { paymentGateway } from './gateway.adapter.ts'
import { type CreatedOrder, GatewayError, type PaymentGateway, type TopUpMethod } from './gateway.ts'
import { raiseAlarms } from './payment-alarm.commands.ts'
import { hashOfSecret, notificationKeyOf } from './provider-notification.ts'
import type { TopUpRequest } from './top-up.input.ts'
import { orderIdFrom, type Purchase, readPurchase, type TopUpState } from './top-up.ts'
import { moveTopUp } from './top-up-state.commands.ts'

/** `paymentUrl` null: there is nothing to open, the top-up's own page tells why. */
export type StartedTopUp = { topUpId: string; paymentUrl: string | null }

type Reserved = {
  id: string
  household_id: string
  state: TopUpState
  order_id: string
  notification_key: string
  meals: number
  unit_cents: Cents
  method: TopUpMethod
  redirect_url: string | null
}

/**
 * Begins a top-up and opens its page at the provider.
 * The row is committed before the provider is called, and a second request with the same key gets the same order.
 * @returns refusals: top-up:*, request:key-reused, request:not-found
 */
export async function startTopUp(viewer: Viewer, request: TopUpRequest): Promise<Result<StartedTopUp>> {
  const gateway = paymentGateway()
  const reservation = await reserve(viewer, request, gateway)
  if (!reservation.ok) return reservation
  const { topUp, isNew } = reservation.value
  if (isNew) return openPage(viewer, topUp, gateway, { isRetry: false })
  return joinOrResume(viewer, topUp.id, gateway)
}

type Reservation = Result<{ topUp: Reserved; isNew: boolean }>

/** Commits the row of the order, claimed by this request, or finds the one made with the same key. */
const reserve = (viewer: Viewer, request: TopUpRequest, gateway: PaymentGateway): Promise<Reservation> =>
  asFamily(viewer, async (trx): Promise<Reservation> => {
    const account = await payableAccount(trx, viewer, request.accountId)
    if (!account) return refused('request:not-found')
    const earlier = await topUpOfKey(trx, viewer, account.household_id, request.clientKey)
    if (earlier) return sameRequest(earlier, account.id, request)
    const unitCents = (await currentMealPrice(trx, viewer.municipalityId, account.service_id)) ?? 0
    const purchase = readPurchase(request, unitCents)
    if (!purchase.ok) return purchase
    if (unitCents !== request.expectedUnitCents) {
      return refused('top-up:price-changed', { unit: unitCents })
    }
    const spent = await spentByOpenOnes(trx, viewer, account.id)
    if (spent) return spent
    const topUp = await insertTopUp(trx, viewer, { account, request, purchase: purchase.value, gateway })
    if (topUp) return ok({ topUp, isNew: true })
    const winner = await topUpOfKey(trx, viewer, account.household_id, request.clientKey)
    return winner ? sameRequest(winner, account.id, request) : refused('request:key-reused')
  })

/** Started lately and not finished: for each of them the worker asks the provider again and again, on behalf of every municipality. */
const spentByOpenOnes = (trx: Trx, viewer: Viewer, accountId: string) =>
  refusedByRows(
    trx,
    'top-up:open',
    trx
      .selectFrom('top_up')
      .select((eb) => ['created_at as at', eb.lit(1).as('amount')])
      .where('municipality_id', '=', viewer.municipalityId)
      .where('account_id', '=', accountId)
      .where('payer_id', '=', viewer.personId)
      .where('state', 'in', ['created', 'redirected', 'pending']),
  )

type PayableAccount = { id: string; household_id: string; service_id: string }

async function payableAccount(trx: Trx, viewer: Viewer, accountId: string): Promise<PayableAccount | null> {
  const account = await trx
    .selectFrom('account as a')
    .innerJoin('service as s', (join) =>
      join.on('s.municipality_id', '=', viewer.municipalityId).onRef('s.id', '=', 'a.service_id'),
    )
    .select(['a.id', 'a.household_id', 'a.service_id'])
    .where('a.municipality_id', '=', viewer.municipalityId)
    .where('a.id', '=', accountId)
    .where('a.kind', '=', 'household')
    .where(isServed(viewer.municipalityId))
    .executeTakeFirst()
  if (!account?.household_id || !allowedToFamily(viewer, 'money:pay', account.household_id)) return null
  return { ...account, household_id: account.household_id }
}

const RESERVED = [
  'id',
  'household_id',
  'account_id',
  'payer_id',
  'state',
  'order_id',
  'notification_key',
  'meals',
  'unit_cents',
  'method',
  'redirect_url',
] as const

type Earlier = Reserved & { account_id: string; payer_id: string }

const topUpOfKey = (trx: Trx, viewer: Viewer, householdId: string, clientKey: string) =>
  trx
    .selectFrom('top_up')
    .select(RESERVED)
    .where('municipality_id', '=', viewer.municipalityId)
    .where('household_id', '=', householdId)
    .where('client_key', '=', clientKey)
    .where('payer_id', '=', viewer.personId)
    .executeTakeFirst()

/** The same key must ask for the same thing: at the price of then, so that a price change does not turn a repeat away. */
function sameRequest(earlier: Earlier, accountId: string, request: TopUpRequest): Reservation {
  const asked = readPurchase(request, earlier.unit_cents)
  const isSame =
    asked.ok &&
    asked.value.meals === earlier.meals &&
    request.method === earlier.method &&
    accountId === earlier.account_id
  return isSame ? ok({ topUp: earlier, isNew: false }) : refused('request:key-reused')
}

async function insertTopUp(
  trx: Trx,
  viewer: Viewer,
  made: { account: PayableAccount; request: TopUpRequest; purchase: Purchase; gateway: PaymentGateway },
): Promise<Reserved | undefined> {
  const topUp = await trx
    .insertInto('top_up')
    .values({
      municipality_id: viewer.municipalityId,
      household_id: made.account.household_id,
      account_id: made.account.id,
      payer_id: viewer.personId,
      client_key: made.request.clientKey,
      meals: made.purchase.meals,
      unit_cents: made.purchase.unitCents,
      method: made.request.method,
      provider: made.gateway.provider,
      provider_mode: made.gateway.mode,
      order_id: orderIdFrom(randomBytes(17)),
      notification_key: notificationKeyOf(viewer.municipalityId, randomBytes(24)),
      creation_claimed_until: sql<Date>`app_now() + ${CLAIM}::interval`,
      next_check_at: sql<Date>`app_now() + interval '1 minute'`,
    })
    .onConflict((conflict) => conflict.columns(['municipality_id', 'household_id', 'client_key']).doNothing())
    .returning(RESERVED)
    .executeTakeFirst()
  if (topUp) {
    await recordAudit(trx, viewer, {
      action: 'top-up:start',
      objectType: 'top_up',
      objectId: topUp.id,
      details: { meals: topUp.meals, unitCents: topUp.unit_cents, method: topUp.method },
    })
  }
  return topUp
}

/** Longer than the slowest opening: the longest time-out of the provider, and what the database may take before and after. */
const CLAIM = '90 seconds'

const WAIT_STEP_MS = 200
const WAIT_STEPS = 150

/** A request with the same key came before: waits for its page, or takes over where it stopped. */
async function joinOrResume(
  viewer: Viewer,
  topUpId: string,
  gateway: PaymentGateway,
): Promise<Result<StartedTopUp>> {
  for (let step = 0; step < WAIT_STEPS; step += 1) {
    const now = await asFamily(viewer, (trx) => claimOrRead(trx, viewer.municipalityId, topUpId))
    if (now.claimed) return openPage(viewer, now, gateway, { isRetry: true })
    if (now.state !== 'created' || now.redirect_url !== null) {
      return ok({ topUpId, paymentUrl: now.state === 'redirected' ? now.redirect_url : null })
    }
    await new Promise((resolve) => setTimeout(resolve, WAIT_STEP_MS))
  }
  return ok({ topUpId, paymentUrl: null })
}

async function claimOrRead(
  trx: Trx,
  municipalityId: string,
  topUpId: string,
): Promise<Reserved & { claimed: boolean }> {
  const claimed = await trx
    .updateTable('top_up')
    .set({ creation_claimed_until: sql<Date>`app_now() + ${CLAIM}::interval` })
    .where('municipality_id', '=', municipalityId)
    .where('id', '=', topUpId)
    .where('state', '=', 'created')
    .where('redirect_url', 'is', null)
    .where((eb) =>
      eb.or([
        eb('creation_claimed_until', 'is', null),
        eb('creation_claimed_until', '<', sql<Date>`app_now()`),
      ]),
    )
    .returning(RESERVED)
    .executeTakeFirst()
  if (claimed) return { ...claimed, claimed: true }
  const row = await trx
    .selectFrom('top_up')
    .select(RESERVED)
    .where('municipality_id', '=', municipalityId)
    .where('id', '=', topUpId)
    .executeTakeFirstOrThrow()
  return { ...row, claimed: false }
}

/** Calls the provider, outside any transaction, and stores its answer. */
async function openPage(
  viewer: Viewer,
  topUp: Reserved,
  gateway: PaymentGateway,
  options: { isRetry: boolean },
): Promise<Result<StartedTopUp>> {
  const order = await orderOf(viewer, topUp)
  try {
    const created = await createOnce(gateway, order, options.isRetry)
    if (created) await storeCreated(viewer, topUp.id, created)
    else await releaseClaim(viewer, topUp.id)
    return ok({ topUpId: topUp.id, paymentUrl: created?.redirectUrl ?? null })
  } catch (error) {
    if (!(error instanceof GatewayError)) throw error
    if (error.failure !== 'permanent') {
      log().warn(
        { topUpId: topUp.id, code: error.code },
        'payments: provider opened no order, the payer may try again',
      )
      await releaseClaim(viewer, topUp.id)
      return refused('top-up:provider-unreachable')
    }
    // No page was ever handed out for this order, so it cannot have been paid; the poller still looks, to be sure.
    log().error({ topUpId: topUp.id, code: error.code }, 'payments: provider refused to open an order')
    await failCreation(viewer, topUp.id, error.code)
    await tellOffice(viewer, topUp.id)
    return ok({ topUpId: topUp.id, paymentUrl: null })
  }
}

type Order = Parameters<PaymentGateway['create']>[0]

/** Of the time that a person waits for the provider, the first call may take this much; what it left open is asked in the rest. */
const FIRST_CALL = 2 / 3

/**
 * One order at the provider, also when answers get lost: when it is not sure whether the order exists, the provider is
 * asked first and the same order id is used again. All of it within one time-out, because a person waits for it: what stays
 * open then is the worker's. Null: the order is already being paid.
 */
async function createOnce(
  gateway: PaymentGateway,
  order: Order,
  isRetry: boolean,
): Promise<CreatedOrder | null> {
  const until = performance.now() + gateway.timeoutMs
  const rest = () => Math.max(1, until - performance.now())
  if (!isRetry) {
    try {
      return await gateway.create(order, gateway.timeoutMs * FIRST_CALL)
    } catch (error) {
      if (!(error instanceof GatewayError) || error.failure !== 'ambiguous') throw error
    }
  }
  const { verdict } = await gateway.fetchOutcome(order, rest())
  if (verdict.kind !== 'not_found' && verdict.kind !== 'open') return null
  return gateway.create(order, rest())
}

async function orderOf(viewer: Viewer, topUp: Reserved): Promise<Order> {
  const [{ slug }, t] = await asFamily(viewer, (trx) =>
    Promise.all([
      trx
        .selectFrom('municipality')
        .select('slug')
        .where('id', '=', viewer.municipalityId)
        .executeTakeFirstOrThrow(),
      wordsOfPerson(trx, viewer.municipalityId, viewer.personId),
    ]),
  )
  const origin = env().PUBLIC_ORIGIN
  const page = `${origin}/${slug}/pagamenti/ricarica/${topUp.id}`
  return {
    orderId: topUp.order_id,
    amountCents: topUp.meals * topUp.unit_cents,
    method: topUp.method,
    description: t(plural('Ricarica mensa {n} pasto', 'Ricarica mensa {n} pasti'), {
      n: topUp.meals,
    }),
    language: t.language,
    resultUrl: `${page}?ritorno`,
    cancelUrl: `${page}?ritorno`,
    notificationUrl: `${origin}/api/pagamenti/nexi/${topUp.notification_key}`,
  }
}

/** The state moves only if nothing happened meanwhile: a notification may have been faster than the reply. */
const storeCreated = (viewer: Viewer, topUpId: string, created: CreatedOrder): Promise<void> =>
  asFamily(viewer, async (trx) => {
    await trx
      .updateTable('top_up')
      .set({
        redirect_url: created.redirectUrl,
        security_token_hash: created.secret === null ? null : hashOfSecret(created.secret),
        creation_claimed_until: null,
        updated_at: sql<Date>`app_now()`,
      })
      .where('municipality_id', '=', viewer.municipalityId)
      .where('id', '=', topUpId)
      .execute()
    await moveTopUp(trx, {
      municipalityId: viewer.municipalityId,
      topUpId,
      from: ['created'],
      to: 'redirected',
      cause: 'created',
    })
  })

const releaseClaim = (viewer: Viewer, topUpId: string): Promise<void> =>
  asFamily(viewer, async (trx) => {
    await trx
      .updateTable('top_up')
      .set({ creation_claimed_until: null })
      .where('municipality_id', '=', viewer.municipalityId)
      .where('id', '=', topUpId)
      .execute()
  })

const failCreation = (viewer: Viewer, topUpId: string, code: string): Promise<void> =>
  asFamily(viewer, async (trx) => {
    await moveTopUp(trx, {
      municipalityId: viewer.municipalityId,
      topUpId,
      from: ['created'],
      to: 'failed',
      cause: 'created',
      reason: code,
    })
  })

/** A provider that refuses one order refuses all: one case for the municipality, until the office has settled it. */
const tellOffice = ({ municipalityId, personId }: Viewer, topUpId: string): Promise<void> =>
  asSystem(municipalityId, async (trx) => {
    const open = await trx
      .selectFrom('payment_alarm')
      .select('id')
      .where('municipality_id', '=', municipalityId)
      .where('finding', '=', 'creation-failed')
      .where('settled_at', 'is', null)
      .executeTakeFirst()
    if (open) return
    const topUp = { id: topUpId, payerId: personId, isCredited: false }
    await raiseAlarms(trx, municipalityId, topUp, ['creation-failed'], null)
  })

const RETURN_PAUSE = '3 seconds'

/**
 * The payer looks at a top-up that is not paid: the worker asks the provider now instead of at the next appointed time. Also
 * when it looks refused or expired, because a second card may just have worked.
 * Reloading does not ask more often than every few seconds; `isReturn`, straight from the provider's page, always asks,
 * however fresh the last answer is, as often as its budget allows. Nothing else in the returning address is believed. As after a notification, the worker
 * reads `next_check_at` (`claimDue` in `settlement.commands.ts`).
 */
export async function hurryCheck(viewer: Viewer, topUpId: string, isReturn = false): Promise<void> {
  if (!allowedToFamily(viewer, 'invoices:read')) return
  await asFamily(viewer, async (trx) => {
    const asksNow = isReturn && (await takeFromBudget('top-up:return', topUpId, { trx })) === null
    await trx
      .updateTable('top_up')
      .set({ next_check_at: sql<Date>`app_now()`, hinted_at: sql<Date>`app_now()` })
      .where('municipality_id', '=', viewer.municipalityId)
      .where('id', '=', topUpId)
      .where('payer_id', '=', viewer.personId)
      .where('state', '!=', 'paid')
      .where('next_check_at', 'is not', null)
      .$if(!asksNow, (query) =>
        query.where(
          sql<boolean>`coalesce(greatest(hinted_at, answered_at), '-infinity') < app_now() - ${RETURN_PAUSE}::interval`,
        ),
      )
      .execute()
  })
}
