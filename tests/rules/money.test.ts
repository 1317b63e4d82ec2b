import { describe, expect, test } from 'vitest'
import { decimalString, parseEuro } from '#lib/kernel/money.ts'
import { formatBalance, formatEuro, formatSignedEuro } from '#lib/words/format-money.ts'
import fc from '#tests/support/random.ts'

const plain = (text: string) => text.replace(/\u00a0/g, ' ')

describe('an amount as people type it', () => {
  test.each<[string, number | null]>([
    ['5,40', 540],
    ['5.40', 540],
    ['5,4', 540],
    ['5', 500],
    ['0', 0],
    ['0,05', 5],
    [' € 108 ', 10_800],
    ['108 €', 10_800],
    ['1.080,00', 108_000],
    ['1.080', 108_000],
    ['12.345.678', 1_234_567_800],
    ['1.08', 108],
    ['1080', 108_000],
    ['9999999', 999_999_900],
    ['９９', 9_900],
    ['10000000', null],
    ['1080.000', null],
    ['1.08,00', null],
    ['5,401', null],
    ['5,40,', null],
    ['a5,40', null],
    ['5,40a', null],
    ['-5,40', null],
    ['+5,40', null],
    ['1e3', null],
    [',40', null],
    ['5,', null],
    ['', null],
    ['€', null],
    ['٥', null],
  ])('%j is %j cents', (typed, cents) => {
    expect(parseEuro(typed)).toBe(cents)
  })

  test('an amount for machines is read back, to the cent', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 999_999_999 }), (cents) => {
        expect(parseEuro(decimalString(cents))).toBe(cents)
        expect(parseEuro(decimalString(cents).replace('.', ','))).toBe(cents)
      }),
    )
  })
})

describe('an amount as it is shown', () => {
  test('is written in Italian and in English', () => {
    expect(plain(formatEuro(88_470))).toBe('884,70 €')
    expect(plain(formatEuro(108_000))).toBe('1.080,00 €')
    expect(formatEuro(88_470, 'en')).toBe('€884.70')
    expect(formatEuro(108_000, 'en')).toBe('€1,080.00')
  })

  test('a movement has the sign of its direction; zero has none', () => {
    expect(plain(formatSignedEuro(10_800))).toBe('+108,00 €')
    expect(plain(formatSignedEuro(1))).toBe('+0,01 €')
    expect(plain(formatSignedEuro(-540))).toBe('−5,40 €')
    expect(plain(formatSignedEuro(0))).toBe('0,00 €')
    expect(formatSignedEuro(540, 'en')).toBe('+€5.40')
  })

  test('a balance has the minus sign that screen readers read', () => {
    expect(plain(formatBalance(-540))).toBe('−5,40 €')
    expect(plain(formatBalance(540))).toBe('5,40 €')
  })

  test.each([
    [88_470, '884.70'],
    [5, '0.05'],
    [-5, '-0.05'],
    [0, '0.00'],
    [-540, '-5.40'],
    [100, '1.00'],
  ])('%i cents for a machine are %s', (cents, text) => {
    expect(decimalString(cents)).toBe(text)
  })
})
