import { describe, expect, test } from 'vitest'
import type { ParsedNotification } from '#lib/payments/gateway.ts'
import {
  hashOfSecret,
  judgeNotification,
  municipalityOfKey,
  notificationKeyOf,
} from '#lib/payments/provider-notification.ts'

const TOWN = '01a20871-16ab-74d4-b615-b80b0ac86778'
const ORDER = 'R7K2M9Q4X1A8B3C5D6'
const TOKEN = '2f0ea5059b41414ca3744fe672327d85'

const told = (changes: Partial<Extract<ParsedNotification, { ok: true }>> = {}): ParsedNotification => ({
  ok: true,
  orderRef: ORDER,
  dedupeKey: 'event',
  secret: TOKEN,
  operationResult: 'EXECUTED',
  ...changes,
})
const ours = { orderId: ORDER, secretHash: hashOfSecret(TOKEN) }

describe('what a notification of the payment provider is worth', () => {
  test('with the token of this order: the provider is asked immediately', () => {
    expect(judgeNotification(told(), ours)).toBe('accepted')
  })

  test('before the provider’s own reply was stored there is no token to compare: it is asked all the same', () => {
    expect(judgeNotification(told(), { ...ours, secretHash: null })).toBe('early')
    expect(judgeNotification(told({ secret: null }), { ...ours, secretHash: null })).toBe('early')
  })

  test.each<[string, ParsedNotification, string]>([
    ['with another token', told({ secret: 'x'.repeat(32) }), 'wrong-token'],
    ['with a token that only begins like ours', told({ secret: TOKEN.slice(0, 31) }), 'wrong-token'],
    ['without a token', told({ secret: null }), 'wrong-token'],
    ['about another order, with our token', told({ orderRef: 'R7K2M9Q4X1A8B3C5D7' }), 'wrong-order'],
    ['that cannot be read', { ok: false, why: 'not JSON' }, 'malformed'],
  ])('%s it is worth nothing', (_, parsed, verdict) => {
    expect(judgeNotification(parsed, ours)).toBe(verdict)
  })

  test('about another order it is not even early', () => {
    const other = told({ orderRef: 'altro' })
    expect(judgeNotification(other, { ...ours, secretHash: null })).toBe('wrong-order')
  })
})

describe('the address to which the provider writes', () => {
  const key = notificationKeyOf(TOWN, new Uint8Array(24).fill(7))

  test('names the municipality and hides a secret of 24 bytes', () => {
    expect(key).toHaveLength(54)
    expect(municipalityOfKey(key)).toBe(TOWN)
    expect(notificationKeyOf(TOWN, new Uint8Array(24).fill(8))).not.toBe(key)
  })

  test.each([
    ['a letter short', key.slice(1)],
    ['a letter long', `${key}A`],
    ['with something before it', `/${key}`],
    ['with letters that no address of ours has', `${key.slice(0, -1)}=`],
    ['empty', ''],
  ])('%s it is of no order', (_, address) => {
    expect(municipalityOfKey(address)).toBeNull()
  })
})
