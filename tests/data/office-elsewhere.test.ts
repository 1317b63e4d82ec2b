import { sql } from 'kysely'
import { beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { Viewer } from '#lib/access/viewer.ts'
import * as communicationCommands from '#lib/communications/office/communication.commands.ts'
import { officeCommunication } from '#lib/communications/office/communication.queries.ts'
import * as communications from '#lib/communications/office/publication.commands.ts'
import { recipientList } from '#lib/communications/office/recipient.queries.ts'
import * as content from '#lib/content/office/content.commands.ts'
import { officeContent } from '#lib/content/office/content.queries.ts'
import * as acceptance from '#lib/forms/office/acceptance.commands.ts'
import * as forms from '#lib/forms/office/form.commands.ts'
import { builtForm } from '#lib/forms/office/form.queries.ts'
import * as requests from '#lib/forms/office/submission.commands.ts'
import { reviewOf } from '#lib/forms/office/submission.queries.ts'
import type { Result } from '#lib/kernel/result.ts'
import { recordLeftovers } from '#lib/kitchen/leftover.commands.ts'
import * as dishes from '#lib/menus/office/dish.commands.ts'
import * as menus from '#lib/menus/office/menu.commands.ts'
import { officeDish, officeMenu } from '#lib/menus/office/menu.queries.ts'
import * as menuChanges from '#lib/menus/office/menu-change.commands.ts'
import { retryDeliveryBatch } from '#lib/outbox/office/delivery-batch.commands.ts'
import { deliveryBatch } from '#lib/outbox/office/delivery-batch.queries.ts'
import { handOver } from '#lib/people/office/hand-over.commands.ts'
import { handOverInput } from '#lib/people/office/hand-over.input.ts'
import { householdForOffice } from '#lib/people/office/household.queries.ts'
import { householdSheet } from '#lib/people/office/household-sheet.queries.ts'
import * as questionnaires from '#lib/questionnaires/office/questionnaire.commands.ts'
import { officeQuestionnaire } from '#lib/questionnaires/office/questionnaire.queries.ts'
import { EMPTY_QUESTION, type QuestionnaireDraft } from '#lib/questionnaires/questionnaire.ts'
import { previewClosure } from '#lib/school/office/closure.queries.ts'
import { aCommunication, aDraft } from '#tests/support/communications.ts'
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
import { aForm, done, ethicalDiet, onScreen, send } from '#tests/support/forms.ts'
import { aPublishedMenu } from '#tests/support/menus.ts'

/**
 * A manager of one municipality sends the office's forms with the ids of another one, as a person would who edits a hidden field.
 * Nothing there is found, and nothing there changes.
 */
const DAY = '2026-11-25'
const NEWS: content.ContentDraft = {
  ...{
    id: null,
    baseVersion: 0,
    title: 'Cambia il pane',
    summary: 'Arriva il pane integrale.',
    body: '<p>Da lunedì.</p>',
  },
  ...{ category: 'avvisi', urgent: false, highlighted: false, kept: [], added: [] },
}
const QUESTIONS: QuestionnaireDraft = {
  ...{ title: 'Com’è la mensa?', intro: '', per: 'child', anonymous: false, showsResults: true },
  ...{ schoolIds: [], classIds: [], opensAt: null, closesAt: new Date('2026-12-24T12:00:00Z') },
  questions: [{ ...EMPTY_QUESTION, words: 'Ti piace?', options: ['Sì', 'No'] }],
}
const NOW = { opensAt: null, closesAt: null }
const DECISION = {
  classId: '',
  dietCode: 'D03',
  bandCode: '',
  from: DAY,
  to: '',
  nextDietCode: '',
  severe: '',
}

type Place = {
  municipality: TestMunicipality
  manager: Viewer
  family: Household
  news: string
  communication: string
  questionnaire: string
  form: forms.OnScreen
  request: string
  menu: string
  dish: string
  batch: string
}

async function aPlace(): Promise<Place> {
  const municipality = await aMunicipality()
  const manager = await aStaffViewer(municipality, 'manager')
  const family = await aHousehold(municipality)
  const child = await aPupil(municipality, family.householdId)
  await aServiceDay(municipality, DAY)
  const news = done(await content.saveContent(manager, 'news', NEWS))
  done(await content.publishContent(manager, news.id, news.version, NOW))
  const communication = await aCommunication(municipality, { acknowledgement: 'household' })
  const questionnaire = done(
    await questionnaires.saveQuestionnaire(manager, { id: null, version: 0 }, QUESTIONS),
  )
  const formId = await aForm(manager, 'diet')
  const { menuId, dishId } = await aPublishedMenu(municipality)
  const { owner } = await testDatabase()
  const { rows } = await sql<{ id: string }>`
    select batch_id as id from outbox where municipality_id = ${municipality.municipalityId} and batch_id is not null limit 1`.execute(
    owner,
  )
  return {
    municipality,
    manager,
    family,
    news: news.id,
    communication: communication.id,
    questionnaire: questionnaire.id,
    form: await onScreen(manager, formId),
    request: await send(family, formId, ethicalDiet(child, '')),
    menu: menuId,
    dish: dishId,
    batch: rows[0]?.id ?? '',
  }
}

let here: Place
let there: Place

beforeAll(async () => {
  await testDatabase()
})

beforeEach(async () => {
  await setClock('2026-11-24T12:00:00+01:00')
  here = await aPlace()
  there = await aPlace()
})

/** Everything that the other municipality has, as one text per table. */
async function everythingThere(): Promise<Record<string, string>> {
  const { owner } = await testDatabase()
  const { rows } = await sql<{ name: string }>`
    select c.relname as name from pg_class c join pg_attribute a on a.attrelid = c.oid
    where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition and a.attname = 'municipality_id' order by 1`.execute(
    owner,
  )
  const all: Record<string, string> = {}
  for (const { name } of rows) {
    const { rows: found } = await sql<{ text: string | null }>`
      select string_agg(t::text, E'\n' order by t::text) as text from ${sql.table(name)} t
      where t.municipality_id = ${there.municipality.municipalityId}`.execute(owner)
    all[name] = found[0]?.text ?? ''
  }
  return all
}

const codeOf = (result: Result<unknown>): string => (result.ok ? 'DONE' : result.code)

test('no form of the office reaches what another municipality has', async () => {
  const { manager, municipality } = here
  const { form, municipality: other } = there
  const before = await everythingThere()
  const screen = (id: string) => ({ ...form, formId: id })
  const frame = {
    name: 'Nostro',
    startsOn: DAY,
    endsOn: DAY,
    weeks: 1,
    firstWeek: 1,
    schoolIds: [other.school.id],
  }
  const asked: [string, () => Promise<Result<unknown>>][] = [
    ['news: save', () => content.saveContent(manager, 'news', { ...NEWS, id: there.news, baseVersion: 1 })],
    ['news: publish', () => content.publishContent(manager, there.news, 1, NOW)],
    ['news: ask a review', () => content.askContentReview(manager, there.news, 'x')],
    ['news: send back', () => content.sendBackContent(manager, there.news, 'x')],
    ['news: withdraw', () => content.withdrawContent(manager, there.news, 'x')],
    ['news: restore', () => content.restoreContent(manager, there.news, 1)],
    [
      'communication: save',
      () =>
        communicationCommands.saveCommunication(manager, aDraft({ id: there.communication, baseVersion: 1 })),
    ],
    [
      'communication: to their schools',
      () =>
        communicationCommands.saveCommunication(
          manager,
          aDraft({ audience: { to: 'schools', ids: [other.school.id], inDebt: false } }),
        ),
    ],
    [
      'communication: to their families',
      () =>
        communicationCommands.saveCommunication(
          manager,
          aDraft({ audience: { to: 'households', ids: [there.family.householdId], inDebt: false } }),
        ),
    ],
    [
      'communication: by their fiscal codes',
      () =>
        communicationCommands.saveCommunication(
          manager,
          aDraft({
            audience: { to: 'households', ids: [], inDebt: false },
            fiscalCodes: [there.family.holder.fiscalCode],
          }),
        ),
    ],
    [
      'communication: submit',
      () =>
        communications.submitCommunication(manager, there.communication, 1, { publishAt: null, note: '' }),
    ],
    [
      'communication: approve',
      () =>
        communications.approveCommunication(manager, there.communication, 1, { publishAt: null, seen: null }),
    ],
    [
      'communication: send back',
      () => communications.sendBackCommunication(manager, there.communication, 'x'),
    ],
    ['communication: unschedule', () => communications.unscheduleCommunication(manager, there.communication)],
    [
      'communication: withdraw',
      () => communications.withdrawCommunication(manager, there.communication, 'x'),
    ],
    ['communication: remind', () => communications.remindRecipients(manager, there.communication, 'unread')],
    [
      'questionnaire: save',
      () => questionnaires.saveQuestionnaire(manager, { id: there.questionnaire, version: 1 }, QUESTIONS),
    ],
    [
      'questionnaire: for their schools',
      () =>
        questionnaires.saveQuestionnaire(
          manager,
          { id: null, version: 0 },
          { ...QUESTIONS, schoolIds: [other.school.id] },
        ),
    ],
    ['questionnaire: publish', () => questionnaires.publishQuestionnaire(manager, there.questionnaire, 1)],
    ['questionnaire: stop', () => questionnaires.stopQuestionnaire(manager, there.questionnaire)],
    ['questionnaire: remind', () => questionnaires.remindQuestionnaire(manager, there.questionnaire)],
    ['questionnaire: copy', () => questionnaires.duplicateQuestionnaire(manager, there.questionnaire)],
    ['questionnaire: throw away', () => questionnaires.discardQuestionnaire(manager, there.questionnaire)],
    ['form: change', () => forms.editForm(manager, form, { do: 'add-step' })],
    ['form: publish', () => forms.publishForm(manager, form)],
    ['form: close', () => forms.closeForm(manager, form.formId, 'x')],
    ['request: take', () => requests.takeSubmission(manager, there.request)],
    ['request: assign', () => requests.assignSubmission(manager, there.request, null)],
    [
      'request: assign ours to their clerk',
      () => requests.assignSubmission(manager, here.request, there.manager.personId),
    ],
    [
      'request: ask',
      () => requests.askIntegration(manager, { id: there.request, words: 'x', dueOn: '2026-12-01' }),
    ],
    ['request: reject', () => requests.rejectSubmission(manager, { id: there.request, reason: 'x' })],
    ['request: preview', () => acceptance.previewAcceptance(manager, there.request, DECISION)],
    [
      'request: accept',
      () =>
        acceptance.acceptSubmission(manager, {
          id: there.request,
          typed: DECISION,
          seen: 'x',
          after: '',
          note: '',
        }),
    ],
    [
      'dish: save',
      () =>
        dishes.saveDish(
          manager,
          { id: there.dish, revision: 1 },
          {
            name: 'Nostro',
            course: 'primo',
            ingredients: '',
            allergens: [],
            unsuitedDiets: [],
          },
        ),
    ],
    ['dish: take away', () => dishes.archiveDish(manager, there.dish)],
    ['menu: for their schools', () => menus.createMenu(manager, frame)],
    [
      'menu: frame',
      () => menus.saveFrame(manager, there.menu, 1, { ...frame, schoolIds: [municipality.school.id] }),
    ],
    ['menu: our frame for their schools', () => menus.saveFrame(manager, here.menu, 1, frame)],
    ['menu: week', () => menus.saveWeek(manager, there.menu, 1, { week: 1, days: {} })],
    [
      'menu: our week with their dish',
      () => menus.saveWeek(manager, here.menu, 1, { week: 1, days: { 1: [there.dish] } }),
    ],
    ['menu: copy a week', () => menus.saveCopiedWeek(manager, there.menu, 1, { from: 1, to: 1 })],
    ['menu: replacements', () => menus.saveReplacements(manager, there.menu, 1, {})],
    [
      'menu: our replacements with their dish',
      () => menus.saveReplacements(manager, here.menu, 1, { [here.dish]: { D03: there.dish } }),
    ],
    [
      'menu: import',
      () =>
        menus.importSheet(
          manager,
          there.menu,
          1,
          'settimana;giorno;portata;piatto;allergeni;non_adatto_a\n1;lunedì;primo;Riso;nessuno;',
        ),
    ],
    ['menu: publish', () => menus.publishMenu(manager, there.menu, 1)],
    ['menu: withdraw', () => menus.withdrawMenu(manager, there.menu)],
    [
      'menu: change a day of their schools',
      () =>
        menuChanges.announceChange(manager, {
          day: DAY,
          schoolIds: [other.school.id],
          dishId: there.dish,
          newDishId: here.dish,
          reason: 'x',
          replacements: {},
        }),
    ],
    [
      'leftovers',
      () =>
        recordLeftovers(manager, {
          schoolId: other.school.id,
          classId: null,
          day: '2026-11-24',
          amounts: [],
        }),
    ],
    [
      'household: hand over',
      () =>
        handOver(
          manager,
          handOverInput.parse({
            householdId: there.family.householdId,
            fiscalCode: here.family.holder.fiscalCode,
            givenName: 'Laura',
            familyName: 'Conti',
            email: '',
            reason: 'Prova',
          }),
        ),
    ],
    ['batch: again', () => retryDeliveryBatch(manager, there.batch)],
    [
      'form that is nowhere',
      () => forms.publishForm(manager, screen('00000000-0000-7000-8000-000000000000')),
    ],
  ]
  const answers: Record<string, string> = {}
  for (const [name, ask] of asked) answers[name] = codeOf(await ask())
  const reached = Object.entries(answers).filter(([, code]) => code === 'DONE')
  expect(reached).toEqual([])
  expect(await everythingThere()).toEqual(before)
})

describe('no page of the office shows what another municipality has', () => {
  test('each answers as if it were not there', async () => {
    const { manager } = here
    const seen = await Promise.all([
      officeContent(manager, 'news', there.news),
      officeCommunication(manager, there.communication),
      officeQuestionnaire(manager, there.questionnaire),
      builtForm(manager, there.form.formId),
      reviewOf(manager, here.form.formId, there.request),
      reviewOf(manager, there.form.formId, there.request),
      officeMenu(manager, there.menu),
      officeDish(manager, there.dish),
      householdForOffice(manager, there.family.householdId),
      householdSheet(manager, there.family.householdId),
      deliveryBatch(manager, there.batch),
      recipientList(manager, there.communication, {}),
    ])
    expect(seen.filter((found) => found !== null && found !== undefined)).toEqual([])
    expect(await previewClosure(manager, { day: DAY, schoolId: there.municipality.school.id })).toEqual([])
  })
})
