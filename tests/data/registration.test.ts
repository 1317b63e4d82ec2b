import { sql } from 'kysely'
import { beforeEach, describe, expect, test } from 'vitest'
import { asStaff } from '#db/client.ts'
import type { Viewer } from '#lib/access/viewer.ts'
import { makeFiscalCode } from '#lib/identity/fiscal-code.ts'
import type { Day } from '#lib/kernel/day.ts'
import { countsOfDay } from '#lib/kitchen/count.queries.ts'
import { mealsInLines } from '#lib/kitchen/count.ts'
import { householdsOf } from '#lib/people/household.queries.ts'
import { previewRegistration, register } from '#lib/people/office/registration.commands.ts'
import { registrationInput } from '#lib/people/office/registration.input.ts'
import { registrationOffer } from '#lib/people/office/registration.queries.ts'
import { bandValue } from '#lib/people/office/registration.ts'
import { createBand } from '#lib/tariffs/office/fare-band.commands.ts'
import { setClock, testDatabase } from '#tests/support/database.ts'
import {
  aHousehold,
  aMunicipality,
  aPupil,
  aSchool,
  aServiceDay,
  aStaffViewer,
  type TestMunicipality,
} from '#tests/support/factories.ts'
import { aCitizen, type Citizen, viewerNow } from '#tests/support/people.ts'

let municipality: TestMunicipality
let clerk: Viewer
let mother: Citizen

beforeEach(async () => {
  await testDatabase()
  await setClock('2026-11-24T11:00:00+01:00')
  municipality = await aMunicipality()
  clerk = await aStaffViewer(municipality, 'operator')
  mother = await aCitizen({ givenName: 'Marco', familyName: 'Albertini' })
  for (const day of ['2026-11-24', '2026-11-25', '2026-11-26']) await aServiceDay(municipality, day)
})

const CHILD = { givenName: 'Tobia', familyName: 'Albertini', birthDay: '2019-05-17', sex: 'M' } as const
const childCode = (given: Partial<typeof CHILD> = {}, place = 'L781') =>
  makeFiscalCode({ ...CHILD, ...given, place })

/** The form as a browser sends it. */
const form = (given: Record<string, unknown> = {}) =>
  registrationInput.parse({
    'holder-fiscalCode': mother.fiscalCode,
    'holder-givenName': 'Marco',
    'holder-familyName': 'Albertini',
    'holder-phone': '333 5550199',
    'pupil1-fiscalCode': childCode(),
    'pupil1-givenName': 'Tobia',
    'pupil1-familyName': 'Albertini',
    'pupil1-classId': municipality.school.classId,
    'pupil1-services': [municipality.serviceId],
    ...given,
  })

/** Both presses. */
async function registered(given: Record<string, unknown> = {}, viewer = clerk) {
  const request = form(given)
  const preview = await previewRegistration(viewer, request.asked)
  if (!preview.ok) return preview
  return register(viewer, { ...request, seen: preview.value.seen })
}

const lines = async (given: Record<string, unknown> = {}) => {
  const preview = await previewRegistration(clerk, form(given).asked)
  return preview.ok ? preview.value.lines.join('\n').replaceAll('\u00a0', ' ') : preview.code
}

const count = async (table: 'household' | 'pupil' | 'person' | 'enrolment') => {
  const { owner } = await testDatabase()
  const { n } = await owner
    .selectFrom(table)
    .select(({ fn }) => fn.countAll<number>().as('n'))
    .where('municipality_id', '=', municipality.municipalityId)
    .executeTakeFirstOrThrow()
  return Number(n)
}

const mealsOn = async (day: Day) =>
  mealsInLines((await countsOfDay(clerk, day))?.schools.flatMap(({ lines: all }) => all) ?? [])

const audited = async (action: string) => {
  const { owner } = await testDatabase()
  return owner
    .selectFrom('audit_event')
    .select(['object_id', 'person_id'])
    .where('municipality_id', '=', municipality.municipalityId)
    .where('action', '=', action)
    .execute()
}

describe('a family that turns up today', () => {
  test('has its band from the first day, as the preview said, and the office finds who gave it', async () => {
    const accountant = await aStaffViewer(municipality, 'accountant')
    const { serviceId } = municipality
    const band = { serviceId, code: 'B', words: { name: 'Fascia B', description: '' }, cents: 320, note: '' }
    expect(await createBand(accountant, { ...band, from: '2026-11-25' })).toMatchObject({ ok: true })
    const offer = await registrationOffer(clerk)
    expect(offer?.bands).toMatchObject([{ serviceId, code: 'B', name: 'Fascia B' }])
    const given = { 'pupil1-band': bandValue(offer?.bands[0] ?? { serviceId, code: '' }) }
    expect(await lines(given)).toContain('si addebita (3,20 €)')
    expect(await registered(given)).toMatchObject({ ok: true })
    const { owner } = await testDatabase()
    const fares = await owner
      .selectFrom('fare_assignment')
      .select(['band_code', 'valid_from', 'given_by'])
      .where('municipality_id', '=', municipality.municipalityId)
      .execute()
    expect(fares).toEqual([{ band_code: 'B', valid_from: '2026-11-25', given_by: clerk.personId }])
    expect(await audited('tariffs.fare-given')).toMatchObject([{ person_id: clerk.personId }])
  })

  test('is registered in one act: the holder signs in and finds the child, the kitchen counts it from tomorrow', async () => {
    expect(await lines()).toContain('Il primo pasto di Tobia Albertini è il 25 novembre 2026')
    expect(await lines()).toContain('si addebita (5,40 €)')
    const done = await registered()
    expect(done.ok).toBe(true)
    expect(await mealsOn('2026-11-24')).toBe(0)
    expect(await mealsOn('2026-11-25')).toBe(1)
    const viewer = await viewerNow(municipality, mother)
    expect(viewer.memberships).toMatchObject([{ role: 'holder' }])
    const [family] = await householdsOf(viewer)
    expect(family).toMatchObject({ name: 'Albertini', pupils: [{ name: 'Tobia Albertini' }] })
    expect(family?.pupils[0]?.enrolments).toMatchObject([
      { className: '3A', dietCode: 'STD', from: '2026-11-25', to: '2027-06-05' },
    ])
    expect(await audited('household:registered')).toMatchObject([{ person_id: clerk.personId }])
    const { owner } = await testDatabase()
    const told = await owner
      .selectFrom('notification')
      .select('title')
      .where('person_id', '=', viewer.personId)
      .execute()
    expect(told).toEqual([{ title: 'La tua famiglia è registrata alla mensa' }])
    const accounts = await owner
      .selectFrom('account')
      .select('balance_cents')
      .where('municipality_id', '=', municipality.municipalityId)
      .where('kind', '=', 'household')
      .execute()
    expect(accounts).toEqual([{ balance_cents: 0 }])
  })

  test('with a delegate and two children, one of them on a diet to be decided, is whole or not at all', async () => {
    const father = await aCitizen({ givenName: 'Luca', familyName: 'Verdi' })
    const both = {
      'delegate-fiscalCode': father.fiscalCode,
      'delegate-givenName': 'Luca',
      'delegate-familyName': 'Verdi',
      'pupil2-fiscalCode': childCode({ givenName: 'Nina', sex: 'F' } as never),
      'pupil2-givenName': 'Nina',
      'pupil2-familyName': 'Albertini',
      'pupil2-classId': municipality.school.classId,
      'pupil2-services': [municipality.serviceId],
      'pupil2-diet': 'si',
    }
    const before = await count('household')
    const wrong = await registered({ ...both, 'pupil2-from': '2026-11-24' })
    expect(wrong).toMatchObject({ ok: false, fields: { 'pupil2-from': 'registration:too-early' } })
    expect(await count('household')).toBe(before)
    expect(await count('pupil')).toBe(0)
    expect((await registered(both)).ok).toBe(true)
    const delegate = await viewerNow(municipality, father)
    expect(delegate.memberships).toMatchObject([{ role: 'delegate' }])
    const [family] = await householdsOf(await viewerNow(municipality, mother))
    const diets = Object.fromEntries(
      family?.pupils.map(({ givenName, enrolments }) => [givenName, enrolments[0]?.dietCode]) ?? [],
    )
    expect(diets).toEqual({ Tobia: 'STD', Nina: 'DA-DEFINIRE' })
  })

  test('takes a provisional code of eleven digits with its birth day', async () => {
    const provisional = { 'pupil1-fiscalCode': '12345678903', 'pupil1-birthDay': '2019-05-17' }
    const shape = registrationInput.safeParse({ ...rawForm(), ...provisional, 'pupil1-birthDay': '' })
    expect(shape.error?.issues.map(({ path }) => path[0])).toEqual(['pupil1-birthDay'])
    expect((await registered(provisional)).ok).toBe(true)
  })
})

const rawForm = () => ({
  'holder-fiscalCode': mother.fiscalCode,
  'holder-givenName': 'Marco',
  'holder-familyName': 'Albertini',
  'pupil1-fiscalCode': childCode(),
  'pupil1-givenName': 'Tobia',
  'pupil1-familyName': 'Albertini',
  'pupil1-classId': municipality.school.classId,
  'pupil1-services': [municipality.serviceId],
})

describe('what is wrong is named at its field', () => {
  test('by the shape of the form: a check letter, a class, a date', () => {
    const wrong = registrationInput.safeParse({
      ...rawForm(),
      'holder-fiscalCode': `${mother.fiscalCode.slice(0, 15)}?`,
      'holder-email': 'non è una mail',
      'pupil1-classId': '',
      'pupil1-from': '2026-02-30',
      'pupil2-givenName': 'Solo',
    })
    expect(wrong.error?.issues.map(({ path }) => path[0])).toEqual(
      expect.arrayContaining([
        'holder-fiscalCode',
        'holder-email',
        'pupil1-classId',
        'pupil1-from',
        'pupil2-birthDay',
      ]),
    )
  })

  test.each([
    ['the name is not the code’s', { 'holder-familyName': 'Bianchi' }, 'holder-familyName'],
    [
      'the parent’s code stands twice',
      () => ({ 'pupil1-fiscalCode': mother.fiscalCode }),
      'pupil1-fiscalCode',
    ],
    ['the birth day is not the code’s', { 'pupil1-birthDay': '2018-05-17' }, 'pupil1-birthDay'],
    [
      'the pupil is an adult',
      { 'pupil1-fiscalCode': makeFiscalCode({ ...CHILD, birthDay: '1990-01-01' }) },
      'pupil1-fiscalCode',
    ],
    [
      'the holder is a child',
      { 'holder-fiscalCode': makeFiscalCode({ ...CHILD, givenName: 'Marco' }) },
      'holder-fiscalCode',
    ],
    ['the day is after the service', { 'pupil1-from': '2027-06-30' }, 'pupil1-from'],
  ])('by the rule: %s', async (_, given, field) => {
    const refusal = await registered(typeof given === 'function' ? given() : given)
    expect(refusal).toMatchObject({ ok: false, fields: { [field as string]: expect.any(String) } })
    expect(await count('pupil')).toBe(0)
  })

  test('letters of a pupil’s code that are not those of the name are a doubt: a document decides', async () => {
    const foreign = { 'pupil1-givenName': 'Omar' }
    expect(await registered(foreign)).toMatchObject({
      ok: false,
      fields: { checked: 'registration:check-first' },
    })
    expect((await registered({ ...foreign, checked: 'si' })).ok).toBe(true)
  })
})

describe('who is there already is found before', () => {
  test('a pupil with the same code, under any class, with its family: nothing can be saved', async () => {
    await registered()
    const again = await aCitizen({ givenName: 'Luca', familyName: 'Verdi' })
    const other = {
      'holder-fiscalCode': again.fiscalCode,
      'holder-givenName': 'Luca',
      'holder-familyName': 'Verdi',
    }
    const preview = await previewRegistration(clerk, form(other).asked)
    expect(preview).toMatchObject({
      ok: true,
      value: {
        isBlocked: true,
        lines: [],
        doubles: [{ name: 'Tobia Albertini', householdName: 'Albertini' }],
      },
    })
    expect(await registered(other)).toMatchObject({ ok: false, code: 'registration:known' })
  })

  test('a pupil of the same name and birth day with another code, and a holder of another family, are doubts', async () => {
    await registered()
    const twin = { 'pupil1-fiscalCode': childCode({}, 'A001') }
    const preview = await previewRegistration(clerk, form(twin).asked)
    expect(preview).toMatchObject({ ok: true, value: { isBlocked: false, isDoubtful: true } })
    if (preview.ok)
      expect(preview.value.doubles.map(({ name }) => name)).toEqual(['Tobia Albertini', 'Marco Albertini'])
    expect(await registered(twin)).toMatchObject({ ok: false, code: 'registration:check-first' })
    expect((await registered({ ...twin, checked: 'si' })).ok).toBe(true)
    expect((await viewerNow(municipality, mother)).memberships).toHaveLength(2)
  })
})

describe('two presses', () => {
  test('sent twice make one family', async () => {
    const request = form()
    const preview = await previewRegistration(clerk, request.asked)
    if (!preview.ok) throw new Error(preview.code)
    const both = await Promise.all(
      [1, 2].map(() => register(clerk, { ...request, seen: preview.value.seen })),
    )
    expect(both[0]?.ok && both[1]?.ok && both[0].value.householdId === both[1].value.householdId).toBe(true)
    expect(await count('pupil')).toBe(1)
    expect(await audited('household:registered')).toHaveLength(1)
  })

  test('of two colleagues leave the second told who is there, and nothing of hers', async () => {
    const colleague = await aStaffViewer(municipality, 'manager')
    const request = form()
    const preview = await previewRegistration(clerk, request.asked)
    if (!preview.ok) throw new Error(preview.code)
    const confirm = (viewer: Viewer) => register(viewer, { ...request, seen: preview.value.seen })
    const answers = await Promise.all([confirm(clerk), confirm(colleague)])
    expect(answers.filter(({ ok }) => ok)).toHaveLength(1)
    expect(answers.find(({ ok }) => !ok)).toMatchObject({
      code: 'registration:known',
      details: { name: 'Tobia Albertini', family: 'Albertini' },
    })
    expect(await count('pupil')).toBe(1)
  })

  test('do nothing when what was previewed is not so any more', async () => {
    const request = form()
    const preview = await previewRegistration(clerk, request.asked)
    if (!preview.ok) throw new Error(preview.code)
    await setClock('2026-11-25T10:00:00+01:00')
    const late = await register(clerk, { ...request, seen: preview.value.seen })
    expect(late).toMatchObject({ ok: false, code: 'registration:preview-changed' })
    expect(await count('pupil')).toBe(0)
  })
})

describe('a pupil is added to a family that is there', () => {
  test('and the parents find it; another town’s family is not found', async () => {
    const family = await aHousehold(municipality, { name: 'Conti' })
    await aPupil(municipality, family.householdId, { name: 'Greta' })
    const done = await registered({ householdId: family.householdId })
    expect(done).toEqual({ ok: true, value: { householdId: family.householdId } })
    const [seen] = await householdsOf(family.holderViewer)
    expect(seen?.pupils.map(({ givenName }) => givenName)).toEqual(['Greta', 'Tobia'])
    expect(await audited('household:pupil-added')).toHaveLength(1)
    const elsewhere = await aHousehold(await aMunicipality())
    expect(await registered({ householdId: elsewhere.householdId })).toMatchObject({
      code: 'request:not-found',
    })
  })

  test('only in a class whose school gives the service', async () => {
    const { owner } = await testDatabase()
    const school = await aSchool(municipality)
    await owner.deleteFrom('service_schedule').where('school_id', '=', school.id).execute()
    expect(await registered({ 'pupil1-classId': school.classId })).toMatchObject({
      fields: { 'pupil1-classId': 'registration:no-place' },
    })
    const other = await aMunicipality()
    expect(await registered({ 'pupil1-classId': other.school.classId })).toMatchObject({
      fields: { 'pupil1-classId': 'registration:no-place' },
    })
  })
})

describe('only the registry’s office', () => {
  test('registers: the accountant, the editor, a parent and another town find nothing', async () => {
    const family = await aHousehold(municipality)
    const others = [
      await aStaffViewer(municipality, 'accountant'),
      await aStaffViewer(municipality, 'editor'),
      family.holderViewer,
    ]
    for (const viewer of others) {
      expect(await registered({}, viewer)).toMatchObject({ code: 'request:not-found' })
      expect(await register(viewer, { ...form(), seen: 'x', checked: true })).toMatchObject({ ok: false })
      expect(await registrationOffer(viewer)).toBeNull()
    }
    const offer = await registrationOffer(await aStaffViewer(await aMunicipality(), 'manager'))
    expect(offer?.classes.map(({ id }) => id)).not.toContain(municipality.school.classId)
    expect(await count('pupil')).toBe(0)
  })

  test('may write a household, by row security alone', async () => {
    const { householdId, holderViewer } = await aHousehold(municipality)
    const { owner } = await testDatabase()
    const values = { municipality_id: municipality.municipalityId, household_id: householdId }
    const elsewhere = await aStaffViewer(await aMunicipality(), 'manager')
    const add = (viewer: Viewer) =>
      asStaff(viewer, (trx) =>
        trx
          .insertInto('pupil')
          .values({
            ...values,
            given_name: 'A',
            family_name: 'B',
            fiscal_code: childCode(),
            birth_date: '2019-05-17',
          })
          .execute(),
      )
    await expect(add(elsewhere)).rejects.toMatchObject({ code: '42501' })
    const rows = await sql`select from pupil where household_id = ${householdId}::uuid`.execute(owner)
    expect(rows.rows).toEqual([])
    expect(holderViewer.staffRoles).toEqual([])
  })
})
