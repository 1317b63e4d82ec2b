import { describe, expect, it, test } from 'vitest'
import { NEXI_LIVE_URL } from '#lib/kernel/nexi-address.ts'
import { instantSaid, nexiGateway, parseNotification, readOutcome } from '#lib/payments/nexi.adapter.ts'
import fc from '#tests/support/random.ts'

const OURS = { orderId: 'R7K2M9Q4X2A8B3C5D6', amountCents: 10_800 }

let nextId = 1
const operation = (operationResult: string, changes: Record<string, unknown> = {}) => ({
  orderId: OURS.orderId,
  operationId: String(nextId++),
  operationType: 'AUTHORIZATION',
  operationResult,
  operationTime: `2026-11-24T10:00:${String(nextId % 60).padStart(2, '0')}.000Z`,
  paymentMethod: 'CARD',
  paymentCircuit: 'VISA',
  operationAmount: '10800',
  operationCurrency: 'EUR',
  ...changes,
})

const answer = (operations: unknown[], changes: { order?: object; status?: object } = {}) => ({
  orderStatus: {
    order: { orderId: OURS.orderId, amount: '10800', currency: 'EUR', ...changes.order },
    ...changes.status,
  },
  operations,
})

const verdictOf = (operations: unknown[], changes = {}) =>
  readOutcome(answer(operations, changes), OURS).verdict
const kindOf = (...results: string[]) => verdictOf(results.map((result) => operation(result))).kind

describe('what Nexi’s answer about an order means', () => {
  it.each([
    ['EXECUTED', 'paid'],
    ['AUTHORIZED', 'pending'],
    ['PENDING', 'pending'],
    ['THREEDS_VALIDATED', 'pending'],
    ['DECLINED', 'failed'],
    ['DENIED_BY_RISK', 'failed'],
    ['THREEDS_FAILED', 'failed'],
    ['3DS_FAILED', 'failed'],
    ['FAILED', 'failed'],
    ['CANCELED', 'canceled'],
    ['CANCELLED', 'canceled'],
    ['EXPIRED', 'expired'],
    ['VOIDED', 'reversed'],
    ['REFUNDED', 'reversed'],
    ['HALF_DONE', 'unknown'],
    ['', 'unknown'],
  ])('%s means %s', (result, kind) => {
    expect(kindOf(result)).toBe(kind)
  })

  it('no attempt yet is neither failed nor expired', () => {
    expect(verdictOf([])).toEqual({ kind: 'open' })
  })

  it('an authorisation is money only when it was captured for the whole amount', () => {
    const captured = (capturedAmount: string) =>
      verdictOf([operation('AUTHORIZED')], { status: { capturedAmount } }).kind
    expect(captured('10800')).toBe('paid')
    expect(captured('10799')).toBe('pending')
    expect(captured('0')).toBe('pending')
  })

  it('looks at every operation: a good card after a declined one is a payment, in any order of arrival', () => {
    expect(kindOf('DECLINED', 'EXECUTED')).toBe('paid')
    expect(kindOf('EXECUTED', 'DECLINED')).toBe('paid')
    expect(kindOf('CANCELED', 'EXECUTED', 'HALF_DONE')).toBe('paid')
  })

  it('an attempt still under way keeps the question open', () => {
    expect(kindOf('PENDING', 'DECLINED')).toBe('pending')
    expect(kindOf('DECLINED', 'CANCELED')).toBe('canceled')
  })

  it('one operation told twice counts once, as it was last', () => {
    const first = operation('PENDING', { operationId: '9', operationTime: '2026-11-24T10:00:00Z' })
    const last = operation('EXECUTED', { operationId: '9', operationTime: '2026-11-24T10:01:00Z' })
    expect(verdictOf([last, first])).toMatchObject({ kind: 'paid', surplusCents: 0 })
  })

  it('two successes are one payment and a surplus', () => {
    expect(verdictOf([operation('EXECUTED'), operation('EXECUTED')])).toMatchObject({
      kind: 'paid',
      amountCents: 10_800,
      surplusCents: 10_800,
    })
  })

  it('authorisation and capture of one payment are not two payments', () => {
    const operations = [operation('EXECUTED'), operation('EXECUTED', { operationType: 'CAPTURE' })]
    expect(verdictOf(operations)).toMatchObject({ kind: 'paid', surplusCents: 0 })
  })

  it('money that went back is no credit', () => {
    const refund = operation('REFUNDED', { operationType: 'REFUND' })
    expect(verdictOf([operation('EXECUTED'), refund]).kind).toBe('reversed')
    expect(verdictOf([operation('EXECUTED'), operation('EXECUTED'), refund])).toMatchObject({
      kind: 'paid',
      surplusCents: 0,
    })
  })

  it('a CANCEL that undoes a refund leaves the money in; one that undoes the payment does not', () => {
    const paid = operation('EXECUTED', { operationId: '100' })
    const refund = operation('EXECUTED', { operationId: '101', operationType: 'REFUND' })
    const undone = (cancelledOperationId: string) =>
      operation('EXECUTED', { operationId: '102', operationType: 'CANCEL', cancelledOperationId })
    expect(verdictOf([paid, refund, undone('101')])).toMatchObject({ kind: 'paid', surplusCents: 0 })
    expect(verdictOf([paid, undone('100')]).kind).toBe('reversed')
    expect(verdictOf([paid, refund]).kind).toBe('reversed')
  })

  it.each(['EUR', '978', 978])('reads %j as euro', (operationCurrency) => {
    expect(verdictOf([operation('EXECUTED', { operationCurrency })]).kind).toBe('paid')
  })

  it('keeps words as the database can hold them', () => {
    const { operations } = readOutcome(
      answer([operation('DECLINED', { paymentCircuit: `VI\u0000SA${'x'.repeat(900)}`, operationId: 7 })]),
      OURS,
    )
    expect(operations[0]).toMatchObject({ operationId: '7' })
    expect(operations[0]?.circuit).toMatch(/^VISAx{196}$/)
  })

  it.each([
    ['another order id', { order: { orderId: 'OTHER' } }, {}],
    ['another amount', { order: { amount: '540' } }, {}],
    ['another currency', { order: { currency: 'USD' } }, {}],
    ['an operation of another order', {}, { orderId: 'OTHER' }],
    ['an operation of another amount', {}, { operationAmount: '540' }],
    ['an operation in another currency', {}, { operationCurrency: 'USD' }],
    ['an amount that is no number', {}, { operationAmount: '108.00' }],
  ])('%s is never credited', (_name, changes, ofOperation) => {
    expect(verdictOf([operation('EXECUTED', ofOperation)], changes).kind).toBe('mismatch')
  })

  it('never reads garbage as paid', () => {
    fc.assert(
      fc.property(fc.anything(), (garbage) => {
        expect(readOutcome(garbage, OURS).verdict.kind).toBe('mismatch')
      }),
    )
    fc.assert(
      fc.property(fc.array(fc.anything()), (garbage) => {
        expect(verdictOf(garbage).kind).not.toBe('paid')
      }),
    )
  })
})

describe('reading a notification', () => {
  const bytes = (value: unknown) =>
    new TextEncoder().encode(typeof value === 'string' ? value : JSON.stringify(value))

  it('takes order, event and token, and believes nothing else', () => {
    const body = { eventId: 'e-1', securityToken: 't', operation: operation('EXECUTED') }
    expect(parseNotification(bytes(body))).toEqual({
      ok: true,
      orderRef: OURS.orderId,
      dedupeKey: 'e-1',
      secret: 't',
      operationResult: 'EXECUTED',
    })
  })

  it('never throws, whatever arrives', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.uint8Array(),
          fc.json().map(bytes),
          fc.anything().map((value) => bytes(`${JSON.stringify(value)}`)),
        ),
        (raw) => {
          expect(parseNotification(raw)).toHaveProperty('ok')
        },
      ),
    )
  })
})

describe('test and live never mix', () => {
  const config = { apiKey: 'k', timeoutMs: 100 }
  it('refuses a simulator in live mode and the live address in test mode', () => {
    expect(() => nexiGateway({ ...config, mode: 'live', baseUrl: 'http://127.0.0.1:3002/api' })).toThrow(
      /live mode/,
    )
    expect(() =>
      nexiGateway({
        ...config,
        mode: 'live',
        baseUrl: 'https://xpaysandbox.nexigroup.com/api/phoenix-0.0/psp/api/v1',
      }),
    ).toThrow(/live mode/)
    expect(() => nexiGateway({ ...config, mode: 'test', baseUrl: `${NEXI_LIVE_URL}/` })).toThrow(/test mode/)
    expect(nexiGateway({ ...config, mode: 'live', baseUrl: NEXI_LIVE_URL }).mode).toBe('live')
  })
})

describe('what came back', () => {
  it('is the sum that the provider sent out, all of the order or a part of it', () => {
    const refund = operation('REFUNDED', { operationType: 'REFUND', operationAmount: '2700' })
    expect(verdictOf([operation('EXECUTED'), refund])).toMatchObject({
      kind: 'reversed',
      returnedCents: 2_700,
    })
    expect(verdictOf([operation('VOIDED')])).toMatchObject({ kind: 'reversed', returnedCents: 10_800 })
  })
})

describe('an operation’s time', () => {
  it.each([
    ['2023-11-28 12:41:46.724', '2023-11-28T11:41:46.724Z'],
    ['2026-07-15T12:41:46', '2026-07-15T10:41:46.000Z'],
    ['2026-12-31 23:59:30.5', '2026-12-31T22:59:30.500Z'],
    ['2026-11-24T10:00:00.000Z', '2026-11-24T10:00:00.000Z'],
    ['2026-11-24T10:00:00+02:00', '2026-11-24T08:00:00.000Z'],
  ])('%s is %s: without a zone it is the wall clock of Italy', (said, instant) => {
    expect(instantSaid(said)?.toISOString()).toBe(instant)
  })

  it.each(['', 'ieri', '2026-02-30 10:00:00', '2026-02-03 25:00:00', 'Tue Nov 24 2026'])(
    '%j is none',
    (said) => {
      expect(instantSaid(said)).toBeNull()
    },
  )

  it('any text is a time or none', () => {
    fc.assert(
      fc.property(fc.string(), (said) => {
        const at = instantSaid(said)
        return at === null || !Number.isNaN(at.getTime())
      }),
    )
  })
})

test('a notification may number its event', () => {
  const body = { eventId: 42, securityToken: 't', operation: { orderId: 'R1', operationResult: 'EXECUTED' } }
  expect(parseNotification(new TextEncoder().encode(JSON.stringify(body)))).toMatchObject({
    ok: true,
    dedupeKey: '42',
  })
})
