import { randomUUID } from 'node:crypto'
import { type Operation, type Order, type Store, shown } from './orders.ts'

const LATE_MS = 30_000

/** Delivers notifications as Nexi does: at least once, in no promised order, until the portal answers 200 or the retries end. */
export function notifier(store: Store, options: { retryMs: readonly number[]; lateMs?: number }) {
  const later = (order: Order, body: unknown, afterMs: number, attempt = 0) =>
    store.addJob({
      at: Date.now() + afterMs,
      kind: 'notify',
      orderId: order.orderId,
      body,
      attempt,
    })

  /** One delivery; answers the portal's HTTP status, 0 when it could not be reached. */
  async function deliver(order: Order, body: unknown): Promise<number> {
    try {
      const response = await fetch(order.notificationUrl, {
        method: 'POST',
        redirect: 'manual',
        headers: { 'Content-Type': 'application/json' },
        body: typeof body === 'string' ? body : JSON.stringify(body),
        signal: AbortSignal.timeout(15_000),
      })
      await response.arrayBuffer()
      return response.status
    } catch {
      return 0
    }
  }

  async function attempt(order: Order, body: unknown, count: number): Promise<void> {
    const status = await deliver(order, body)
    const pause = options.retryMs[count]
    if (status !== 200 && pause !== undefined) later(order, body, pause, count + 1)
  }

  return {
    attempt,
    /** Tells the portal about an operation, in the way this order's switches ask for. */
    announce(order: Order, operation: Operation): void {
      for (const { body, afterMs } of deliveriesOf(store, order, operation, options.lateMs ?? LATE_MS)) {
        later(order, body, afterMs)
      }
    },
  }
}

export type Notifier = ReturnType<typeof notifier>

export const notificationOf = (order: Order, operation: Operation) => ({
  eventId: randomUUID(),
  eventTime: new Date().toISOString(),
  securityToken: order.securityToken,
  operation: shown(operation),
})

type Delivery = { body: unknown; afterMs: number }

function deliveriesOf(store: Store, order: Order, operation: Operation, lateMs: number): Delivery[] {
  const body = notificationOf(order, operation)
  const changed = (change: Partial<Operation>) => notificationOf(order, { ...operation, ...change })
  switch (order.faults.notification) {
    case 'normal':
      return [{ body, afterMs: 0 }]
    case 'never':
      return []
    case 'late':
      return [{ body, afterMs: lateMs }]
    case 'twice':
      return [
        { body, afterMs: 0 },
        { body, afterMs: 0 },
      ]
    case 'outOfOrder':
      return [
        { body, afterMs: 0 },
        { body: changed({ operationResult: 'PENDING' }), afterMs: 1_000 },
      ]
    case 'wrongToken':
      return [{ body: { ...body, securityToken: randomUUID().replaceAll('-', '') }, afterMs: 0 }]
    case 'noToken':
      return [{ body: { ...body, securityToken: undefined }, afterMs: 0 }]
    case 'wrongAmount':
      return [{ body: changed({ operationAmount: '100000' }), afterMs: 0 }]
    case 'wrongOrder':
      return [{ body: changed({ orderId: anotherOrder(store, order) }), afterMs: 0 }]
    case 'malformed':
      return [{ body: '{"eventId":', afterMs: 0 }]
  }
}

const anotherOrder = (store: Store, order: Order): string =>
  store.orders().find((other) => other.orderId !== order.orderId)?.orderId ?? 'R00000000000000000'
