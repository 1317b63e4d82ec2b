import { randomUUID } from 'node:crypto'
import { sql } from 'kysely'
import { beforeEach, describe, expect, test } from 'vitest'
import { asFamily } from '#db/client.ts'
import type { Viewer } from '#lib/access/viewer.ts'
import { changeMeals } from '#lib/meals/meal-change.commands.ts'
import { tellMealChanges } from '#lib/meals/meal-notice.commands.ts'
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
import { whileHolding } from '#tests/support/waiting.ts'

const DAY = '2026-11-26'
const OTHER_DAY = '2026-11-27'

let municipality: TestMunicipality
let household: Household
let holder: Viewer
let delegate: Viewer
let greta: string

beforeEach(async () => {
  await setClock('2026-11-24T08:00:00+01:00')
  municipality = await aMunicipality()
  household = await aHousehold(municipality)
  holder = household.holderViewer
  delegate = await aDelegate(municipality, household.householdId)
  greta = await aPupil(municipality, household.householdId, { name: 'Greta' })
  for (const day of [DAY, OTHER_DAY]) await aServiceDay(municipality, day)
})

const change = (
  action: 'cancel' | 'restore',
  days = [DAY],
  viewer = delegate,
  channel: 'web' | 'office' = 'web',
) => changeMeals(viewer, { action, pupilIds: [greta], days, channel, idempotencyKey: randomUUID() })

const later = async (minutes: number) => {
  await setClock(new Date(Date.parse('2026-11-24T08:00:00+01:00') + minutes * 60_000))
  return tellMealChanges()
}

async function toldTo({ personId }: Viewer): Promise<string[]> {
  const { owner } = await testDatabase()
  const rows = await owner
    .selectFrom('notification')
    .select('title')
    .where('municipality_id', '=', municipality.municipalityId)
    .where('person_id', '=', personId)
    .orderBy('id')
    .execute()
  return rows.map(({ title }) => title)
}

async function waiting({ municipalityId }: TestMunicipality) {
  const { owner } = await testDatabase()
  return owner.selectFrom('meal_notice').selectAll().where('municipality_id', '=', municipalityId).execute()
}

async function mails(): Promise<number> {
  const { owner } = await testDatabase()
  const rows = await owner
    .selectFrom('outbox')
    .select('id')
    .where('municipality_id', '=', municipality.municipalityId)
    .execute()
  return rows.length
}

describe('the other parent', () => {
  test('S4 who toggles one meal thirty-one times tells them once, after some minutes, as it ended', async () => {
    for (let n = 0; n < 31; n += 1)
      expect(await change(n % 2 ? 'restore' : 'cancel')).toMatchObject({ ok: true })
    expect(await later(2)).toBe(0)
    expect([await toldTo(holder), await mails()]).toEqual([[], 0])
    expect(await later(4)).toBe(1)
    expect(await toldTo(holder)).toEqual(['Pasto disdetto: giovedì 26 novembre'])
    expect(await toldTo(delegate)).toEqual([])
    expect(await mails()).toBe(1)
    expect(await later(10)).toBe(0)
  })

  test('is told of changes that waited for their connection, also of one that waited longer than the first', async () => {
    const waited = (days: string[], seconds: number) =>
      changeMeals(delegate, {
        action: 'cancel',
        pupilIds: [greta],
        days,
        channel: 'web',
        idempotencyKey: randomUUID(),
        readAt: performance.now() - seconds * 1_000,
      })
    await waited([DAY], 1)
    await waited([OTHER_DAY], 2)
    expect(await later(4)).toBe(1)
    expect(await toldTo(holder)).toEqual(['2 pasti disdetti'])
  })

  test('is told nothing of a meal that is as it was', async () => {
    await change('cancel')
    await change('restore')
    await later(4)
    expect([await toldTo(holder), await mails()]).toEqual([[], 0])
  })

  test('is told of both kinds of change, each once', async () => {
    await change('cancel', [OTHER_DAY], holder)
    await later(4)
    await change('cancel')
    await change('restore', [OTHER_DAY])
    await later(10)
    expect(await toldTo(holder)).toEqual([
      'Pasto disdetto: giovedì 26 novembre',
      'Pasto ripristinato: venerdì 27 novembre',
    ])
    expect(await toldTo(delegate)).toEqual(['Pasto disdetto: venerdì 27 novembre'])
  })

  test('is told of what comes after the notice by another one', async () => {
    await change('cancel')
    await later(4)
    await change('restore')
    await later(10)
    expect(await toldTo(holder)).toEqual([
      'Pasto disdetto: giovedì 26 novembre',
      'Pasto ripristinato: giovedì 26 novembre',
    ])
  })

  test('hears of the office what it did, and both parents do', async () => {
    const clerk = await aStaffViewer(municipality, 'operator')
    await change('cancel', [DAY], clerk, 'office')
    await later(4)
    expect(await toldTo(holder)).toEqual(['Pasto disdetto: giovedì 26 novembre'])
    expect(await toldTo(delegate)).toHaveLength(1)
  })

  test('loses no change that is under way when the worker tells: it comes with a notice of its own', async () => {
    await change('cancel')
    await setClock('2026-11-24T08:04:00+01:00')
    const [, told] = await whileHolding(
      (trx) => sql`select from pupil where id = ${greta}::uuid for update`.execute(trx),
      async () => [await change('cancel', [OTHER_DAY]), await tellMealChanges()] as const,
      async () => undefined,
    )
    expect(told).toBe(1)
    expect(await toldTo(holder)).toEqual(['2 pasti disdetti'])
    expect(await waiting(municipality)).toEqual([])
  })

  test('is told once by two workers', async () => {
    await change('cancel')
    await setClock('2026-11-24T08:04:00+01:00')
    const told = await Promise.all([tellMealChanges(), tellMealChanges(), tellMealChanges()])
    expect(told.reduce((sum, one) => sum + one)).toBe(1)
    expect(await toldTo(holder)).toHaveLength(1)
  })

  test('no family can take a notice away, or ask for one in the name of another', async () => {
    await change('cancel')
    const stranger = (await aHousehold(municipality)).holderViewer
    for (const viewer of [delegate, stranger]) {
      const gone = await asFamily(viewer, (trx) => trx.deleteFrom('meal_notice').executeTakeFirst())
      expect(gone.numDeletedRows).toBe(0n)
    }
    const forged = asFamily(stranger, (trx) =>
      trx
        .insertInto('meal_notice')
        .values({
          municipality_id: municipality.municipalityId,
          household_id: household.householdId,
          person_id: stranger.personId,
          by_office: false,
          due_at: sql<Date>`app_now()`,
        })
        .execute(),
    )
    await expect(forged).rejects.toThrow('row-level security')
  })
})

test('a family with one adult waits for no notice', async () => {
  const alone = await aHousehold(municipality)
  const pupilId = await aPupil(municipality, alone.householdId)
  await changeMeals(alone.holderViewer, {
    action: 'cancel',
    pupilIds: [pupilId],
    days: [DAY],
    channel: 'web',
    idempotencyKey: randomUUID(),
  })
  expect(await waiting(municipality)).toEqual([])
})
