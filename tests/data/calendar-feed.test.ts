import { randomUUID } from 'node:crypto'
import { beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { asFamily, asStaff } from '#db/client.ts'
import type { Viewer } from '#lib/access/viewer.ts'
import { createFeed, purgeFeeds, revokeFeed } from '#lib/feeds/feed.commands.ts'
import { childFeeds, feedOf } from '#lib/feeds/feed.queries.ts'
import { changeMeals } from '#lib/meals/meal-change.commands.ts'
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
import { parseCalendar } from '#tests/support/ical.ts'

const NOW = '2026-11-24T08:00:00+01:00'
let municipality: TestMunicipality
let family: Household
let pupilId: string

beforeAll(async () => {
  await testDatabase()
})

beforeEach(async () => {
  await setClock(NOW)
  municipality = await aMunicipality()
  family = await aHousehold(municipality)
  pupilId = await aPupil(municipality, family.householdId, { name: 'Greta', diet: 'D03' })
  await aServiceDay(municipality, '2026-11-24')
  await aServiceDay(municipality, '2026-11-25')
})

const create = async (viewer: Viewer): Promise<string> => {
  const made = await createFeed(viewer, { pupilId, alarmMinutes: 45 })
  if (!made.ok) throw new Error(`refused: ${made.code}`)
  return /\/api\/calendario\/([\w-]{43})\.ics$/.exec(made.value.address)?.[1] as string
}
const eventsOf = async (token: string) => parseCalendar((await feedOf(token))?.text ?? '').events

describe('a child’s calendar at its secret address', () => {
  test('shows the meals to come, and a cancelled one as cancelled', async () => {
    const token = await create(family.holderViewer)
    expect((await eventsOf(token)).map((event) => event.SUMMARY)).toEqual(['Mensa: Greta', 'Mensa: Greta'])
    await setClock('2026-11-24T08:10:00+01:00')
    const change = { action: 'cancel', pupilIds: [pupilId], days: ['2026-11-25'], channel: 'web' } as const
    await changeMeals(family.holderViewer, { ...change, idempotencyKey: randomUUID() })
    const [today, tomorrow] = await eventsOf(token)
    expect(today).toMatchObject({ SUMMARY: 'Mensa: Greta', DTSTAMP: '20261124T070000Z' })
    expect(today?.alarms).toHaveLength(1)
    expect(tomorrow).toMatchObject({ SUMMARY: 'Mensa: Greta è assente', DTSTAMP: '20261124T071000Z' })
    expect(tomorrow?.alarms).toHaveLength(0)
  })

  test('holds neither diets nor money', async () => {
    const text = (await feedOf(await create(family.holderViewer)))?.text ?? ''
    // A meal is named by an id of random figures, which may spell a code.
    expect(text.replaceAll(pupilId, 'id')).not.toMatch(/D03|glutine|€|saldo|5,40|Conti|Albertini/i)
  })

  test('is the same bytes until something changes', async () => {
    const token = await create(family.holderViewer)
    const first = await feedOf(token)
    await setClock('2026-11-24T08:20:00+01:00')
    expect((await feedOf(token))?.etag).toBe(first?.etag)
    await setClock('2026-11-24T09:31:00+01:00')
    expect((await feedOf(token))?.etag).not.toBe(first?.etag)
  })

  test('is kept as a hash only, and shown once', async () => {
    const token = await create(family.holderViewer)
    const { owner } = await testDatabase()
    const rows = await owner.selectFrom('calendar_feed').selectAll().where('pupil_id', '=', pupilId).execute()
    expect(JSON.stringify(rows)).not.toContain(token)
    expect(JSON.stringify(await childFeeds(family.holderViewer))).not.toContain(token)
    expect(await childFeeds(family.holderViewer)).toMatchObject([
      { givenName: 'Greta', cutoffTime: '9:30', feed: { alarmMinutes: 45 } },
    ])
  })

  test('stops when a new address is made, and when it is revoked', async () => {
    const first = await create(family.holderViewer)
    const second = await create(family.holderViewer)
    expect(await feedOf(first)).toBeNull()
    expect(await feedOf(second)).not.toBeNull()
    expect(await revokeFeed(family.holderViewer, pupilId)).toMatchObject({ ok: true })
    expect(await feedOf(second)).toBeNull()
    expect(await revokeFeed(family.holderViewer, pupilId)).toMatchObject({ code: 'request:not-found' })
  })

  test('belongs to one delegation: it ends with it, and a new delegation does not revive it', async () => {
    const delegate = await aDelegate(municipality, family.householdId)
    const [own, theirs] = [await create(family.holderViewer), await create(delegate)]
    expect(await feedOf(theirs)).not.toBeNull()
    const { owner } = await testDatabase()
    const end = owner
      .updateTable('household_member')
      .set({ ended_at: new Date(NOW) })
      .where('person_id', '=', delegate.personId)
    await end.execute()
    expect(await feedOf(theirs)).toBeNull()
    await owner
      .insertInto('household_member')
      .values({
        municipality_id: municipality.municipalityId,
        household_id: family.householdId,
        person_id: delegate.personId,
        role: 'delegate',
        valid_from: '2026-09-01',
      })
      .execute()
    expect(await feedOf(theirs)).toBeNull()
    expect(await feedOf(own)).not.toBeNull()
  })

  test('ends for a delegate who keeps only another child', async () => {
    const delegate = await aDelegate(municipality, family.householdId)
    const token = await create(delegate)
    const sibling = await aPupil(municipality, family.householdId, { name: 'Nino' })
    const { owner } = await testDatabase()
    const member = await owner
      .updateTable('household_member')
      .set({ all_pupils: false })
      .where('person_id', '=', delegate.personId)
      .returning('id')
      .executeTakeFirstOrThrow()
    await owner
      .insertInto('delegate_pupil')
      .values({
        municipality_id: municipality.municipalityId,
        household_member_id: member.id,
        pupil_id: sibling,
      })
      .execute()
    expect(await feedOf(token)).toBeNull()
  })

  test('is not for a person outside the family, and no other text opens anything', async () => {
    const stranger = await aHousehold(municipality)
    const asked = { pupilId, alarmMinutes: null }
    expect(await createFeed(stranger.holderViewer, asked)).toMatchObject({ code: 'request:not-found' })
    expect(await createFeed(await aStaffViewer(municipality, 'manager'), asked)).toMatchObject({
      code: 'request:not-found',
    })
    expect(await childFeeds(stranger.holderViewer)).toEqual([])
    for (const token of ['', 'x', 'a'.repeat(43), `${'a'.repeat(42)}'`])
      expect(await feedOf(token)).toBeNull()
  })

  test('has a row that, without the application’s checks, only its owner can read', async () => {
    await create(family.holderViewer)
    const stranger = {
      municipalityId: municipality.municipalityId,
      personId: (await aHousehold(municipality)).holder.personId,
    }
    expect(await asFamily(stranger, (trx) => trx.selectFrom('calendar_feed').selectAll().execute())).toEqual(
      [],
    )
    const office = await aStaffViewer(municipality, 'manager')
    expect(await asStaff(office, (trx) => trx.selectFrom('calendar_feed').selectAll().execute())).toEqual([])
  })

  test('can be made again twenty times a day', async () => {
    for (let i = 0; i < 20; i += 1) await create(family.holderViewer)
    expect(await createFeed(family.holderViewer, { pupilId, alarmMinutes: null })).toMatchObject({
      code: 'feeds:too-many',
    })
  })

  test('is forgotten a month after it was revoked', async () => {
    await create(family.holderViewer)
    await revokeFeed(family.holderViewer, pupilId)
    await setClock('2026-12-23T08:00:00+01:00')
    expect(await purgeFeeds()).toBe(0)
    await setClock('2026-12-25T08:00:00+01:00')
    expect(await purgeFeeds()).toBeGreaterThan(0)
  })
})
