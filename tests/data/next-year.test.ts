import { beforeEach, describe, expect, test } from 'vitest'
import { audienceChoices } from '#lib/communications/audience.queries.ts'
import { formsFor } from '#lib/forms/form.queries.ts'
import { builtForm } from '#lib/forms/office/form.queries.ts'
import { type MonthPage, readMonthPage } from '#lib/meals/month.queries.ts'
import { classesToList } from '#lib/people/office/enrolment-change.queries.ts'
import { registrationOffer } from '#lib/people/office/registration.queries.ts'
import { setClock, testDatabase } from '#tests/support/database.ts'
import {
  aHousehold,
  aMunicipality,
  anAbsence,
  aPupil,
  aServiceDay,
  aStaffViewer,
  type Household,
  type TestMunicipality,
} from '#tests/support/factories.ts'
import { aForm } from '#tests/support/forms.ts'

let municipality: TestMunicipality
let family: Household
let greta: string

beforeEach(async () => {
  await setClock('2027-05-20T08:00:00Z')
  municipality = await aMunicipality()
  family = await aHousehold(municipality)
  greta = await aPupil(municipality, family.householdId)
  await aServiceDay(municipality, '2027-05-24')
  await anAbsence(municipality, family, greta, await aServiceDay(municipality, '2027-05-25'))
  await enrolNextYear()
})

/** Greta goes to the fourth from September on. */
async function enrolNextYear(): Promise<void> {
  const { owner } = await testDatabase()
  const municipality_id = municipality.municipalityId
  const year = await owner
    .insertInto('school_year')
    .values({ municipality_id, name: '2027/2028', starts_on: '2027-09-01', ends_on: '2028-08-31' })
    .returning('id')
    .executeTakeFirstOrThrow()
  const fourth = await owner
    .insertInto('school_class')
    .values({ municipality_id, school_id: municipality.school.id, school_year_id: year.id, name: '4A' })
    .returning('id')
    .executeTakeFirstOrThrow()
  const place = {
    municipality_id,
    service_id: municipality.serviceId,
    school_id: municipality.school.id,
    school_year_id: year.id,
  }
  await owner
    .insertInto('service_schedule')
    .values({
      ...place,
      weekdays: [1, 2, 3, 4, 5],
      cutoff_time: '09:00',
      starts_on: '2027-09-13',
      ends_on: '2028-06-05',
    })
    .execute()
  await owner
    .insertInto('enrolment')
    .values({
      ...place,
      pupil_id: greta,
      school_class_id: fourth.id,
      diet_code: 'STD',
      valid_from: '2027-09-13',
      valid_to: '2028-06-05',
    })
    .execute()
}

async function read(month: string | null): Promise<MonthPage> {
  const page = await readMonthPage(family.holderViewer, greta, month)
  if (page === null || page === 'no-children') throw new Error('no month')
  return page
}

describe('with next year’s enrolment', () => {
  test.each(['2027-07-10T08:00:00Z', '2027-08-31T08:00:00Z', '2027-10-05T08:00:00Z'])(
    'at %s last May is shown when it is asked for, with the class of then and a way to both sides',
    async (now) => {
      await setClock(now)
      const page = await read('2027-05')
      expect(page.month).toBe('2027-05')
      expect(page.child.className).toBe('3A')
      expect(page.cutoffRule.time).toBe('9:30')
      expect(page.states.get('2027-05-25')?.kind).toBe('absentPast')
      expect(page.states.get('2027-05-24')?.kind).toBe('presentLate')
      expect(page.years.map(({ from }) => from)).toEqual(['2026-09-14', '2027-09-13'])
    },
  )

  test('a month of the summer shows the last one before it, and without a month it is the first to come', async () => {
    await setClock('2027-07-10T08:00:00Z')
    expect((await read('2027-07')).month).toBe('2027-06')
    const coming = await read(null)
    expect([coming.month, coming.child.className, coming.cutoffRule.time]).toEqual(['2027-09', '4A', '9:00'])
  })
})

test('a form without a closing day is open until its school year ends, and not after', async () => {
  const clerk = await aStaffViewer(municipality, 'operator')
  const formId = await aForm(clerk, 'diet')
  const open = async () => (await formsFor(family.holderViewer))?.open.map(({ id }) => id)
  await setClock('2027-08-31T21:59:00Z')
  expect(await open()).toEqual([formId])
  await setClock('2027-08-31T22:00:00Z')
  expect(await open()).toEqual([])
})

test('while two years stand side by side, forms, communications and class lists offer the classes of both and say which year', async () => {
  const clerk = await aStaffViewer(municipality, 'operator')
  await setClock('2027-08-20T08:00:00Z')
  const choices = await audienceChoices(clerk)
  expect(choices?.schools.flatMap(({ classes }) => classes.map(({ name }) => name))).toEqual([
    '3A',
    '4A (2027/2028)',
  ])
  const form = await builtForm(clerk, await aForm(clerk, 'enrolment'))
  const named = form?.classes.map(({ name, yearName, isOver }) => `${name} ${yearName} ${isOver}`)
  expect(named).toEqual(['3A 2026/2027 false', '4A 2027/2028 false'])
  expect(form?.years.map(({ name }) => name)).toEqual(['2026/2027', '2027/2028'])
  const listed = async (yearName: string) =>
    (await classesToList(clerk, { yearName, page: 1 }))?.classes.map(
      ({ name, yearName: of }) => `${name} ${of}`,
    )
  const classes = [...((await listed('')) ?? []), ...((await listed('2027/2028')) ?? [])]
  expect(classes).toEqual(['3A 2026/2027', '4A 2027/2028'])
  const offer = (await registrationOffer(clerk))?.classes.map(({ name, yearName }) => `${name} ${yearName}`)
  expect(offer).toEqual(classes)
  await setClock('2027-09-20T08:00:00Z')
  const later = await audienceChoices(clerk)
  expect(later?.schools.flatMap(({ classes: there }) => there.map(({ name }) => name))).toEqual(['4A'])
})
