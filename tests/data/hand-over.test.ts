import { sql } from 'kysely'
import { beforeEach, describe, expect, test } from 'vitest'
import { homePath } from '#lib/access/return-path.ts'
import type { Viewer } from '#lib/access/viewer.ts'
import { makeFiscalCode } from '#lib/identity/fiscal-code.ts'
import { hashFiscalCode } from '#lib/identity/fiscal-code-hash.ts'
import { invoicesOf } from '#lib/invoices/invoice.queries.ts'
import { NO_FILTERS } from '#lib/ledger/statement.address.ts'
import { balanceCards, statementOf } from '#lib/ledger/statement.queries.ts'

import { readTodayPage } from '#lib/meals/meal.queries.ts'
import { readMonthPage } from '#lib/meals/month.queries.ts'
import {
  handOver,
  previewHandOver,
  previewUndo,
  undoHandOver,
} from '#lib/people/office/hand-over.commands.ts'
import { type HandOver, handOverInput } from '#lib/people/office/hand-over.input.ts'
import { undoableHandOver } from '#lib/people/office/hand-over.queries.ts'
import { setClock, testDatabase } from '#tests/support/database.ts'
import { TEST_ENVIRONMENT } from '#tests/support/environment.ts'
import {
  aDelegate,
  aHousehold,
  aMunicipality,
  aPupil,
  aStaffViewer,
  type Household,
  type Parent,
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

/** The registry and the sign-ins know a person by the hash of the code, as in production. */
async function knownByCode({ personId, citizenId, fiscalCode }: Parent): Promise<Buffer> {
  const { owner } = await testDatabase()
  const hash = hashFiscalCode(fiscalCode, TEST_ENVIRONMENT.FISCAL_CODE_KEY)
  await owner.updateTable('citizen').set({ fiscal_code_hash: hash }).where('id', '=', citizenId).execute()
  await owner.updateTable('person').set({ fiscal_code_hash: hash }).where('id', '=', personId).execute()
  return hash
}

beforeEach(async () => {
  await setClock('2026-11-24T08:00:00+01:00')
  municipality = await aMunicipality()
  household = await aHousehold(municipality)
  await aPupil(municipality, household.householdId)
  office = await aStaffViewer(municipality, 'operator')
  father = await aCitizen({ givenName: 'Marco' })
  const { citizenId, fiscalCode } = household.holder
  const fiscalCodeHash = await knownByCode(household.holder)
  mother = { ...(await signedIn(citizenId)), citizenId, fiscalCode, fiscalCodeHash }
  await aPaidTopUp(municipality, household, 20)
  await setClock('2026-11-24T09:00:00+01:00')
})

const asked = (given: Partial<HandOver> = {}): HandOver => ({
  householdId: household.householdId,
  fiscalCode: father.fiscalCode,
  givenName: 'Marco',
  familyName: 'Albertini',
  birthDay: null,
  email: 'marco@example.it',
  keepAsDelegate: false,
  reason: 'Lo chiedono i genitori',
  intent: 'preview',
  seen: '',
  after: '',
  ...given,
})

const previewed = async (request: HandOver, viewer = office) => {
  const preview = await previewHandOver(viewer, request)
  if (!preview.ok) throw new Error(preview.code)
  return preview.value
}

/** Both presses of the form. */
const toFather = async (given: { keepAsDelegate?: boolean; viewer?: Viewer } = {}) => {
  const viewer = given.viewer ?? office
  const request = asked({ keepAsDelegate: given.keepAsDelegate ?? false })
  const preview = await previewHandOver(viewer, request)
  return preview.ok ? handOver(viewer, { ...request, ...preview.value }) : preview
}

const undo = async (viewer = office) => {
  const request = {
    householdId: household.householdId,
    undoReason: 'Era un errore',
    intent: 'preview' as const,
    seen: '',
    after: '',
  }
  const preview = await previewUndo(viewer, request)
  return preview.ok ? undoHandOver(viewer, { ...request, ...preview.value }) : preview
}

const messagesTo = async (personId: string) => {
  const { owner } = await testDatabase()
  const rows = await owner
    .selectFrom('notification')
    .select('title')
    .where('municipality_id', '=', municipality.municipalityId)
    .where('person_id', '=', personId)
    .where('event', '=', 'household:holder-changed')
    .orderBy('id')
    .execute()
  return rows.map(({ title }) => title)
}

const mailsTo = async (personId: string) => {
  const { owner } = await testDatabase()
  const rows = await owner
    .selectFrom('outbox')
    .select(['subject', 'body_text', 'language'])
    .where('municipality_id', '=', municipality.municipalityId)
    .where('person_id', '=', personId)
    .where('channel', '=', 'email')
    .orderBy('id')
    .execute()
  return rows
}

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
    const request = handOverInput.parse({ ...typed, birthDay: '1985-05-17' })
    expect(await handOver(office, { ...request, ...(await previewed(request)) })).toMatchObject({ ok: true })
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

describe('who may become the holder', () => {
  test('a code of a known person is refused under another name, which the refusal tells', async () => {
    const other = await aHousehold(municipality, { holder: { givenName: 'Amina', familyName: 'Diallo' } })
    await knownByCode(other.holder)
    const request = asked({ fiscalCode: other.holder.fiscalCode, givenName: 'Chiara', familyName: 'Bassani' })
    const refusal = await previewHandOver(office, request)
    expect(refusal).toMatchObject({
      ok: false,
      code: 'households:code-of-holder',
      fields: { familyName: 'households:code-of-holder' },
      details: { name: 'Amina Diallo' },
    })
    expect((await viewerNow(municipality, mother)).memberships).toMatchObject([{ role: 'holder' }])
  })

  test('a known person is named as registered, with fewer given names or other capitals too', async () => {
    const other = await aHousehold(municipality, {
      holder: { givenName: 'Maria Sole', familyName: 'D’Angelo' },
    })
    await knownByCode(other.holder)
    const request = asked({ fiscalCode: other.holder.fiscalCode, givenName: 'maria', familyName: "D'ANGELO" })
    const preview = await previewed(request)
    expect(preview.lines.join(' ')).toContain('Maria Sole D’Angelo paga già per la famiglia')
    expect(await handOver(office, { ...request, ...preview })).toEqual({
      ok: true,
      value: { name: 'Maria Sole D’Angelo' },
    })
  })

  test('an unknown person’s names and birth day are those of the code', async () => {
    const wrong = { givenName: 'Chiara', familyName: 'Bassani', birthDay: '1986-05-17' }
    expect(await previewHandOver(office, asked(wrong))).toMatchObject({
      ok: false,
      code: 'households:code-disagrees',
      fields: {
        givenName: 'households:given-name-disagrees',
        familyName: 'households:family-name-disagrees',
        birthDay: 'households:birth-disagrees',
      },
    })
  })

  test('a child is no holder, as a code or as a pupil', async () => {
    const child = { givenName: 'Leo', familyName: 'Grassi', birthDay: '2021-05-17', sex: 'M' as const }
    const request = { ...asked({ ...child, birthDay: null }), fiscalCode: makeFiscalCode(child) }
    expect(await previewHandOver(office, request)).toMatchObject({
      ok: false,
      code: 'households:minor',
      fields: { fiscalCode: 'households:minor' },
    })
  })

  test('a provisional code of eleven digits needs a birth day of an adult', async () => {
    const request = asked({ fiscalCode: '12345678903' })
    expect(await previewHandOver(office, request)).toMatchObject({
      ok: false,
      code: 'households:birth-needed',
    })
    expect(await previewHandOver(office, { ...request, birthDay: '2015-01-01' })).toMatchObject({
      ok: false,
      code: 'households:minor',
    })
    expect(await previewHandOver(office, { ...request, birthDay: '1985-01-01' })).toMatchObject({ ok: true })
  })
})

describe('a change of holder is previewed', () => {
  test('the preview says who pays, who loses what, the balance, delegates, invitations and payments under way', async () => {
    await aDelegate(municipality, household.householdId)
    const { lines } = await previewed(asked({ keepAsDelegate: true }))
    const text = lines.join('\n').replaceAll('\u00a0', ' ')
    expect(text).toContain('Da adesso paga Marco Albertini, nato il 17/05/1985.')
    expect(text).toContain('non paga più e non vede più saldo e movimenti')
    expect(text).toContain('resta come delegato')
    expect(text).toContain('108,00 €, resta alla famiglia')
    expect(text).toContain('Le ricariche pagate dal 24/11/2026 in poi')
    expect(text).toContain('Come delegati restano:')
  })

  test('nothing changes without the preview, nor for another person than the previewed one', async () => {
    const preview = await previewed(asked())
    expect(await handOver(office, asked())).toMatchObject({ ok: false, code: 'households:preview-changed' })
    const { fiscalCode } = await aCitizen({ givenName: 'Paolo' })
    expect(await handOver(office, asked({ ...preview, fiscalCode, givenName: 'Paolo' }))).toMatchObject({
      ok: false,
      code: 'households:preview-changed',
    })
    expect((await viewerNow(municipality, mother)).memberships).toMatchObject([{ role: 'holder' }])
  })

  test('of two colleagues the second changes nothing and reads who made whom the holder', async () => {
    const colleague = await aStaffViewer(municipality, 'manager')
    const other = await aCitizen({ givenName: 'Paolo' })
    const mine = asked({ fiscalCode: other.fiscalCode, givenName: 'Paolo' })
    const preview = await previewed(mine, colleague)
    const first = asked()
    const confirmed = { ...first, ...(await previewed(first)) }
    expect(await handOver(office, confirmed)).toMatchObject({ ok: true })
    expect(await handOver(colleague, { ...mine, ...preview })).toMatchObject({
      ok: false,
      code: 'households:changed-meanwhile',
      details: { who: 'Ufficio Conti', holder: 'Marco Albertini' },
    })
    expect(await handOver(office, confirmed)).toEqual({ ok: true, value: { name: 'Marco Albertini' } })
  })

  test('both people are told, each in their language, without names', async () => {
    const { owner } = await testDatabase()
    await owner.updateTable('citizen').set({ language: 'en' }).where('id', '=', father.citizenId).execute()
    await toFather()
    const { personId } = await viewerNow(municipality, father)
    expect(await messagesTo(personId)).toEqual(['Sei l’intestatario della mensa'])
    expect(await messagesTo(household.holder.personId)).toEqual(['Non sei più l’intestatario della mensa'])
    const [mail] = await mailsTo(personId)
    expect(mail).toMatchObject({ language: 'en', subject: 'You are the canteen account holder' })
    expect(mail?.body_text).not.toContain('Laura')
  })
})

describe('a change of holder is undone', () => {
  test('the earlier holder has everything again, the other keeps nothing but the own payments; both are told', async () => {
    await toFather({ keepAsDelegate: true })
    const { personId } = await viewerNow(municipality, father)
    await setClock('2026-11-25T10:00:00+01:00')
    expect(await undoableHandOver(office, household.householdId)).toMatchObject({ name: 'Marco Albertini' })
    expect(await undo()).toMatchObject({ ok: true })
    const back = await viewerNow(municipality, mother)
    expect(back.memberships).toEqual([{ householdId: household.householdId, role: 'holder' }])
    expect(await statementOf(back, NO_FILTERS)).toMatchObject({ total: 1 })
    expect((await balanceCards(back))?.[0]?.balanceCents).toBe(20 * 540)
    expect((await viewerNow(municipality, father)).memberships).toEqual([])
    expect(await messagesTo(household.holder.personId)).toContain('Sei di nuovo l’intestatario della mensa')
    expect(await messagesTo(personId)).toContain('Il cambio dell’intestatario è annullato')
    expect(await undoableHandOver(office, household.householdId)).toBeNull()
    expect(await undo()).toMatchObject({ ok: false, code: 'households:undo-over' })
  })

  test('a delegate who had become the holder is the delegate of the same pupils again', async () => {
    const { owner } = await testDatabase()
    const delegate = await aDelegate(municipality, household.householdId)
    const { fiscal_code: fiscalCode, ...names } = await owner
      .selectFrom('person')
      .select(['fiscal_code', 'given_name as givenName', 'family_name as familyName'])
      .where('id', '=', delegate.personId)
      .executeTakeFirstOrThrow()
    await knownByCode({ ...delegate, fiscalCode })
    const request = asked({ fiscalCode, ...names })
    await handOver(office, { ...request, ...(await previewed(request)) })
    await setClock('2026-11-25T10:00:00+01:00')
    await undo()
    const roles = await owner
      .selectFrom('active_member')
      .select(['person_id', 'role'])
      .where('household_id', '=', household.householdId)
      .orderBy('role')
      .execute()
    expect(roles).toEqual([
      { person_id: delegate.personId, role: 'delegate' },
      { person_id: household.holder.personId, role: 'holder' },
    ])
  })

  test('after fourteen days it is refused, and a newer change by a colleague is named', async () => {
    await toFather()
    await setClock('2026-12-09T10:00:00+01:00')
    expect(await undo()).toMatchObject({ ok: false, code: 'households:undo-over' })
    await setClock('2026-11-25T10:00:00+01:00')
    const request = {
      householdId: household.householdId,
      undoReason: 'Era un errore',
      intent: 'preview' as const,
      seen: '',
      after: '',
    }
    const colleague = await aStaffViewer(municipality, 'manager')
    const preview = await previewUndo(colleague, request)
    expect(await undo()).toMatchObject({ ok: true })
    expect(await undoHandOver(colleague, { ...request, ...(preview.ok ? preview.value : {}) })).toMatchObject(
      { ok: false, code: 'households:changed-meanwhile', details: { who: 'Ufficio Conti' } },
    )
  })
})
