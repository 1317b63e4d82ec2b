import { describe, expect, test } from 'vitest'
import { addDays, type Day } from '#lib/kernel/day.ts'
import { type FareFacts, planFare, planFareEnd } from '#lib/tariffs/fare-assignment.ts'
import { effectInWords, priceChangeInWords } from '#lib/tariffs/office/price-change.words.ts'
import { bandInput, priceInput } from '#lib/tariffs/office/tariff.input.ts'
import {
  type FarePeriod,
  nextPriceAfter,
  priceNow,
  priceOn,
  priceSteps,
  pupilPriceOn,
  type Tariff,
} from '#lib/tariffs/price.ts'
import { fromDay, toDay } from '#lib/tariffs/price.words.ts'
import { checkNewPrice, mayCancel } from '#lib/tariffs/price-change.ts'
import fc from '#tests/support/random.ts'

const FULL = [
  { validFrom: '2026-09-01', priceCents: 540 },
  { validFrom: '2025-09-01', priceCents: 520 },
  { validFrom: '2027-01-07', priceCents: 560 },
]
const TARIFF: Tariff = {
  full: FULL,
  bands: [
    {
      code: 'B',
      prices: [
        { validFrom: '2026-09-01', priceCents: 320 },
        { validFrom: '2027-01-07', priceCents: 330 },
      ],
    },
    { code: 'ZERO', prices: [{ validFrom: '2026-09-01', priceCents: 0 }] },
    { code: 'DOPO', prices: [{ validFrom: '2027-02-01', priceCents: 100 }] },
  ],
}
const plain = (text: string) => text.replace(/\u00a0/g, ' ')
const codeOf = (result: { ok: boolean; code?: string }) => (result.ok ? 'ok' : result.code)

describe('The price of a day', () => {
  test.each([
    ['2025-08-31', null],
    ['2026-08-31', 520],
    ['2026-09-01', 540],
    ['2027-01-06', 540],
    ['2027-01-07', 560],
  ])('on %s is %s', (day, price) => {
    expect(priceOn(FULL, day)).toBe(price)
  })

  test('the next one is the first that is different', () => {
    expect(nextPriceAfter(FULL, '2026-12-01')).toEqual({ validFrom: '2027-01-07', priceCents: 560 })
    expect(nextPriceAfter(FULL, '2027-01-07')).toBeNull()
    expect(
      nextPriceAfter([...FULL, { validFrom: '2026-12-15', priceCents: 540 }], '2026-12-01')?.validFrom,
    ).toBe('2027-01-07')
  })
})

describe('What a meal of a pupil costs', () => {
  const fares: FarePeriod[] = [
    { from: '2026-12-01', to: '2026-12-31', bandCode: 'B' },
    { from: '2027-01-01', to: '2027-01-31', bandCode: 'ZERO' },
  ]
  test.each([
    ['2025-01-01', null, undefined],
    ['2026-11-30', 540, null],
    ['2026-12-01', 320, 'B'],
    ['2026-12-31', 320, 'B'],
    ['2027-01-01', 0, 'ZERO'],
    ['2027-01-31', 0, 'ZERO'],
    ['2027-02-01', 560, null],
  ])('on %s: %s, band %s', (day, cents, bandCode) => {
    const price = pupilPriceOn(TARIFF, fares, day)
    expect(price?.cents ?? null).toBe(cents)
    expect(price?.bandCode).toBe(bandCode)
  })

  test('a band whose price has not begun, or that is unknown, is the full price', () => {
    const on = (bandCode: string) =>
      pupilPriceOn(TARIFF, [{ from: '2026-09-01', to: '2027-08-31', bandCode }], '2026-12-01')
    expect(on('DOPO')).toEqual({ cents: 540, bandCode: null })
    expect(on('MAI')).toEqual({ cents: 540, bandCode: null })
  })

  test('the steps are told one after the other, the price of the band among them', () => {
    expect(priceSteps(TARIFF, [{ from: '2026-12-01', to: '2027-06-30', bandCode: 'B' }])).toEqual([
      { from: '2025-09-01', cents: 520, bandCode: null },
      { from: '2026-09-01', cents: 540, bandCode: null },
      { from: '2026-12-01', cents: 320, bandCode: 'B' },
      { from: '2027-01-07', cents: 330, bandCode: 'B' },
      { from: '2027-07-01', cents: 560, bandCode: null },
    ])
    expect(priceNow(TARIFF, fares, '2027-01-31')).toEqual({
      now: { from: '2027-01-01', cents: 0, bandCode: 'ZERO' },
      next: { from: '2027-02-01', cents: 560, bandCode: null },
    })
    expect(priceNow(TARIFF, [], '2020-01-01')).toBeNull()
  })

  test('on every day, whatever prices and bands there are, the step of that day is the price of that day', () => {
    const day = fc.integer({ min: 0, max: 400 }).map((n) => addDays('2026-09-01', n))
    const versions = fc.uniqueArray(
      fc.record({ validFrom: day, priceCents: fc.integer({ min: 0, max: 700 }) }),
      { selector: ({ validFrom }) => validFrom, maxLength: 5 },
    )
    const tariffs = fc.record({
      full: versions,
      bands: fc.tuple(versions, versions).map(([a, b]) => [
        { code: 'A', prices: a },
        { code: 'B', prices: b },
      ]),
    })
    /** Lengths of bands and of the gaps between them: they never hold together. */
    const periods = fc
      .array(fc.tuple(fc.nat(60), fc.nat(60), fc.constantFrom('A', 'B')), { maxLength: 5 })
      .map((lengths) => {
        let at: Day = '2026-09-01'
        return lengths.map(([gap, length, bandCode]): FarePeriod => {
          const from = addDays(at, gap)
          const to = addDays(from, length)
          at = addDays(to, 1)
          return { from, to, bandCode }
        })
      })
    fc.assert(
      fc.property(tariffs, periods, day, (tariff, fares, on) => {
        const price = pupilPriceOn(tariff, fares, on)
        const step = priceNow(tariff, fares, on)?.now
        expect(step ? { cents: step.cents, bandCode: step.bandCode } : null).toEqual(price)
        const steps = priceSteps(tariff, fares)
        expect(steps.map(({ from }) => from)).toEqual(steps.map(({ from }) => from).toSorted())
      }),
    )
  })
})

describe('A new price', () => {
  const facts = { today: '2026-11-24', firstDay: '2026-11-25', prices: FULL, isBand: false }
  const check = (from: string, cents: number, given: Partial<typeof facts> = {}) =>
    codeOf(checkNewPrice({ from, cents }, { ...facts, ...given }))

  test('begins on the first day that no kitchen has counted, and not before', () => {
    expect(check('2026-11-25', 550)).toBe('ok')
    expect(check('2026-11-24', 550)).toBe('tariffs:too-early')
    expect(check('2020-01-01', 550)).toBe('tariffs:too-early')
    expect(check('2028-11-25', 550)).toBe('ok')
    expect(check('2028-11-27', 550)).toBe('tariffs:too-far')
    expect(check('31/12/2026', 550)).toBe('tariffs:choose-day')
  })

  test('does not begin where another one does, and changes something', () => {
    expect(check('2027-01-07', 600)).toBe('tariffs:day-taken')
    expect(check('2026-12-01', 540)).toBe('tariffs:same-price')
    expect(check('2027-02-01', 560)).toBe('tariffs:same-price')
    expect(check('2027-02-01', 540)).toBe('ok')
  })

  test('is at least a cent and at most a hundred euro; a band may cost nothing', () => {
    expect(check('2026-12-01', 0)).toBe('tariffs:out-of-range')
    expect(check('2026-12-01', 0, { isBand: true })).toBe('ok')
    expect(check('2026-12-01', 10_000)).toBe('ok')
    expect(check('2026-12-01', 10_001)).toBe('tariffs:out-of-range')
  })

  test('is taken back until it begins, and never the only one', () => {
    expect(mayCancel('2027-01-07', facts)).toBe(true)
    expect(mayCancel('2026-09-01', facts)).toBe(false)
    expect(mayCancel('2027-01-07', { ...facts, today: '2027-01-06', firstDay: '2027-01-07' })).toBe(true)
    expect(mayCancel('2027-01-07', { ...facts, today: '2027-01-06', firstDay: '2027-01-08' })).toBe(false)
    expect(mayCancel('2027-01-07', { ...facts, today: '2027-01-07' })).toBe(false)
    expect(mayCancel('2027-01-07', { ...facts, prices: FULL.slice(2) })).toBe(false)
  })

  test('is told before it is decided: how much, for whom, and what comes after', () => {
    const effect = { pupils: 182, meals: 13_104, days: 72 }
    const lines = priceChangeInWords({ validFrom: '2026-12-08', priceCents: 550 }, facts, {
      who: 'un pasto',
      effect,
      fullCents: 540,
    }).map(plain)
    expect(lines[0]).toBe('Dall’8 dicembre 2026 un pasto costa 5,50 € invece di 5,40 € (+0,10 €).')
    expect(lines[1]).toBe('Resta già deciso il prezzo dopo: dal 7 gennaio 2027 5,60 €.')
    expect(lines[2]).toBe('Tocca 182 alunni e 13.104 pasti già prenotati, in 72 giorni di mensa.')
    expect(effectInWords({ pupils: 1, meals: 1, days: 1 })).toBe(
      'Tocca 1 alunno e 1 pasto già prenotato, in 1 giorno di mensa.',
    )
    expect(effectInWords({ pupils: 0, meals: 0, days: 0 })).toBe('Non tocca nessun pasto già prenotato.')
  })

  test('a price of zero is said to be free', () => {
    const [line] = priceChangeInWords(
      { validFrom: '2026-12-01', priceCents: 0 },
      { ...facts, isBand: true },
      { who: 'un pasto nella fascia B', effect: { pupils: 0, meals: 0, days: 0 }, fullCents: 540 },
    )
    expect(plain(line ?? '')).toBe(
      'Dal 1 dicembre 2026 un pasto nella fascia B è gratuito invece di 5,40 € (−5,40 €).',
    )
  })

  test('a band dearer than the full price is pointed out', () => {
    const lines = priceChangeInWords(
      { validFrom: '2026-12-01', priceCents: 600 },
      { ...facts, prices: [], isBand: true },
      { who: 'un pasto nella fascia B', effect: { pupils: 0, meals: 0, days: 0 }, fullCents: 540 },
    ).map(plain)
    expect(lines.join(' ')).toContain('Attenzione: è più del prezzo intero')
  })
})

describe('A price as the office types it', () => {
  const form = { serviceId: '019ab1f0-1111-7abc-8def-0123456789ab', bandCode: '', from: '2026-12-01' }
  test.each([
    ['5,40', 540],
    ['5.40', 540],
    ['€ 5,4', 540],
    ['0', 0],
    ['1,15', 115],
    ['8,29', 829],
  ])('“%s” is %i cents', (price, cents) => {
    expect(priceInput.parse({ ...form, price }).price).toBe(cents)
  })
  test.each(['', 'cinque', '5,405', '1e3', '5,4,0', 'NaN'])('“%s” is no price', (price) => {
    const read = priceInput.safeParse({ ...form, price })
    expect(read.error?.issues.map(({ path, message }) => [path[0], message])).toEqual([
      ['price', 'Scrivi il prezzo in euro, per esempio 5,40'],
    ])
  })
  test.each(['-1', '−5,40', '€ -5,40'])('“%s” is below zero, and is told so', (price) => {
    const read = priceInput.safeParse({ ...form, price })
    expect(read.error?.issues[0]?.message).toMatch(/^Il prezzo non può essere sotto zero/)
  })
  test.each(['5,4', '5.40€', ' 5,40 ', '5.4'])('“%s” is what it means', (price) => {
    expect(priceInput.parse({ ...form, price }).price).toBe(540)
  })
  test('every amount of cents is read exactly, never through a fraction', () => {
    fc.assert(
      fc.property(fc.nat(10_000), (cents) => {
        const price = `${Math.floor(cents / 100)},${String(cents % 100).padStart(2, '0')}`
        expect(priceInput.parse({ ...form, price }).price).toBe(cents)
      }),
    )
  })
  test('a code is short and written large; a band has a name', () => {
    const band = { ...form, name: 'Fascia B', price: '3,20' }
    expect(bandInput.parse({ ...band, code: ' b2 ' }).code).toBe('B2')
    for (const code of ['', 'città', 'A B', 'A'.repeat(13)])
      expect(bandInput.safeParse({ ...band, code }).success).toBe(false)
    expect(bandInput.safeParse({ ...band, code: 'B', name: ' ' }).success).toBe(false)
  })
})

describe('A band for a pupil', () => {
  const facts = (given: Partial<FareFacts> = {}): FareFacts => ({
    pupil: { name: 'Greta Albertini' },
    enrolments: [{ to: '2027-06-05' }],
    fares: [],
    firstDay: '2026-11-25',
    bands: TARIFF.bands.map(({ code, prices }) => ({
      code,
      name: `Fascia ${code}`,
      description: '',
      priceCents: priceOn(prices, '2026-11-24'),
      prices,
    })),
    yearEndsOn: '2027-08-31',
    ...given,
  })
  const give = (given: Partial<{ bandCode: string; from: string; to: string }> = {}, with_ = facts()) =>
    planFare({ bandCode: 'B', from: '2026-12-01', to: '', ...given }, with_)

  test('is told with its price, the price that comes, and what follows', () => {
    const plan = give()
    expect(plan.ok && plan.value.lines.map(plain)).toEqual([
      'Dal 1 dicembre 2026 al 31 agosto 2027 ogni pasto di Greta Albertini si paga nella fascia Fascia B: 3,20 €.',
      'La fascia cambia prezzo: dal 7 gennaio 2027 3,30 €.',
      'Dal 1 settembre 2027 si paga il prezzo intero.',
      'I pasti già addebitati non cambiano.',
    ])
    expect(plan.ok && plan.value.fare).toEqual({ bandCode: 'B', from: '2026-12-01', to: '2027-08-31' })
  })

  test('a band that costs nothing is called free', () => {
    const plan = give({ bandCode: 'ZERO' })
    expect(plan.ok && plan.value.lines[0]).toContain('fascia Fascia ZERO: gratuito.')
  })

  test('does not begin before its own price', () => {
    expect(codeOf(give({ bandCode: 'DOPO' }))).toBe('tariffs:band-without-price')
    expect(codeOf(give({ bandCode: 'DOPO', from: '2027-02-01' }))).toBe('ok')
    expect(codeOf(give({ from: '2027-06-06' }))).toBe('tariffs:no-enrolment')
  })

  test('is one that there is, from a day to a day, in that order', () => {
    expect(codeOf(give({ bandCode: 'C' }))).toBe('tariffs:choose-band')
    expect(codeOf(give({ to: 'presto' }))).toBe('tariffs:choose-day')
    expect(codeOf(give({ to: '2026-11-30' }))).toBe('tariffs:period-reversed')
    const oneDay = give({ to: '2026-12-01' })
    expect(oneDay.ok && oneDay.value.fare).toMatchObject({ from: '2026-12-01', to: '2026-12-01' })
  })

  test('begins on the first day that no kitchen has counted, and not before', () => {
    expect(codeOf(give({ from: '2026-11-25' }))).toBe('ok')
    expect(codeOf(give({ from: '2026-11-24' }))).toBe('tariffs:too-early')
  })

  test('begins on the last day of an enrolment at the latest; one enrolment of several is enough', () => {
    const enrolments = [{ to: '2026-11-30' }, { to: '2026-12-01' }]
    expect(codeOf(give({}, facts({ enrolments })))).toBe('ok')
    expect(codeOf(give({ from: '2026-12-02' }, facts({ enrolments })))).toBe('tariffs:no-enrolment')
  })

  test('the bands before and after stay as they are, day by day', () => {
    const fares = [
      { id: 'before', from: '2026-10-01', to: '2026-11-30', bandCode: 'ZERO' },
      { id: 'after', from: '2027-02-01', to: '2027-03-31', bandCode: 'ZERO' },
    ]
    const between = give({ to: '2027-01-31' }, facts({ fares }))
    expect(between).toMatchObject({ ok: true, value: { endFares: [], dropFares: [] } })
    expect(between.ok && between.value.lines.join(' ')).not.toContain('prezzo intero')
    const until = (to: string) => give({ to }, facts({ fares }))
    expect(until('2027-01-30')).toMatchObject({ value: { dropFares: [] } })
    const early = until('2027-01-30')
    expect(early.ok && early.value.lines.join(' ')).toContain('Dal 31 gennaio 2027 si paga il prezzo intero.')
    expect(until('2027-02-01')).toMatchObject({ value: { dropFares: ['after'] } })
  })

  test('one that goes on ends on the day before, also when it would have ended on that very day', () => {
    const fares = [{ id: 'f1', from: '2026-10-01', to: '2026-12-01', bandCode: 'ZERO' }]
    const cut = { endFares: [{ id: 'f1', to: '2026-11-30' }], dropFares: [] }
    expect(give({}, facts({ fares }))).toMatchObject({ ok: true, value: cut })
    expect(planFareEnd('2026-12-01', { ...facts({ fares }), full: FULL })).toMatchObject({ value: cut })
    const over = [{ id: 'f1', from: '2026-10-01', to: '2026-11-30', bandCode: 'ZERO' }]
    expect(codeOf(planFareEnd('2026-12-01', { ...facts({ fares: over }), full: FULL }))).toBe(
      'tariffs:no-fare',
    )
  })

  test('a price of the band that comes on the last day is told, one after it is not', () => {
    const told = (to: string) => {
      const plan = give({ to })
      return plan.ok && plan.value.lines.join(' ').includes('La fascia cambia prezzo')
    }
    expect(told('2027-01-07')).toBe(true)
    expect(told('2027-01-06')).toBe(false)
    const fromThatDay = give({ from: '2027-01-07' })
    expect(fromThatDay.ok && fromThatDay.value.lines.join(' ')).not.toContain('La fascia cambia prezzo')
  })

  test('one that begins on the same day gives way whole; it does not end before it began', () => {
    const fares = [{ id: 'f1', from: '2026-12-01', to: '2027-01-31', bandCode: 'ZERO' }]
    const gone = { endFares: [], dropFares: ['f1'] }
    expect(give({}, facts({ fares }))).toMatchObject({ ok: true, value: gone })
    expect(planFareEnd('2026-12-01', { ...facts({ fares }), full: FULL })).toMatchObject({ value: gone })
  })

  test('ends on the day before the full price begins again; what had not begun never does', () => {
    const fares = [
      { id: 'f1', from: '2026-10-01', to: '2027-01-31', bandCode: 'B' },
      { id: 'f2', from: '2027-02-01', to: '2027-08-31', bandCode: 'ZERO' },
    ]
    const plan = planFareEnd('2026-12-01', { ...facts({ fares }), full: FULL })
    expect(plan).toMatchObject({
      ok: true,
      value: { endFares: [{ id: 'f1', to: '2026-11-30' }], dropFares: ['f2'], fare: null },
    })
    expect(plan.ok && plain(plan.value.lines[0] ?? '')).toBe(
      'Dal 1 dicembre 2026 ogni pasto di Greta Albertini si paga a prezzo intero: 5,40 €.',
    )
  })

  test('there is nothing to end at full price, and nothing ends in the past', () => {
    const full = { ...facts(), full: FULL }
    expect(codeOf(planFareEnd('2026-12-01', full))).toBe('tariffs:no-fare')
    expect(codeOf(planFareEnd('2026-11-24', full))).toBe('tariffs:too-early')
    expect(codeOf(planFareEnd('', full))).toBe('tariffs:choose-day')
  })
})

test('days are said as people say them', () => {
  expect(fromDay('2027-01-08')).toBe('dall’8 gennaio 2027')
  expect(fromDay('2027-01-18')).toBe('dal 18 gennaio 2027')
  expect(toDay('2026-11-11')).toBe('all’11 novembre 2026')
})
