import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Viewer } from '#lib/access/viewer.ts'
import { decideDiet, previewDiet } from '#lib/diets/office/diet-decision.commands.ts'
import { dietDesk } from '#lib/diets/office/diet-desk.queries.ts'
import { acceptSubmission, previewAcceptance } from '#lib/forms/office/acceptance.commands.ts'
import { reviewOf } from '#lib/forms/office/submission.queries.ts'
import { closeDueDays } from '#lib/kitchen/close.commands.ts'
import { countsCsv } from '#lib/kitchen/count.csv.ts'
import { countsOfDay } from '#lib/kitchen/count.queries.ts'
import { warningsOf } from '#lib/kitchen/count.ts'
import { familyMenus } from '#lib/menus/menu.queries.ts'
import { householdsOf } from '#lib/people/household.queries.ts'
import { setClock, testDatabase } from '#tests/support/database.ts'
import {
  aHousehold,
  aMunicipality,
  aPupil,
  aServiceDay,
  aStaffViewer,
  type Household,
  type TestMunicipality,
} from '#tests/support/factories.ts'
import { aForm, code, DECLARED, done, healthDiet, send } from '#tests/support/forms.ts'

const TUESDAY = '2026-11-24'
const WEDNESDAY = '2026-11-25'
const THURSDAY = '2026-11-26'

let municipality: TestMunicipality
let family: Household
let clerk: Viewer

beforeEach(async () => {
  await setClock(`${TUESDAY}T07:00:00Z`)
  municipality = await aMunicipality()
  family = await aHousehold(municipality)
  clerk = await aStaffViewer(municipality, 'operator')
  for (const day of [TUESDAY, WEDNESDAY, THURSDAY]) await aServiceDay(municipality, day)
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

/** Reads what the screen proposes, and accepts that with what is given. */
async function accept(formId: string, id: string, given: Record<string, string>): Promise<void> {
  const review = await reviewOf(clerk, formId, id)
  if (!review) throw new Error('no review')
  const typed = { ...review.proposed, ...given }
  const { seen, after } = done(await previewAcceptance(clerk, id, typed))
  done(await acceptSubmission(clerk, { id, typed, seen, after, note: '' }))
}

/** Greta is enrolled by a form in which the parent said that she needs a diet. */
async function enrolWithADiet(): Promise<string> {
  const greta = await aPupil(municipality, family.householdId)
  const { owner } = await testDatabase()
  await owner.deleteFrom('enrolment').where('pupil_id', '=', greta).execute()
  const formId = await aForm(clerk, 'enrolment')
  const id = await send(family, formId, {
    figlio: { alunno: greta },
    scuola: { scuola: municipality.school.id, dieta: 'si' },
    contatti: { email: 'laura@example.it' },
    ...DECLARED,
  })
  await accept(formId, id, { classId: municipality.school.classId, from: WEDNESDAY })
  return greta
}

const linesOf = async (day: string) => (await countsOfDay(clerk, day))?.schools[0]?.lines ?? []

async function decide(pupilId: string, given: Record<string, string>): Promise<void> {
  const asked = {
    pupilId,
    dietCode: 'D03',
    from: WEDNESDAY,
    to: '',
    nextDietCode: '',
    severe: 'no',
    ...given,
  }
  const { seen } = done(await previewDiet(clerk, asked))
  done(await decideDiet(clerk, { ...asked, reason: 'Certificato' }, seen.fingerprint))
}

test('a child whose parent asks for a diet is held on the kitchen’s count, on the desk and for the family', async () => {
  const greta = await enrolWithADiet()
  const counts = await countsOfDay(clerk, WEDNESDAY)
  expect(warningsOf(counts?.schools[0]?.lines ?? [])).toMatchObject([
    { dietCode: 'DA-DEFINIRE', undecided: 1 },
  ])
  expect(countsCsv(WEDNESDAY, new Date(), counts?.schools ?? [])).toContain(';DA-DEFINIRE;1;')
  expect((await dietDesk(clerk))?.undecided).toMatchObject([{ pupilId: greta, from: WEDNESDAY }])
  const [household] = await householdsOf(family.holderViewer)
  expect(household?.pupils[0]?.enrolments[0]).toMatchObject({ dietCode: 'DA-DEFINIRE' })
  await setClock(`${WEDNESDAY}T07:00:00Z`)
  const menus = await familyMenus(family.holderViewer, () => [WEDNESDAY])
  expect(menus?.children[0]?.diet).toMatchObject({ code: 'DA-DEFINIRE' })
  await setClock(`${WEDNESDAY}T08:30:03Z`)
  await closeDueDays()
  expect(await linesOf(WEDNESDAY)).toMatchObject([{ dietCode: 'DA-DEFINIRE', meals: 1 }])
})

test('the office decides at the desk, and the child leaves it; a last day brings it back', async () => {
  const greta = await enrolWithADiet()
  await decide(greta, { to: WEDNESDAY, nextDietCode: 'DA-DEFINIRE' })
  expect(await linesOf(WEDNESDAY)).toMatchObject([{ dietCode: 'D03', meals: 1 }])
  expect(await linesOf(THURSDAY)).toMatchObject([{ dietCode: 'DA-DEFINIRE', meals: 1 }])
  const desk = await dietDesk(clerk)
  expect(desk?.undecided).toMatchObject([{ pupilId: greta, from: THURSDAY }])
  expect(desk?.ending).toMatchObject([{ pupilId: greta, to: WEDNESDAY }])
  await decide(greta, { from: THURSDAY })
  expect(await dietDesk(clerk)).toMatchObject({ requested: [], undecided: [], ending: [] })
})

test('a decision at the desk is bound to its preview, told to the family, and refused when nothing would change', async () => {
  const greta = await enrolWithADiet()
  const asked = { pupilId: greta, dietCode: 'D03', from: WEDNESDAY, to: '', nextDietCode: '', severe: 'no' }
  const { seen } = done(await previewDiet(clerk, asked))
  await decide(greta, { severe: 'si' })
  expect(code(await decideDiet(clerk, { ...asked, reason: 'x' }, seen.fingerprint))).toBe(
    'diets:preview-changed',
  )
  expect(code(await previewDiet(clerk, { ...asked, severe: 'si' }))).toBe('diets:nothing-changes')
  const { owner } = await testDatabase()
  const told = await owner
    .selectFrom('notification')
    .select('title')
    .where('person_id', '=', family.holder.personId)
    .where('title', 'like', 'La dieta%')
    .execute()
  expect(told).toHaveLength(1)
  expect(code(await previewDiet(await aStaffViewer(municipality, 'accountant'), asked))).toBe(
    'request:not-found',
  )
})

test('a decision at the desk is not done after a colleague’s, though it would change the same row', async () => {
  const greta = await enrolWithADiet()
  const asked = { pupilId: greta, dietCode: 'D03', from: WEDNESDAY, to: '', nextDietCode: '', severe: 'no' }
  const { seen } = done(await previewDiet(clerk, asked))
  await decide(greta, { dietCode: 'STD' })
  expect(code(await decideDiet(clerk, { ...asked, reason: 'x' }, seen.fingerprint))).toBe(
    'diets:preview-changed',
  )
  expect(await linesOf(WEDNESDAY)).toMatchObject([{ dietCode: 'STD' }])
})

test('the family is told of every decision, also of one that was made before', async () => {
  const greta = await enrolWithADiet()
  for (const [minute, dietCode] of ['D03', 'STD', 'D03'].entries()) {
    await setClock(`${TUESDAY}T07:0${minute}:00Z`)
    await decide(greta, { dietCode })
  }
  const { owner } = await testDatabase()
  const told = await owner
    .selectFrom('notification')
    .select('id')
    .where('person_id', '=', family.holder.personId)
    .where('title', 'like', 'La dieta%')
    .execute()
  expect(told).toHaveLength(3)
})

test('a severe reaction that the parent wrote reaches the kitchen’s list, live and frozen', async () => {
  const greta = await aPupil(municipality, family.householdId)
  const formId = await aForm(clerk, 'diet')
  const request = healthDiet(greta)
  const id = await send(family, formId, {
    ...request,
    salute: { ...request.salute, grave: 'si', al: THURSDAY },
  })
  expect((await reviewOf(clerk, formId, id))?.proposed).toMatchObject({ severe: 'si', to: THURSDAY })
  await accept(formId, id, { dietCode: 'D03', from: TUESDAY })
  expect(await linesOf(TUESDAY)).toMatchObject([{ dietCode: 'D03', meals: 1, severe: 1 }])
  await setClock(`${TUESDAY}T08:30:03Z`)
  await closeDueDays()
  expect(await linesOf(TUESDAY)).toMatchObject([{ dietCode: 'D03', meals: 1, severe: 1 }])
  const [household] = await householdsOf(family.holderViewer)
  expect(household?.pupils[0]?.enrolments.find(({ dietCode }) => dietCode === 'D03')?.severe).toBe(true)
})
