import { beforeEach, describe, expect, test } from 'vitest'
import type { Viewer } from '#lib/access/viewer.ts'
import { waitingWork } from '#lib/desk/waiting-work.queries.ts'
import { makeFiscalCode } from '#lib/identity/fiscal-code.ts'
import { householdsOf } from '#lib/people/household.queries.ts'
import { correctRegistry, previewCorrection } from '#lib/people/office/correction.commands.ts'
import type { AskedCorrection } from '#lib/people/office/correction.ts'
import { pupilList } from '#lib/people/office/pupil-list.queries.ts'
import { previewRegistration, register } from '#lib/people/office/registration.commands.ts'
import { registrationInput } from '#lib/people/office/registration.input.ts'
import { readinessOf } from '#lib/school/office/readiness.queries.ts'
import { setClock, testDatabase } from '#tests/support/database.ts'
import {
  aMunicipality,
  aPupil,
  aServiceDay,
  aStaffViewer,
  type TestMunicipality,
} from '#tests/support/factories.ts'
import { done } from '#tests/support/forms.ts'
import { aCitizen, type Citizen, viewerNow } from '#tests/support/people.ts'

let municipality: TestMunicipality
let clerk: Viewer
let mother: Citizen

beforeEach(async () => {
  await setClock('2026-11-24T11:00:00+01:00')
  municipality = await aMunicipality()
  clerk = await aStaffViewer(municipality, 'operator')
  mother = await aCitizen({ givenName: 'Marta', familyName: 'Albertini' })
  for (const day of ['2026-11-24', '2026-11-25']) await aServiceDay(municipality, day)
})

const form = (given: Record<string, unknown> = {}) =>
  registrationInput.parse({
    'holder-fiscalCode': mother.fiscalCode,
    'holder-givenName': 'Marta',
    'holder-familyName': 'Albertini',
    'pupil1-fiscalCode': ' ',
    'pupil1-givenName': 'Lia',
    'pupil1-familyName': 'Albertini',
    'pupil1-birthDay': '2022-05-17',
    'pupil1-classId': municipality.school.classId,
    'pupil1-services': [municipality.serviceId],
    ...given,
  })

async function registered(given: Record<string, unknown> = {}) {
  const request = form(given)
  const preview = done(await previewRegistration(clerk, request.asked))
  return { preview, answer: await register(clerk, { ...request, seen: preview.seen }) }
}

async function pupils() {
  const { owner } = await testDatabase()
  return owner
    .selectFrom('pupil')
    .select(['id', 'household_id', 'given_name', 'fiscal_code'])
    .where('municipality_id', '=', municipality.municipalityId)
    .orderBy('id')
    .execute()
}

const waiting = async () =>
  (await waitingWork(clerk)).find(({ kind }) => kind === 'pupils-without-code')?.count ?? 0

describe('a pupil who has no fiscal code yet', () => {
  test('is registered with a birth day: the preview says so, the parent finds the child, the office is told', async () => {
    const { preview, answer } = await registered()
    expect(preview.lines.join('\n')).toContain('Lia Albertini non ha ancora un codice fiscale')
    expect(preview.isDoubtful).toBe(false)
    done(answer)
    expect(await pupils()).toMatchObject([{ given_name: 'Lia', fiscal_code: null }])
    const viewer = await viewerNow(municipality, mother)
    expect((await householdsOf(viewer)).flatMap((one) => one.pupils.map(({ name }) => name))).toEqual([
      'Lia Albertini',
    ])
    expect(await waiting()).toBe(1)
    const manager = await aStaffViewer(municipality, 'manager')
    expect(await readinessOf(manager)).toMatchObject({ pupils: 1, withoutCode: 1 })
  })

  test('needs a birth day, and is written once in a form', () => {
    const without = registrationInput.safeParse({ ...raw(), 'pupil1-birthDay': '' })
    expect(without.error?.issues.map(({ path }) => path[0])).toEqual(['pupil1-birthDay'])
    const wrong = registrationInput.safeParse({ ...raw(), 'pupil1-fiscalCode': 'ABC' })
    expect(wrong.error?.issues).toMatchObject([
      { path: ['pupil1-fiscalCode'], message: expect.stringContaining('Controlla il codice fiscale') },
    ])
  })

  test('twice in one form is refused', async () => {
    const twice = form({
      'pupil2-givenName': 'LIA',
      'pupil2-familyName': 'Albertini',
      'pupil2-birthDay': '2022-05-17',
      'pupil2-classId': municipality.school.classId,
      'pupil2-services': [municipality.serviceId],
    })
    expect(await previewRegistration(clerk, twice.asked)).toMatchObject({
      fields: { 'pupil2-givenName': 'registration:pupil-twice' },
    })
  })

  test('of the same name and birth day as another is a doubt, with a code or without; sent twice is done once', async () => {
    const first = form()
    const { seen } = done(await previewRegistration(clerk, first.asked))
    const both = [1, 2].map(() => register(clerk, { ...first, seen }))
    expect((await Promise.all(both)).map(({ ok }) => ok)).toEqual([true, true])
    expect(await pupils()).toHaveLength(1)
    const other = await aCitizen({ givenName: 'Rosa', familyName: 'Bassi' })
    const holder = {
      'holder-fiscalCode': other.fiscalCode,
      'holder-givenName': 'Rosa',
      'holder-familyName': 'Bassi',
    }
    const doubt = done(await previewRegistration(clerk, form(holder).asked))
    expect(doubt).toMatchObject({ isDoubtful: true, isBlocked: false })
    expect(doubt.doubles).toMatchObject([
      { name: 'Lia Albertini', why: expect.stringContaining('senza codice fiscale') },
    ])
    const code = makeFiscalCode({
      givenName: 'Lia',
      familyName: 'Albertini',
      sex: 'F',
      birthDay: '2022-05-17',
      place: 'L781',
    })
    const withCode = done(
      await previewRegistration(clerk, form({ ...holder, 'pupil1-fiscalCode': code }).asked),
    )
    expect(withCode.doubles).toHaveLength(1)
    expect((await registered(holder)).answer).toMatchObject({
      fields: { checked: 'registration:check-first' },
    })
  })

  test('gets a code by a correction, and loses a wrong one; another pupil of the same name and birth day is a doubt', async () => {
    done((await registered()).answer)
    const [lia] = await pupils()
    const subject = { kind: 'pupil' as const, id: lia?.id ?? '', householdId: lia?.household_id ?? '' }
    const code = makeFiscalCode({
      givenName: 'Lia',
      familyName: 'Albertini',
      sex: 'F',
      birthDay: '2022-05-17',
      place: 'L781',
    })
    const asked = (fiscalCode: string | null): AskedCorrection => ({
      ...{ givenName: 'Lia', familyName: 'Albertini', birthDay: '2022-05-17', fiscalCode },
      ...{ earlier: null, opens: [], checked: false },
    })
    const correct = async (fiscalCode: string | null) => {
      const shown = done(await previewCorrection(clerk, subject, asked(fiscalCode)))
      done(await correctRegistry(clerk, subject, { asked: asked(fiscalCode), reason: 'È arrivato', shown }))
      return shown.lines.join('\n')
    }
    expect(await correct(code)).toContain(`Codice fiscale: da “nessuno” a “${code}”.`)
    expect(await pupils()).toMatchObject([{ fiscal_code: code }])
    expect(await waiting()).toBe(0)
    await correct(null)
    expect(await waiting()).toBe(1)
    const { owner } = await testDatabase()
    const twin = await aPupil(municipality, subject.householdId, { name: 'Lia' })
    await owner.updateTable('pupil').set({ birth_date: '2022-05-17' }).where('id', '=', twin).execute()
    const doubt = done(await previewCorrection(clerk, subject, asked(code)))
    expect(doubt).toMatchObject({ isDoubtful: true })
    expect(doubt.lines.join('\n')).toContain(
      'Ha lo stesso nome e la stessa data di nascita Lia Albertini della famiglia',
    )
  })

  test('is found in the list of pupils; an adult is never without a code', async () => {
    done((await registered()).answer)
    const rows = async (codice: string) => (await pupilList(clerk, { codice, stato: '' }))?.page.rows.length
    expect([await rows('senza'), await rows('con')]).toEqual([1, 0])
    const [lia] = await pupils()
    const { owner } = await testDatabase()
    const { person_id } = await owner
      .selectFrom('household_member')
      .select('person_id')
      .where('household_id', '=', lia?.household_id ?? '')
      .executeTakeFirstOrThrow()
    const subject = { kind: 'adult' as const, id: person_id, householdId: lia?.household_id ?? '' }
    const without: AskedCorrection = {
      ...{ givenName: 'Marta', familyName: 'Albertini', birthDay: null, fiscalCode: null },
      ...{ earlier: 'closes', opens: [], checked: false },
    }
    expect(await previewCorrection(clerk, subject, without)).toMatchObject({
      fields: { fiscalCode: 'corrections:code-needed' },
    })
  })
})

function raw(): Record<string, unknown> {
  return {
    ...{
      'holder-fiscalCode': mother.fiscalCode,
      'holder-givenName': 'Marta',
      'holder-familyName': 'Albertini',
    },
    ...{ 'pupil1-givenName': 'Lia', 'pupil1-familyName': 'Albertini', 'pupil1-birthDay': '2022-05-17' },
    'pupil1-classId': municipality.school.classId,
    'pupil1-services': [municipality.serviceId],
  }
}
