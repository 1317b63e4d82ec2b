import { randomUUID } from 'node:crypto'
import { beforeEach, describe, expect, test } from 'vitest'
import { asStaff, asSystem } from '#db/client.ts'
import type { Viewer } from '#lib/access/viewer.ts'
import { chargeServiceDay } from '#lib/kitchen/charge.commands.ts'
import { countServiceDays } from '#lib/kitchen/close.commands.ts'
import { changeMeals } from '#lib/meals/meal-change.commands.ts'
import { tellMealChanges } from '#lib/meals/meal-notice.commands.ts'
import {
  MOST_PUSH_DEVICES,
  notify,
  openNotification,
  readEverything,
  removePushDevice,
  saveChoices,
  subscribeDevice,
  tryNotifications,
} from '#lib/notifications/notification.commands.ts'
import { choicesOf, inboxOf } from '#lib/notifications/notification.queries.ts'
import type { EventName } from '#lib/notifications/notification.ts'
import { purgeNotifications } from '#lib/outbox/due-message.commands.ts'
import { retryDeliveryBatch } from '#lib/outbox/office/delivery-batch.commands.ts'
import { deliveryBatch, deliveryBatchList } from '#lib/outbox/office/delivery-batch.queries.ts'
import { enterClosure } from '#lib/school/office/closure.commands.ts'
import { setClock, testDatabase } from '#tests/support/database.ts'
import { setEnvironment } from '#tests/support/environment.ts'
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
import { browserKeys } from '#tests/support/push-service.ts'

let municipality: TestMunicipality
let household: Household
let holder: Viewer

beforeEach(async () => {
  const { ownerUrl, webUrl } = await testDatabase()
  setEnvironment({
    DATABASE_URL: ownerUrl,
    DATABASE_WEB_URL: webUrl,
    VAPID_PUBLIC_KEY: 'p'.repeat(87),
    VAPID_PRIVATE_KEY: 'k'.repeat(43),
  })
  await setClock('2026-11-24T08:00:00+01:00')
  municipality = await aMunicipality()
  household = await aHousehold(municipality)
  holder = household.holderViewer
})

const tell = (key: string, to: string[], event: EventName = 'communication:published') =>
  asSystem(municipality.municipalityId, (trx) =>
    notify(trx, municipality.municipalityId, {
      event,
      key,
      to,
      money: 'own-payment',
      say: () => ({ title: `Titolo ${key}`, text: 'Testo' }),
      path: '/oggi',
    }),
  )
const titles = async (viewer: Viewer) => (await inboxOf(viewer, 1))?.items.map(({ title }) => title) ?? []

const unreadOf = async (viewer: Viewer) => (await inboxOf(viewer, 1))?.unread

describe('The inbox', () => {
  test('shows the own notifications, newest first, twenty a page; past the last page, the last one', async () => {
    for (let n = 1; n <= 21; n += 1) await tell(`${n}`, [holder.personId])
    const first = await inboxOf(holder, 1)
    expect(first).toMatchObject({ unread: 21, page: 1, pages: 2 })
    expect(first?.items).toHaveLength(20)
    expect((await inboxOf(holder, 99))?.items.map(({ title }) => title)).toEqual(['Titolo 1'])
    expect(await titles((await aHousehold(municipality)).holderViewer)).toEqual([])
  })

  test('marks an opened one as read and leads to its page; another person’s cannot be opened', async () => {
    await tell('1', [holder.personId])
    const id = (await inboxOf(holder, 1))?.items[0]?.id ?? ''
    const stranger = (await aHousehold(municipality)).holderViewer
    expect(await openNotification(stranger, id)).toBeNull()
    expect(await openNotification(await aStaffViewer(municipality, 'manager'), id)).toBeNull()
    expect(await unreadOf(holder)).toBe(1)
    expect(await openNotification(holder, id)).toBe('/oggi')
    expect(await unreadOf(holder)).toBe(0)
  })

  test('marks all as read in one step, the own ones only', async () => {
    const delegate = await aDelegate(municipality, household.householdId)
    await tell('1', [holder.personId, delegate.personId])
    expect(await readEverything(holder)).toEqual({ ok: true, value: null })
    expect([await unreadOf(holder), await unreadOf(delegate)]).toEqual([0, 1])
  })

  test('is not there for the office', async () => {
    const clerk = await aStaffViewer(municipality, 'operator')
    expect([await inboxOf(clerk, 1), await choicesOf(clerk)]).toEqual([null, null])
    expect(await readEverything(clerk)).toMatchObject({ code: 'request:not-found' })
  })
})

describe('Choices', () => {
  const wish = { ticked: ['balance:low.email'], isQuiet: false, quietFrom: '22:00', quietTo: '06:30' }

  test('are kept, and what was not ticked does not arrive', async () => {
    await saveChoices(holder, { ...wish, lowBalanceMeals: 5 })
    expect((await choicesOf(holder))?.stored).toMatchObject({
      isQuiet: false,
      quietFrom: '22:00',
      quietTo: '06:30',
      lowBalanceMeals: 5,
      choices: {
        'balance:low': { email: true, push: false },
        'meals:changed': { email: false, push: false },
      },
    })
    await tell('1', [holder.personId])
    const { owner } = await testDatabase()
    expect(
      await owner.selectFrom('outbox').where('person_id', '=', holder.personId).select('id').execute(),
    ).toEqual([])
  })

  test('do not offer a delegate anything about money', async () => {
    const delegate = await aDelegate(municipality, household.householdId)
    expect((await choicesOf(delegate))?.events).not.toContain('balance:low')
    await saveChoices(delegate, { ...wish, lowBalanceMeals: 9 })
    const stored = (await choicesOf(delegate))?.stored
    expect(stored?.choices['balance:low']).toBeUndefined()
    expect(stored?.lowBalanceMeals).toBe(3)
  })

  test('do not hold back a test message, which goes on every channel, five times an hour', async () => {
    await saveChoices(holder, { ...wish, lowBalanceMeals: undefined })
    await setClock('2026-11-24T23:30:00+01:00')
    for (let n = 0; n < 5; n += 1) expect(await tryNotifications(holder)).toMatchObject({ ok: true })
    expect(await tryNotifications(holder)).toMatchObject({ code: 'notifications:too-many-tries' })
    const { owner } = await testDatabase()
    const mails = await owner
      .selectFrom('outbox')
      .select(['subject', 'due_at'])
      .where('person_id', '=', holder.personId)
      .execute()
    expect(mails).toHaveLength(5)
    expect(mails[0]?.due_at).toEqual(new Date('2026-11-24T23:30:00+01:00'))
  })
})

describe('Devices that receive', () => {
  const endpoint = 'https://fcm.googleapis.com/fcm/send/abc'
  const device = (change: object = {}) => ({
    endpoint,
    ...browserKeys(),
    name: 'Chrome su Android',
    ...change,
  })

  test('are listed without their address, and can be taken away', async () => {
    expect(await subscribeDevice(holder, device())).toMatchObject({ ok: true })
    const [line] = (await choicesOf(holder))?.devices ?? []
    expect(line).toMatchObject({
      name: 'Chrome su Android',
      fingerprint: expect.stringMatching(/^[0-9a-f]{16}$/),
    })
    expect(JSON.stringify(line)).not.toContain('googleapis')
    const stranger = (await aHousehold(municipality)).holderViewer
    expect(await removePushDevice(stranger, line?.id ?? '')).toMatchObject({ code: 'request:not-found' })
    expect(await removePushDevice(holder, line?.id ?? '')).toMatchObject({ ok: true })
    expect((await choicesOf(holder))?.devices).toEqual([])
  })

  test('are refused with an address of no known push service', async () => {
    for (const strange of ['https://example.com/x', 'http://169.254.169.254/latest', 'https://10.0.0.1/x']) {
      expect(await subscribeDevice(holder, device({ endpoint: strange })), strange).toMatchObject({
        code: 'notifications:unknown-service',
      })
    }
  })

  test('are ten at most, and the same browser counts once', async () => {
    for (let n = 0; n < MOST_PUSH_DEVICES; n += 1) {
      expect(await subscribeDevice(holder, device({ endpoint: `${endpoint}${n % 9}` }))).toMatchObject({
        ok: true,
      })
    }
    expect((await choicesOf(holder))?.devices).toHaveLength(9)
    await subscribeDevice(holder, device())
    expect(await subscribeDevice(holder, device({ endpoint: `${endpoint}x` }))).toMatchObject({
      code: 'notifications:too-many-devices',
    })
  })

  test('are not offered where the portal has no keys', async () => {
    const { ownerUrl, webUrl } = await testDatabase()
    setEnvironment({
      DATABASE_URL: ownerUrl,
      DATABASE_WEB_URL: webUrl,
      VAPID_PUBLIC_KEY: '',
      VAPID_PRIVATE_KEY: '',
    })
    expect((await choicesOf(holder))?.pushKey).toBeNull()
    expect(await subscribeDevice(holder, device())).toMatchObject({ code: 'request:not-found' })
  })
})

describe('A notification', () => {
  test('tells one parent that the other changed a meal, without the child’s name', async () => {
    const delegate = await aDelegate(municipality, household.householdId)
    const pupilId = await aPupil(municipality, household.householdId, { name: 'Greta' })
    await aServiceDay(municipality, '2026-11-26')
    const change = { action: 'cancel', pupilIds: [pupilId], days: ['2026-11-26'], channel: 'web' } as const
    await changeMeals({ ...delegate, name: 'Marco Conti' }, { ...change, idempotencyKey: randomUUID() })
    await setClock('2026-11-24T08:04:00+01:00')
    await tellMealChanges()
    expect(await titles(holder)).toEqual(['Pasto disdetto: giovedì 26 novembre'])
    expect(await titles(delegate)).toEqual([])
    const { owner } = await testDatabase()
    const told = await owner
      .selectFrom('outbox')
      .select(['subject', 'body_text'])
      .where('municipality_id', '=', municipality.municipalityId)
      .execute()
    expect(told).toHaveLength(1)
    expect(JSON.stringify(told)).not.toContain('Greta')
  })

  test('is told once for the same key', async () => {
    await aDelegate(municipality, household.householdId)
    const pupilId = await aPupil(municipality, household.householdId)
    await aServiceDay(municipality, '2026-11-26')
    const delegate = await aDelegate(municipality, household.householdId)
    const change = {
      action: 'cancel',
      pupilIds: [pupilId],
      days: ['2026-11-26'],
      channel: 'web',
      idempotencyKey: randomUUID(),
    } as const
    await changeMeals(holder, change)
    await changeMeals(holder, change)
    await setClock('2026-11-24T08:04:00+01:00')
    await tellMealChanges()
    await tellMealChanges()
    expect(await titles(delegate)).toHaveLength(1)
  })

  test('of a closure reaches the parents of its children, delegates too, and no other', async () => {
    const delegate = await aDelegate(municipality, household.householdId)
    await aPupil(municipality, household.householdId)
    const childless = (await aHousehold(municipality)).holderViewer
    await aServiceDay(municipality, '2026-11-26')
    const clerk = await aStaffViewer(municipality, 'manager')
    const asked = { day: '2026-11-26', schoolId: null, kind: 'strike', reason: 'Sciopero generale' } as const
    expect(await enterClosure(clerk, { ...asked, expected: { meals: 1, refundCents: 0 } })).toMatchObject({
      ok: true,
    })
    expect(await titles(holder)).toEqual(['Niente mensa giovedì 26 novembre: sciopero'])
    expect(await titles(delegate)).toHaveLength(1)
    expect(await titles(childless)).toEqual([])
  })

  const close = async (day: string) => {
    const serviceDay = await aServiceDay(municipality, day)
    await setClock(`${day}T10:00:00+01:00`)
    await asSystem(municipality.municipalityId, async (trx) => {
      await countServiceDays(trx, municipality.municipalityId, [serviceDay])
      await chargeServiceDay(trx, municipality.municipalityId, serviceDay)
    })
  }

  test('of a low balance comes at the highest threshold too, and not a meal earlier', async () => {
    await aPupil(municipality, household.householdId)
    const { owner } = await testDatabase()
    await owner
      .insertInto('notification_choice')
      .values({
        municipality_id: municipality.municipalityId,
        person_id: holder.personId,
        low_balance_meals: 20,
      })
      .execute()
    await aPaidTopUp(municipality, household, 22)
    await close('2026-11-24')
    expect(await titles(holder)).toEqual([])
    await close('2026-11-25')
    expect(await titles(holder)).toEqual(['Il saldo della mensa sta per finire'])
  })

  test('of a low balance reaches the holder on the day of the crossing, and not on the next', async () => {
    const delegate = await aDelegate(municipality, household.householdId)
    await aPupil(municipality, household.householdId)
    await aPaidTopUp(municipality, household, 4)
    await close('2026-11-24')
    expect(await titles(holder)).toEqual(['Il saldo della mensa sta per finire'])
    await close('2026-11-25')
    expect(await titles(holder)).toHaveLength(1)
    await close('2026-11-26')
    await close('2026-11-27')
    expect(await titles(holder)).toEqual([
      'Il saldo della mensa è finito',
      'Il saldo della mensa sta per finire',
    ])
    expect(await titles(delegate)).toEqual([])
  })
})

describe('The office’s page of sendings', () => {
  test('counts each batch by outcome, and the sums are right', async () => {
    const people = [
      holder.personId,
      (await aHousehold(municipality)).holder.personId,
      (await aHousehold(municipality)).holder.personId,
    ]
    await tell('strike', people, 'calendar:closure')
    const { owner } = await testDatabase()
    const rows = await owner
      .selectFrom('outbox')
      .select('id')
      .where('municipality_id', '=', municipality.municipalityId)
      .orderBy('id')
      .execute()
    const end = (n: number, outcome: 'sent' | 'refused' | 'in_doubt' | 'given_up') =>
      owner
        .updateTable('outbox')
        .set({ outcome, due_at: null, last_error: 'RCPT TO 550 5.1.1' })
        .where('id', '=', rows[n]?.id ?? '')
        .execute()
    await end(0, 'refused')
    await end(1, 'in_doubt')
    const clerk = await aStaffViewer(municipality, 'operator')
    const [line] = (await deliveryBatchList(clerk, {}))?.page.rows ?? []
    expect(line?.cells).toMatchObject({ messaggio: 'Titolo strike', avvisati: 3, rifiutati: 1, dubbio: 1 })
    const one = await deliveryBatch(clerk, line?.id ?? '')
    const batch = one?.batch
    expect(batch).toMatchObject({
      title: 'Titolo strike',
      told: 3,
      email: { waiting: 1, sent: 0, refused: 1, inDoubt: 1, givenUp: 0 },
      retriable: 1,
    })
    expect(one?.refused.map(({ address, outcome }) => [address, outcome])).toEqual([
      ['l•••@e•••.it', 'in_doubt'],
      ['l•••@e•••.it', 'refused'],
    ])
    // Again goes only what is certain not to have gone, to the address of now.
    await owner.updateTable('person').set({ email: 'nuova@example.it' }).where('id', 'in', people).execute()
    expect(await retryDeliveryBatch(clerk, batch?.id ?? '')).toEqual({ ok: true, value: { again: 1 } })
    expect(await retryDeliveryBatch(clerk, batch?.id ?? '')).toMatchObject({
      code: 'outbox:nothing-to-retry',
    })
    const again = await owner
      .selectFrom('outbox')
      .select(['recipient', 'outcome'])
      .where('id', '=', rows[0]?.id ?? '')
      .executeTakeFirst()
    expect(again).toEqual({ recipient: 'nuova@example.it', outcome: null })
  })

  test('counts messages to single persons by day and kind, without their words', async () => {
    await tell('one', [holder.personId], 'top-up:credited')
    await tell('two', [holder.personId], 'top-up:credited')
    const accountant = await aStaffViewer(municipality, 'accountant')
    const lines = (await deliveryBatchList(accountant, {}))?.page.rows ?? []
    expect(lines.map(({ cells }) => cells)).toMatchObject([{ tipo: 'Ricarica accreditata', avvisati: 2 }])
    expect((await deliveryBatch(accountant, lines[0]?.id ?? ''))?.batch.title).toBeNull()
  })

  test('is for staff who write to families, in their own municipality', async () => {
    await tell('one', [holder.personId])
    const manager = await aStaffViewer(municipality, 'manager')
    const id = (await deliveryBatchList(manager, {}))?.page.rows[0]?.id ?? ''
    for (const viewer of [holder, await aStaffViewer(municipality, 'editor')]) {
      expect([await deliveryBatchList(viewer, {}), await deliveryBatch(viewer, id)]).toEqual([null, null])
      expect(await retryDeliveryBatch(viewer, id)).toMatchObject({ code: 'request:not-found' })
    }
    const elsewhere = await aStaffViewer(await aMunicipality(), 'manager')
    expect((await deliveryBatchList(elsewhere, {}))?.page.rows).toEqual([])
    expect(await deliveryBatch(elsewhere, id)).toBeNull()
    const scoped = await asStaff(elsewhere, (trx) => trx.selectFrom('delivery_batch').selectAll().execute())
    expect(scoped).toEqual([])
  })
})

test('a notification and its mails are deleted after twelve months, not a second earlier', async () => {
  await tell('old', [holder.personId])
  const { owner } = await testDatabase()
  await owner.updateTable('outbox').set({ due_at: null, outcome: 'sent' }).execute()
  await setClock('2027-11-24T08:00:00+01:00')
  await purgeNotifications()
  expect(await titles(holder)).toHaveLength(1)
  await setClock('2027-11-24T08:00:01+01:00')
  await purgeNotifications()
  await purgeNotifications()
  expect(await titles(holder)).toEqual([])
  const left = await owner
    .selectFrom('outbox')
    .select('id')
    .where('municipality_id', '=', municipality.municipalityId)
    .execute()
  expect(left).toEqual([])
})
