import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Viewer } from '#lib/access/viewer.ts'
import { saveStep } from '#lib/forms/form-draft.commands.ts'
import { acceptSubmission, previewAcceptance } from '#lib/forms/office/acceptance.commands.ts'
import { closeForm } from '#lib/forms/office/form.commands.ts'
import { rejectSubmission } from '#lib/forms/office/submission.commands.ts'
import { sendDraft, withdrawSubmission } from '#lib/forms/submission.commands.ts'
import { closeDueDays } from '#lib/kitchen/close.commands.ts'
import { runClockFrom, setClock, testDatabase } from '#tests/support/database.ts'
import {
  aHousehold,
  aMunicipality,
  aPupil,
  aServiceDay,
  aStaffViewer,
  type Household,
  type TestMunicipality,
} from '#tests/support/factories.ts'
import { aForm, code, done, ethicalDiet, fill, send } from '#tests/support/forms.ts'

/** Many together: one request or a clear refusal, numbers without holes, and no half effects. */
const FAMILIES = 40

let municipality: TestMunicipality
let clerk: Viewer

beforeAll(async () => {
  await setClock('2026-11-24T07:00:00Z')
  municipality = await aMunicipality()
  clerk = await aStaffViewer(municipality, 'operator')
})

afterAll(async () => {
  const { owner } = await testDatabase()
  await owner
    .updateTable('municipality')
    .set({ active: false })
    .where('id', '=', municipality.municipalityId)
    .execute()
})

async function aFamily(): Promise<{ family: Household; pupilId: string }> {
  const family = await aHousehold(municipality)
  return { family, pupilId: await aPupil(municipality, family.householdId) }
}

const numbers = async (formId: string): Promise<number[]> => {
  const { owner } = await testDatabase()
  const rows = await owner
    .selectFrom('form_submission')
    .select('protocol_number')
    .where('form_id', '=', formId)
    .orderBy('protocol_number')
    .execute()
  return rows.map((row) => row.protocol_number)
}

describe('sending together', () => {
  test('one draft from ten tabs is one request, and nine get the same receipt', async () => {
    const { family, pupilId } = await aFamily()
    const formId = await aForm(clerk, 'diet')
    const request = await fill(family, formId, ethicalDiet(pupilId))
    const answers = await Promise.all(
      Array.from({ length: 10 }, () => sendDraft(family.holderViewer, request)),
    )
    const receipts = answers.map((answer) => done(answer))
    expect(new Set(receipts.map(({ submissionId }) => submissionId)).size).toBe(1)
    expect(receipts.filter(({ isNew }) => isNew)).toHaveLength(1)
    expect(await numbers(formId)).toHaveLength(1)
  })

  test('two tabs that save the first step together: one keeps it, the other is told', async () => {
    const { family, pupilId } = await aFamily()
    const formId = await aForm(clerk, 'diet')
    const step = {
      formId,
      householdId: family.householdId,
      stepId: 'figlio',
      revision: 0,
      files: [],
      removed: [],
    }
    const answers = await Promise.all(
      ['etica', 'salute', 'etica', 'salute'].map((motivo) =>
        saveStep(family.holderViewer, { ...step, typed: { alunno: pupilId, motivo } }),
      ),
    )
    expect(answers.map(code).sort()).toEqual(['accepted', ...Array(3).fill('forms:changed-elsewhere')])
  })

  test('many families that send while the office closes the form get each one request or a clear refusal, and no number is missing', async () => {
    const formId = await aForm(clerk, 'diet')
    const before = await highest()
    const requests = []
    for (let n = 0; n < FAMILIES; n += 1) {
      const { family, pupilId } = await aFamily()
      requests.push({
        viewer: family.holderViewer,
        request: await fill(family, formId, ethicalDiet(pupilId)),
      })
    }
    await runClockFrom('2026-11-24T07:00:00Z')
    const [closing, ...answers] = await Promise.all([
      closeForm(clerk, formId, 'Posti esauriti'),
      ...requests.map(({ viewer, request }) => sendDraft(viewer, request)),
    ])
    await setClock('2026-11-24T07:00:00Z')
    expect(code(closing)).toBe('accepted')
    const outcomes = answers.map(code)
    expect(new Set(outcomes)).toEqual(
      new Set(outcomes.filter((one) => one === 'accepted' || one === 'forms:not-open')),
    )
    const taken = await numbers(formId)
    expect(taken).toEqual(Array.from({ length: taken.length }, (_, index) => before + index + 1))
    expect(taken).toHaveLength(outcomes.filter((one) => one === 'accepted').length)
    expect(await highest()).toBe(before + taken.length)
  })

  async function highest(): Promise<number> {
    const { owner } = await testDatabase()
    const row = await owner
      .selectFrom('protocol_series')
      .select('last_number')
      .where('municipality_id', '=', municipality.municipalityId)
      .executeTakeFirst()
    return row?.last_number ?? 0
  }
})

describe('deciding together', () => {
  const typed = {
    classId: '',
    dietCode: 'D03',
    bandCode: '',
    from: '2026-11-25',
    to: '',
    nextDietCode: '',
    severe: '',
  }

  test('a request that is accepted, rejected and taken back together has one decision, and its effects only', async () => {
    for (let round = 0; round < 8; round += 1) {
      const { family, pupilId } = await aFamily()
      const id = await send(family, await aForm(clerk, 'diet'), ethicalDiet(pupilId))
      const { seen } = done(await previewAcceptance(clerk, id, typed))
      const answers = await Promise.all([
        acceptSubmission(clerk, { id, typed, seen, after: '', note: '' }),
        rejectSubmission(clerk, { id, reason: 'No' }),
        withdrawSubmission(family.holderViewer, id),
      ])
      const [accepted] = answers.map(code)
      expect(answers.map(code).filter((one) => one === 'accepted')).toHaveLength(1)
      const { owner } = await testDatabase()
      const rows = await owner
        .selectFrom('enrolment')
        .select('diet_code')
        .where('pupil_id', '=', pupilId)
        .execute()
      expect(rows.map((row) => row.diet_code).sort()).toEqual(
        accepted === 'accepted' ? ['D03', 'STD'] : ['STD'],
      )
    }
  })

  test('a diet for today, decided while the day closes, is in the count or refused, never in between', async () => {
    const day = '2026-11-24'
    await setClock('2026-11-24T07:00:00Z')
    const formId = await aForm(clerk, 'diet')
    const requests: { id: string; pupilId: string; seen: string }[] = []
    const today = { ...typed, from: day }
    const serviceDayId = await aServiceDay(municipality, day)
    for (let n = 0; n < 15; n += 1) {
      const { family, pupilId } = await aFamily()
      const id = await send(family, formId, ethicalDiet(pupilId))
      requests.push({ id, pupilId, seen: done(await previewAcceptance(clerk, id, today)).seen })
    }
    // Past the cutoff, one tenth of a second from now, the day closes while the office goes on accepting.
    await runClockFrom('2026-11-24T08:29:59.950Z')
    const { owner } = await testDatabase()
    await owner
      .updateTable('service_day')
      .set({ close_at: new Date('2026-11-24T08:30:00.050Z') })
      .where('id', '=', serviceDayId)
      .execute()
    const closing = (async () => {
      for (let tries = 0; tries < 100; tries += 1) {
        if ((await closeDueDays()) > 0) return
        await new Promise((resolve) => setTimeout(resolve, 10))
      }
    })()
    const answers = await Promise.all(
      requests.map(async ({ id, seen }, index) => {
        await new Promise((resolve) => setTimeout(resolve, index * 10))
        return acceptSubmission(clerk, { id, typed: today, seen, after: '', note: '' })
      }),
    )
    await closing
    const accepted = answers.filter(({ ok }) => ok).length
    expect(answers.filter(({ ok }) => !ok).every((one) => code(one) === 'tariffs:too-early')).toBe(true)
    const lines = await owner
      .selectFrom('kitchen_count_line as l')
      .innerJoin('kitchen_count as k', 'k.id', 'l.kitchen_count_id')
      .select(['l.diet_code', 'l.meals'])
      .where('k.service_day_id', '=', serviceDayId)
      .execute()
    expect(lines.find((line) => line.diet_code === 'D03')?.meals ?? 0).toBe(accepted)
  })
})
