import { sql } from 'kysely'
import { beforeAll, describe, expect, test } from 'vitest'
import { asSystem } from '#db/client.ts'
import { postJournal, systemAccount } from '#lib/ledger/journal.commands.ts'
import { testDatabase } from '#tests/support/database.ts'
import {
  aHousehold,
  aMunicipality,
  aPupil,
  type Household,
  ledgerFaults,
  type TestMunicipality,
} from '#tests/support/factories.ts'

let municipality: TestMunicipality
let household: Household
let opening: string

beforeAll(async () => {
  await testDatabase()
  municipality = await aMunicipality()
  household = await aHousehold(municipality)
  opening = await asSystem(municipality.municipalityId, (trx) =>
    systemAccount(trx, municipality.municipalityId, { kind: 'opening', serviceId: municipality.serviceId }),
  )
})

const move = (key: string, cents: number, account = household.accountId) =>
  asSystem(municipality.municipalityId, (trx) =>
    postJournal(trx, municipality.municipalityId, {
      kind: 'adjustment',
      idempotencyKey: key,
      description: 'prova',
      lines: [
        { accountId: account, amountCents: cents },
        { accountId: opening, amountCents: -cents },
      ],
    }),
  )

async function balance(): Promise<number> {
  const { owner } = await testDatabase()
  const row = await owner
    .selectFrom('account')
    .select('balance_cents')
    .where('id', '=', household.accountId)
    .executeTakeFirstOrThrow()
  return row.balance_cents
}

/** What the database itself answers to a statement that the application never sends. */
async function refusalOf(statement: string, role: 'owner' | 'web' = 'owner'): Promise<string> {
  const opened = await testDatabase()
  return sql
    .raw(statement)
    .execute(opened[role])
    .then(
      () => 'accepted',
      (error: Error) => error.message,
    )
}

describe('the ledger', () => {
  test('a journal moves the balance of both its accounts', async () => {
    const before = await balance()
    expect((await move('first', 1_080)).written).toBe(true)
    expect(await balance()).toBe(before + 1_080)
    expect(await ledgerFaults()).toBe(0)
  })

  test('the same key a second time changes nothing and answers the same journal', async () => {
    const first = await move('twice', 540)
    const before = await balance()
    expect(await move('twice', 540)).toEqual({ journalId: first.journalId, written: false })
    expect(await balance()).toBe(before)
  })

  test('eighty together with one key write one journal', async () => {
    const before = await balance()
    const all = await Promise.all(Array.from({ length: 80 }, () => move('eighty', 540)))
    expect(all.filter((one) => one.written)).toHaveLength(1)
    expect(await balance()).toBe(before + 540)
  })

  test('parallel debits never lose one', async () => {
    const before = await balance()
    await Promise.all(Array.from({ length: 40 }, (_, i) => move(`debit-${i}`, -540)))
    expect(await balance()).toBe(before - 40 * 540)
    expect(await ledgerFaults()).toBe(0)
  })

  test('a journal that does not sum to zero is a bug and throws', async () => {
    const unbalanced = asSystem(municipality.municipalityId, (trx) =>
      postJournal(trx, municipality.municipalityId, {
        kind: 'adjustment',
        idempotencyKey: 'unbalanced',
        description: '',
        lines: [
          { accountId: household.accountId, amountCents: 1 },
          { accountId: opening, amountCents: 1 },
        ],
      }),
    )
    await expect(unbalanced).rejects.toThrow('sums to zero')
  })
})

/** Three thousand families with a movement each, as a municipality has after its first day. @returns the accounts of some of them */
async function aLongHistory(): Promise<string[]> {
  const { owner } = await testDatabase()
  await sql`
    with families as (
      insert into household (municipality_id, name) select ${municipality.municipalityId}::uuid, 'Tante' from generate_series(1, 3000)
      returning id
    ), accounts as (
      insert into account (municipality_id, kind, service_id, household_id)
      select ${municipality.municipalityId}::uuid, 'household', ${municipality.serviceId}::uuid, id from families returning id
    ), journals as (
      insert into journal (municipality_id, kind, idempotency_key)
      select ${municipality.municipalityId}::uuid, 'adjustment', id::text from accounts returning id, idempotency_key
    )
    insert into entry (municipality_id, journal_id, account_id, kind, amount_cents)
    select ${municipality.municipalityId}::uuid, j.id, line.account, 'adjustment', line.cents
    from journals j, lateral (values (j.idempotency_key::uuid, 540), (${opening}::uuid, -540)) line (account, cents)`.execute(
    owner,
  )
  await sql`analyze account, entry`.execute(owner)
  const some = await owner
    .selectFrom('account')
    .select('id')
    .where('municipality_id', '=', municipality.municipalityId)
    .where('kind', '=', 'household')
    .limit(200)
    .execute()
  return some.map(({ id }) => id)
}

describe('a long history', () => {
  test('costs a school’s charges nothing: entries and accounts are found by key, never by reading them all', async () => {
    const accounts = await aLongHistory()
    const read = await asSystem(municipality.municipalityId, async (trx) => {
      await postJournal(trx, municipality.municipalityId, {
        kind: 'adjustment',
        idempotencyKey: 'after a long history',
        description: 'prova',
        lines: [
          ...accounts.map((accountId) => ({ accountId, amountCents: 540 })),
          { accountId: opening, amountCents: -540 * accounts.length },
        ],
      })
      const { rows } = await sql<{ relname: string; seq_tup_read: number }>`
        select relname, seq_tup_read from pg_stat_xact_user_tables
        where relname = 'account' or relname = 'entry_' || school_year_of(app_today()) order by 1`.execute(
        trx,
      )
      return rows
    })
    expect(read).toEqual([
      { relname: 'account', seq_tup_read: 0 },
      { relname: expect.stringMatching(/^entry_\d{4}$/), seq_tup_read: 0 },
    ])
    expect(await ledgerFaults()).toBe(0)
  })
})

describe('the database refuses by itself', () => {
  const insertEntry = (journal: string, cents: number) =>
    `insert into entry (municipality_id, journal_id, account_id, kind, amount_cents) values
      ('${municipality.municipalityId}', ${journal}, '${household.accountId}', 'adjustment', ${cents}),
      ('${municipality.municipalityId}', ${journal}, '${opening}', 'adjustment', 1)`

  test('changing, deleting or emptying journals and entries', async () => {
    await move('to be kept', 540)
    for (const table of ['entry', 'journal']) {
      expect(await refusalOf(`update ${table} set posted_at = now()`)).toContain('append-only')
      expect(await refusalOf(`delete from ${table}`)).toContain('append-only')
      expect(await refusalOf(`truncate ${table} cascade`)).toContain('append-only')
    }
  })

  test('an unbalanced journal', async () => {
    const { owner } = await testDatabase()
    const journal = await owner
      .insertInto('journal')
      .values({ municipality_id: municipality.municipalityId, kind: 'adjustment', idempotency_key: 'half' })
      .returning('id')
      .execute()
      .catch((error: Error) => error.message)
    expect(journal).toContain('a journal has entries')
    expect(
      await refusalOf(
        `with j as (insert into journal (municipality_id, kind, idempotency_key)
           values ('${municipality.municipalityId}', 'adjustment', 'unbalanced') returning id)
         ${insertEntry('(select id from j)', 7)}`,
      ),
    ).toContain('sums to zero')
  })

  test('lines added later to a journal that was written', async () => {
    const { journalId } = await move('written', 540)
    expect(await refusalOf(insertEntry(`'${journalId}'`, -1))).toContain('written once, together')
  })

  test('a balance that moves without entries, and an account that opens with money', async () => {
    expect(await refusalOf('update account set balance_cents = balance_cents + 1')).toContain(
      'only by entries',
    )
    expect(
      await refusalOf(`insert into account (municipality_id, kind, service_id, school_id, balance_cents)
        values ('${municipality.municipalityId}', 'meals', '${municipality.serviceId}', '${municipality.school.id}', 5)`),
    ).toContain('opens at zero')
    expect(await refusalOf('delete from account')).toContain('append-only')
  })

  describe('what entries refer to, though the server enforces none of the three keys', () => {
    const nowhere = '00000000-0000-7000-8000-000000000000'
    const pairOf = (given: { journal?: string; account?: string; pupil?: string; key: string }) => {
      const journal = given.journal ? `'${given.journal}'` : '(select id from j)'
      const account = given.account ?? household.accountId
      const meal = given.pupil ? `'${given.pupil}', '${nowhere}', date '2026-11-24'` : 'null, null, null'
      return `with j as (insert into journal (municipality_id, kind, idempotency_key)
          values ('${municipality.municipalityId}', 'adjustment', '${given.key}') returning id)
        insert into entry (municipality_id, journal_id, account_id, kind, amount_cents, pupil_id, service_day_id, day) values
          ('${municipality.municipalityId}', ${journal}, '${account}', 'adjustment', 7, ${meal}),
          ('${municipality.municipalityId}', ${journal}, '${opening}', 'adjustment', -7, null, null, null)`
    }

    test('a journal, an account and a pupil that are there are accepted', async () => {
      const pupil = await aPupil(municipality, household.householdId)
      expect(await refusalOf(pairOf({ key: 'whole', pupil }))).toBe('accepted')
      expect(await ledgerFaults()).toBe(0)
    })

    test.each([
      ['a journal', { journal: nowhere }, 'belongs to a journal that is there'],
      ['an account', { account: nowhere }, 'moves an account that is there'],
      ['a pupil', { pupil: nowhere }, 'names a pupil that is there'],
    ])('%s that is not there is refused', async (name, missing, refusal) => {
      expect(await refusalOf(pairOf({ key: `without ${name}`, ...missing }))).toContain(refusal)
    })

    test.each([
      ['a journal', { journal: 'journal' }, 'belongs to a journal that is there'],
      ['an account', { account: 'account' }, 'moves an account that is there'],
      ['a pupil', { pupil: 'pupil' }, 'names a pupil that is there'],
    ])('%s of another municipality is refused', async (name, parents, refusal) => {
      const other = await aMunicipality()
      const theirs = await aHousehold(other)
      const ids = {
        account: theirs.accountId,
        pupil: await aPupil(other, theirs.householdId),
        journal: await asSystem(other.municipalityId, async (trx) => {
          const adjustment = await systemAccount(trx, other.municipalityId, {
            kind: 'adjustment',
            serviceId: other.serviceId,
          })
          const lines = [
            { accountId: theirs.accountId, amountCents: 1 },
            { accountId: adjustment, amountCents: -1 },
          ]
          const key = { kind: 'adjustment', idempotencyKey: 'theirs', description: '' } as const
          return (await postJournal(trx, other.municipalityId, { ...key, lines })).journalId
        }),
      }
      const given = Object.fromEntries(Object.keys(parents).map((parent) => [parent, ids[parent as 'pupil']]))
      expect(await refusalOf(pairOf({ key: `theirs: ${name}`, ...given }))).toContain(refusal)
    })

    test('none of them can be deleted, emptied or given another key', async () => {
      const pupil = await aPupil(municipality, household.householdId)
      const { journalId } = await move('a parent', 540)
      const parents = { journal: journalId, account: household.accountId, pupil }
      for (const [table, id] of Object.entries(parents)) {
        expect(await refusalOf(`delete from ${table} where id = '${id}'`)).toContain('append-only')
        expect(await refusalOf(`truncate ${table} cascade`)).toContain('append-only')
        for (const key of ['id', 'municipality_id'])
          expect(await refusalOf(`update ${table} set ${key} = uuidv7() where id = '${id}'`)).toMatch(
            /append-only|keeps its key/,
          )
      }
    })

    test('no rule that they rest on is switched off, and no other key of the ledger is without its check', async () => {
      const { owner } = await testDatabase()
      const { rows: keys } = await sql<{ name: string }>`
        select conrelid::regclass || ' to ' || confrelid::regclass as name from pg_constraint
        where contype = 'f' and not conenforced and conparentid = 0 and connamespace = 'public'::regnamespace order by 1`.execute(
        owner,
      )
      expect(keys.map(({ name }) => name)).toEqual(['entry to account', 'entry to journal', 'entry to pupil'])
      const { rows: off } = await sql`select tgname from pg_trigger where tgenabled <> 'O'`.execute(owner)
      expect(off).toEqual([])
    })
  })

  test('the runtime role, even where a trigger would not: it has no right to', async () => {
    for (const statement of [
      'update entry set amount_cents = 1',
      'delete from journal',
      'truncate entry',
      'update account set balance_cents = 0',
      'alter table entry disable trigger all',
    ]) {
      expect(await refusalOf(statement, 'web')).toMatch(/permission denied|must be owner/)
    }
  })
})
