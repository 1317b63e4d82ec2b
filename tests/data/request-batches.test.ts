import { sql } from 'kysely'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { asStaff, type Trx } from '#db/client.ts'
import type { Viewer } from '#lib/access/viewer.ts'
import {
  advanceBatches,
  cancelBatch,
  confirmBatch,
  prepareAgain,
  prepareBatch,
} from '#lib/forms/office/batch.commands.ts'
import { type Batch, batchesInHand, batchOf } from '#lib/forms/office/batch.queries.ts'
import { setPlaces } from '#lib/forms/office/places.commands.ts'
import { yearCounts } from '#lib/forms/office/places.queries.ts'
import { WHOLE_QUEUE } from '#lib/forms/office/submission.address.ts'
import { rejectSubmission } from '#lib/forms/office/submission.commands.ts'
import { queueOf } from '#lib/forms/office/submission.queries.ts'
import { makeFiscalCode } from '#lib/identity/fiscal-code.ts'
import type { SearchParams } from '#lib/web/query-params.ts'
import { setClock, testDatabase } from '#tests/support/database.ts'
import {
  aHousehold,
  aMunicipality,
  aPupil,
  aStaffViewer,
  type Household,
  type TestMunicipality,
} from '#tests/support/factories.ts'
import { aForm, change, code, DECLARED, done, send } from '#tests/support/forms.ts'

const FIRST_PAGE = { outcome: '', page: 1 } as const
const CONTACTS = { contatti: { email: 'genitore@example.it' } }

let municipality: TestMunicipality
let clerk: Viewer
let formId: string

beforeEach(async () => {
  await setClock('2026-11-24T07:00:00Z')
  municipality = await aMunicipality()
  clerk = await aStaffViewer(municipality, 'operator')
  formId = await aForm(clerk, 'enrolment')
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

const child = (givenName: string, given: { diet?: string; code?: string; birthDay?: string } = {}) => ({
  figlio: {
    alunno: 'nuovo',
    nome: givenName,
    cognome: 'Conti',
    nascita: given.birthDay ?? '2019-05-04',
    'codice-fiscale':
      given.code ??
      makeFiscalCode({ familyName: 'Conti', givenName, birthDay: given.birthDay ?? '2019-05-04', sex: 'F' }),
  },
  scuola: { scuola: municipality.school.id, dieta: given.diet ?? 'no' },
  ...CONTACTS,
  ...DECLARED,
})

/** A request of a family of its own. */
async function asked(
  givenName: string,
  given: Parameters<typeof child>[1] = {},
): Promise<{ id: string; family: Household }> {
  const family = await aHousehold(municipality)
  return { id: await send(family, formId, child(givenName, given)), family }
}

async function prepared(which: string[], viewer = clerk, classId: string | null = null): Promise<string> {
  const { id } = done(await prepareBatch(viewer, { kind: 'accept', which, classId, words: '', dueOn: null }))
  await work()
  return id
}

/** The worker until nothing is due. */
async function work(): Promise<void> {
  while ((await advanceBatches()) > 0);
}

async function shown(id: string, viewer = clerk): Promise<Batch> {
  const batch = await batchOf(viewer, id, FIRST_PAGE)
  if (!batch) throw new Error('no such batch')
  return batch
}

const reasons = (batch: Batch) =>
  Object.fromEntries(batch.lines.map(({ id, reason }) => [id, reason?.code ?? null]))

async function states(ids: string[]): Promise<string[]> {
  const { owner } = await testDatabase()
  const rows = await owner
    .selectFrom('form_submission')
    .select(['id', 'state'])
    .where('id', 'in', ids)
    .execute()
  return ids.map((id) => rows.find((row) => row.id === id)?.state ?? '')
}

async function pupilsNow(): Promise<number> {
  const { owner } = await testDatabase()
  const rows = await owner
    .selectFrom('pupil as p')
    .innerJoin('enrolment as e', 'e.pupil_id', 'p.id')
    .select('p.id')
    .where('p.municipality_id', '=', municipality.municipalityId)
    .execute()
  return rows.length
}

describe('the preview of several requests', () => {
  test('counts all effects, sets the doubtful aside with their reasons, and decides nothing', async () => {
    const [anna, bice, clara] = [
      await asked('Anna'),
      await asked('Bice', { diet: 'si' }),
      await asked('Clara'),
    ]
    const wrong = await asked('Dora', {
      code: makeFiscalCode({ familyName: 'Rossi', givenName: 'Dora', birthDay: '2019-05-04', sex: 'F' }),
    })
    const batch = await shown(await prepared([anna.id, bice.id, clara.id, wrong.id]))
    expect(batch).toMatchObject({ state: 'ready', total: 4, counts: { ready: 2, doubtful: 2 } })
    expect(reasons(batch)).toEqual({
      [anna.id]: null,
      [bice.id]: 'forms:batch-diet',
      [clara.id]: null,
      [wrong.id]: 'forms:batch-code',
    })
    expect(batch.effects).toMatchObject({ enters: 2, classes: [{ n: 2, taken: 0, places: null }] })
    expect(await batchesInHand(clerk)).toMatchObject([{ id: batch.id, state: 'ready', total: 4 }])
    expect(await states([anna.id, bice.id, clara.id, wrong.id])).toEqual(Array(4).fill('submitted'))
    expect(await pupilsNow()).toBe(0)
  })

  test('sets aside a second request for one child, and a child who has the name and birth day of a pupil', async () => {
    const anna = await asked('Anna')
    const twin = makeFiscalCode({ familyName: 'Conti', givenName: 'Anna', birthDay: '2019-05-04', sex: 'F' })
    const other = await asked('Anna', { code: twin })
    const family = await aHousehold(municipality)
    const greta = await aPupil(municipality, family.householdId, { name: 'Greta' })
    const { owner } = await testDatabase()
    await owner
      .updateTable('pupil')
      .set({ family_name: 'Conti', birth_date: '2018-03-02' })
      .where('id', '=', greta)
      .execute()
    const namesake = await asked('Greta', { birthDay: '2018-03-02' })
    const batch = await shown(await prepared([anna.id, other.id, namesake.id]))
    expect(reasons(batch)).toEqual({
      [anna.id]: null,
      [other.id]: 'forms:batch-twice',
      [namesake.id]: 'forms:batch-namesake',
    })
  })

  test('leaves to a person a request whose class is not known or is full; the office may choose one class for all', async () => {
    const { owner } = await testDatabase()
    const other = await owner
      .insertInto('school_class')
      .values({
        municipality_id: municipality.municipalityId,
        school_id: municipality.school.id,
        school_year_id: municipality.schoolYearId,
        name: '2Z',
      })
      .returning('id')
      .executeTakeFirstOrThrow()
    const [anna, bice] = [await asked('Anna'), await asked('Bice')]
    const unknown = await shown(await prepared([anna.id, bice.id]))
    expect(Object.values(reasons(unknown))).toEqual(['forms:batch-no-class', 'forms:batch-no-class'])
    done(await setPlaces(clerk, [{ classId: other.id, places: 1 }]))
    const chosen = await shown(await prepared([anna.id, bice.id], clerk, other.id))
    expect(reasons(chosen)).toEqual({ [anna.id]: null, [bice.id]: 'forms:batch-full' })
    expect(chosen.effects.classes).toMatchObject([{ n: 1, places: 1 }])
    const counts = await yearCounts(clerk, '2026/2027')
    expect(counts?.waiting).toEqual([{ schoolId: municipality.school.id, n: 2 }])
    expect(counts?.classes.find(({ classId }) => classId === other.id)).toMatchObject({
      pupils: 0,
      places: 1,
    })
  })

  test('is refused for nothing, for too many and for who may not', async () => {
    const all = { kind: 'accept', classId: null, words: '', dueOn: null } as const
    expect(code(await prepareBatch(clerk, { ...all, which: [] }))).toBe('forms:batch-empty')
    expect(code(await prepareBatch(clerk, { ...all, which: { ...WHOLE_QUEUE, text: 'nessuno' } }))).toBe(
      'forms:batch-empty',
    )
    const { id, family } = await asked('Anna')
    const batchId = await prepared([id])
    const elsewhere = await aStaffViewer(await aMunicipality(), 'manager')
    for (const viewer of [await aStaffViewer(municipality, 'accountant'), family.holderViewer, elsewhere]) {
      expect(await batchOf(viewer, batchId, FIRST_PAGE)).toBeNull()
      expect(await batchesInHand(viewer === elsewhere ? family.holderViewer : viewer)).toBeNull()
      expect(code(await confirmBatch(viewer, batchId))).toBe('request:not-found')
      expect(code(await cancelBatch(viewer, batchId))).toBe('request:not-found')
      expect(code(await prepareAgain(viewer, batchId))).toBe('request:not-found')
      expect(code(await setPlaces(viewer, [{ classId: municipality.school.classId, places: 3 }]))).toBe(
        'request:not-found',
      )
    }
    expect(code(await prepareBatch(elsewhere, { ...all, which: [id] }))).toBe('forms:batch-empty')
    expect(await pupilsNow()).toBe(0)
  })
})

describe('a confirmed batch', () => {
  test('enrols those that are ready, each with its milestone, and leaves the rest', async () => {
    const [anna, bice] = [await asked('Anna'), await asked('Bice', { diet: 'si' })]
    const id = await prepared([anna.id, bice.id])
    done(await confirmBatch(clerk, id))
    expect(await states([anna.id])).toEqual(['submitted'])
    await work()
    expect(await shown(id)).toMatchObject({ state: 'done', counts: { done: 1, doubtful: 1 } })
    expect(await states([anna.id, bice.id])).toEqual(['accepted', 'submitted'])
    expect(await pupilsNow()).toBe(1)
    await work()
    expect(await pupilsNow()).toBe(1)
  })

  test('does nothing for a request whose preview is no longer true, and the rest all the same', async () => {
    const [anna, bice] = [await asked('Anna'), await asked('Bice')]
    const id = await prepared([anna.id, bice.id])
    const { owner } = await testDatabase()
    await owner
      .insertInto('school_class')
      .values({
        municipality_id: municipality.municipalityId,
        school_id: municipality.school.id,
        school_year_id: municipality.schoolYearId,
        name: '9Z',
      })
      .execute()
    // Another family registers the child at the desk.
    const family = await aHousehold(municipality)
    const pupil = await aPupil(municipality, family.householdId)
    await owner
      .updateTable('pupil')
      .set({
        fiscal_code: makeFiscalCode({
          familyName: 'Conti',
          givenName: 'Bice',
          birthDay: '2019-05-04',
          sex: 'F',
        }),
      })
      .where('id', '=', pupil)
      .execute()
    done(await confirmBatch(clerk, id))
    await work()
    const batch = await shown(id)
    expect(batch.counts).toEqual({ done: 1, refused: 1 })
    expect(reasons(batch)).toEqual({ [anna.id]: null, [bice.id]: 'forms:pupil-elsewhere' })
    expect(await states([anna.id, bice.id])).toEqual(['accepted', 'submitted'])
  })

  test('of two colleagues decides each request once, and tells the second by whom', async () => {
    const [anna, bice] = [await asked('Anna'), await asked('Bice')]
    const manager = await aStaffViewer(municipality, 'manager')
    const [first, second] = [await prepared([anna.id, bice.id]), await prepared([anna.id, bice.id], manager)]
    done(await confirmBatch(clerk, first))
    expect(code(await confirmBatch(manager, first))).toBe('forms:batch-begun')
    expect(code(await confirmBatch(clerk, first))).toBe('accepted')
    done(await rejectSubmission(manager, { id: bice.id, reason: 'Posti finiti' }))
    done(await confirmBatch(manager, second))
    await Promise.all([advanceBatches(), advanceBatches()])
    await work()
    expect(await pupilsNow()).toBe(1)
    const both = [await shown(first), await shown(second, manager)]
    expect(both.map(({ counts }) => counts.done ?? 0).reduce((a, b) => a + b)).toBe(1)
    const told = both.flatMap(({ lines }) => lines).flatMap(({ reason }) => reason ?? [])
    expect(told.every(({ code: why }) => why === 'forms:batch-decided')).toBe(true)
    expect(told).toHaveLength(3)
    expect(told.map(({ details }) => (details as { who: string }).who)).toContain('Ufficio Conti')
  })

  test('stops when it is cancelled: what is done stays, the rest can be prepared again', async () => {
    const [anna, bice] = [await asked('Anna'), await asked('Bice')]
    const id = await prepared([anna.id, bice.id])
    done(await confirmBatch(clerk, id))
    done(await cancelBatch(clerk, id))
    await work()
    expect(await shown(id)).toMatchObject({ state: 'cancelled', counts: { left: 2 } })
    expect(await states([anna.id, bice.id])).toEqual(['submitted', 'submitted'])
    expect(code(await confirmBatch(clerk, id))).toBe('forms:batch-over')
    const again = done(await prepareAgain(clerk, id))
    await work()
    done(await confirmBatch(clerk, again.id))
    await work()
    expect(await states([anna.id, bice.id])).toEqual(['accepted', 'accepted'])
  })

  test('resumes where a worker stopped', async () => {
    const ids: string[] = []
    for (const name of ['Anna', 'Bice', 'Clara']) ids.push((await asked(name)).id)
    const id = await prepared(ids)
    done(await confirmBatch(clerk, id))
    let looks = 0
    // The worker is told to stop after its first request.
    await advanceBatches(() => {
      looks += 1
      return looks > 2
    })
    expect((await states(ids)).filter((state) => state === 'accepted')).toHaveLength(1)
    await work()
    expect(await states(ids)).toEqual(['accepted', 'accepted', 'accepted'])
    expect(await pupilsNow()).toBe(3)
    expect((await shown(id)).counts).toEqual({ done: 3 })
  })

  test('does nothing more in the name of a person whose role has ended', async () => {
    const { id: anna } = await asked('Anna')
    const id = await prepared([anna])
    done(await confirmBatch(clerk, id))
    const { owner } = await testDatabase()
    await owner
      .updateTable('staff_member')
      .set({ ended_at: new Date('2026-11-24T07:00:00Z') })
      .where('person_id', '=', clerk.personId)
      .execute()
    await work()
    expect(await states([anna])).toEqual(['submitted'])
    expect(await shown(id, await aStaffViewer(municipality, 'manager'))).toMatchObject({ state: 'cancelled' })
  })
})

describe('asking many families for what is missing', () => {
  const asking = (which: string[]) => ({
    kind: 'ask' as const,
    which,
    classId: null,
    words: 'Per {figlio} ci serve {manca}.',
    dueOn: '2026-12-04',
  })

  test('writes to each its own message, and leaves out those that lack nothing', async () => {
    const [anna, bice] = [await asked('Anna'), await asked('Bice', { diet: 'si' })]
    const { id } = done(await prepareBatch(clerk, asking([anna.id, bice.id])))
    await work()
    const batch = await shown(id)
    expect(reasons(batch)).toEqual({ [anna.id]: 'forms:batch-lacks-nothing', [bice.id]: null })
    expect(batch.lines.find((line) => line.id === bice.id)?.words).toBe(
      'Per Bice Conti ci serve il certificato o la scelta della dieta.',
    )
    done(await confirmBatch(clerk, id))
    await work()
    expect(await states([anna.id, bice.id])).toEqual(['submitted', 'integration'])
    const { owner } = await testDatabase()
    const event = await owner
      .selectFrom('form_event')
      .select(['words', 'due_on'])
      .where('submission_id', '=', bice.id)
      .where('kind', '=', 'asked')
      .executeTakeFirstOrThrow()
    expect(event).toEqual({
      words: 'Per Bice Conti ci serve il certificato o la scelta della dieta.',
      due_on: '2026-12-04',
    })
    const told = await owner
      .selectFrom('notification')
      .select('title')
      .where('person_id', '=', bice.family.holder.personId)
      .execute()
    expect(told.map(({ title }) => title)).toContain('Domanda 2/2026: manca qualcosa')
  })

  test('sends nothing to a family whose request changed after the preview', async () => {
    const { id: bice } = await asked('Bice', { diet: 'si' })
    const { id } = done(await prepareBatch(clerk, asking([bice])))
    await work()
    const other = done(await prepareBatch(clerk, asking([bice])))
    await work()
    done(await confirmBatch(clerk, id))
    await work()
    done(await confirmBatch(clerk, other.id))
    await work()
    expect(reasons(await shown(other.id))).toEqual({ [bice]: 'forms:preview-changed' })
  })

  test('is refused for a day that is over or too far', async () => {
    const { id } = await asked('Anna')
    for (const dueOn of ['2026-11-24', '2027-06-01'])
      expect(code(await prepareBatch(clerk, { ...asking([id]), dueOn }))).toBe('forms:bad-due-day')
  })
})

describe('the queue', () => {
  test('finds by what is missing, by form, by school and by age, and sorts by name', async () => {
    const [zoe, bice] = [await asked('Zoe'), await asked('Bice', { diet: 'si' })]
    const find = async (params: SearchParams) =>
      (await queueOf(clerk, { stato: '', ...params }))?.page.rows.map(({ id }) => id)
    expect(await find({ manca: 'niente' })).toEqual([zoe.id])
    expect(await find({ manca: 'dieta' })).toEqual([bice.id])
    expect(await find({ manca: 'classe' })).toEqual([])
    expect(await find({ modulo: formId, ordina: 'nome' })).toEqual([bice.id, zoe.id])
    expect(await find({ modulo: await aForm(clerk, 'diet') })).toEqual([])
    expect(await find({ scuola: municipality.school.id })).toEqual([zoe.id, bice.id])
    expect(await find({ attesa: '3' })).toEqual([])
    await setClock('2026-11-28T07:00:00Z')
    expect(await find({ attesa: '3', ordina: '-inviata' })).toHaveLength(2)
  })

  test('finds what is missing in a request of an earlier version, whose lacks no person had written', async () => {
    const [zoe, bice] = [await asked('Zoe'), await asked('Bice', { diet: 'si' })]
    const { owner } = await testDatabase()
    await owner
      .updateTable('form_submission')
      .set({ lacks: [], lacks_known: false })
      .where('id', 'in', [zoe.id, bice.id])
      .execute()
    const find = async (manca: 'niente' | 'dieta') =>
      (await queueOf(clerk, { stato: '', manca }))?.page.rows.map(({ id }) => id)
    expect(await find('niente')).toEqual([zoe.id])
    expect(await find('dieta')).toEqual([bice.id])
    const { rows } = await sql<{ known: boolean }>`select bool_and(lacks_known) as known from form_submission
      where municipality_id = ${municipality.municipalityId}`.execute(owner)
    expect(rows[0]?.known).toBe(true)
  })

  test('pages with a total, beyond five hundred, and reads its first page by the index of what waits', async () => {
    const { id } = await asked('Anna')
    const { owner } = await testDatabase()
    // Years of decided requests behind a morning of new ones.
    const copies = sql`insert into form_submission (municipality_id, form_id, version, draft_id, household_id, person_id,
        protocol_year, protocol_number, answers, shown, about, school_id)
      select s.municipality_id, s.form_id, s.version, uuidv7(), s.household_id, s.person_id, s.protocol_year, n, s.answers, s.shown,
        s.about, s.school_id
      from form_submission s cross join generate_series(2, 5621) n where s.id = ${id}::uuid`
    await copies.execute(owner)
    await sql`update form_submission set state = 'accepted', decided_at = app_now()
      where municipality_id = ${municipality.municipalityId} and protocol_number > 621`.execute(owner)
    const page = (await queueOf(clerk, { pagina: '13' }))?.page
    expect(page).toMatchObject({ total: 621, pages: 13 })
    expect(page?.rows).toHaveLength(21)
    await sql`analyze form_submission`.execute(owner)
    const { rows } = await asStaff(clerk, explained)
    expect(rows.map((row) => row['QUERY PLAN']).join('\n')).toContain('form_submission_by_age')
  })
})

/** The plan of the queue's first page, where no table is small enough to be read whole. */
async function explained(trx: Trx) {
  await sql`set local enable_seqscan = off`.execute(trx)
  return sql<Record<string, string>>`
    explain select s.id from form_submission s
    where s.municipality_id = ${municipality.municipalityId} and s.decided_at is null
    order by s.submitted_at, s.id limit 50`.execute(trx)
}

test('a published form of an office keeps its answers when it is changed between two batches', async () => {
  const { id } = await asked('Anna')
  await change(clerk, formId, { do: 'add-step' })
  const batch = await shown(await prepared([id]))
  expect(batch.counts).toEqual({ ready: 1 })
})
