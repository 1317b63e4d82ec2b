import { describe, expect, test } from 'vitest'
import { addDays, monthOf } from '#lib/kernel/day.ts'
import { readPeriod } from '#lib/payments/office/payment-period.ts'
import { readPaymentSearch } from '#lib/payments/office/payment-search.ts'
import fc from '#tests/support/random.ts'

const TODAY = '2026-11-24'

describe('a period as people type it', () => {
  test.each([
    ['24/11/2026', '2026-11-24', '2026-11-24'],
    ['1.2.2026', '2026-02-01', '2026-02-01'],
    ['2026-11-24', '2026-11-24', '2026-11-24'],
    ['11/2026', '2026-11-01', '2026-11-30'],
    ['2026-02', '2026-02-01', '2026-02-28'],
    ['2026', '2026-01-01', '2026-12-31'],
    ['oggi', TODAY, TODAY],
    [' Ieri ', '2026-11-23', '2026-11-23'],
    ['questo  mese', '2026-11-01', '2026-11-30'],
    ['mese scorso', '2026-10-01', '2026-10-31'],
    ["quest'anno", '2026-01-01', '2026-12-31'],
  ])('%s goes from %s to %s', (typed, from, to) => {
    expect(readPeriod(typed, TODAY)).toEqual({ from, to })
  })

  test.each(['', '31/02/2026', '13/2026', '2026-13', '0000', 'domani', '24/11', 'toString'])(
    '%j is none',
    (typed) => {
      expect(readPeriod(typed, TODAY)).toBeNull()
    },
  )

  test('each day is within its own month and year, whatever is typed', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 20_000 }), (days) => {
        const day = addDays('2000-01-01', days)
        for (const typed of [day, monthOf(day), day.slice(0, 4)]) {
          const period = readPeriod(typed, TODAY)
          expect(period && period.from <= day && day <= period.to).toBe(true)
        }
      }),
    )
    fc.assert(fc.property(fc.string(), (typed) => (readPeriod(typed, TODAY)?.from ?? '') >= ''))
  })
})

describe('what finds a payment', () => {
  const NOTHING = { code: null, invoice: null, amountCents: null, words: null }

  test.each([
    ['R7K2M9Q4X2A8B3C5D6', { code: 'R7K2M9Q4X2A8B3C5D6' }],
    ['2026/MZC/000123', { invoice: { year: 2026, series: 'MZC', number: 123 } }],
    ['54,00', { amountCents: 5_400 }],
    ['€ 1.054,5', { amountCents: 105_450 }],
    ['4321', { code: '4321', amountCents: 432_100 }],
    ['rossi', { words: 'rossi' }],
    ['0', {}],
    ['?', {}],
    ['99999999999', { code: '99999999999' }],
  ])('%s', (typed, meant) => {
    expect(readPaymentSearch(typed)).toEqual({ ...NOTHING, ...meant })
  })

  test('an amount is one that a column holds, whatever is typed', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.stringMatching(/^[0-9.,€ ]{1,14}$/)), (typed) => {
        const { amountCents } = readPaymentSearch(typed)
        return (
          amountCents === null ||
          (Number.isSafeInteger(amountCents) && amountCents > 0 && amountCents < 2 ** 31)
        )
      }),
    )
  })
})
