import { globSync, readFileSync } from 'node:fs'
import { sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { asFamily } from '#db/client.ts'
import type { Viewer } from '#lib/access/viewer.ts'
import { sendDueSms } from '#lib/outbox/due-message.commands.ts'
import { askEmailChange, confirmEmail } from '#lib/people/contact.commands.ts'
import { contactsOf } from '#lib/people/contact.queries.ts'
import { householdsOf } from '#lib/people/household.queries.ts'
import { householdForOffice } from '#lib/people/office/household.queries.ts'
import { changePhone, confirmPhone, purgePhoneChanges } from '#lib/people/phone.commands.ts'
import { readPhone } from '#lib/people/phone.ts'
import { personalExport } from '#lib/privacy/personal-data.queries.ts'
import { setClock, testDatabase } from '#tests/support/database.ts'
import { setEnvironment } from '#tests/support/environment.ts'
import {
  aDelegate,
  aHousehold,
  aMunicipality,
  aStaffViewer,
  type Household,
  type TestMunicipality,
} from '#tests/support/factories.ts'
import { openSmsGateway } from '#tests/support/sms-gateway.ts'

const MOBILE = '333 1234567'
const NUMBER = '+393331234567'

let texts: Awaited<ReturnType<typeof openSmsGateway>>
let municipality: TestMunicipality
let household: Household
let holder: Viewer

async function configure(change: Record<string, string> = {}): Promise<void> {
  const { ownerUrl, webUrl } = await testDatabase()
  setEnvironment({ DATABASE_URL: ownerUrl, DATABASE_WEB_URL: webUrl, ...texts.environment, ...change })
}

beforeAll(async () => {
  texts = await openSmsGateway()
})
afterAll(() => texts.simulator.close())

beforeEach(async () => {
  const { owner } = await testDatabase()
  await owner.updateTable('outbox').set({ due_at: null }).execute()
  await sql`truncate attempt_count`.execute(owner)
  await configure()
  texts.simulator.texts.clear()
  texts.simulator.texts.behave('normal')
  await setClock('2026-11-24T08:00:00+01:00')
  municipality = await aMunicipality()
  household = await aHousehold(municipality)
  holder = household.holderViewer
})

const ask = (typed: string, viewer = holder) => changePhone(viewer, typed === '' ? null : readPhone(typed))
const waiting = async (viewer = holder) => (await contactsOf(viewer))?.waitingPhone
const phoneOf = async (viewer = holder) => (await contactsOf(viewer))?.phone

type Row = { channel: string; recipient: string; body_text: string; secret: boolean; subject: string }
async function outbox(): Promise<Row[]> {
  const { owner } = await testDatabase()
  return owner
    .selectFrom('outbox')
    .select(['channel', 'recipient', 'body_text', 'secret', 'subject'])
    .where('municipality_id', '=', municipality.municipalityId)
    .orderBy('id')
    .execute()
}
const lastCode = async (): Promise<string> =>
  /\b(\d{6})\b/.exec((await outbox()).findLast((row) => row.channel === 'sms')?.body_text ?? '')?.[1] ?? ''
const another = (code: string): string => String((Number(code) + 1) % 1_000_000).padStart(6, '0')

async function proof(viewer = holder): Promise<{ changeId: string; phoneCode: string }> {
  return { changeId: (await waiting(viewer))?.id ?? '', phoneCode: await lastCode() }
}

async function prove(typed: string, viewer = holder): Promise<void> {
  expect(await ask(typed, viewer)).toEqual({ ok: true, value: { saved: false } })
  expect(await confirmPhone(viewer, await proof(viewer))).toMatchObject({ ok: true })
}

async function proveEmail(): Promise<void> {
  await askEmailChange(holder, 'laura.nuova@example.it')
  const code = /^(\d{6})$/m.exec((await outbox()).at(-1)?.body_text ?? '')?.[1] ?? ''
  await confirmEmail(holder, { changeId: (await contactsOf(holder))?.waiting?.id ?? '', code })
}

describe('a new telephone number', () => {
  test('counts only when the code that went there comes back', async () => {
    expect(await ask(MOBILE)).toEqual({ ok: true, value: { saved: false } })
    expect(await phoneOf()).toBeNull()
    expect(await waiting()).toMatchObject({ phone: NUMBER, isUndelivered: false })
    expect(await outbox()).toMatchObject([{ channel: 'sms', recipient: NUMBER, secret: true, subject: '' }])
    expect(await confirmPhone(holder, await proof())).toEqual({ ok: true, value: { phone: NUMBER } })
    expect(await phoneOf()).toEqual({ number: NUMBER, verifiedAt: new Date('2026-11-24T07:00:00Z') })
    expect(await waiting()).toBeNull()
  })

  test('leaves the old number in place until then, proved as it was', async () => {
    await prove(MOBILE)
    await ask('340 7654321')
    expect(await phoneOf()).toMatchObject({ number: NUMBER, verifiedAt: expect.any(Date) })
  })

  test('changes nothing and costs no text when it is the proved one already', async () => {
    await prove(MOBILE)
    expect(await ask('+39 333 1234567')).toMatchObject({ code: 'contacts:phone-same' })
    expect((await outbox()).filter(({ channel }) => channel === 'sms')).toHaveLength(1)
  })

  test('is kept unverified without a code when it is a landline; the earlier proof ends', async () => {
    await prove(MOBILE)
    await ask('340 7654321')
    expect(await ask('045 5550101')).toEqual({ ok: true, value: { saved: true } })
    expect(await phoneOf()).toEqual({ number: '+390455550101', verifiedAt: null })
    expect(await waiting()).toBeNull()
  })

  test('is removed by an empty field, with its waiting code', async () => {
    await prove(MOBILE)
    await ask('340 7654321')
    expect(await ask('')).toEqual({ ok: true, value: { saved: true } })
    expect([await phoneOf(), await waiting()]).toEqual([null, null])
  })

  test('is kept, not verified, where no gateway is configured: the page can say so', async () => {
    await configure({ SMS_GATEWAY_URL: '' })
    expect(await ask(MOBILE)).toEqual({ ok: true, value: { saved: true } })
    expect(await contactsOf(holder)).toMatchObject({
      canVerifyPhones: false,
      phone: { number: NUMBER, verifiedAt: null },
    })
    expect(await outbox()).toEqual([])
    await configure()
    await prove(MOBILE)
    expect((await phoneOf())?.verifiedAt).not.toBeNull()
  })

  test.each([
    ['en', 'the code to confirm this number is'],
    ['ar', 'رمز تأكيد هذا الرقم هو'],
  ] as const)('speaks the language of the person, in %s', async (language, words) => {
    const { owner } = await testDatabase()
    await owner.updateTable('citizen').set({ language }).where('id', '=', holder.citizenId).execute()
    await ask(MOBILE)
    expect((await outbox())[0]?.body_text).toContain(words)
  })
})

describe('the code', () => {
  test('is kept nowhere in clear, and its text is emptied once it has gone', async () => {
    await ask(MOBILE)
    const code = await lastCode()
    const { owner } = await testDatabase()
    expect(JSON.stringify(await owner.selectFrom('phone_change').selectAll().execute())).not.toContain(code)
    expect((await sendDueSms()).sent).toBe(1)
    expect((await outbox())[0]?.body_text).toBe('')
    expect(texts.simulator.texts.all()).toMatchObject([{ to: NUMBER, from: 'Mensa', times: 1 }])
    expect(texts.simulator.texts.all()[0]?.text).toContain(code)
  })

  test('has five attempts, then not even the right one', async () => {
    await ask(MOBILE)
    const { changeId, phoneCode } = await proof()
    for (let left = 4; left >= 1; left -= 1) {
      expect(await confirmPhone(holder, { changeId, phoneCode: another(phoneCode) })).toEqual({
        ok: false,
        code: 'contacts:code-wrong',
        details: { n: left },
      })
    }
    for (const code of [another(phoneCode), phoneCode])
      expect(await confirmPhone(holder, { changeId, phoneCode: code })).toMatchObject({
        code: 'contacts:code-over',
      })
    expect(await phoneOf()).toBeNull()
  })

  test('is judged five times of many simultaneous wrong guesses, not one more', async () => {
    await ask(MOBILE)
    const { changeId, phoneCode } = await proof()
    const answers = await Promise.all(
      Array.from({ length: 30 }, () => confirmPhone(holder, { changeId, phoneCode: another(phoneCode) })),
    )
    expect(answers.filter((one) => !one.ok && one.code === 'contacts:code-wrong')).toHaveLength(4)
    expect(await confirmPhone(holder, { changeId, phoneCode })).toMatchObject({ code: 'contacts:code-over' })
  })

  test('is valid for half an hour, and a later one replaces it', async () => {
    await ask(MOBILE)
    const first = await proof()
    await setClock('2026-11-24T08:10:00+01:00')
    await ask('340 7654321')
    expect(await confirmPhone(holder, first)).toMatchObject({ code: 'contacts:code-over' })
    const second = await proof()
    await setClock('2026-11-24T08:39:59+01:00')
    expect(await confirmPhone(holder, { ...second, phoneCode: another(second.phoneCode) })).toMatchObject({
      code: 'contacts:code-wrong',
    })
    await setClock('2026-11-24T08:40:00+01:00')
    expect(await confirmPhone(holder, second)).toMatchObject({ code: 'contacts:code-over' })
  })

  test('does not leave any more when a later one replaced it: one screen, one code', async () => {
    await ask(MOBILE)
    await ask('333 1234568')
    expect(await sendDueSms()).toMatchObject({ sent: 1, given_up: 1 })
    expect(texts.simulator.texts.all().map(({ to }) => to)).toEqual(['+393331234568'])
    expect((await outbox()).map(({ body_text }) => body_text)).toEqual(['', ''])
    expect(await waiting()).toMatchObject({ isUndelivered: false })
  })

  test('does not leave for a number that was removed meanwhile', async () => {
    await ask(MOBILE)
    await ask('')
    expect(await sendDueSms()).toMatchObject({ sent: 0, given_up: 1 })
    expect(texts.simulator.texts.all()).toEqual([])
  })

  test('is not for another person, and the office has none', async () => {
    await ask(MOBILE)
    const stolen = await proof()
    const stranger = (await aHousehold(municipality)).holderViewer
    expect(await confirmPhone(stranger, stolen)).toMatchObject({ code: 'request:not-found' })
    expect(await waiting(stranger)).toBeNull()
    const delegate = await aDelegate(municipality, household.householdId)
    expect(await confirmPhone(delegate, stolen)).toMatchObject({ code: 'request:not-found' })
    const clerk = await aStaffViewer(municipality, 'manager')
    expect(await changePhone(clerk, readPhone(MOBILE))).toMatchObject({ code: 'request:not-found' })
    expect(await confirmPhone(clerk, stolen)).toMatchObject({ code: 'request:not-found' })
  })

  test('of another family is not found even by a statement without a condition', async () => {
    await ask(MOBILE)
    const stranger = (await aHousehold(municipality)).holderViewer
    const seen = await asFamily(stranger, (trx) => trx.selectFrom('phone_change').selectAll().execute())
    expect(seen).toEqual([])
    const changed = await asFamily(stranger, (trx) =>
      trx.updateTable('phone_change').set({ attempts: 0 }).executeTakeFirst(),
    )
    expect(changed.numUpdatedRows).toBe(0n)
  })
})

describe('the rate limit of codes', () => {
  test('gives one person five codes an hour, over all numbers', async () => {
    for (let n = 0; n < 5; n += 1) expect(await ask(`340 765432${n}`)).toMatchObject({ ok: true })
    expect(await ask('340 7654329')).toMatchObject({ code: 'contacts:too-many-codes' })
    await setClock('2026-11-24T09:00:01+01:00')
    expect(await ask('340 7654329')).toMatchObject({ ok: true })
  })

  test('holds also for simultaneous requests', async () => {
    const answers = await Promise.all(Array.from({ length: 8 }, (_, n) => ask(`340 765432${n}`)))
    expect(answers.filter(({ ok }) => ok)).toHaveLength(5)
    expect((await outbox()).filter(({ channel }) => channel === 'sms')).toHaveLength(5)
  })

  test('gives one number five an hour and ten a day, over all people and municipalities', async () => {
    const elsewhere = await aMunicipality()
    const askers = await Promise.all(
      Array.from(
        { length: 12 },
        async (_, n) => (await aHousehold(n % 2 ? municipality : elsewhere)).holderViewer,
      ),
    )
    const answers: boolean[] = []
    for (const viewer of askers.slice(0, 7)) answers.push((await ask(MOBILE, viewer)).ok)
    expect(answers).toEqual([true, true, true, true, true, false, false])
    expect(await ask(MOBILE, askers[7])).toMatchObject({ code: 'contacts:too-many-texts' })
    expect(await ask('340 7654321', askers[7])).toMatchObject({ ok: true })
    await setClock('2026-11-24T10:30:00+01:00')
    const later: boolean[] = []
    for (const viewer of askers.slice(0, 6)) later.push((await ask(MOBILE, viewer)).ok)
    expect(later).toEqual([true, true, true, true, true, false])
    await setClock('2026-11-24T12:30:00+01:00')
    expect((await ask(MOBILE, askers[8])).ok).toBe(false)
  })

  test('keeps no list of numbers', async () => {
    await ask(MOBILE)
    const { owner } = await testDatabase()
    const { rows } = await sql`select * from attempt_count`.execute(owner)
    expect(rows).toHaveLength(4)
    expect(JSON.stringify(rows)).not.toContain('333')
  })
})

describe('a change of the number', () => {
  test('is told to the proved e-mail; a first proof of the same number is no change', async () => {
    await proveEmail()
    await prove(MOBILE)
    await ask('')
    const told = (await outbox()).filter(({ subject }) => subject.startsWith('Il telefono che la mensa'))
    expect(told.map(({ recipient }) => recipient)).toEqual([
      'laura.nuova@example.it',
      'laura.nuova@example.it',
    ])
    await configure({ SMS_GATEWAY_URL: '' })
    await ask(MOBILE)
    await configure()
    const before = (await outbox()).length
    await prove(MOBILE)
    expect((await outbox()).slice(before).map(({ channel }) => channel)).toEqual(['sms'])
  })

  test('is not told to an unproved e-mail', async () => {
    await prove(MOBILE)
    expect((await outbox()).map(({ channel }) => channel)).toEqual(['sms'])
  })

  test('shows the office whether it is verified, and another parent no number at all', async () => {
    const clerk = await aStaffViewer(municipality, 'operator')
    const roles = async () => (await householdForOffice(clerk, household.householdId))?.roles
    await ask('045 5550101')
    expect(await roles()).toMatchObject([{ phone: '+390455550101', isPhoneVerified: false }])
    await prove(MOBILE)
    expect(await roles()).toMatchObject([{ phone: NUMBER, isPhoneVerified: true }])
    expect((await householdsOf(holder))[0]?.members[0]?.personal?.phone).toEqual({
      number: NUMBER,
      isVerified: true,
    })
    const delegate = await aDelegate(municipality, household.householdId)
    expect(JSON.stringify(await householdsOf(delegate))).not.toContain('3331234567')
  })

  test('is in the register step by step, without the number', async () => {
    await prove(MOBILE)
    await ask('')
    const { owner } = await testDatabase()
    const events = await owner
      .selectFrom('audit_event')
      .select(['action', 'details', 'object_id'])
      .where('municipality_id', '=', municipality.municipalityId)
      .orderBy('id')
      .execute()
    expect(events.map(({ action }) => action)).toEqual([
      'contacts:phone-code-sent',
      'contacts:phone-confirmed',
      'contacts:phone-changed',
    ])
    expect(JSON.stringify(events)).not.toContain('333')
  })

  test('is in the download: the number, its proof and what was asked for', async () => {
    await prove(MOBILE)
    const sections = (await personalExport(holder))?.sections ?? []
    const rowsOf = (title: RegExp) => sections.find((section) => title.test(section.title))?.rows
    expect(rowsOf(/^Anagrafica/)).toMatchObject([
      { telefono: NUMBER, 'telefono verificato il': new Date('2026-11-24T07:00:00Z') },
    ])
    expect(rowsOf(/^Cambi di telefono/)).toMatchObject([{ 'nuovo numero': NUMBER }])
  })

  test('is deleted after 30 days when it was only asked for, not before; the kept one stays', async () => {
    await prove(MOBILE)
    await setClock('2026-12-24T07:59:59+01:00')
    expect(await purgePhoneChanges()).toBe(0)
    await setClock('2026-12-24T08:00:01+01:00')
    expect(await purgePhoneChanges()).toBeGreaterThan(0)
    expect(await phoneOf()).toMatchObject({ number: NUMBER })
  })
})

test('no code of the sign-in reads a telephone', () => {
  const doors = globSync([
    'lib/{entry,identity,session,access,devices}/**/*.ts',
    'lib/people/{delegate,invitation}.*ts',
  ])
  expect(doors.length).toBeGreaterThan(30)
  const reads = (text: string) => /['".]phone\b|phone_(verified|change)/.test(text)
  expect(doors.filter((file) => reads(readFileSync(file, 'utf8')))).toEqual([])
  expect(reads("select(['email', 'phone'])")).toBe(true)
})
