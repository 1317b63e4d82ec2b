import { randomUUID } from 'node:crypto'
import { sql } from 'kysely'
import { beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { asSystem, inScope, openDatabase } from '#db/client.ts'
import { enterSubject } from '#db/subjects.ts'
import type { Viewer } from '#lib/access/viewer.ts'
import { runDry } from '#lib/communications/audience.queries.ts'
import type { CommunicationFilter } from '#lib/communications/communication.address.ts'
import { acknowledge, openCommunication } from '#lib/communications/communication.commands.ts'
import { communicationsFor } from '#lib/communications/communication.queries.ts'
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
import { recipientsOf } from '#lib/communications/office/recipient.queries.ts'
import { readFile } from '#lib/files/file.queries.ts'
import { postJournal, systemAccount } from '#lib/ledger/journal.commands.ts'
import { aCommunication, aDraft, given, managerOf } from '#tests/support/communications.ts'
import { setClock, testDatabase } from '#tests/support/database.ts'
import {
  aDelegate,
  aHousehold,
  aMember,
  aMunicipality,
  aPerson,
  aPupil,
  aSchool,
  aStaffViewer,
  type Household,
  type TestMunicipality,
  viewerOf,
} from '#tests/support/factories.ts'
import { inEverySubject } from '#tests/support/subjects.ts'

const NOON = '2026-11-24T12:00:00+01:00'
const EVENING = '2026-11-24T18:00:00+01:00'
const TOMORROW = '2026-11-25T13:00:00+01:00'
const NOW = { publishAt: null, seen: null }
const ALL: CommunicationFilter = { text: '', kind: '', unread: false, year: null, page: 1 }

let municipality: TestMunicipality
let operator: Viewer
let manager: Viewer
let family: Household
let reader: Viewer

beforeAll(async () => {
  await testDatabase()
})

beforeEach(async () => {
  await setClock(NOON)
  municipality = await aMunicipality()
  operator = await aStaffViewer(municipality, 'operator')
  manager = await managerOf(municipality)
  family = await aHousehold(municipality)
  await aPupil(municipality, family.householdId)
  reader = family.holderViewer
})

const code = (result: { ok: boolean; code?: string }) => (result.ok ? 'done' : result.code)
const lines = async (viewer: Viewer, filter: Partial<CommunicationFilter> = {}) =>
  (await communicationsFor(viewer, { ...ALL, ...filter }))?.lines ?? []
const titles = async (viewer: Viewer, filter: Partial<CommunicationFilter> = {}) =>
  (await lines(viewer, filter)).map((line) => line.title)
const toHousehold = (householdId: string) =>
  ({ to: 'households', ids: [householdId], inDebt: false }) as const
/** Moves a household's balance to an amount, as an opening would. */
const balance = async (household: Household, cents: number) => {
  const { owner } = await testDatabase()
  const before = await owner
    .selectFrom('account')
    .select('balance_cents')
    .where('id', '=', household.accountId)
    .executeTakeFirstOrThrow()
  await asSystem(municipality.municipalityId, async (trx) => {
    const opening = await systemAccount(trx, municipality.municipalityId, {
      kind: 'opening',
      serviceId: municipality.serviceId,
    })
    const amountCents = cents - before.balance_cents
    await postJournal(trx, municipality.municipalityId, {
      kind: 'opening',
      idempotencyKey: randomUUID(),
      description: '',
      lines: [
        { accountId: household.accountId, amountCents },
        { accountId: opening, amountCents: -amountCents },
      ],
    })
  })
}
const count = async (query: ReturnType<typeof sql<{ n: number }>>) => {
  const { owner } = await testDatabase()
  return (await query.execute(owner)).rows[0]?.n
}
const notified = (key: string) =>
  count(
    sql`select count(*)::int as n from notification where municipality_id = ${municipality.municipalityId} and key like ${key}`,
  )

/** Another family of the municipality, whose child is enrolled. */
async function anotherFamily(given: Parameters<typeof aPupil>[2] = {}): Promise<Household> {
  const household = await aHousehold(municipality)
  await aPupil(municipality, household.householdId, given)
  return household
}

/** A delegate for some of the children of a household. */
async function aDelegateFor(household: Household, pupilIds: string[]): Promise<Viewer> {
  const { owner } = await testDatabase()
  const delegate = await aDelegate(municipality, household.householdId)
  const { id } = await owner
    .updateTable('household_member')
    .set({ all_pupils: false })
    .where('person_id', '=', delegate.personId)
    .returning('id')
    .executeTakeFirstOrThrow()
  await owner
    .insertInto('delegate_pupil')
    .values(
      pupilIds.map((pupil_id) => ({
        municipality_id: municipality.municipalityId,
        household_member_id: id,
        pupil_id,
      })),
    )
    .execute()
  return { ...delegate, memberships: [{ householdId: household.householdId, role: 'delegate', pupilIds }] }
}

describe('who gets a communication', () => {
  test('everybody with a child enrolled; who left the service does not', async () => {
    const gone = await aHousehold(municipality)
    await aPupil(municipality, gone.householdId, { to: '2026-10-31' })
    await aCommunication(municipality)
    expect(await titles(reader)).toEqual(['Venerdì la mensa è chiusa'])
    expect(await titles(gone.holderViewer)).toEqual([])
  })

  test('in the summer holidays everybody of the year that is ending', async () => {
    await setClock('2027-07-10T10:00:00+02:00')
    await aCommunication(municipality)
    expect(await titles(reader)).toHaveLength(1)
  })

  test('of a school, of a class, of a service', async () => {
    const other = await aSchool(municipality)
    const elsewhere = await anotherFamily({ school: other })
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

  test('single families, by the fiscal code of a parent or of a child', async () => {
    const other = await anotherFamily()
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

  test('who is in debt: the holder only, each with the own balance, also who has left the service', async () => {
    const left = await aHousehold(municipality)
    await balance(family, -1620)
    await balance(left, -540)
    const delegate = await aDelegate(municipality, family.householdId)
    const inCredit = await anotherFamily()
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
    await balance(family, -540)
    const { id } = await aCommunication(municipality, {
      about: 'money',
      title: 'Il tuo saldo',
      body: '<p>{saldo}</p>',
      audience: toHousehold(family.householdId),
    })
    await balance(family, 10_000)
    expect((await openCommunication(reader, id, null))?.text?.body).toBe('<p>−5,40\u00a0€</p>')
  })

  test('a delegate of some children, when it is for one of those', async () => {
    const other = await aSchool(municipality)
    const sibling = await aPupil(municipality, family.householdId, { school: other })
    const delegate = await aDelegateFor(family, [sibling])
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
    const second = await anotherFamily()
    await aMember(municipality, second.householdId, family.holder, 'delegate')
    const both = viewerOf(municipality, family.holder, {
      memberships: [
        { householdId: family.householdId, role: 'holder' },
        { householdId: second.householdId, role: 'delegate' },
      ],
    })
    const { id } = await aCommunication(municipality)
    expect(await titles(both)).toHaveLength(1)
    expect(await notified(`communication:${id}:%`)).toBe(2)
  })

  test('it is a fact: who enrols later does not have it, who loses the role does not see it any more', async () => {
    const { owner } = await testDatabase()
    const delegate = await aDelegate(municipality, family.householdId)
    const { id } = await aCommunication(municipality)
    const late = await anotherFamily()
    expect(await titles(late.holderViewer)).toEqual([])
    expect(await titles(delegate)).toHaveLength(1)
    await owner
      .updateTable('household_member')
      .set({ ended_at: new Date(NOON) })
      .where('person_id', '=', delegate.personId)
      .execute()
    expect(await openCommunication(delegate, id, null)).toBeNull()
    expect(await titles({ ...delegate, memberships: [] })).toEqual([])
    expect((await recipientsOf(operator, id, 'all', 1))?.total).toBe(2)
  })

  test('a former holder reads nothing here; the new holder has what comes from then on', async () => {
    const past = {
      ...reader,
      memberships: [{ householdId: family.householdId, role: 'past_holder' as const }],
    }
    await aCommunication(municipality)
    expect(await communicationsFor(past, ALL)).toBeNull()
    const next = await aPerson(municipality)
    expect(
      await titles(
        viewerOf(municipality, next, { memberships: [{ householdId: family.householdId, role: 'holder' }] }),
      ),
    ).toEqual([])
  })

  test('4,000 households are resolved and told within the time of a statement', async () => {
    // A connection of its own: the others know these tables as small ones, and plan their checks accordingly.
    const owner = openDatabase((await testDatabase()).ownerUrl, { poolSize: 1, statementTimeoutMs: 0 })
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

  test('who is who: editors read the text, families and strangers nothing of the office’s side', async () => {
    const editor = await aStaffViewer(municipality, 'editor')
    const { id } = await aCommunication(municipality)
    expect((await officeCommunications(editor, { state: '', text: '', page: 1 }))?.lines).toHaveLength(1)
    expect(await recipientsOf(editor, id, 'all', 1)).toBeNull()
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

  test('sent back with a note, it is a draft again', async () => {
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
    await anotherFamily()
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

  test('approved by two managers together, it goes out once', async () => {
    const saved = given(await saveCommunication(operator, aDraft()))
    const answers = await Promise.all([1, 2, 3].map(() => approveCommunication(manager, saved.id, 1, NOW)))
    expect(answers.filter((answer) => answer.ok)).toHaveLength(1)
    expect(await notified(`communication:${saved.id}:%`)).toBe(1)
  })

  test('an invented school, class or family is refused', async () => {
    const other = await aMunicipality()
    const audience = { to: 'schools', ids: [other.school.id], inDebt: false } as const
    expect(code(await saveCommunication(operator, aDraft({ audience })))).toBe(
      'communications:unknown-audience',
    )
  })
})

describe('the dry run', () => {
  test('counts exactly, says who has no e-mail and which family has no reader', async () => {
    const { owner } = await testDatabase()
    await aDelegate(municipality, family.householdId)
    const silent = await anotherFamily()
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
    await balance(family, -540)
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

describe('at its moment', () => {
  const scheduled = async (fields: Partial<CommunicationDraft> = {}) => {
    const saved = given(await saveCommunication(operator, aDraft(fields)))
    given(await approveCommunication(manager, saved.id, 1, { publishAt: new Date(EVENING), seen: null }))
    return saved
  }

  test('not before, then once, no matter who looks and how often', async () => {
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
    expect(await notified(`communication:${id}:%`)).toBe(1)
  })

  test('recipients are those of that moment', async () => {
    await scheduled()
    const late = await anotherFamily()
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

  test('taken back before, it stays with the office', async () => {
    const { id } = await scheduled()
    given(await unscheduleCommunication(manager, id))
    expect(code(await unscheduleCommunication(manager, id))).toBe('communications:not-scheduled')
    await setClock(EVENING)
    await publishDueCommunications()
    expect(await officeCommunication(manager, id)).toMatchObject({ state: 'draft' })
  })

  test('without a recipient left, it returns to the office and says why', async () => {
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

describe('what a family sees', () => {
  test('newest first, unread until opened, then read for that person only', async () => {
    const delegate = await aDelegate(municipality, family.householdId)
    const first = await aCommunication(municipality, { title: 'Prima comunicazione' })
    await setClock(EVENING)
    await aCommunication(municipality, { title: 'Seconda comunicazione' })
    expect(await titles(reader)).toEqual(['Seconda comunicazione', 'Prima comunicazione'])
    await openCommunication(reader, first.id, null)
    await openCommunication(reader, first.id, null)
    expect(await titles(reader, { unread: true })).toEqual(['Seconda comunicazione'])
    expect((await communicationsFor(delegate, ALL))?.unread).toBe(2)
    expect((await recipientsOf(operator, first.id, 'unread', 1))?.lines.map((line) => line.role)).toEqual([
      'delegate',
    ])
  })

  test('filters: kind, words of title and text, school year', async () => {
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
    expect((await communicationsFor(reader, ALL))?.years).toEqual([2027, 2026])
  })

  test('pages of fifteen', async () => {
    const audience = toHousehold(family.householdId)
    for (let n = 1; n <= 16; n += 1)
      await aCommunication(municipality, { title: `Comunicazione ${n}`, audience })
    const page = await communicationsFor(reader, { ...ALL, page: 2 })
    expect(page).toMatchObject({ total: 16, pages: 2, page: 2 })
    expect(page?.lines).toHaveLength(1)
  })

  test('another family finds nothing at the address, and no list shows an amount', async () => {
    await balance(family, -540)
    const { id } = await aCommunication(municipality, {
      about: 'money',
      title: 'Il tuo saldo',
      body: '<p>Saldo {saldo}</p>',
      audience: toHousehold(family.householdId),
    })
    const stranger = await anotherFamily()
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

  test('expired it stays in the history, asks nothing and counts as nothing to read', async () => {
    const { id } = await aCommunication(municipality, {
      acknowledgement: 'person',
      expiresAt: new Date(EVENING),
    })
    await setClock(TOMORROW)
    expect((await communicationsFor(reader, ALL))?.unread).toBe(0)
    expect((await lines(reader))[0]).toMatchObject({ isExpired: true, acknowledgement: 'over' })
    expect(code(await acknowledge(reader, id, 1))).toBe('communications:expired')
  })

  test('a notification without title where it was written to single families or about money', async () => {
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

  test('once for the household: either parent will do', async () => {
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

  test('by everybody for themselves', async () => {
    const delegate = await aDelegate(municipality, family.householdId)
    const { id } = await asking('person')
    given(await acknowledge(delegate, id, 1))
    expect((await openCommunication(reader, id, null))?.text?.acknowledgement).toBe('asked')
    expect((await officeCommunication(manager, id))?.figures).toMatchObject({ asked: 2, acknowledged: 1 })
    expect((await recipientsOf(operator, id, 'unacknowledged', 1))?.lines.map((line) => line.role)).toEqual([
      'holder',
    ])
  })

  test('twice, in two tabs, by two parents together: one', async () => {
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

  test('in time until midnight of its day; after that it counts, as late', async () => {
    const { id } = await asking('person')
    await setClock('2026-11-24T23:59:59+01:00')
    expect((await openCommunication(reader, id, null))?.text?.acknowledgement).toBe('asked')
    await setClock('2026-11-25T00:00:00+01:00')
    expect((await openCommunication(reader, id, null))?.text?.acknowledgement).toBe('asked-late')
    given(await acknowledge(reader, id, 1))
    expect((await recipientsOf(operator, id, 'acknowledged', 1))?.lines[0]).toMatchObject({ wasLate: true })
  })

  test('not by a stranger, not where it is not asked, not of another version', async () => {
    const stranger = (await anotherFamily()).holderViewer
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
    const stranger = await anotherFamily()
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
    expect(await notified(`communication:${id}:%`)).toBe(2)
  })

  test('without a reason it does not go out; a draft between two corrections is for no family to read', async () => {
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

  test('who got it does not change with a correction', async () => {
    const id = await corrected({ audience: toHousehold(family.householdId) })
    const late = await anotherFamily()
    given(await approveCommunication(manager, id, 2, NOW))
    expect(await titles(late.holderViewer)).toEqual([])
  })

  test('withdrawn: a person who had read it sees that and why; the text is gone for everybody', async () => {
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

describe('reminders', () => {
  test('go only to those who have not read, and once a day', async () => {
    const other = await anotherFamily()
    const { id } = await aCommunication(municipality)
    await openCommunication(reader, id, null)
    const answers = await Promise.all([1, 2].map(() => remindRecipients(operator, id, 'unread')))
    expect(answers.map(code).sort()).toEqual(['communications:reminded-already', 'done'])
    expect(await notified(`communication:${id}:1:reminder:%`)).toBe(1)
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
    const stranger = (await anotherFamily()).holderViewer
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
