import { beforeEach, describe, expect, test } from 'vitest'
import type { Viewer } from '#lib/access/viewer.ts'
import { yearLines } from '#lib/school/office/school-year.queries.ts'
import { changeBounds, changeSpan, previewSpan } from '#lib/school/office/span.commands.ts'
import { setClock, testDatabase } from '#tests/support/database.ts'
import {
  aHousehold,
  aMunicipality,
  anAbsence,
  aPupil,
  aSchool,
  aServiceDay,
  aStaffViewer,
  type Household,
  type TestMunicipality,
} from '#tests/support/factories.ts'
import { code, done } from '#tests/support/forms.ts'

const TUESDAY = '2026-11-24'
const LAST = '2027-06-04'

let municipality: TestMunicipality
let family: Household
let manager: Viewer
let greta: string
let lastDay: string

beforeEach(async () => {
  await setClock(`${TUESDAY}T07:00:00Z`)
  municipality = await aMunicipality()
  family = await aHousehold(municipality)
  greta = await aPupil(municipality, family.householdId, { name: 'Greta' })
  manager = await aStaffViewer(municipality, 'manager')
  await aServiceDay(municipality, TUESDAY)
  lastDay = await aServiceDay(municipality, LAST)
})

const year = async () => {
  const line = (await yearLines(manager))?.[0]
  if (!line) throw new Error('no school year')
  return line
}

const ends = async (serviceTo: string, schoolId = '') => ({
  ...{ yearId: municipality.schoolYearId, revision: (await year()).revision, schoolId },
  ...{ serviceFrom: '2026-09-14', serviceTo },
})

const change = async (serviceTo: string, schoolId = '') => {
  const asked = await ends(serviceTo, schoolId)
  return changeSpan(manager, asked, done(await previewSpan(manager, asked)).seen.fingerprint)
}

const statusOf = async (day: string) => {
  const { owner } = await testDatabase()
  const rows = await owner
    .selectFrom('service_day')
    .select('status')
    .where('municipality_id', '=', municipality.municipalityId)
    .where('day', '=', day)
    .execute()
  return rows.map(({ status }) => status)
}

describe('the last day of the canteen', () => {
  test('comes earlier with a preview of what it moves, and comes back', async () => {
    await anAbsence(municipality, family, greta, lastDay)
    const { lines } = done(await previewSpan(manager, await ends('2027-06-03')))
    expect(lines.join('\n')).toMatch(/La mensa finisce il giovedì 3 giugno 2027/)
    expect(lines.join('\n')).toMatch(/Un giorno già previsto perde la mensa/)
    expect(lines.join('\n')).toMatch(/C’è una disdetta in quei giorni/)
    expect(lines.join('\n')).toMatch(/Riguarda un alunno/)
    done(await change('2027-06-03'))
    expect(await statusOf(LAST)).toEqual(['suspended'])
    expect((await year()).served?.to).toBe('2027-06-03')
    done(await change(LAST))
    expect(await statusOf(LAST)).toEqual(['open'])
    const { owner } = await testDatabase()
    const told = await owner
      .selectFrom('notification')
      .select('person_id')
      .where('municipality_id', '=', municipality.municipalityId)
      .execute()
    expect(told.map(({ person_id }) => person_id)).toContain(family.holder.personId)
    expect(
      await owner.selectFrom('absence').select('pupil_id').where('pupil_id', '=', greta).execute(),
    ).toHaveLength(1)
  })

  test('comes later in one school alone, and opens its days', async () => {
    const other = await aSchool(municipality)
    done(await change('2027-06-09', other.id))
    expect(await statusOf('2027-06-08')).toEqual(['open'])
  })

  test('is corrected once by two colleagues, and not when the preview is true no longer', async () => {
    const asked = await ends('2027-06-03')
    const { fingerprint } = done(await previewSpan(manager, asked)).seen
    await aPupil(municipality, family.householdId, { name: 'Sofia' })
    expect(code(await changeSpan(manager, asked, fingerprint))).toBe('structure:preview-changed')
    const colleague = await aStaffViewer(municipality, 'manager')
    const seen = done(await previewSpan(colleague, asked)).seen
    done(await changeSpan(colleague, asked, seen.fingerprint))
    expect(await changeSpan(manager, asked, fingerprint)).toMatchObject({
      code: 'structure:changed-meanwhile',
      details: { who: expect.stringMatching(/\S/) },
    })
  })

  test('is not found by another town’s manager, nor by who is no manager', async () => {
    const asked = await ends('2027-06-03')
    const stranger = await aStaffViewer(await aMunicipality(), 'manager')
    for (const viewer of [stranger, await aStaffViewer(municipality, 'operator')]) {
      expect(code(await previewSpan(viewer, asked))).toBe('request:not-found')
      expect(code(await changeSpan(viewer, asked, ''))).toBe('request:not-found')
      const bounds = { yearId: asked.yearId, revision: 1, startsOn: '2026-08-31', endsOn: '2027-08-31' }
      expect(code(await changeBounds(viewer, bounds))).toBe('request:not-found')
    }
  })
})

describe('the days of a school year', () => {
  test('move while nothing is left outside, once for two colleagues', async () => {
    const { revision, startsOn, endsOn } = await year()
    const asked = { yearId: municipality.schoolYearId, revision, startsOn, endsOn: '2027-07-31' }
    expect(endsOn).not.toBe('2027-07-31')
    done(await changeBounds(manager, asked))
    expect((await year()).endsOn).toBe('2027-07-31')
    expect(code(await changeBounds(manager, { ...asked, endsOn: '2027-07-30' }))).toBe(
      'structure:changed-meanwhile',
    )
  })

  test('stay where an enrolment or a day of the canteen would be left outside', async () => {
    const { revision, startsOn } = await year()
    const asked = { yearId: municipality.schoolYearId, revision, startsOn, endsOn: '2027-06-01' }
    expect(code(await changeBounds(manager, asked))).toBe('structure:year-holds')
  })
})
