import { randomUUID } from 'node:crypto'
import { sql } from 'kysely'
import { beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { Viewer } from '#lib/access/viewer.ts'
import { searchOffice } from '#lib/desk/search.queries.ts'
import { foundInWords } from '#lib/desk/search.words.ts'
import { balancesForOffice } from '#lib/ledger/office/balance.queries.ts'
import { dayHistory } from '#lib/meals/meal.queries.ts'
import { changeMeals, type MealChange } from '#lib/meals/meal-change.commands.ts'
import { tellMealChanges } from '#lib/meals/meal-notice.commands.ts'
import { readMonthPage } from '#lib/meals/month.queries.ts'
import {
  dayForOffice,
  monthForOffice,
  previewForOffice,
  receiptForOffice,
} from '#lib/meals/office/on-behalf.queries.ts'
import { readReceipt } from '#lib/meals/receipt.queries.ts'
import { householdSheet } from '#lib/people/office/household-sheet.queries.ts'
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
import { done } from '#tests/support/forms.ts'
import { aPaidTopUp } from '#tests/support/money.ts'

/** A parent telephones, and a colleague changes meals for the family: under the own name, and the family reads how it was asked. */
const DAY = '2026-11-26'
const MORNING = '2026-11-24T08:00:00+01:00'
/** The name that the factory gives a colleague. */
const CLERK = 'Ufficio Conti'

let municipality: TestMunicipality
let household: Household
let parent: Viewer
let operator: Viewer
let greta: string

beforeAll(async () => {
  await testDatabase()
})
beforeEach(async () => {
  await setClock(MORNING)
  municipality = await aMunicipality()
  household = await aHousehold(municipality)
  parent = household.holderViewer
  operator = await aStaffViewer(municipality, 'operator')
  greta = await aPupil(municipality, household.householdId, { name: 'Greta' })
  await aServiceDay(municipality, DAY)
})

const onBehalf = (viewer: Viewer, change: Partial<MealChange> = {}) =>
  changeMeals(viewer, {
    ...{ action: 'cancel', pupilIds: [greta], days: [DAY], channel: 'office', idempotencyKey: randomUUID() },
    asked: { contact: 'phone', note: 'Ha chiamato la nonna' },
    ...change,
  })

describe('a change of meals that a family asked the office for', () => {
  test('is on the family’s receipt as the office’s, with how it was asked and the note; the office reads the colleague', async () => {
    const { receiptId, number } = done(await onBehalf(operator))
    expect(await readReceipt(parent, receiptId)).toMatchObject({
      ...{ number, author: null, contact: 'phone', note: 'Ha chiamato la nonna' },
      meals: [{ pupilId: greta, day: DAY, state: { kind: 'absent' } }],
    })
    expect(await receiptForOffice(operator, receiptId)).toMatchObject({
      ...{ number, author: CLERK, contact: 'phone', householdId: household.householdId },
    })
    expect((await dayHistory(parent, greta, DAY))?.history).toMatchObject([
      { author: null, contact: 'phone' },
    ])
    expect((await dayForOffice(operator, greta, DAY))?.history).toMatchObject([
      { author: CLERK, contact: 'phone' },
    ])
  })

  test('stands in the sheet of the family and in the register, under the name of the colleague', async () => {
    const { receiptId } = done(await onBehalf(operator))
    expect((await householdSheet(operator, household.householdId))?.receipts).toMatchObject([
      { id: receiptId, contact: 'phone', note: 'Ha chiamato la nonna', personName: CLERK },
    ])
    const { owner } = await testDatabase()
    const { person_id, details } = await owner
      .selectFrom('audit_event')
      .selectAll()
      .where('municipality_id', '=', municipality.municipalityId)
      .where('action', '=', 'meals.cancel')
      .executeTakeFirstOrThrow()
    expect([person_id, details]).toMatchObject([
      operator.personId,
      { contact: 'phone', reason: 'Ha chiamato la nonna', changed: 1 },
    ])
  })

  test('is told to the parents with how it was asked; where it was asked in two ways, without', async () => {
    const { owner } = await testDatabase()
    const told = async () => {
      await setClock('2026-11-24T08:20:00+01:00')
      await tellMealChanges()
      const rows = await owner
        .selectFrom('notification')
        .select('body')
        .where('municipality_id', '=', municipality.municipalityId)
        .orderBy('id')
        .execute()
      return rows.map(({ body }) => body)
    }
    await aServiceDay(municipality, '2026-11-27')
    done(await onBehalf(operator))
    expect(await told()).toEqual([
      'L’ufficio della mensa, su richiesta al telefono, ha disdetto il pasto di giovedì 26 novembre.',
    ])
    done(await onBehalf(operator, { action: 'restore' }))
    done(
      await onBehalf(operator, {
        ...{ action: 'restore', days: ['2026-11-27'] },
        asked: { contact: 'desk', note: null },
      }).then(() => onBehalf(operator, { days: ['2026-11-27'], asked: { contact: 'desk', note: null } })),
    )
    await setClock('2026-11-24T08:40:00+01:00')
    await tellMealChanges()
    const rows = await owner
      .selectFrom('notification')
      .select('body')
      .where('municipality_id', '=', municipality.municipalityId)
      .orderBy('id')
      .execute()
    expect(
      rows
        .map(({ body }) => body)
        .slice(1)
        .sort(),
    ).toEqual([
      'L’ufficio della mensa ha disdetto il pasto di venerdì 27 novembre.',
      'L’ufficio della mensa ha ripristinato il pasto di giovedì 26 novembre.',
    ])
  })

  test('is kept by the database with the office’s channel alone, and a note with how it was asked alone', async () => {
    const { owner } = await testDatabase()
    const { receiptId } = done(await onBehalf(operator))
    const copy = (change: string) =>
      sql`insert into absence_receipt select (jsonb_populate_record(r, jsonb_build_object('id', uuidv7(), 'number', 'M-X',
          'idempotency_key', uuidv7()) || ${change}::jsonb)).* from absence_receipt r where id = ${receiptId}`.execute(
        owner,
      )
    await expect(copy('{"channel":"web"}')).rejects.toThrow(/absence_receipt_asked_of_office/)
    await expect(copy('{"contact":null}')).rejects.toThrow(/absence_receipt_note_with_contact/)
  })
})

describe('the pages of the office', () => {
  test('show the month, a preview and the day of a child as its family sees them', async () => {
    done(await onBehalf(operator))
    const family = await readMonthPage(parent, greta, '2026-11')
    const office = await monthForOffice(operator, greta, '2026-11')
    if (!family || family === 'no-children' || !office) throw new Error('a month was expected')
    expect(office.states).toEqual(family.states)
    expect([office.cutoffRule, office.open, office.child]).toEqual([
      family.cutoffRule,
      family.open,
      family.child,
    ])
    const preview = await previewForOffice(operator, { action: 'restore', pupilIds: [greta], days: [DAY] })
    expect(preview?.preview.counts.changes).toBe(1)
  })

  test('write down who read, and are not there for other roles, other towns and wrong addresses', async () => {
    const { receiptId } = done(await onBehalf(operator))
    const { owner } = await testDatabase()
    const readings = async () =>
      (
        await owner
          .selectFrom('audit_event')
          .select('id')
          .where('person_id', '=', operator.personId)
          .where('action', '=', 'household.read')
          .where('object_id', '=', household.householdId)
          .execute()
      ).length
    const before = await readings()
    await monthForOffice(operator, greta, null)
    await receiptForOffice(operator, receiptId)
    expect(await readings()).toBe(before + 2)
    const elsewhere = await aStaffViewer(await aMunicipality(), 'manager')
    const editor = await aStaffViewer(municipality, 'editor')
    for (const other of [elsewhere, editor, parent]) {
      expect(await monthForOffice(other, greta, null)).toBeNull()
      expect(await dayForOffice(other, greta, DAY)).toBeNull()
      expect(await receiptForOffice(other, receiptId)).toBeNull()
      expect(await onBehalf(other)).toMatchObject({ ok: false, code: 'request:not-found' })
    }
    expect(await monthForOffice(operator, 'nessuno', null)).toBeNull()
    expect(await receiptForOffice(operator, randomUUID())).toBeNull()
    const accountant = await aStaffViewer(municipality, 'accountant')
    expect(await monthForOffice(accountant, greta, null)).toBeNull()
    expect(await receiptForOffice(accountant, receiptId)).toMatchObject({ author: CLERK })
  })

  test('explain a balance by what it is made of, and give it to no editor', async () => {
    await aPaidTopUp(municipality, household, 20)
    const [balance] = (await balancesForOffice(operator, household.householdId)) ?? []
    expect(balance).toMatchObject({
      balanceCents: 10_800,
      parts: [{ kind: 'top_up', cents: 10_800, entries: 1 }],
    })
    const editor = await aStaffViewer(municipality, 'editor')
    expect(await balancesForOffice(editor, household.householdId)).toBeNull()
  })

  test('are one press away from the search, for who may change meals', async () => {
    const calendars = async (viewer: Viewer) => {
      const found = await searchOffice(viewer, 'Greta')
      return foundInWords(found ?? ({} as never), 'paese')
        .filter(({ title }) => title.startsWith('Pasti'))
        .flatMap(({ lines }) => lines.map(({ href }) => href))
    }
    expect(await calendars(operator)).toEqual([`/admin/paese/famiglie/pasti/${greta}`])
    expect(await calendars(await aStaffViewer(municipality, 'accountant'))).toEqual([])
  })
})
