import { describe, expect, test } from 'vitest'
import { amountIn } from '#lib/imports/amount.ts'
import { judgeBalances, type OpenableAccount } from '#lib/imports/balance.ts'
import { decimalString } from '#lib/kernel/money.ts'
import fc from '#tests/support/random.ts'

const NBSP = String.fromCharCode(0xa0)

describe('an amount of a file', () => {
  test.each([
    ['-4,30', -430],
    ['4,30-', -430],
    ['(4,30)', -430],
    ['−4,3', -430],
    ['+12', 1200],
    ['€ 1.234,56', 123_456],
    [`12,50${NBSP}€`, 1250],
    ['12.5', 1250],
    ['0', 0],
    ['-0,00', 0],
  ])('%s is read to the cent', (text, cents) => {
    expect(amountIn(text)).toMatchObject({ cents, isAmbiguous: false })
  })

  test.each(['3,33E+09', '1,234.56', '12,345', 'dodici', '--3', '1'.repeat(30), '=1+1'])(
    '%s is no amount',
    (text) => {
      expect(amountIn(text)).toEqual({ bad: text })
    },
  )

  test('with a point and three digits is for a person to say', () => {
    expect(amountIn('-2.150')).toMatchObject({ cents: -215_000, isAmbiguous: true })
  })

  test('that we write comes back', () => {
    fc.assert(
      fc.property(fc.integer({ min: -99_999_999, max: 99_999_999 }), (cents) => {
        expect(amountIn(decimalString(cents).replace('.', ','))).toMatchObject({ cents })
      }),
    )
  })

  test('of an empty cell is none', () => {
    expect(amountIn('  ')).toBeNull()
  })
})

describe('the balances of a file', () => {
  const row = fc.record({
    cents: fc.integer({ min: -5000, max: 5000 }),
    household: fc.option(fc.integer({ min: 0, max: 5 })),
    isRefused: fc.boolean(),
    isDoubtful: fc.boolean(),
  })
  const account = fc.record({
    household: fc.integer({ min: 0, max: 5 }),
    openingCents: fc.integer({ min: -900, max: 900 }),
  })

  test('are each somewhere: the five sums are the sum of the file, and what is written makes it so', () => {
    fc.assert(
      fc.property(
        fc.array(fc.option(row)),
        fc.uniqueArray(account, { selector: ({ household }) => household }),
        (rows, known) => {
          const accounts = known.map(
            ({ household, openingCents }): OpenableAccount => ({
              ...{ id: `a${household}`, householdId: `h${household}`, serviceId: 's', openingCents },
            }),
          )
          const asked = rows.map(
            (one, at) =>
              one && {
                ...one,
                line: at + 2,
                householdId: one.household === null ? null : `h${one.household}`,
              },
          )
          const { judged, totals } = judgeBalances(asked, accounts, {
            ...{ owner: 'pupil', day: '2026-08-31', totalLineCents: null },
          })
          const file = rows.reduce((sum, one) => sum + (one?.cents ?? 0), 0)
          const fates = [totals.write, totals.same, totals.doubtful, totals.later, totals.refused]
          expect(totals.fileCents).toBe(file)
          expect(fates.reduce((sum, { cents }) => sum + cents, 0)).toBe(file)
          expect(totals.creditCents + totals.debtCents).toBe(totals.write.cents)
          for (const { act, cents } of judged) {
            const own = accounts.find(({ id }) => id === act?.accountId)
            if (act && own) expect(own.openingCents + act.cents).toBe(cents)
          }
        },
      ),
    )
  })
})
