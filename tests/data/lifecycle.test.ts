import { beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { Viewer } from '#lib/access/viewer.ts'
import { saveCommunication } from '#lib/communications/office/communication.commands.ts'
import { officeCommunication } from '#lib/communications/office/communication.queries.ts'
import {
  approveCommunication,
  publishDueCommunications,
  submitCommunication,
  unscheduleCommunication,
  withdrawCommunication,
} from '#lib/communications/office/publication.commands.ts'
import {
  askContentReview,
  publishContent,
  saveContent,
  withdrawContent,
} from '#lib/content/office/content.commands.ts'
import { officeContent } from '#lib/content/office/content.queries.ts'
import { closeForm, createForm, editForm, publishForm } from '#lib/forms/office/form.commands.ts'
import { builtForm } from '#lib/forms/office/form.queries.ts'
import type { Result } from '#lib/kernel/result.ts'
import { saveDish } from '#lib/menus/office/dish.commands.ts'
import { createMenu, publishMenu, saveWeek, withdrawMenu } from '#lib/menus/office/menu.commands.ts'
import { officeMenu } from '#lib/menus/office/menu.queries.ts'
import { LIFECYCLE, type PublicationState, type PublishedKind } from '#lib/publishing/lifecycle.ts'
import {
  publishQuestionnaire,
  saveQuestionnaire,
  stopQuestionnaire,
} from '#lib/questionnaires/office/questionnaire.commands.ts'
import { officeQuestionnaire } from '#lib/questionnaires/office/questionnaire.queries.ts'
import { EMPTY_QUESTION } from '#lib/questionnaires/questionnaire.ts'
import { aDraft, managerOf } from '#tests/support/communications.ts'
import { setClock, testDatabase } from '#tests/support/database.ts'
import { aHousehold, aMunicipality, aPupil, type TestMunicipality } from '#tests/support/factories.ts'
import fc, { atLength } from '#tests/support/random.ts'

const START = new Date('2026-11-24T12:00:00+01:00').getTime()
const HOUR = 3_600_000
const MINUTE = 60_000

type Act = 'save' | 'submit' | 'publish' | 'schedule' | 'withdraw' | 'takeBack' | 'close'
type Step = Act | 'wait'
/** Something of a kind, as the office acts on it. */
type Thing = {
  state: () => Promise<PublicationState>
  act: (act: Act, now: number) => Promise<Result<unknown>>
}

let municipality: TestMunicipality
let manager: Viewer

beforeAll(async () => {
  await testDatabase()
})

beforeEach(async () => {
  await setClock(new Date(START))
  municipality = await aMunicipality()
  manager = await managerOf(municipality)
  const family = await aHousehold(municipality)
  await aPupil(municipality, family.householdId)
})

const done = <T>(result: Result<T>): T => {
  if (!result.ok) throw new Error(`refused: ${result.code}`)
  return result.value
}
const found = <T>(thing: T | null): T => {
  if (!thing) throw new Error('the thing is gone')
  return thing
}
let words = 0
const newWords = () => `La mensa chiude per sciopero, versione ${++words}`
const at = (now: number, hours: number) => new Date(now + hours * HOUR)
/** Every window of these walks is two hours long. */
const windowFrom = (now: number, act: Act) =>
  act === 'schedule' ? { opensAt: at(now, 1), closesAt: at(now, 3) } : { opensAt: null, closesAt: at(now, 2) }

async function aNewsItem(): Promise<Thing> {
  const draft = () => ({
    title: newWords(),
    summary: 'Venerdì la mensa resta chiusa.',
    body: '<p>Venerdì la mensa resta chiusa.</p>',
    category: 'avvisi',
    urgent: false,
    highlighted: false,
    kept: [],
    added: [],
  })
  const { id } = done(await saveContent(manager, 'news', { ...draft(), id: null, baseVersion: 0 }))
  const item = async () => found(await officeContent(manager, 'news', id))
  return {
    state: async () => (await item()).state,
    act: async (act, now) => {
      const { latestVersion } = await item()
      if (act === 'save') return saveContent(manager, 'news', { ...draft(), id, baseVersion: latestVersion })
      if (act === 'submit') return askContentReview(manager, id, '')
      if (act === 'withdraw') return withdrawContent(manager, id, 'Annullato')
      return publishContent(manager, id, latestVersion, windowFrom(now, act))
    },
  }
}

async function aMessage(): Promise<Thing> {
  const draft = (now: number) => aDraft({ title: newWords(), expiresAt: at(now, 4), reason: 'Cambia l’ora' })
  const { id } = done(await saveCommunication(manager, draft(START)))
  const item = async () => found(await officeCommunication(manager, id))
  return {
    state: async () => (await item()).state,
    act: async (act, now) => {
      const { latestVersion } = await item()
      const publishAt = act === 'schedule' ? at(now, 1) : null
      switch (act) {
        case 'save':
          return saveCommunication(manager, { ...draft(now), id, baseVersion: latestVersion })
        case 'submit':
          return submitCommunication(manager, id, latestVersion, { publishAt: null, note: '' })
        case 'takeBack':
          return unscheduleCommunication(manager, id)
        case 'withdraw':
          return withdrawCommunication(manager, id, 'Annullata')
        default:
          return approveCommunication(manager, id, latestVersion, { publishAt, seen: null })
      }
    },
  }
}

async function aQuestionnaire(): Promise<Thing> {
  const draft = (window: { opensAt: Date | null; closesAt: Date }) => ({
    title: newWords(),
    intro: '',
    per: 'child' as const,
    anonymous: false,
    showsResults: true,
    schoolIds: [],
    classIds: [],
    questions: [{ ...EMPTY_QUESTION, words: 'Ti piace?', options: ['Sì', 'No'] }],
    ...window,
  })
  const { id } = done(
    await saveQuestionnaire(manager, { id: null, version: 0 }, draft(windowFrom(START, 'publish'))),
  )
  const item = async () => found(await officeQuestionnaire(manager, id))
  const save = async (now: number, act: Act) =>
    saveQuestionnaire(manager, { id, version: (await item()).version }, draft(windowFrom(now, act)))
  return {
    state: async () => (await item()).state,
    act: async (act, now) => {
      if (act === 'save') return save(now, 'publish')
      if (act === 'close') return stopQuestionnaire(manager, id)
      // Its window stands in the draft.
      await save(now, act)
      return publishQuestionnaire(manager, id, (await item()).version)
    },
  }
}

async function aMenu(): Promise<Thing> {
  const dish = { course: 'primo' as const, ingredients: '', allergens: [], unsuitedDiets: [] }
  const pasta = done(await saveDish(manager, null, { ...dish, name: newWords() })).id
  const { id } = done(
    await createMenu(manager, {
      name: 'Inverno',
      startsOn: '2026-09-14',
      endsOn: '2027-03-26',
      weeks: 1,
      firstWeek: 1,
      schoolIds: [municipality.school.id],
    }),
  )
  const days = Object.fromEntries([1, 2, 3, 4, 5].map((weekday) => [weekday, [pasta]]))
  const item = async () => found(await officeMenu(manager, id))
  const save = async () => saveWeek(manager, id, (await item()).number, { week: 1, days })
  done(await save())
  return {
    state: async () => (await item()).state,
    act: async (act) => {
      if (act === 'save') return save()
      if (act === 'withdraw') return withdrawMenu(manager, id)
      return publishMenu(manager, id, (await item()).number)
    },
  }
}

async function aForm(): Promise<Thing> {
  const { id } = done(await createForm(manager, 'diet'))
  const item = async () => found(await builtForm(manager, id))
  const save = async (now: number, act: Act) => {
    const { latest } = await item()
    const { intro, once, schoolIds, classIds } = latest.definition
    const settings = { title: newWords(), intro, once, schoolIds, classIds }
    const { opensAt, closesAt } = windowFrom(now, act)
    return editForm(
      manager,
      { formId: id, number: latest.number, revision: latest.revision },
      { do: 'settings', settings },
      { yearId: latest.yearId, opensAt: opensAt ?? new Date(now), closesAt },
    )
  }
  return {
    state: async () => (await item()).state,
    act: async (act, now) => {
      if (act === 'save') return save(now, 'publish')
      if (act === 'withdraw') return closeForm(manager, id, 'Posti esauriti')
      done(await save(now, act))
      const { latest } = await item()
      return publishForm(manager, { formId: id, number: latest.number, revision: latest.revision })
    },
  }
}

const THINGS: [PublishedKind, () => Promise<Thing>, Step[]][] = [
  ['news', aNewsItem, ['save', 'submit', 'publish', 'schedule', 'withdraw', 'wait']],
  ['communication', aMessage, ['save', 'submit', 'publish', 'schedule', 'takeBack', 'withdraw', 'wait']],
  ['questionnaire', aQuestionnaire, ['save', 'publish', 'schedule', 'wait', 'close']],
  ['menu', aMenu, ['save', 'publish', 'withdraw']],
  ['form', aForm, ['save', 'publish', 'schedule', 'withdraw', 'wait']],
]

const LATER: Partial<Record<PublicationState, PublicationState[]>> = {
  scheduled: ['scheduled', 'published', 'expired', 'draft'],
  published: ['published', 'expired'],
}

/** The states that the table lets an act lead to from a state. */
function allowed(kind: PublishedKind, act: Act, from: PublicationState): readonly PublicationState[] {
  const table = LIFECYCLE[kind] as Record<
    string,
    Partial<Record<PublicationState, readonly PublicationState[]>>
  >
  if (act === 'schedule') return allowed(kind, 'publish', from)
  // One button of the office: it closes what is open, and takes back what has not begun.
  if (act === 'close' && from === 'scheduled') return allowed(kind, 'takeBack', from)
  return table[act]?.[from] ?? []
}

describe('a random walk through the life of a thing', () => {
  test.each(THINGS)('a %s does only what the table says', async (kind, begin, steps) => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.constantFrom(...steps), { minLength: 6, maxLength: 14 }), async (walk) => {
        let now = START
        await setClock(new Date(now))
        const thing = await begin()
        for (const step of walk) {
          const earlier = await thing.state()
          if (step === 'wait') {
            now += HOUR
            await setClock(new Date(now))
            await publishDueCommunications()
            expect(LATER[earlier] ?? [earlier], `${earlier}, an hour later`).toContain(await thing.state())
            continue
          }
          // Two acts never fall on one instant: a window that is closed has been open.
          now += MINUTE
          await setClock(new Date(now))
          await publishDueCommunications()
          const before = await thing.state()
          const result = await thing.act(step, now)
          const after = await thing.state()
          if (result.ok) expect(allowed(kind, step, before), `${step} of what is ${before}`).toContain(after)
          else expect(after, `${step} was refused: ${result.code}`).toBe(before)
        }
      }),
      { numRuns: atLength(12) },
    )
  })
})
