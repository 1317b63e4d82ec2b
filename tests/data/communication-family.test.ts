import { sql } from 'kysely'
import { beforeEach, describe, expect, test } from 'vitest'
import { inScope } from '#db/client.ts'
import { enterSubject } from '#db/subjects.ts'
import type { Viewer } from '#lib/access/viewer.ts'
import { acknowledge, openCommunication } from '#lib/communications/communication.commands.ts'
import { communicationsFor } from '#lib/communications/communication.queries.ts'
import { saveCommunication } from '#lib/communications/office/communication.commands.ts'
import { officeCommunication } from '#lib/communications/office/communication.queries.ts'
import { withdrawCommunication } from '#lib/communications/office/publication.commands.ts'
import { recipientList, recipientsToDownload } from '#lib/communications/office/recipient.queries.ts'
import {
  aCommunication,
  aDraft,
  aFamilyAndOffice,
  anotherFamily,
  code,
  count,
  EVENING,
  EVERYTHING,
  given,
  lines,
  setBalance,
  TOMORROW,
  titles,
  toHousehold,
} from '#tests/support/communications.ts'
import { setClock, testDatabase } from '#tests/support/database.ts'
import {
  aDelegate,
  aHousehold,
  aMunicipality,
  type Household,
  type TestMunicipality,
} from '#tests/support/factories.ts'
import { inEverySubject } from '#tests/support/subjects.ts'

let municipality: TestMunicipality
let operator: Viewer
let manager: Viewer
let family: Household
let reader: Viewer

beforeEach(async () => {
  ;({ municipality, operator, manager, family, reader } = await aFamilyAndOffice())
})

/** What those are to their families who did or did not do what the office asks. */
const rolesOf = async (id: string, stato: string) =>
  (await recipientList(operator, id, { stato }))?.page.rows.map(({ cells }) => cells.ruolo)

describe('what a family sees', () => {
  test('the list begins with the newest; each is unread until it is opened, then read for that person only', async () => {
    const delegate = await aDelegate(municipality, family.householdId)
    const first = await aCommunication(municipality, { title: 'Prima comunicazione' })
    await setClock(EVENING)
    await aCommunication(municipality, { title: 'Seconda comunicazione' })
    expect(await titles(reader)).toEqual(['Seconda comunicazione', 'Prima comunicazione'])
    await openCommunication(reader, first.id, null)
    await openCommunication(reader, first.id, null)
    expect(await titles(reader, { unread: true })).toEqual(['Seconda comunicazione'])
    expect((await communicationsFor(delegate, EVERYTHING))?.unread).toBe(2)
    expect(await rolesOf(first.id, 'non-letta')).toEqual(['delegato'])
  })

  test('the list is filtered by kind, by words of title and text, and by school year', async () => {
    await aCommunication(municipality, {
      kind: 'information',
      title: 'Come si disdice un pasto',
      body: '<p>Entro le 9:30.</p>',
    })
    await setClock('2027-09-20T10:00:00+02:00')
    await aCommunication(municipality, { title: 'Un anno dopo', audience: toHousehold(family.householdId) })
    expect(await titles(reader, { kind: 'information' })).toEqual(['Come si disdice un pasto'])
    expect(await titles(reader, { text: 'pasti' })).toEqual(['Come si disdice un pasto'])
    expect(await titles(reader, { year: 2026 })).toEqual(['Come si disdice un pasto'])
    expect((await communicationsFor(reader, EVERYTHING))?.years).toEqual([2027, 2026])
  })

  test('the list has pages of fifteen', async () => {
    const audience = toHousehold(family.householdId)
    for (let n = 1; n <= 16; n += 1)
      await aCommunication(municipality, { title: `Comunicazione ${n}`, audience })
    const page = await communicationsFor(reader, { ...EVERYTHING, page: 2 })
    expect(page).toMatchObject({ total: 16, pages: 2, page: 2 })
    expect(page?.lines).toHaveLength(1)
  })

  test('another family finds nothing at the address, and no list shows an amount', async () => {
    await setBalance(municipality, family, -540)
    const { id } = await aCommunication(municipality, {
      about: 'money',
      title: 'Il tuo saldo',
      body: '<p>Saldo {saldo}</p>',
      audience: toHousehold(family.householdId),
    })
    const stranger = await anotherFamily(municipality)
    expect(await openCommunication(stranger.holderViewer, id, null)).toBeNull()
    expect((await lines(reader))[0]?.excerpt).toBe('')
  })

  test('in the list a heading ends before the sentence after it begins', async () => {
    await aCommunication(municipality, {
      body: '<h2>Le presenze</h2><p>Ogni bambino è presente.</p><h2>Quando?</h2><p>Ogni giorno.</p>',
    })
    expect((await lines(reader))[0]?.excerpt).toBe(
      'Le presenze. Ogni bambino è presente. Quando? Ogni giorno.',
    )
  })

  test('an expired communication stays in the history, asks nothing and counts as nothing to read', async () => {
    const { id } = await aCommunication(municipality, {
      acknowledgement: 'person',
      expiresAt: new Date(EVENING),
    })
    await setClock(TOMORROW)
    expect((await communicationsFor(reader, EVERYTHING))?.unread).toBe(0)
    expect((await lines(reader))[0]).toMatchObject({ isExpired: true, acknowledgement: 'over' })
    expect(code(await acknowledge(reader, id, 1))).toBe('communications:expired')
  })

  test('a notification has no title where it was written to single families or about money', async () => {
    const { owner } = await testDatabase()
    const one = await aCommunication(municipality, {
      title: 'La dieta di Marco',
      audience: toHousehold(family.householdId),
    })
    const { title, body } = await owner
      .selectFrom('notification')
      .select(['title', 'body'])
      .where('key', '=', `communication:${one.id}:1`)
      .executeTakeFirstOrThrow()
    expect(title + body).not.toContain('Marco')
  })
})

describe('“Ho letto e preso atto”', () => {
  const asking = (mode: 'household' | 'person', by: string | null = '2026-11-24') =>
    aCommunication(municipality, { acknowledgement: mode, acknowledgeBy: by })

  test('one confirmation counts for the household: either parent will do', async () => {
    const delegate = await aDelegate(municipality, family.householdId)
    const { id } = await asking('household')
    given(await acknowledge(delegate, id, 1))
    const text = (await openCommunication(reader, id, null))?.text
    expect(text).toMatchObject({
      acknowledgement: 'done',
      acknowledged: { by: 'Marco Conti', wasLate: false },
    })
    expect((await officeCommunication(manager, id))?.figures).toMatchObject({ asked: 1, acknowledged: 1 })
  })

  test('each person confirms for themselves where it is asked of each', async () => {
    const delegate = await aDelegate(municipality, family.householdId)
    const { id } = await asking('person')
    given(await acknowledge(delegate, id, 1))
    expect((await openCommunication(reader, id, null))?.text?.acknowledgement).toBe('asked')
    expect((await officeCommunication(manager, id))?.figures).toMatchObject({ asked: 2, acknowledged: 1 })
    expect(await rolesOf(id, 'non-confermata')).toEqual(['intestatario'])
  })

  test('the recipients are listed with what is missing in words, and their file has the same lines', async () => {
    const { id } = await asking('person')
    const opened = await recipientList(operator, id, {})
    expect(opened?.page.rows.map(({ cells }) => cells)).toMatchObject([
      { ruolo: 'intestatario', letta: 'non ancora', confermata: 'non ancora' },
    ])
    const [withMail, without] = await Promise.all(
      ['si', 'no'].map(async (email) => (await recipientList(operator, id, { email }))?.page.rows ?? []),
    )
    expect((withMail?.length ?? 0) + (without?.length ?? 0)).toBe(1)
    expect(without?.every(({ cells }) => cells.email === 'senza e-mail')).toBe(true)
    const lines = []
    for await (const batch of (await recipientsToDownload(operator, id, {}))?.batches ?? [])
      lines.push(...batch)
    expect(lines).toEqual(opened?.page.rows)
    expect(await recipientsToDownload(reader, id, {})).toBeNull()
  })

  test('several presses, in two tabs and by two parents together, make one confirmation', async () => {
    const delegate = await aDelegate(municipality, family.householdId)
    const { id } = await asking('household')
    const answers = await Promise.all(
      [reader, delegate, reader, delegate].map((who) => acknowledge(who, id, 1)),
    )
    expect(answers.map(code)).toEqual(['done', 'done', 'done', 'done'])
    expect(
      await count(
        sql`select count(*)::int as n from communication_acknowledgement where communication_id = ${id}`,
      ),
    ).toBe(1)
  })

  test('a confirmation is in time until midnight of its day; after that it counts, as late', async () => {
    const { id } = await asking('person')
    await setClock('2026-11-24T23:59:59+01:00')
    expect((await openCommunication(reader, id, null))?.text?.acknowledgement).toBe('asked')
    await setClock('2026-11-25T00:00:00+01:00')
    expect((await openCommunication(reader, id, null))?.text?.acknowledgement).toBe('asked-late')
    given(await acknowledge(reader, id, 1))
    expect((await recipientList(operator, id, { stato: 'confermata' }))?.page.rows[0]?.cells.tardi).toBe('sì')
  })

  test('a confirmation is refused to a stranger, where it is not asked, and of another version', async () => {
    const stranger = (await anotherFamily(municipality)).holderViewer
    const { id } = await aCommunication(municipality, {
      acknowledgement: 'person',
      audience: toHousehold(family.householdId),
    })
    expect(code(await acknowledge(stranger, id, 1))).toBe('request:not-found')
    expect(code(await acknowledge(reader, id, 2))).toBe('communications:corrected-meanwhile')
    const quiet = await aCommunication(municipality)
    expect(code(await acknowledge(reader, quiet.id, 1))).toBe('communications:nothing-asked')
  })

  test('past every check of the application the database lets no person confirm for others', async () => {
    const { web } = await testDatabase()
    const stranger = await anotherFamily(municipality)
    const { id } = await aCommunication(municipality, {
      acknowledgement: 'person',
      audience: toHousehold(family.householdId),
    })
    const scope = {
      municipalityId: municipality.municipalityId,
      audience: 'family',
      personId: stranger.holder.personId,
    } as const
    const forged = (person: string) =>
      inScope(
        scope,
        async (trx) => {
          await enterSubject(trx, 'communications')
          await sql`insert into communication_acknowledgement (municipality_id, communication_id, version, household_id, person_id, once_per, was_late)
            values (${municipality.municipalityId}, ${id}, 1, ${family.householdId}, ${person}, 'person', false)`.execute(
            trx,
          )
        },
        web,
      ).then(
        () => 'accepted',
        (error: Error) => error.message,
      )
    expect(await forged(family.holder.personId)).toContain('row-level security')
    expect(await forged(stranger.holder.personId)).toContain('row-level security')
  })
})

describe('with the application asleep, the database alone', () => {
  const TABLES = [
    'communication',
    'communication_publication',
    'communication_version',
    'communication_version_file',
    'communication_recipient',
    'communication_recipient_person',
    'communication_read',
    'communication_acknowledgement',
  ] as const

  const seen = (scope: {
    audience: 'family' | 'public' | 'staff'
    personId?: string
    municipalityId?: string
  }) =>
    inEverySubject({ municipalityId: municipality.municipalityId, ...scope }, async (trx) => {
      const counts: Record<string, number> = {}
      for (const table of TABLES) {
        const rows = await trx.selectFrom(table).select('municipality_id').execute()
        counts[table] = rows.length
      }
      return counts
    })
  const nothing = Object.fromEntries(TABLES.map((table) => [table, 0]))

  test('shows each person the own copies, about money to the holder, and nothing to any other person', async () => {
    const delegate = await aDelegate(municipality, family.householdId)
    const stranger = await aHousehold(municipality)
    const audience = toHousehold(family.householdId)
    const added = [new File(['%PDF-1.7\nciao'], 'circolare.pdf')]
    const service = await aCommunication(municipality, { audience, added, acknowledgement: 'person' })
    const money = await aCommunication(municipality, { audience, about: 'money', title: 'Il tuo saldo' })
    given(await saveCommunication(operator, aDraft({ audience, title: 'Ancora una bozza' })))
    for (const { id } of [service, money]) await openCommunication(reader, id, null)
    given(await acknowledge(reader, service.id, 1))
    expect(await seen({ audience: 'family', personId: reader.personId })).toEqual({
      communication: 2,
      communication_publication: 2,
      communication_version: 2,
      communication_version_file: 1,
      communication_recipient: 2,
      communication_recipient_person: 2,
      communication_read: 2,
      communication_acknowledgement: 1,
    })
    expect(await seen({ audience: 'family', personId: delegate.personId })).toMatchObject({
      communication: 1,
      communication_version: 1,
      communication_recipient: 1,
      communication_recipient_person: 1,
      communication_read: 0,
    })
    expect(await seen({ audience: 'family', personId: stranger.holder.personId })).toEqual(nothing)
    expect(await seen({ audience: 'family', personId: manager.personId })).toEqual(nothing)
    expect(await seen({ audience: 'public' })).toEqual(nothing)
    const elsewhere = (await aMunicipality()).municipalityId
    expect(await seen({ audience: 'staff', personId: manager.personId, municipalityId: elsewhere })).toEqual(
      nothing,
    )
    given(await withdrawCommunication(manager, service.id, 'Doppione'))
    expect(await seen({ audience: 'family', personId: reader.personId })).toMatchObject({
      communication: 2,
      communication_version: 1,
      communication_version_file: 0,
    })
  })

  test('lets no family write a communication, nor add itself to the recipients', async () => {
    const { id } = await aCommunication(municipality, { audience: toHousehold(family.householdId) })
    const stranger = await aHousehold(municipality)
    const attempt = (statement: ReturnType<typeof sql>) =>
      inEverySubject(
        {
          municipalityId: municipality.municipalityId,
          audience: 'family',
          personId: stranger.holder.personId,
        },
        (trx) => statement.execute(trx),
      ).then(
        () => 'accepted',
        (error: Error) => error.message,
      )
    expect(
      await attempt(sql`insert into communication_recipient_person (municipality_id, communication_id, household_id, person_id, about, role, had_email)
        values (${municipality.municipalityId}, ${id}, ${stranger.householdId}, ${stranger.holder.personId}, 'service', 'holder', false)`),
    ).toContain('row-level security')
    expect(
      await attempt(
        sql`insert into communication (municipality_id, latest_version) values (${municipality.municipalityId}, 1)`,
      ),
    ).toContain('row-level security')
  })
})
