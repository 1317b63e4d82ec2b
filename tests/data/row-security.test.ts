import { randomUUID } from 'node:crypto'
import { sql } from 'kysely'
import { beforeAll, describe, expect, test } from 'vitest'
import { asSystem, type Scope } from '#db/client.ts'
import { issueInvoice } from '#lib/invoices/invoice.commands.ts'
import { postJournal, systemAccount } from '#lib/ledger/journal.commands.ts'
import { changeMeals } from '#lib/meals/meal-change.commands.ts'
import { setClock, testDatabase } from '#tests/support/database.ts'
import {
  aDelegate,
  aHousehold,
  aMember,
  aMunicipality,
  aPerson,
  aPupil,
  aServiceDay,
  aStaffRole,
  aStaffViewer,
  type Household,
  type TestMunicipality,
} from '#tests/support/factories.ts'
import { aTopUp, markPaid } from '#tests/support/money.ts'
import { inEverySubject } from '#tests/support/subjects.ts'

/**
 * The net under the application, with the application asleep: statements without any condition, as a forgotten `where`
 * would send them, in the scope of each person. What comes back is what that person may see, and nothing else.
 */
const FAMILY_TABLES = [
  'household',
  'household_member',
  'pupil',
  'enrolment',
  'absence',
  'absence_event',
  'absence_receipt',
]
const MONEY_TABLES = ['account', 'entry', 'top_up', 'invoice']
const OFFICE_TABLES = [
  'journal',
  'provider_operation',
  'notification_inbox',
  'outbox',
  'delivery_batch',
  'invoice_series',
  'kitchen_count',
  'staff_member',
]

let municipality: TestMunicipality
let own: Household
let delegateId: string
let exDelegateId: string
let strangerId: string
let staffId: string
let elsewhere: { municipalityId: string; personId: string }

beforeAll(async () => {
  await setClock('2026-11-24T07:00:00Z')
  municipality = await aMunicipality()
  own = await aFamilyWithEverything(municipality)
  delegateId = (await aDelegate(municipality, own.householdId)).personId
  const ex = await aPerson(municipality)
  await aMember(municipality, own.householdId, ex, 'delegate', { from: '2026-09-01', to: '2026-11-23' })
  exDelegateId = ex.personId
  strangerId = (await aFamilyWithEverything(municipality)).holder.personId
  staffId = (await aStaffViewer(municipality, 'manager')).personId
  const other = await aMunicipality()
  const { holder } = await aFamilyWithEverything(other)
  await aStaffRole(other, holder, 'manager')
  elsewhere = { municipalityId: other.municipalityId, personId: holder.personId }
})

/** A family with an absence, a paid top-up, its journal and its invoice. */
async function aFamilyWithEverything(where: TestMunicipality): Promise<Household> {
  const household = await aHousehold(where)
  const { municipalityId, serviceId } = where
  const pupilId = await aPupil(where, household.householdId)
  const { owner } = await testDatabase()
  const open = await owner
    .selectFrom('service_day')
    .select('day')
    .where('municipality_id', '=', municipalityId)
    .executeTakeFirst()
  if (!open) await aServiceDay(where, '2026-11-25')
  const change = { action: 'cancel', pupilIds: [pupilId], days: ['2026-11-25'], channel: 'web' } as const
  await changeMeals(household.holderViewer, { ...change, idempotencyKey: randomUUID() })
  const topUpId = await aTopUp(where, household)
  await asSystem(municipalityId, async (trx) => {
    await markPaid(trx, where, topUpId)
    const clearing = await systemAccount(trx, municipalityId, { kind: 'clearing', serviceId })
    await postJournal(trx, municipalityId, {
      kind: 'top_up',
      idempotencyKey: `top_up:${topUpId}`,
      description: '',
      lines: [
        { accountId: household.accountId, amountCents: 10_800, topUpId },
        { accountId: clearing, amountCents: -10_800, topUpId },
      ],
    })
    await issueInvoice(trx, municipalityId, topUpId)
  })
  return household
}

const rowsSeen = (scope: Scope, table: string): Promise<Record<string, unknown>[]> =>
  inEverySubject(scope, async (trx) => {
    const { rows } = await sql<Record<string, unknown>>`select * from ${sql.table(table)}`.execute(trx)
    return rows
  })

const parent = (personId: string): Scope => ({
  municipalityId: municipality.municipalityId,
  personId,
  audience: 'family',
})

describe('without the application’s checks', () => {
  test.each([...FAMILY_TABLES, ...MONEY_TABLES])(
    'the holder sees the own rows of %s, and no others',
    async (table) => {
      const rows = await rowsSeen(parent(own.holder.personId), table)
      expect(rows.length).toBeGreaterThan(0)
      const households = new Set(
        rows.map((row) => row.household_id ?? (table === 'household' ? row.id : undefined)),
      )
      households.delete(undefined)
      expect([...households].filter((id) => id !== own.householdId)).toEqual([])
      const accounts = new Set(rows.map((row) => row.account_id).filter(Boolean))
      expect([...accounts].filter((id) => id !== own.accountId)).toEqual([])
    },
  )

  test.each(FAMILY_TABLES)('the delegate sees %s of the family', async (table) => {
    expect((await rowsSeen(parent(delegateId), table)).length).toBeGreaterThan(0)
  })

  test.each(MONEY_TABLES)('the delegate sees no row of %s', async (table) => {
    expect(await rowsSeen(parent(delegateId), table)).toEqual([])
  })

  test.each([...FAMILY_TABLES, ...MONEY_TABLES])(
    'a past delegate sees no row of %s that is about others',
    async (table) => {
      const rows = await rowsSeen(parent(exDelegateId), table)
      // The memory of one's own role stays one's own: "Accessi ai miei dati" tells it.
      const others =
        table === 'household_member' ? rows.filter((row) => row.person_id !== exDelegateId) : rows
      expect(others).toEqual([])
    },
  )

  test.each([...FAMILY_TABLES, ...MONEY_TABLES])('another family sees its own %s only', async (table) => {
    const rows = await rowsSeen(parent(strangerId), table)
    expect(JSON.stringify(rows)).not.toContain(own.householdId)
    expect(JSON.stringify(rows)).not.toContain(own.accountId)
  })

  test.each([...FAMILY_TABLES, ...MONEY_TABLES, ...OFFICE_TABLES])(
    'a member of the office sees no row of %s as a parent, and in another municipality none at all',
    async (table) => {
      expect(await rowsSeen(parent(staffId), table)).toEqual([])
      const rows = await rowsSeen({ ...elsewhere, audience: 'staff' }, table)
      expect(rows.every((row) => row.municipality_id === elsewhere.municipalityId)).toBe(true)
    },
  )

  test.each(OFFICE_TABLES)('no parent sees %s', async (table) => {
    for (const personId of [own.holder.personId, delegateId])
      expect(await rowsSeen(parent(personId), table)).toEqual([])
  })

  test('a public page sees no family and no money', async () => {
    const scope: Scope = { municipalityId: municipality.municipalityId, audience: 'public' }
    for (const table of [...FAMILY_TABLES, ...MONEY_TABLES, ...OFFICE_TABLES])
      expect(await rowsSeen(scope, table), table).toEqual([])
  })
})

describe('a forged scope', () => {
  const refusal = (scope: Scope, statement: string) =>
    inEverySubject(scope, (trx) => sql.raw(statement).execute(trx)).then(
      () => 'accepted',
      (error: Error) => error.message,
    )

  test('lets no delegate order a top-up, even past every check of the application', async () => {
    const words = await refusal(
      parent(delegateId),
      `insert into top_up (municipality_id, household_id, account_id, payer_id, client_key, meals, unit_cents, method, provider, order_id, notification_key)
       values ('${municipality.municipalityId}', '${own.householdId}', '${own.accountId}', '${delegateId}', gen_random_uuid(), 1, 540, 'card', 'nexi', 'X1', 'x1')`,
    )
    expect(words).toMatch(/only the holder pays|row-level security/)
  })

  test('lets no stranger mark another family’s child absent', async () => {
    const words = await refusal(
      parent(strangerId),
      `insert into absence_receipt (municipality_id, number, household_id, person_id, action, channel, idempotency_key, request_hash)
       values ('${municipality.municipalityId}', 'FORGED-1', '${own.householdId}', '${strangerId}', 'cancel', 'web', gen_random_uuid(), sha256('x'))`,
    )
    expect(words).toContain('row-level security')
  })
})

describe('what a family’s transaction reads and changes of people', () => {
  const inFamilyOf = <T>(personId: string, statement: string): Promise<T[]> =>
    inEverySubject(parent(personId), async (trx) => (await sql.raw<T>(statement).execute(trx)).rows)

  test.each([
    ['a delegate', () => delegateId, () => own.holder.personId],
    ['a holder', () => own.holder.personId, () => delegateId],
  ])(
    '%s reads only the own contacts and code, and of the others what they are called',
    async (_who, me, other) => {
      const people = await inFamilyOf<{ id: string }>(
        me(),
        'select id, email, phone, fiscal_code, street from person',
      )
      expect(people.map(({ id }) => id)).toEqual([me()])
      const names = await inFamilyOf<{ id: string }>(
        me(),
        'select id, given_name, full_name from person_name',
      )
      expect(names.map(({ id }) => id)).toEqual(expect.arrayContaining([me(), other()]))
      const columns = await inFamilyOf<object>(me(), 'select * from person_name limit 1')
      expect(Object.keys(columns[0] ?? {})).toEqual(['municipality_id', 'id', 'given_name', 'full_name'])
    },
  )

  test('a stranger and a public page read no name of the family', async () => {
    const names = 'select id from person_name'
    expect((await inFamilyOf<{ id: string }>(strangerId, names)).map(({ id }) => id)).not.toContain(
      own.holder.personId,
    )
    const scope: Scope = { municipalityId: municipality.municipalityId, audience: 'public' }
    expect(await rowsSeen(scope, 'person_name')).toEqual([])
  })

  test.each([
    ['the name of the household', `update household set name = 'Altri'`, () => delegateId],
    ['the name of the household', `update household set name = 'Altri'`, () => own.holder.personId],
  ])('%s is changed by no adult of it', async (_what, statement, me) => {
    const { owner } = await testDatabase()
    const before = await owner
      .selectFrom('household')
      .select('name')
      .where('id', '=', own.householdId)
      .execute()
    await inFamilyOf(me(), statement)
    const after = await owner
      .selectFrom('household')
      .select('name')
      .where('id', '=', own.householdId)
      .execute()
    expect(after).toEqual(before)
  })

  test.each(['given_name', 'family_name', 'birth_date', 'fiscal_code'])(
    'the %s of a child is changed by no statement of the runtime role',
    async (column) => {
      await expect(
        inFamilyOf(own.holder.personId, `update pupil set ${column} = ${column}`),
      ).rejects.toMatchObject({ code: '42501' })
    },
  )

  test('a pupil’s row is locked all the same, for a change of its meals', async () => {
    const locked = await inFamilyOf(delegateId, 'select id from pupil for no key update')
    expect(locked).toHaveLength(1)
  })
})
