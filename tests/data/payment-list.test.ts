import { beforeEach, describe, expect, test } from 'vitest'
import { asFamily, asStaff } from '#db/client.ts'
import type { StaffRole, Viewer } from '#lib/access/viewer.ts'
import { searchOffice } from '#lib/desk/search.queries.ts'
import { householdStatement } from '#lib/ledger/office/household-account.queries.ts'
import { NO_FILTERS } from '#lib/ledger/statement.address.ts'
import type { PaymentVerdict } from '#lib/payments/gateway.ts'
import { askAgain, notePayment } from '#lib/payments/office/payment.commands.ts'
import { paymentFile, paymentList, paymentsToDownload } from '#lib/payments/office/payment.queries.ts'
import { settleTopUp } from '#lib/payments/settlement.commands.ts'
import { setClock, testDatabase } from '#tests/support/database.ts'
import {
  aHousehold,
  aMunicipality,
  aPupil,
  aStaffViewer,
  type Household,
  type TestMunicipality,
} from '#tests/support/factories.ts'
import { aTopUp } from '#tests/support/money.ts'

let municipality: TestMunicipality
let household: Household
let accountant: Viewer

beforeEach(async () => {
  await setClock('2026-11-24T10:00:00Z')
  municipality = await aMunicipality()
  household = await aHousehold(municipality)
  accountant = await aStaffViewer(municipality, 'accountant')
})

const paidAt = (amountCents: number, at: string, surplusCents = 0): PaymentVerdict => ({
  ...{ kind: 'paid', operationId: `op${at}`, amountCents, currency: 'EUR', circuit: 'VISA' },
  ...{ at: new Date(at), surplusCents },
})

async function aPayment(meals: number, at: string, surplusCents = 0): Promise<string> {
  const id = await aTopUp(municipality, household, { meals })
  const verdict = paidAt(meals * 540, at, surplusCents)
  const operations = [
    {
      ...{ operationId: `op${id}`, orderId: 'R', type: 'AUTHORIZATION', result: 'EXECUTED' },
      ...{ amountCents: meals * 540, currency: 'EUR', circuit: 'VISA', at: new Date(at) },
    },
  ]
  await settleTopUp(municipality.municipalityId, id, { verdict, operations }, { cause: 'poll' })
  return id
}

const asked = async (query: Record<string, string> = {}, viewer = accountant) => {
  const list = await paymentList(viewer, query)
  return list && { ids: list.page.rows.map(({ id }) => id), totals: list.totals }
}

describe('The list of payments', () => {
  test('is by the day of payment, newest first, and says what those that match come to', async () => {
    await setClock('2026-11-20T10:00:00Z')
    const [early, late, open] = [
      await aPayment(10, '2026-11-20T10:00:00Z'),
      await (async () => {
        await setClock('2026-12-01T09:00:00Z')
        return aPayment(2, '2026-12-01T09:00:00Z')
      })(),
      await aTopUp(municipality, household, { meals: 3 }),
    ]
    expect((await asked())?.ids.toSorted()).toEqual([early, late, open].toSorted())
    expect((await asked())?.ids.at(-1)).toBe(early)
    expect((await asked())?.totals).toBeNull()
    expect(await asked({ quando: '11/2026' })).toEqual({
      ids: [early],
      totals: { count: 1, paidCount: 1, paidCents: 5_400 },
    })
    expect(await asked({ quando: '12/2026' })).toMatchObject({
      totals: { count: 2, paidCount: 1, paidCents: 1_080 },
    })
    expect((await asked({ quando: 'oggi', stato: 'paid' }))?.ids).toEqual([late])
    expect((await asked({ quando: 'boh' }))?.ids).toEqual([])
  })

  test('puts a payment at the edge of a day on its own day in Italy', async () => {
    await setClock('2026-11-24T23:00:30Z')
    const before = await aPayment(1, '2026-11-24T22:59:59Z')
    const after = await aPayment(1, '2026-11-24T23:00:00Z')
    // No order is older than its payment.
    const { owner } = await testDatabase()
    await owner
      .updateTable('top_up')
      .set({ paid_at: new Date('2026-11-24T22:59:59Z') })
      .where('id', '=', before)
      .execute()
    await owner
      .updateTable('top_up')
      .set({ paid_at: new Date('2026-11-24T23:00:00Z') })
      .where('id', '=', after)
      .execute()
    expect((await asked({ quando: '24/11/2026' }))?.ids).toEqual([before])
    expect((await asked({ quando: '25/11/2026' }))?.ids).toEqual([after])
  })

  test('finds by order, operation, invoice, amount, name, household, alarm and method', async () => {
    await aPupil(municipality, household.householdId, { name: 'Greta' })
    const twice = await aPayment(4, '2026-11-24T10:00:00Z', 2_160)
    const other = await aTopUp(municipality, await aHousehold(municipality, { name: 'Zanella' }), {
      method: 'mybank',
    })
    const file = await paymentFile(accountant, twice)
    const finds = async (query: Record<string, string>) => (await asked(query))?.ids
    expect(await finds({ cerca: file?.payment.orderId.toLowerCase() ?? '' })).toEqual([twice])
    expect(await finds({ cerca: `op${twice}` })).toEqual([twice])
    expect(await finds({ cerca: file?.payment.invoiceNumber ?? '' })).toEqual([twice])
    expect(await finds({ cerca: '21,60' })).toEqual([twice])
    expect(await finds({ cerca: 'greta' })).toEqual([twice])
    expect(await finds({ famiglia: household.householdId })).toEqual([twice])
    const offered = async (query: Record<string, string>) =>
      (await paymentList(accountant, query))?.list.filters.some(({ key }) => key === 'famiglia')
    expect([await offered({}), await offered({ famiglia: household.householdId })]).toEqual([false, true])
    expect(await finds({ allarme: 'surplus' })).toEqual([twice])
    expect(await finds({ allarme: 'aperti' })).toEqual([twice])
    expect(await finds({ allarme: 'mismatch' })).toEqual([])
    expect(await finds({ metodo: 'mybank' })).toEqual([other])
    expect(await finds({ fattura: 'nessuna' })).toEqual([other])
    expect(await finds({ cerca: "'; drop table top_up" })).toEqual([])
  })

  test('goes into a file whole, and the taking is registered', async () => {
    const id = await aPayment(4, '2026-11-24T10:00:00Z')
    const file = await paymentsToDownload(accountant, { quando: 'oggi' })
    const rows = []
    for await (const batch of file?.batches ?? []) rows.push(...batch)
    expect(rows).toMatchObject([
      { id, cells: { giorno: '2026-11-24', importo: 2_160, stato: 'accreditata' } },
    ])
    const { owner } = await testDatabase()
    const events = await owner
      .selectFrom('audit_event')
      .select('action')
      .where('municipality_id', '=', municipality.municipalityId)
      .where('action', '=', 'top-up:downloaded')
      .execute()
    expect(events).toHaveLength(1)
  })
})

describe('One payment', () => {
  test('shows what was seen on both sides', async () => {
    const id = await aPayment(4, '2026-11-24T10:00:00Z', 2_160)
    const file = await paymentFile(accountant, id)
    expect(file).toMatchObject({
      payment: {
        amountCents: 2_160,
        state: 'paid',
        invoiceNumber: expect.any(String),
        householdName: expect.any(String),
      },
      operations: [{ operationId: `op${id}`, amountCents: 2_160, result: 'EXECUTED' }],
      moves: [{ from: 'created', to: 'paid', cause: 'poll' }],
      entries: [{ kind: 'top_up', cents: 2_160 }],
      alarms: [{ finding: 'surplus', cents: 2_160, settledAt: null }],
      notifications: [],
      notes: [],
    })
    expect(file?.messages.map(({ title }) => title)).toHaveLength(2)
  })

  test('is asked about again, whatever its state, and no money moves by the asking', async () => {
    const id = await aPayment(4, '2026-11-24T10:00:00Z')
    await setClock('2026-11-24T12:00:00Z')
    expect(await askAgain(accountant, id)).toMatchObject({ ok: true })
    const file = await paymentFile(accountant, id)
    expect(file?.payment).toMatchObject({ state: 'paid', nextCheckAt: new Date('2026-11-24T12:00:00Z') })
    expect(file?.entries).toHaveLength(1)
  })

  test('keeps notes as they were written', async () => {
    const id = await aPayment(4, '2026-11-24T10:00:00Z')
    expect(await notePayment(accountant, { id, note: 'Chiamata la banca.' })).toMatchObject({ ok: true })
    expect((await paymentFile(accountant, id))?.notes).toMatchObject([{ note: 'Chiamata la banca.' }])
    const { owner } = await testDatabase()
    await expect(
      owner.updateTable('top_up_note').set({ note: 'x' }).where('top_up_id', '=', id).execute(),
    ).rejects.toThrow('append-only')
  })
})

describe('Payments', () => {
  const READERS: StaffRole[] = ['operator', 'accountant', 'manager']
  const roles: StaffRole[] = [...READERS, 'editor', 'reader', 'teacher', 'school_office', 'kitchen']

  test.each(roles)('are read by who reads money: %s', async (role) => {
    const id = await aPayment(1, '2026-11-24T10:00:00Z')
    const viewer = await aStaffViewer(municipality, role)
    const isShown = READERS.includes(role)
    expect((await paymentList(viewer, {})) !== null).toBe(isShown)
    expect((await paymentsToDownload(viewer, {})) !== null).toBe(isShown)
    expect((await paymentFile(viewer, id)) !== null).toBe(isShown)
    const writes = role === 'accountant' || role === 'manager'
    expect((await askAgain(viewer, id)).ok).toBe(writes)
    expect((await notePayment(viewer, { id, note: 'Una nota' })).ok).toBe(writes)
  })

  test('of another municipality and of a family are nobody’s', async () => {
    const id = await aPayment(1, '2026-11-24T10:00:00Z')
    const stranger = await aStaffViewer(await aMunicipality(), 'manager')
    expect([await paymentFile(stranger, id), (await paymentList(stranger, {}))?.page.total]).toEqual([
      null,
      0,
    ])
    expect(await askAgain(stranger, id)).toMatchObject({ code: 'request:not-found' })
    expect(await notePayment(stranger, { id, note: 'Una nota' })).toMatchObject({ code: 'request:not-found' })
    expect(await paymentList(household.holderViewer, {})).toBeNull()
    expect(await paymentFile(accountant, 'x')).toBeNull()
  })

  test('have notes that the database alone keeps to the office, written under one’s own name', async () => {
    const id = await aPayment(1, '2026-11-24T10:00:00Z')
    await notePayment(accountant, { id, note: 'Solo per noi' })
    const read = (trx: Parameters<Parameters<typeof asStaff>[1]>[0]) =>
      trx.selectFrom('top_up_note').select('id').execute()
    expect(await asStaff(accountant, read)).toHaveLength(1)
    expect(await asFamily(household.holderViewer, read)).toEqual([])
    const forged = { municipality_id: municipality.municipalityId, top_up_id: id, note: 'Finta' }
    await expect(
      asStaff(accountant, (trx) =>
        trx
          .insertInto('top_up_note')
          .values({ ...forged, written_by: household.holder.personId })
          .execute(),
      ),
    ).rejects.toThrow('row-level security')
  })

  test('are found by the search of the office, for who reads money', async () => {
    const id = await aPayment(7, '2026-11-24T10:00:00Z')
    const { payment } = (await paymentFile(accountant, id)) ?? {}
    for (const typed of [payment?.orderId, '37,80', `op${id}`])
      expect((await searchOffice(accountant, typed))?.payments, typed).toMatchObject([
        { id, amountCents: 3_780 },
      ])
    const editor = await aStaffViewer(municipality, 'editor')
    expect((await searchOffice(editor, '37,80'))?.payments).toEqual([])
  })
})

describe('The account of a household', () => {
  test('is read by the office whole, each movement with the balance that it left', async () => {
    await aPayment(4, '2026-11-24T10:00:00Z')
    await setClock('2026-11-24T11:00:00Z')
    await aPayment(1, '2026-11-24T11:00:00Z')
    const statement = await householdStatement(accountant, household.householdId, NO_FILTERS)
    expect(statement).toMatchObject({
      account: { balanceCents: 2_700 },
      total: 2,
      movements: [
        { kind: 'top_up', amountCents: 540, balanceCents: 2_700 },
        { kind: 'top_up', amountCents: 2_160, balanceCents: 2_160 },
      ],
    })
    const onlyMeals = await householdStatement(accountant, household.householdId, {
      ...NO_FILTERS,
      kind: 'pasti',
    })
    expect(onlyMeals?.movements).toEqual([])
  })

  test.each([
    ['operator', true],
    ['manager', true],
    ['editor', false],
    ['reader', false],
    ['school_office', false],
    ['kitchen', false],
  ] as const)('is shown to who reads money: %s', async (role, isShown) => {
    const viewer = await aStaffViewer(municipality, role)
    expect((await householdStatement(viewer, household.householdId, NO_FILTERS)) !== null).toBe(isShown)
  })

  test('is no account of another household, municipality or family', async () => {
    const other = await aHousehold(municipality)
    const asking = (accountId: string) =>
      householdStatement(accountant, household.householdId, { ...NO_FILTERS, accountId })
    expect(await asking(household.accountId)).not.toBeNull()
    expect(await asking(other.accountId)).toBeNull()
    const stranger = await aStaffViewer(await aMunicipality(), 'manager')
    expect(await householdStatement(stranger, household.householdId, NO_FILTERS)).toBeNull()
    expect(await householdStatement(household.holderViewer, household.householdId, NO_FILTERS)).toBeNull()
  })
})
