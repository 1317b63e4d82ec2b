import { randomBytes } from 'node:crypto'
import { beforeEach, describe, expect, test } from 'vitest'
import type { Viewer } from '#lib/access/viewer.ts'
import { makeFiscalCode } from '#lib/identity/fiscal-code.ts'
import { hashFiscalCode } from '#lib/identity/fiscal-code-hash.ts'
import { invoicesOf } from '#lib/invoices/invoice.queries.ts'
import { yearExpensesOf } from '#lib/invoices/year-expenses.queries.ts'
import { balanceCards } from '#lib/ledger/statement.queries.ts'
import { correctRegistry, previewCorrection } from '#lib/people/office/correction.commands.ts'
import { subjectForOffice } from '#lib/people/office/correction.queries.ts'
import type { AskedCorrection, Corrected } from '#lib/people/office/correction.ts'
import { sessionOf } from '#lib/session/session.queries.ts'
import { setClock, testDatabase } from '#tests/support/database.ts'
import { aDevice, rowOf } from '#tests/support/devices.ts'
import { TEST_ENVIRONMENT } from '#tests/support/environment.ts'
import {
  aHousehold,
  aMunicipality,
  aPerson,
  aPupil,
  aStaffViewer,
  type Household,
  type TestMunicipality,
} from '#tests/support/factories.ts'
import { aPaidTopUp } from '#tests/support/money.ts'
import { aCitizen, type Citizen, viewerNow } from '#tests/support/people.ts'

let municipality: TestMunicipality
let household: Household
let office: Viewer
let pupilId: string
/** The holder as SPID knows her today, with the code that the register lacks. */
let holder: Citizen

beforeEach(async () => {
  await setClock('2026-11-24T08:00:00+01:00')
  municipality = await aMunicipality()
  household = await aHousehold(municipality)
  pupilId = await aPupil(municipality, household.householdId)
  office = await aStaffViewer(municipality, 'operator')
  await aPaidTopUp(municipality, household, 20)
  holder = await aCitizen({ givenName: 'Laura', familyName: 'Conti' })
})

const adult = (): Corrected => ({
  kind: 'adult',
  id: household.holder.personId,
  householdId: household.householdId,
})
const pupil = (): Corrected => ({ kind: 'pupil', id: pupilId, householdId: household.householdId })

const asked = (given: Partial<AskedCorrection> = {}): AskedCorrection => ({
  givenName: 'Laura',
  familyName: 'Conti',
  fiscalCode: holder.fiscalCode,
  birthDay: null,
  earlier: 'closes',
  opens: [],
  checked: true,
  ...given,
})

/** Both presses, one after the other. */
async function correct(subject: Corrected, request: AskedCorrection, viewer = office) {
  const shown = await previewCorrection(viewer, subject, request)
  if (!shown.ok) return shown
  return correctRegistry(viewer, subject, { asked: request, reason: 'Codice sbagliato', shown: shown.value })
}

const opens = async (who: Pick<Citizen, 'token'>): Promise<string | undefined> =>
  (await sessionOf(who.token, municipality.slug))?.viewer?.personId

/** The same person with another code, as SPID sends it. */
async function signedInWith(code: string): Promise<Citizen> {
  const { owner } = await testDatabase()
  const citizen = await aCitizen({ givenName: 'Laura', familyName: 'Conti' })
  const hash = hashFiscalCode(code, TEST_ENVIRONMENT.FISCAL_CODE_KEY)
  await owner
    .updateTable('citizen')
    .set({ fiscal_code_hash: hash })
    .where('id', '=', citizen.citizenId)
    .execute()
  return { ...citizen, fiscalCode: code, fiscalCodeHash: hash }
}

describe('the office corrects an adult’s fiscal code', () => {
  test('and the person finds balance, invoices and the expenses of the year as before', async () => {
    await expect(viewerNow(municipality, holder)).rejects.toThrow('nobody')
    expect(await correct(adult(), asked())).toEqual({ ok: true, value: null })
    const now = await viewerNow(municipality, holder)
    expect(now.personId).toBe(household.holder.personId)
    expect((await balanceCards(now))?.[0]?.balanceCents).toBe(20 * 540)
    expect((await invoicesOf(now))?.invoices).toHaveLength(1)
    expect(await yearExpensesOf(now, 2026)).toMatchObject({
      payer: { name: 'Laura Conti', fiscalCode: holder.fiscalCode },
      totalCents: 20 * 540,
    })
  })

  test('and issued invoices keep the code they were issued with', async () => {
    const { owner } = await testDatabase()
    const invoice = () =>
      owner
        .selectFrom('invoice')
        .select('customer')
        .where('municipality_id', '=', municipality.municipalityId)
        .executeTakeFirstOrThrow()
    const before = await invoice()
    await correct(adult(), asked())
    expect(await invoice()).toEqual(before)
  })

  test('a code that was wrong opens nothing any more, from the next request', async () => {
    await correct(adult(), asked())
    const other = await aCitizen()
    expect(await correct(adult(), asked({ fiscalCode: other.fiscalCode }))).toMatchObject({ ok: true })
    expect(await opens(holder)).toBeUndefined()
    expect(await opens(other)).toBe(household.holder.personId)
  })

  test('a code of before that stays, as with omocodia, opens beside the new one until the office closes it', async () => {
    await correct(adult(), asked())
    const parts = { givenName: 'Laura', familyName: 'Conti', birthDay: '1985-05-17', sex: 'F' } as const
    const withLetters = await signedInWith(makeFiscalCode({ ...parts, omocodia: 3 }))
    const change = asked({ fiscalCode: withLetters.fiscalCode, earlier: 'opens' })
    expect(await correct(adult(), change)).toMatchObject({ ok: true })
    expect(await opens(withLetters)).toBe(household.holder.personId)
    expect(await opens(holder)).toBe(household.holder.personId)
    const registered = await subjectForOffice(office, adult())
    expect(registered?.earlierCodes).toEqual([holder.fiscalCode])
    const closing = asked({ fiscalCode: withLetters.fiscalCode, opens: [], earlier: null })
    expect(await correct(adult(), closing)).toMatchObject({ ok: true })
    expect(await opens(holder)).toBeUndefined()
    expect(await opens(withLetters)).toBe(household.holder.personId)
  })

  test('a code of another person, be it current or of before, and of a pupil is refused with the name', async () => {
    const stranger = await aPerson(municipality, { givenName: 'Amina', familyName: 'Diallo' })
    const { owner } = await testDatabase()
    const hash = hashFiscalCode(stranger.fiscalCode, TEST_ENVIRONMENT.FISCAL_CODE_KEY)
    await owner
      .updateTable('person')
      .set({ fiscal_code_hash: hash })
      .where('id', '=', stranger.personId)
      .execute()
    const ask = () => previewCorrection(office, adult(), asked({ fiscalCode: stranger.fiscalCode }))
    const taken = {
      ok: false,
      code: 'corrections:code-taken',
      details: { name: 'Amina Diallo' },
      fields: { fiscalCode: 'corrections:code-taken' },
    }
    expect(await ask()).toEqual(taken)
    const next = await aCitizen()
    await owner
      .updateTable('person')
      .set({ fiscal_code: next.fiscalCode, fiscal_code_hash: next.fiscalCodeHash })
      .where('id', '=', stranger.personId)
      .execute()
    expect(await ask()).toMatchObject({ ok: true })
    await owner
      .insertInto('person_code')
      .values({
        municipality_id: municipality.municipalityId,
        person_id: stranger.personId,
        fiscal_code: stranger.fiscalCode,
        fiscal_code_hash: hash,
      })
      .execute()
    expect(await ask()).toEqual(taken)
    const { fiscal_code } = await owner
      .selectFrom('pupil')
      .select('fiscal_code')
      .where('id', '=', pupilId)
      .executeTakeFirstOrThrow()
    expect(await previewCorrection(office, adult(), asked({ fiscalCode: fiscal_code }))).toMatchObject({
      code: 'corrections:code-taken',
      details: { name: 'Greta Albertini' },
    })
  })

  test('the database itself gives one code to one person only', async () => {
    const { owner } = await testDatabase()
    await correct(adult(), asked())
    const stranger = await aPerson(municipality)
    await expect(
      owner
        .updateTable('person')
        .set({ fiscal_code: 'RSSMRA85T10A562S', fiscal_code_hash: holder.fiscalCodeHash })
        .where('id', '=', stranger.personId)
        .execute(),
    ).rejects.toMatchObject({ code: '23505' })
  })

  test('a provisional code is replaced by the real one, and both open while SPID may send either', async () => {
    const provisional = await signedInWith('00743110157')
    expect(await correct(adult(), asked({ fiscalCode: provisional.fiscalCode }))).toMatchObject({
      code: 'corrections:birth-needed',
    })
    const first = asked({ fiscalCode: provisional.fiscalCode, birthDay: '1985-05-17' })
    expect(await correct(adult(), first)).toMatchObject({ ok: true })
    expect(await opens(provisional)).toBe(household.holder.personId)
    expect(await correct(adult(), asked({ birthDay: '1985-05-17', earlier: 'opens' }))).toMatchObject({
      ok: true,
    })
    expect(await opens(provisional)).toBe(household.holder.personId)
    expect(await opens(holder)).toBe(household.holder.personId)
  })

  test('letters of another name need a document that the office has seen', async () => {
    const { fiscalCode } = await aCitizen({ givenName: 'Marco', familyName: 'Albertini' })
    const request = asked({ checked: false, fiscalCode })
    expect(await previewCorrection(office, adult(), request)).toMatchObject({ value: { isDoubtful: true } })
    expect(await correct(adult(), request)).toMatchObject({
      fields: { checked: 'corrections:check-document' },
    })
    expect(await correct(adult(), { ...request, checked: true })).toMatchObject({ ok: true })
  })
})

describe('the office corrects names and birth days', () => {
  test('of a pupil, with the code, and the adults of the pupil are told without the data', async () => {
    const { owner } = await testDatabase()
    const code = makeFiscalCode({
      givenName: 'Gretha',
      familyName: 'Albertini',
      birthDay: '2018-03-03',
      sex: 'F',
    })
    const request = asked({
      givenName: 'Gretha',
      familyName: 'Albertini',
      fiscalCode: code,
      birthDay: '2018-03-03',
      earlier: null,
    })
    expect(await correct(pupil(), request)).toEqual({ ok: true, value: null })
    expect(await subjectForOffice(office, pupil())).toMatchObject({
      now: { givenName: 'Gretha', familyName: 'Albertini', fiscalCode: code, birthDay: '2018-03-03' },
    })
    const told = await owner
      .selectFrom('notification')
      .select(['person_id', 'event', 'title', 'body'])
      .where('municipality_id', '=', municipality.municipalityId)
      .where('event', '=', 'registry:corrected')
      .execute()
    expect(told).toEqual([
      {
        person_id: household.holder.personId,
        event: 'registry:corrected',
        title: 'L’ufficio ha corretto i dati di un tuo figlio',
        body: 'L’ufficio della mensa ha corretto: nome, codice fiscale e data di nascita. In Servizi leggi come sono adesso. Se non ti torna, chiama l’ufficio.',
      },
    ])
  })

  test('and a birth day that the code contradicts is refused at its field', async () => {
    const code = makeFiscalCode({
      givenName: 'Greta',
      familyName: 'Albertini',
      birthDay: '2018-03-03',
      sex: 'F',
    })
    const request = asked({
      givenName: 'Greta',
      familyName: 'Albertini',
      fiscalCode: code,
      birthDay: '2018-03-02',
    })
    expect(await correct(pupil(), request)).toMatchObject({
      fields: { birthDay: 'corrections:birth-disagrees' },
    })
  })

  test('an adult does not take a child’s code', async () => {
    const code = makeFiscalCode({ givenName: 'Laura', familyName: 'Conti', birthDay: '2020-03-03', sex: 'F' })
    expect(await correct(adult(), asked({ fiscalCode: code }))).toMatchObject({ code: 'corrections:minor' })
  })

  test('the register has who, which fields and why, and no code', async () => {
    const { owner } = await testDatabase()
    await correct(adult(), asked({ givenName: 'Lauretta' }))
    const event = await owner
      .selectFrom('audit_event')
      .select(['person_id', 'object_type', 'object_id', 'details'])
      .where('municipality_id', '=', municipality.municipalityId)
      .where('action', '=', 'registry:corrected')
      .executeTakeFirstOrThrow()
    expect(event).toEqual({
      person_id: office.personId,
      object_type: 'person',
      object_id: household.holder.personId,
      details: {
        household: household.householdId,
        fields: 'givenName fiscalCode',
        reason: 'Codice sbagliato',
      },
    })
  })

  test('the person is told by mail, always', async () => {
    const { owner } = await testDatabase()
    await correct(adult(), asked())
    const mail = await owner
      .selectFrom('outbox')
      .select(['subject', 'body_text', 'channel'])
      .where('municipality_id', '=', municipality.municipalityId)
      .where('person_id', '=', household.holder.personId)
      .where('channel', '=', 'email')
      .orderBy('id', 'desc')
      .executeTakeFirstOrThrow()
    expect(mail.subject).toBe('L’ufficio ha corretto i tuoi dati')
    expect(mail.body_text).toContain('Da ora entri con la SPID o la CIE di quel codice fiscale.')
    expect(mail.body_text).not.toContain(holder.fiscalCode)
  })
})

describe('a code that is closed as a mistake', () => {
  /** An address of the calendar and a browser with push messages of the holder, with a remembered device of a citizen. */
  async function madeUnder(citizen: Citizen) {
    const { owner } = await testDatabase()
    const own = { municipality_id: municipality.municipalityId, person_id: household.holder.personId }
    const member = await owner
      .selectFrom('household_member')
      .select('id')
      .where('municipality_id', '=', own.municipality_id)
      .where('person_id', '=', own.person_id)
      .executeTakeFirstOrThrow()
    await owner
      .insertInto('calendar_feed')
      .values({ ...own, household_member_id: member.id, pupil_id: pupilId, token_hash: randomBytes(32) })
      .execute()
    await owner
      .insertInto('push_subscription')
      .values({
        ...own,
        endpoint: `https://push.example/${citizen.citizenId}`,
        p256dh: 'x',
        auth: 'x',
        device_name: 'Firefox',
      })
      .execute()
    return aDevice(await viewerNow(municipality, citizen))
  }

  const lives = async () => {
    const { owner } = await testDatabase()
    const id = household.holder.personId
    const [feeds, pushes] = await Promise.all([
      owner
        .selectFrom('calendar_feed')
        .select('id')
        .where('person_id', '=', id)
        .where('revoked_at', 'is', null)
        .execute(),
      owner
        .selectFrom('push_subscription')
        .select('id')
        .where('person_id', '=', id)
        .where('ended_at', 'is', null)
        .execute(),
    ])
    return { feeds: feeds.length, pushes: pushes.length }
  }

  const told = async () => {
    const { owner } = await testDatabase()
    const last = await owner
      .selectFrom('notification')
      .select('body')
      .where('person_id', '=', household.holder.personId)
      .where('event', '=', 'registry:corrected')
      .orderBy('id', 'desc')
      .executeTakeFirstOrThrow()
    return last.body
  }

  test('ends the calendar addresses, push messages, devices and sessions that were made under it', async () => {
    await correct(adult(), asked())
    const device = await madeUnder(holder)
    const right = await aCitizen()
    await setClock('2026-11-24T08:05:00+01:00')
    expect(await correct(adult(), asked({ fiscalCode: right.fiscalCode }))).toMatchObject({ ok: true })
    expect(await lives()).toEqual({ feeds: 0, pushes: 0 })
    expect((await rowOf(device)).revoke_reason).toBe('code-closed')
    expect(await sessionOf(holder.token, municipality.slug)).toBeNull()
    expect(await opens(right)).toBe(household.holder.personId)
    expect(await told()).toContain('i dispositivi ricordati non valgono più')
  })

  test('leaves all of them while it goes on opening, or when no person ever entered with it', async () => {
    await correct(adult(), asked())
    const device = await madeUnder(holder)
    const right = await aCitizen()
    await correct(adult(), asked({ fiscalCode: right.fiscalCode, earlier: 'opens' }))
    expect(await lives()).toEqual({ feeds: 1, pushes: 1 })
    expect((await rowOf(device)).revoked_at).toBeNull()
    const typo = makeFiscalCode({ givenName: 'Laura', familyName: 'Conti', birthDay: '1985-05-17', sex: 'F' })
    const entered = [holder.fiscalCode, right.fiscalCode]
    await correct(adult(), asked({ opens: entered, earlier: 'opens', fiscalCode: typo }))
    await setClock('2026-11-24T08:05:00+01:00')
    await correct(adult(), asked({ opens: entered, earlier: 'closes', fiscalCode: right.fiscalCode }))
    expect(await lives()).toEqual({ feeds: 1, pushes: 1 })
    expect(await told()).not.toContain('dispositivi ricordati')
  })

  test('keeps a stranger’s session where another municipality knows the code, and ends what this one remembered', async () => {
    await correct(adult(), asked())
    const device = await madeUnder(holder)
    const elsewhere = await aMunicipality()
    const there = await aHousehold(elsewhere)
    const { owner } = await testDatabase()
    await owner
      .insertInto('person_code')
      .values({
        municipality_id: elsewhere.municipalityId,
        person_id: there.holder.personId,
        fiscal_code: holder.fiscalCode,
        fiscal_code_hash: holder.fiscalCodeHash,
      })
      .execute()
    const right = await aCitizen()
    await correct(adult(), asked({ fiscalCode: right.fiscalCode }))
    expect((await rowOf(device)).revoke_reason).toBe('code-closed')
    expect(await opens(holder)).toBeUndefined()
    expect((await sessionOf(holder.token, elsewhere.slug))?.viewer?.personId).toBe(there.holder.personId)
  })
})

describe('two colleagues correct one person', () => {
  test('the second is told who was first, and nothing of hers is done', async () => {
    const request = asked()
    const shown = await previewCorrection(office, adult(), request)
    if (!shown.ok) throw new Error('no preview')
    const manager = await aStaffViewer(municipality, 'manager')
    await correct(adult(), asked({ givenName: 'Lauretta' }), manager)
    expect(
      await correctRegistry(office, adult(), { asked: request, reason: 'Codice', shown: shown.value }),
    ).toEqual({ ok: false, code: 'corrections:changed-meanwhile', details: { who: 'Ufficio Conti' } })
    expect((await subjectForOffice(office, adult()))?.now.givenName).toBe('Lauretta')
  })

  test('what was typed after the preview is previewed again', async () => {
    const shown = await previewCorrection(office, adult(), asked())
    if (!shown.ok) throw new Error('no preview')
    const other = asked({ givenName: 'Lauretta' })
    expect(
      await correctRegistry(office, adult(), { asked: other, reason: 'Codice', shown: shown.value }),
    ).toMatchObject({ code: 'corrections:preview-again' })
  })
})

describe('a correction is refused', () => {
  test('to a family, the accountant, an editor and another municipality’s office, application and rows', async () => {
    const elsewhere = await aStaffViewer(await aMunicipality(), 'manager')
    const others = [
      household.holderViewer,
      await aStaffViewer(municipality, 'accountant'),
      await aStaffViewer(municipality, 'editor'),
      elsewhere,
    ]
    for (const viewer of others) {
      expect(await correct(adult(), asked(), viewer)).toMatchObject({ code: 'request:not-found' })
      expect(await subjectForOffice(viewer, adult())).toBeNull()
    }
  })

  test('about a colleague, unless the manager corrects', async () => {
    const { owner } = await testDatabase()
    const row = { municipality_id: municipality.municipalityId, person_id: household.holder.personId }
    await owner
      .insertInto('staff_member')
      .values({ ...row, role: 'accountant', valid_from: '2026-09-01' })
      .execute()
    expect(await correct(adult(), asked())).toMatchObject({ code: 'corrections:colleague' })
    const manager = await aStaffViewer(municipality, 'manager')
    expect(await correct(adult(), asked(), manager)).toMatchObject({ ok: true })
  })

  test('where nothing is different, or the person is of another household', async () => {
    expect(await correct(adult(), asked())).toMatchObject({ ok: true })
    expect(await correct(adult(), asked())).toMatchObject({ code: 'corrections:nothing' })
    const other = await aHousehold(municipality)
    const elsewhere = { ...adult(), householdId: other.householdId }
    expect(await correct(elsewhere, asked({ givenName: 'Anna' }))).toMatchObject({
      code: 'request:not-found',
    })
  })
})
