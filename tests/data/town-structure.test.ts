import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Viewer } from '#lib/access/viewer.ts'
import type { Result } from '#lib/kernel/result.ts'
import { readMonthPage } from '#lib/meals/month.queries.ts'
import { registrationOffer } from '#lib/people/office/registration.queries.ts'
import { openTown, previewOpening, takeOpeningBack } from '#lib/school/office/opening.commands.ts'
import { savePatron } from '#lib/school/office/patron.commands.ts'
import { openingOf, readinessOf } from '#lib/school/office/readiness.queries.ts'
import { missingSteps } from '#lib/school/office/readiness.ts'
import { decideWeek, previewWeek } from '#lib/school/office/schedule.commands.ts'
import {
  addClasses,
  changeSchool,
  createSchool,
  endClass,
  endSchool,
  previewClassEnd,
  previewSchoolEnd,
  renameClass,
} from '#lib/school/office/school.commands.ts'
import {
  addHoliday,
  createYear,
  previewHoliday,
  previewHolidayEnd,
  previewYear,
  takeHolidayBack,
} from '#lib/school/office/school-year.commands.ts'
import { patronOf, yearLines } from '#lib/school/office/school-year.queries.ts'
import { classSheet, schoolLines, schoolSheet } from '#lib/school/office/structure.queries.ts'
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
import { code, done } from '#tests/support/forms.ts'

const TUESDAY = '2026-11-24'
const THURSDAY = '2026-11-26'
const FRIDAY = '2026-11-27'
const MONDAY = '2026-11-30'
const NEXT_TUESDAY = '2026-12-01'

let municipality: TestMunicipality
let elsewhere: TestMunicipality
let family: Household
let manager: Viewer
let stranger: Viewer

beforeEach(async () => {
  await setClock(`${TUESDAY}T07:00:00Z`)
  municipality = await aMunicipality()
  elsewhere = await aMunicipality()
  family = await aHousehold(municipality)
  manager = await aStaffViewer(municipality, 'manager')
  stranger = await aStaffViewer(elsewhere, 'manager')
  for (const day of [TUESDAY, THURSDAY, FRIDAY, NEXT_TUESDAY]) await aServiceDay(municipality, day)
})

afterEach(async () => {
  const { owner } = await testDatabase()
  await owner
    .updateTable('municipality')
    .set({ active: false })
    .where('id', 'in', [municipality.municipalityId, elsewhere.municipalityId])
    .execute()
})

const rodari = { name: 'Rodari', kind: 'primaria', street: 'Via Roma 1', mechanographicCode: null } as const

const audited = async () => {
  const { owner } = await testDatabase()
  const rows = await owner
    .selectFrom('audit_event')
    .select('action')
    .where('municipality_id', '=', municipality.municipalityId)
    .where('person_id', '=', manager.personId)
    .orderBy('id')
    .execute()
  return rows.map(({ action }) => action)
}

const dayRow = async (day: string) => {
  const { owner } = await testDatabase()
  return owner
    .selectFrom('service_day')
    .select(['status', 'cutoff_at'])
    .where('municipality_id', '=', municipality.municipalityId)
    .where('day', '=', day)
    .executeTakeFirst()
}

const toldPeople = async () => {
  const { owner } = await testDatabase()
  const rows = await owner
    .selectFrom('notification')
    .select('person_id')
    .where('municipality_id', '=', municipality.municipalityId)
    .where('event', '=', 'calendar:closure')
    .execute()
  return rows.map(({ person_id }) => person_id)
}

describe('a school', () => {
  test('is made with its classes, corrected and found in the list', async () => {
    const { schoolId } = done(await createSchool(manager, rodari, ['1A', '2A']))
    expect(code(await createSchool(manager, { ...rodari, name: 'RODARI' }, []))).toBe('structure:name-taken')
    done(await changeSchool(manager, { schoolId, revision: 1 }, { ...rodari, street: 'Via Verdi 2' }))
    expect(await changeSchool(manager, { schoolId, revision: 1 }, rodari)).toMatchObject({
      code: 'structure:changed-meanwhile',
      savedNow: { at: { revision: 2 }, fields: { street: 'Via Verdi 2' } },
    })
    const lines = (await schoolLines(manager, 1))?.schools
    expect(lines?.find(({ id }) => id === schoolId)).toMatchObject({
      classes: 2,
      pupils: 0,
      street: 'Via Verdi 2',
    })
    expect(await audited()).toEqual(['structure.school-created', 'structure.school-changed'])
  })

  test('ends when no pupil is enrolled any more, and its later days lose their meals', async () => {
    const pupilId = await aPupil(municipality, family.householdId)
    const asked = { schoolId: municipality.school.id, to: THURSDAY }
    expect(code(await previewSchoolEnd(manager, asked))).toBe('structure:still-enrolled')
    const { owner } = await testDatabase()
    await owner.updateTable('enrolment').set({ valid_to: THURSDAY }).where('pupil_id', '=', pupilId).execute()
    const { lines, seen } = done(await previewSchoolEnd(manager, asked))
    expect(lines).toContain('2 giorni già previsti perdono la mensa.')
    await aServiceDay(municipality, '2026-12-02')
    expect(code(await endSchool(manager, asked, seen.fingerprint))).toBe('structure:preview-changed')
    done(await endSchool(manager, asked, done(await previewSchoolEnd(manager, asked)).seen.fingerprint))
    expect(await dayRow(THURSDAY)).toMatchObject({ status: 'open' })
    expect(await dayRow(FRIDAY)).toMatchObject({ status: 'suspended' })
  })
})

describe('a class', () => {
  test('is added, renamed and ended, each name once in its school and year', async () => {
    const place = { schoolId: municipality.school.id, yearId: municipality.schoolYearId }
    done(await addClasses(manager, place, ['4A', '4B']))
    expect(code(await addClasses(manager, place, ['4b']))).toBe('structure:name-taken')
    const sheet = await schoolSheet(manager, municipality.school.id)
    const classes = sheet?.years[0]?.classes ?? []
    expect(classes.map(({ name }) => name)).toEqual(['3A', '4A', '4B'])
    const classId = classes[1]?.id as string
    expect(code(await renameClass(manager, { classId, revision: 1 }, '3a'))).toBe('structure:name-taken')
    done(await renameClass(manager, { classId, revision: 1 }, '4C'))
    expect(code(await renameClass(manager, { classId, revision: 1 }, '4D'))).toBe(
      'structure:changed-meanwhile',
    )
    const end = { classId, to: FRIDAY }
    done(await endClass(manager, end, done(await previewClassEnd(manager, end)).seen.fingerprint))
    expect(await classSheet(manager, classId)).toMatchObject({ name: '4C', validTo: FRIDAY })
    const offered = async () =>
      (await registrationOffer(manager))?.classes.map(({ name }: { name: string }) => name)
    expect(await offered()).toEqual(['3A', '4B', '4C'])
    await setClock(`${MONDAY}T07:00:00Z`)
    expect(await offered()).toEqual(['3A', '4B'])
  })

  test('with pupils does not end before them', async () => {
    await aPupil(municipality, family.householdId)
    const end = { classId: municipality.school.classId, to: FRIDAY }
    expect(code(await previewClassEnd(manager, end))).toBe('structure:still-enrolled')
  })
})

describe('a school’s week', () => {
  const asked = (given: object = {}) => ({
    serviceId: municipality.serviceId,
    schoolId: municipality.school.id,
    yearId: municipality.schoolYearId,
    ...{ weekdays: [1, 2, 3, 4] as const, cutoffTime: '09:00', cutoffDaysBefore: 0, from: MONDAY, to: '' },
    ...given,
  })

  test('changes from a day on: new days, moved cutoffs, days that lose their meals, families told; the past stays', async () => {
    const pupilId = await aPupil(municipality, family.householdId)
    const { owner } = await testDatabase()
    await aServiceDay(municipality, '2026-12-04')
    const { id } = await owner
      .selectFrom('service_day')
      .select('id')
      .where('municipality_id', '=', municipality.municipalityId)
      .where('day', '=', '2026-12-04')
      .executeTakeFirstOrThrow()
    await anAbsence(municipality, family, pupilId, id)
    const { lines, seen } = done(await previewWeek(manager, asked()))
    expect(lines.join('\n')).toMatch(/Un giorno già previsto perde la mensa/)
    expect(lines.join('\n')).toMatch(/C’è una disdetta in quei giorni/)
    expect(lines.join('\n')).toMatch(/Riguarda un alunno/)
    done(await decideWeek(manager, asked(), seen))

    expect((await dayRow(FRIDAY))?.cutoff_at).toEqual(new Date(`${FRIDAY}T08:30:00Z`))
    expect(await dayRow(MONDAY)).toMatchObject({ status: 'open', cutoff_at: new Date(`${MONDAY}T08:00:00Z`) })
    expect((await dayRow(NEXT_TUESDAY))?.cutoff_at).toEqual(new Date(`${NEXT_TUESDAY}T08:00:00Z`))
    expect(await dayRow('2026-12-04')).toMatchObject({ status: 'suspended' })
    expect(await toldPeople()).toEqual([family.holder.personId])
    const month = await readMonthPage(family.holderViewer, pupilId, '2026-12')
    if (!month || month === 'no-children') throw new Error('no month')
    expect(JSON.stringify(month.states.get('2026-12-04'))).toContain('la mensa non c’è più')
    expect(await audited()).toEqual(['structure.week-changed'])
    const sheet = await schoolSheet(manager, municipality.school.id)
    expect(sheet?.years[0]?.weeks[0]).toMatchObject({
      week: { cutoffTime: '09:30' },
      waiting: { from: MONDAY },
    })
  })

  test('does not change when whom it touches is no longer what the preview said', async () => {
    const { seen } = done(await previewWeek(manager, asked()))
    await aPupil(municipality, family.householdId)
    expect(code(await decideWeek(manager, asked(), seen))).toBe('structure:preview-changed')
    done(await decideWeek(manager, asked(), done(await previewWeek(manager, asked())).seen))
  })

  test('decided by two people is decided once, and the second is told who', async () => {
    const seen = done(await previewWeek(manager, asked())).seen
    const colleague = await aStaffViewer(municipality, 'manager')
    done(await decideWeek(colleague, asked(), done(await previewWeek(colleague, asked())).seen))
    expect(await decideWeek(manager, asked(), seen)).toMatchObject({
      code: 'structure:changed-meanwhile',
      details: { who: 'Ufficio Conti' },
    })
  })

  test('is not changed for a day that is counted', async () => {
    await setClock(`${TUESDAY}T09:00:00Z`)
    expect(code(await previewWeek(manager, asked({ from: TUESDAY })))).toBe('structure:too-early')
  })

  test('begins in a school that had none', async () => {
    const { schoolId } = done(await createSchool(manager, rodari, ['1A']))
    const first = asked({ schoolId, from: '2026-11-23', to: '2026-11-27', weekdays: [1, 2, 3, 4, 5] })
    const { lines, seen } = done(await previewWeek(manager, first))
    expect(lines).toContain('Sono 5 giorni di servizio, tolte feste e chiusure.')
    done(await decideWeek(manager, first, seen))
    const { owner } = await testDatabase()
    const days = await owner
      .selectFrom('service_day')
      .select('day')
      .where('school_id', '=', schoolId)
      .orderBy('day')
      .execute()
    // Tuesday at 9:00 has not passed, Monday has.
    expect(days.map(({ day }) => day)).toEqual([TUESDAY, '2026-11-25', THURSDAY, FRIDAY])
  })
})

describe('a school year', () => {
  const asked = {
    ...{ startsOn: '2027-09-01', endsOn: '2028-08-31' },
    ...{ serviceFrom: '2027-09-13', serviceTo: '2028-06-02' },
  }

  test('is made with holidays, weeks and empty classes, once', async () => {
    const { lines, seen } = done(await previewYear(manager, asked))
    expect(lines[0]).toContain('Nasce l’anno 2027/2028')
    done(await createYear(manager, asked, seen.fingerprint))
    expect(code(await previewYear(manager, asked))).toBe('structure:years-overlap')
    const years = await yearLines(manager)
    expect(years?.[0]).toMatchObject({ name: '2027/2028', classes: 1, isOver: false })
    const holidays = years?.[0]?.holidays.map(({ from, to, reason }) => `${from} ${to} ${reason}`) ?? []
    expect(holidays).toContain('2027-10-04 2027-10-04 San Francesco d’Assisi')
    expect(holidays).toContain('2027-12-24 2028-01-06 Vacanze di Natale')
    const { owner } = await testDatabase()
    const days = await owner
      .selectFrom('service_day')
      .select('day')
      .where('municipality_id', '=', municipality.municipalityId)
      .where('day', '>=', '2027-09-01')
      .execute()
    expect(days.length).toBe(years?.[0]?.days)
    expect(days.length).toBeGreaterThan(100)
    expect(days.map(({ day }) => day)).not.toContain('2027-10-04')
  })

  test('is refused where its days are wrong', async () => {
    const wrong = async (given: Partial<typeof asked>) =>
      code(await previewYear(manager, { ...asked, ...given }))
    expect(await wrong({ startsOn: '' })).toBe('structure:choose-day')
    expect(await wrong({ endsOn: '2027-08-31' })).toBe('structure:year-order')
    expect(await wrong({ startsOn: '2027-08-01' })).toBe('structure:years-overlap')
    expect(await wrong({ serviceTo: '2028-09-30' })).toBe('structure:outside-year')
  })

  test('closes days for every school, tells who eats there, and gives them back', async () => {
    await aPupil(municipality, family.householdId)
    const closing = { yearId: municipality.schoolYearId, from: THURSDAY, to: FRIDAY, reason: 'Neve' }
    const { lines, seen } = done(await previewHoliday(manager, closing))
    expect(lines[1]).toContain('Perdono la mensa 2 giorni di servizio')
    done(await addHoliday(manager, closing, seen.fingerprint))
    expect(await dayRow(THURSDAY)).toMatchObject({ status: 'suspended' })
    expect(await toldPeople()).toEqual([family.holder.personId])
    expect(code(await previewHoliday(manager, closing))).toBe('structure:nothing-changes')

    const back = { yearId: municipality.schoolYearId, day: THURSDAY }
    done(await takeHolidayBack(manager, back, done(await previewHolidayEnd(manager, back)).seen.fingerprint))
    expect(await dayRow(THURSDAY)).toMatchObject({ status: 'open' })
    expect(await dayRow(FRIDAY)).toMatchObject({ status: 'suspended' })
    expect(code(await previewHolidayEnd(manager, back))).toBe('structure:no-holiday')
    expect(await audited()).toEqual(['structure.holiday-added', 'structure.holiday-taken-back'])
  })

  test('has the patron’s day once it is written, and is told when another person wrote it', async () => {
    const zeno = { name: 'San Zeno', day: '05-21' }
    expect(await patronOf(manager)).toBeNull()
    done(await savePatron(manager, zeno, ''))
    expect(code(await savePatron(manager, null, ''))).toBe('structure:changed-meanwhile')
    expect(await patronOf(manager)).toEqual(zeno)
    done(await createYear(manager, asked, done(await previewYear(manager, asked)).seen.fingerprint))
    const [next] = (await yearLines(manager)) ?? []
    expect(next?.holidays.map(({ from, reason }) => `${from} ${reason}`)).toContain('2028-05-21 San Zeno')
    done(await savePatron(manager, null, '05-21'))
    expect(await patronOf(manager)).toBeNull()
    expect(code(await savePatron(stranger, zeno, '05-21'))).toBe('structure:changed-meanwhile')
    const operator = await aStaffViewer(municipality, 'operator')
    expect(await patronOf(operator)).toBeNull()
    expect(code(await savePatron(operator, zeno, ''))).toBe('request:not-found')
  })

  test('does not close a day that is counted', async () => {
    await setClock(`${TUESDAY}T09:00:00Z`)
    const closing = { yearId: municipality.schoolYearId, from: TUESDAY, to: '', reason: 'Neve' }
    expect(code(await previewHoliday(manager, closing))).toBe('structure:too-early')
  })
})

describe('the opening to families', () => {
  const prepare = async () => {
    const { owner } = await testDatabase()
    await owner
      .updateTable('municipality')
      .set({ opens_on: null })
      .where('id', '=', municipality.municipalityId)
      .execute()
  }

  test('waits for what is missing, then has its day, which can be taken back until it comes', async () => {
    await prepare()
    const facts = await readinessOf(manager)
    expect(facts && missingSteps(facts).map(({ key }) => key)).toEqual(['alunni'])
    expect(await previewOpening(manager, FRIDAY)).toMatchObject({
      code: 'town:not-ready',
      details: { what: ['Alunni e famiglie'] },
    })
    await aPupil(municipality, family.householdId)
    expect(code(await previewOpening(manager, '2026-11-23'))).toBe('town:day-past')
    const { seen } = done(await previewOpening(manager, FRIDAY))
    await aPupil(municipality, family.householdId, { name: 'Nino' })
    expect(code(await openTown(manager, FRIDAY, seen.fingerprint))).toBe('structure:preview-changed')
    done(await openTown(manager, FRIDAY, done(await previewOpening(manager, FRIDAY)).seen.fingerprint))
    const later = { opensOn: FRIDAY, isOpen: false }
    expect(await readinessOf(manager)).toMatchObject(later)
    // What a family reads that is shut out.
    expect(await openingOf(municipality.municipalityId)).toEqual(later)
    done(await takeOpeningBack(manager))
    expect(await openingOf(municipality.municipalityId)).toEqual({ opensOn: null, isOpen: false })
    done(await openTown(manager, TUESDAY, done(await previewOpening(manager, TUESDAY)).seen.fingerprint))
    expect(code(await takeOpeningBack(manager))).toBe('town:already-open')
    expect(await audited()).toEqual(['town.opened', 'town.opening-taken-back', 'town.opened'])
  })

  test('says what an empty municipality lacks', async () => {
    const { owner } = await testDatabase()
    const { municipalityId } = elsewhere
    await owner.deleteFrom('service_schedule').where('municipality_id', '=', municipalityId).execute()
    await owner.deleteFrom('school_class').where('municipality_id', '=', municipalityId).execute()
    const facts = await readinessOf(stranger)
    expect(facts && missingSteps(facts).map(({ key }) => key)).toEqual(['scuole', 'giorni', 'alunni'])
  })
})

describe('the structure of a municipality', () => {
  const acts: [string, (viewer: Viewer) => Promise<Result<unknown> | null | unknown>][] = [
    ['schools', (viewer) => schoolSheet(viewer, municipality.school.id)],
    ['classes', (viewer) => classSheet(viewer, municipality.school.classId)],
    [
      'a school’s words',
      (viewer) => changeSchool(viewer, { schoolId: municipality.school.id, revision: 1 }, rodari),
    ],
    [
      'a school’s end',
      (viewer) => previewSchoolEnd(viewer, { schoolId: municipality.school.id, to: FRIDAY }),
    ],
    [
      'new classes',
      (viewer) =>
        addClasses(viewer, { schoolId: municipality.school.id, yearId: municipality.schoolYearId }, ['9Z']),
    ],
    ['a class', (viewer) => renameClass(viewer, { classId: municipality.school.classId, revision: 1 }, 'X')],
    [
      'a class’s end',
      (viewer) => previewClassEnd(viewer, { classId: municipality.school.classId, to: FRIDAY }),
    ],
    [
      'a week',
      (viewer) =>
        previewWeek(viewer, {
          ...{ serviceId: municipality.serviceId, schoolId: municipality.school.id },
          ...{ yearId: municipality.schoolYearId, weekdays: [1], cutoffTime: '09:00', cutoffDaysBefore: 0 },
          ...{ from: MONDAY, to: '' },
        }),
    ],
    [
      'closed days',
      (viewer) =>
        previewHoliday(viewer, { yearId: municipality.schoolYearId, from: FRIDAY, to: '', reason: 'Neve' }),
    ],
    [
      'days given back',
      (viewer) => previewHolidayEnd(viewer, { yearId: municipality.schoolYearId, day: FRIDAY }),
    ],
  ]

  test.each(acts)('is not found by a manager of another one: %s', async (_, act) => {
    const answer = await act(stranger)
    if (answer !== null) expect(answer).toMatchObject({ ok: false, code: 'request:not-found' })
  })

  test('is not found by who is no manager', async () => {
    for (const role of ['operator', 'accountant', 'editor'] as const) {
      const viewer = await aStaffViewer(municipality, role)
      for (const [, act] of acts) {
        const answer = await act(viewer)
        if (answer !== null) expect(answer).toMatchObject({ ok: false, code: 'request:not-found' })
      }
      expect(await schoolLines(viewer, 1)).toBeNull()
      expect(await yearLines(viewer)).toBeNull()
      expect(await readinessOf(viewer)).toBeNull()
      expect(code(await createSchool(viewer, rodari, []))).toBe('request:not-found')
      expect(
        code(await previewYear(viewer, { startsOn: '', endsOn: '', serviceFrom: '', serviceTo: '' })),
      ).toBe('request:not-found')
      expect(code(await previewOpening(viewer, FRIDAY))).toBe('request:not-found')
    }
  })
})
