import { beforeEach, expect, test } from 'vitest'
import type { Viewer } from '#lib/access/viewer.ts'
import { officeDays } from '#lib/desk/office-day.queries.ts'
import { closeDueDays } from '#lib/kitchen/close.commands.ts'
import { countsOfDay, countsPageOfDay } from '#lib/kitchen/count.queries.ts'
import { dayTotals, FIRST_PAGE, SCHOOLS_PER_PAGE } from '#lib/kitchen/count-page.ts'
import { setClock, testDatabase } from '#tests/support/database.ts'
import {
  aHousehold,
  aMunicipality,
  anAbsence,
  aPupil,
  aSchool,
  aServiceDay,
  aStaffViewer,
  type TestMunicipality,
} from '#tests/support/factories.ts'

const DAY = '2026-11-24'
const NEXT = '2026-11-25'

let municipality: TestMunicipality
let manager: Viewer

/** Two schools more than a page holds: one counted already, one suspended, the others open; diets, an absence, a pupil at risk. */
beforeEach(async () => {
  await setClock('2026-11-24T07:00:00Z')
  municipality = await aMunicipality()
  manager = await aStaffViewer(municipality, 'manager')
  const { owner } = await testDatabase()
  const household = await aHousehold(municipality)
  const schools = [municipality.school]
  while (schools.length < SCHOOLS_PER_PAGE + 2)
    schools.push(await aSchool(municipality, `Plesso ${String(schools.length).padStart(2, '0')}`))
  for (const [at, school] of schools.entries()) {
    const pupil = await aPupil(municipality, household.householdId, { school, diet: at % 3 ? 'STD' : 'D03' })
    if (at === 4)
      await owner
        .updateTable('enrolment')
        .set({ severe_reaction: true })
        .where('pupil_id', '=', pupil)
        .execute()
    const day = await aServiceDay(municipality, DAY, { school, cutoffTime: at === 1 ? '07:30' : '09:30' })
    await aServiceDay(municipality, NEXT, { school })
    if (at === 3) await anAbsence(municipality, household, pupil, day)
    if (at === 2)
      await owner
        .updateTable('service_day')
        .set({ status: 'suspended', closure_id: await aClosure() })
        .where('id', '=', day)
        .execute()
  }
  await closeDueDays()
})

async function aClosure(): Promise<string> {
  const { owner } = await testDatabase()
  const { municipalityId: municipality_id, serviceId: service_id } = municipality
  const { id } = await owner
    .insertInto('closure')
    .values({ ...{ municipality_id, service_id, day: DAY }, kind: 'strike', reason: 'Sciopero' })
    .returning('id')
    .executeTakeFirstOrThrow()
  return id
}

const pageOf = async (viewer: Viewer, asked: Partial<typeof FIRST_PAGE> = {}) => {
  const page = await countsPageOfDay(viewer, DAY, { ...FIRST_PAGE, ...asked })
  if (!page) throw new Error('may not')
  return page
}

test('the pages together are the day, and each says what all schools have', async () => {
  const whole = await countsOfDay(manager, DAY)
  const [first, second] = [await pageOf(manager), await pageOf(manager, { page: 2 })]
  expect([...first.schools, ...second.schools]).toEqual(whole?.schools)
  expect(first.schools).toHaveLength(SCHOOLS_PER_PAGE)
  const totals = dayTotals(whole?.schools ?? [], whole?.schools.flatMap(({ lines }) => lines) ?? [])
  expect(totals).toMatchObject({ state: 'provisional', meals: SCHOOLS_PER_PAGE })
  expect([first.totals, second.totals]).toEqual([totals, totals])
  expect(await pageOf(manager, { page: 99 })).toEqual({ ...second, now: expect.any(Date) })
})

test('all schools are on one page where paper wants them, and a name finds its own', async () => {
  const whole = await countsOfDay(manager, DAY)
  expect((await pageOf(manager, { whole: true })).schools).toEqual(whole?.schools)
  const found = await pageOf(manager, { text: 'PLÈSSO 07' })
  expect(found.schools.map(({ schoolName }) => schoolName)).toEqual(['Plesso 07'])
  expect(found).toMatchObject({ found: 1, all: SCHOOLS_PER_PAGE + 2, pages: 1 })
  expect(found.totals).toEqual((await pageOf(manager)).totals)
  expect(await pageOf(manager, { text: 'nessuna' })).toMatchObject({ schools: [], found: 0, pages: 1 })
})

test('a kitchen has the pages and totals of its own schools, and a family none', async () => {
  const cook = await aStaffViewer(municipality, 'kitchen')
  const own = await countsOfDay(cook, DAY)
  const page = await pageOf(cook)
  expect(page.schools).toEqual(own?.schools)
  expect(page.totals.meals).toBe(
    own?.schools.flatMap(({ lines }) => lines).reduce((n, { meals }) => n + meals, 0),
  )
  const household = await aHousehold(municipality)
  expect(await countsPageOfDay(household.holderViewer, DAY, FIRST_PAGE)).toBeNull()
})

test('the first page of the office has the figures of today and of the next day', async () => {
  const found = await officeDays(manager)
  expect(found?.days).toMatchObject([
    { day: DAY, schools: SCHOOLS_PER_PAGE + 1, meals: SCHOOLS_PER_PAGE, absent: 1, special: 7, severe: 1 },
    { day: NEXT, schools: SCHOOLS_PER_PAGE + 2, meals: SCHOOLS_PER_PAGE + 2, absent: 0 },
  ])
})
