import { randomUUID } from 'node:crypto'
import { sql } from 'kysely'
import { beforeEach, describe, expect, test } from 'vitest'
import { asSystem } from '#db/client.ts'
import type { Viewer } from '#lib/access/viewer.ts'
import { createFeed } from '#lib/feeds/feed.commands.ts'
import { feedOf } from '#lib/feeds/feed.queries.ts'
import { chargeServiceDay } from '#lib/kitchen/charge.commands.ts'
import { countServiceDays } from '#lib/kitchen/close.commands.ts'
import { changeMeals } from '#lib/meals/meal-change.commands.ts'
import { tellMealChanges } from '#lib/meals/meal-notice.commands.ts'
import { notify, tryNotifications } from '#lib/notifications/notification.commands.ts'
import { inboxOf } from '#lib/notifications/notification.queries.ts'
import { askEmailChange } from '#lib/people/contact.commands.ts'
import { inviteDelegate, revokeDelegate } from '#lib/people/delegate.commands.ts'
import { enterClosure } from '#lib/school/office/closure.commands.ts'
import { catalogueOf } from '#lib/words/catalogues.adapter.ts'
import type { Language } from '#lib/words/language.ts'
import { piecesOf } from '#lib/words/written.ts'
import { setClock, testDatabase } from '#tests/support/database.ts'
import {
  aDelegate,
  aHousehold,
  aMunicipality,
  aPupil,
  aServiceDay,
  aStaffViewer,
  type Household,
  type TestMunicipality,
} from '#tests/support/factories.ts'
import { aPaidTopUp } from '#tests/support/money.ts'

/**
 * Each person is written to in the language that they chose, in any language of the person who acted.
 */
let municipality: TestMunicipality
let household: Household
let holder: Viewer

beforeEach(async () => {
  await testDatabase()
  await setClock('2026-11-24T08:00:00+01:00')
  municipality = await aMunicipality()
  household = await aHousehold(municipality)
  holder = household.holderViewer
})

async function choose(viewer: Viewer, language: Language): Promise<void> {
  const { owner } = await testDatabase()
  await sql`update citizen set language = ${language}, language_chosen_at = app_now() where id = ${viewer.citizenId}`.execute(
    owner,
  )
}

const tell = (to: string[], key = 'closure:1') =>
  asSystem(municipality.municipalityId, (trx) =>
    notify(trx, municipality.municipalityId, {
      event: 'calendar:closure',
      key,
      to,
      say: (t) => ({ title: t('Il saldo della mensa è finito'), text: t('Nessuna notifica') }),
      path: '/oggi',
    }),
  )

async function mailsTo(personId: string) {
  const { owner } = await testDatabase()
  return owner
    .selectFrom('outbox')
    .select(['subject', 'body_text as text', 'language'])
    .where('municipality_id', '=', municipality.municipalityId)
    .where('person_id', '=', personId)
    .where('channel', '=', 'email')
    .orderBy('id')
    .execute()
}

const heard = async (viewer: Viewer, language: Language) =>
  (await inboxOf(viewer, 1, language))?.items.map(({ title, text }) => `${title} | ${text}`) ?? []

describe('One thing told to two parents', () => {
  test('reaches each in the own language, mail, greeting and address of choices too', async () => {
    const other = (await aHousehold(municipality)).holderViewer
    await choose(other, 'en')
    await tell([holder.personId, other.personId])
    const [italian] = await mailsTo(holder.personId)
    const [english] = await mailsTo(other.personId)
    expect(italian).toMatchObject({ subject: 'Il saldo della mensa è finito', language: 'it' })
    expect(italian?.text).toMatch(/^Ciao Laura,\n\nNessuna notifica\n\nTutto il resto è nel portale:/)
    expect(english).toMatchObject({ subject: 'Your canteen balance has run out', language: 'en' })
    expect(english?.text).toMatch(/^Hello Laura,\n\nNo notifications\n\nEverything else is in the portal:/)
    expect(english?.text).toContain('School canteen of Mozzecane')
    expect(english?.text).toMatch(/Courtesy translation: the Italian text counts\.\n$/)
    expect(italian?.text).not.toContain('Traduzione di cortesia')
  })

  test('is kept in every language: the inbox follows who changes', async () => {
    await tell([holder.personId])
    expect(await heard(holder, 'it')).toEqual(['Il saldo della mensa è finito | Nessuna notifica'])
    expect(await heard(holder, 'en')).toEqual(['Your canteen balance has run out | No notifications'])
  })

  test('stays as it was when it was told before, marked as Italian', async () => {
    await tell([holder.personId])
    const { owner } = await testDatabase()
    await owner.updateTable('notification').set({ translations: '{}' }).execute()
    const [item] = (await inboxOf(holder, 1, 'en'))?.items ?? []
    expect(piecesOf(item?.title ?? '')).toEqual([{ text: 'Il saldo della mensa è finito', isWritten: true }])
  })

  test('is told in Italian when the language is not written any more', async () => {
    const { owner } = await testDatabase()
    await sql`alter table citizen drop constraint citizen_language_fkey`.execute(owner)
    await sql`update citizen set language = 'xx' where id = ${holder.citizenId}`.execute(owner)
    await tell([holder.personId])
    expect(await mailsTo(holder.personId)).toMatchObject([{ language: 'it' }])
  })
})

describe('An English parent hears in English', () => {
  beforeEach(() => choose(holder, 'en'))
  const inEnglish = () => heard(holder, 'en')

  test('of meals that another person changed', async () => {
    const delegate = await aDelegate(municipality, household.householdId)
    const pupilId = await aPupil(municipality, household.householdId)
    await aServiceDay(municipality, '2026-11-26')
    await changeMeals(
      { ...delegate, name: 'Marco Conti' },
      {
        action: 'cancel',
        pupilIds: [pupilId],
        days: ['2026-11-26'],
        channel: 'web',
        idempotencyKey: randomUUID(),
      },
    )
    const { owner } = await testDatabase()
    await sql`update meal_notice set due_at = app_now()`.execute(owner)
    await tellMealChanges()
    expect(await inEnglish()).toEqual([
      'Meal cancelled: Thursday 26 November | Marco Conti cancelled the meal of Thursday 26 November.',
    ])
  })

  test('of a closure, with the office’s own words marked', async () => {
    await aPupil(municipality, household.householdId)
    await aServiceDay(municipality, '2026-11-26')
    const asked = { day: '2026-11-26', schoolId: null, kind: 'strike', reason: 'Sciopero generale' } as const
    await enterClosure(await aStaffViewer(municipality, 'manager'), {
      ...asked,
      expected: { meals: 1, refundCents: 0 },
    })
    const [item] = (await inboxOf(holder, 1, 'en'))?.items ?? []
    expect(item?.title).toBe('No school lunch on Thursday 26 November: strike')
    const pieces = piecesOf(item?.text ?? '')
    expect(pieces.find(({ isWritten }) => isWritten)?.text).toBe('Sciopero generale')
    expect(pieces.at(-1)?.text).toMatch(/You do not have to cancel, and the meal is not charged\.$/)
  })

  test('of a top-up, a low balance, and a test message', async () => {
    await aPupil(municipality, household.householdId)
    await aPaidTopUp(municipality, household, 4)
    const serviceDay = await aServiceDay(municipality, '2026-11-24')
    await setClock('2026-11-24T10:00:00+01:00')
    await asSystem(municipality.municipalityId, async (trx) => {
      await countServiceDays(trx, municipality.municipalityId, [serviceDay])
      await chargeServiceDay(trx, municipality.municipalityId, serviceDay)
    })
    await tryNotifications(holder)
    expect((await inEnglish()).map((line) => line.split(' | ')[0])).toEqual(
      expect.arrayContaining(['Your canteen balance is running low', 'Trial: notifications work']),
    )
    expect((await mailsTo(holder.personId)).every(({ language }) => language === 'en')).toBe(true)
  })

  test('of themselves, and others in their own language', async () => {
    const delegate = await aDelegate(municipality, household.householdId)
    const { owner } = await testDatabase()
    const member = await owner
      .selectFrom('household_member')
      .select('id')
      .where('person_id', '=', delegate.personId)
      .executeTakeFirstOrThrow()
    expect(await revokeDelegate(holder, member.id)).toMatchObject({ ok: true })
    expect(await mailsTo(delegate.personId)).toMatchObject([
      { subject: 'La tua delega è finita', language: 'it' },
    ])
  })

  test('an invitation goes in the language of the inviting person: what the invited one chose stays private', async () => {
    const pupilId = await aPupil(municipality, household.householdId)
    const invited = await inviteDelegate(
      holder,
      {
        householdId: household.householdId,
        fiscalCode: 'RSSMRA80A01H501U',
        email: 'mario@example.it',
        pupils: [pupilId],
        until: null,
      },
      municipality.slug,
    )
    expect(invited).toMatchObject({ ok: true })
    const { owner } = await testDatabase()
    const mail = await owner
      .selectFrom('outbox')
      .select(['subject', 'language', 'body_text as text'])
      .where('recipient', '=', 'mario@example.it')
      .executeTakeFirst()
    expect(mail).toMatchObject({ subject: 'Invitation to the school canteen of Mozzecane', language: 'en' })
    expect(mail?.text).toContain(`/${municipality.slug}/invito/`)
    expect(mail?.text).toMatch(/Courtesy translation: the Italian text counts\.\n$/)
  })

  test('the calendar for the phone follows the language, and says when it changed', async () => {
    const pupilId = await aPupil(municipality, household.householdId, { name: 'Greta' })
    await aServiceDay(municipality, '2026-11-26')
    const made = await createFeed(holder, { pupilId, alarmMinutes: null })
    const token = made.ok ? (/([\w-]{43})\.ics$/.exec(made.value.address)?.[1] ?? '') : ''
    const english = await feedOf(token)
    expect(english?.text).toContain('X-WR-CALNAME:School lunch of Greta')
    expect(english?.text).toContain('SUMMARY:School lunch: Greta')
    await setClock('2026-11-25T08:00:00+01:00')
    await choose(holder, 'it')
    const italian = await feedOf(token)
    expect(italian?.text).toContain('SUMMARY:Mensa: Greta')
    expect(italian?.text).toContain('LAST-MODIFIED:20261125T070000Z')
    expect(italian?.etag).not.toBe(english?.etag)
  })
})

describe('What is written to one person alone', () => {
  const written = async () => {
    const { owner } = await testDatabase()
    return owner
      .selectFrom('outbox')
      .select(['channel', 'subject', 'body_text as text', 'language'])
      .where('municipality_id', '=', municipality.municipalityId)
      .orderBy('id')
      .execute()
  }

  test.each([
    ['it', 'Il codice per confermare la tua e-mail'],
    ['en', 'The code to confirm your email'],
    ['ar', 'الرمز لتأكيد بريدك الإلكتروني'],
  ] as const)('is in their language: the code for an address, in %s', async (language, subject) => {
    await choose(holder, language)
    await askEmailChange(holder, 'laura.nuova@example.it')
    expect(await written()).toMatchObject([{ channel: 'email', subject, language }])
  })

  test('an Arabic parent hears in Arabic, by mail, by push and in the calendar of the phone', async () => {
    await choose(holder, 'ar')
    await tell([holder.personId])
    const [mail] = await mailsTo(holder.personId)
    expect(mail).toMatchObject({
      language: 'ar',
      subject: catalogueOf('ar')['Il saldo della mensa è finito'],
    })
    expect(mail?.text).toMatch(/^مرحبًا Laura،\n\n/)
    expect(await heard(holder, 'ar')).toEqual([
      `${catalogueOf('ar')['Il saldo della mensa è finito']} | ${catalogueOf('ar')['Nessuna notifica']}`,
    ])
    const pupilId = await aPupil(municipality, household.householdId, { name: 'Greta' })
    await aServiceDay(municipality, '2026-11-26')
    const made = await createFeed(holder, { pupilId, alarmMinutes: null })
    const token = made.ok ? (/([\w-]{43})\.ics$/.exec(made.value.address)?.[1] ?? '') : ''
    expect((await feedOf(token))?.text).toContain('SUMMARY:المطعم: Greta')
  })
})
