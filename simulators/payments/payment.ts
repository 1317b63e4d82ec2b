import type { Notifier } from './notifications.ts'
import type { Operation, Order, Store } from './orders.ts'

type Context = { store: Store; notifier: Notifier }

/** The published test cards of the sandbox. No other number is accepted, none is stored. */
export const TEST_CARDS: Readonly<Record<string, { circuit: 'VISA' | 'MASTERCARD'; result: string }>> = {
  '4349940199004549': { circuit: 'VISA', result: 'EXECUTED' },
  '5186151650005008': { circuit: 'MASTERCARD', result: 'EXECUTED' },
  '4349940199997007': { circuit: 'VISA', result: 'DECLINED' },
  '5533893874304465': { circuit: 'MASTERCARD', result: 'DECLINED' },
}

/** Invented banks of the MyBank list. */
export const BANKS = [
  'Banca del Mincio (simulata)',
  'Cassa delle Colline Moreniche (simulata)',
  'Credito Popolare Scaligero (simulato)',
] as const

export const isPaid = (order: Order): boolean =>
  order.operations.some(
    ({ operationType, operationResult }) =>
      operationType === 'AUTHORIZATION' && operationResult === 'EXECUTED',
  )

/** A card attempt or a bank's answer, with what this order's switches add to it. */
export function pay(
  context: Context,
  order: Order,
  attempt: {
    result?: string
    method?: 'CARD' | 'APM'
    circuit?: string
    instrument?: string
    quietly?: boolean
  } = {},
): Operation {
  const { store, notifier } = context
  const base = {
    paymentMethod: attempt.method ?? (order.service === 'MYBANK' ? 'APM' : 'CARD'),
    paymentCircuit: attempt.circuit ?? (order.service === 'MYBANK' ? 'MYBANK' : 'VISA'),
    paymentInstrumentInfo: attempt.instrument ?? '',
  } as const
  const result = attempt.result ?? 'EXECUTED'
  const succeeds = result === 'EXECUTED'
  if (succeeds && order.faults.payment === 'declinedThenExecuted') {
    announce(store.addOperation(order, { ...base, operationResult: 'DECLINED' }))
  }
  if (succeeds && order.faults.payment === 'paidTwice') {
    announce(store.addOperation(order, { ...base, operationResult: 'EXECUTED' }))
  }
  const shownResult = succeeds && order.faults.payment === 'authorizedOnly' ? 'AUTHORIZED' : result
  const operation = store.addOperation(order, {
    ...base,
    operationResult: shownResult,
  })
  if (shownResult !== 'PENDING') announce(operation)
  return operation

  function announce(made: Operation) {
    if (!attempt.quietly) notifier.announce(order, made)
  }
}

/** The payer gives up. With the switch on, the bank has already sent the money. */
export function cancel(context: Context, order: Order): void {
  const open = order.operations.find(({ operationResult }) => operationResult === 'PENDING')
  if (order.faults.payment === 'executedAfterCancel') {
    const operation = open ?? pay(context, order, { result: 'PENDING', quietly: true })
    context.store.addJob({
      at: Date.now() + 10_000,
      kind: 'result',
      orderId: order.orderId,
      operationId: operation.operationId,
      result: 'EXECUTED',
    })
    return
  }
  if (open) settle(context, order, open.operationId, 'CANCELED')
  else pay(context, order, { result: 'CANCELED' })
}

/** The bank's answer to an attempt that was under way. */
export function settle(
  { store, notifier }: Context,
  order: Order,
  operationId: string,
  result: string,
): void {
  const operation = order.operations.find((candidate) => candidate.operationId === operationId)
  if (operation?.operationResult !== 'PENDING') return
  operation.operationResult = result
  operation.operationTime = new Date().toISOString()
  store.save()
  notifier.announce(order, operation)
}
