import { sql } from 'kysely'
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { POST as notify } from '#app/api/pagamenti/nexi/[key]/route.ts'
import { closeDatabase } from '#db/client.ts'
import { forgetEnv } from '#lib/kernel/env.ts'
import { paymentGateway } from '#lib/payments/gateway.adapter.ts'
import { GatewayError } from '#lib/payments/gateway.ts'
import { checkTopUp, pollDueTopUps } from '#lib/payments/settlement.commands.ts'
import { hurryCheck, startTopUp } from '#lib/payments/top-up.commands.ts'
import { topUpView } from '#lib/payments/top-up.queries.ts'
import { expectOutput } from '#tests/support/console.ts'
import { setClock, testDatabase } from '#tests/support/database.ts'
import { aHousehold, aMunicipality, type Household, type TestMunicipality } from '#tests/support/factories.ts'
import {
  anOpenTopUp,
  askNoMore,
  aTopUpRequest,
  effectsOf,
  expectMoneyIsRight,
  NOTHING,
  PAID_ONCE,
  type PaymentsBench,
  paymentsBench,
  pollNow,
  topUpRow,
  until,
} from '#tests/support/payments.ts'

let bench: PaymentsBench
/** How long the portal waits for the provider: its first call may take two thirds of it. */
const PATIENCE_MS = 3_000
let municipality: TestMunicipality
let household: Household

beforeAll(async () => {
  bench = await paymentsBench({ patienceMs: PATIENCE_MS })
})

beforeEach(async () => {
  municipality = await aMunicipality()
  household = await aHousehold(municipality)
})

// The last is done first. A payment whose provider hangs would hang in every later test too.
afterEach(askNoMore)
afterEach(expectMoneyIsRight)

const stateOf = async (topUpId: string) => (await topUpRow(topUpId)).state

/** As if the top-up had been made that long ago. */
async function age(topUpId: string, interval: string): Promise<void> {
  const { owner } = await testDatabase()
  await sql`update top_up set created_at = created_at - ${interval}::interval where id = ${topUpId}`.execute(
    owner,
  )
}

const inboxOf = async (topUpId: string): Promise<string[]> => {
  const { owner } = await testDatabase()
  const rows = await owner
    .selectFrom('notification_inbox')
    .select('verdict')
    .where('top_up_id', '=', topUpId)
    .orderBy('id')
    .execute()
  return rows.map((row) => row.verdict)
}

/** A notification as any caller could send it. */
const send = async (key: string, body: unknown): Promise<number> => {
  const request = new Request('http://portal', { method: 'POST', body: JSON.stringify(body) })
  return (await notify(request, { params: Promise.resolve({ key }) })).status
}

const notificationFor = (order: { orderId: string; securityToken: string }) => ({
  eventId: 'event-1',
  eventTime: '2026-11-24T10:00:00Z',
  securityToken: order.securityToken,
  operation: {
    orderId: order.orderId,
    operationId: '1',
    operationType: 'AUTHORIZATION',
    operationResult: 'EXECUTED',
  },
})

describe('The provider stumbles while the page is opened', () => {
  test.each(['timeoutAfterCommit', 'errorAfterCommit', 'badJsonAfterCommit'] as const)(
    '%s: the order is looked for, no second one is made, and the family can start again',
    async (create) => {
      await bench.nextFaults({ create })
      const before = (await bench.orders()).length
      const result = await startTopUp(household.holderViewer, aTopUpRequest(household))
      if (!result.ok) throw new Error(result.code)
      expect(result.value.paymentUrl).toBeNull()
      expect((await bench.orders()).length).toBe(before + 1)
      expect(await stateOf(result.value.topUpId)).toBe('failed')
      await anOpenTopUp(household)
    },
  )

  test('a provider that hangs costs the person one time-out, and the same press later goes on with the same order', async () => {
    const request = aTopUpRequest(household)
    await bench.nextFaults({ create: 'timeoutAfterCommit', status: 'timeout' })
    const from = performance.now()
    const refusal = await startTopUp(household.holderViewer, request)
    const waitedMs = performance.now() - from
    expect(refusal).toMatchObject({ ok: false, code: 'top-up:provider-unreachable' })
    // Two time-outs one after the other, as once, would be twice as long at least.
    expect(waitedMs).toBeGreaterThan(PATIENCE_MS * 0.9)
    expect(waitedMs).toBeLessThan(PATIENCE_MS * 1.9)
  })

  test('an error before the order exists: the same order is made at the second try', async () => {
    await bench.nextFaults({ create: 'errorBeforeCommit' })
    const { topUpId, orderId } = await anOpenTopUp(household)
    expect((await bench.order(orderId)).orderId).toBe((await topUpRow(topUpId)).order_id)
  })

  test('the provider is away: nothing is charged, and the same press later goes on with the same order', async () => {
    const request = aTopUpRequest(household)
    await bench.outage(true)
    const refusal = await startTopUp(household.holderViewer, request)
    await bench.outage(false)
    expect(refusal).toMatchObject({ ok: false, code: 'top-up:provider-unreachable' })
    const result = await startTopUp(household.holderViewer, request)
    expect(result).toMatchObject({ ok: true, value: { paymentUrl: expect.stringContaining('/hpp/') } })
    const { owner } = await testDatabase()
    const rows = await owner
      .selectFrom('top_up')
      .select('id')
      .where('household_id', '=', household.householdId)
      .execute()
    expect(rows).toHaveLength(1)
  })

  test('a top-up under a key that the provider does not accept fails without money, and the page says so', async () => {
    await bench.nextFaults({ create: 'unauthorized' })
    const result = await startTopUp(household.holderViewer, aTopUpRequest(household))
    if (!result.ok) throw new Error(result.code)
    expect(result.value.paymentUrl).toBeNull()
    expect((await topUpView(household.holderViewer, result.value.topUpId))?.state).toBe('failed')
    expect((await topUpRow(result.value.topUpId)).alarms).toEqual(['creation-failed'])
    await bench.nextFaults({ create: 'unauthorized' })
    const again = await startTopUp(household.holderViewer, aTopUpRequest(household))
    expect(again.ok && (await topUpRow(again.value.topUpId)).alarms).toEqual([])
  })

  test('the time of a payment is the provider’s, which it writes as a clock in Italy shows it', async () => {
    const { topUpId, orderId } = await anOpenTopUp(household)
    await bench.faults(orderId, { notification: 'never' })
    const before = Date.now()
    await bench.pay(orderId)
    await pollNow()
    const { paid_at } = await topUpRow(topUpId)
    expect(paid_at?.getTime()).toBeGreaterThanOrEqual(before - 1_000)
    expect(paid_at?.getTime()).toBeLessThanOrEqual(Date.now())
  })

  test('no error of the provider carries the key', async () => {
    const error = await paymentGateway()
      .create({
        orderId: 'bad id!',
        amountCents: 540,
        method: 'card',
        description: '',
        language: 'it',
        resultUrl: 'http://a',
        cancelUrl: 'http://a',
        notificationUrl: 'http://a',
      })
      .catch((thrown: unknown) => thrown)
    expect(error).toBeInstanceOf(GatewayError)
    expect(error).toMatchObject({ failure: 'permanent', code: 'PS0026' })
    expect(JSON.stringify(error) + String(error)).not.toContain(process.env.PAYMENTS_API_KEY)
  })
})

describe('Notifications', () => {
  test('an honest one makes the worker ask, and the credit is there', async () => {
    const { topUpId, orderId } = await anOpenTopUp(household)
    await bench.pay(orderId)
    expect(await bench.answers(topUpId, 1)).toEqual([200])
    await pollDueTopUps()
    expect(await effectsOf(topUpId)).toEqual(PAID_ONCE)
  })

  test('one that is faster than the provider’s reply waits for the token, and is credited once', async () => {
    await bench.nextFaults({ create: 'paidBeforeReply' })
    const result = await startTopUp(household.holderViewer, aTopUpRequest(household))
    if (!result.ok) throw new Error(result.code)
    expect(await inboxOf(result.value.topUpId)).toEqual(['early'])
    await pollNow()
    expect(await effectsOf(result.value.topUpId)).toEqual(PAID_ONCE)
  })

  test('a hundred copies, together with poller and settlements, give one credit', async () => {
    const { topUpId, orderId } = await anOpenTopUp(household)
    await bench.faults(orderId, { notification: 'never' })
    await bench.pay(orderId)
    const key = (await topUpRow(topUpId)).notification_key
    const body = notificationFor(await bench.order(orderId))
    const copies = Array.from({ length: 100 }, () => send(key, body))
    const checks = Array.from({ length: 10 }, () => checkTopUp(municipality.municipalityId, topUpId, 'poll'))
    const statuses = await Promise.all(copies)
    await Promise.all([...checks, pollNow()])
    expect(new Set(statuses)).toEqual(new Set([200]))
    await pollNow()
    expect(await effectsOf(topUpId)).toEqual(PAID_ONCE)
    expect(await inboxOf(topUpId)).toEqual(['accepted'])
  })

  test('one that is lost, with the browser closed, loses no money: the poller finds it', async () => {
    const { topUpId, orderId } = await anOpenTopUp(household)
    await bench.faults(orderId, { notification: 'never' })
    await bench.pay(orderId)
    await pollNow()
    expect(await effectsOf(topUpId)).toEqual(PAID_ONCE)
  })

  test('an old "in corso" that comes after the success changes nothing', async () => {
    const { topUpId, orderId } = await anOpenTopUp(household)
    await bench.faults(orderId, { notification: 'outOfOrder' })
    await bench.pay(orderId)
    await bench.answers(topUpId, 1)
    await pollNow()
    await bench.answers(topUpId, 2)
    await bench.faults(orderId, { status: 'stillPending' })
    await pollNow()
    await checkTopUp(municipality.municipalityId, topUpId, 'poll')
    expect(await stateOf(topUpId)).toBe('paid')
    expect(await effectsOf(topUpId)).toEqual(PAID_ONCE)
    expect((await topUpRow(topUpId)).alarms).toEqual(['credited-but-not-paid'])
  })

  test.each([
    ['with a wrong token', 'wrongToken', 'wrong-token'],
    ['without a token', 'noToken', 'wrong-token'],
    ['for another order', 'wrongOrder', 'wrong-order'],
    ['unreadable', 'malformed', 'malformed'],
  ] as const)(
    '%s it is refused, kept as evidence, and the provider is not asked',
    async (_name, notification, verdict) => {
      const { topUpId, orderId } = await anOpenTopUp(household)
      const appointment = (await topUpRow(topUpId)).next_check_at
      await bench.faults(orderId, { notification })
      await bench.pay(orderId)
      expect((await bench.answers(topUpId, 1))[0]).toBe(400)
      expect(await inboxOf(topUpId)).toEqual([verdict])
      expect((await topUpRow(topUpId)).next_check_at).toEqual(appointment)
    },
  )

  test('one family’s honest notification sent to another family’s address is refused', async () => {
    const mine = await anOpenTopUp(household)
    const theirs = await anOpenTopUp(await aHousehold(municipality))
    await bench.faults(mine.orderId, { notification: 'never' })
    await bench.pay(mine.orderId)
    const stolen = notificationFor(await bench.order(mine.orderId))
    const theirKey = (await topUpRow(theirs.topUpId)).notification_key
    expect(await send(theirKey, stolen)).toBe(400)
    const relabelled = { ...stolen, operation: { ...stolen.operation, orderId: theirs.orderId } }
    expect(await send(theirKey, relabelled)).toBe(400)
    await pollNow()
    expect(await effectsOf(theirs.topUpId)).toEqual(NOTHING)
  })

  test('a forged one with the event id of the honest one does not keep the honest one out', async () => {
    const { topUpId, orderId } = await anOpenTopUp(household)
    const { notification_key } = await topUpRow(topUpId)
    const honest = notificationFor(await bench.order(orderId))
    expect(await send(notification_key, { ...honest, securityToken: 'guess' })).toBe(400)
    expect(await send(notification_key, honest)).toBe(200)
    expect(await inboxOf(topUpId)).toEqual(['wrong-token', 'accepted'])
  })

  test('several forged ones call a person, once', async () => {
    const { topUpId, orderId } = await anOpenTopUp(household)
    const { notification_key } = await topUpRow(topUpId)
    for (let guess = 0; guess < 7; guess += 1) {
      await send(notification_key, notificationFor({ orderId, securityToken: `guess ${guess}` }))
    }
    const { owner } = await testDatabase()
    const alarms = await owner
      .selectFrom('audit_event')
      .select('outcome')
      .where('object_id', '=', topUpId)
      .where('action', '=', 'top-up:forged-notifications')
      .execute()
    expect(alarms).toHaveLength(1)
  })

  test('an honest token does not make money: the provider says "in corso", so it stays in corso', async () => {
    const { topUpId, orderId } = await anOpenTopUp(household, { method: 'mybank' })
    await bench.pay(orderId, 'PENDING')
    const { notification_key } = await topUpRow(topUpId)
    expect(await send(notification_key, notificationFor(await bench.order(orderId)))).toBe(200)
    await pollNow()
    expect(await stateOf(topUpId)).toBe('pending')
    expect(await effectsOf(topUpId)).toEqual(NOTHING)
  })

  test('an amount written in the notification counts for nothing', async () => {
    const { topUpId, orderId } = await anOpenTopUp(household)
    await bench.faults(orderId, { notification: 'wrongAmount' })
    await bench.pay(orderId)
    await bench.answers(topUpId, 1)
    await pollNow()
    expect(await effectsOf(topUpId)).toEqual(PAID_ONCE)
  })

  test('addresses that are not ours, and bodies too large, are turned away', async () => {
    const { topUpId } = await anOpenTopUp(household)
    const { notification_key } = await topUpRow(topUpId)
    const almost = notification_key.replace(/.$/, (last) => (last === 'A' ? 'B' : 'A'))
    for (const key of ['x', `${notification_key}x`, almost, "'; drop table top_up"]) {
      expect(await send(key, {}), key).toBe(404)
    }
    expect(await send(notification_key, { filler: 'x'.repeat(70_000) })).toBe(413)
    expect(await inboxOf(topUpId)).toEqual([])
  })

  test('with the database down the answer is 503, and the provider’s next try is taken', async () => {
    const { topUpId, orderId } = await anOpenTopUp(household)
    const { notification_key } = await topUpRow(topUpId)
    const honest = notificationFor(await bench.order(orderId))
    expectOutput(/./)
    const address = process.env.DATABASE_WEB_URL
    await connectTo('postgres://refettorio_web@127.0.0.1:1/none')
    expect(await send(notification_key, honest)).toBe(503)
    await connectTo(address)
    expect(await send(notification_key, honest)).toBe(200)
    expect(await inboxOf(topUpId)).toEqual(['accepted'])
  })
})

async function connectTo(address: string | undefined): Promise<void> {
  await closeDatabase()
  process.env.DATABASE_WEB_URL = address
  forgetEnv()
}

describe('What the provider answers', () => {
  test('a success after expiry is credited once, and a person is told', async () => {
    const { topUpId, orderId } = await anOpenTopUp(household, { method: 'mybank' })
    await age(topUpId, '61 minutes')
    await pollNow()
    expect(await stateOf(topUpId)).toBe('expired')
    await bench.pay(orderId)
    await pollNow()
    await pollNow()
    expect(await effectsOf(topUpId)).toEqual(PAID_ONCE)
    expect((await topUpRow(topUpId)).alarms).toEqual(['late-success'])
  })

  test('a payment under way does not expire, however old', async () => {
    const { topUpId, orderId } = await anOpenTopUp(household, { method: 'mybank' })
    await bench.pay(orderId, 'PENDING')
    await age(topUpId, '2 days')
    await pollNow()
    expect(await stateOf(topUpId)).toBe('pending')
  })

  test('a success after the payer cancelled is credited once', async () => {
    const { topUpId, orderId } = await anOpenTopUp(household, { method: 'mybank' })
    await bench.cancel(orderId)
    await pollNow()
    expect(await stateOf(topUpId)).toBe('canceled')
    await bench.pay(orderId)
    await pollNow()
    expect(await effectsOf(topUpId)).toEqual(PAID_ONCE)
  })

  test('a declined card and then a good one on the same order is a payment', async () => {
    const { topUpId, orderId } = await anOpenTopUp(household)
    await bench.faults(orderId, { payment: 'declinedThenExecuted' })
    await bench.pay(orderId)
    await pollNow()
    expect(await effectsOf(topUpId)).toEqual(PAID_ONCE)
  })

  test('a declined card alone is no payment', async () => {
    const { topUpId, orderId } = await anOpenTopUp(household)
    await bench.pay(orderId, 'DECLINED')
    await pollNow()
    expect(await topUpRow(topUpId)).toMatchObject({ state: 'failed', reason: 'DECLINED' })
    expect(await effectsOf(topUpId)).toEqual(NOTHING)
  })

  test('two successes on one order are one credit and an alarm', async () => {
    const { topUpId, orderId } = await anOpenTopUp(household)
    await bench.faults(orderId, { payment: 'paidTwice' })
    await bench.pay(orderId)
    await pollNow()
    expect(await effectsOf(topUpId)).toEqual(PAID_ONCE)
    expect((await topUpRow(topUpId)).alarms).toEqual(['surplus'])
  })

  test('authorised is not collected', async () => {
    const { topUpId, orderId } = await anOpenTopUp(household)
    await bench.faults(orderId, { payment: 'authorizedOnly' })
    await bench.pay(orderId)
    await pollNow()
    expect(await stateOf(topUpId)).toBe('pending')
  })

  test.each(['wrongAmount', 'wrongCurrency', 'wrongOrder'] as const)(
    '%s: not credited, a person is told, and the family reads that it is being checked',
    async (status) => {
      const { topUpId, orderId } = await anOpenTopUp(household)
      await bench.faults(orderId, { status })
      await bench.pay(orderId)
      await pollNow()
      expect(await effectsOf(topUpId)).toEqual(NOTHING)
      expect((await topUpRow(topUpId)).alarms).toEqual(['mismatch'])
      expect(await topUpView(household.holderViewer, topUpId)).toMatchObject({ isUnderReview: true })
    },
  )

  test('an unknown word changes nothing and calls a person', async () => {
    const { topUpId, orderId } = await anOpenTopUp(household)
    await bench.faults(orderId, { status: 'unknownResult' })
    await bench.pay(orderId)
    await age(topUpId, '2 hours')
    await pollNow()
    expect(await topUpRow(topUpId)).toMatchObject({ state: 'redirected', alarms: ['unknown-answer'] })
  })

  test.each(['error', 'timeout'] as const)('%s: nothing changes and it is asked again', async (status) => {
    const { topUpId, orderId } = await anOpenTopUp(household)
    await bench.faults(orderId, { status, notification: 'never' })
    await bench.pay(orderId)
    await age(topUpId, '2 hours')
    const result = await pollNow()
    expect(result.unanswered).toBeGreaterThan(0)
    expect(await topUpRow(topUpId)).toMatchObject({ state: 'redirected', next_check_at: expect.any(Date) })
    await bench.faults(orderId, {})
    await pollNow()
    expect(await effectsOf(topUpId)).toEqual(PAID_ONCE)
  })

  test('a good card after a declined one that was already told: the payer never reads an old "non riuscito"', async () => {
    const { topUpId, orderId } = await anOpenTopUp(household)
    await bench.pay(orderId, 'DECLINED')
    await pollNow()
    expect(await topUpView(household.holderViewer, topUpId)).toMatchObject({
      state: 'failed',
      isBeingChecked: false,
    })
    await bench.pay(orderId)
    await bench.answers(topUpId, 2)
    expect(await topUpView(household.holderViewer, topUpId)).toMatchObject({ isBeingChecked: true })
    await pollDueTopUps()
    expect(await topUpView(household.holderViewer, topUpId)).toMatchObject({
      state: 'paid',
      isBeingChecked: false,
    })
  })

  test('also without any notification, the payer’s return makes the provider be asked', async () => {
    const { topUpId, orderId } = await anOpenTopUp(household)
    await bench.faults(orderId, { notification: 'never' })
    await bench.pay(orderId, 'DECLINED')
    await pollNow()
    await bench.pay(orderId)
    const { owner } = await testDatabase()
    await sql`update top_up set answered_at = answered_at - interval '1 minute' where id = ${topUpId}`.execute(
      owner,
    )
    await hurryCheck(household.holderViewer, topUpId)
    expect(await topUpView(household.holderViewer, topUpId)).toMatchObject({ isBeingChecked: true })
    await pollDueTopUps()
    expect(await effectsOf(topUpId)).toEqual(PAID_ONCE)
  })

  test('straight from the provider’s page it is asked again, however fresh the last answer is', async () => {
    const { topUpId, orderId } = await anOpenTopUp(household)
    await bench.faults(orderId, { notification: 'never' })
    await bench.pay(orderId, 'DECLINED')
    await pollNow()
    await bench.pay(orderId)
    await hurryCheck(household.holderViewer, topUpId, true)
    expect(await topUpView(household.holderViewer, topUpId)).toMatchObject({ isBeingChecked: true })
    await pollDueTopUps()
    expect(await topUpView(household.holderViewer, topUpId)).toMatchObject({ state: 'paid' })
  })

  test('reloading the page does not ask the provider more often than every few seconds', async () => {
    const { topUpId } = await anOpenTopUp(household)
    // Five reloads within one instant of the database's clock, however slow the machine is today.
    await setClock(new Date())
    try {
      for (let reload = 0; reload < 5; reload += 1) {
        await hurryCheck(household.holderViewer, topUpId)
        await pollDueTopUps()
      }
      expect((await topUpRow(topUpId)).checks).toBe(1)
    } finally {
      await setClock(null)
    }
  })

  test('a hint that comes while the provider is being asked makes it be asked again', async () => {
    const { topUpId, orderId } = await anOpenTopUp(household)
    const { owner } = await testDatabase()
    await sql`update top_up set hinted_at = app_now() + interval '1 hour' where id = ${topUpId}`.execute(
      owner,
    )
    await bench.pay(orderId, 'PENDING')
    await checkTopUp(municipality.municipalityId, topUpId, 'poll')
    const { next_check_at } = await topUpRow(topUpId)
    expect(next_check_at?.getTime()).toBeLessThanOrEqual(Date.now())
    await sql`update top_up set hinted_at = null where id = ${topUpId}`.execute(owner)
  })

  test('a payer who comes back without having paid has paid nothing', async () => {
    const { topUpId } = await anOpenTopUp(household)
    await pollNow()
    expect((await topUpView(household.holderViewer, topUpId))?.state).toBe('redirected')
    expect(await effectsOf(topUpId)).toEqual(NOTHING)
  })
})

describe('Several workers, and workers that die', () => {
  test('what a dead worker had claimed is taken up when its lease ends', async () => {
    const { topUpId, orderId } = await anOpenTopUp(household)
    await bench.faults(orderId, { notification: 'never', status: 'timeout' })
    await bench.pay(orderId)
    await pollNow()
    expect((await topUpRow(topUpId)).next_check_at?.getTime()).toBeGreaterThan(Date.now())
    const { checks } = await topUpRow(topUpId)
    await pollDueTopUps()
    expect((await topUpRow(topUpId)).checks).toBe(checks)
    await bench.faults(orderId, { notification: 'never' })
    await pollNow()
    expect(await effectsOf(topUpId)).toEqual(PAID_ONCE)
  })

  test('three polling together ask about each top-up once', async () => {
    const topUps = await Promise.all([1, 2, 3, 4].map(() => anOpenTopUp(household)))
    const { owner } = await testDatabase()
    await owner
      .updateTable('top_up')
      .set({ next_check_at: null })
      .where('household_id', '!=', household.householdId)
      .execute()
    await owner
      .updateTable('top_up')
      .set({ next_check_at: new Date('2026-01-01') })
      .where('household_id', '=', household.householdId)
      .execute()
    const results = await Promise.all([pollDueTopUps(), pollDueTopUps(), pollDueTopUps()])
    expect(results.reduce((sum, { checked }) => sum + checked, 0)).toBe(topUps.length)
  })
})

describe('Test and live', () => {
  test('a top-up made in live mode is never settled by a test provider', async () => {
    const { topUpId, orderId } = await anOpenTopUp(household)
    const { owner } = await testDatabase()
    await owner.updateTable('top_up').set({ provider_mode: 'live' }).where('id', '=', topUpId).execute()
    await bench.pay(orderId)
    await pollNow()
    expect(await effectsOf(topUpId)).toEqual(NOTHING)
    expect(await topUpRow(topUpId)).toMatchObject({
      state: 'redirected',
      alarms: ['mode-mixed'],
    })
  })
})

describe('The simulated provider', () => {
  test('keeps its rules: no key, no correlation id, no number, another currency', async () => {
    const call = async (headers: Record<string, string>, body: unknown) => {
      const response = await fetch(`${bench.simulator.apiUrl}/orders/hpp`, {
        method: 'POST',
        headers,
        body: JSON.stringify(body),
      })
      const answer = await response.text()
      return `${response.status} ${answer ? (JSON.parse(answer).errors?.[0]?.code ?? '') : ''}`.trim()
    }
    const headers = { 'X-Api-Key': 'only-for-tests', 'Correlation-Id': crypto.randomUUID() }
    const order = { orderId: 'R1', amount: '540', currency: 'EUR' }
    const paymentSession = {
      actionType: 'PAY',
      amount: '540',
      resultUrl: 'http://a',
      cancelUrl: 'http://a',
      notificationUrl: 'http://a',
    }
    const withOrder = (change: object) => ({ order: { ...order, ...change }, paymentSession })
    expect(await call({}, {})).toBe('401')
    expect(await call({ 'X-Api-Key': 'only-for-tests' }, {})).toBe('400 PS0026')
    expect(await call(headers, withOrder({ amount: 540 }))).toBe('400 PS0036')
    expect(await call(headers, withOrder({ currency: 'USD' }))).toBe('400 PS0009')
    expect(await call(headers, withOrder({ orderId: 'R'.repeat(19) }))).toBe('400 PS0026')
    const tooMuch = { order, paymentSession: { ...paymentSession, amount: '541' } }
    expect(await call(headers, tooMuch)).toBe('400 PS0007')
    expect(await call(headers, withOrder({}))).toBe('200')
    expect(await call(headers, withOrder({}))).toBe('400 PS0026')
  })

  test('refunds once per key, and never more than was paid', async () => {
    const { orderId } = await anOpenTopUp(household)
    await bench.pay(orderId)
    await pollNow()
    const operationId = (await bench.order(orderId)).operations[0]?.operationId ?? ''
    const gateway = paymentGateway()
    const ask = (amountCents: number, idempotencyKey: string) =>
      gateway.refund({ operationId, amountCents, idempotencyKey, description: 'prova' })
    const first = await ask(540, 'one')
    expect(await ask(540, 'one')).toEqual(first)
    await expect(ask(10_800, 'two')).rejects.toMatchObject({ code: 'PS0029', failure: 'permanent' })
    await ask(10_260, 'three')
    await expect(ask(1, 'four')).rejects.toMatchObject({ code: 'PS0027' })
    const listed: string[] = []
    const [from, to] = [new Date(Date.now() - 60_000), new Date(Date.now() + 60_000)]
    for await (const operation of gateway.listOperations(from, to)) {
      if (operation.orderId === orderId) listed.push(operation.result)
    }
    expect(listed.sort()).toEqual(['EXECUTED', 'REFUNDED', 'REFUNDED'])
  })

  test('takes the published test cards and no other number', async () => {
    const { topUpId, orderId, paymentUrl } = await anOpenTopUp(household)
    const pay = (pan: string) =>
      fetch(`${paymentUrl}/carta`, {
        method: 'POST',
        redirect: 'manual',
        body: new URLSearchParams({ pan }),
      })
    expect((await pay('4111 1111 1111 1111')).status).toBe(422)
    expect((await pay('4349 9401 9999 7007')).status).toBe(200)
    const good = await pay('4349 9401 9900 4549')
    expect(good.status).toBe(303)
    expect(good.headers.get('location')).toContain(`/pagamenti/ricarica/${topUpId}`)
    expect(JSON.stringify(await bench.order(orderId))).not.toContain('4349940199004549')
    await until(async () => (await inboxOf(topUpId)).length > 0)
    await pollNow()
    expect(await effectsOf(topUpId)).toEqual(PAID_ONCE)
  })

  test('a MyBank payer who leaves without an answer stays in corso, and may still approve', async () => {
    const { topUpId, paymentUrl } = await anOpenTopUp(household, { method: 'mybank' })
    const post = (path: string, form: Record<string, string>) =>
      fetch(`${paymentUrl}/${path}`, { method: 'POST', redirect: 'manual', body: new URLSearchParams(form) })
    const bank = await (await post('banca', { bank: '0' })).text()
    expect(bank).toContain('SIMULAZIONE')
    const operation = /name="operation" value="(\d+)"/.exec(bank)?.[1] ?? ''
    expect((await post('risposta', { operation, answer: 'close' })).status).toBe(200)
    await pollNow()
    expect(await stateOf(topUpId)).toBe('pending')
    expect((await post('risposta', { operation, answer: 'approve' })).status).toBe(303)
    await pollNow()
    expect(await effectsOf(topUpId)).toEqual(PAID_ONCE)
  })
})
