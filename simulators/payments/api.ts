import type { IncomingMessage } from 'node:http'
import type { Notifier } from './notifications.ts'
import { notificationOf } from './notifications.ts'
import { type Operation, type Order, type Store, shown } from './orders.ts'
import { pay } from './payment.ts'

export const API_PATH = '/api/phoenix-0.0/psp/api/v1'

/** `hang`: the connection stays open without an answer, as a provider in trouble does. */
export type Answer = { status: number; body?: unknown; raw?: string } | 'hang'

type ApiContext = {
  store: Store
  notifier: Notifier
  apiKey: string
  publicUrl: string
  reopenDuplicates: boolean
}

const error = (status: number, code: string, description: string): Answer => ({
  status,
  body: { errors: [{ code, description }] },
})
const invalid = (parameter: string) => error(400, 'PS0026', `Invalid ${parameter} parameter`)
const done = (body: unknown): Answer => ({ status: 200, body })

/** The merchant's REST interface: what the portal's adapter speaks to. */
export async function answerApi(
  context: ApiContext,
  request: IncomingMessage,
  path: string,
  query: URLSearchParams,
  body: string,
): Promise<Answer> {
  if (request.headers['x-api-key'] !== context.apiKey) return { status: 401 }
  if (!/^[0-9a-f-]{36}$/i.test(header(request, 'correlation-id'))) return invalid('Correlation-Id')
  const route = `${request.method} ${path}`
  if (route === 'POST /orders/hpp') return createOrder(context, body)
  if (route === 'GET /orders') return findOrders(context.store, query)
  if (route === 'GET /operations') return findOperations(context.store, query)
  const order = /^GET \/orders\/([^/]+)$/.exec(route)
  if (order) return orderStatus(context.store, decodeURIComponent(order[1] as string))
  const refund = /^POST \/operations\/([^/]+)\/refunds$/.exec(route)
  if (refund) return refundOperation(context, refund[1] as string, header(request, 'idempotency-key'), body)
  const operation = /^GET \/operations\/([^/]+)$/.exec(route)
  if (operation) {
    const found = context.store.operation(operation[1] as string)
    return found ? done(shown(found)) : { status: 404 }
  }
  return { status: 404 }
}

const header = (request: IncomingMessage, name: string): string => String(request.headers[name] ?? '')

const ORDER_ID = /^[A-Za-z0-9#*+\-.:;=?[\]_{|}]{1,18}$/

async function createOrder(context: ApiContext, body: string): Promise<Answer> {
  const { store } = context
  const fault = store.peekNextFaults().create ?? 'normal'
  if (fault === 'errorBeforeCommit' || fault === 'unauthorized') {
    store.dropNextFaults()
    return fault === 'unauthorized' ? { status: 401 } : error(500, 'PS0000', 'Generic API error')
  }
  const checked = checkOrder(body)
  if ('status' in checked) return checked
  const existing = store.order(checked.orderId)
  if (existing) {
    const canReopen = context.reopenDuplicates && existing.operations.length === 0
    return canReopen ? done(created(context, existing)) : invalid('orderId')
  }
  const order = store.addOrder(checked)
  switch (order.faults.create) {
    case 'errorAfterCommit':
      return error(500, 'PS0000', 'Generic API error')
    case 'timeoutAfterCommit':
      return 'hang'
    case 'badJsonAfterCommit':
      return { status: 200, raw: '<html>Service unavailable' }
    case 'paidBeforeReply': {
      const operation = pay(context, order, { quietly: true })
      await context.notifier.attempt(order, notificationOf(order, operation), 0)
      return done(created(context, order))
    }
    default:
      return done(created(context, order))
  }
}

const created = ({ publicUrl }: ApiContext, order: Order) => ({
  hostedPage: `${publicUrl}/hpp/${order.session}`,
  securityToken: order.securityToken,
})

type CheckedOrder = Parameters<Store['addOrder']>[0]

function checkOrder(body: string): CheckedOrder | Exclude<Answer, 'hang'> {
  const parsed = parseJson(body)
  const order = parsed?.order as Record<string, unknown> | undefined
  const session = parsed?.paymentSession as Record<string, unknown> | undefined
  const fail = (answer: Answer) => answer as Exclude<Answer, 'hang'>
  if (!order || !session) return fail(error(400, 'PS0035', 'Generic Json Processing Error'))
  if (!ORDER_ID.test(String(order.orderId ?? ''))) return fail(invalid('orderId'))
  if (!isCents(order.amount) || !isCents(session.amount)) {
    return fail(error(400, 'PS0036', 'Invalid provided order amount. It must be numeric'))
  }
  if (order.currency !== 'EUR') return fail(error(400, 'PS0009', 'Invalid requested currency'))
  if (Number(session.amount) > Number(order.amount)) {
    return fail(error(400, 'PS0007', 'PaymentSession amount must be lower or equal to order amount'))
  }
  if (session.actionType !== 'PAY') return fail(invalid('actionType'))
  if (!/^[a-z]{3}$/.test(String(session.language ?? 'ita'))) return fail(invalid('language'))
  if (!['CARDS', 'MYBANK', undefined].includes(session.paymentService as string | undefined)) {
    return fail(invalid('paymentService'))
  }
  for (const name of ['resultUrl', 'cancelUrl', 'notificationUrl'] as const) {
    if (!isUrl(session[name])) return fail(invalid(name))
  }
  for (const [name, most] of [
    ['description', 255],
    ['customField', 255],
    ['customerId', 27],
  ] as const) {
    if (String(order[name] ?? '').length > most) return fail(invalid(name))
  }
  return {
    orderId: String(order.orderId),
    amount: String(order.amount),
    currency: 'EUR',
    description: String(order.description ?? ''),
    customField: String(order.customField ?? ''),
    service: (session.paymentService as 'CARDS' | 'MYBANK' | undefined) ?? null,
    resultUrl: String(session.resultUrl),
    cancelUrl: String(session.cancelUrl),
    notificationUrl: String(session.notificationUrl),
  }
}

function orderStatus(store: Store, orderId: string): Answer {
  const order = store.order(orderId)
  if (!order || order.faults.status === 'notFound') return { status: 404 }
  switch (order.faults.status) {
    case 'error':
      return error(500, 'PS0000', 'Generic API error')
    case 'timeout':
      return 'hang'
    case 'wrongAmount':
      return done(statusOf(disguised(order, { amount: '540', operationAmount: '540' })))
    case 'wrongCurrency':
      return done(statusOf(disguised(order, { currency: 'USD', operationCurrency: 'USD' })))
    case 'wrongOrder':
      return done(statusOf(disguised(order, { orderId: 'R00000000000000000' })))
    case 'unknownResult':
      return done(statusOf(disguised(order, { operationResult: 'HALF_DONE' })))
    case 'stillPending':
      return done(statusOf(disguised(order, { operationResult: 'PENDING' })))
    default:
      return done(statusOf(order))
  }
}

/** The same order as a provider with a fault would report it. */
const disguised = (order: Order, change: Partial<Order> & Partial<Operation>): Order => {
  const { amount, currency, orderId, ...ofOperation } = change
  return {
    ...order,
    amount: amount ?? order.amount,
    currency: currency ?? order.currency,
    orderId: orderId ?? order.orderId,
    operations: order.operations.map((operation) => ({
      ...operation,
      ...ofOperation,
      orderId: orderId ?? operation.orderId,
    })),
  }
}

function statusOf(order: Order) {
  const last = order.operations.at(-1)
  const sum = (results: string[]) =>
    String(
      order.operations
        .filter(
          ({ operationType, operationResult }) =>
            operationType === 'AUTHORIZATION' && results.includes(operationResult),
        )
        .reduce((total, { operationAmount }) => total + Number(operationAmount), 0),
    )
  return {
    orderStatus: {
      order: {
        orderId: order.orderId,
        amount: order.amount,
        currency: order.currency,
        description: order.description,
        customField: order.customField,
      },
      authorizedAmount: sum(['EXECUTED', 'AUTHORIZED']),
      capturedAmount: sum(['EXECUTED']),
      ...(last
        ? {
            lastOperationType: last.operationType,
            lastOperationTime: last.operationTime,
          }
        : {}),
    },
    operations: order.operations.map(shown),
    paymentLinks: [],
  }
}

function findOrders(store: Store, query: URLSearchParams): Answer {
  const interval = readInterval(query)
  if ('status' in interval) return interval
  const orders = store
    .orders()
    .filter((order) => inside(order.createdAt, interval))
    .filter((order) => !query.get('customField') || order.customField === query.get('customField'))
    .sort((a, b) => b.createdAt.localeCompare(a.createdAt))
  return done({
    orders: orders.slice(0, interval.most).map((order) => statusOf(order).orderStatus),
  })
}

function findOperations(store: Store, query: URLSearchParams): Answer {
  const interval = readInterval(query)
  if ('status' in interval) return interval
  const operations = store
    .orders()
    .flatMap((order) => order.operations)
    .filter((operation) => inside(operation.operationTime, interval))
    .filter(
      ({ operationType }) => !query.get('operationType') || operationType === query.get('operationType'),
    )
    .sort((a, b) => b.operationTime.localeCompare(a.operationTime))
  return done({ operations: operations.slice(0, interval.most).map(shown) })
}

type Interval = { from: number; to: number; most: number }
const MONTH_MS = 31 * 24 * 3_600_000

function readInterval(query: URLSearchParams): Interval | Exclude<Answer, 'hang'> {
  const from = Date.parse(query.get('fromTime') ?? '')
  const to = query.has('toTime') ? Date.parse(query.get('toTime') as string) : Date.now()
  const most = Number(query.get('maxRecords') ?? '100')
  const fail = (answer: Answer) => answer as Exclude<Answer, 'hang'>
  if (Number.isNaN(from) || Number.isNaN(to))
    return fail(error(400, 'PS0010', 'Invalid requested date. The date must be in ISO8601 format'))
  if (from > to || to - from > MONTH_MS) {
    return fail(error(400, 'PS0012', 'Invalid provided time. Dates from/to are incorrect.'))
  }
  if (!Number.isInteger(most) || most < 1 || most > 500) return fail(invalid('maxRecords'))
  return { from, to, most }
}

const inside = (time: string, { from, to }: Interval): boolean => {
  const at = Date.parse(time)
  return at >= from && at <= to
}

function refundOperation(
  { store, notifier }: ApiContext,
  operationId: string,
  key: string,
  body: string,
): Answer {
  if (!/^[\x21-\x7e]{1,63}$/.test(key)) {
    return error(400, 'PS0025', 'The idempotency key is wrong or missing in the request.')
  }
  const operation = store.operation(operationId)
  const order = operation && store.order(operation.orderId)
  if (!operation || !order) return { status: 404 }
  const asked = parseJson(body)
  if (!asked) return error(400, 'PS0035', 'Generic Json Processing Error')
  if (!isCents(asked.amount)) return error(400, 'PS0036', 'Invalid provided order amount. It must be numeric')
  const fingerprint = `${operationId}/${asked.amount}`
  const before = store.refund(key)
  if (before) {
    if (before.fingerprint !== fingerprint) {
      return error(400, 'PS0025', 'The idempotency key is wrong or missing in the request.')
    }
    return done({
      operationId: before.operationId,
      operationTime: before.operationTime,
    })
  }
  if (order.faults.refund === 'refused') return error(400, 'PS0000', 'Generic API error')
  if (operation.operationResult === 'VOIDED') return error(400, 'PS0028', 'Operation already voided')
  const refunded = order.operations
    .filter(({ cancelledOperationId }) => cancelledOperationId === operationId)
    .reduce((sum, { operationAmount }) => sum + Number(operationAmount), 0)
  if (refunded >= Number(operation.operationAmount)) return error(400, 'PS0027', 'Operation already refunded')
  if (
    operation.operationResult !== 'EXECUTED' ||
    refunded + Number(asked.amount) > Number(operation.operationAmount)
  ) {
    return error(400, 'PS0029', 'The refundable amount must be equal or lower than the captured amount')
  }
  const refund = store.addOperation(order, {
    operationType: 'REFUND',
    operationResult: 'REFUNDED',
    paymentMethod: operation.paymentMethod,
    paymentCircuit: operation.paymentCircuit,
    operationAmount: String(asked.amount),
    cancelledOperationId: operationId,
  })
  store.rememberRefund(key, {
    fingerprint,
    operationId: refund.operationId,
    operationTime: refund.operationTime,
  })
  notifier.announce(order, refund)
  if (order.faults.refund === 'errorAfterCommit') return error(500, 'PS0000', 'Generic API error')
  return done({
    operationId: refund.operationId,
    operationTime: refund.operationTime,
  })
}

function parseJson(body: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(body)
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : null
  } catch {
    return null
  }
}

const isCents = (value: unknown): boolean => typeof value === 'string' && /^[1-9]\d{0,10}$/.test(value)

const isUrl = (value: unknown): boolean =>
  typeof value === 'string' && value.length <= 2048 && URL.canParse(value) && /^https?:/.test(value)
