import { sql } from 'kysely'
import { beforeEach, describe, expect, test } from 'vitest'
import type { Viewer } from '#lib/access/viewer.ts'
import { openCommunication } from '#lib/communications/communication.commands.ts'
import {
  type CommunicationDraft,
  saveCommunication,
} from '#lib/communications/office/communication.commands.ts'
import {
  officeCommunication,
  officeCommunications,
} from '#lib/communications/office/communication.queries.ts'
import {
  approveCommunication,
  publishDueCommunications,
  remindRecipients,
  sendBackCommunication,
  submitCommunication,
  unscheduleCommunication,
  withdrawCommunication,
} from '#lib/communications/office/publication.commands.ts'
import { recipientList } from '#lib/communications/office/recipient.queries.ts'
import {
  aCommunication,
  aDraft,
  aFamilyAndOffice,
  anotherFamily,
  code,
  count,
  EVENING,
  given,
  NOON,
  NOW,
  notified,
  TOMORROW,
  titles,
  toHousehold,
} from '#tests/support/communications.ts'
import { setClock, testDatabase } from '#tests/support/database.ts'
import {
  aMunicipality,
  aSchool,
  aStaffViewer,
  type Household,
  type TestMunicipality,
} from '#tests/support/factories.ts'

let municipality: TestMunicipality
let operator: Viewer
let manager: Viewer
let family: Household
let reader: Viewer

beforeEach(async () => {
  ;({ municipality, operator, manager, family, reader } = await aFamilyAndOffice())
})

describe('writing and approving', () => {
  test('the office writes, a manager approves, nothing is out before', async () => {
    const saved = given(await saveCommunication(operator, aDraft()))
    expect(await titles(reader)).toEqual([])
    expect(await openCommunication(reader, saved.id, null)).toBeNull()
    given(await submitCommunication(operator, saved.id, 1, { publishAt: null, note: 'Va bene?' }))
    expect((await officeCommunication(manager, saved.id))?.state).toBe('submitted')
    expect(code(await approveCommunication(operator, saved.id, 1, NOW))).toBe('request:not-found')
    given(await approveCommunication(manager, saved.id, 1, NOW))
    expect(await titles(reader)).toHaveLength(1)
  })

  test('editors read the text; families and strangers find nothing of the office’s side', async () => {
    const editor = await aStaffViewer(municipality, 'editor')
    const { id } = await aCommunication(municipality)
    expect((await officeCommunications(editor, { state: '', text: '', page: 1 }))?.lines).toHaveLength(1)
    expect(await recipientList(editor, id, {})).toBeNull()
    expect(code(await saveCommunication(editor, aDraft()))).toBe('request:not-found')
    expect(await officeCommunications(reader, { state: '', text: '', page: 1 })).toBeNull()
    expect(code(await saveCommunication(reader, aDraft()))).toBe('request:not-found')
    const other = await aStaffViewer(await aMunicipality(), 'manager')
    expect(await officeCommunication(other, id)).toBeNull()
    expect(code(await withdrawCommunication(other, id, 'x'))).toBe('request:not-found')
  })

  test('a manager may approve an own text, and the register says so', async () => {
    const { id } = await aCommunication(municipality)
    const { owner } = await testDatabase()
    const event = await owner
      .selectFrom('audit_event')
      .select('details')
      .where('object_id', '=', id)
      .where('action', '=', 'communications.approved')
      .executeTakeFirstOrThrow()
    expect(event.details).toMatchObject({ own: true })
  })

  test('a text that is sent back with a note is a draft again', async () => {
    const saved = given(await saveCommunication(operator, aDraft()))
    expect(code(await sendBackCommunication(manager, saved.id, 'x'))).toBe('communications:not-submitted')
    given(await submitCommunication(operator, saved.id, 1, { publishAt: null, note: '' }))
    given(await sendBackCommunication(manager, saved.id, 'Manca l’ora'))
    expect(await officeCommunication(operator, saved.id)).toMatchObject({
      state: 'draft',
      note: 'Manca l’ora',
    })
  })

  test('two colleagues never overwrite each other', async () => {
    const saved = given(await saveCommunication(operator, aDraft()))
    const change = { id: saved.id, baseVersion: 1 }
    given(await saveCommunication(operator, aDraft({ ...change, title: 'Prima modifica' })))
    const second = await saveCommunication(manager, aDraft({ ...change, title: 'Seconda modifica' }))
    expect(code(second)).toBe('communications:changed-meanwhile')
    expect(code(await approveCommunication(manager, saved.id, 1, NOW))).toBe(
      'communications:changed-meanwhile',
    )
  })

  test('saving the same again writes no version', async () => {
    const saved = given(await saveCommunication(operator, aDraft()))
    expect(given(await saveCommunication(operator, aDraft({ id: saved.id, baseVersion: 1 }))).version).toBe(1)
  })

  test('a text that some could not read stays with the office', async () => {
    const saved = given(
      await saveCommunication(
        operator,
        aDraft({ body: '<p>Leggi <a href="https://example.it">clicca qui</a></p>' }),
      ),
    )
    expect(await approveCommunication(manager, saved.id, 1, NOW)).toMatchObject({
      code: 'communications:not-accessible',
      details: { count: 1 },
    })
    expect(code(await submitCommunication(operator, saved.id, 1, { publishAt: null, note: '' }))).toBe(
      'communications:not-accessible',
    )
  })

  test('what a browser sends is cleaned', async () => {
    const { id } = await aCommunication(municipality, {
      body: '<p onclick="x()">Ciao</p><script>alert(1)</script>',
    })
    expect((await openCommunication(reader, id, null))?.text?.body).toBe('<p>Ciao</p>')
  })

  test('nothing goes out without a recipient, and a count that changed must be read again', async () => {
    const empty = await aSchool(municipality)
    const saved = given(
      await saveCommunication(
        operator,
        aDraft({ audience: { to: 'schools', ids: [empty.id], inDebt: false } }),
      ),
    )
    expect(code(await approveCommunication(manager, saved.id, 1, NOW))).toBe('communications:no-recipients')
    const all = given(await saveCommunication(operator, aDraft()))
    const seen = { households: 1, persons: 1 }
    await anotherFamily(municipality)
    expect(code(await approveCommunication(manager, all.id, 1, { publishAt: null, seen }))).toBe(
      'communications:preview-changed',
    )
    given(
      await approveCommunication(manager, all.id, 1, {
        publishAt: null,
        seen: { households: 2, persons: 2 },
      }),
    )
  })

  test('a text that is approved several times together goes out once', async () => {
    const saved = given(await saveCommunication(operator, aDraft()))
    const answers = await Promise.all([1, 2, 3].map(() => approveCommunication(manager, saved.id, 1, NOW)))
    expect(answers.filter((answer) => answer.ok)).toHaveLength(1)
    expect(await notified(municipality, `communication:${saved.id}:%`)).toBe(1)
  })

  test('an invented school, class or family is refused', async () => {
    const other = await aMunicipality()
    const audience = { to: 'schools', ids: [other.school.id], inDebt: false } as const
    expect(code(await saveCommunication(operator, aDraft({ audience })))).toBe(
      'communications:unknown-audience',
    )
  })
})

describe('at its moment', () => {
  const scheduled = async (fields: Partial<CommunicationDraft> = {}) => {
    const saved = given(await saveCommunication(operator, aDraft(fields)))
    given(await approveCommunication(manager, saved.id, 1, { publishAt: new Date(EVENING), seen: null }))
    return saved
  }

  test('a communication goes out not before, then once, no matter who looks and how often', async () => {
    const { id } = await scheduled()
    expect(await publishDueCommunications()).toBe(0)
    expect(await titles(reader)).toEqual([])
    await setClock(EVENING)
    const done = await Promise.all([
      publishDueCommunications(),
      publishDueCommunications(),
      publishDueCommunications(),
    ])
    expect(done.reduce((a, b) => a + b)).toBe(1)
    expect(await publishDueCommunications()).toBe(0)
    expect(await titles(reader)).toHaveLength(1)
    expect(await notified(municipality, `communication:${id}:%`)).toBe(1)
  })

  test('recipients are those of that moment', async () => {
    await scheduled()
    const late = await anotherFamily(municipality)
    await setClock(EVENING)
    await publishDueCommunications()
    expect(await titles(late.holderViewer)).toHaveLength(1)
  })

  test('what was written after the approval does not go out with it', async () => {
    const { id } = await scheduled()
    given(await saveCommunication(operator, aDraft({ id, baseVersion: 1, title: 'Non ancora approvata' })))
    await setClock(EVENING)
    await publishDueCommunications()
    expect(await titles(reader)).toEqual(['Venerdì la mensa è chiusa'])
  })

  test('a communication that is taken back before stays with the office', async () => {
    const { id } = await scheduled()
    given(await unscheduleCommunication(manager, id))
    expect(code(await unscheduleCommunication(manager, id))).toBe('communications:not-scheduled')
    await setClock(EVENING)
    await publishDueCommunications()
    expect(await officeCommunication(manager, id)).toMatchObject({ state: 'draft' })
  })

  test('a communication without a recipient left returns to the office and says why', async () => {
    const { owner } = await testDatabase()
    const { id } = await scheduled({ audience: toHousehold(family.householdId) })
    await owner
      .updateTable('household_member')
      .set({ ended_at: new Date(NOON) })
      .where('household_id', '=', family.householdId)
      .execute()
    await setClock(EVENING)
    expect(await publishDueCommunications()).toBe(1)
    expect(await officeCommunication(manager, id)).toMatchObject({ state: 'draft', dueAt: null })
    expect((await officeCommunication(manager, id))?.note).toContain('nessun destinatario')
  })
})

describe('reminders', () => {
  test('go only to those who have not read, and once a day', async () => {
    const other = await anotherFamily(municipality)
    const { id } = await aCommunication(municipality)
    await openCommunication(reader, id, null)
    const answers = await Promise.all([1, 2].map(() => remindRecipients(operator, id, 'unread')))
    expect(answers.map(code).sort()).toEqual(['communications:reminded-already', 'done'])
    expect(await notified(municipality, `communication:${id}:1:reminder:%`)).toBe(1)
    expect(
      await count(
        sql`select count(*)::int as n from notification where person_id = ${other.holder.personId} and key like ${`communication:${id}:1:reminder:%`}`,
      ),
    ).toBe(1)
    await setClock(TOMORROW)
    await openCommunication(other.holderViewer, id, null)
    expect(code(await remindRecipients(operator, id, 'unread'))).toBe('communications:nobody-to-remind')
    expect(code(await remindRecipients(operator, id, 'unacknowledged'))).toBe('communications:nothing-asked')
  })
})
