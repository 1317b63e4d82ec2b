import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { asSystem } from '#db/client.ts'
import type { Viewer } from '#lib/access/viewer.ts'
import { invoicesOf } from '#lib/invoices/invoice.queries.ts'
import { notify } from '#lib/notifications/notification.commands.ts'
import type { EventName, Told } from '#lib/notifications/notification.ts'
import { hurryCheck } from '#lib/payments/top-up.commands.ts'
import { topUpView } from '#lib/payments/top-up.queries.ts'
import { setClock, testDatabase } from '#tests/support/database.ts'
import {
  aHousehold,
  aMember,
  aMunicipality,
  aPerson,
  type Household,
  type TestMunicipality,
} from '#tests/support/factories.ts'
import {
  anOpenTopUp,
  askNoMore,
  expectMoneyIsRight,
  type PaymentsBench,
  paymentsBench,
  pollNow,
  topUpRow,
} from '#tests/support/payments.ts'

/** A holder opens a top-up, the office makes another person the holder, and only then is it paid. */
let bench: PaymentsBench
let municipality: TestMunicipality
let household: Household
let payer: Viewer
let opened: Awaited<ReturnType<typeof anOpenTopUp>>

beforeAll(async () => {
  bench = await paymentsBench()
})

beforeEach(async () => {
  municipality = await aMunicipality()
  household = await aHousehold(municipality)
  opened = await anOpenTopUp(household)
  const { owner } = await testDatabase()
  await owner
    .updateTable('household_member')
    .set({ ended_at: new Date() })
    .where('household_id', '=', household.householdId)
    .execute()
  await aMember(municipality, household.householdId, household.holder, 'delegate')
  await aMember(
    municipality,
    household.householdId,
    await aPerson(municipality, { givenName: 'Marco' }),
    'holder',
  )
  payer = {
    ...household.holderViewer,
    memberships: [
      { householdId: household.householdId, role: 'delegate' },
      { householdId: household.householdId, role: 'past_holder' },
    ],
  }
})

afterEach(async () => {
  await setClock(null)
  await expectMoneyIsRight()
  await askNoMore()
})

const tellPayer = (event: EventName, money: Told['money'] = undefined) =>
  asSystem(municipality.municipalityId, (trx) =>
    notify(trx, municipality.municipalityId, {
      event,
      key: `${event}:${JSON.stringify(money)}`,
      to: [payer.personId],
      ...(money ? { money } : {}),
      say: () => ({ title: 'Titolo', text: 'Testo' }),
      path: '/pagamenti',
    }),
  )

describe('a payer who is no longer the holder', () => {
  test('asks what came of the own payment, and the page has an answer', async () => {
    await hurryCheck(payer, opened.topUpId, true)
    expect((await topUpRow(opened.topUpId)).hinted_at).not.toBeNull()
    expect(await topUpView(payer, opened.topUpId)).toMatchObject({ state: 'redirected', balanceCents: null })
  })

  test('reads the own payment and its invoice, and no balance on the page or in the mail', async () => {
    await bench.pay(opened.orderId)
    await pollNow()
    const view = await topUpView(payer, opened.topUpId)
    expect(view).toMatchObject({ state: 'paid', balanceCents: null })
    expect(view?.serviceName).toBeTruthy()
    expect((await invoicesOf(payer))?.invoices).toHaveLength(1)
    const { owner } = await testDatabase()
    const mail = await owner
      .selectFrom('outbox')
      .select('body_text')
      .where('dedupe_key', 'like', `top-up-paid:${opened.topUpId}:email:%`)
      .executeTakeFirstOrThrow()
    expect(mail.body_text).not.toMatch(/saldo/i)
  })

  test('is told of the own payments, and of nothing else about the money of the household', async () => {
    const households = [household.householdId]
    for (const event of ['balance:low', 'price:changed', 'communication:about-money'] as const) {
      expect(await tellPayer(event, { households }), event).toBe(0)
    }
    expect(await tellPayer('balance:low')).toBe(0)
    expect(await tellPayer('top-up:failed', 'own-payment')).toBe(1)
  })

  test('who is the holder of another household hears of that one only', async () => {
    const other = await aHousehold(municipality)
    const { owner } = await testDatabase()
    await owner
      .updateTable('household_member')
      .set({ ended_at: new Date() })
      .where('household_id', '=', other.householdId)
      .execute()
    await aMember(municipality, other.householdId, household.holder, 'holder')
    expect(await tellPayer('price:changed', { households: [household.householdId] })).toBe(0)
    expect(await tellPayer('price:changed', { households: [other.householdId] })).toBe(1)
  })
})
