import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { asStaff } from '#db/client.ts'
import type { Viewer } from '#lib/access/viewer.ts'
import { chargeClosedDays } from '#lib/kitchen/charge.commands.ts'
import { closeAndCount } from '#lib/kitchen/close.commands.ts'
import { countsOfDay } from '#lib/kitchen/count.queries.ts'
import { sendCounts } from '#lib/kitchen/count-mail.commands.ts'
import {
  changeKitchen,
  createKitchen,
  insertServed,
  moveSchool,
  previewServing,
  previewTakingBack,
  takeMoveBack,
} from '#lib/kitchen/office/kitchen.commands.ts'
import { kitchenLines, kitchenSheet } from '#lib/kitchen/office/kitchen.queries.ts'
import { enterClosure } from '#lib/school/office/closure.commands.ts'
import { readinessOf } from '#lib/school/office/readiness.queries.ts'
import { stepsOf } from '#lib/school/office/readiness.ts'
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

const TUESDAY = '2026-11-24'
const WEDNESDAY = '2026-11-25'
const THURSDAY = '2026-11-26'
const FRIDAY = '2026-11-27'

const centre = {
  name: 'Centro cottura',
  emails: ['cucina@esempio.it', 'cuoca@esempio.it'],
  phone: '045 555 0102',
}
const inner = { name: 'Cucina interna', emails: ['interna@esempio.it'], phone: '' }

let municipality: TestMunicipality
let manager: Viewer
let stranger: Viewer

beforeEach(async () => {
  await setClock(`${TUESDAY}T07:00:00Z`)
  municipality = await aMunicipality()
  manager = await aStaffViewer(municipality, 'manager')
  stranger = await aStaffViewer(await aMunicipality(), 'manager')
  const { householdId } = await aHousehold(municipality)
  await aPupil(municipality, householdId)
  for (const day of [TUESDAY, WEDNESDAY, THURSDAY, FRIDAY]) await aServiceDay(municipality, day)
})

// What is left here is no other test's to send.
afterEach(async () => {
  const { owner } = await testDatabase()
  await owner
    .updateTable('municipality')
    .set({ active: false })
    .where('id', 'in', [municipality.municipalityId, stranger.municipalityId])
    .execute()
})

const made = async (words = centre) => done(await createKitchen(manager, words)).kitchenId

const move = async (kitchenId: string, from: string, { to = '', by = manager } = {}) => {
  const asked = { kitchenId, schoolId: municipality.school.id, from, to }
  const { seen } = done(await previewServing(by, asked))
  return moveSchool(by, asked, seen.fingerprint)
}

const mails = async () => {
  const { owner } = await testDatabase()
  return owner
    .selectFrom('outbox')
    .select(['recipient', 'subject', 'body_text as text'])
    .where('municipality_id', '=', municipality.municipalityId)
    .where('recipient', 'like', '%@esempio.it')
    .orderBy('id')
    .execute()
}

const kitchenOn = async (day: string) => (await countsOfDay(manager, day))?.schools[0]?.kitchenName

describe('a kitchen', () => {
  test('is made, corrected and found, each name once', async () => {
    const kitchenId = await made()
    expect(code(await createKitchen(manager, { ...inner, name: 'CENTRO COTTURA' }))).toBe(
      'structure:name-taken',
    )
    done(await changeKitchen(manager, { kitchenId, revision: 1 }, { ...centre, phone: '045 555 0199' }))
    expect(await kitchenSheet(manager, kitchenId)).toMatchObject({
      phone: '045 555 0199',
      revision: 2,
      served: [],
    })
  })

  test('tells the second of two colleagues who was first, with what she saved', async () => {
    const kitchenId = await made()
    const colleague = await aStaffViewer(municipality, 'manager')
    done(
      await changeKitchen(colleague, { kitchenId, revision: 1 }, { ...centre, emails: ['nuova@esempio.it'] }),
    )
    expect(await changeKitchen(manager, { kitchenId, revision: 1 }, centre)).toMatchObject({
      code: 'structure:changed-meanwhile',
      savedNow: { at: { revision: 2 }, fields: { emails: 'nuova@esempio.it' } },
    })
  })

  test('is not found by another town’s manager, nor by who is no manager', async () => {
    const kitchenId = await made()
    for (const viewer of [stranger, await aStaffViewer(municipality, 'operator')]) {
      expect(await kitchenSheet(viewer, kitchenId)).toBeNull()
      expect(code(await changeKitchen(viewer, { kitchenId, revision: 1 }, inner))).toBe('request:not-found')
      const asked = { kitchenId, schoolId: municipality.school.id, from: FRIDAY, to: '' }
      expect(code(await previewServing(viewer, asked))).toBe('request:not-found')
      expect(code(await moveSchool(viewer, asked, ''))).toBe('request:not-found')
    }
    expect((await kitchenLines(stranger))?.kitchens).toEqual([])
    expect(await kitchenLines(await aStaffViewer(municipality, 'operator'))).toBeNull()
  })

  test('of another town cannot be given a school', async () => {
    const foreign = done(await createKitchen(stranger, centre)).kitchenId
    const asked = { kitchenId: foreign, schoolId: municipality.school.id, from: TUESDAY, to: '' }
    expect(code(await previewServing(manager, asked))).toBe('request:not-found')
  })
})

describe('a school', () => {
  test('goes from one kitchen to another from a day on, and what was before stays', async () => {
    const [first, second] = [await made(), await made(inner)]
    done(await move(first, TUESDAY))
    const asked = { kitchenId: second, schoolId: municipality.school.id, from: THURSDAY, to: '' }
    const { lines, seen } = done(await previewServing(manager, asked))
    expect(lines.join('\n')).toMatch(/Fino al mercoledì 25 novembre 2026 .* va a Centro cottura/)
    expect(lines.join('\n')).toMatch(/Tocca 2 giorni di servizio e 1 alunno/)
    expect(lines.join('\n')).toMatch(/Lo riceve qui: interna@esempio.it/)
    done(await moveSchool(manager, asked, seen.fingerprint))
    expect([await kitchenOn(WEDNESDAY), await kitchenOn(THURSDAY)]).toEqual([
      'Centro cottura',
      'Cucina interna',
    ])
    expect((await kitchenSheet(manager, first))?.served).toMatchObject([{ from: TUESDAY, to: WEDNESDAY }])
  })

  test('names who sees its count no more and who begins to, and asks again where a role came meanwhile', async () => {
    const [first, second] = [await made(), await made(inner)]
    done(await move(first, TUESDAY))
    await aStaffViewer(municipality, 'kitchen', { kitchenId: first })
    const asked = { kitchenId: second, schoolId: municipality.school.id, from: THURSDAY, to: '' }
    const { lines, seen } = done(await previewServing(manager, asked))
    expect(lines.join('\n')).toMatch(/non vede più il conteggio della scuola: Ufficio /)
    expect(lines.join('\n')).not.toMatch(/In quei giorni lo/)
    await aStaffViewer(municipality, 'kitchen', { kitchenId: second })
    expect(code(await moveSchool(manager, asked, seen.fingerprint))).toBe('structure:preview-changed')
    done(await move(second, THURSDAY))
    const back = { schoolId: municipality.school.id, from: THURSDAY }
    expect(done(await previewTakingBack(manager, back)).lines.join('\n')).toMatch(
      /In quei giorni lo vede: Ufficio /,
    )
  })

  test('moves until a day, and goes back', async () => {
    const [first, second] = [await made(), await made(inner)]
    done(await move(first, TUESDAY))
    done(await move(second, WEDNESDAY, { to: THURSDAY }))
    expect([await kitchenOn(THURSDAY), await kitchenOn(FRIDAY)]).toEqual(['Cucina interna', 'Centro cottura'])
  })

  test('stays where it was on a day that is counted', async () => {
    const [first, second] = [await made(), await made(inner)]
    done(await move(first, TUESDAY))
    await setClock(`${TUESDAY}T09:00:00Z`)
    await closeAndCount()
    const asked = { kitchenId: second, schoolId: municipality.school.id, from: TUESDAY, to: '' }
    expect(code(await previewServing(manager, asked))).toBe('structure:too-early')
  })

  test('of which a colleague decided meanwhile is not moved: the second is told who', async () => {
    const [first, second] = [await made(), await made(inner)]
    const colleague = await aStaffViewer(municipality, 'manager')
    const asked = { kitchenId: first, schoolId: municipality.school.id, from: TUESDAY, to: '' }
    const { seen } = done(await previewServing(manager, asked))
    done(await move(second, TUESDAY, { by: colleague }))
    expect(await moveSchool(manager, asked, seen.fingerprint)).toMatchObject({
      code: 'structure:changed-meanwhile',
      details: { who: expect.stringMatching(/\S/) },
    })
    expect(await kitchenOn(TUESDAY)).toBe('Cucina interna')
  })

  test('is not moved when what the preview said is true no longer', async () => {
    const kitchenId = await made()
    const asked = { kitchenId, schoolId: municipality.school.id, from: TUESDAY, to: '' }
    const { seen } = done(await previewServing(manager, asked))
    await aServiceDay(municipality, '2026-12-01')
    expect(code(await moveSchool(manager, asked, seen.fingerprint))).toBe('structure:preview-changed')
  })

  test('keeps its kitchen when a change that has not begun is taken back', async () => {
    const [first, second] = [await made(), await made(inner)]
    done(await move(first, TUESDAY))
    done(await move(second, THURSDAY))
    const back = { schoolId: municipality.school.id, from: THURSDAY }
    const { lines, seen } = done(await previewTakingBack(manager, back))
    expect(lines.join('\n')).toMatch(/resta a Centro cottura/)
    done(await takeMoveBack(manager, back, seen.fingerprint))
    expect(await kitchenOn(FRIDAY)).toBe('Centro cottura')
    expect(code(await previewTakingBack(manager, back))).toBe('request:not-found')
  })

  test('cannot be given to a kitchen in the past, not even by a statement of the office', async () => {
    const kitchenId = await made()
    const row = { schoolId: municipality.school.id, kitchenId, from: '2026-11-23' }
    await expect(
      asStaff(manager, (trx) => insertServed(trx, municipality.municipalityId, row, manager.personId)),
    ).rejects.toThrow(/row-level security/)
  })
})

describe('the count of a day', () => {
  const countAll = async () => {
    await setClock(`${TUESDAY}T08:30:05Z`)
    await closeAndCount()
  }

  test('goes once to every address of the kitchen that serves the school on that day', async () => {
    done(await move(await made(), TUESDAY))
    done(await move(await made(inner), WEDNESDAY))
    await countAll()
    expect((await Promise.all(Array.from({ length: 4 }, sendCounts))).reduce((sum, n) => sum + n, 0)).toBe(2)
    expect(await sendCounts()).toBe(0)
    const sent = await mails()
    expect(sent.map(({ recipient }) => recipient)).toEqual(['cucina@esempio.it', 'cuoca@esempio.it'])
    expect(sent[0]?.subject).toBe('Conteggio di martedì 24 novembre 2026: 1 pasto')
    expect(sent[0]?.text).toMatch(/: 1 pasto \(versione 1, delle 09:30:05\)/)
    await setClock(`${WEDNESDAY}T08:30:05Z`)
    await closeAndCount()
    expect(await sendCounts()).toBe(1)
    expect((await mails()).at(-1)?.recipient).toBe('interna@esempio.it')
  })

  test('names schools of one kitchen in one mail, and none of another', async () => {
    const other = await aSchool(municipality, 'Rodari')
    const third = await aSchool(municipality, 'Collodi')
    for (const school of [other, third]) await aServiceDay(municipality, TUESDAY, { school })
    const kitchenId = await made()
    done(await move(kitchenId, TUESDAY))
    const asked = { kitchenId, schoolId: other.id, from: TUESDAY, to: '' }
    done(await moveSchool(manager, asked, done(await previewServing(manager, asked)).seen.fingerprint))
    await countAll()
    await sendCounts()
    const [mail] = await mails()
    expect(mail?.text).toContain('Rodari')
    expect(mail?.text).not.toContain('Collodi')
  })

  test('carries no name of a pupil', async () => {
    done(await move(await made(), TUESDAY))
    await countAll()
    await sendCounts()
    const { owner } = await testDatabase()
    const pupils = await owner
      .selectFrom('pupil')
      .select(['given_name', 'family_name'])
      .where('municipality_id', '=', municipality.municipalityId)
      .execute()
    expect(pupils.length).toBeGreaterThan(0)
    for (const { text } of await mails())
      for (const { given_name, family_name } of pupils) {
        expect(text).not.toContain(given_name)
        expect(text).not.toContain(family_name)
      }
  })

  test('is sent again when the day is suspended afterwards, with what it says now', async () => {
    done(await move(await made(), TUESDAY))
    await countAll()
    await sendCounts()
    await suspendToday()
    expect(await sendCounts()).toBe(2)
    expect((await mails()).at(-1)?.text).toContain('MENSA SOSPESA')
  })

  test('goes nowhere while the kitchen has no address, and is sent as soon as it has one', async () => {
    const kitchenId = await made({ ...centre, emails: [] })
    done(await move(kitchenId, TUESDAY))
    await countAll()
    expect(await sendCounts()).toBe(0)
    done(
      await changeKitchen(manager, { kitchenId, revision: 1 }, { ...centre, emails: ['cucina@esempio.it'] }),
    )
    expect(await sendCounts()).toBe(1)
    expect((await kitchenSheet(manager, kitchenId))?.mails).toMatchObject([{ day: TUESDAY, schools: 1 }])
  })

  async function suspendToday() {
    const operator = await aStaffViewer(municipality, 'operator')
    await chargeClosedDays()
    const expected = { meals: 1, refundCents: 540 }
    done(
      await enterClosure(operator, {
        day: TUESDAY,
        schoolId: null,
        kind: 'closure',
        reason: 'Neve',
        expected,
      }),
    )
  }
})

test('what a town lacks names schools without a kitchen, and kitchens without an address or without people', async () => {
  const step = async () => {
    const facts = await readinessOf(manager)
    return facts && stepsOf(facts).find(({ key }) => key === 'cucine')
  }
  expect(await step()).toMatchObject({
    isDone: false,
    words: expect.stringMatching(/^Nessuna cucina serve: /),
  })
  const kitchenId = await made({ ...centre, emails: [], phone: '' })
  done(await move(kitchenId, TUESDAY))
  expect(await step()).toMatchObject({
    isDone: false,
    words:
      'Non hanno un indirizzo per il conteggio: Centro cottura. Nessuno entra ancora per: Centro cottura.',
  })
  done(await changeKitchen(manager, { kitchenId, revision: 1 }, centre))
  expect(await step()).toMatchObject({
    ...{ isDone: true, isNeeded: false },
    words:
      'Ogni scuola ha la sua cucina, e il conteggio le arriva. Nessuno entra ancora per: Centro cottura.',
  })
  await aStaffViewer(municipality, 'kitchen', { kitchenId })
  expect((await step())?.words).toBe('Ogni scuola ha la sua cucina, e il conteggio le arriva.')
})
