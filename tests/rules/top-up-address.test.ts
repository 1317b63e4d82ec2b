import { describe, expect, test } from 'vitest'
import { readTopUpAddress, topUpAddress } from '#lib/payments/top-up.address.ts'
import { readPage } from '#lib/web/pagination.ts'

const ACCOUNT = '01a20871-16ab-74d4-b615-b80b0ac86778'

describe('the address of the page of top-ups', () => {
  test('asks for nothing, for meals, for an amount, or for a ready number of meals', () => {
    expect(readTopUpAddress({})).toEqual({
      ...{ accountId: null, meals: '', amount: '', method: null, isAsked: false },
    })
    expect(readTopUpAddress({ pasti: ' 20 ' })).toMatchObject({ meals: '20', amount: '', isAsked: true })
    expect(readTopUpAddress({ importo: '108,00 ' })).toMatchObject({ amount: '108,00', isAsked: true })
    expect(readTopUpAddress({ rapida: '10' })).toMatchObject({ meals: '10', isAsked: true })
  })

  test('a ready button wins over what stands in the fields beside it', () => {
    expect(readTopUpAddress({ rapida: '10', pasti: '3', importo: '5,40' })).toMatchObject({
      meals: '10',
      amount: '',
    })
  })

  test('knows two ways to pay and no other', () => {
    expect(readTopUpAddress({ metodo: 'carta' }).method).toBe('card')
    expect(readTopUpAddress({ metodo: 'mybank' }).method).toBe('mybank')
    for (const metodo of ['contanti', 'constructor', '__proto__', ''])
      expect(readTopUpAddress({ metodo }).method).toBeNull()
    expect(readTopUpAddress({ metodo: 'carta' }).isAsked).toBe(false)
  })

  test('an account is an id; of a field that occurs twice the first counts; a long text is cut', () => {
    expect(readTopUpAddress({ conto: ACCOUNT.toUpperCase() }).accountId).toBe(ACCOUNT)
    expect(readTopUpAddress({ conto: 'uno' }).accountId).toBeNull()
    expect(readTopUpAddress({ pasti: ['7', '8'] }).meals).toBe('7')
    expect(readTopUpAddress({ pasti: '9'.repeat(41) }).meals).toHaveLength(40)
  })

  test('is written as it is read', () => {
    expect(topUpAddress('mozzecane', {})).toBe('/mozzecane/pagamenti/ricarica')
    const purchase = { accountId: ACCOUNT, meals: 20, method: 'card' } as const
    const address = topUpAddress('mozzecane', purchase)
    expect(address).toBe(`/mozzecane/pagamenti/ricarica?conto=${ACCOUNT}&pasti=20&metodo=carta`)
    const read = readTopUpAddress(Object.fromEntries(new URL(address, 'https://x.example').searchParams))
    expect(read).toMatchObject({ accountId: ACCOUNT, meals: '20', method: 'card' })
  })
})

describe('a page number in an address', () => {
  test.each<[unknown, number]>([
    ['1', 1],
    ['27', 27],
    ['100000', 100_000],
    ['100001', 100_000],
    ['0', 1],
    ['-3', 1],
    ['2,5', 1],
    ['1234567', 1],
    ['7 ', 1],
    [undefined, 1],
    [['2', '3'], 1],
  ])('%j is page %i', (text, page) => {
    expect(readPage(text)).toBe(page)
  })
})
