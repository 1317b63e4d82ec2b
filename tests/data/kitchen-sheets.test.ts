import { sql } from 'kysely'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { asStaff } from '#db/client.ts'
import type { Viewer } from '#lib/access/viewer.ts'
import { waitingWork } from '#lib/desk/waiting-work.queries.ts'
import { tellUrgentWork } from '#lib/desk/work-notice.commands.ts'
import { chargeClosedDays } from '#lib/kitchen/charge.commands.ts'
import { closeAndCount } from '#lib/kitchen/close.commands.ts'
import { sendCounts } from '#lib/kitchen/count-mail.commands.ts'
import { acknowledgeCounts } from '#lib/kitchen/count-seen.commands.ts'
import { frozenCounts } from '#lib/kitchen/count-seen.queries.ts'
import { seenMark } from '#lib/kitchen/count-seen.ts'
import { newestSheets, sheetFiles, sheetFor } from '#lib/kitchen/count-sheet.queries.ts'
import { sheetDifferences } from '#lib/kitchen/count-sheet.ts'
import { createKitchen, insertServed } from '#lib/kitchen/office/kitchen.commands.ts'
import { saveKitchenSetting } from '#lib/kitchen/office/kitchen-setting.commands.ts'
import { enterClosure } from '#lib/school/office/closure.commands.ts'
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
import { code, done } from '#tests/support/forms.ts'

const [LAST_TUESDAY, TUESDAY] = ['2026-11-17', '2026-11-24']

const LABELS = { namesOnLabels: false }

let municipality: TestMunicipality
let manager: Viewer
let cook: Viewer
let otherCook: Viewer
let kitchenId: string
let rodari: Awaited<ReturnType<typeof aSchool>>

const makeKitchen = async (name: string) =>
  done(await createKitchen(manager, { name, emails: [`${name.toLowerCase()}@esempio.it`], phone: '' }))
    .kitchenId
const serves = (kitchen: string, schoolId: string) =>
  asStaff(manager, (trx) =>
    insertServed(
      trx,
      municipality.municipalityId,
      { schoolId, kitchenId: kitchen, from: LAST_TUESDAY },
      null,
    ),
  )

beforeEach(async () => {
  await setClock(`${LAST_TUESDAY}T07:00:00Z`)
  municipality = await aMunicipality()
  manager = await aStaffViewer(municipality, 'manager')
  rodari = await aSchool(municipality, 'Rodari')
  const { householdId } = await aHousehold(municipality)
  for (const name of ['Ada', 'Bea']) await aPupil(municipality, householdId, { name })
  for (const day of [LAST_TUESDAY, TUESDAY]) await aServiceDay(municipality, day)
  await aServiceDay(municipality, TUESDAY, { school: rodari })
  kitchenId = await makeKitchen('Centro')
  const other = await makeKitchen('Interna')
  await serves(kitchenId, municipality.school.id)
  await serves(other, rodari.id)
  cook = await aStaffViewer(municipality, 'kitchen', { kitchenId })
  otherCook = await aStaffViewer(municipality, 'kitchen', { kitchenId: other })
  await setClock(`${LAST_TUESDAY}T08:30:05Z`)
  await closeAndCount()
  await aPupil(municipality, householdId, { name: 'Leo', diet: 'D03', from: TUESDAY })
  await setClock(`${TUESDAY}T08:30:05Z`)
})

// What is left here is no other test's to send.
afterEach(async () => {
  const { owner } = await testDatabase()
  await owner
    .updateTable('municipality')
    .set({ active: false })
    .where('id', '=', municipality.municipalityId)
    .execute()
})

const count = async () => {
  await closeAndCount()
  await chargeClosedDays()
  await sendCounts()
}

const snow = async () => {
  const operator = await aStaffViewer(municipality, 'operator')
  const asked = { day: TUESDAY, schoolId: municipality.school.id, kind: 'closure', reason: 'Neve' } as const
  done(await enterClosure(operator, { ...asked, expected: { meals: 3, refundCents: 3 * 540 } }))
}

const sheets = async (viewer: Viewer) => (await newestSheets(viewer, TUESDAY)) ?? []
const own = async (viewer: Viewer) => (await frozenCounts(viewer, TUESDAY)) ?? []
const press = async (viewer: Viewer) =>
  acknowledgeCounts(viewer, { day: TUESDAY, seen: seenMark(await own(viewer)) })
const unseen = async () =>
  (await waitingWork(manager)).find(({ kind }) => kind === 'unseen-counts')?.count ?? 0

describe('the sheet of a kitchen', () => {
  test('says in its first version what is other than on the same weekday before', async () => {
    await count()
    const [sheet] = await sheets(cook)
    expect(sheet).toMatchObject({ kitchenName: 'Centro', number: 1 })
    const read = await sheetFor(cook, sheet?.id ?? '')
    expect(read && sheetDifferences(read)).toMatchObject([
      { kind: 'usual', usualDay: LAST_TUESDAY, from: 2, to: 3, lines: [{ dietCode: 'D03', from: 0, to: 1 }] },
    ])
  })

  test('comes again as the next version where a count changes, with the reason and what changed', async () => {
    await count()
    await snow()
    await sendCounts()
    const [sheet] = await sheets(cook)
    expect(sheet?.number).toBe(2)
    const read = await sheetFor(cook, sheet?.id ?? '')
    expect(read && sheetDifferences(read)).toMatchObject([
      { kind: 'changed', reason: 'Neve', from: 3, to: 0 },
    ])
    const { owner } = await testDatabase()
    const mails = await owner
      .selectFrom('outbox')
      .select(['subject', 'count_sheet_id as sheet'])
      .where('municipality_id', '=', municipality.municipalityId)
      .where('recipient', '=', 'centro@esempio.it')
      .orderBy('id')
      .execute()
    expect(mails.map(({ subject }) => subject)).toEqual([
      'Conteggio di martedì 24 novembre 2026: 3 pasti',
      'Conteggio cambiato di martedì 24 novembre 2026: 0 pasti (foglio 2)',
    ])
    expect(mails[1]?.sheet).toBe(sheet?.id)
  })

  test('stays what it was when a later version comes', async () => {
    await count()
    const [first] = await sheets(cook)
    const before = await sheetFor(cook, first?.id ?? '')
    await snow()
    await sendCounts()
    expect(await sheetFor(cook, first?.id ?? '')).toEqual(before)
  })

  test('leaves as PDF and CSV, without a name of a pupil', async () => {
    await count()
    const [sheet] = await sheets(manager)
    const files = await sheetFiles(municipality.municipalityId, sheet?.id ?? '')
    expect(files.map(({ filename }) => filename)).toEqual([
      'conteggio-2026-11-24-foglio-1.pdf',
      'conteggio-2026-11-24-foglio-1.csv',
    ])
    expect(files[0]?.content.toString('latin1').slice(0, 5)).toBe('%PDF-')
    expect(files[1]?.content).toContain(';D03;1;')
    for (const name of ['Ada', 'Bea', 'Leo']) expect(files[1]?.content).not.toContain(name)
  })

  test('is read by the office and the own cooks, and by no other person', async () => {
    await count()
    const all = await sheets(manager)
    expect(all.map(({ kitchenName }) => kitchenName)).toEqual(['Centro', 'Interna'])
    expect((await sheets(otherCook)).map(({ kitchenName }) => kitchenName)).toEqual(['Interna'])
    const [centre] = all
    expect(await sheetFor(otherCook, centre?.id ?? '')).toBeNull()
    for (const role of ['editor', 'reader', 'teacher', 'school_office'] as const) {
      const viewer = await aStaffViewer(municipality, role)
      expect(await sheetFor(viewer, centre?.id ?? ''), role).toBeNull()
      expect(await newestSheets(viewer, TUESDAY), role).toBeNull()
    }
    const stranger = await aStaffViewer(await aMunicipality(), 'manager')
    expect(await sheetFor(stranger, centre?.id ?? '')).toBeNull()
  })
})

describe('what a kitchen has seen', () => {
  test('is its own counts, with who said so and when; the first stays', async () => {
    await count()
    expect(done(await press(cook))).toEqual({ counts: 1 })
    const second = await aStaffViewer(municipality, 'kitchen', { kitchenId })
    await setClock(`${TUESDAY}T08:40:00Z`)
    expect(done(await press(second))).toEqual({ counts: 0 })
    expect(await own(manager)).toMatchObject([
      { kitchenName: 'Centro', seenAt: new Date(`${TUESDAY}T08:30:05Z`), seenBy: 'Ufficio Conti' },
      { kitchenName: 'Interna', seenAt: null },
    ])
  })

  test('is never a later version: the new one asks again', async () => {
    await count()
    const seen = seenMark(await own(cook))
    done(await acknowledgeCounts(cook, { day: TUESDAY, seen }))
    await snow()
    expect(await own(cook)).toMatchObject([{ version: 2, seenAt: null }])
    expect(code(await acknowledgeCounts(cook, { day: TUESDAY, seen }))).toBe('kitchens:count-changed')
    expect(await own(cook)).toMatchObject([{ version: 2, seenAt: null }])
    done(await press(cook))
    expect(await own(cook)).toMatchObject([{ version: 2, seenBy: 'Ufficio Conti' }])
  })

  test('is no word of the office, of another kitchen, of another municipality or of a past day', async () => {
    await count()
    expect(code(await press(manager))).toBe('request:not-found')
    const stranger = await aStaffViewer(await aMunicipality(), 'kitchen')
    const ids = (await own(manager)).map(({ countId }) => countId)
    for (const viewer of [otherCook, stranger, manager])
      await asStaff(viewer, (trx) =>
        sql`select acknowledge_counts(${TUESDAY}::date, ${ids}::uuid[])`.execute(trx),
      )
    expect(await own(manager)).toMatchObject([
      { seenAt: null },
      { kitchenName: 'Interna', seenBy: 'Ufficio Conti' },
    ])
    await setClock('2026-11-25T08:00:00Z')
    expect(code(await press(cook))).toBe('request:not-found')
  })
})

describe('the office hears of a count that was not seen', () => {
  test('after the usual half hour, once for each kitchen, and again of a later version', async () => {
    await count()
    await setClock(`${TUESDAY}T09:00:00Z`)
    expect(await unseen()).toBe(0)
    await setClock(`${TUESDAY}T09:00:06Z`)
    expect(await unseen()).toBe(2)
    expect(await tellUrgentWork()).toBe(1)
    expect(await tellUrgentWork()).toBe(0)
    done(await press(cook))
    expect(await unseen()).toBe(1)
    await snow()
    await setClock(`${TUESDAY}T09:31:00Z`)
    expect(await unseen()).toBe(2)
    // The manager, and the operator who entered the closure.
    expect(await tellUrgentWork()).toBe(2)
  })

  test('after the time that the municipality set, or never', async () => {
    await count()
    await setClock(`${TUESDAY}T08:41:00Z`)
    expect(await unseen()).toBe(0)
    done(await saveKitchenSetting(manager, { ...LABELS, seenMinutes: 10, revision: 0 }))
    expect(await unseen()).toBe(2)
    expect(code(await saveKitchenSetting(manager, { ...LABELS, seenMinutes: 60, revision: 0 }))).toBe(
      'structure:changed-meanwhile',
    )
    done(await saveKitchenSetting(manager, { ...LABELS, seenMinutes: null, revision: 1 }))
    await setClock(`${TUESDAY}T14:00:00Z`)
    expect(await unseen()).toBe(0)
    expect(
      code(
        await saveKitchenSetting(await aStaffViewer(municipality, 'operator'), {
          ...LABELS,
          seenMinutes: 5,
          revision: 2,
        }),
      ),
    ).toBe('request:not-found')
  })

  test('not where no person has the role of its kitchen', async () => {
    const { owner } = await testDatabase()
    await owner.deleteFrom('staff_member').where('person_id', '=', otherCook.personId).execute()
    await count()
    await setClock(`${TUESDAY}T10:00:00Z`)
    expect(await unseen()).toBe(1)
  })
})
