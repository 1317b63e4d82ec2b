import { randomUUID } from 'node:crypto'
import { sql } from 'kysely'
import { beforeEach, describe, expect, test } from 'vitest'
import type { Viewer } from '#lib/access/viewer.ts'
import { createFeed } from '#lib/feeds/feed.commands.ts'
import { feedOf } from '#lib/feeds/feed.queries.ts'
import { chargeClosedDays } from '#lib/kitchen/charge.commands.ts'
import { closeAndCount, closeDueDays } from '#lib/kitchen/close.commands.ts'
import { countsOfDay } from '#lib/kitchen/count.queries.ts'
import { eaterIn } from '#lib/meals/cutoff.ts'
import { dayHistory, previewBatch, readTodayPage } from '#lib/meals/meal.queries.ts'
import { changeMeals } from '#lib/meals/meal-change.commands.ts'
import { readChange } from '#lib/meals/meal-change.http.ts'
import { tellMealChanges } from '#lib/meals/meal-notice.commands.ts'
import { readMonthPage } from '#lib/meals/month.queries.ts'
import { monthView } from '#lib/meals/month-view.ts'
import { readReceipt } from '#lib/meals/receipt.queries.ts'
import {
  changeSecondHousehold,
  previewSecondHousehold,
} from '#lib/people/office/second-household.commands.ts'
import { cutoffOf } from '#lib/school/school-year.ts'
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
import { done } from '#tests/support/forms.ts'
import { parseCalendar } from '#tests/support/ical.ts'
import { aCitizen, viewerNow } from '#tests/support/people.ts'

/** A pupil who has the canteen and a snack on one day: each is seen, cancelled and counted by itself. */
const TODAY = '2026-11-24'
const TOMORROW = '2026-11-25'

let municipality: TestMunicipality
let family: Household
let holder: Viewer
let greta: string
let snackId: string
let lunch: string
let snack: string

beforeEach(async () => {
  await setClock(`${TODAY}T08:00:00+01:00`)
  municipality = await aMunicipality()
  family = await aHousehold(municipality)
  holder = family.holderViewer
  greta = await aPupil(municipality, family.householdId, { name: 'Greta' })
  for (const day of [TODAY, TOMORROW]) await aServiceDay(municipality, day)
  snackId = await aSnack()
  lunch = eaterIn(greta, municipality.serviceId)
  snack = eaterIn(greta, snackId)
})

/** A service whose cutoff is at four in the afternoon of the day before; the pupil is in both. */
async function aSnack(): Promise<string> {
  const { owner } = await testDatabase()
  const { municipalityId: municipality_id, school, schoolYearId: school_year_id } = municipality
  const { id: service_id } = await owner
    .insertInto('service')
    .values({ municipality_id, code: 'merenda', name: 'Merenda' })
    .returning('id')
    .executeTakeFirstOrThrow()
  const place = { municipality_id, service_id, school_id: school.id }
  await owner
    .insertInto('service_schedule')
    .values({
      ...{ ...place, school_year_id, weekdays: [1, 2, 3, 4, 5], cutoff_time: '16:00', cutoff_days_before: 1 },
      ...{ starts_on: '2026-09-14', ends_on: '2027-06-05' },
    })
    .execute()
  for (const day of [TODAY, TOMORROW]) {
    const cutoff_at = cutoffOf(day, { cutoffTime: '16:00', cutoffDaysBefore: 1 })
    const close_at = new Date(cutoff_at.getTime() + 3_000)
    await owner
      .insertInto('service_day')
      .values({ ...place, day, cutoff_at, close_at })
      .execute()
  }
  await owner
    .insertInto('meal_price')
    .values({ municipality_id, service_id, valid_from: '2026-09-01', price_cents: 120 })
    .execute()
  await owner
    .insertInto('account')
    .values({ municipality_id, service_id, kind: 'household', household_id: family.householdId })
    .execute()
  await owner
    .insertInto('enrolment')
    .values({
      ...{ ...place, pupil_id: greta, school_class_id: school.classId, school_year_id, diet_code: 'STD' },
      ...{ weekdays: null, valid_from: '2026-10-01', valid_to: '2027-06-05' },
    })
    .execute()
  return service_id
}

const change = (
  pupilIds: string[],
  {
    action = 'cancel',
    days = [TOMORROW],
    by = holder,
  }: { action?: 'cancel' | 'restore'; days?: string[]; by?: Viewer } = {},
) => changeMeals(by, { action, pupilIds, days, channel: 'web', idempotencyKey: randomUUID() })

async function kindsOn(day: string): Promise<Record<string, string | undefined>> {
  const of = async (eater: string) => {
    const page = await readMonthPage(holder, eater, null)
    return page === null || page === 'no-children' ? undefined : page.states.get(day)?.kind
  }
  return { lunch: await of(lunch), snack: await of(snack) }
}

describe('a pupil in two services on one day', () => {
  test('has a calendar for each, with its own deadline, and one of both together', async () => {
    const page = await readMonthPage(holder, greta, null)
    if (page === null || page === 'no-children') throw new Error('no page')
    expect(page.child.id).toBe(lunch)
    expect(page.siblings.map(({ id, name }) => [id, name])).toEqual([
      [lunch, expect.stringMatching(/^Greta · /)],
      [snack, 'Greta · Merenda'],
    ])
    expect(page.open).toMatchObject({ from: TODAY })
    const other = await readMonthPage(holder, snack, null)
    if (other === null || other === 'no-children') throw new Error('no page')
    expect(other).toMatchObject({ cutoffRule: { time: '16:00', daysBefore: 1 }, open: { from: TOMORROW } })
    expect(monthView(other).pupilId).toBe(snack)
    expect(await kindsOn(TODAY)).toEqual({ lunch: 'present', snack: 'presentLate' })
  })

  test('is on two cards of today, each with its own days', async () => {
    const { children } = await readTodayPage(holder)
    expect(children.map(({ id, inService, today }) => [id, inService, today.kind])).toEqual([
      [lunch, expect.any(String), 'present'],
      [snack, 'Merenda', 'presentLate'],
    ])
    expect(children.map(({ next }) => next.map(({ day }) => day))).toEqual([[TOMORROW], [TOMORROW]])
  })

  test('keeps the one where the other is cancelled, and the count of each says so', async () => {
    const receipt = done(await change([snack]))
    expect(receipt.changed).toEqual([{ pupilId: snack, day: TOMORROW }])
    expect(await kindsOn(TOMORROW)).toEqual({ lunch: 'present', snack: 'absent' })
    const office = await aStaffViewer(municipality, 'operator')
    const counted = (await countsOfDay(office, TOMORROW))?.schools.map(({ serviceName, lines }) => [
      serviceName === 'Merenda',
      lines.map(({ meals, absent }) => [meals, absent]),
    ])
    expect(counted?.toSorted()).toEqual([
      [false, [[1, 0]]],
      [true, [[0, 1]]],
    ])
    const history = await dayHistory(holder, snack, TOMORROW)
    expect(history).toMatchObject({
      child: { id: snack, givenName: 'Greta · Merenda' },
      state: { kind: 'absent' },
    })
    expect(history?.history).toHaveLength(1)
    expect((await dayHistory(holder, lunch, TOMORROW))?.history).toEqual([])
  })

  test('is cancelled in both with one receipt that names each, after a preview that does', async () => {
    const request = { action: 'cancel', pupilIds: [lunch, snack], days: [TODAY, TOMORROW] } as const
    const preview = await previewBatch(holder, request)
    expect(preview?.children.map(({ givenName }) => givenName)).toContain('Greta · Merenda')
    expect(preview?.preview.counts).toMatchObject({ changes: 3, late: 1 })
    const { receiptId } = done(await change([lunch, snack], { days: [TODAY, TOMORROW] }))
    const receipt = await readReceipt(holder, receiptId)
    expect(receipt?.children.map(({ givenName }) => givenName).toSorted()).toContain('Greta · Merenda')
    expect(receipt?.meals.map(({ pupilId, day, state }) => [pupilId, day, state.kind]).toSorted()).toEqual(
      [
        [lunch, TODAY, 'absent'],
        [lunch, TOMORROW, 'absent'],
        [snack, TOMORROW, 'absent'],
      ].toSorted(),
    )
    expect(receipt?.notChanged).toMatchObject([{ pupilId: snack, day: TODAY, verdict: 'late' }])
  })

  test('is meant in the first service where a request names the pupil alone, and one meal is asked for once', async () => {
    done(await change([greta]))
    expect(await kindsOn(TOMORROW)).toEqual({ lunch: 'absent', snack: 'present' })
    done(await change([greta, lunch, snack], { days: [TOMORROW, TODAY].toSorted() }))
    expect(await kindsOn(TOMORROW)).toEqual({ lunch: 'absent', snack: 'absent' })
  })

  test('answers a repeated request as the first one, by the names that it used', async () => {
    const asked = {
      ...{ action: 'cancel' as const, channel: 'web' as const, pupilIds: [snack], days: [TOMORROW] },
      idempotencyKey: randomUUID(),
    }
    const first = done(await changeMeals(holder, asked))
    expect(done(await changeMeals(holder, asked))).toMatchObject({ ...first, replayed: true })
  })

  test('tells the other adult of both meals, and of none where each was taken back', async () => {
    const delegate = await aDelegate(municipality, family.householdId)
    const { owner } = await testDatabase()
    const told = () =>
      owner.selectFrom('notification').select('title').where('person_id', '=', delegate.personId).execute()
    done(await change([snack, lunch]))
    done(await change([lunch], { action: 'restore' }))
    await setClock(`${TODAY}T08:10:00+01:00`)
    await tellMealChanges()
    expect(await told()).toMatchObject([{ title: expect.stringMatching(/^Pasto disdetto: /) }])
  })

  test('has an event for each in the calendar of the phone', async () => {
    const made = done(await createFeed(holder, { pupilId: greta, alarmMinutes: 45 }))
    const token = /\/api\/calendario\/([\w-]{43})\.ics$/.exec(made.address)?.[1] as string
    done(await change([snack]))
    const { events } = parseCalendar((await feedOf(token))?.text ?? '')
    const tomorrow = events.filter(({ UID }) => UID?.startsWith(TOMORROW))
    expect(tomorrow.map(({ SUMMARY }) => SUMMARY)).toEqual([
      expect.stringMatching(/: Greta$/),
      'Merenda: Greta è assente',
    ])
    expect(new Set(events.map(({ UID }) => UID)).size).toBe(events.length)
  })

  test('eats in each when its day is closed, by the close of each', async () => {
    done(await change([snack]))
    await setClock(`${TOMORROW}T09:31:00+01:00`)
    await closeAndCount()
    const office = await aStaffViewer(municipality, 'operator')
    const schools = (await countsOfDay(office, TOMORROW))?.schools ?? []
    expect(schools.map(({ state }) => state)).toEqual(['definitive', 'definitive'])
    expect(schools.flatMap(({ lines }) => lines).reduce((sum, { meals }) => sum + meals, 0)).toBe(1)
  })
})

describe('a pupil in two services with a second household', () => {
  let other: Viewer

  /** Today is the first household's, tomorrow the other's. */
  beforeEach(async () => {
    const father = await aCitizen({ givenName: 'Marco', familyName: 'Albertini' })
    const clerk = await aStaffViewer(municipality, 'operator')
    const asked = {
      ...{ pupilId: greta, from: TOMORROW, to: null, firstMonday: '2026-11-23' },
      adult: {
        ...{ fiscalCode: father.fiscalCode, givenName: 'Marco', familyName: 'Albertini' },
        ...{ birthDay: null, email: null },
      },
      ...{ firstWeek: [3 as const], secondWeek: [] },
    }
    const { seen } = done(await previewSecondHousehold(clerk, asked))
    done(await changeSecondHousehold(clerk, asked, { seen, reason: 'Genitori separati' }))
    other = await viewerNow(municipality, father)
  })

  const days = [TODAY, TOMORROW]

  test('shows each household its own days of each service, and says of the rest only that they are the other’s', async () => {
    const cards = async (viewer: Viewer) =>
      (await readTodayPage(viewer)).children.map(({ id, today, next }) => [
        id,
        today.kind,
        next.map(({ kind }) => kind),
      ])
    expect(await cards(holder)).toEqual([
      [lunch, 'present', []],
      [snack, 'presentLate', []],
    ])
    expect(await cards(other)).toEqual([
      [lunch, 'elsewhere', ['present']],
      [snack, 'elsewhere', ['present']],
    ])
    expect(await kindsOn(TOMORROW)).toEqual({ lunch: 'elsewhere', snack: 'elsewhere' })
    const month = await readMonthPage(other, snack, null)
    expect(month).toMatchObject({ open: { from: TOMORROW, to: TOMORROW } })
    const { counts } = (await previewBatch(other, { action: 'cancel', pupilIds: [lunch, snack], days }))
      ?.preview ?? { counts: {} }
    expect(counts).toMatchObject({ changes: 2, elsewhere: 2 })
  })

  test('is cancelled by each household in one service of its own day, and in no other', async () => {
    expect(await change([snack])).toMatchObject({ code: 'meals:elsewhere' })
    const receipt = done(await change([lunch, snack], { days, by: other }))
    expect(receipt.changed).toEqual([
      { pupilId: lunch, day: TOMORROW },
      { pupilId: snack, day: TOMORROW },
    ])
    done(await change([lunch], { action: 'restore', by: other }))
    const history = async (viewer: Viewer, eater: string) =>
      (await dayHistory(viewer, eater, TOMORROW))?.history.length
    expect(await history(other, snack)).toBe(1)
    expect(await history(other, lunch)).toBe(2)
    expect(await history(holder, snack)).toBe(0)
    const read = await readReceipt(other, receipt.receiptId)
    expect(new Set(read?.children.map(({ id }) => id))).toEqual(new Set([lunch, snack]))
    expect(read?.notChanged.map(({ pupilId, verdict }) => [pupilId, verdict])).toEqual([
      [lunch, 'elsewhere'],
      [snack, 'elsewhere'],
    ])
    expect(await readReceipt(holder, receipt.receiptId)).toBeNull()
  })

  test('is named in a receipt of another child of the second household, where nothing of its meals changed', async () => {
    const householdId = other.memberships[0]?.householdId as string
    const pia = await aPupil(municipality, householdId, { name: 'Pia' })
    const { receiptId } = done(await change([snack, pia], { days: [TODAY], by: other }))
    const receipt = await readReceipt(other, receiptId)
    expect(receipt?.meals).toMatchObject([{ pupilId: pia }])
    expect(receipt?.notChanged).toMatchObject([{ pupilId: snack, verdict: 'elsewhere' }])
    expect(receipt?.children.map(({ givenName }) => givenName).toSorted()).toEqual(['Greta · Merenda', 'Pia'])
  })

  test('has only the days of the person’s household in their calendar of the phone', async () => {
    const made = done(await createFeed(other, { pupilId: greta, alarmMinutes: null }))
    const token = /\/api\/calendario\/([\w-]{43})\.ics$/.exec(made.address)?.[1] as string
    const { events } = parseCalendar((await feedOf(token))?.text ?? '')
    expect(events.map(({ UID }) => UID?.slice(0, 10))).toEqual([TOMORROW, TOMORROW])
  })

  test('is charged in each service to the household of the day', async () => {
    await setClock(`${TOMORROW}T09:31:00+01:00`)
    await closeAndCount()
    await closeDueDays()
    await chargeClosedDays()
    const { owner } = await testDatabase()
    const { rows } = await sql<{ day: string; service: boolean; own: boolean }>`
      select e.day, a.service_id = ${snackId} as service, a.household_id = ${family.householdId} as own
      from entry e join account a on a.municipality_id = ${municipality.municipalityId} and a.id = e.account_id
      where e.municipality_id = ${municipality.municipalityId} and e.kind = 'meals' and a.kind = 'household'
      order by e.day, service`.execute(owner)
    expect(rows).toEqual([
      { day: TODAY, service: false, own: true },
      { day: TODAY, service: true, own: true },
      { day: TOMORROW, service: false, own: false },
      { day: TOMORROW, service: true, own: false },
    ])
  })
})

describe('a service that is not the pupil’s', () => {
  test('leads to no page and no change, and neither does another family’s pupil in a service', async () => {
    const foreign = await aHousehold(await aMunicipality())
    const elsewhere = eaterIn(greta, randomUUID())
    expect(await readMonthPage(holder, elsewhere, null)).toBeNull()
    expect(await change([elsewhere])).toMatchObject({ code: 'meals:not-enrolled' })
    expect(await change([snack], { by: foreign.holderViewer })).toMatchObject({ code: 'request:not-found' })
    const stranger = await aHousehold(municipality)
    expect(await change([snack], { by: stranger.holderViewer })).toMatchObject({ code: 'request:not-found' })
    expect(await readMonthPage(stranger.holderViewer, snack, null)).toBeNull()
    expect(await dayHistory(stranger.holderViewer, snack, TOMORROW)).toBeNull()
  })

  test('is refused as no id where it is written otherwise', () => {
    const sent = (id: string) =>
      readChange({ action: 'cancel', pupilIds: [id], days: [TOMORROW], idempotencyKey: randomUUID() })
    expect(sent(snack)).toMatchObject({ ok: true })
    for (const id of [`${greta}.`, `${greta}.merenda`, `${snack}.${snackId}`, `.${snackId}`, `${greta} `])
      expect(sent(id)).toMatchObject({ code: 'request:not-found' })
  })
})

test('a family with one service sees and sends what it always did', async () => {
  const other = await aHousehold(municipality)
  const luca = await aPupil(municipality, other.householdId, { name: 'Luca' })
  const page = await readMonthPage(other.holderViewer, null, null)
  if (page === null || page === 'no-children') throw new Error('no page')
  expect(page.siblings).toEqual([{ id: luca, name: 'Luca', householdId: other.householdId }])
  expect(monthView(page).pupilId).toBe(luca)
  expect((await readTodayPage(other.holderViewer)).children).toMatchObject([{ id: luca, inService: null }])
  const { receiptId } = done(await change([luca], { by: other.holderViewer }))
  const receipt = await readReceipt(other.holderViewer, receiptId)
  expect(receipt?.children).toMatchObject([{ id: luca, givenName: 'Luca' }])
  expect(receipt?.meals).toMatchObject([{ pupilId: luca, day: TOMORROW }])
})
