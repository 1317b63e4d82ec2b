import { beforeEach, describe, expect, test } from 'vitest'
import type { Viewer } from '#lib/access/viewer.ts'
import { acknowledge, openCommunication } from '#lib/communications/communication.commands.ts'
import {
  type CommunicationDraft,
  saveCommunication,
} from '#lib/communications/office/communication.commands.ts'
import { officeCommunication } from '#lib/communications/office/communication.queries.ts'
import {
  approveCommunication,
  withdrawCommunication,
} from '#lib/communications/office/publication.commands.ts'
import { readFile } from '#lib/files/file.queries.ts'
import {
  aCommunication,
  aDraft,
  aFamilyAndOffice,
  anotherFamily,
  code,
  EVENING,
  given,
  lines,
  NOW,
  notified,
  titles,
  toHousehold,
} from '#tests/support/communications.ts'
import { setClock, testDatabase } from '#tests/support/database.ts'
import { aDelegate, type Household, type TestMunicipality } from '#tests/support/factories.ts'

let municipality: TestMunicipality
let operator: Viewer
let manager: Viewer
let family: Household
let reader: Viewer

beforeEach(async () => {
  ;({ municipality, operator, manager, family, reader } = await aFamilyAndOffice())
})

describe('corrections and withdrawal', () => {
  const corrected = async (fields: Partial<CommunicationDraft> = {}) => {
    const first = await aCommunication(municipality, { acknowledgement: 'household', ...fields })
    await openCommunication(reader, first.id, null)
    given(await acknowledge(reader, first.id, 1))
    await setClock(EVENING)
    const draft = aDraft({
      id: first.id,
      baseVersion: 1,
      title: 'Giovedì la mensa è chiusa',
      body: '<p>Giovedì, non venerdì.</p>',
      reason: 'Il giorno era sbagliato.',
    })
    given(await saveCommunication(operator, draft))
    return first.id
  }

  test('until it is approved families read what was out', async () => {
    const id = await corrected()
    expect((await openCommunication(reader, id, null))?.title).toBe('Venerdì la mensa è chiusa')
  })

  test('a correction is to be read and confirmed again, says why, and leaves the earlier text readable', async () => {
    const id = await corrected()
    given(await approveCommunication(manager, id, 2, NOW))
    expect((await lines(reader))[0]).toMatchObject({ isRead: false, correctedAt: new Date(EVENING) })
    const now = await openCommunication(reader, id, null)
    expect(now).toMatchObject({
      title: 'Giovedì la mensa è chiusa',
      versions: [{ number: 2, reason: 'Il giorno era sbagliato.' }, { number: 1 }],
      text: { acknowledgement: 'asked', isCurrent: true },
    })
    expect((await openCommunication(reader, id, 1))?.text).toMatchObject({
      body: '<p>Venerdì la mensa resta chiusa in tutte le scuole.</p>',
      isCurrent: false,
      acknowledgement: 'done',
    })
    expect(await notified(municipality, `communication:${id}:%`)).toBe(2)
  })

  test('a correction without a reason does not go out; a draft between two corrections is for no family to read', async () => {
    const id = await corrected()
    given(
      await saveCommunication(operator, aDraft({ id, baseVersion: 2, title: 'Terza stesura', reason: '' })),
    )
    expect(code(await approveCommunication(manager, id, 3, NOW))).toBe('communications:no-reason')
    given(
      await saveCommunication(
        operator,
        aDraft({ id, baseVersion: 3, title: 'Quarta stesura', reason: 'Ora giusta' }),
      ),
    )
    given(await approveCommunication(manager, id, 4, NOW))
    expect(await openCommunication(reader, id, 2)).toBeNull()
    expect(await openCommunication(reader, id, 3)).toBeNull()
  })

  test('the recipients do not change with a correction', async () => {
    const id = await corrected({ audience: toHousehold(family.householdId) })
    const late = await anotherFamily(municipality)
    given(await approveCommunication(manager, id, 2, NOW))
    expect(await titles(late.holderViewer)).toEqual([])
  })

  test('a person who had read what is withdrawn sees that and why; the text is gone for everybody', async () => {
    const { id } = await aCommunication(municipality)
    const unread = await aDelegate(municipality, family.householdId)
    const other = await aCommunication(municipality, { title: 'Mai aperta da nessuno' })
    await openCommunication(reader, id, null)
    await setClock(EVENING)
    expect(code(await withdrawCommunication(operator, id, 'Errore'))).toBe('request:not-found')
    given(await withdrawCommunication(manager, id, 'Lo sciopero è stato revocato.'))
    given(await withdrawCommunication(manager, other.id, 'Doppione.'))
    expect(await lines(reader)).toMatchObject([
      { title: 'Venerdì la mensa è chiusa', withdrawnAt: new Date(EVENING), excerpt: '' },
    ])
    expect(await openCommunication(reader, id, null)).toMatchObject({
      withdrawn: { reason: 'Lo sciopero è stato revocato.' },
      text: null,
    })
    expect(await titles(unread)).toEqual([])
    expect(code(await withdrawCommunication(manager, id, 'Ancora'))).toBe('communications:not-public')
    expect(code(await saveCommunication(operator, aDraft({ id, baseVersion: 1 })))).toBe(
      'communications:over',
    )
  })

  test('what went out is never changed, not even by the office', async () => {
    const { owner } = await testDatabase()
    const { id } = await aCommunication(municipality)
    for (const table of [
      'communication_version',
      'communication_recipient_person',
      'communication_publication',
    ] as const) {
      await expect(owner.deleteFrom(table).where('communication_id', '=', id).execute()).rejects.toThrow(
        'append-only',
      )
    }
  })
})

describe('attachments', () => {
  const pdf = () => new File(['%PDF-1.7\nciao'], 'Circolare.exe', { type: 'text/html' })

  test('are for those who got the communication, and for no reader once it is withdrawn', async () => {
    const { id } = await aCommunication(municipality, {
      added: [pdf()],
      audience: toHousehold(family.householdId),
    })
    const file = (await openCommunication(reader, id, null))?.text?.files[0]
    expect(file).toMatchObject({ name: 'circolare.pdf', mediaType: 'application/pdf' })
    const fileId = file?.id ?? ''
    const stranger = (await anotherFamily(municipality)).holderViewer
    expect((await readFile(municipality.municipalityId, fileId, reader))?.isPublic).toBe(false)
    expect(await readFile(municipality.municipalityId, fileId, stranger)).toBeNull()
    expect(await readFile(municipality.municipalityId, fileId, null)).toBeNull()
    expect(await readFile(municipality.municipalityId, fileId, operator)).not.toBeNull()
    given(await withdrawCommunication(manager, id, 'Doppione'))
    expect(await readFile(municipality.municipalityId, fileId, reader)).toBeNull()
  })

  test('of a draft are not found outside the office', async () => {
    const saved = given(await saveCommunication(operator, aDraft({ added: [pdf()] })))
    const fileId = (await officeCommunication(operator, saved.id))?.latest.files[0]?.id ?? ''
    expect(await readFile(municipality.municipalityId, fileId, reader)).toBeNull()
    expect(await readFile(municipality.municipalityId, fileId, operator)).not.toBeNull()
  })

  test('are judged by what they are', async () => {
    const page = new File(['<html><script>alert(1)</script>'], 'modulo.pdf', { type: 'application/pdf' })
    expect(code(await saveCommunication(operator, aDraft({ added: [page] })))).toBe('files:unknown-type')
  })
})
