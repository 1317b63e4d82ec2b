import { randomUUID } from 'node:crypto'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { sql } from 'kysely'
import { expect } from 'vitest'
import { POST as notify } from '#app/api/pagamenti/nexi/[key]/route.ts'
import { forgetEnv } from '#lib/kernel/env.ts'
import { type PollResult, pollDueTopUps } from '#lib/payments/settlement.commands.ts'
import { startTopUp } from '#lib/payments/top-up.commands.ts'
import type { TopUpRequest } from '#lib/payments/top-up.input.ts'
import type { TopUpState } from '#lib/payments/top-up.ts'
import type { Faults } from '#simulators/payments/faults.ts'
import { type SimulatorOptions, startPaymentsSimulator } from '#simulators/payments/server.ts'
import { atEnd } from './at-end.ts'
import { testDatabase } from './database.ts'
import { type Household, ledgerFaults } from './factories.ts'

const API_KEY = 'only-for-tests'

/** One order as the simulated provider knows it. */
type ProviderOrder = {
  orderId: string
  amount: string
  session: string
  securityToken: string
  notificationUrl: string
  operations: { operationId: string; operationResult: string }[]
}

/** Notifications that the portal has been given and has not answered yet. */
const inHand = new Set<Promise<unknown>>()

export type PaymentsBench = Awaited<ReturnType<typeof paymentsBench>>

/**
 * The portal's notification address on real HTTP and a simulated provider on real HTTP, for one test file.
 * @param patienceMs how long the portal waits for the provider: short only where a time-out is what the test is about, since a
 * machine with much to do takes its time
 */
export async function paymentsBench({
  patienceMs = 8_000,
  ...options
}: Partial<SimulatorOptions> & { patienceMs?: number } = {}) {
  await testDatabase()
  const received: { key: string; status: number }[] = []
  const portal = createServer(async (request, response) => {
    const parts: Buffer[] = []
    for await (const part of request) parts.push(part)
    const key = decodeURIComponent(request.url?.split('/').at(-1) ?? '')
    const body = new Request('http://portal', { method: 'POST', body: Buffer.concat(parts) })
    const answering = notify(body, { params: Promise.resolve({ key }) })
    inHand.add(answering)
    const answer = await answering.finally(() => inHand.delete(answering))
    received.push({ key, status: answer.status })
    response.writeHead(answer.status).end()
  })
  await new Promise<void>((resolve) => portal.listen(0, '127.0.0.1', resolve))
  const simulator = await startPaymentsSimulator({
    port: 0,
    apiKey: API_KEY,
    retryMs: [200, 400],
    lateMs: 600,
    ...options,
  })
  Object.assign(process.env, {
    PUBLIC_ORIGIN: `http://localhost:${(portal.address() as AddressInfo).port}`,
    PAYMENTS_BASE_URL: simulator.apiUrl,
    PAYMENTS_API_KEY: API_KEY,
    PAYMENTS_TIMEOUT_MS: String(patienceMs),
  })
  forgetEnv()
  atEnd(async () => {
    await simulator.close()
    portal.closeAllConnections()
    await new Promise((resolve) => portal.close(resolve))
  })

  const control = async (path: string, body?: unknown) => {
    const response = await fetch(`${simulator.url}/__control/${path}`, {
      method: body === undefined ? 'GET' : 'POST',
      headers: { 'X-Api-Key': API_KEY },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    expect(response.status, path).toBe(200)
    return response.json()
  }

  return {
    simulator,
    orders: (): Promise<ProviderOrder[]> => control('orders') as Promise<ProviderOrder[]>,
    order: (orderId: string): Promise<ProviderOrder> =>
      control(`orders/${orderId}`) as Promise<ProviderOrder>,
    nextFaults: (faults: Partial<Faults>) => control('next-faults', faults),
    faults: (orderId: string, faults: Partial<Faults>) => control(`orders/${orderId}/faults`, faults),
    pay: (orderId: string, result = 'EXECUTED') => control(`orders/${orderId}/pay`, { result }),
    cancel: (orderId: string) => control(`orders/${orderId}/cancel`, {}),
    settle: (orderId: string, operationId: string, result: string) =>
      control(`orders/${orderId}/settle`, { operationId, result }),
    outage: (on: boolean) => control('outage', { on }),
    /** Waits until the portal has answered `count` notifications about a top-up; what it answered each time. */
    async answers(topUpId: string, count: number): Promise<number[]> {
      const { notification_key } = await topUpRow(topUpId)
      const mine = () => received.filter(({ key }) => key === notification_key).map(({ status }) => status)
      await until(() => mine().length >= count)
      return mine()
    },
  }
}

const LONGEST_MS = 20_000

/** Waits for something, twenty seconds at most. */
export async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  for (const from = performance.now(); performance.now() - from < LONGEST_MS; ) {
    if (await holds()) return
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
  throw new Error('what the test waits for did not happen in twenty seconds')
}

/** Twenty meals by card, as the recap's form would send it. */
export const aTopUpRequest = (household: Household, changes: Partial<TopUpRequest> = {}): TopUpRequest => ({
  accountId: household.accountId,
  meals: '20',
  method: 'card',
  clientKey: randomUUID(),
  expectedUnitCents: 540,
  ...changes,
})

/** A top-up whose page at the provider is open. */
export async function anOpenTopUp(
  household: Household,
  changes: Partial<TopUpRequest> = {},
): Promise<{ topUpId: string; orderId: string; paymentUrl: string }> {
  const result = await startTopUp(household.holderViewer, aTopUpRequest(household, changes))
  if (!result.ok || !result.value.paymentUrl) throw new Error(`no page was opened: ${JSON.stringify(result)}`)
  const { order_id } = await topUpRow(result.value.topUpId)
  return { topUpId: result.value.topUpId, orderId: order_id, paymentUrl: result.value.paymentUrl }
}

export async function topUpRow(topUpId: string) {
  const { owner } = await testDatabase()
  const row = await owner.selectFrom('top_up').selectAll().where('id', '=', topUpId).executeTakeFirstOrThrow()
  const found = await owner
    .selectFrom('payment_alarm')
    .select('finding')
    .where('top_up_id', '=', topUpId)
    .orderBy('raised_at')
    .orderBy('id')
    .execute()
  return { ...row, state: row.state as TopUpState, alarms: found.map(({ finding }) => finding) }
}

/**
 * Makes every open appointment fall due and lets the worker's poll run until none is left. A poll passes over a top-up that
 * a notification holds at that moment, and a worker would be back for it within seconds: so is this.
 */
export async function pollNow(): Promise<PollResult> {
  const { owner } = await testDatabase()
  await owner
    .updateTable('top_up')
    .set({ next_check_at: new Date('2000-01-01T00:00:00Z') })
    .where('next_check_at', 'is not', null)
    .execute()
  const result = await pollDueTopUps(1_000)
  while (inHand.size > 0 || (await isAnyDue())) {
    await Promise.all(inHand)
    const more = await pollDueTopUps(1_000)
    for (const end of ['checked', 'unanswered', 'failed'] as const) result[end] += more[end]
  }
  expect(result.failed).toBe(0)
  return result
}

/** Asks no more about what a test left open: another test has another clock, to which a hint of this one may be still to come. */
export async function askNoMore(): Promise<void> {
  const { owner } = await testDatabase()
  await owner.updateTable('top_up').set({ next_check_at: null }).execute()
}

async function isAnyDue(): Promise<boolean> {
  const { owner } = await testDatabase()
  const due = await owner
    .selectFrom('top_up as t')
    .innerJoin('municipality as m', 'm.id', 't.municipality_id')
    .select('t.id')
    .where('m.active', '=', true)
    .where('t.next_check_at', '<=', sql<Date>`app_now()`)
    .executeTakeFirst()
  return due !== undefined
}

/** What a top-up led to. */
export async function effectsOf(topUpId: string) {
  const { owner } = await testDatabase()
  const credits = await owner
    .selectFrom('entry')
    .select('amount_cents')
    .where('top_up_id', '=', topUpId)
    .where('amount_cents', '>', 0)
    .execute()
  const invoices = await owner
    .selectFrom('invoice')
    .select('total_cents')
    .where('top_up_id', '=', topUpId)
    .execute()
  const mails = await owner
    .selectFrom('outbox')
    .select('id')
    .where('dedupe_key', 'like', `top-up-paid:${topUpId}:email:%`)
    .execute()
  const settled = await owner
    .selectFrom('audit_event')
    .select('id')
    .where('action', '=', 'top-up:settled')
    .where('object_id', '=', topUpId)
    .execute()
  return {
    credits: credits.map((row) => row.amount_cents),
    invoices: invoices.map((row) => row.total_cents),
    mails: mails.length,
    settled: settled.length,
  }
}

/** Paid once: one credit, one invoice of the same total, one mail, one line in the register. */
export const PAID_ONCE = { credits: [10_800], invoices: [10_800], mails: 1, settled: 1 }
export const NOTHING = { credits: [], invoices: [], mails: 0, settled: 0 }

/**
 * What must hold after anything that can happen to payments: the ledger adds up, and for every top-up of the database
 * paid ⇔ one credit ⇔ one invoice, of the amount that was asked, and every step was a legal one.
 */
export async function expectMoneyIsRight(): Promise<void> {
  const { owner } = await testDatabase()
  expect(await ledgerFaults()).toBe(0)
  const topUps = await owner.selectFrom('top_up').select(['id', 'state', 'meals', 'unit_cents']).execute()
  for (const topUp of topUps) {
    const { credits, invoices } = await effectsOf(topUp.id)
    const expected = topUp.state === 'paid' ? [topUp.meals * topUp.unit_cents] : []
    expect({ state: topUp.state, credits, invoices }).toEqual({
      state: topUp.state,
      credits: expected,
      invoices: expected,
    })
  }
  const illegal = await owner
    .selectFrom('top_up_transition as t')
    .leftJoin('top_up_legal_transition as l', (join) =>
      join.onRef('l.from_state', '=', 't.from_state').onRef('l.to_state', '=', 't.to_state'),
    )
    .select('t.id')
    .where('l.from_state', 'is', null)
    .execute()
  expect(illegal).toEqual([])
}
