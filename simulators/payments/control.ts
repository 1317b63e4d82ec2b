import type { Answer } from './api.ts'
import { NO_FAULTS, readFaults } from './faults.ts'
import type { Notifier } from './notifications.ts'
import type { Order, Store } from './orders.ts'
import { cancel, pay, settle } from './payment.ts'

type ControlAnswer = Exclude<Answer, 'hang'>
type Input = Record<string, unknown>

/**
 * The interface for tests and demonstrations, behind the same key as the merchant's:
 * `GET orders`, `GET orders/{id}`, `POST next-faults` (the switches of the next order to be created), `POST outage {on}`,
 * `POST orders/{id}/faults`, `POST orders/{id}/pay {result?}`, `…/cancel`, `…/settle {operationId, result}`.
 */
export function controlInterface(context: { store: Store; notifier: Notifier }) {
  const { store } = context
  /** Everything but this interface answers 500 while true: an outage. */
  let down = false

  function answer(path: string, input: Input): ControlAnswer {
    const [, , what, orderId, action] = path.split('/')
    if (what === 'outage') {
      down = input.on === true
      return { status: 200, body: { down } }
    }
    if (what === 'next-faults') {
      const faults = readFaults(input)
      if (!faults) return { status: 400 }
      store.pushNextFaults(faults)
      return { status: 200, body: faults }
    }
    if (what === 'orders' && !orderId) return { status: 200, body: store.orders() }
    const order = what === 'orders' && orderId ? store.order(orderId) : undefined
    return order && change(order, action, input) ? { status: 200, body: order } : { status: 404 }
  }

  function change(order: Order, action: string | undefined, input: Input): boolean {
    switch (action) {
      case undefined:
        return true
      case 'faults': {
        const faults = readFaults(input)
        if (!faults) return false
        Object.assign(order.faults, NO_FAULTS, faults)
        store.save()
        return true
      }
      case 'pay':
        pay(context, order, input)
        return true
      case 'cancel':
        cancel(context, order)
        return true
      case 'settle':
        settle(context, order, String(input.operationId), String(input.result))
        return true
      default:
        return false
    }
  }

  return { answer, isDown: () => down }
}
