import { randomUUID } from 'node:crypto'
import { sql } from 'kysely'
import { beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { asFamily, asSystem, inScope, type Trx } from '#db/client.ts'
import { keepSchoolYears } from '#db/school-years.ts'
import { recordAudit } from '#lib/audit/audit.commands.ts'
import { yearExpensesOf } from '#lib/invoices/year-expenses.queries.ts'
import type { Day } from '#lib/kernel/day.ts'
import { postJournal, systemAccount } from '#lib/ledger/journal.commands.ts'
import type { JournalKind } from '#lib/ledger/journal.ts'
import type { StatementFilters } from '#lib/ledger/statement.address.ts'
import { balanceCards, moneyOverview, type Statement, statementOf } from '#lib/ledger/statement.queries.ts'
import { dayHistory } from '#lib/meals/meal.queries.ts'
import { changeMeals } from '#lib/meals/meal-change.commands.ts'
import { readReceipt } from '#lib/meals/receipt.queries.ts'
import { dataAccesses } from '#lib/privacy/personal-data.queries.ts'
import { setClock, testDatabase } from '#tests/support/database.ts'
import {
  aHousehold,
  aMunicipality,
  anAbsence,
  aPupil,
  aServiceDay,
  type Household,
  ledgerFaults,
  type TestMunicipality,
} from '#tests/support/factories.ts'
import { aTopUp } from '#tests/support/money.ts'
import { explainEveryStatement, tablesReadBy } from '#tests/support/tables-read.ts'
import { whileHolding } from '#tests/support/waiting.ts'

/** The tables that grow with the years. */
const GROWN = ['absence_event', 'audit_event', 'entry']
const TODAY = '2026-11-24T08:00:00+01:00'

let municipality: TestMunicipality
let household: Household
let clearing: string
/** As they are before the worker makes those of another year. */
let partitionsAtFirst: string[]

beforeAll(async () => {
  await testDatabase()
  partitionsAtFirst = await partitions()
  await setClock(TODAY)
  municipality = await aMunicipality()
  household = await aHousehold(municipality)
  clearing = await asSystem(municipality.municipalityId, (trx) =>
    systemAccount(trx, municipality.municipalityId, { kind: 'clearing', serviceId: municipality.serviceId }),
  )
  await clockOfATransaction()
  await explainEveryStatement()
})

beforeEach(() => setClock(TODAY))

/** A transaction may have a clock of its own, for two that see midnight from either side while both are open. */
async function clockOfATransaction(): Promise<void> {
  const { owner } = await testDatabase()
  await sql`create or replace function app_now() returns timestamptz language sql stable as
    'select coalesce(nullif(current_setting(''test.clock'', true), '''')::timestamptz, fixed, now() + shift) from test_clock'`.execute(
    owner,
  )
}

const partitions = async (): Promise<string[]> => {
  const { owner } = await testDatabase()
  const { rows } = await sql<{ name: string }>`
    select p.relname as name from pg_inherits i join pg_class p on p.oid = i.inhrelid and p.relkind = 'r' order by 1`.execute(
    owner,
  )
  return rows.map(({ name }) => name)
}

/** What the database answers to a statement of the owner of the schema, or of the runtime role with the rights of the office. */
async function refusalOf(statement: string, role: 'owner' | 'web'): Promise<string> {
  const { owner } = await testDatabase()
  const run = (db: Parameters<ReturnType<typeof sql.raw>['execute']>[0]) => sql.raw(statement).execute(db)
  const { municipalityId } = municipality
  return (role === 'owner' ? run(owner) : inScope({ municipalityId, audience: 'system' }, run)).then(
    () => 'accepted',
    (error: Error) => error.message,
  )
}

const recordIn = ({ holderViewer }: Household) =>
  asFamily(holderViewer, (trx) =>
    recordAudit(trx, holderViewer, { action: 'household.read', objectType: 'person', objectId: 'x' }),
  )

type Move = {
  key: string
  kind?: JournalKind
  account?: string
  topUpId?: string
  meal?: { pupilId: string; serviceDayId: string; day: string }
  /** The clock of this movement alone, for two that are written together. */
  at?: string
}

/** A movement of the family's account, in the caller's transaction. */
async function moveIn(
  trx: Trx,
  { key, kind = 'adjustment', account = household.accountId, topUpId, meal, at }: Move,
) {
  if (at) await sql`select set_config('test.clock', ${at}, true)`.execute(trx)
  const credit = topUpId ? { topUpId } : {}
  return postJournal(trx, municipality.municipalityId, {
    kind,
    idempotencyKey: key,
    description: '',
    lines: [
      { accountId: account, amountCents: 540, ...credit, ...meal },
      { accountId: clearing, amountCents: -540, ...credit },
    ],
  })
}

const move = (asked: Move) => asSystem(municipality.municipalityId, (trx) => moveIn(trx, asked))

describe('a table that grows with the years', () => {
  beforeAll(async () => {
    await recordIn(household)
    await move({ key: 'to be kept' })
    const pupilId = await aPupil(municipality, household.householdId)
    await anAbsence(municipality, household, pupilId, await aServiceDay(municipality, '2026-11-25'))
  })

  test('is one of those that a decision names, and has a partition for each school year', async () => {
    const { owner } = await testDatabase()
    const { rows } = await sql<{ name: string }>`
      select relname as name from pg_class where relkind = 'p' order by 1`.execute(owner)
    expect(rows.map(({ name }) => name)).toEqual(GROWN)
    expect(partitionsAtFirst).toEqual(
      GROWN.flatMap((table) => [2023, 2024, 2025, 2026, 2027, 2028].map((year) => `${table}_${year}`)),
    )
  })

  test('has the partitions of the next school year made by the worker, a year ahead, once', async () => {
    expect(await keepSchoolYears()).toBe(0)
    await setClock('2028-08-31T23:59:59+02:00')
    expect(await keepSchoolYears()).toBe(0)
    await setClock('2028-09-01T00:00:00+02:00')
    const made = await Promise.all([keepSchoolYears(), keepSchoolYears(), keepSchoolYears()])
    expect(made.sort()).toEqual([0, 0, GROWN.length])
    expect(await partitions()).toEqual(expect.arrayContaining(GROWN.map((table) => `${table}_2029`)))
  })

  test('refuses what no partition is for, instead of keeping it aside', async () => {
    await setClock('2035-10-01T08:00:00+02:00')
    await expect(recordIn(household)).rejects.toThrow('no partition of relation "audit_event" found for row')
  })

  test.each(GROWN)('lets the runtime role reach %s by the table alone', async (table) => {
    expect(await refusalOf(`select from ${table}`, 'web')).toBe('accepted')
    for (const statement of [
      `select from ${table}_2026`,
      `insert into ${table}_2026 select * from ${table}`,
      `delete from ${table}_2026`,
      `truncate ${table}_2026`,
      `alter table ${table} detach partition ${table}_2026`,
      `select make_school_years('2050-09-01', '2051-09-01')`,
    ])
      expect(await refusalOf(statement, 'web'), statement).toMatch(/permission denied|must be owner/)
  })

  test.each(GROWN)('lets no one change or empty a partition of %s', async (table) => {
    const { owner } = await testDatabase()
    const { rows } = await sql`select from ${sql.table(`${table}_2026`)}`.execute(owner)
    expect(rows.length).toBeGreaterThan(0)
    for (const statement of [
      `update ${table}_2026 set municipality_id = municipality_id`,
      `delete from ${table}_2026`,
      `truncate ${table}_2026`,
    ])
      expect(await refusalOf(statement, 'owner'), statement).toContain('append-only')
  })
})

describe('the ledger, at the end of a school year', () => {
  const [LAST, FIRST] = ['2026-08-31T23:59:59+02:00', '2026-09-01T00:00:00+02:00']

  test('keeps each entry in the school year of its journal', async () => {
    const { owner } = await testDatabase()
    for (const [at, year] of [
      [LAST, 2025],
      [FIRST, 2026],
    ] as const) {
      await setClock(at)
      const { journalId } = await move({ key: at })
      const { rows } = await sql<{ school_year: number; partition: string }>`
        select distinct school_year, tableoid::regclass::text as partition from entry where journal_id = ${journalId}`.execute(
        owner,
      )
      expect(rows).toEqual([{ school_year: year, partition: `entry_${year}` }])
    }
    expect(
      await refusalOf(
        `with j as (insert into journal (municipality_id, kind, idempotency_key)
          values ('${municipality.municipalityId}', 'adjustment', 'another year') returning id)
        insert into entry (municipality_id, journal_id, account_id, kind, amount_cents, posted_at, school_year)
        select '${municipality.municipalityId}', j.id, line.account::uuid, 'adjustment', line.cents, '${LAST}', 2025
        from j, (values ('${household.accountId}', 1), ('${clearing}', -1)) line (account, cents)`,
        'owner',
      ),
    ).toContain('in the school year of its journal')
    expect(await ledgerFaults()).toBe(0)
  })

  const ORDERS = [
    ['the old year first', LAST, FIRST],
    ['the new year first', FIRST, LAST],
  ] as const

  /** What becomes of a movement after another on the other side of midnight, which it finds or for which it waits. */
  const WAYS = {
    'after it': async (first: Move, second: Move) => {
      await move(first)
      return move(second)
    },
    'while it is written': async (first: Move, second: Move) => {
      const [outcome] = await whileHolding(
        (trx) => moveIn(trx, first),
        () => Promise.allSettled([move(second)]),
        async () => undefined,
      )
      if (outcome.status === 'rejected') throw outcome.reason
      return outcome.value
    },
  }
  const REFUSED = 'what was posted in one school year is not posted in another'

  describe.each(ORDERS)('%s', (order, earlier, later) => {
    describe.each(Object.entries(WAYS))('and the other %s', (way, inTurn) => {
      const twice = (what: string, asked: Omit<Move, 'key' | 'at'>, keys = [0, 1]) => {
        const named = (nth: number) => `${what} ${keys[nth]}, ${order}, ${way}`
        return inTurn({ ...asked, key: named(0), at: earlier }, { ...asked, key: named(1), at: later })
      }

      test('one key makes one journal', async () => {
        expect(await twice('journal', {}, [0, 0])).toMatchObject({ written: false })
        expect(await ledgerFaults()).toBe(0)
      })

      test('one top-up is credited once, also under two keys', async () => {
        const topUpId = await aTopUp(municipality, household)
        await expect(twice('credit', { kind: 'top_up', topUpId })).rejects.toThrow(REFUSED)
        expect(await ledgerFaults()).toBe(0)
      })

      test('one meal is charged once, also under two keys', async () => {
        const pupilId = await aPupil(municipality, household.householdId)
        const meal = { pupilId, serviceDayId: randomUUID(), day: '2026-08-31' }
        await expect(twice('meal', { kind: 'meals', meal })).rejects.toThrow(REFUSED)
        expect(await ledgerFaults()).toBe(0)
      })
    })
  })

  test('within one, a second charge of a meal and a second credit of a top-up are refused as ever', async () => {
    const topUpId = await aTopUp(municipality, household)
    const pupilId = await aPupil(municipality, household.householdId)
    const meal = { pupilId, serviceDayId: randomUUID(), day: '2026-08-31' }
    for (const asked of [
      { kind: 'top_up', topUpId },
      { kind: 'meals', meal },
    ] as const) {
      await move({ ...asked, key: `${asked.kind} first`, at: LAST })
      await expect(
        move({ ...asked, key: `${asked.kind} second`, at: '2026-08-01T10:00:00+02:00' }),
      ).rejects.toThrow(/duplicate key value violates unique constraint "entry_2025_/)
    }
  })

  test('charges in one year and takes back in the next: each kind of entry has a year of its own', async () => {
    const pupilId = await aPupil(municipality, household.householdId)
    const meal = { pupilId, serviceDayId: randomUUID(), day: '2026-08-31' }
    await setClock(LAST)
    await move({ key: 'charged in the old', kind: 'meals', meal })
    await setClock(FIRST)
    expect((await move({ key: 'taken back in the new', kind: 'meals_reversal', meal })).written).toBe(true)
    await setClock('2027-09-01T00:00:00+02:00')
    await expect(move({ key: 'taken back once more', kind: 'meals_reversal', meal })).rejects.toThrow(
      'not posted in another',
    )
  })
})

describe('an event of an absence', () => {
  test('stands in the school year of its service day and nowhere else, so once for a receipt', async () => {
    const { owner } = await testDatabase()
    const pupilId = await aPupil(municipality, household.householdId)
    const serviceDayId = await aServiceDay(municipality, '2027-08-31')
    await anAbsence(municipality, household, pupilId, serviceDayId)
    const { rows } = await sql<{ partition: string }>`
      select tableoid::regclass::text as partition from absence_event where service_day_id = ${serviceDayId}`.execute(
      owner,
    )
    expect(rows).toEqual([{ partition: 'absence_event_2026' }])
    const again = (day: string) =>
      refusalOf(
        `insert into absence_event (municipality_id, receipt_id, service_day_id, pupil_id, kind, day)
          select municipality_id, receipt_id, service_day_id, pupil_id, kind, '${day}' from absence_event
          where service_day_id = '${serviceDayId}'`,
        'owner',
      )
    expect(await again('2027-08-31')).toContain('duplicate key')
    expect(await again('2027-09-01')).toContain('violates foreign key constraint')
  })
})

describe('of the partitions', () => {
  const entriesReadBy = async (work: () => Promise<unknown>) =>
    (await tablesReadBy(work)).filter((name) => name.startsWith('entry_2'))

  const everything: StatementFilters = {
    accountId: null,
    pupilId: null,
    kind: null,
    from: null,
    to: null,
    page: 1,
  }
  const statement = (filters: Partial<StatementFilters>) =>
    statementOf(family.holderViewer, { ...everything, ...filters })

  let family: Household

  beforeAll(async () => {
    family = await aHousehold(municipality)
    // A year of meals is more than one page.
    for (const year of [2024, 2025, 2026])
      for (let nth = 0; nth < (year === 2026 ? 8 : 31); nth += 1) {
        await setClock(`${year}-10-${String((nth % 31) + 1).padStart(2, '0')}T10:00:00+02:00`)
        await move({ key: `history ${year} ${nth}`, account: family.accountId })
      }
    // With what the server then knows of the tables, as after a vacuum: it plans by it.
    await sql`analyze entry, account`.execute((await testDatabase()).owner)
  })

  test('a balance reads none of the ledger’s, and a glance at it those of its movements', async () => {
    expect(await entriesReadBy(() => balanceCards(family.holderViewer))).toEqual([])
    expect(await entriesReadBy(() => moneyOverview(family.holderViewer))).toEqual(['entry_2026'])
  })

  test('the statement of a period of this school year reads one', async () => {
    expect(await entriesReadBy(() => statement({ from: '2026-10-05', to: '2026-10-20' }))).toEqual([
      'entry_2026',
    ])
  })

  test('the statement of a period of the last school year reads two: the balance goes back from today', async () => {
    const { movements, total } = (await statement({ from: '2025-10-05', to: '2025-10-20' })) as Statement
    expect([movements.length, total, movements[0]?.balanceCents]).toEqual([16, 16, 51 * 540])
    expect(await entriesReadBy(() => statement({ from: '2025-10-05', to: '2025-10-20' }))).toEqual([
      'entry_2025',
      'entry_2026',
    ])
  })

  test('the expenses of a year read the school years from the one in which it begins', async () => {
    expect(await entriesReadBy(() => yearExpensesOf(family.holderViewer, 2026))).toEqual([
      'entry_2025',
      'entry_2026',
    ])
  })

  test('the history of a day reads one, and a receipt those of its meals', async () => {
    const pupilId = await aPupil(municipality, household.householdId)
    const days: Day[] = ['2026-11-26', '2026-11-27']
    for (const day of days) await aServiceDay(municipality, day)
    const change = { action: 'cancel', pupilIds: [pupilId], channel: 'web' } as const
    const done = await changeMeals(household.holderViewer, {
      ...change,
      days,
      idempotencyKey: randomUUID(),
    })
    const { receiptId } = (done as Extract<typeof done, { ok: true }>).value
    const eventsReadBy = async (work: () => Promise<unknown>) =>
      (await tablesReadBy(work)).filter((name) => name.startsWith('absence_event'))
    expect(await eventsReadBy(() => dayHistory(household.holderViewer, pupilId, '2026-11-26'))).toEqual([
      'absence_event_2026',
    ])
    expect(await eventsReadBy(() => readReceipt(household.holderViewer, receiptId))).toEqual([
      'absence_event_2026',
    ])
  })

  test('the own register reads those of the 24 months that it keeps', async () => {
    const read = await tablesReadBy(() => dataAccesses(household.holderViewer))
    expect(read).toContain('household_member')
    expect(read.filter((name) => name.startsWith('audit_event'))).toEqual([
      'audit_event_2024',
      'audit_event_2025',
      'audit_event_2026',
    ])
  })
})
