import { sql } from 'kysely'
import { beforeEach, describe, expect, test } from 'vitest'
import { homePath } from '#lib/access/return-path.ts'
import type { Viewer } from '#lib/access/viewer.ts'
import { hashFiscalCode } from '#lib/identity/fiscal-code-hash.ts'
import { invoicesOf } from '#lib/invoices/invoice.queries.ts'
import { NO_FILTERS } from '#lib/ledger/statement.address.ts'
import { balanceCards, statementOf } from '#lib/ledger/statement.queries.ts'

import { readTodayPage } from '#lib/meals/meal.queries.ts'
import { readMonthPage } from '#lib/meals/month.queries.ts'
import { handOver } from '#lib/people/office/hand-over.commands.ts'
import { handOverInput } from '#lib/people/office/hand-over.input.ts'
import { setClock, testDatabase } from '#tests/support/database.ts'
import { TEST_ENVIRONMENT } from '#tests/support/environment.ts'
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
import { aCitizen, type Citizen, signedIn, viewerNow } from '#tests/support/people.ts'
import { familyInEverySubject } from '#tests/support/subjects.ts'

let municipality: TestMunicipality
let household: Household
let office: Viewer
let mother: Citizen
let father: Citizen

beforeEach(async () => {
  const { owner } = await testDatabase()
  await setClock('2026-11-24T08:00:00+01:00')
  municipality = await aMunicipality()
  household = await aHousehold(municipality)
  await aPupil(municipality, household.householdId)
  office = await aStaffViewer(municipality, 'operator')
  father = await aCitizen({ givenName: 'Marco' })
  const { citizenId, fiscalCode } = household.holder
  const fiscalCodeHash = hashFiscalCode(fiscalCode, TEST_ENVIRONMENT.FISCAL_CODE_KEY)
  await owner
    .updateTable('citizen')
    .set({ fiscal_code_hash: fiscalCodeHash })
    .where('id', '=', citizenId)
    .execute()
  await owner
    .updateTable('person')
    .set({ fiscal_code_hash: fiscalCodeHash })
    .where('id', '=', household.holder.personId)
    .execute()
  mother = { ...(await signedIn(citizenId)), citizenId, fiscalCode, fiscalCodeHash }
  await aPaidTopUp(municipality, household, 20)
  await setClock('2026-11-24T09:00:00+01:00')
})

const toFather = (given: { keepAsDelegate?: boolean; viewer?: Viewer } = {}) =>
  handOver(given.viewer ?? office, {
    householdId: household.householdId,
    fiscalCode: father.fiscalCode,
    givenName: 'Marco',
    familyName: 'Albertini',
    email: 'marco@example.it',
    keepAsDelegate: given.keepAsDelegate ?? false,
    reason: 'Lo chiedono i genitori',
  })

const rowsOf = (viewer: Viewer, table: 'invoice' | 'top_up' | 'entry' | 'account') =>
  familyInEverySubject(viewer, (trx) => sql`select from ${sql.table(table)}`.execute(trx)).then(
    ({ rows }) => rows.length,
  )

describe('another parent becomes the holder', () => {
  test('the new holder has the balance and what moves from now on, not the payments of before', async () => {
    expect(await toFather()).toEqual({ ok: true, value: { name: 'Marco Albertini' } })
    const now = await viewerNow(municipality, father)
    expect((await balanceCards(now))?.[0]?.balanceCents).toBe(20 * 540)
    expect(await statementOf(now, NO_FILTERS)).toMatchObject({ movements: [], total: 0 })
    expect(await invoicesOf(now)).toMatchObject({ invoices: [] })
    expect(await rowsOf(now, 'invoice')).toBe(0)
    expect(await rowsOf(now, 'top_up')).toBe(0)
    expect(await rowsOf(now, 'entry')).toBe(0)
    await setClock('2026-11-24T10:00:00+01:00')
    const { personId } = now
    await aPaidTopUp(
      municipality,
      { ...household, holder: { ...household.holder, personId }, holderViewer: now },
      10,
    )
    const statement = await statementOf(now, NO_FILTERS)
    expect(statement?.movements).toMatchObject([{ amountCents: 10 * 540, balanceCents: 30 * 540 }])
    expect((await invoicesOf(now))?.invoices).toHaveLength(1)
  })

  test('the former holder keeps the own invoices, and sees no child, balance or later payment', async () => {
    await toFather()
    const before = await viewerNow(municipality, mother)
    expect(before.memberships).toEqual([{ householdId: household.householdId, role: 'past_holder' }])
    expect(homePath(municipality.slug, before)).toBe(`/${municipality.slug}/pagamenti/fatture`)
    expect((await invoicesOf(before))?.invoices).toHaveLength(1)
    expect(await balanceCards(before)).toBeNull()
    expect((await readTodayPage(before)).children).toEqual([])
    expect(await readMonthPage(before, null, null)).toBe('no-children')
    expect(await rowsOf(before, 'account')).toBe(0)
    expect(await rowsOf(before, 'entry')).toBe(0)
    expect(await rowsOf(before, 'invoice')).toBe(1)
  })

  test('with the protection of rows switched off, the application alone keeps the two apart', async () => {
    await toFather()
    const { owner } = await testDatabase()
    const guarded = ['invoice', 'top_up', 'entry', 'account']
    const each = (what: string) =>
      Promise.all(
        guarded.map((table) => sql.raw(`alter table ${table} ${what} row level security`).execute(owner)),
      )
    await each('disable')
    try {
      const now = await viewerNow(municipality, father)
      expect(await invoicesOf(now)).toMatchObject({ invoices: [] })
      expect((await statementOf(now, NO_FILTERS))?.total).toBe(0)
      expect(await balanceCards(await viewerNow(municipality, mother))).toBeNull()
    } finally {
      await each('enable')
    }
  })

  test('as delegate, the former holder still cancels meals and still has the own invoices', async () => {
    await toFather({ keepAsDelegate: true })
    const before = await viewerNow(municipality, mother)
    expect(before.memberships.map(({ role }) => role)).toEqual(['delegate', 'past_holder'])
    expect((await readTodayPage(before)).children).toHaveLength(1)
    expect(await balanceCards(before)).toBeNull()
    expect((await invoicesOf(before))?.invoices).toHaveLength(1)
  })

  test('a delegate may become the holder, and the other delegates stay', async () => {
    const other = await aDelegate(municipality, household.householdId)
    await toFather()
    const { owner } = await testDatabase()
    const roles = await owner
      .selectFrom('household_member')
      .select(['person_id', 'role'])
      .where('household_id', '=', household.householdId)
      .where('ended_at', 'is', null)
      .execute()
    expect(roles).toHaveLength(2)
    expect(roles.find((one) => one.role === 'delegate')?.person_id).toBe(other.personId)
  })

  test('a provisional code makes a holder, with the birth day that it does not tell, and an earlier code finds the person', async () => {
    const { owner } = await testDatabase()
    const provisional = '00743110157'
    const hash = hashFiscalCode(provisional, TEST_ENVIRONMENT.FISCAL_CODE_KEY)
    await owner
      .updateTable('citizen')
      .set({ fiscal_code_hash: hash })
      .where('id', '=', father.citizenId)
      .execute()
    const given = {
      fiscalCode: provisional,
      givenName: 'Marco',
      familyName: 'Albertini',
      reason: 'Separazione',
    }
    const typed = { ...given, householdId: household.householdId, email: '' }
    expect(handOverInput.safeParse(typed).error?.issues).toMatchObject([
      { path: ['birthDay'], message: 'Scrivi la data di nascita: da un codice provvisorio non si legge.' },
    ])
    expect(await handOver(office, handOverInput.parse({ ...typed, birthDay: '1985-05-17' }))).toMatchObject({
      ok: true,
    })
    const now = await viewerNow(municipality, father)
    expect(now.memberships).toMatchObject([{ householdId: household.householdId, role: 'holder' }])
    const person = await owner
      .selectFrom('person')
      .select(['fiscal_code', 'birth_date'])
      .where('id', '=', now.personId)
      .executeTakeFirstOrThrow()
    expect(person).toEqual({ fiscal_code: provisional, birth_date: '1985-05-17' })
  })

  test('the change is in the register with its reason; twice is refused and changes nothing', async () => {
    await toFather()
    expect(await toFather()).toMatchObject({ ok: false, code: 'households:already-holder' })
    expect((await viewerNow(municipality, father)).memberships).toHaveLength(1)
    const { owner } = await testDatabase()
    const events = await owner
      .selectFrom('audit_event')
      .select('details')
      .where('municipality_id', '=', municipality.municipalityId)
      .where('action', '=', 'household:handed-over')
      .execute()
    expect(events).toMatchObject([{ details: { reason: 'Lo chiedono i genitori' } }])
  })

  test('a family, an editor or another municipality’s office cannot do it', async () => {
    const elsewhere = await aStaffViewer(await aMunicipality(), 'manager')
    for (const viewer of [household.holderViewer, await aStaffViewer(municipality, 'editor'), elsewhere]) {
      expect(await toFather({ viewer })).toMatchObject({ ok: false, code: 'request:not-found' })
    }
  })
})
