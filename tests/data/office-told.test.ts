import { sql } from 'kysely'
import { beforeEach, describe, expect, test } from 'vitest'
import { asFamily, asStaff } from '#db/client.ts'
import { PARTIAL_ROLES, type StaffRole, type Viewer } from '#lib/access/viewer.ts'
import { officeDays } from '#lib/desk/office-day.queries.ts'
import { noMealsToday } from '#lib/desk/office-day.words.ts'
import { saveNotices, tellUrgentWork, tellWorkOfTheDay } from '#lib/desk/work-notice.commands.ts'
import { ownNotices } from '#lib/desk/work-notice.queries.ts'
import { finishWork, takeWork } from '#lib/desk/work-take.commands.ts'
import { deskLines } from '#lib/desk/work-take.queries.ts'
import { takeInWords } from '#lib/desk/work-take.words.ts'
import { URGENT_CENTS } from '#lib/payments/payment-alarm.ts'
import { setClock, testDatabase } from '#tests/support/database.ts'
import {
  aHousehold,
  aMunicipality,
  aPupil,
  aServiceDay,
  aStaffViewer,
  type Household,
  type TestMunicipality,
} from '#tests/support/factories.ts'
import { aForm, healthDiet, send } from '#tests/support/forms.ts'
import { aTopUp } from '#tests/support/money.ts'

/** A Tuesday. */
const NOW = '2026-11-24T11:00:00+01:00'

let municipality: TestMunicipality
let family: Household
let manager: Viewer
let operator: Viewer
let addresses = 0

/** A colleague with an address of their own. */
async function aColleague(
  role: StaffRole,
  email: string | null = `p${++addresses}@ufficio.example`,
): Promise<Viewer> {
  const { owner } = await testDatabase()
  const viewer = await aStaffViewer(municipality, role)
  await owner.updateTable('person').set({ email }).where('id', '=', viewer.personId).execute()
  return viewer
}

const addressOf = async ({ personId }: Viewer): Promise<string> => {
  const { owner } = await testDatabase()
  const { email } = await owner
    .selectFrom('person')
    .select('email')
    .where('id', '=', personId)
    .executeTakeFirstOrThrow()
  return email ?? ''
}

type Mail = { recipient: string; subject: string; body_text: string }

async function mails(): Promise<Mail[]> {
  const { owner } = await testDatabase()
  return owner
    .selectFrom('outbox')
    .select(['recipient', 'subject', 'body_text'])
    .where('municipality_id', '=', municipality.municipalityId)
    .where('dedupe_key', 'like', 'work-%')
    .orderBy('recipient')
    .execute()
}
const recipients = async () => (await mails()).map(({ recipient }) => recipient)

beforeEach(async () => {
  await setClock(NOW)
  // The worker's duties look at every municipality: those of the tests before this one are over.
  const { owner } = await testDatabase()
  await owner.updateTable('municipality').set({ active: false }).execute()
  municipality = await aMunicipality()
  family = await aHousehold(municipality)
  manager = await aColleague('manager')
  operator = await aColleague('operator')
})

const aRequest = async (grave: 'si' | 'no') => {
  const pupilId = await aPupil(municipality, family.householdId)
  const request = healthDiet(pupilId)
  return send(family, await aForm(manager, 'diet'), { ...request, salute: { ...request.salute, grave } })
}

async function anAlarm(cents: number | null): Promise<void> {
  const { owner } = await testDatabase()
  const topUpId = await aTopUp(municipality, family)
  await owner
    .insertInto('payment_alarm')
    .values({ municipality_id: municipality.municipalityId, top_up_id: topUpId, finding: 'surplus', cents })
    .execute()
}

const lineOf = async (viewer: Viewer, kind: string) =>
  (await deskLines(viewer))?.lines.find((line) => line.kind === kind)

const CHOSEN = { email: '', digestHour: null, isUrgent: true }

describe('work that a colleague takes', () => {
  test('shows who has it and since when, until it is done', async () => {
    await aRequest('no')
    expect((await lineOf(manager, 'requests'))?.take).toBeNull()
    expect(await takeWork(operator, { kind: 'requests', seen: '' })).toMatchObject({ ok: true })
    await setClock('2026-11-24T11:10:00+01:00')
    const desk = await deskLines(manager)
    const take = desk?.lines.find(({ kind }) => kind === 'requests')?.take ?? null
    expect(takeInWords(take, desk?.now as Date)).toBe('Preso in carico da Ufficio Conti, da 10 minuti')
    expect(await finishWork(operator, { kind: 'requests', seen: take?.id ?? '' })).toMatchObject({ ok: true })
    const over = await deskLines(manager)
    const done = over?.lines.find(({ kind }) => kind === 'requests')?.take ?? null
    expect(takeInWords(done, over?.now as Date)).toMatch(
      /^Fatto, ha scritto Ufficio Conti il 24\/11\/2026 alle 11:10/,
    )
  })

  test('is taken by one of two colleagues at the same time, and the other is told by whom', async () => {
    await aRequest('no')
    const outcomes = await Promise.all([
      takeWork(operator, { kind: 'requests', seen: '' }),
      takeWork(manager, { kind: 'requests', seen: '' }),
    ])
    expect(outcomes.filter(({ ok }) => ok)).toHaveLength(1)
    expect(outcomes).toContainEqual(
      expect.objectContaining({ code: 'work:taken-meanwhile', details: { who: 'Ufficio Conti' } }),
    )
  })

  test('goes over to a colleague who has read who has it, and twice is once', async () => {
    await aRequest('no')
    await takeWork(operator, { kind: 'requests', seen: '' })
    await takeWork(operator, { kind: 'requests', seen: '' })
    const seen = (await lineOf(manager, 'requests'))?.take?.id ?? ''
    expect(await takeWork(manager, { kind: 'requests', seen: '' })).toMatchObject({
      code: 'work:taken-meanwhile',
    })
    expect(await takeWork(manager, { kind: 'requests', seen })).toMatchObject({ ok: true })
    expect((await lineOf(operator, 'requests'))?.take?.takenById).toBe(manager.personId)
    expect(await finishWork(operator, { kind: 'requests', seen })).toMatchObject({
      code: 'work:taken-meanwhile',
    })
    const { owner } = await testDatabase()
    const audited = await owner
      .selectFrom('audit_event')
      .select('action')
      .where('municipality_id', '=', municipality.municipalityId)
      .where('object_type', '=', 'work')
      .execute()
    expect(audited).toHaveLength(2)
  })

  test('is free again when what was taken is gone and other work comes', async () => {
    const { owner } = await testDatabase()
    const first = await aRequest('no')
    await takeWork(operator, { kind: 'requests', seen: '' })
    await owner
      .updateTable('form_submission')
      .set({ state: 'rejected', decided_at: sql<Date>`app_now()` })
      .where('id', '=', first)
      .execute()
    expect(await takeWork(manager, { kind: 'requests', seen: '' })).toMatchObject({
      code: 'work:nothing-waits',
    })
    await setClock('2026-11-24T12:00:00+01:00')
    await aRequest('no')
    expect((await lineOf(manager, 'requests'))?.take).toBeNull()
    expect(await takeWork(manager, { kind: 'requests', seen: '' })).toMatchObject({ ok: true })
  })

  test('is not found by who may not do it, by another town, and by a family', async () => {
    await aRequest('no')
    const elsewhere = await aStaffViewer(await aMunicipality(), 'manager')
    for (const viewer of [await aColleague('accountant'), await aColleague('editor'), family.holderViewer])
      expect(await takeWork(viewer, { kind: 'requests', seen: '' })).toMatchObject({
        code: 'request:not-found',
      })
    expect(await takeWork(elsewhere, { kind: 'requests', seen: '' })).toMatchObject({
      code: 'work:nothing-waits',
    })
    for (const role of PARTIAL_ROLES) expect(await deskLines(await aColleague(role)), role).toBeNull()
    await takeWork(operator, { kind: 'requests', seen: '' })
    // Row security alone.
    const seen = {
      staff: await asStaff(elsewhere, readTakes),
      family: await asFamily(family.holderViewer, readTakes),
    }
    expect(seen).toEqual({ staff: [], family: [] })
  })
})

const readTakes = (trx: Parameters<Parameters<typeof asStaff>[1]>[0]) =>
  trx.selectFrom('work_take').select('id').execute()

describe('what is urgent', () => {
  test('is told once, in a mail of its own, to those with that duty and to no other', async () => {
    const accountant = await aColleague('accountant')
    await aRequest('si')
    expect(await tellUrgentWork()).toBe(2)
    expect(await tellUrgentWork()).toBe(0)
    expect(await recipients()).toEqual([await addressOf(manager), await addressOf(operator)].toSorted())
    expect(await recipients()).not.toContain(await addressOf(accountant))
    const [mail] = await mails()
    expect(mail?.subject).toContain('1 dieta da decidere con rischio di reazione grave')
    expect(mail?.body_text).not.toMatch(/Albertini|Conti|D0/)
    await aRequest('si')
    expect(await tellUrgentWork()).toBe(2)
  })

  test('is told once also by workers that look at the same time', async () => {
    await aRequest('si')
    const told = await Promise.all(Array.from({ length: 6 }, tellUrgentWork))
    expect(told.reduce((sum, n) => sum + n, 0)).toBe(2)
    expect(await mails()).toHaveLength(2)
  })

  test('is a day that is not closed five minutes after its hour, and not before', async () => {
    await aServiceDay(municipality, '2026-11-24')
    await setClock('2026-11-24T09:34:00+01:00')
    expect(await tellUrgentWork()).toBe(0)
    await setClock('2026-11-24T09:36:00+01:00')
    expect(await tellUrgentWork()).toBe(2)
    expect((await mails())[0]?.subject).toContain('1 giornata di mensa non chiusa')
  })

  test('is a payment from the sum of the rule on, and none below', async () => {
    await anAlarm(URGENT_CENTS - 1)
    expect(await tellUrgentWork()).toBe(0)
    await anAlarm(URGENT_CENTS)
    expect(await tellUrgentWork()).toBe(1)
    expect(await recipients()).toEqual([await addressOf(manager)])
    expect((await mails())[0]?.body_text).not.toMatch(/50,00|5000/)
  })

  test('cannot be turned off by the last manager whom it reaches, nor by two at the same time', async () => {
    const off = { ...CHOSEN, isUrgent: false }
    expect(await saveNotices(manager, off)).toMatchObject({ code: 'work:last-told' })
    const second = await aColleague('manager')
    const outcomes = await Promise.all([saveNotices(manager, off), saveNotices(second, off)])
    expect(outcomes.filter(({ ok }) => ok)).toHaveLength(1)
    expect(await saveNotices(operator, off)).toMatchObject({ ok: true })
    await aRequest('si')
    expect(await tellUrgentWork()).toBe(1)
  })

  test('reaches every manager where none is left who wants it', async () => {
    const { owner } = await testDatabase()
    const second = await aColleague('manager')
    await saveNotices(second, { ...CHOSEN, isUrgent: false })
    await aRequest('si')
    await owner
      .updateTable('staff_member')
      .set({ ended_at: sql<Date>`app_now()`, ended_by: second.personId })
      .where('person_id', '=', manager.personId)
      .execute()
    await tellUrgentWork()
    expect(await recipients()).toEqual([await addressOf(operator), await addressOf(second)].toSorted())
  })
})

describe('the mail of the day', () => {
  test('comes once a day from its hour on, only to who chose it, and only where something waits', async () => {
    await saveNotices(operator, { email: 'lavoro@ufficio.example', digestHour: 8, isUrgent: true })
    await setClock('2026-11-25T07:59:00+01:00')
    await aRequest('no')
    await takeWork(manager, { kind: 'requests', seen: '' })
    expect(await tellWorkOfTheDay()).toBe(0)
    await setClock('2026-11-25T08:00:00+01:00')
    const told = await Promise.all([tellWorkOfTheDay(), tellWorkOfTheDay(), tellWorkOfTheDay()])
    expect(told.reduce((sum, n) => sum + n, 0)).toBe(1)
    expect(await mails()).toMatchObject([
      { recipient: 'lavoro@ufficio.example', subject: expect.stringMatching(/^\d+ cose aspettano/) },
    ])
    expect((await mails())[0]?.body_text).toContain(
      '- 1 domanda da decidere, da 1 minuto (Preso in carico da Ufficio Conti',
    )
    await setClock('2026-11-26T12:00:00+01:00')
    expect(await tellWorkOfTheDay()).toBe(1)
  })

  test('does not come on a day on which nothing waits, nor to who has no role any more', async () => {
    await saveNotices(manager, { ...CHOSEN, digestHour: 8 })
    expect(await tellWorkOfTheDay()).toBe(0)
    const { owner } = await testDatabase()
    await saveNotices(operator, { ...CHOSEN, digestHour: 8 })
    await owner
      .updateTable('staff_member')
      .set({ ended_at: sql<Date>`app_now()`, ended_by: manager.personId })
      .where('person_id', '=', operator.personId)
      .execute()
    await aRequest('no')
    expect(await tellWorkOfTheDay()).toBe(0)
  })

  test('is the choice of each colleague alone', async () => {
    await saveNotices(operator, { email: '', digestHour: 7, isUrgent: false })
    expect(await ownNotices(operator)).toMatchObject({ notices: { digestHour: 7, isUrgent: false } })
    expect(await ownNotices(manager)).toMatchObject({ notices: { digestHour: null, isUrgent: true } })
    expect(await ownNotices(family.holderViewer)).toBeNull()
    await expect(
      asStaff(manager, (trx) =>
        trx
          .insertInto('work_notice')
          .values({ municipality_id: municipality.municipalityId, person_id: family.holder.personId })
          .execute(),
      ),
    ).rejects.toThrow(/row-level security/)
  })
})

describe('the first page of the office', () => {
  test('sums today and the next day with meals, and on a Sunday names that one', async () => {
    await aPupil(municipality, family.householdId, { diet: 'D03' })
    await aPupil(municipality, family.householdId)
    await aServiceDay(municipality, '2026-11-24')
    await aServiceDay(municipality, '2026-11-25')
    await setClock('2026-11-24T08:00:00+01:00')
    expect(await officeDays(manager)).toMatchObject({
      today: '2026-11-24',
      days: [
        { day: '2026-11-24', state: 'provisional', schools: 1, meals: 2, special: 1 },
        { day: '2026-11-25' },
      ],
    })
    await aServiceDay(municipality, '2026-11-30')
    await setClock('2026-11-29T10:00:00+01:00')
    const sunday = await officeDays(manager)
    expect(sunday?.days.map(({ day }) => day)).toEqual(['2026-11-30'])
    expect(sunday && noMealsToday(sunday)).toBe('Oggi, domenica 29 novembre, non c’è mensa.')
    expect(await officeDays(await aColleague('editor'))).toBeNull()
  })
})
