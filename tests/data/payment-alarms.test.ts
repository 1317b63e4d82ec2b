import { beforeEach, describe, expect, test, vi } from 'vitest'
import type { Viewer } from '#lib/access/viewer.ts'
import { waitingInvoices } from '#lib/invoices/office/waiting-invoice.queries.ts'
import { log } from '#lib/kernel/log.ts'
import type { PaymentVerdict, ProviderOperation } from '#lib/payments/gateway.ts'
import { settleAlarm } from '#lib/payments/office/payment-alarm.commands.ts'
import { openAlarms, paymentDesk } from '#lib/payments/office/payment-alarm.queries.ts'
import { settleTopUp } from '#lib/payments/settlement.commands.ts'
import { paymentsToSettle, topUpView } from '#lib/payments/top-up.queries.ts'
import { setClock, testDatabase } from '#tests/support/database.ts'
import {
  aDelegate,
  aHousehold,
  aMunicipality,
  aStaffViewer,
  type Household,
  type TestMunicipality,
} from '#tests/support/factories.ts'
import { aTopUp } from '#tests/support/money.ts'

let municipality: TestMunicipality
let household: Household
let accountant: Viewer
let topUpId: string

beforeEach(async () => {
  await setClock('2026-11-24T10:00:00Z')
  municipality = await aMunicipality()
  household = await aHousehold(municipality)
  accountant = await aStaffViewer(municipality, 'accountant')
  topUpId = await aTopUp(municipality, household)
})

const PAID = {
  kind: 'paid',
  operationId: 'op1',
  amountCents: 10_800,
  currency: 'EUR',
  circuit: 'VISA',
  at: null,
  surplusCents: 0,
} as const satisfies PaymentVerdict
const TWICE = { ...PAID, surplusCents: 10_800 }
const GIVEN_BACK = { kind: 'reversed', operationId: 'op1', returnedCents: 2_700 } as const

const answer = (verdict: PaymentVerdict) =>
  settleTopUp(municipality.municipalityId, topUpId, { verdict, operations: [] }, { cause: 'poll' })

const told = async (viewer: Viewer) => {
  const { owner } = await testDatabase()
  const rows = await owner
    .selectFrom('notification')
    .select(['title', 'path'])
    .where('person_id', '=', viewer.personId)
    .where('event', '=', 'top-up:to-settle')
    .orderBy('id')
    .execute()
  expect(rows.every(({ path }) => path === `/pagamenti/ricarica/${topUpId}`)).toBe(true)
  return rows.map(({ title }) => title)
}

const seen = (viewer = household.holderViewer) => topUpView(viewer, topUpId)

describe('Money that was taken twice', () => {
  test('is told to the payer once, on the page of the payment, in the account and in a message', async () => {
    await answer(TWICE)
    await answer(TWICE)
    expect(await seen()).toMatchObject({
      state: 'paid',
      isUnderReview: false,
      found: { kind: 'taken-twice', cents: 10_800 },
    })
    expect(await paymentsToSettle(household.holderViewer)).toEqual([
      { topUpId, kind: 'taken-twice', cents: 10_800 },
    ])
    expect(await told(household.holderViewer)).toEqual(['Un pagamento è stato preso due volte'])
  })

  test('stands in the office’s list with who, what, when, how much and state', async () => {
    await answer(TWICE)
    expect(await openAlarms(accountant)).toBe(1)
    const desk = await paymentDesk(accountant)
    expect(desk?.settled).toEqual([])
    expect(desk?.open).toMatchObject([
      {
        finding: 'surplus',
        cents: 10_800,
        raisedAt: new Date('2026-11-24T10:00:00Z'),
        payerName: 'Laura Conti',
        householdId: household.householdId,
        amountCents: 10_800,
        method: 'card',
        state: 'paid',
        invoiceNumber: expect.stringContaining('2026/'),
      },
    ])
  })

  test('and settled by the office says what the office did, and by whom', async () => {
    await answer(TWICE)
    const id = (await paymentDesk(accountant))?.open[0]?.id ?? ''
    const note = 'Abbiamo restituito 108,00 € sulla carta.'
    expect(await settleAlarm(accountant, { id, note })).toMatchObject({ ok: true })
    expect(await seen()).toMatchObject({ found: null, officeNote: note })
    expect(await paymentsToSettle(household.holderViewer)).toEqual([])
    expect(await told(household.holderViewer)).toEqual([
      'Un pagamento è stato preso due volte',
      'L’ufficio ha sistemato un pagamento',
    ])
    const manager = await aStaffViewer(municipality, 'manager')
    expect(await settleAlarm(manager, { id, note })).toMatchObject({ code: 'payments:settled-meanwhile' })
    expect((await paymentDesk(manager))?.settled).toMatchObject([
      { note, settledBy: expect.stringContaining('Conti') },
    ])
  })
})

describe('Money that was given back at the provider', () => {
  test('after the credit is told with the sum that came back, and the credit stays', async () => {
    await answer(PAID)
    await answer(GIVEN_BACK)
    expect(await seen()).toMatchObject({ state: 'paid', found: { kind: 'given-back', cents: 2_700 } })
    expect((await paymentDesk(accountant))?.open).toMatchObject([{ finding: 'reversed', cents: 2_700 }])
    expect(await told(household.holderViewer)).toEqual(['Un pagamento risulta restituito'])
  })

  test('before any credit says that nothing was credited', async () => {
    await answer(GIVEN_BACK)
    expect(await seen()).toMatchObject({
      state: 'canceled',
      found: { kind: 'given-back' },
      isUnderReview: false,
    })
    expect(await paymentsToSettle(household.holderViewer)).toEqual([])
  })
})

describe('An answer that could not be understood', () => {
  test('is taken back by a later clear one, and the family is not kept from paying again', async () => {
    await answer({ kind: 'unknown', raw: 'AUTHORIZATION HALF_DONE' })
    expect(await seen()).toMatchObject({ isUnderReview: true })
    const id = (await paymentDesk(accountant))?.open[0]?.id ?? ''
    await answer({ kind: 'failed', reason: 'DECLINED' })
    expect(await seen()).toMatchObject({ state: 'failed', isUnderReview: false })
    expect(await openAlarms(accountant)).toBe(0)
    expect(await settleAlarm(accountant, { id, note: 'Guardato.' })).toMatchObject({
      code: 'payments:taken-back',
    })
  })

  test('opens again when it comes again', async () => {
    const unknown = { kind: 'unknown', raw: 'AUTHORIZATION HALF_DONE' } as const
    await answer(unknown)
    await answer({ kind: 'canceled' })
    await answer(unknown)
    expect((await paymentDesk(accountant))?.open).toMatchObject([{ finding: 'unknown-answer' }])
  })

  test('is not taken back while the provider only says that nothing has happened yet', async () => {
    await answer({ kind: 'mismatch', what: 'order amount' })
    await answer({ kind: 'pending' })
    expect(await seen()).toMatchObject({ isUnderReview: true })
  })
})

describe('What is the office’s alone', () => {
  test('is no word to the payer: a success after the end', async () => {
    await answer({ kind: 'canceled' })
    await answer(PAID)
    expect(await seen()).toMatchObject({ state: 'paid', found: null })
    expect(await told(household.holderViewer)).toEqual([])
    const alarm = (await paymentDesk(accountant))?.open[0]
    expect(alarm).toMatchObject({ finding: 'late-success', cents: null })
    await settleAlarm(accountant, { id: alarm?.id ?? '', note: 'Nessun secondo pagamento.' })
    expect(await seen()).toMatchObject({ officeNote: null })
    expect(await told(household.holderViewer)).toEqual([])
  })
})

describe('The list', () => {
  beforeEach(() => answer(TWICE))

  test.each(['operator', 'editor'] as const)('is closed to the %s', async (role) => {
    const viewer = await aStaffViewer(municipality, role)
    expect(await paymentDesk(viewer)).toBeNull()
    expect(await waitingInvoices(viewer)).toBeNull()
    expect(await openAlarms(viewer)).toBe(0)
    const id = (await paymentDesk(accountant))?.open[0]?.id ?? ''
    expect(await settleAlarm(viewer, { id, note: 'Fatto.' })).toMatchObject({ code: 'request:not-found' })
  })

  test('has nothing of another municipality', async () => {
    const elsewhere = await aStaffViewer(await aMunicipality(), 'accountant')
    expect(await paymentDesk(elsewhere)).toEqual({ open: [], settled: [] })
    const id = (await paymentDesk(accountant))?.open[0]?.id ?? ''
    expect(await settleAlarm(elsewhere, { id, note: 'Fatto.' })).toMatchObject({ code: 'request:not-found' })
  })

  test('tells a delegate and another family nothing', async () => {
    const delegate = await aDelegate(municipality, household.householdId)
    const stranger = (await aHousehold(municipality)).holderViewer
    for (const viewer of [delegate, stranger]) {
      expect(await seen(viewer)).toBeNull()
      expect(await paymentsToSettle(viewer)).toEqual([])
    }
  })

  test('of invoices says what each lacks, and since when', async () => {
    const { owner } = await testDatabase()
    await owner
      .updateTable('person')
      .set({ province: null })
      .where('id', '=', household.holder.personId)
      .execute()
    topUpId = await aTopUp(municipality, household)
    await answer(PAID)
    await setClock('2026-12-10T10:00:00Z')
    expect(await waitingInvoices(accountant)).toMatchObject([
      { gaps: ['customer_address'], days: 16, holderName: 'Laura Conti', totalCents: 10_800 },
    ])
  })
})

describe('A payment that is seen late', () => {
  const MIDNIGHT = '2026-12-31T23:00:40Z'
  const invoiceOf = async () => {
    const { owner } = await testDatabase()
    return owner
      .selectFrom('invoice')
      .select(['year', 'number', 'issued_on'])
      .where('municipality_id', '=', municipality.municipalityId)
      .executeTakeFirstOrThrow()
  }

  test.each([
    [
      'seconds before midnight, seen after it',
      '2026-12-31T22:59:30Z',
      { year: 2026, issued_on: '2026-12-31' },
    ],
    ['after midnight', '2026-12-31T23:00:10Z', { year: 2027, issued_on: '2027-01-01' }],
    ['by a clock that goes ahead', '2027-01-05T10:00:00Z', { year: 2027, issued_on: '2027-01-01' }],
    ['before the order was made', '2026-01-01T10:00:00Z', { year: 2026, issued_on: '2026-11-24' }],
  ])('paid %s has an invoice of its own day', async (_when, at, expected) => {
    await setClock(MIDNIGHT)
    await answer({ ...PAID, at: new Date(at) })
    expect(await invoiceOf()).toEqual({ number: 1, ...expected })
  })
})

describe('The end of the checks', () => {
  const findings = async () => (await paymentDesk(accountant))?.open.map(({ finding }) => finding)
  const checkOf = async () => {
    const { owner } = await testDatabase()
    const row = await owner
      .selectFrom('top_up')
      .select('next_check_at')
      .where('id', '=', topUpId)
      .executeTakeFirstOrThrow()
    return row.next_check_at?.toISOString() ?? null
  }

  test('leaves a case of an order that is still under way, which a later answer takes back', async () => {
    await setClock('2026-11-30T10:00:00Z')
    await answer({ kind: 'pending' })
    expect(await findings()).toEqual([])
    expect(await checkOf()).toBe('2026-12-01T10:00:00.000Z')
    await setClock('2026-12-01T10:00:00Z')
    await answer({ kind: 'pending' })
    expect([await findings(), await checkOf()]).toEqual([['still-open'], null])
    expect(await seen()).toMatchObject({ state: 'pending', isUnderReview: true })
    await answer({ kind: 'failed', reason: 'DECLINED' })
    expect(await findings()).toEqual([])
  })

  test('of a paid order comes after a month, and a refund that was never notified is found', async () => {
    await answer(PAID)
    expect(await checkOf()).toBe('2026-11-25T10:00:00.000Z')
    await setClock('2026-12-24T09:00:00Z')
    await answer(GIVEN_BACK)
    expect([await findings(), await checkOf()]).toEqual([['reversed'], '2026-12-24T10:00:00.000Z'])
    await setClock('2026-12-24T10:00:00Z')
    await answer(GIVEN_BACK)
    expect(await checkOf()).toBeNull()
  })
})

describe('What the provider said', () => {
  const operation = (changes: Partial<ProviderOperation> = {}): ProviderOperation => ({
    ...{ operationId: 'op1', orderId: 'R1', type: 'AUTHORIZATION', result: 'EXECUTED', amountCents: 10_800 },
    ...{ currency: 'EUR', circuit: 'VISA', at: null, ...changes },
  })
  const settle = (verdict: PaymentVerdict, ...operations: ProviderOperation[]) =>
    settleTopUp(municipality.municipalityId, topUpId, { verdict, operations }, { cause: 'poll' })
  const kept = async () => {
    const { owner } = await testDatabase()
    return owner
      .selectFrom('provider_operation')
      .select(['amount_cents', 'amount_said'])
      .where('top_up_id', '=', topUpId)
      .execute()
  }

  test('is kept also where no column holds the amount, and the verdict stands', async () => {
    await settle({ kind: 'mismatch', what: 'operation amount' }, operation({ amountCents: 500_000_000_000 }))
    expect(await kept()).toEqual([{ amount_cents: null, amount_said: '500000000000' }])
    expect(await openAlarms(accountant)).toBe(1)
  })

  test('never holds up the verdict: what cannot be kept is logged', async () => {
    const logged = vi.spyOn(log(), 'error').mockImplementation(() => undefined)
    await settle(PAID, operation({ currency: 'EU\u0000R' }))
    expect(logged).toHaveBeenCalledWith(
      expect.objectContaining({ topUpId }),
      'payments: could not keep what the provider said',
    )
    logged.mockRestore()
    expect([await seen(), await kept()]).toMatchObject([{ state: 'paid' }, []])
  })
})

describe('A refused card', () => {
  const failures = async () => {
    const { owner } = await testDatabase()
    const rows = await owner
      .selectFrom('notification')
      .select('id')
      .where('person_id', '=', household.holderViewer.personId)
      .where('event', '=', 'top-up:failed')
      .execute()
    return rows.length
  }
  const DECLINED = { kind: 'failed', reason: 'DECLINED' } as const
  const at = async (time: string, verdict: PaymentVerdict) => {
    await setClock(`2026-11-24T${time}Z`)
    await answer(verdict)
    return failures()
  }

  test('is told once, when the payer no longer tries another one', async () => {
    expect(await at('10:01:00', DECLINED)).toBe(0)
    expect(await at('10:20:00', DECLINED)).toBe(0)
    expect(await at('10:30:00', DECLINED)).toBe(1)
    expect(await at('10:40:00', DECLINED)).toBe(1)
  })

  test('is never told where a second card worked', async () => {
    expect(await at('10:01:00', DECLINED)).toBe(0)
    expect(await at('10:02:00', PAID)).toBe(0)
    expect(await at('10:40:00', PAID)).toBe(0)
  })
})
