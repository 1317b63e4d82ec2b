import { sql } from 'kysely'
import { beforeEach, describe, expect, test } from 'vitest'
import { asStaff, openDatabase } from '#db/client.ts'
import type { Viewer } from '#lib/access/viewer.ts'
import { runDry } from '#lib/communications/audience.queries.ts'
import { openCommunication } from '#lib/communications/communication.commands.ts'
import { communicationsFor } from '#lib/communications/communication.queries.ts'
import { saveCommunication } from '#lib/communications/office/communication.commands.ts'
import { officeCommunication } from '#lib/communications/office/communication.queries.ts'
import { approveCommunication } from '#lib/communications/office/publication.commands.ts'
import { recipientList, recipientSource } from '#lib/communications/office/recipient.queries.ts'
import { readListPage } from '#lib/lists/list.queries.ts'
import type { ListState } from '#lib/lists/list.ts'
import {
  aCommunication,
  aDelegateFor,
  aDraft,
  aFamilyAndOffice,
  anotherFamily,
  count,
  EVERYTHING,
  given,
  NOON,
  NOW,
  notified,
  setBalance,
  titles,
  toHousehold,
} from '#tests/support/communications.ts'
import { setClock, testDatabase } from '#tests/support/database.ts'
import {
  aDelegate,
  aHousehold,
  aMember,
  aPerson,
  aPupil,
  aSchool,
  type Household,
  type TestMunicipality,
  viewerOf,
} from '#tests/support/factories.ts'

let municipality: TestMunicipality
let operator: Viewer
let manager: Viewer
let family: Household
let reader: Viewer

beforeEach(async () => {
  ;({ municipality, operator, manager, family, reader } = await aFamilyAndOffice())
})

describe('who gets a communication', () => {
  test('every family with a child enrolled gets it; a family that left the service does not', async () => {
    const gone = await aHousehold(municipality)
    await aPupil(municipality, gone.householdId, { to: '2026-10-31' })
    await aCommunication(municipality)
    expect(await titles(reader)).toEqual(['Venerdì la mensa è chiusa'])
    expect(await titles(gone.holderViewer)).toEqual([])
  })

  test('in the summer holidays every family of the year that is ending gets it', async () => {
    await setClock('2027-07-10T10:00:00+02:00')
    await aCommunication(municipality)
    expect(await titles(reader)).toHaveLength(1)
  })

  test('the families of a school, of a class and of a service get it', async () => {
    const other = await aSchool(municipality)
    const elsewhere = await anotherFamily(municipality, { school: other })
    await aCommunication(municipality, {
      title: 'Alla scuola',
      audience: { to: 'schools', ids: [other.id], inDebt: false },
    })
    await aCommunication(municipality, {
      title: 'Alla classe',
      audience: { to: 'classes', ids: [municipality.school.classId], inDebt: false },
    })
    await aCommunication(municipality, {
      title: 'Al servizio',
      audience: { to: 'services', ids: [municipality.serviceId], inDebt: false },
    })
    expect((await titles(elsewhere.holderViewer)).sort()).toEqual(['Al servizio', 'Alla scuola'])
    expect((await titles(reader)).sort()).toEqual(['Al servizio', 'Alla classe'])
  })

  test('single families get it, found by the fiscal code of a parent or of a child', async () => {
    const other = await anotherFamily(municipality)
    const saved = given(
      await saveCommunication(
        operator,
        aDraft({
          audience: { to: 'households', ids: [], inDebt: false },
          fiscalCodes: [other.holder.fiscalCode],
        }),
      ),
    )
    given(await approveCommunication(manager, saved.id, 1, NOW))
    expect(await titles(other.holderViewer)).toHaveLength(1)
    expect(await titles(reader)).toEqual([])
    const unknown = await saveCommunication(
      operator,
      aDraft({ audience: { to: 'households', ids: [], inDebt: false }, fiscalCodes: ['XXXXXX00X00X000X'] }),
    )
    expect(unknown).toMatchObject({
      code: 'communications:unknown-code',
      details: { code: 'XXXXXX00X00X000X' },
    })
  })

  test('of the families in debt only the holders get it, each with the own balance, also of a family that has left the service', async () => {
    const left = await aHousehold(municipality)
    await setBalance(municipality, family, -1620)
    await setBalance(municipality, left, -540)
    const delegate = await aDelegate(municipality, family.householdId)
    const inCredit = await anotherFamily(municipality)
    const { id } = await aCommunication(municipality, {
      kind: 'reminder',
      about: 'money',
      title: 'Saldo da ricaricare',
      body: '<p>{nome}, il saldo è {saldo}: mancano {debito}.</p>',
      audience: { to: 'everybody', ids: [], inDebt: true },
    })
    expect((await openCommunication(reader, id, null))?.text?.body).toBe(
      '<p>Laura, il saldo è −16,20\u00a0€: mancano 16,20\u00a0€.</p>',
    )
    expect((await openCommunication(left.holderViewer, id, null))?.text?.body).toContain('5,40')
    expect(await openCommunication(inCredit.holderViewer, id, null)).toBeNull()
    expect(await openCommunication(delegate, id, null)).toBeNull()
    expect(await titles(delegate)).toEqual([])
  })

  test('the balance that it speaks of stays the one of that moment', async () => {
    await setBalance(municipality, family, -540)
    const { id } = await aCommunication(municipality, {
      about: 'money',
      title: 'Il tuo saldo',
      body: '<p>{saldo}</p>',
      audience: toHousehold(family.householdId),
    })
    await setBalance(municipality, family, 10_000)
    expect((await openCommunication(reader, id, null))?.text?.body).toBe('<p>−5,40\u00a0€</p>')
  })

  test('a delegate of some children gets it when it is for one of those', async () => {
    const other = await aSchool(municipality)
    const sibling = await aPupil(municipality, family.householdId, { school: other })
    const delegate = await aDelegateFor(municipality, family, [sibling])
    await aCommunication(municipality, {
      title: 'Alla scuola del fratello',
      audience: { to: 'schools', ids: [other.id], inDebt: false },
    })
    await aCommunication(municipality, {
      title: 'All’altra scuola',
      audience: { to: 'schools', ids: [municipality.school.id], inDebt: false },
    })
    expect(await titles(delegate)).toEqual(['Alla scuola del fratello'])
    expect(await titles(reader)).toHaveLength(2)
  })

  test('separated parents with two households each get it once', async () => {
    const second = await anotherFamily(municipality)
    await aMember(municipality, second.householdId, family.holder, 'delegate')
    const both = viewerOf(municipality, family.holder, {
      memberships: [
        { householdId: family.householdId, role: 'holder' },
        { householdId: second.householdId, role: 'delegate' },
      ],
    })
    const { id } = await aCommunication(municipality)
    expect(await titles(both)).toHaveLength(1)
    expect(await notified(municipality, `communication:${id}:%`)).toBe(2)
  })

  test('the recipients are a fact: a family that enrols later does not have it, a person who loses the role does not see it any more', async () => {
    const { owner } = await testDatabase()
    const delegate = await aDelegate(municipality, family.householdId)
    const { id } = await aCommunication(municipality)
    const late = await anotherFamily(municipality)
    expect(await titles(late.holderViewer)).toEqual([])
    expect(await titles(delegate)).toHaveLength(1)
    await owner
      .updateTable('household_member')
      .set({ ended_at: new Date(NOON) })
      .where('person_id', '=', delegate.personId)
      .execute()
    expect(await openCommunication(delegate, id, null)).toBeNull()
    expect(await titles({ ...delegate, memberships: [] })).toEqual([])
    expect((await recipientList(operator, id, {}))?.page.total).toBe(2)
  })

  test('a former holder reads nothing here; the new holder has what comes from then on', async () => {
    const past = {
      ...reader,
      memberships: [{ householdId: family.householdId, role: 'past_holder' as const }],
    }
    await aCommunication(municipality)
    expect(await communicationsFor(past, EVERYTHING)).toBeNull()
    const next = await aPerson(municipality)
    expect(
      await titles(
        viewerOf(municipality, next, { memberships: [{ householdId: family.householdId, role: 'holder' }] }),
      ),
    ).toEqual([])
  })

  test('4,000 households are resolved and told within the time of a statement', async () => {
    // A connection of its own: the others know these tables as small ones, and plan their checks accordingly.
    const owner = openDatabase((await testDatabase()).ownerUrl, { poolSize: 1, queryTimeoutMs: 0 })
    const at = municipality.municipalityId
    await sql`
      with n as materialized (select n, uuidv7() as h, uuidv7() as p, uuidv7() as c from generate_series(1, 4000) n),
      h as (insert into household (municipality_id, id, name) select ${at}, h, 'N' || n from n),
      p as (insert into person (municipality_id, id, fiscal_code, fiscal_code_hash, given_name, family_name, email)
        select ${at}, p, (10000000000 + n)::text, sha256((${at} || n)::bytea), 'A', 'N' || n, n || '@example.it' from n),
      m as (insert into household_member (municipality_id, household_id, person_id, role, valid_from)
        select ${at}, h, p, 'holder', '2026-09-01' from n),
      c as (insert into pupil (municipality_id, id, household_id, given_name, family_name, fiscal_code, birth_date)
        select ${at}, c, h, 'B', 'N' || n, (20000000000 + n)::text, '2018-01-01' from n)
      insert into enrolment (municipality_id, pupil_id, service_id, school_id, school_class_id, school_year_id, diet_code, valid_from, valid_to)
      select ${at}, c, ${municipality.serviceId}, ${municipality.school.id}, ${municipality.school.classId}, ${municipality.schoolYearId}, 'STD', '2026-09-14', '2027-06-05' from n`.execute(
      owner,
    )
    await sql`analyze`.execute(owner)
    await owner.destroy()
    const saved = given(await saveCommunication(operator, aDraft()))
    expect(await runDry(operator, saved.id)).toMatchObject({ households: 4_001, persons: 4_001 })
    const sent = given(await approveCommunication(manager, saved.id, 1, NOW))
    expect(sent.persons).toBe(4_001)
    expect((await officeCommunication(manager, saved.id))?.figures).toMatchObject({
      households: 4_001,
      mailsWaiting: 4_001,
    })
  }, 60_000)
})

describe('the dry run', () => {
  test('counts exactly, says who has no e-mail and which family has no reader', async () => {
    const { owner } = await testDatabase()
    await aDelegate(municipality, family.householdId)
    const silent = await anotherFamily(municipality)
    await owner.updateTable('person').set({ email: null }).where('id', '=', silent.holder.personId).execute()
    const orphan = await owner
      .insertInto('household')
      .values({ municipality_id: municipality.municipalityId, name: 'Senza adulti' })
      .returning('id')
      .executeTakeFirstOrThrow()
    await aPupil(municipality, orphan.id)
    const saved = given(await saveCommunication(operator, aDraft()))
    expect(await runDry(operator, saved.id)).toMatchObject({
      households: 2,
      persons: 3,
      withEmail: 2,
      withoutEmailCount: 1,
      withoutEmail: ['Conti Laura'],
      unreached: ['Senza adulti'],
    })
  })

  test('shows a balance only of what is about money, and writes nothing', async () => {
    await setBalance(municipality, family, -540)
    const service = given(await saveCommunication(operator, aDraft()))
    expect((await runDry(operator, service.id))?.sample[0]?.balanceCents).toBeNull()
    const money = given(
      await saveCommunication(
        operator,
        aDraft({ about: 'money', audience: { to: 'everybody', ids: [], inDebt: true } }),
      ),
    )
    expect((await runDry(operator, money.id))?.sample[0]?.balanceCents).toBe(-540)
    expect(
      await count(
        sql`select count(*)::int as n from communication_recipient where communication_id = ${money.id}`,
      ),
    ).toBe(0)
    expect(await runDry(reader, money.id)).toBeNull()
  })
})

describe('the list of who got a communication', () => {
  test('finds the same by each filter, whether few or very many got it', async () => {
    const other = await anotherFamily(municipality)
    const { id } = await aCommunication(municipality, { acknowledgement: 'household' })
    await openCommunication(reader, id, null)
    const { rows: all } = (await recipientList(operator, id, {}))?.page ?? { rows: [] }
    expect(all.length).toBeGreaterThan(1)
    const [first] = all
    const name = String(first?.cells.persona)
    const household = String(first?.cells.famiglia)
    for (const params of [
      { stato: 'letta' },
      { stato: 'non-letta' },
      { stato: 'confermata' },
      { stato: 'non-confermata' },
      { cerca: name },
      { cerca: `${household} ${name.split(' ')[0]}` },
      { cerca: other.holderViewer.name, stato: 'non-letta' },
      { cerca: 'nessuno' },
      { cerca: 'a' },
    ]) {
      const list = await recipientList(operator, id, params)
      const state = list?.state as ListState
      const found = list?.page.rows.map((row) => row.id) ?? []
      const walked = await asStaff(operator, async (trx) =>
        readListPage(
          trx,
          await recipientSource(trx, operator.municipalityId, { id, version: 1, asks: true }, state),
          state,
          { most: 0, walked: 1_000 },
        ),
      )
      expect(
        walked.rows.map((row) => row.id),
        JSON.stringify(params),
      ).toEqual(found)
    }
    expect(
      (await recipientList(operator, id, { cerca: name }))?.page.rows.map((row) => row.cells.persona),
    ).toContain(name)
    expect((await recipientList(operator, id, { stato: 'letta' }))?.page.rows).toHaveLength(1)
  })
})
