import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Viewer } from '#lib/access/viewer.ts'
import { decideDiet, previewDiet } from '#lib/diets/office/diet-decision.commands.ts'
import { dietDesk, pupilDiets } from '#lib/diets/office/diet-desk.queries.ts'
import { forgetForms } from '#lib/forms/form-retention.commands.ts'
import { acceptSubmission, previewAcceptance } from '#lib/forms/office/acceptance.commands.ts'
import { askIntegration, rejectSubmission } from '#lib/forms/office/submission.commands.ts'
import { reviewOf } from '#lib/forms/office/submission.queries.ts'
import { withdrawSubmission } from '#lib/forms/submission.commands.ts'
import { closeDueDays } from '#lib/kitchen/close.commands.ts'
import { countsCsv } from '#lib/kitchen/count.csv.ts'
import { countsFingerprint, countsOfDay } from '#lib/kitchen/count.queries.ts'
import { readTodayPage } from '#lib/meals/meal.queries.ts'
import { familyMenus } from '#lib/menus/menu.queries.ts'
import { householdsOf } from '#lib/people/household.queries.ts'
import { COMMON_DIET, plateWhile, UNDECIDED_DIET } from '#lib/school/diet.ts'
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
import { aForm, code, done, ethicalDiet, healthDiet, send } from '#tests/support/forms.ts'

const TUESDAY = '2026-11-24'
const WEDNESDAY = '2026-11-25'
const THURSDAY = '2026-11-26'

let municipality: TestMunicipality
let family: Household
let clerk: Viewer
let greta: string
let formId: string

beforeEach(async () => {
  await setClock(`${TUESDAY}T07:00:00Z`)
  municipality = await aMunicipality()
  family = await aHousehold(municipality)
  clerk = await aStaffViewer(municipality, 'operator')
  greta = await aPupil(municipality, family.householdId)
  for (const day of [TUESDAY, WEDNESDAY, THURSDAY]) await aServiceDay(municipality, day)
  const { owner } = await testDatabase()
  await owner
    .insertInto('diet')
    .values({ municipality_id: municipality.municipalityId, code: 'D02', name: 'Senza lattosio' })
    .execute()
  formId = await aForm(clerk, 'diet')
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

async function has(dietCode: string, severe = false): Promise<void> {
  const { owner } = await testDatabase()
  await owner
    .updateTable('enrolment')
    .set({ diet_code: dietCode, severe_reaction: severe })
    .where('pupil_id', '=', greta)
    .execute()
}

const ask = (grave: 'si' | 'no' = 'no') => {
  const request = healthDiet(greta)
  return send(family, formId, { ...request, salute: { ...request.salute, grave } })
}

const linesOf = async (day: string) => (await countsOfDay(clerk, day))?.schools[0]?.lines ?? []

async function accept(id: string, given: Record<string, string>) {
  const review = await reviewOf(clerk, formId, id)
  if (!review) throw new Error('no review')
  const typed = { ...review.proposed, ...given }
  const { seen, after, lines } = done(await previewAcceptance(clerk, id, typed))
  done(await acceptSubmission(clerk, { id, typed, seen, after, note: '' }))
  return lines
}

describe('a diet that is asked for in the middle of the year', () => {
  test('holds a child of the common diet as to be decided: in the count, the frozen one, the file and for the family', async () => {
    await ask()
    expect(await linesOf(TUESDAY)).toMatchObject([{ dietCode: 'DA-DEFINIRE', meals: 1, asked: 0 }])
    const counts = await countsOfDay(clerk, TUESDAY)
    expect(countsCsv(TUESDAY, new Date(), counts?.schools ?? [])).toContain(';DA-DEFINIRE;1;')
    expect((await readTodayPage(family.holderViewer)).waitingDiets).toEqual([
      { pupilId: greta, givenName: 'Greta', asked: false },
    ])
    const menus = await familyMenus(family.holderViewer, () => [TUESDAY])
    expect(menus?.children[0]).toMatchObject({ diet: { code: 'DA-DEFINIRE' }, asked: false })
    const [household] = await householdsOf(family.holderViewer)
    expect(household?.pupils[0]?.enrolments[0]).toMatchObject({ dietCode: 'STD', asked: true })
    await setClock(`${TUESDAY}T08:30:03Z`)
    await closeDueDays()
    expect(await linesOf(TUESDAY)).toMatchObject([{ dietCode: 'DA-DEFINIRE', meals: 1, asked: 0 }])
  })

  test('leaves the diet that the child has, and the kitchen asks: a delegate reads it too', async () => {
    await has('D02')
    await ask('si')
    expect(await linesOf(TUESDAY)).toMatchObject([{ dietCode: 'D02', meals: 1, severe: 1, asked: 1 }])
    const delegate = await aDelegate(municipality, family.householdId)
    expect((await readTodayPage(delegate)).waitingDiets).toMatchObject([{ asked: true }])
    const menus = await familyMenus(family.holderViewer, () => [TUESDAY])
    expect(menus?.children[0]).toMatchObject({ diet: { code: 'D02' }, asked: true })
    const [household] = await householdsOf(family.holderViewer)
    expect(household?.pupils[0]?.enrolments[0]).toMatchObject({ dietCode: 'D02', asked: true, severe: true })
    await setClock(`${TUESDAY}T08:30:03Z`)
    await closeDueDays()
    expect(await linesOf(TUESDAY)).toMatchObject([{ dietCode: 'D02', meals: 1, severe: 1, asked: 1 }])
  })

  test.each([COMMON_DIET, UNDECIDED_DIET, 'D02'])(
    'counts for %s what the rule says, with and without a risk',
    async (dietCode) => {
      for (const severe of [false, true]) {
        await has(dietCode, severe)
        const id = await ask('si')
        const plate = plateWhile({ dietCode, severe }, { severe: true })
        expect(await linesOf(TUESDAY)).toMatchObject([
          { dietCode: plate.dietCode, severe: Number(plate.severe), asked: Number(plate.asked) },
        ])
        done(await withdrawSubmission(family.holderViewer, id))
        expect(await linesOf(TUESDAY)).toMatchObject([{ dietCode, severe: Number(severe), asked: 0 }])
      }
    },
  )

  test('ends when the family withdraws it or the office refuses it, and not while the office asks for more', async () => {
    const first = await ask()
    done(await askIntegration(clerk, { id: first, words: 'Manca una pagina', dueOn: '2026-12-04' }))
    expect(await linesOf(TUESDAY)).toMatchObject([{ dietCode: 'DA-DEFINIRE' }])
    done(await withdrawSubmission(family.holderViewer, first))
    expect(await linesOf(TUESDAY)).toMatchObject([{ dietCode: 'STD' }])
    const second = await ask()
    done(await rejectSubmission(clerk, { id: second, reason: 'Il certificato è di un altro bambino' }))
    expect(await linesOf(TUESDAY)).toMatchObject([{ dietCode: 'STD' }])
    expect((await readTodayPage(family.holderViewer)).waitingDiets).toEqual([])
  })

  test('goes on until the day before the diet that was decided, and is forgotten after it', async () => {
    const id = await ask()
    const lines = await accept(id, { dietCode: 'D03', from: THURSDAY })
    expect(lines).toContain('Fino al 25 novembre 2026 la cucina chiede ancora prima di servire.')
    expect(lines.join(' ')).not.toContain('Dieta comune')
    expect(await linesOf(WEDNESDAY)).toMatchObject([{ dietCode: 'DA-DEFINIRE' }])
    expect(await linesOf(THURSDAY)).toMatchObject([{ dietCode: 'D03', asked: 0 }])
    // A correction to an earlier day takes the rest of the wait away.
    await accept(id, { dietCode: 'D03', from: WEDNESDAY })
    expect(await linesOf(TUESDAY)).toMatchObject([{ dietCode: 'DA-DEFINIRE' }])
    expect(await linesOf(WEDNESDAY)).toMatchObject([{ dietCode: 'D03', asked: 0 }])
    await setClock(`${WEDNESDAY}T07:00:00Z`)
    await forgetForms()
    const { owner } = await testDatabase()
    expect(await owner.selectFrom('diet_hold').selectAll().where('pupil_id', '=', greta).execute()).toEqual(
      [],
    )
  })

  test('holds from the day that the family wrote, not before', async () => {
    await send(family, formId, ethicalDiet(greta, THURSDAY))
    expect(await linesOf(WEDNESDAY)).toMatchObject([{ dietCode: 'STD' }])
    expect(await linesOf(THURSDAY)).toMatchObject([{ dietCode: 'DA-DEFINIRE' }])
  })

  test('makes an open page of counts read the numbers again, when it comes and when it goes', async () => {
    const before = await countsFingerprint(clerk, TUESDAY)
    const id = await ask()
    expect(await countsFingerprint(clerk, TUESDAY)).not.toBe(before)
    done(await withdrawSubmission(family.holderViewer, id))
    expect(await countsFingerprint(clerk, TUESDAY)).toBe(before)
  })

  test('stands on the desk, and a decision made there leaves it open and says so', async () => {
    await has('D02')
    const id = await ask('si')
    const desk = await dietDesk(clerk)
    expect(desk?.requested).toMatchObject([
      { pupilId: greta, dietCode: 'D02', severe: true, from: TUESDAY, formId, submissionId: id },
    ])
    const protocol = desk?.requested[0]?.protocol
    expect((await pupilDiets(clerk, greta))?.requests).toEqual([{ id, formId, protocol }])
    const asked = { pupilId: greta, dietCode: 'D03', from: WEDNESDAY, to: '', nextDietCode: '', severe: 'si' }
    const { lines, seen } = done(await previewDiet(clerk, asked))
    expect(lines).toContain(
      `La domanda ${protocol} resta aperta: finché non la decidi, la cucina chiede prima di servire.`,
    )
    done(await decideDiet(clerk, { ...asked, reason: 'Telefonata' }, seen.fingerprint))
    expect(await linesOf(WEDNESDAY)).toMatchObject([{ dietCode: 'D03', asked: 1 }])
    await accept(id, { dietCode: 'D03', from: WEDNESDAY, severe: 'si' })
    expect(await linesOf(WEDNESDAY)).toMatchObject([{ dietCode: 'D03', asked: 0, severe: 1 }])
    expect((await dietDesk(clerk))?.requested).toEqual([])
  })

  test('proposes no less than what holds: a risk stays, and a diet that would be replaced is named', async () => {
    await has('D02', true)
    const id = await ask('no')
    const proposed = (await reviewOf(clerk, formId, id))?.proposed
    expect(proposed).toMatchObject({ severe: 'si' })
    const { owner } = await testDatabase()
    await owner
      .insertInto('diet')
      .values({
        municipality_id: municipality.municipalityId,
        code: 'D23',
        name: 'Senza lattosio e senza glutine',
        parts: ['D02', 'D03'],
      })
      .execute()
    const linesWith = async (dietCode: string) =>
      done(await previewAcceptance(clerk, id, { ...(proposed as NonNullable<typeof proposed>), dietCode }))
        .lines
    const replaced = 'Prende il posto di: Senza lattosio (D02), che da quel giorno non si prepara più.'
    expect(await linesWith('D03')).toContain(replaced)
    expect(await linesWith('D23')).not.toContain(replaced)
    expect(await linesWith('D02')).not.toContain(replaced)
  })

  test('is of its own family: another holder asks for no pupil that is not theirs, and says until when for none', async () => {
    const id = await ask()
    const stranger = await aHousehold(municipality)
    expect((await readTodayPage(stranger.holderViewer)).waitingDiets).toEqual([])
    expect(code(await withdrawSubmission(stranger.holderViewer, id))).toBe('request:not-found')
    expect(await linesOf(TUESDAY)).toMatchObject([{ dietCode: 'DA-DEFINIRE' }])
  })

  test('changes nothing for a child who has left, and refusing it still works', async () => {
    const id = await ask()
    const { owner } = await testDatabase()
    await owner
      .updateTable('enrolment')
      .set({ valid_to: '2026-11-23' })
      .where('pupil_id', '=', greta)
      .execute()
    expect(await linesOf(TUESDAY)).toEqual([])
    const typed = (await reviewOf(clerk, formId, id))?.proposed
    if (!typed) throw new Error('no review')
    expect(code(await previewAcceptance(clerk, id, { ...typed, dietCode: 'D03' }))).toBe('forms:no-enrolment')
    expect((await dietDesk(clerk))?.requested).toEqual([])
    done(await rejectSubmission(clerk, { id, reason: 'Non mangia più in mensa' }))
  })
})
