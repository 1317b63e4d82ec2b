import { describe, expect, it } from 'vitest'
import type { PaymentVerdict } from '#lib/payments/gateway.ts'
import { topUpRefusalInWords } from '#lib/payments/top-up.refusals.ts'
import {
  canMove,
  decide,
  EXPIRES_AFTER_MS,
  isPayerWaiting,
  leftOpen,
  MAX_MEALS,
  nearestAmounts,
  nextCheckAt,
  orderIdFrom,
  readPurchase,
  TOP_UP_STATES,
  TRANSITIONS,
} from '#lib/payments/top-up.ts'
import fc from '#tests/support/random.ts'

const UNIT = 540
const MINUTE = 60_000
const anyText = fc.string({ unit: 'binary', maxLength: 24 })

const refusalOf = (asked: Parameters<typeof readPurchase>[0], unitCents = UNIT) => {
  const result = readPurchase(asked, unitCents)
  return result.ok ? null : result
}
const inWords = (refusal: ReturnType<typeof refusalOf>) => (refusal ? topUpRefusalInWords(refusal) : null)

describe('what a top-up buys', () => {
  it.each(['54', '54,00', '54.00', '54,0', '€ 54', ' 54,00 € ', '54 euro'])(
    'reads the amount %j as ten meals',
    (amount) => {
      expect(readPurchase({ amount }, UNIT)).toEqual({
        ok: true,
        value: { meals: 10, unitCents: 540, amountCents: 5400 },
      })
    },
  )

  it('reads a number of meals, from one to two hundred', () => {
    for (const meals of ['1', '20', ' 200 ']) {
      expect(readPurchase({ meals }, UNIT)).toMatchObject({ ok: true, value: { meals: Number(meals) } })
    }
    for (const meals of ['0', '201', '999999']) expect(refusalOf({ meals })?.code).toBe('top-up:out-of-range')
  })

  it('refuses an amount that is no multiple and names the nearest two', () => {
    const refusal = refusalOf({ amount: '50' })
    expect(refusal?.code).toBe('top-up:not-a-multiple')
    expect(refusal?.details).toMatchObject({ below: 9 * UNIT, above: 10 * UNIT })
    expect(inWords(refusal)).toBe(
      'L’importo deve essere un multiplo del prezzo del pasto (5,40\u00a0€). I più vicini sono 48,60\u00a0€ e 54,00\u00a0€.',
    )
  })

  it.each(['5,41', '5.39999', '108,01'])('takes no cent more or less: %j', (amount) => {
    expect(readPurchase({ amount }, UNIT).ok).toBe(false)
  })

  it.each([
    '-54',
    '0',
    '0,00',
    '1e9',
    '54;00',
    '5,40,00',
    '٥٤',
    '54\u0000',
    '<b>54</b>',
    "54'; drop table top_up",
  ])('refuses the amount %j with a sentence', (amount) => {
    const refusal = refusalOf({ amount })
    expect(['top-up:not-an-amount', 'top-up:out-of-range']).toContain(refusal?.code)
    expect(inWords(refusal)).not.toMatch(/[{}]/)
  })

  it.each(['-1', '1,5', '1e2', 'venti', '0x10', '٢٠'])('refuses %j meals', (meals) => {
    expect(refusalOf({ meals })?.code).toBe('top-up:not-a-number')
  })

  it('wants one answer: meals or amount', () => {
    expect(refusalOf({})?.code).toBe('top-up:nothing-asked')
    expect(refusalOf({ meals: ' ', amount: '' })?.code).toBe('top-up:nothing-asked')
    expect(refusalOf({ meals: '10', amount: '54' })?.code).toBe('top-up:two-answers')
  })

  it('sells nothing without a price', () => {
    expect(refusalOf({ meals: '10' }, 0)?.code).toBe('top-up:no-price')
  })

  it('accepts exactly the multiples of any price, whatever is typed', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 10_000 }),
        fc.integer({ min: 0, max: 3_000_000 }),
        (unit, cents) => {
          const typed = `${Math.floor(cents / 100)},${String(cents % 100).padStart(2, '0')}`
          const result = readPurchase({ amount: typed }, unit)
          const fits = cents % unit === 0 && cents / unit >= 1 && cents / unit <= MAX_MEALS
          expect(result.ok).toBe(fits)
          if (result.ok) expect(result.value.meals * unit).toBe(cents)
        },
      ),
    )
  })

  it('offers as neighbours two payable amounts, one on each side wherever both exist', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 10_000 }),
        fc.integer({ min: 0, max: 3_000_000 }),
        (unit, cents) => {
          const [below, above] = nearestAmounts(cents, unit)
          for (const amount of [below, above]) {
            expect(readPurchase({ meals: String(amount / unit) }, unit).ok).toBe(true)
          }
          expect(above - below).toBe(unit)
          if (cents >= unit && cents < unit * MAX_MEALS) {
            expect(below).toBeLessThanOrEqual(cents)
            expect(above).toBeGreaterThan(cents)
          }
        },
      ),
    )
  })

  it('never throws and never accepts what is not whole meals, for any text', () => {
    fc.assert(
      fc.property(anyText, anyText, (meals, amount) => {
        const result = readPurchase({ meals, amount }, UNIT)
        if (result.ok) expect(result.value.amountCents % UNIT).toBe(0)
      }),
    )
  })
})

const PAID: PaymentVerdict = {
  kind: 'paid',
  operationId: '1',
  amountCents: 5400,
  currency: 'EUR',
  circuit: 'VISA',
  at: null,
  surplusCents: 0,
}

const VERDICTS: PaymentVerdict[] = [
  PAID,
  { ...PAID, surplusCents: 5400 },
  { kind: 'pending' },
  { kind: 'open' },
  { kind: 'failed', reason: 'DECLINED' },
  { kind: 'canceled' },
  { kind: 'expired' },
  { kind: 'not_found' },
  { kind: 'reversed', operationId: '1', returnedCents: 10_800 },
  { kind: 'mismatch', what: 'order amount' },
  { kind: 'unknown', raw: 'HALF_DONE' },
]

describe('the life of a top-up', () => {
  it('never leaves paid', () => {
    expect(TRANSITIONS.paid).toEqual([])
    for (const verdict of VERDICTS)
      expect(decide('paid', verdict, 0)).toMatchObject({ to: null, settle: false })
  })

  it('moves only along legal transitions, and settles exactly when it becomes paid', () => {
    for (const state of TOP_UP_STATES) {
      for (const verdict of VERDICTS) {
        for (const age of [0, EXPIRES_AFTER_MS - 1, EXPIRES_AFTER_MS, 8 * 24 * 60 * MINUTE]) {
          const { to, settle } = decide(state, verdict, age)
          if (to !== null) expect(canMove(state, to), `${state} → ${to}`).toBe(true)
          expect(settle).toBe(to === 'paid')
          if (settle) expect(verdict.kind).toBe('paid')
        }
      }
    }
  })

  it('credits a success that arrives after the end, and says so', () => {
    expect(decide('expired', PAID, 0)).toEqual({ to: 'paid', settle: true, findings: ['late-success'] })
    expect(decide('canceled', PAID, 0)).toEqual({ to: 'paid', settle: true, findings: ['late-success'] })
    expect(decide('failed', PAID, 0)).toEqual({ to: 'paid', settle: true, findings: [] })
  })

  it('expires after an hour, and only when the provider confirms that nothing was paid', () => {
    for (const kind of ['open', 'not_found'] as const) {
      expect(decide('redirected', { kind }, EXPIRES_AFTER_MS - 1).to).toBeNull()
      expect(decide('redirected', { kind }, EXPIRES_AFTER_MS).to).toBe('expired')
    }
    expect(EXPIRES_AFTER_MS).toBe(60 * 60_000)
    expect(decide('created', { kind: 'not_found' }, EXPIRES_AFTER_MS).to).toBe('expired')
    expect(decide('pending', { kind: 'open' }, EXPIRES_AFTER_MS).to).toBe('expired')
    expect(decide('failed', { kind: 'open' }, EXPIRES_AFTER_MS).to).toBeNull()
    for (const kind of ['canceled', 'expired'] as const) {
      expect(decide('pending', { kind }, 0).to).toBe(kind)
      expect(decide('created', { kind }, 0).to).toBe(kind)
      expect(decide('failed', { kind }, 0).to).toBeNull()
    }
    expect(decide('redirected', { kind: 'pending' }, 0).to).toBe('pending')
    expect(decide('redirected', { kind: 'unknown', raw: '?' }, 10 * EXPIRES_AFTER_MS).to).toBeNull()
    expect(decide('pending', { kind: 'pending' }, 10 * EXPIRES_AFTER_MS).to).toBeNull()
    expect(decide('pending', { kind: 'mismatch', what: 'order amount' }, 10 * EXPIRES_AFTER_MS).to).toBeNull()
  })

  it('calls a person for whatever does not add up', () => {
    expect(decide('redirected', { kind: 'mismatch', what: 'order amount' }, 0).findings).toEqual(['mismatch'])
    expect(decide('redirected', { kind: 'unknown', raw: '?' }, 0).findings).toEqual(['unknown-answer'])
    expect(decide('redirected', { ...PAID, surplusCents: 1 }, 0).findings).toEqual(['surplus'])
    expect(decide('paid', { kind: 'reversed', operationId: '1', returnedCents: 10_800 }, 0).findings).toEqual(
      ['reversed'],
    )
    expect(decide('paid', { kind: 'not_found' }, 0).findings).toEqual(['credited-but-not-paid'])
    expect(decide('paid', PAID, 0).findings).toEqual([])
    expect(decide('paid', { ...PAID, surplusCents: 1 }, 0).findings).toEqual(['surplus'])
    expect(decide('paid', { kind: 'mismatch', what: 'order amount' }, 0).findings).toEqual(['mismatch'])
    expect(decide('paid', { kind: 'unknown', raw: '?' }, 0).findings).toEqual(['unknown-answer'])
    expect(decide('pending', { kind: 'reversed', operationId: '1', returnedCents: 10_800 }, 0)).toMatchObject(
      {
        ...{ to: 'canceled', findings: ['reversed'] },
      },
    )
    expect(decide('failed', { kind: 'reversed', operationId: '1', returnedCents: 10_800 }, 0).to).toBeNull()
  })
})

describe('the person who has just paid', () => {
  const start = new Date('2026-11-24T21:30:00Z')

  it('waits for the answer for a quarter of an hour', () => {
    const isWaiting = (ms: number) => isPayerWaiting(start, new Date(start.getTime() + ms))
    expect([isWaiting(0), isWaiting(15 * MINUTE - 1), isWaiting(15 * MINUTE)]).toEqual([true, true, false])
  })
})

describe('when the provider is asked again', () => {
  const start = new Date('2026-11-24T08:00:00Z')
  const minutesIn = (minutes: number) => new Date(start.getTime() + minutes * MINUTE)

  it('follows the schedule: minutes first, then hours, then days, for a week', () => {
    const seen: number[] = []
    for (let now = start; ; ) {
      const next = nextCheckAt(start, now, 'redirected')
      if (!next) break
      seen.push((next.getTime() - start.getTime()) / MINUTE)
      now = next
    }
    expect(seen).toEqual([
      1,
      2,
      5,
      10,
      20,
      40,
      60,
      120,
      360,
      ...[1, 2, 3, 4, 5, 6, 7].map((day) => day * 1440),
    ])
  })

  it('does not repeat what a sleeping worker missed', () => {
    expect(nextCheckAt(start, minutesIn(45), 'pending')).toEqual(minutesIn(60))
    expect(nextCheckAt(start, minutesIn(7 * 1440), 'pending')).toBeNull()
  })

  it('looks at what is paid again for a month: it may be given back without a word', () => {
    const days = [0, 1, 3, 7, 14, 29].map((day) => nextCheckAt(start, minutesIn(day * 1440), 'paid'))
    expect(days).toEqual([1, 3, 7, 14, 30, 30].map((day) => minutesIn(day * 1440)))
    expect(nextCheckAt(start, minutesIn(30 * 1440), 'paid')).toBeNull()
  })

  it('leaves a case where it stops before the order is over, and only there', () => {
    for (const state of TOP_UP_STATES) {
      expect(leftOpen(state, null)).toEqual(
        ['created', 'redirected', 'pending'].includes(state) ? ['still-open'] : [],
      )
      expect(leftOpen(state, start)).toEqual([])
    }
  })
})

describe('our order id', () => {
  it('is eighteen capital letters and digits', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 17, maxLength: 32 }), (random) => {
        expect(orderIdFrom(random)).toMatch(/^R[A-Z2-9]{17}$/)
      }),
    )
    expect(() => orderIdFrom(new Uint8Array(16))).toThrow(RangeError)
  })
})
