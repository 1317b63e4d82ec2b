import { describe, expect, test } from 'vitest'
import {
  invoiceFileName,
  invoiceGaps,
  invoiceNumberText,
  netUnitPriceE8,
  owesStampDuty,
  splitVat,
  transmissionNumber,
} from '#lib/invoices/invoice.ts'
import { anInvoice } from '#tests/support/invoices.ts'
import fc, { atLength } from '#tests/support/random.ts'

const MEALS = fc.integer({ min: 1, max: 2000 })
const PRICE = fc.integer({ min: 1, max: 5000 })
const RATE = fc.constantFrom(0, 400, 500, 1000, 2200)

describe('The VAT inside the price of a top-up', () => {
  test('20 meals at € 5,40 are € 103,85 plus € 4,15 of VAT', () => {
    expect(splitVat(10_800, 400)).toEqual({ netCents: 10_385, vatCents: 415 })
  })

  test('net and VAT always add up to what the family paid', () => {
    fc.assert(
      fc.property(MEALS, PRICE, RATE, (meals, price, rate) => {
        const { netCents, vatCents } = splitVat(meals * price, rate)
        expect(netCents + vatCents).toBe(meals * price)
        expect(vatCents).toBeGreaterThanOrEqual(0)
      }),
    )
  })

  test('at every price the VAT is within one cent of net × rate, as the exchange system tolerates', () => {
    fc.assert(
      fc.property(MEALS, PRICE, RATE, (meals, price, rate) => {
        const { netCents, vatCents } = splitVat(meals * price, rate)
        expect(Math.abs(vatCents * 10_000 - netCents * rate)).toBeLessThanOrEqual(10_000)
      }),
      { numRuns: atLength(2000) },
    )
  })

  test('at 4 % it is exactly the rounded rate, except for totals that no split can satisfy', () => {
    fc.assert(
      fc.property(MEALS, PRICE, (meals, price) => {
        const total = meals * price
        const { netCents, vatCents } = splitVat(total, 400)
        const exact = (net: number) => total - net === Math.round(net * 0.04)
        if (vatCents !== Math.round(netCents * 0.04)) {
          expect(total % 26).toBe(13)
          expect([netCents - 1, netCents, netCents + 1].some(exact)).toBe(false)
        }
      }),
      { numRuns: atLength(2000) },
    )
  })

  test('for every number of meals at € 5,40 it is exact', () => {
    for (let meals = 1; meals <= 2000; meals += 1) {
      const { netCents, vatCents } = splitVat(meals * 540, 400)
      expect(vatCents).toBe(Math.round(netCents * 0.04))
    }
  })

  test('the net price of a meal times the meals rounds back to the net', () => {
    fc.assert(
      fc.property(MEALS, PRICE, RATE, (meals, price, rate) => {
        const { netCents } = splitVat(meals * price, rate)
        expect(Math.round((netUnitPriceE8(netCents, meals) * meals) / 1_000_000)).toBe(netCents)
      }),
    )
  })
})

describe('The number of an invoice', () => {
  test('reads year, register, sequence', () => {
    expect(invoiceNumberText({ year: 2026, series: 'MZC', sequence: 123 })).toBe('2026/MZC/000123')
    expect(invoiceFileName({ year: 2026, series: 'MZC', sequence: 123 })).toBe('fattura-2026-MZC-000123')
  })

  test('stays within 20 ASCII characters, and its transmission within 10, however many are issued', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 60_000_000 }), (sequence) => {
        const number = { year: 2026, series: 'MZC', sequence }
        expect(invoiceNumberText(number)).toMatch(/^[\x20-\x7e]{1,20}$/)
        expect(transmissionNumber(number)).toMatch(/^[A-Z0-9]{1,10}$/)
      }),
    )
  })

  test('two invoices never share a transmission number', () => {
    const numbers = new Set<string>()
    for (const year of [2026, 2027])
      for (const series of ['MZC', 'VGR'])
        for (let sequence = 1; sequence <= 500; sequence += 1)
          numbers.add(transmissionNumber({ year, series, sequence }))
    expect(numbers.size).toBe(2000)
  })
})

describe('What an invoice needs before it can be written', () => {
  test('nothing, when holder and supplier are complete', () => {
    expect(invoiceGaps(anInvoice())).toEqual([])
  })

  const { customer, supplier, vat } = anInvoice()
  const home = customer.address as NonNullable<typeof customer.address>
  test.each([
    ['the address of the holder', { customer: { ...customer, address: null } }, 'customer_address'],
    [
      'a postal code of five digits',
      { customer: { ...customer, address: { ...home, postalCode: '3706' } } },
      'customer_address',
    ],
    [
      'a province in Italy',
      { customer: { ...customer, address: { ...home, province: null } } },
      'customer_address',
    ],
    [
      'a street that can be written',
      { customer: { ...customer, address: { ...home, street: '🏠' } } },
      'customer_address',
    ],
    [
      'a name in letters that the format knows',
      { customer: { ...customer, lastName: '陈' } },
      'customer_name',
    ],
    ['a name that keeps all its letters', { customer: { ...customer, lastName: 'Ћирић' } }, 'customer_name'],
    [
      'a country that exists',
      { customer: { ...customer, address: { ...home, country: 'ZZ' } } },
      'customer_address',
    ],
    [
      'a postal code that exists',
      { customer: { ...customer, address: { ...home, postalCode: '00000' } } },
      'customer_address',
    ],
    ['a fiscal code', { customer: { ...customer, fiscalCode: 'CNTLRA85' } }, 'customer_fiscal_code'],
    ['the VAT number of the supplier', { supplier: { ...supplier, vatNumber: '' } }, 'supplier'],
    ['a tax regime that still exists', { supplier: { ...supplier, taxRegime: 'RF03' } }, 'supplier'],
    ['a reason for a zero rate', { vat: { ...vat, rateBasisPoints: 0 } }, 'supplier'],
    ['no reason for exemption beside a rate', { vat: { ...vat, nature: 'N4' as const } }, 'supplier'],
  ])('%s', (_what, changes, gap) => {
    expect(invoiceGaps(anInvoice(changes))).toEqual([gap])
  })

  test('a provisional fiscal code of eleven digits is enough, and an address abroad needs no province', () => {
    const abroad = {
      street: 'Strada Unirii 3',
      postalCode: '010101',
      city: 'București',
      province: null,
      country: 'RO',
    }
    expect(
      invoiceGaps(
        anInvoice({
          customer: { ...customer, fiscalCode: '12345678901', address: abroad },
        }),
      ),
    ).toEqual([])
  })
})

describe('Stamp duty', () => {
  const exempt = {
    rateBasisPoints: 0,
    nature: 'N4' as const,
    legalReference: 'Esente art. 10 DPR 633/1972',
  }

  test('is never due on an invoice with VAT', () => {
    expect(owesStampDuty(anInvoice({ meals: 500 }))).toBe(false)
  })

  test('is due without VAT above € 77,47, not at it', () => {
    expect(owesStampDuty({ vat: exempt, totalCents: 7747 })).toBe(false)
    expect(owesStampDuty({ vat: exempt, totalCents: 7748 })).toBe(true)
  })
})
