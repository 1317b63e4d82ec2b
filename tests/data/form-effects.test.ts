import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Viewer } from '#lib/access/viewer.ts'
import { acceptSubmission, previewAcceptance } from '#lib/forms/office/acceptance.commands.ts'
import type { TypedDecision } from '#lib/forms/office/effects.ts'
import { reviewOf } from '#lib/forms/office/submission.queries.ts'
import { makeFiscalCode } from '#lib/identity/fiscal-code.ts'
import { closeDueDays } from '#lib/kitchen/close.commands.ts'
import { countsOfDay } from '#lib/kitchen/count.queries.ts'
import { setClock, testDatabase } from '#tests/support/database.ts'
import {
  aHousehold,
  aMunicipality,
  aPupil,
  aServiceDay,
  aStaffViewer,
  type Household,
  ledgerFaults,
  type TestMunicipality,
} from '#tests/support/factories.ts'
import { aForm, code, DECLARED, done, ethicalDiet, leaving, reducedFare, send } from '#tests/support/forms.ts'

const TUESDAY = '2026-11-24'
const WEDNESDAY = '2026-11-25'
const THURSDAY = '2026-11-26'

let municipality: TestMunicipality
let family: Household
let greta: string
let clerk: Viewer

beforeEach(async () => {
  await setClock('2026-11-24T07:00:00Z')
  municipality = await aMunicipality()
  family = await aHousehold(municipality)
  greta = await aPupil(municipality, family.householdId, { name: 'Greta' })
  clerk = await aStaffViewer(municipality, 'operator')
  for (const day of [TUESDAY, WEDNESDAY, THURSDAY]) await aServiceDay(municipality, day)
  const { owner } = await testDatabase()
  await owner
    .insertInto('diet')
    .values({ municipality_id: municipality.municipalityId, code: 'D02', name: 'Senza lattosio' })
    .execute()
  const band = { municipality_id: municipality.municipalityId, service_id: municipality.serviceId }
  await owner
    .insertInto('fare_band')
    .values([
      { ...band, code: 'B1', name: 'Fascia 1' },
      { ...band, code: 'ESENTE', name: 'Esenzione' },
    ])
    .execute()
  await owner
    .insertInto('fare_band_price')
    .values([
      { ...band, code: 'B1', valid_from: '2026-09-01', price_cents: 270 },
      { ...band, code: 'B1', valid_from: THURSDAY, price_cents: 300 },
      { ...band, code: 'ESENTE', valid_from: '2026-09-01', price_cents: 0 },
    ])
    .execute()
})

// The worker looks at every municipality: the one of the previous test has left the portal.
afterEach(async () => {
  const { owner } = await testDatabase()
  await owner
    .updateTable('municipality')
    .set({ active: false })
    .where('id', '=', municipality.municipalityId)
    .execute()
})

const decision = (given: Partial<TypedDecision>): TypedDecision => ({
  classId: '',
  dietCode: '',
  bandCode: '',
  from: '',
  to: '',
  nextDietCode: '',
  severe: '',
  ...given,
})

/** Reads the preview and accepts exactly that, as the screen does. */
async function accept(id: string, given: Partial<TypedDecision>) {
  const typed = decision(given)
  const preview = await previewAcceptance(clerk, id, typed)
  if (!preview.ok) return preview
  return acceptSubmission(clerk, {
    id,
    typed,
    seen: preview.value.seen,
    after: preview.value.after,
    note: '',
  })
}

/** The marks of a preview, which its confirmation sends back. */
const marks = ({ seen, after }: { seen: string; after: string }) => ({ seen, after })

const enrolments = async (pupilId = greta) => {
  const { owner } = await testDatabase()
  return owner
    .selectFrom('enrolment')
    .select(['diet_code as diet', 'valid_from as from', 'valid_to as to'])
    .where('pupil_id', '=', pupilId)
    .orderBy('valid_from')
    .execute()
}

const charges = async (pupilId = greta) => {
  const { owner } = await testDatabase()
  const rows = await owner
    .selectFrom('entry')
    .select(['day', 'amount_cents'])
    .where('pupil_id', '=', pupilId)
    .orderBy('day')
    .execute()
  return rows.map((row) => [row.day, row.amount_cents])
}

async function closeThrough(day: string): Promise<void> {
  await setClock(`${day}T08:30:03Z`)
  await closeDueDays()
}

const dietsOf = async (day: string) =>
  (await countsOfDay(clerk, day))?.schools[0]?.lines.map(({ dietCode, meals }) => [dietCode, meals])

describe('an accepted diet', () => {
  test('is in the kitchen’s count of its first day, and not in that of the day before', async () => {
    const id = await send(family, await aForm(clerk, 'diet'), ethicalDiet(greta, WEDNESDAY))
    done(await accept(id, { dietCode: 'D03', from: WEDNESDAY }))
    expect(await enrolments()).toEqual([
      { diet: 'STD', from: '2026-09-14', to: TUESDAY },
      { diet: 'D03', from: WEDNESDAY, to: '2027-06-05' },
    ])
    await closeThrough(TUESDAY)
    await closeThrough(WEDNESDAY)
    expect([await dietsOf(TUESDAY), await dietsOf(WEDNESDAY)]).toEqual([[['STD', 1]], [['D03', 1]]])
    expect(await charges()).toEqual([
      [TUESDAY, -540],
      [WEDNESDAY, -540],
    ])
  })

  test('holds for today until the cutoff, to the millisecond, and then from the next day', async () => {
    const formId = await aForm(clerk, 'diet')
    const id = await send(family, formId, ethicalDiet(greta))
    const today = decision({ dietCode: 'D03', from: TUESDAY })
    await setClock('2026-11-24T08:29:59.999Z')
    expect(code(await previewAcceptance(clerk, id, today))).toBe('accepted')
    await setClock('2026-11-24T08:30:00.000Z')
    expect(await previewAcceptance(clerk, id, today)).toMatchObject({
      code: 'tariffs:too-early',
      details: { first: '2026-11-25' },
    })
    expect((await reviewOf(clerk, formId, id))?.proposed.from).toBe(WEDNESDAY)
  })

  test('accepted twice it is accepted once', async () => {
    const id = await send(family, await aForm(clerk, 'diet'), ethicalDiet(greta))
    const typed = decision({ dietCode: 'D03', from: WEDNESDAY })
    const { seen } = done(await previewAcceptance(clerk, id, typed))
    done(await acceptSubmission(clerk, { id, typed, seen, after: '', note: '' }))
    done(await acceptSubmission(clerk, { id, typed, seen, after: '', note: '' }))
    expect(await enrolments()).toHaveLength(2)
  })

  test('only what was read in the preview is done', async () => {
    const id = await send(family, await aForm(clerk, 'diet'), ethicalDiet(greta))
    const { seen } = done(await previewAcceptance(clerk, id, decision({ dietCode: 'D03', from: WEDNESDAY })))
    const other = decision({ dietCode: 'D03', from: THURSDAY })
    expect(code(await acceptSubmission(clerk, { id, typed: other, seen, after: '', note: '' }))).toBe(
      'forms:preview-changed',
    )
    expect(await enrolments()).toHaveLength(1)
  })
})

describe('two colleagues and one request', () => {
  test('the second reads who decided what, nothing of hers is done, and it can be put right by a new decision', async () => {
    const id = await send(family, await aForm(clerk, 'diet'), ethicalDiet(greta))
    const colleague = await aStaffViewer(municipality, 'operator')
    const mine = decision({ dietCode: 'D02', from: WEDNESDAY })
    const read = done(await previewAcceptance(clerk, id, mine))
    const hers = decision({ dietCode: 'D03', from: WEDNESDAY })
    const other = done(await previewAcceptance(colleague, id, hers))
    done(await acceptSubmission(colleague, { id, typed: hers, note: '', ...marks(other) }))

    const late = await acceptSubmission(clerk, { id, typed: mine, note: '', ...marks(read) })
    expect(late).toMatchObject({
      code: 'forms:decided-otherwise',
      details: { who: expect.stringContaining('Ufficio'), what: expect.stringContaining('D03') },
    })
    // The sentence around it has the full stop.
    expect(late).not.toMatchObject({ details: { what: expect.stringMatching(/[. ]$/) } })
    expect((await enrolments()).map(({ diet }) => diet)).toEqual(['STD', 'D03'])

    expect(await accept(id, { dietCode: 'D02', from: THURSDAY })).toMatchObject({
      ok: true,
      value: { decision: 'corrected' },
    })
    expect(await enrolments()).toEqual([
      { diet: 'STD', from: '2026-09-14', to: TUESDAY },
      { diet: 'D03', from: WEDNESDAY, to: WEDNESDAY },
      { diet: 'D02', from: THURSDAY, to: '2027-06-05' },
    ])
  })

  test('the same correction sent twice is done once; an older preview of it is not', async () => {
    const id = await send(family, await aForm(clerk, 'diet'), ethicalDiet(greta))
    done(await accept(id, { dietCode: 'D03', from: WEDNESDAY }))
    const typed = decision({ dietCode: 'D02', from: WEDNESDAY })
    const read = done(await previewAcceptance(clerk, id, typed))
    const confirmation = { id, typed, note: '', ...marks(read) }
    done(await acceptSubmission(clerk, confirmation))
    done(await acceptSubmission(clerk, confirmation))
    done(await accept(id, { dietCode: 'STD', from: WEDNESDAY }))
    expect(code(await acceptSubmission(clerk, confirmation))).toBe('forms:decided-otherwise')
    expect((await enrolments()).map(({ diet }) => diet)).toEqual(['STD', 'STD'])
  })

  test('the family reads the correction among the steps and in a notice', async () => {
    const formId = await aForm(clerk, 'diet')
    const id = await send(family, formId, ethicalDiet(greta))
    done(await accept(id, { dietCode: 'D03', from: WEDNESDAY }))
    done(await accept(id, { dietCode: 'D02', from: WEDNESDAY }))
    const review = await reviewOf(clerk, formId, id)
    expect(review?.milestones.map(({ kind }) => kind)).toEqual(['submitted', 'accepted', 'corrected'])
    expect(review?.proposed).toMatchObject({ dietCode: 'D02', from: WEDNESDAY })
    const { owner } = await testDatabase()
    const told = await owner
      .selectFrom('notification')
      .select('title')
      .where('person_id', '=', family.holder.personId)
      .where('title', 'like', '%corretta%')
      .execute()
    expect(told).toHaveLength(1)
  })
})

describe('an accepted fare reduction', () => {
  test('is the price of each meal from its first day to its last, and follows the band’s own price', async () => {
    const id = await send(family, await aForm(clerk, 'fare'), reducedFare(greta))
    done(await accept(id, { bandCode: 'B1', from: WEDNESDAY, to: THURSDAY }))
    await aServiceDay(municipality, '2026-11-27')
    const sister = await aPupil(municipality, family.householdId, { name: 'Sofia' })
    for (const day of [TUESDAY, WEDNESDAY, THURSDAY, '2026-11-27']) await closeThrough(day)
    expect(await charges()).toEqual([
      [TUESDAY, -540],
      [WEDNESDAY, -270],
      [THURSDAY, -300],
      ['2026-11-27', -540],
    ])
    expect((await charges(sister)).map(([, cents]) => cents)).toEqual([-540, -540, -540, -540])
    expect(await ledgerFaults()).toBe(0)
  })

  test('of zero is a meal that is counted and costs nothing', async () => {
    const id = await send(family, await aForm(clerk, 'fare'), reducedFare(greta))
    done(await accept(id, { bandCode: 'ESENTE', from: WEDNESDAY }))
    await closeThrough(TUESDAY)
    await closeThrough(WEDNESDAY)
    expect(await dietsOf(WEDNESDAY)).toEqual([['STD', 1]])
    expect(await charges()).toEqual([[TUESDAY, -540]])
    expect(await ledgerFaults()).toBe(0)
  })

  test('a new one takes over from its first day; two never hold together', async () => {
    const formId = await aForm(clerk, 'fare')
    done(await accept(await send(family, formId, reducedFare(greta)), { bandCode: 'B1', from: WEDNESDAY }))
    done(await accept(await send(family, formId, reducedFare(greta)), { bandCode: 'ESENTE', from: THURSDAY }))
    const { owner } = await testDatabase()
    const fares = await owner
      .selectFrom('fare_assignment')
      .select(['band_code as band', 'valid_from as from', 'valid_to as to'])
      .where('pupil_id', '=', greta)
      .orderBy('valid_from')
      .execute()
    expect(fares).toEqual([
      { band: 'B1', from: WEDNESDAY, to: WEDNESDAY },
      { band: 'ESENTE', from: THURSDAY, to: '2027-08-31' },
    ])
  })

  test('never reaches a day that is counted', async () => {
    const id = await send(family, await aForm(clerk, 'fare'), reducedFare(greta))
    await closeThrough(TUESDAY)
    expect(code(await accept(id, { bandCode: 'B1', from: TUESDAY }))).toBe('tariffs:too-early')
  })
})

describe('an accepted withdrawal', () => {
  test('the last day is counted and charged, the next is not', async () => {
    const id = await send(family, await aForm(clerk, 'withdrawal'), leaving(greta, WEDNESDAY))
    done(await accept(id, { from: WEDNESDAY }))
    for (const day of [TUESDAY, WEDNESDAY, THURSDAY]) await closeThrough(day)
    expect((await charges()).map(([day]) => day)).toEqual([TUESDAY, WEDNESDAY])
    expect(await dietsOf(THURSDAY)).toEqual([])
  })
})

describe('an accepted enrolment', () => {
  const CODE = makeFiscalCode({ givenName: 'Anna', familyName: 'Conti', birthDay: '2020-02-03', sex: 'F' })
  const newChild = () => ({
    figlio: {
      alunno: 'nuovo',
      nome: 'Anna',
      cognome: 'Conti',
      nascita: '2020-02-03',
      'codice-fiscale': CODE.toLowerCase(),
    },
    scuola: { scuola: municipality.school.id, dieta: 'no' },
    contatti: { email: 'laura@example.it' },
    ...DECLARED,
  })
  const pupils = async () => {
    const { owner } = await testDatabase()
    return owner
      .selectFrom('pupil')
      .selectAll()
      .where('municipality_id', '=', municipality.municipalityId)
      .where('fiscal_code', '=', CODE)
      .execute()
  }

  test('of a new child makes a pupil of this household, enrolled, with an account, counted and charged', async () => {
    const newcomer = await aHousehold(municipality)
    const id = await send(newcomer, await aForm(clerk, 'enrolment'), newChild())
    done(await accept(id, { classId: municipality.school.classId, from: WEDNESDAY }))
    const [anna] = await pupils()
    expect(anna).toMatchObject({
      household_id: newcomer.householdId,
      given_name: 'Anna',
      birth_date: '2020-02-03',
    })
    expect(await enrolments(anna?.id)).toEqual([{ diet: 'STD', from: WEDNESDAY, to: '2027-06-05' }])
    await closeThrough(TUESDAY)
    await closeThrough(WEDNESDAY)
    expect(await charges(anna?.id)).toEqual([[WEDNESDAY, -540]])
  })

  test('is asked by the parent even when a stranger has asked with the child’s code, and the office sees both', async () => {
    const formId = await aForm(clerk, 'enrolment')
    const [stranger, parent] = [await aHousehold(municipality), await aHousehold(municipality)]
    await send(stranger, formId, newChild())
    const id = await send(parent, formId, newChild())
    done(await accept(id, { classId: municipality.school.classId, from: WEDNESDAY }))
    expect(await pupils()).toMatchObject([{ household_id: parent.householdId }])
  })

  test('of a child whose code belongs to another family is not done, and neither is anything else', async () => {
    const first = await aHousehold(municipality)
    const second = await aHousehold(municipality)
    const formId = await aForm(clerk, 'enrolment')
    const ids = [await send(first, formId, newChild())]
    // The same child is asked once only, no matter who asks.
    done(await accept(ids[0] as string, { classId: municipality.school.classId, from: WEDNESDAY }))
    const again = await send(second, await aForm(clerk, 'enrolment'), newChild())
    expect(code(await accept(again, { classId: municipality.school.classId, from: THURSDAY }))).toBe(
      'forms:pupil-elsewhere',
    )
    expect(await pupils()).toHaveLength(1)
  })

  test('renews a child’s place in the next year with the diet of now', async () => {
    const { owner } = await testDatabase()
    const year = await owner
      .insertInto('school_year')
      .values({
        municipality_id: municipality.municipalityId,
        name: '2027/2028',
        starts_on: '2027-09-01',
        ends_on: '2028-08-31',
      })
      .returning('id')
      .executeTakeFirstOrThrow()
    const fourth = await owner
      .insertInto('school_class')
      .values({
        municipality_id: municipality.municipalityId,
        school_id: municipality.school.id,
        school_year_id: year.id,
        name: '4A',
      })
      .returning('id')
      .executeTakeFirstOrThrow()
    await owner.updateTable('enrolment').set({ diet_code: 'D03' }).where('pupil_id', '=', greta).execute()
    await setClock('2027-05-10T08:00:00Z')
    await owner
      .updateTable('school_year')
      .set({ starts_on: '2025-09-01', ends_on: '2026-08-31' })
      .where('id', '=', municipality.schoolYearId)
      .execute()
    const id = await send(family, await aForm(clerk, 'enrolment'), {
      figlio: { alunno: greta },
      scuola: { scuola: municipality.school.id, dieta: 'si' },
      contatti: { email: 'laura@example.it' },
      ...DECLARED,
    })
    done(await accept(id, { classId: fourth.id, from: '2027-09-01' }))
    expect((await enrolments()).at(-1)).toEqual({ diet: 'D03', from: '2027-09-01', to: '2028-08-31' })
  })
})
