import { sql } from 'kysely'
import { beforeEach, describe, expect, test } from 'vitest'
import type { Viewer } from '#lib/access/viewer.ts'
import {
  announceOpenQuestionnaires,
  settleQuestionnaires,
} from '#lib/questionnaires/announcement.commands.ts'
import {
  discardQuestionnaire,
  duplicateQuestionnaire,
  publishQuestionnaire,
  remindQuestionnaire,
  saveQuestionnaire,
  stopQuestionnaire,
} from '#lib/questionnaires/office/questionnaire.commands.ts'
import {
  officeQuestionnaire,
  officeQuestionnaires,
  officeResults,
  schoolsToAsk,
} from '#lib/questionnaires/office/questionnaire.queries.ts'
import { answerQuestionnaire } from '#lib/questionnaires/questionnaire.commands.ts'
import { familyQuestionnaires, questionnaireSheet } from '#lib/questionnaires/questionnaire.queries.ts'
import { EMPTY_QUESTION, type QuestionnaireDraft } from '#lib/questionnaires/questionnaire.ts'
import { setClock, testDatabase } from '#tests/support/database.ts'
import {
  aDelegate,
  aHousehold,
  aMunicipality,
  aPupil,
  aSchool,
  aStaffViewer,
  type Household,
  type TestMunicipality,
} from '#tests/support/factories.ts'
import { aClass, aNextYear } from '#tests/support/rollover.ts'
import { inEverySubject } from '#tests/support/subjects.ts'

const NOON = '2026-11-24T12:00:00+01:00'
const END = new Date('2026-12-01T18:00:00+01:00')
const AFTER = '2026-12-02T08:00:00+01:00'

let municipality: TestMunicipality
let manager: Viewer
let family: Household
let greta: string

beforeEach(async () => {
  await testDatabase()
  await setClock(NOON)
  municipality = await aMunicipality()
  manager = await aStaffViewer(municipality, 'manager')
  family = await aHousehold(municipality)
  greta = await aPupil(municipality, family.householdId)
})

const draft = (given: Partial<QuestionnaireDraft> = {}): QuestionnaireDraft => ({
  title: 'Com’è la mensa?',
  intro: 'Due minuti, per migliorare.',
  per: 'child',
  anonymous: false,
  showsResults: true,
  schoolIds: [],
  classIds: [],
  opensAt: null,
  closesAt: END,
  questions: [
    { ...EMPTY_QUESTION, words: 'Ti piace?', options: ['Sì', 'No'] },
    { ...EMPTY_QUESTION, kind: 'text', words: 'Perché?', required: false },
  ],
  ...given,
})

async function saved(given: Partial<QuestionnaireDraft> = {}): Promise<string> {
  const result = await saveQuestionnaire(manager, { id: null, version: 0 }, draft(given))
  if (!result.ok) throw new Error(result.code)
  return result.value.id
}

async function published(given: Partial<QuestionnaireDraft> = {}): Promise<string> {
  const id = await saved(given)
  const result = await publishQuestionnaire(manager, id, 1)
  if (!result.ok) throw new Error(result.code)
  return id
}

/** Sends what a parent would: the first option and, if any, some words. */
async function answer(
  viewer: Viewer,
  id: string,
  pupilId: string | null,
  given: { option?: number; words?: string; base?: string } = {},
) {
  const sheet = await questionnaireSheet(viewer, id, pupilId)
  const [choice, text] = sheet?.questions ?? []
  return answerQuestionnaire(viewer, {
    id,
    pupilId,
    base: given.base ?? '',
    given: { [`r-${choice?.id}`]: String(given.option ?? 0), [`r-${text?.id}`]: given.words ?? '' },
  })
}

const code = async (result: Promise<{ ok: boolean; code?: string }>) => (await result).code ?? 'ok'
const rows = async (table: string) => {
  const { owner } = await testDatabase()
  const { rows: found } = await sql<Record<string, unknown>>`
    select *, xmin::text as xmin from ${sql.table(table)} where municipality_id = ${municipality.municipalityId}`.execute(
    owner,
  )
  return found
}

describe('the office', () => {
  test('writes a draft; only a manager publishes it; the accountant and the editor do not write', async () => {
    const operator = await aStaffViewer(municipality, 'operator')
    const result = await saveQuestionnaire(operator, { id: null, version: 0 }, draft())
    const id = result.ok ? result.value.id : ''
    expect(await code(publishQuestionnaire(operator, id, 1))).toBe('request:not-found')
    for (const role of ['accountant', 'editor'] as const)
      expect(
        await code(
          saveQuestionnaire(await aStaffViewer(municipality, role), { id: null, version: 0 }, draft()),
        ),
      ).toBe('request:not-found')
    expect(await code(publishQuestionnaire(manager, id, 1))).toBe('ok')
  })

  test('two who write together never overwrite each other', async () => {
    const id = await saved()
    expect(await code(saveQuestionnaire(manager, { id, version: 1 }, draft({ title: 'Prima' })))).toBe('ok')
    expect(await saveQuestionnaire(manager, { id, version: 1 }, draft({ title: 'Seconda' }))).toMatchObject({
      code: 'questionnaires:changed-meanwhile',
      details: { who: 'Ufficio Conti' },
    })
    expect((await officeQuestionnaire(manager, id))?.title).toBe('Prima')
  })

  test('cannot publish what is not ready, nor without recipients, nor for another municipality’s school', async () => {
    expect(await code(publishQuestionnaire(manager, await saved({ questions: [] }), 1))).toBe(
      'questionnaires:not-ready',
    )
    const empty = await aSchool(municipality)
    expect(await code(publishQuestionnaire(manager, await saved({ schoolIds: [empty.id] }), 1))).toBe(
      'questionnaires:nobody-asked',
    )
    const elsewhere = (await aMunicipality()).school.id
    expect(
      await code(saveQuestionnaire(manager, { id: null, version: 0 }, draft({ schoolIds: [elsewhere] }))),
    ).toBe('request:not-found')
  })

  test('once published the questions stay as they are, even past every check of the application', async () => {
    const id = await published()
    expect(await code(saveQuestionnaire(manager, { id, version: 1 }, draft()))).toBe(
      'questionnaires:published',
    )
    expect(await code(discardQuestionnaire(manager, id))).toBe('questionnaires:published')
    const { owner } = await testDatabase()
    await expect(
      owner
        .updateTable('questionnaire_question')
        .set({ words: 'Altro?' })
        .where('questionnaire_id', '=', id)
        .execute(),
    ).rejects.toThrow(/do not change/)
    await expect(
      owner.updateTable('questionnaire').set({ anonymous: true }).where('id', '=', id).execute(),
    ).rejects.toThrow(/does not change/)
    await expect(
      owner.updateTable('questionnaire').set({ closes_at: AFTER }).where('id', '=', id).execute(),
    ).rejects.toThrow(/does not change/)
  })

  test('ends one early, takes back one that has not begun, copies an old one without its dates', async () => {
    const open = await published()
    expect(await code(stopQuestionnaire(manager, open))).toBe('ok')
    expect(await code(stopQuestionnaire(manager, open))).toBe('ok')
    await setClock('2026-11-24T12:00:01+01:00')
    expect((await officeQuestionnaire(manager, open))?.state).toBe('expired')
    expect(await code(stopQuestionnaire(manager, open))).toBe('questionnaires:not-open')
    const later = await published({ opensAt: new Date('2026-11-26T08:00:00+01:00') })
    expect(await familyQuestionnaires(family.holderViewer)).toHaveLength(1)
    expect(await code(stopQuestionnaire(manager, later))).toBe('ok')
    expect((await officeQuestionnaire(manager, later))?.state).toBe('draft')
    const copy = await duplicateQuestionnaire(manager, open)
    expect(copy.ok && (await officeQuestionnaire(manager, copy.value.id))).toMatchObject({
      state: 'draft',
      title: 'Com’è la mensa?',
      closesAt: null,
      questions: [{ words: 'Ti piace?' }, { words: 'Perché?' }],
    })
  })

  test('of another municipality finds nothing', async () => {
    const id = await published()
    const elsewhere = await aStaffViewer(await aMunicipality(), 'manager')
    expect(await officeQuestionnaire(elsewhere, id)).toBeNull()
    expect(await code(stopQuestionnaire(elsewhere, id))).toBe('request:not-found')
  })

  test('the editor reads what is published, never drafts; the accountant reads nothing', async () => {
    const [id, still] = [await published(), await saved()]
    const editor = await aStaffViewer(municipality, 'editor')
    expect((await officeQuestionnaires(editor))?.map((line) => line.id)).toEqual([id])
    expect(await officeQuestionnaire(editor, still)).toBeNull()
    expect(await officeQuestionnaires(await aStaffViewer(municipality, 'accountant'))).toBeNull()
  })
})

describe('a family', () => {
  test('is asked for each child, or once for all, only in the schools chosen', async () => {
    const sofia = await aPupil(municipality, family.householdId, { name: 'Sofia' })
    const school = await aSchool(municipality)
    const [perChild, perHousehold, other] = [
      await published(),
      await published({ per: 'household' }),
      await saved({ schoolIds: [school.id] }),
    ]
    const names = async (id: string) =>
      (await familyQuestionnaires(family.holderViewer))
        ?.find((line) => line.id === id)
        ?.subjects.map((subject) => subject.name)
    expect(await names(perChild)).toEqual(['Greta', 'Sofia'])
    expect(await names(perHousehold)).toEqual(['Conti'])
    expect(await names(other)).toBeUndefined()
    expect(await code(answer(family.holderViewer, perChild, sofia))).toBe('ok')
    expect((await questionnaireSheet(family.holderViewer, perChild, null))?.subject.name).toBe('Greta')
  })

  test('is asked in summer of who ate to the end of the year, and of the classes of the next one by name', async () => {
    await setClock('2027-07-05T08:00:00Z')
    const gone = await aPupil(municipality, family.householdId, { name: 'Nino', to: '2027-03-01' })
    const schoolYearId = await aNextYear(manager)
    const next = await aClass(municipality, '4A', { yearId: schoolYearId })
    await aPupil({ ...municipality, schoolYearId }, family.householdId, {
      ...{ name: 'Ada', school: next, from: '2027-09-13', to: '2028-06-03' },
    })
    const closesAt = new Date('2027-07-20T18:00:00+02:00')
    const schools = await schoolsToAsk(manager)
    expect(schools.flatMap(({ classes }) => classes.map(({ name }) => name))).toEqual([
      ...['3A', '3A, 2027/2028', '4A, 2027/2028'],
    ])
    const everybody = await published({ closesAt })
    const asked = await published({ closesAt, classIds: [next.classId] })
    const names = async (id: string) =>
      (await familyQuestionnaires(family.holderViewer))
        ?.find((line) => line.id === id)
        ?.subjects.map((subject) => subject.name)
    expect(gone).toBeTruthy()
    expect(await names(everybody)).toEqual(['Greta'])
    expect(await names(asked)).toEqual(['Ada'])
  })

  test('names a class of a year that is over where it was asked', async () => {
    await setClock('2027-11-05T08:00:00Z')
    const old = municipality.school.classId
    expect((await schoolsToAsk(manager)).flatMap(({ classes }) => classes)).toEqual([])
    expect((await schoolsToAsk(manager, [old])).flatMap(({ classes }) => classes)).toEqual([
      { id: old, name: '3A, 2026/2027' },
    ])
  })

  test('answers once, by the parent who comes first; the other is told', async () => {
    const delegate = await aDelegate(municipality, family.householdId)
    const id = await published()
    const both = await Promise.all([
      code(answer(family.holderViewer, id, greta)),
      code(answer(delegate, id, greta, { option: 1 })),
    ])
    expect(both.sort()).toEqual(['ok', 'questionnaires:already-answered'])
    expect(await rows('questionnaire_part')).toHaveLength(1)
    expect(await rows('questionnaire_answer')).toHaveLength(1)
  })

  test('the same answer sent twice is one answer; another one from an older page is refused, from the page of now taken', async () => {
    const id = await published()
    const holder = family.holderViewer
    expect(await code(answer(holder, id, greta))).toBe('ok')
    expect(await code(answer(holder, id, greta))).toBe('ok')
    expect(await code(answer(holder, id, greta, { option: 1 }))).toBe('questionnaires:answered-meanwhile')
    const sheet = await questionnaireSheet(holder, id, greta)
    const base = sheet?.subject.answeredAt?.toISOString() ?? ''
    await setClock('2026-11-24T13:00:00+01:00')
    expect(await answer(holder, id, greta, { option: 1, base })).toMatchObject({ value: { changed: true } })
    expect((await questionnaireSheet(holder, id, greta))?.own.map((own) => own.chosen)).toEqual([[1]])
  })

  test('the last instant is still in time, the next is not, by the clock of the database', async () => {
    const id = await published()
    await setClock(new Date(END.getTime() - 1))
    expect(await code(answer(family.holderViewer, id, greta))).toBe('ok')
    const second = await aPupil(municipality, family.householdId, { name: 'Sofia' })
    await setClock(END)
    expect(await answer(family.holderViewer, id, second)).toMatchObject({
      code: 'questionnaires:over',
      details: { when: new Date('2026-12-01T17:00:00Z') },
    })
  })

  test('hears which answer is missing, and nothing is stored', async () => {
    const id = await published()
    const result = await answerQuestionnaire(family.holderViewer, { id, pupilId: greta, base: '', given: {} })
    const sheet = await questionnaireSheet(family.holderViewer, id, greta)
    expect(result).toMatchObject({
      code: 'questionnaires:check-answers',
      fields: { [`r-${sheet?.questions[0]?.id}`]: 'questionnaires:required' },
    })
    expect(await rows('questionnaire_part')).toEqual([])
  })

  test('does not answer for other people’s children, nor does the office', async () => {
    const id = await published()
    const stranger = (await aHousehold(municipality)).holderViewer
    for (const viewer of [stranger, manager])
      expect(await code(answerQuestionnaire(viewer, { id, pupilId: greta, base: '', given: {} }))).toBe(
        'request:not-found',
      )
    expect(await questionnaireSheet(family.holderViewer, id, crypto.randomUUID())).toBeNull()
  })

  test('with the application asleep a stranger cannot answer for our child', async () => {
    const id = await published()
    const stranger = (await aHousehold(municipality)).holderViewer
    const forged = inEverySubject({ ...stranger, audience: 'family' }, (trx) =>
      trx
        .insertInto('questionnaire_part')
        .values({
          municipality_id: municipality.municipalityId,
          questionnaire_id: id,
          household_id: family.householdId,
          pupil_id: greta,
          person_id: stranger.personId,
          answered_at: NOON,
        })
        .execute(),
    )
    await expect(forged).rejects.toThrow(/row-level security/)
  })
})

describe('an anonymous questionnaire', () => {
  const anonymous = () => published({ anonymous: true })
  async function manyAnswer(id: string, households: number) {
    for (let n = 0; n < households; n += 1) {
      const other = await aHousehold(municipality)
      const pupil = await aPupil(municipality, other.householdId)
      expect(await code(answer(other.holderViewer, id, pupil, { option: n % 2, words: `parola ${n}` }))).toBe(
        'ok',
      )
    }
  }

  test('keeps no person, no moment and nothing that joins who with what', async () => {
    const id = await anonymous()
    await manyAnswer(id, 3)
    for (const part of await rows('questionnaire_part'))
      expect(part).toMatchObject({ person_id: null, answered_at: null })
    const parts = new Set((await rows('questionnaire_part')).map((row) => row.part))
    const answers = await rows('questionnaire_answer')
    expect(answers).toHaveLength(6)
    for (const row of answers) {
      expect(row.part).toBeNull()
      for (const value of Object.values(row)) expect(parts.has(value)).toBe(false)
      // Version 4: random. A version 7 would begin with the time.
      expect(String(row.slip)[14]).toBe('4')
    }
    const audit = (await rows('audit_event')).filter((row) => String(row.action).endsWith('.answered'))
    expect(audit).toEqual([])
  })

  test('not even the transaction pairs them, once enough have answered to hide in', async () => {
    const id = await anonymous()
    await manyAnswer(id, 4)
    await settleQuestionnaires()
    expect(new Set((await rows('questionnaire_part')).map((row) => row.xmin)).size).toBe(4)
    await manyAnswer(id, 1)
    await settleQuestionnaires()
    const [parts, answers] = [await rows('questionnaire_part'), await rows('questionnaire_answer')]
    expect([parts.length, answers.length]).toEqual([5, 10])
    expect(new Set([...parts, ...answers].map((row) => row.xmin)).size).toBe(1)
    // The few that came later hide among all the others at the end.
    await manyAnswer(id, 2)
    await setClock(AFTER)
    await settleQuestionnaires()
    const after = [...(await rows('questionnaire_part')), ...(await rows('questionnaire_answer'))]
    expect(after).toHaveLength(21)
    expect(new Set(after.map((row) => row.xmin)).size).toBe(1)
  })

  test('says nothing to any reader before its end, and then hides small numbers from the office too', async () => {
    const id = await anonymous()
    await manyAnswer(id, 4)
    const found = await officeQuestionnaire(manager, id)
    expect(found && (await officeResults(manager, found))).toBeNull()
    const asleep = await inEverySubject({ ...manager, audience: 'staff' }, (trx) =>
      trx.selectFrom('questionnaire_answer').selectAll().execute(),
    )
    expect(asleep).toEqual([])
    await setClock(AFTER)
    const closed = await officeQuestionnaire(manager, id)
    const results = closed && (await officeResults(manager, closed))
    expect(results?.texts).toEqual({})
    expect(results?.counts.length).toBeGreaterThan(0)
  })

  test('is answered once and for all: a second answer is refused', async () => {
    const id = await anonymous()
    expect(await code(answer(family.holderViewer, id, greta))).toBe('ok')
    expect(await code(answer(family.holderViewer, id, greta, { option: 1 }))).toBe(
      'questionnaires:already-answered',
    )
    expect(await rows('questionnaire_answer')).toHaveLength(1)
  })

  test('refuses a name even past every check of the application', async () => {
    const id = await anonymous()
    const { owner } = await testDatabase()
    await expect(
      owner
        .insertInto('questionnaire_part')
        .values({
          municipality_id: municipality.municipalityId,
          questionnaire_id: id,
          household_id: family.householdId,
          person_id: family.holder.personId,
          answered_at: NOON,
        })
        .execute(),
    ).rejects.toThrow(/knows no person/)
  })
})

describe('results', () => {
  test('go back to families after the end, where that was promised, and as numbers only', async () => {
    const [told, kept] = [await published(), await published({ showsResults: false })]
    await answer(family.holderViewer, told, greta, { words: 'buono' })
    const counts = async (id: string) => (await questionnaireSheet(family.holderViewer, id, greta))?.counts
    expect(await counts(told)).toBeNull()
    await setClock(AFTER)
    expect((await counts(told))?.some((count) => count.people === 1)).toBe(true)
    expect(await counts(kept)).toBeNull()
  })

  test('the totals of a closed one stay; a year later no person knows who answered or in which words, the numbers stay', async () => {
    const id = await published()
    await answer(family.holderViewer, id, greta, { words: 'buono' })
    await setClock(AFTER)
    await settleQuestionnaires()
    await setClock('2027-12-03T08:00:00+01:00')
    while ((await settleQuestionnaires()) > 0);
    expect(await rows('questionnaire_part')).toEqual([])
    expect(await rows('questionnaire_answer')).toMatchObject([{ chosen: [0], words: null, part: null }])
    expect(await officeQuestionnaire(manager, id)).toMatchObject({ asked: 1, answered: 1 })
  })
})

describe('telling families', () => {
  const told = async () => (await rows('notification')).map((row) => [row.person_id, row.event])

  test('both parents of a child that is asked are told once, when it opens', async () => {
    const delegate = await aDelegate(municipality, family.householdId)
    await aHousehold(municipality)
    await published({ opensAt: new Date('2026-11-25T08:00:00+01:00') })
    await announceOpenQuestionnaires()
    expect(await told()).toEqual([])
    await setClock('2026-11-25T08:00:00+01:00')
    await Promise.all([announceOpenQuestionnaires(), announceOpenQuestionnaires()])
    await announceOpenQuestionnaires()
    expect((await told()).sort()).toEqual(
      [
        [family.holder.personId, 'questionnaire:open'],
        [delegate.personId, 'questionnaire:open'],
      ].sort(),
    )
  })

  test('only those who have not answered are told again, once a day', async () => {
    const other = await aHousehold(municipality)
    await aPupil(municipality, other.householdId)
    const id = await published({ anonymous: true })
    await answer(family.holderViewer, id, greta)
    expect(await remindQuestionnaire(manager, id)).toMatchObject({ value: { people: 1 } })
    expect((await told()).map(([person]) => person)).toEqual([other.holder.personId])
    expect(await code(remindQuestionnaire(manager, id))).toBe('questionnaires:reminded-today')
  })
})
