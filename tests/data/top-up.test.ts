import { randomUUID } from 'node:crypto'
import { sql } from 'kysely'
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { asFamily } from '#db/client.ts'
import { settleTopUp } from '#lib/payments/settlement.commands.ts'
import { hurryCheck, startTopUp } from '#lib/payments/top-up.commands.ts'
import { topUpOffer, topUpView } from '#lib/payments/top-up.queries.ts'
import { TOP_UP_STATES, TRANSITIONS } from '#lib/payments/top-up.ts'
import { moveTopUp } from '#lib/payments/top-up-state.commands.ts'
import { setClock, testDatabase } from '#tests/support/database.ts'
import {
  aDelegate,
  aHousehold,
  aMunicipality,
  aStaffViewer,
  type Household,
  type TestMunicipality,
  viewerOf,
} from '#tests/support/factories.ts'
import {
  anOpenTopUp,
  askNoMore,
  aTopUpRequest,
  effectsOf,
  expectMoneyIsRight,
  NOTHING,
  PAID_ONCE,
  type PaymentsBench,
  paymentsBench,
  pollNow,
  topUpRow,
} from '#tests/support/payments.ts'
import { familyInEverySubject } from '#tests/support/subjects.ts'

let bench: PaymentsBench
let municipality: TestMunicipality
let household: Household

beforeAll(async () => {
  bench = await paymentsBench()
})

beforeEach(async () => {
  municipality = await aMunicipality()
  household = await aHousehold(municipality)
})

afterEach(async () => {
  await setClock(null)
  await expectMoneyIsRight()
  await askNoMore()
})

const countTopUps = async (): Promise<number> => {
  const { owner } = await testDatabase()
  const rows = await owner
    .selectFrom('top_up')
    .select('id')
    .where('household_id', '=', household.householdId)
    .execute()
  return rows.length
}

describe('Starting a top-up', () => {
  test('a holder is sent to the provider’s page for meals × price, and the provider knows the same amount', async () => {
    const { topUpId, orderId, paymentUrl } = await anOpenTopUp(household)
    expect(paymentUrl).toContain('/hpp/')
    expect(await topUpRow(topUpId)).toMatchObject({ state: 'redirected', meals: 20, amount_cents: 10_800 })
    const order = await bench.order(orderId)
    expect(order.amount).toBe('10800')
    expect(JSON.stringify(order)).not.toContain('Greta')
  })

  test('the provider’s token is kept only as a hash', async () => {
    const { topUpId, orderId } = await anOpenTopUp(household)
    const { securityToken } = await bench.order(orderId)
    const { owner } = await testDatabase()
    const { rows } = await sql<{
      text: string
    }>`select t::text as text from top_up t where id = ${topUpId}`.execute(owner)
    expect(rows[0]?.text).not.toContain(securityToken)
  })

  test('fifty presses of one button make one order, and everyone gets its page', async () => {
    const request = aTopUpRequest(household)
    const before = (await bench.orders()).length
    const results = await Promise.all(
      Array.from({ length: 50 }, () => startTopUp(household.holderViewer, request)),
    )
    const pages = new Set(results.map((result) => (result.ok ? result.value.paymentUrl : result.code)))
    expect(pages.size).toBe(1)
    expect([...pages][0]).toContain('/hpp/')
    expect(await countTopUps()).toBe(1)
    expect((await bench.orders()).length).toBe(before + 1)
  })

  test('two recaps are two top-ups, and the second is warned about the first', async () => {
    const first = await anOpenTopUp(household)
    expect((await topUpOffer(household.holderViewer))?.open).toMatchObject([
      { id: first.topUpId, amountCents: 10_800 },
    ])
    const second = await anOpenTopUp(household)
    await bench.pay(first.orderId)
    await bench.pay(second.orderId)
    await pollNow()
    expect(await effectsOf(first.topUpId)).toEqual(PAID_ONCE)
    expect(await effectsOf(second.topUpId)).toEqual(PAID_ONCE)
    expect((await topUpOffer(household.holderViewer))?.accounts[0]?.balanceCents).toBe(21_600)
    expect((await topUpOffer(household.holderViewer))?.open).toEqual([])
  })

  test('the receipt leaves immediately also at night; when the bank takes longer, in the morning', async () => {
    const { owner } = await testDatabase()
    const mailOf = async (topUpId: string) => {
      const sent = await owner
        .selectFrom('outbox')
        .select('due_at')
        .where('dedupe_key', 'like', `top-up-paid:${topUpId}:email:%`)
        .executeTakeFirstOrThrow()
      return sent.due_at?.toISOString()
    }
    await setClock('2026-11-24T22:30:00+01:00')
    const [quick, slow] = [await anOpenTopUp(household), await anOpenTopUp(household)]
    await bench.pay(quick.orderId)
    await pollNow()
    await setClock('2026-11-25T03:00:00+01:00')
    await bench.pay(slow.orderId)
    await pollNow()
    expect(await mailOf(quick.topUpId)).toBe('2026-11-24T21:30:00.000Z')
    expect(await mailOf(slow.topUpId)).toBe('2026-11-25T06:00:00.000Z')
  })

  test('the same confirmation cannot be used for another amount, method or account', async () => {
    const request = aTopUpRequest(household)
    await startTopUp(household.holderViewer, request)
    for (const change of [{ meals: '21' }, { method: 'mybank' as const }]) {
      expect(await startTopUp(household.holderViewer, { ...request, ...change })).toMatchObject({
        ok: false,
        code: 'request:key-reused',
      })
    }
    expect(await countTopUps()).toBe(1)
  })

  test('a price that changed meanwhile is told, and nothing is made', async () => {
    const result = await startTopUp(
      household.holderViewer,
      aTopUpRequest(household, { expectedUnitCents: 500 }),
    )
    expect(result).toMatchObject({
      ok: false,
      code: 'top-up:price-changed',
      details: { unit: 540 },
    })
    expect(await countTopUps()).toBe(0)
  })

  test('an order in flight keeps its price when the price changes', async () => {
    const request = aTopUpRequest(household)
    const { topUpId, orderId } = await anOpenTopUp(household, request)
    const { owner } = await testDatabase()
    await owner
      .insertInto('meal_price')
      .values({
        municipality_id: municipality.municipalityId,
        service_id: municipality.serviceId,
        valid_from: '2026-09-02',
        price_cents: 600,
      })
      .execute()
    expect(await startTopUp(household.holderViewer, request)).toMatchObject({ ok: true, value: { topUpId } })
    await bench.pay(orderId)
    await pollNow()
    expect(await effectsOf(topUpId)).toEqual(PAID_ONCE)
  })

  test.each([
    [{ meals: '0' }, 'top-up:out-of-range'],
    [{ meals: '201' }, 'top-up:out-of-range'],
    [{ meals: '-1' }, 'top-up:not-a-number'],
    [{ meals: undefined, amount: '5,41' }, 'top-up:not-a-multiple'],
    [{ meals: undefined, amount: '-5,40' }, 'top-up:not-an-amount'],
    [{ meals: undefined, amount: '1e9' }, 'top-up:not-an-amount'],
    [{ meals: '10', amount: '54' }, 'top-up:two-answers'],
  ])('%j is refused with a sentence and leaves no trace', async (change, code) => {
    expect(await startTopUp(household.holderViewer, aTopUpRequest(household, change))).toMatchObject({
      ok: false,
      code,
    })
    expect(await countTopUps()).toBe(0)
  })
})

describe('Who may not top up', () => {
  test('delegate, stranger, staff and a former holder find nothing, and nothing is made', async () => {
    const stranger = (await aHousehold(municipality)).holderViewer
    const formerHolder = viewerOf(municipality, household.holder, { memberships: [] })
    const viewers = [
      await aDelegate(municipality, household.householdId),
      stranger,
      formerHolder,
      await aStaffViewer(municipality, 'manager'),
      await aStaffViewer(municipality, 'accountant'),
    ]
    const { topUpId } = await anOpenTopUp(household)
    for (const viewer of viewers) {
      expect(await startTopUp(viewer, aTopUpRequest(household))).toMatchObject({ code: 'request:not-found' })
      expect(await topUpView(viewer, topUpId)).toBeNull()
    }
    expect(await topUpOffer(viewers[0] as (typeof viewers)[0])).toBeNull()
    expect(await countTopUps()).toBe(1)
  })

  test('with the application’s checks gone, the database still refuses the delegate', async () => {
    const delegate = await aDelegate(municipality, household.householdId)
    const { topUpId } = await anOpenTopUp(household)
    const asHolder = {
      ...delegate,
      memberships: [{ householdId: household.householdId, role: 'holder' as const }],
    }
    expect(await startTopUp(asHolder, aTopUpRequest(household))).toMatchObject({ code: 'request:not-found' })
    expect(await topUpView(asHolder, topUpId)).toBeNull()
    const seen = await asFamily(delegate, (trx) => trx.selectFrom('top_up').select('id').execute())
    expect(seen).toEqual([])
    const insert = asFamily(delegate, (trx) =>
      trx
        .insertInto('top_up')
        .values({
          municipality_id: municipality.municipalityId,
          household_id: household.householdId,
          account_id: household.accountId,
          payer_id: delegate.personId,
          client_key: randomUUID(),
          meals: 1,
          unit_cents: 540,
          method: 'card',
          provider: 'nexi_npg',
          order_id: 'RFORGED',
          notification_key: 'forged',
        })
        .execute(),
    )
    await expect(insert).rejects.toThrow(/only the holder pays|row-level security/)
  })

  test('coming back hurries only one’s own top-up', async () => {
    const { topUpId } = await anOpenTopUp(household)
    const before = (await topUpRow(topUpId)).next_check_at
    await hurryCheck((await aHousehold(municipality)).holderViewer, topUpId)
    expect((await topUpRow(topUpId)).next_check_at).toEqual(before)
    await hurryCheck(household.holderViewer, topUpId)
    expect((await topUpRow(topUpId)).next_check_at?.getTime()).toBeLessThan(before?.getTime() ?? 0)
  })
})

describe('Settlement', () => {
  const paid = (orderId: string) =>
    ({
      verdict: {
        kind: 'paid',
        operationId: '1',
        amountCents: 10_800,
        currency: 'EUR',
        circuit: 'VISA',
        at: null,
        surplusCents: 0,
      },
      operations: [
        {
          operationId: `1-${orderId}`,
          orderId,
          type: 'AUTHORIZATION',
          result: 'EXECUTED',
          amountCents: 10_800,
          currency: 'EUR',
          circuit: 'VISA',
          at: null,
        },
      ],
    }) as const

  test('eighty settlements at the same time give one credit, one invoice and one mail', async () => {
    const { topUpId, orderId } = await anOpenTopUp(household)
    const answer = paid(orderId)
    await Promise.all(
      Array.from({ length: 80 }, () =>
        settleTopUp(
          municipality.municipalityId,
          topUpId,
          { ...answer, operations: [...answer.operations] },
          { cause: 'poll' },
        ),
      ),
    )
    expect(await effectsOf(topUpId)).toEqual(PAID_ONCE)
    expect(await topUpRow(topUpId)).toMatchObject({
      state: 'paid',
      next_check_at: expect.any(Date),
      alarms: [],
    })
  })

  test('what the provider said is kept as evidence, once', async () => {
    const { topUpId, orderId } = await anOpenTopUp(household)
    const { verdict, operations } = paid(orderId)
    for (let time = 0; time < 2; time += 1)
      await settleTopUp(
        municipality.municipalityId,
        topUpId,
        { verdict, operations: [...operations] },
        { cause: 'poll' },
      )
    const { owner } = await testDatabase()
    const kept = await owner
      .selectFrom('provider_operation')
      .select(['operation_id', 'type', 'result', 'amount_cents', 'currency'])
      .where('top_up_id', '=', topUpId)
      .execute()
    expect(kept).toEqual([
      {
        ...{ operation_id: `1-${orderId}`, type: 'AUTHORIZATION', result: 'EXECUTED' },
        ...{ amount_cents: 10_800, currency: 'EUR' },
      },
    ])
  })

  test('a reply of the provider that comes after the payment takes nothing back, and leaves no trace of a step', async () => {
    const { topUpId, orderId } = await anOpenTopUp(household)
    const { verdict } = paid(orderId)
    await settleTopUp(municipality.municipalityId, topUpId, { verdict, operations: [] }, { cause: 'poll' })
    const move = { topUpId, from: ['created'], to: 'redirected', cause: 'created' } as const
    const moved = await asFamily(household.holderViewer, (trx) =>
      moveTopUp(trx, { municipalityId: municipality.municipalityId, ...move }),
    )
    expect(moved).toBe(false)
    expect((await topUpRow(topUpId)).state).toBe('paid')
  })

  test('a family writes the trace of the order that it opened, once, and of no other move', async () => {
    const { topUpId } = await anOpenTopUp(household)
    const trace = { municipality_id: municipality.municipalityId, top_up_id: topUpId }
    const leave = (from_state: string, to_state: string, cause = 'created') =>
      familyInEverySubject(household.holderViewer, (trx) =>
        trx
          .insertInto('top_up_transition')
          .values({ ...trace, from_state, to_state, cause })
          .execute(),
      )
    await expect(leave('redirected', 'paid', 'poll')).rejects.toThrow('row-level security')
    await expect(leave('created', 'failed')).rejects.toThrow('row-level security')
    await expect(leave('created', 'redirected')).rejects.toThrow('top_up_transition_first')
  })

  test('a family does not pay its order by itself', async () => {
    const { topUpId } = await anOpenTopUp(household)
    const paying = asFamily(household.holderViewer, (trx) =>
      trx
        .updateTable('top_up')
        .set({ state: 'paid', paid_at: new Date(), paid_operation_id: 'mine' })
        .where('id', '=', topUpId)
        .execute(),
    )
    await expect(paying).rejects.toThrow('a family only opens its order')
    expect((await topUpRow(topUpId)).state).toBe('redirected')
  })

  test('what fails half-way leaves nothing behind', async () => {
    const { topUpId, orderId } = await anOpenTopUp(household)
    const { owner } = await testDatabase()
    await sql`create or replace function stop_mail() returns trigger language plpgsql as $$ begin raise exception 'no mail'; end $$`.execute(
      owner,
    )
    await sql`create trigger stop_mail before insert on outbox for each row execute function stop_mail()`.execute(
      owner,
    )
    const answer = { ...paid(orderId), operations: [] }
    await expect(
      settleTopUp(municipality.municipalityId, topUpId, answer, { cause: 'poll' }),
    ).rejects.toThrow('no mail')
    await sql`drop trigger stop_mail on outbox`.execute(owner)
    expect(await effectsOf(topUpId)).toEqual(NOTHING)
    expect((await topUpRow(topUpId)).state).toBe('redirected')
    await settleTopUp(municipality.municipalityId, topUpId, answer, { cause: 'poll' })
    expect(await effectsOf(topUpId)).toEqual(PAID_ONCE)
  })

  test('the payer sees balance, invoice and hour; the mail says the invoice and no balance', async () => {
    const { topUpId, orderId } = await anOpenTopUp(household)
    await bench.pay(orderId)
    await pollNow()
    const view = await topUpView(household.holderViewer, topUpId)
    expect(view).toMatchObject({ state: 'paid', amountCents: 10_800, balanceCents: 10_800, paymentUrl: null })
    const { owner } = await testDatabase()
    const { rows } = await sql<{ year: string }>`select to_char(app_today(), 'YYYY') as year`.execute(owner)
    expect(view?.invoice?.number.slice(0, 5)).toBe(`${rows[0]?.year}/`)
    const mail = await owner
      .selectFrom('outbox')
      .selectAll()
      .where('dedupe_key', 'like', `top-up-paid:${topUpId}:email:%`)
      .executeTakeFirstOrThrow()
    expect(mail).toMatchObject({ recipient: 'laura@example.it', subject: 'Ricarica accreditata: 108,00 €' })
    expect(mail.body_text).toContain(view?.invoice?.number)
    expect(mail.body_text).toContain(`/pagamenti/ricarica/${topUpId}`)
    expect(mail.body_text).not.toMatch(/saldo/i)
  })

  test('the legal moves are the same in the code and in the database', async () => {
    const { owner } = await testDatabase()
    const rows = await owner.selectFrom('top_up_legal_transition').selectAll().execute()
    const inDatabase = rows.map((row) => `${row.from_state} → ${row.to_state}`).sort()
    const inCode = TOP_UP_STATES.flatMap((from) => TRANSITIONS[from].map((to) => `${from} → ${to}`)).sort()
    expect(inDatabase).toEqual(inCode)
  })

  test('the database itself refuses to take a paid top-up back, or to change what was asked', async () => {
    const { topUpId, orderId } = await anOpenTopUp(household)
    await settleTopUp(
      municipality.municipalityId,
      topUpId,
      { ...paid(orderId), operations: [] },
      { cause: 'poll' },
    )
    const { owner } = await testDatabase()
    for (const change of [
      "state = 'failed', paid_at = null",
      "state = 'pending', paid_at = null",
      'meals = 200',
      'unit_cents = 1',
    ]) {
      const update = sql`update top_up set ${sql.raw(change)} where id = ${topUpId}`.execute(owner)
      await expect(update, change).rejects.toThrow(/does not/)
    }
  })
})
