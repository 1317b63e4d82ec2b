import { describe, expect, test } from 'vitest'
import { centsOf, type Finding, isClear, payerFinding, storable } from '#lib/payments/payment-alarm.ts'

const open = (...findings: Finding[]) => findings.map((finding) => ({ finding, cents: 540 }))

describe('What a payer reads of what was found', () => {
  test.each([
    ['nothing where nothing was found', open(), null],
    ['money taken twice', open('surplus'), 'taken-twice'],
    ['money taken twice before a doubt', open('unknown-answer', 'surplus'), 'taken-twice'],
    ['money given back', open('late-success', 'reversed'), 'given-back'],
    ['a doubt', open('credited-but-not-paid'), 'doubt'],
    ['nothing of a late success, which is credited', open('late-success'), null],
    ['a doubt of an order that never ended', open('still-open'), 'doubt'],
    ['nothing of a provider that opens no order', open('creation-failed'), null],
    ['nothing of forged notifications', open('forged-notifications'), null],
    ['nothing of an order of the other mode that is paid', open('mode-mixed'), null],
  ] as const)('%s', (_what, alarms, kind) => {
    expect(payerFinding(alarms, 'paid')?.kind ?? null).toBe(kind)
  })

  test('an order of the other mode that is not paid is in doubt', () => {
    expect(payerFinding(open('mode-mixed'), 'redirected')?.kind).toBe('doubt')
  })
})

test('a sum belongs to the finding that the answer is about', () => {
  const reversed = { kind: 'reversed', operationId: '1', returnedCents: 2_700 } as const
  expect(centsOf('reversed', reversed)).toBe(2_700)
  expect(centsOf('surplus', reversed)).toBeNull()
  expect(centsOf('mode-mixed', null)).toBeNull()
})

test('a sum that no column of cents holds is no sum', () => {
  expect([storable(2_147_483_647), storable(2_147_483_648), storable(null)]).toEqual([
    2_147_483_647,
    null,
    null,
  ])
  expect(centsOf('reversed', { kind: 'reversed', operationId: '1', returnedCents: 5_000_000_000 })).toBeNull()
})

test('an answer is clear when it says what happened', () => {
  expect(isClear({ kind: 'canceled' })).toBe(true)
  expect(isClear({ kind: 'not_found' })).toBe(true)
  for (const verdict of [
    { kind: 'pending' },
    { kind: 'open' },
    { kind: 'mismatch', what: 'order id' },
    { kind: 'unknown', raw: 'X' },
  ] as const)
    expect(isClear(verdict), verdict.kind).toBe(false)
})
