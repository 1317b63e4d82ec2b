import { beforeAll, describe, expect, test } from 'vitest'
import { asStaff, asSystem } from '#db/client.ts'
import type { StaffRole, Viewer } from '#lib/access/viewer.ts'
import { makeFiscalCode } from '#lib/identity/fiscal-code.ts'
import { fiscalCodeHashes } from '#lib/identity/fiscal-code-hash.ts'
import { hashKeys } from '#lib/kernel/env.ts'
import { readListState } from '#lib/lists/list.address.ts'
import { readListPage } from '#lib/lists/list.queries.ts'
import { HOUSEHOLD_LIST } from '#lib/people/office/household.list.ts'
import {
  chosenHouseholdIds,
  householdList,
  householdSource,
  householdsToDownload,
} from '#lib/people/office/household-list.queries.ts'
import type { SearchParams } from '#lib/web/query-params.ts'
import { setBalance } from '#tests/support/communications.ts'
import { setClock, testDatabase } from '#tests/support/database.ts'
import {
  aDelegate,
  aHousehold,
  aMunicipality,
  aPupil,
  aStaffViewer,
  type Household,
  type TestMunicipality,
} from '#tests/support/factories.ts'
import { aPaidTopUp } from '#tests/support/money.ts'

let municipality: TestMunicipality
let office: Viewer
let conti: Household

beforeAll(async () => {
  const { owner } = await testDatabase()
  await setClock('2026-11-24T08:00:00+01:00')
  municipality = await aMunicipality()
  office = await aStaffViewer(municipality, 'manager')
  conti = await aHousehold(municipality, {
    name: 'Conti',
    holder: { givenName: 'Laura', familyName: 'Conti' },
  })
  await aPupil(municipality, conti.householdId, { name: 'Greta' })
  const over = await aHousehold(municipality, { name: 'ábel' })
  await aPupil(municipality, over.householdId, { name: 'Tea', to: '2026-11-23' })
  await aHousehold(municipality, { name: 'Zorzi' })
  await aPaidTopUp(municipality, conti, 20)
  const delegate = await aDelegate(municipality, conti.householdId)
  await owner
    .updateTable('person')
    .set({ phone: '+393331112244' })
    .where('id', '=', delegate.personId)
    .execute()
  await setBalance(municipality, over, -540)
}, 60_000)

const namesOf = async (params: SearchParams, viewer = office) =>
  (await householdList(viewer, params))?.page.rows.map(({ cells }) => cells.famiglia)

describe('the list of the families', () => {
  test('has all of them by name, without accents and capitals', async () => {
    expect(await namesOf({})).toEqual(['ábel', 'Conti', 'Zorzi'])
    expect(await namesOf({ ordina: '-famiglia' })).toEqual(['Zorzi', 'Conti', 'ábel'])
  })

  test('has those with a pupil who is enrolled, or those without', async () => {
    expect(await namesOf({ iscritti: 'si' })).toEqual(['Conti'])
    expect(await namesOf({ iscritti: 'no' })).toEqual(['ábel', 'Zorzi'])
  })

  test.each([
    ['+39 333 1112244', 'a whole telephone number'],
    ['333.1112', 'a part of one'],
  ])('finds a family by “%s”, %s, and says whose it is', async (cerca) => {
    const opened = await householdList(office, { cerca })
    expect(opened?.page.rows.map(({ cells }) => cells.famiglia)).toEqual(['Conti'])
    expect(opened?.page.rows[0]?.cells.trovata).toMatch(/\(delegato\)$/)
  })

  test.each(['greta', 'conti', 'laura', 'on', 'zz', 'nessuno'])(
    'finds by “%s” the same families, whether few or very many have the name',
    async (cerca) => {
      const state = readListState(HOUSEHOLD_LIST, { cerca })
      const expected = await namesOf({ cerca })
      for (const most of [0, 100])
        for (const many of [0, 100]) {
          const page = await asStaff(office, async (trx) =>
            readListPage(trx, await householdSource(trx, office.municipalityId, state, many), state, {
              ...{ most, walked: 1_000 },
            }),
          )
          expect(
            page.rows.map(({ cells }) => cells.famiglia),
            `${most} ${many}`,
          ).toEqual(expected)
        }
    },
  )

  test.each<SearchParams>([
    { cerca: '33311' },
    { cerca: '1112244' },
    { cerca: '99999' },
    { cerca: 'conti', iscritti: 'si' },
    { cerca: 'conti', iscritti: 'no' },
    { cerca: 'conti', ordina: '-famiglia' },
    { cerca: 'conti', saldo: 'sotto-zero' },
    { iscritti: 'si' },
    { iscritti: 'no' },
    { iscritti: 'no', ordina: 'saldo' },
  ])('finds by %j the same families, whether few or very many are found', async (params) => {
    const state = readListState(HOUSEHOLD_LIST, params)
    const expected = (await namesOf(params))?.toSorted()
    for (const most of [0, 100])
      for (const many of [0, 100]) {
        const page = await asStaff(office, async (trx) =>
          readListPage(trx, await householdSource(trx, office.municipalityId, state, many), state, {
            ...{ most, walked: 1_000 },
          }),
        )
        expect(page.rows.map(({ cells }) => cells.famiglia).toSorted(), `${most} ${many}`).toEqual(expected)
      }
  })

  test('shows the last page where an address asks for one beyond it', async () => {
    const state = readListState(HOUSEHOLD_LIST, { cerca: 'laura conti', pagina: '9' })
    for (const most of [0, 100]) {
      const page = await asStaff(office, async (trx) =>
        readListPage(trx, await householdSource(trx, office.municipalityId, state), state, {
          ...{ most, walked: 1_000 },
        }),
      )
      expect(page).toMatchObject({ page: 1, pages: 1, hasMore: most === 0 })
      expect(page.rows.map(({ cells }) => cells.famiglia)).toEqual(['ábel', 'Conti', 'Zorzi'])
    }
  })

  test('finds nothing by four digits, a part of a name as before', async () => {
    expect(await namesOf({ cerca: '3331' })).toEqual([])
    expect(await namesOf({ cerca: 'ret' })).toEqual(['Conti'])
    expect(await namesOf({ cerca: 'c' })).toEqual([])
  })

  test('finds a family by the whole fiscal code of an adult or of a pupil, and leaves no trace of it', async () => {
    const viewer = await aStaffViewer(municipality, 'operator')
    const { owner } = await testDatabase()
    const codes = {
      adult: makeFiscalCode({ givenName: 'Laura', familyName: 'Conti', birthDay: '1986-04-12', sex: 'F' }),
      pupil: makeFiscalCode({ givenName: 'Greta', familyName: 'Conti', birthDay: '2018-03-02', sex: 'F' }),
    }
    await owner
      .updateTable('person')
      .set({ fiscal_code: codes.adult, fiscal_code_hash: fiscalCodeHashes(codes.adult, hashKeys())[0] })
      .where('id', '=', conti.holder.personId)
      .execute()
    await owner
      .updateTable('pupil')
      .set({ fiscal_code: codes.pupil })
      .where('household_id', '=', conti.householdId)
      .execute()
    for (const code of Object.values(codes)) {
      expect(await namesOf({ cerca: code.toLowerCase() }, viewer)).toEqual(['Conti'])
      expect(await namesOf({ cerca: code.slice(0, 15) }, viewer)).toEqual([])
    }
    const traces = await asSystem(municipality.municipalityId, (trx) =>
      trx
        .selectFrom('audit_event')
        .select('details')
        .where('municipality_id', '=', municipality.municipalityId)
        .where('person_id', '=', viewer.personId)
        .execute(),
    )
    expect(traces).toHaveLength(4)
    for (const code of Object.values(codes))
      expect(JSON.stringify(traces).toUpperCase()).not.toContain(code.slice(0, 15))
  })

  test('says why a family was found of a search alone', async () => {
    expect((await householdList(office, {}))?.state.columns).not.toContain('trovata')
    expect((await householdList(office, { cerca: 'conti' }))?.state.columns).toContain('trovata')
  })

  test.each([
    ['operator', true],
    ['accountant', true],
    ['manager', true],
    ['editor', false],
    ['reader', false],
    ['kitchen', false],
    ['school_office', false],
    ['teacher', false],
  ] as [StaffRole, boolean][])('opens to the %s: %s', async (role, isOpen) => {
    const viewer = await aStaffViewer(municipality, role)
    expect((await householdList(viewer, {})) !== null).toBe(isOpen)
    expect((await householdsToDownload(viewer, {})) !== null).toBe(isOpen)
    expect(await chosenHouseholdIds(viewer, { query: '', all: '1', chosen: [] }, 10)).toHaveLength(
      isOpen ? 3 : 0,
    )
  })

  test('has no family of another municipality', async () => {
    const elsewhere = await aStaffViewer(await aMunicipality(), 'manager')
    expect(await namesOf({}, elsewhere)).toEqual([])
    expect(await namesOf({ cerca: '333 1112244' }, elsewhere)).toEqual([])
  })

  test('has the accounts below zero in the order of what they lack', async () => {
    const opened = await householdList(office, {
      saldo: 'sotto-zero',
      ordina: 'saldo',
      colonna: ['famiglia', 'saldo'],
    })
    expect(opened?.page.rows.map(({ cells }) => [cells.famiglia, cells.saldo])).toEqual([['ábel', -540]])
    const file = await householdsToDownload(office, { colonna: ['famiglia', 'saldo'] })
    const rows = []
    for await (const batch of file?.batches ?? []) rows.push(...batch)
    expect(rows.map(({ cells }) => cells.famiglia)).toEqual(['ábel', 'Conti', 'Zorzi'])
    expect(rows.find(({ cells }) => cells.famiglia === 'Conti')?.cells.saldo).toBe(20 * 540)
  })
})
