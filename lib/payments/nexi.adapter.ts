import { randomUUID } from 'node:crypto'
import { instantInRome, parseDay } from '#lib/kernel/day.ts'
import type { Cents } from '#lib/kernel/money.ts'
import { movesMoney, NEXI_LIVE_URL } from '#lib/kernel/nexi-address.ts'
import { trimEndOf } from '#lib/kernel/trim.ts'
import type { Language } from '#lib/words/language.ts'
import {
  type CreatedOrder,
  GatewayError,
  type GatewayFailure,
  type OrderRequest,
  type Outcome,
  type ParsedNotification,
  type PaymentGateway,
  type PaymentVerdict,
  type ProviderMode,
  type ProviderOperation,
  type TopUpMethod,
} from './gateway.ts'

export type NexiConfig = {
  /** Without the trailing slash, `…/psp/api/v1` for Nexi. */
  baseUrl: string
  apiKey: string
  mode: ProviderMode
  /** Whole-call limit in milliseconds. */
  timeoutMs: number
}

const SERVICES: Record<TopUpMethod, string> = { card: 'CARDS', mybank: 'MYBANK' }
/** Larger than any answer Nexi documents; more is refused rather than read. */
const MAX_ANSWER_BYTES = 2_000_000
const PAGE = 500

const MONEY_IN = new Set(['AUTHORIZATION', 'CAPTURE'])
const MONEY_OUT = new Set(['REFUND', 'VOID', 'CANCEL'])
/** Nexi says the currency by its letters or, on some paths, by its number of ISO 4217. */
const EURO = new Set(['EUR', '978'])
const MONEY_OUT_DONE = new Set(['EXECUTED', 'REFUNDED', 'VOIDED', 'CANCELED', 'CANCELLED'])
const UNDER_WAY = new Set(['PENDING', 'THREEDS_VALIDATED', 'AUTHORIZED'])
const FAILED = new Set(['DECLINED', 'DENIED_BY_RISK', 'THREEDS_FAILED', '3DS_FAILED', 'FAILED'])
const CANCELED = new Set(['CANCELED', 'CANCELLED'])

/**
 * Nexi XPay "NPG" (hosted payment page).
 * Contract: the REST API as Nexi's plugin 8.3.3 and published specification use it.
 */
export function nexiGateway(config: NexiConfig): PaymentGateway {
  refuseMixedMode(config)
  const call = caller(config)
  return {
    provider: 'nexi_npg',
    mode: config.mode,
    timeoutMs: config.timeoutMs,
    create: async (order, withinMs) =>
      readCreated(await call('POST', '/orders/hpp', { body: hostedPageRequest(order), withinMs })),
    parseNotification,
    fetchOutcome: async (order, withinMs) => {
      const path = `/orders/${encodeURIComponent(order.orderId)}`
      const answer = await call('GET', path, { absentIsFine: true, withinMs })
      return answer === null ? { verdict: { kind: 'not_found' }, operations: [] } : readOutcome(answer, order)
    },
    refund: async (request) => {
      const answer = await call('POST', `/operations/${encodeURIComponent(request.operationId)}/refunds`, {
        body: {
          amount: String(request.amountCents),
          currency: 'EUR',
          description: request.description,
        },
        headers: { 'Idempotency-Key': request.idempotencyKey },
      })
      const refundRef = text(field(answer, 'operationId'))
      if (!refundRef) throw new GatewayError('ambiguous', 'BAD_ANSWER', 'refund')
      return { refundRef }
    },
    listOperations: (from, to) => listOperations(call, from, to),
  }
}

/** A simulator or sandbox address in live mode would credit money that was not paid, and the live address in test mode would take it. */
function refuseMixedMode({ baseUrl, mode }: NexiConfig): void {
  const live = movesMoney(baseUrl)
  if (live !== (mode === 'live')) {
    throw new Error(
      mode === 'live'
        ? `payments are in live mode but the provider address is not ${NEXI_LIVE_URL}`
        : 'payments are in test mode but the provider address is the live one',
    )
  }
}

/** Languages of the provider's page (ISO 639-2); other readers get it in English. */
const PAGE_LANGUAGES: Readonly<Partial<Record<Language, string>>> = { it: 'ita', en: 'eng', ar: 'ara' }

const hostedPageRequest = (order: OrderRequest) => ({
  order: {
    orderId: order.orderId,
    amount: String(order.amountCents),
    currency: 'EUR',
    description: order.description,
  },
  paymentSession: {
    actionType: 'PAY',
    amount: String(order.amountCents),
    recurrence: { action: 'NO_RECURRING' },
    // Only cards can be captured later; top-ups are always captured immediately.
    ...(order.method === 'card' ? { captureType: 'IMPLICIT' } : {}),
    exemptions: 'NO_PREFERENCE',
    language: PAGE_LANGUAGES[order.language] ?? 'eng',
    paymentService: SERVICES[order.method],
    resultUrl: order.resultUrl,
    cancelUrl: order.cancelUrl,
    notificationUrl: order.notificationUrl,
  },
})

function readCreated(answer: unknown): CreatedOrder {
  const redirectUrl = text(field(answer, 'hostedPage'))
  if (!redirectUrl || !URL.canParse(redirectUrl) || !/^https?:/.test(redirectUrl)) {
    throw new GatewayError('ambiguous', 'BAD_ANSWER', 'create')
  }
  return { redirectUrl, secret: text(field(answer, 'securityToken')) }
}

/** Reads a notification body; anything that is not one is an answer, never an exception. */
export function parseNotification(raw: Uint8Array): ParsedNotification {
  let body: unknown
  try {
    body = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(raw))
  } catch {
    return { ok: false, why: 'not JSON' }
  }
  const operation = field(body, 'operation')
  const orderRef = text(field(operation, 'orderId'))
  const eventId = said(field(body, 'eventId'))
  if (!orderRef || orderRef.length > 27) return { ok: false, why: 'no order id' }
  if (!eventId || eventId.length > 100) return { ok: false, why: 'no event id' }
  return {
    ok: true,
    orderRef,
    dedupeKey: eventId,
    secret: text(field(body, 'securityToken')),
    operationResult: (text(field(operation, 'operationResult')) ?? '').slice(0, 60),
  }
}

/**
 * Reads `GET /orders/{id}` against the order we made.
 * All operations count: a declined first card followed by a good second one is a payment.
 */
export function readOutcome(answer: unknown, ours: { orderId: string; amountCents: Cents }): Outcome {
  const order = field(field(answer, 'orderStatus'), 'order')
  const operations = latestPerOperation(list(field(answer, 'operations')).map(readOperation))
  const captured = cents(field(field(answer, 'orderStatus'), 'capturedAmount'))
  const wrong = orderMismatch(order, ours)
  return {
    verdict: wrong ? { kind: 'mismatch', what: wrong } : judge(withoutUndone(operations), captured, ours),
    operations: operations.map(({ undoes: _, ...operation }) => operation),
  }
}

/** What Nexi lists, with the operation that a CANCEL takes back: undoing a refund leaves the money in. */
type Listed = ProviderOperation & { undoes: string | null }

/** The operations that count: a refund and the CANCEL that undid it both go. */
function withoutUndone(operations: readonly Listed[]): ProviderOperation[] {
  const refunds = new Set(operations.filter(({ type }) => type === 'REFUND').map((one) => one.operationId))
  const undoing = operations.filter(
    ({ type, result, undoes }) =>
      type === 'CANCEL' && MONEY_OUT_DONE.has(result) && undoes !== null && refunds.has(undoes),
  )
  const gone = new Set(undoing.flatMap(({ operationId, undoes }) => [operationId, undoes]))
  return operations.filter(({ operationId }) => !gone.has(operationId))
}

function orderMismatch(order: unknown, ours: { orderId: string; amountCents: Cents }): string | null {
  if (text(field(order, 'orderId')) !== ours.orderId) return 'order id'
  if (cents(field(order, 'amount')) !== ours.amountCents) return 'order amount'
  if (!EURO.has(said(field(order, 'currency')) ?? '')) return 'order currency'
  return null
}

function judge(
  operations: ProviderOperation[],
  capturedCents: Cents | null,
  ours: { orderId: string; amountCents: Cents },
): PaymentVerdict {
  const isCaptured = capturedCents !== null && capturedCents >= ours.amountCents
  const successes = operations.filter(
    ({ type, result }) =>
      MONEY_IN.has(type) &&
      (result === 'EXECUTED' || (type === 'AUTHORIZATION' && result === 'AUTHORIZED' && isCaptured)),
  )
  for (const success of successes) {
    const wrong = operationMismatch(success, ours)
    if (wrong) return { kind: 'mismatch', what: wrong }
  }
  return successes.length > 0
    ? judgeMoney(operations, successes, ours.amountCents)
    : judgeNoMoney(operations, ours.amountCents)
}

function operationMismatch(
  operation: ProviderOperation,
  ours: { orderId: string; amountCents: Cents },
): string | null {
  if (operation.orderId !== ours.orderId) return 'operation order id'
  if (operation.amountCents !== ours.amountCents) return 'operation amount'
  if (!EURO.has(operation.currency)) return 'operation currency'
  return null
}

function judgeMoney(
  operations: ProviderOperation[],
  successes: ProviderOperation[],
  amountCents: Cents,
): PaymentVerdict {
  // With deferred capture one payment shows as AUTHORIZATION and CAPTURE: the larger of the two sums is what came in.
  const sumOf = (type: string) =>
    successes.filter((operation) => operation.type === type).reduce((sum, o) => sum + (o.amountCents ?? 0), 0)
  const moneyIn = Math.max(sumOf('AUTHORIZATION'), sumOf('CAPTURE'))
  const moneyOut = operations
    .filter(({ type, result }) => MONEY_OUT.has(type) && MONEY_OUT_DONE.has(result))
    .reduce((sum, operation) => sum + (operation.amountCents ?? 0), 0)
  const first = successes[0] as ProviderOperation
  if (moneyIn - moneyOut < amountCents)
    return { kind: 'reversed', operationId: first.operationId, returnedCents: moneyOut }
  return {
    kind: 'paid',
    operationId: first.operationId,
    amountCents,
    currency: 'EUR',
    circuit: first.circuit,
    at: first.at,
    surplusCents: moneyIn - moneyOut - amountCents,
  }
}

function judgeNoMoney(operations: ProviderOperation[], amountCents: Cents): PaymentVerdict {
  const attempts = operations.filter(({ type }) => MONEY_IN.has(type))
  const last = attempts.at(-1)
  if (!last) {
    const odd = operations[0]
    return odd ? { kind: 'unknown', raw: `${odd.type} ${odd.result}` } : { kind: 'open' }
  }
  const unknown = attempts.find(({ result }) => !isKnown(result))
  if (unknown) return { kind: 'unknown', raw: `${unknown.type} ${unknown.result}` }
  // An attempt still under way may still become money, with any result of another attempt.
  if (attempts.some(({ result }) => UNDER_WAY.has(result))) return { kind: 'pending' }
  if (last.result === 'VOIDED' || last.result === 'REFUNDED') {
    return {
      kind: 'reversed',
      operationId: last.operationId,
      returnedCents: last.amountCents ?? amountCents,
    }
  }
  if (last.result === 'EXPIRED') return { kind: 'expired' }
  if (CANCELED.has(last.result)) return { kind: 'canceled' }
  return { kind: 'failed', reason: last.result }
}

const isKnown = (result: string): boolean =>
  UNDER_WAY.has(result) ||
  FAILED.has(result) ||
  CANCELED.has(result) ||
  result === 'EXPIRED' ||
  result === 'VOIDED' ||
  result === 'REFUNDED'

/** In order of time; an operation listed twice (PENDING, then EXECUTED) counts once, as it was last. */
function latestPerOperation(operations: Listed[]): Listed[] {
  const sorted = operations
    .map((operation, index) => ({
      operation,
      index,
      time: operation.at?.getTime() ?? Number.POSITIVE_INFINITY,
    }))
    .sort((a, b) => (a.time === b.time ? a.index - b.index : a.time - b.time))
  const latest = new Map<string, Listed>()
  for (const { operation, index } of sorted) {
    const key = operation.operationId || `#${index}`
    latest.delete(key)
    latest.set(key, operation)
  }
  return [...latest.values()]
}

const readOperation = (value: unknown): Listed => ({
  operationId: said(field(value, 'operationId')) ?? '',
  orderId: said(field(value, 'orderId')) ?? '',
  type: (said(field(value, 'operationType')) ?? '').toUpperCase(),
  result: (said(field(value, 'operationResult')) ?? '').toUpperCase(),
  amountCents: cents(field(value, 'operationAmount')),
  currency: said(field(value, 'operationCurrency')) ?? '',
  circuit: said(field(value, 'paymentCircuit')) ?? said(field(value, 'paymentMethod')) ?? '',
  at: instantSaid(text(field(value, 'operationTime'))),
  undoes: said(field(value, 'cancelledOperationId')),
})

const LOCAL_TIME = /^(\d{4}-\d{2}-\d{2})[T ](\d{2}:\d{2})(?::(\d{2})(?:[.,](\d{1,3}))?)?$/

/** An `operationTime`: Nexi writes the wall clock of Italy without a zone; a time with a zone is what it says. */
export function instantSaid(time: string | null): Date | null {
  if (time === null) return null
  const [, day, minute, second = '0', thousandths = '0'] = LOCAL_TIME.exec(time) ?? []
  if (day && minute) {
    if (parseDay(day) === null || minute > '23:59' || Number(second) > 59) return null
    const rest = Number(second) * 1_000 + Number(thousandths.padEnd(3, '0'))
    return new Date(instantInRome(day, minute).getTime() + rest)
  }
  const at = /[Z+]|-\d{2}:?\d{2}$/.test(time) ? new Date(time) : new Date(Number.NaN)
  return Number.isNaN(at.getTime()) ? null : at
}

/** Nexi pages backwards: the next page ends where this one's last record stands. */
async function* listOperations(call: Call, from: Date, to: Date): AsyncIterable<ProviderOperation> {
  const seen = new Set<string>()
  let end = to
  while (true) {
    const query = new URLSearchParams({
      fromTime: from.toISOString(),
      toTime: end.toISOString(),
      maxRecords: String(PAGE),
    })
    const page = list(field(await call('GET', `/operations?${query}`), 'operations')).map(readOperation)
    const fresh = page.filter(({ operationId }) => !seen.has(operationId))
    for (const operation of fresh) seen.add(operation.operationId)
    for (const { undoes: _, ...operation } of fresh) yield operation
    const oldest = page.at(-1)?.at
    if (page.length < PAGE || fresh.length === 0 || !oldest) return
    end = oldest
  }
}

type CallOptions = {
  body?: unknown
  headers?: Record<string, string>
  absentIsFine?: boolean
  /** Less than the limit of every call. */
  withinMs?: number | undefined
}
type Call = (method: 'GET' | 'POST', path: string, options?: CallOptions) => Promise<unknown>

/** One HTTP exchange: JSON in and out, a limit on time and size, failures sorted into their class. Null: 404 where that is an answer. */
function caller(config: NexiConfig): Call {
  return async (method, path, options = {}) => {
    const name = `${method} ${path.split('?')[0]?.replace(/^\/(orders|operations)\/(?!hpp)[^/]+/, '/$1/…')}`
    const response = await send(config, method, path, options, name)
    if (response.status === 404 && options.absentIsFine) return null
    const answer = await readBody(response, method, name)
    if (response.status === 200) {
      if (answer === undefined) throw new GatewayError(afterSending(method), 'BAD_ANSWER', name)
      return answer
    }
    throw new GatewayError(failureOf(response.status, method), errorCode(answer, response.status), name)
  }
}

async function send(
  { baseUrl, apiKey, timeoutMs }: NexiConfig,
  method: string,
  path: string,
  options: CallOptions,
  name: string,
): Promise<Response> {
  try {
    return await fetch(`${trimEndOf(baseUrl, '/')}${path}`, {
      method,
      redirect: 'error',
      cache: 'no-store',
      signal: AbortSignal.timeout(Math.ceil(Math.min(options.withinMs ?? timeoutMs, timeoutMs))),
      headers: {
        'X-Api-Key': apiKey,
        'Correlation-Id': randomUUID(),
        Accept: 'application/json',
        ...(options.body === undefined ? {} : { 'Content-Type': 'application/json' }),
        ...options.headers,
      },
      ...(options.body === undefined ? {} : { body: JSON.stringify(options.body) }),
    })
  } catch (error) {
    const code = networkCode(error)
    throw new GatewayError(NEVER_SENT.has(code) ? 'retryable' : afterSending(method), code, name)
  }
}

async function readBody(response: Response, method: string, name: string): Promise<unknown> {
  try {
    const body = await response.text()
    if (body.length > MAX_ANSWER_BYTES) return undefined
    return JSON.parse(body)
  } catch (error) {
    if (error instanceof SyntaxError) return undefined
    throw new GatewayError(afterSending(method), networkCode(error), name)
  }
}

/** The connection was never made, so the provider knows nothing of this call. */
const NEVER_SENT = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'UND_ERR_CONNECT_TIMEOUT'])

const afterSending = (method: string): GatewayFailure => (method === 'GET' ? 'retryable' : 'ambiguous')

const failureOf = (status: number, method: string): GatewayFailure =>
  status >= 500 ? afterSending(method) : status === 429 ? 'retryable' : 'permanent'

function networkCode(error: unknown): string {
  if (!(error instanceof Error)) return 'NETWORK'
  if (error.name === 'TimeoutError' || error.name === 'AbortError') return 'TIMEOUT'
  const cause = error.cause
  return cause instanceof Error && 'code' in cause ? String(cause.code) : 'NETWORK'
}

const errorCode = (answer: unknown, status: number): string => {
  const code = text(field(list(field(answer, 'errors'))[0], 'code'))
  return code && /^[A-Z0-9]{2,10}$/.test(code) ? code : `HTTP_${status}`
}

const field = (value: unknown, name: string): unknown =>
  typeof value === 'object' && value !== null && Object.hasOwn(value, name)
    ? (value as Record<string, unknown>)[name]
    : undefined

const list = (value: unknown): unknown[] => (Array.isArray(value) ? value : [])

/** The longest word of a provider that is kept: an index holds two of them. */
const LONGEST_WORD = 200

/** A text as the database can hold it, which stores no NUL. */
function text(value: unknown): string | null {
  if (typeof value !== 'string') return null
  const storable = value.replaceAll('\u0000', '').toWellFormed()
  return storable === '' ? null : storable
}

/** A word of the provider, which may come as a number too. */
const said = (value: unknown): string | null =>
  typeof value === 'number' && Number.isFinite(value)
    ? String(value)
    : (text(value)?.slice(0, LONGEST_WORD) ?? null)

/** Nexi writes cents as a string of digits; anything else is not an amount. */
const cents = (value: unknown): Cents | null => {
  const digits = typeof value === 'number' ? String(value) : text(value)
  return digits !== null && /^\d{1,12}$/.test(digits) ? Number(digits) : null
}
