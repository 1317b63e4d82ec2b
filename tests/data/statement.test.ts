import { sql } from 'kysely'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { asFamily, asSystem } from '#db/client.ts'
import type { Viewer } from '#lib/access/viewer.ts'
import type { Day } from '#lib/kernel/day.ts'
import { postJournal, systemAccount } from '#lib/ledger/journal.commands.ts'
import type { JournalKind } from '#lib/ledger/journal.ts'
import type { StatementFilters } from '#lib/ledger/statement.address.ts'
import {
  balanceCards,
  moneyOverview,
  STATEMENT_PAGE_SIZE,
  statementOf,
  statementToDownload,
} from '#lib/ledger/statement.queries.ts'

import { setClock, testDatabase } from '#tests/support/database.ts'
import {
  aDelegate,
  aHousehold,
  aMunicipality,
  anAbsence,
  aPerson,
  aPupil,
  aServiceDay,
  type Household,
  ledgerFaults,
  type TestMunicipality,
  viewerOf,
} from '#tests/support/factories.ts'

let municipality: TestMunicipality
let household: Household
let greta: string
let sofia: string

beforeEach(async () => {
  await setClock('2026-11-24T07:00:00Z')
  municipality = await aMunicipality()
  household = await aHousehold(municipality)
  greta = await aPupil(municipality, household.householdId, { name: 'Greta' })
  sofia = await aPupil(municipality, household.householdId, { name: 'Sofia' })
})

const everything: StatementFilters = {
  accountId: null,
  pupilId: null,
  kind: null,
  from: null,
  to: null,
  page: 1,
}
let keys = 0

type Meal = { pupilId: string; serviceDayId: string; day: Day }

/** A movement of a household's account against the right account of the service. */
const move = (kind: JournalKind, amountCents: number, meal?: Meal, of = household) =>
  asSystem(municipality.municipalityId, async (trx) => {
    const counterpart = await systemAccount(trx, municipality.municipalityId, {
      kind: kind === 'meals' ? 'meals' : 'clearing',
      serviceId: municipality.serviceId,
      ...(kind === 'meals' ? { schoolId: municipality.school.id } : {}),
    })
    keys += 1
    await postJournal(trx, municipality.municipalityId, {
      kind,
      idempotencyKey: `test-${keys}`,
      description: '',
      lines: [
        { accountId: of.accountId, amountCents, ...meal },
        { accountId: counterpart, amountCents: -amountCents },
      ],
    })
  })

const eat = async (pupilId: string, day: Day) => {
  const serviceDayId = await aServiceDay(municipality, day, { cutoffTime: '09:30' }).catch(() =>
    existingDay(day),
  )
  await setClock(`${day}T08:30:03Z`)
  await move('meals', -540, { pupilId, serviceDayId, day })
}

const existingDay = async (day: Day): Promise<string> => {
  const { owner } = await testDatabase()
  const row = await owner
    .selectFrom('service_day')
    .select('id')
    .where('municipality_id', '=', municipality.municipalityId)
    .where('day', '=', day)
    .executeTakeFirstOrThrow()
  return row.id
}

const read = (filters: Partial<StatementFilters> = {}, viewer = household.holderViewer) =>
  statementOf(viewer, { ...everything, ...filters })

describe('The balance card', () => {
  test('says the balance of this very instant, in euro and in days', async () => {
    await move('top_up', 5 * 540)
    for (const day of ['2026-11-24', '2026-11-25', '2026-11-26', '2026-11-27'])
      await aServiceDay(municipality, day)
    await setClock('2026-11-24T07:15:00Z')
    expect(await balanceCards(household.holderViewer)).toEqual([
      {
        accountId: household.accountId,
        householdId: household.householdId,
        householdName: 'Conti',
        serviceName: 'Refezione Scolastica',
        isServed: true,
        balanceCents: 2700,
        asOf: new Date('2026-11-24T07:15:00Z'),
        mealPriceCents: 540,
        nextPrice: null,
        children: [greta, sofia].map((pupilId, index) => ({
          pupilId,
          name: ['Greta', 'Sofia'][index],
          now: { from: '2020-09-01', cents: 540, bandCode: null },
          next: null,
        })),
        unitCents: 540,
        meals: 5,
        outlook: { coveredDays: 2, lastCoveredDay: '2026-11-25', firstUncoveredDay: '2026-11-26' },
        uncharged: 0,
      },
    ])
  })

  test('absences already given, days suspended and days already charged do not count', async () => {
    await move('top_up', 2 * 540)
    const [first, second, third] = await Promise.all(
      ['2026-11-24', '2026-11-25', '2026-11-26'].map((day) => aServiceDay(municipality, day)),
    )
    await aServiceDay(municipality, '2026-11-27')
    await anAbsence(municipality, household, sofia, second as string)
    await anAbsence(municipality, household, greta, second as string)
    const { owner } = await testDatabase()
    await owner
      .updateTable('service_day')
      .set({ status: 'closed', closed_at: sql`app_now()` })
      .where('id', '=', first as string)
      .execute()
    const closure = await owner
      .insertInto('closure')
      .values({
        municipality_id: municipality.municipalityId,
        service_id: municipality.serviceId,
        day: '2026-11-26',
        kind: 'strike',
        reason: 'Sciopero',
      })
      .returning('id')
      .executeTakeFirstOrThrow()
    await owner
      .updateTable('service_day')
      .set({ status: 'suspended', closure_id: closure.id })
      .where('id', '=', third as string)
      .execute()
    const cards = await balanceCards(household.holderViewer)
    expect(cards?.[0]?.outlook).toEqual({
      coveredDays: 1,
      lastCoveredDay: '2026-11-27',
      firstUncoveredDay: null,
    })
  })
})

describe('The statement', () => {
  beforeEach(async () => {
    await setClock('2026-09-01T08:00:00Z')
    await move('opening', 1000)
    await setClock('2026-11-20T22:59:59Z')
    await move('top_up', 10_800)
    for (const day of ['2026-11-23', '2026-11-24']) for (const child of [greta, sofia]) await eat(child, day)
  })

  test('shows every movement, the newest first, with the balance it left', async () => {
    const statement = await read()
    expect(
      statement?.movements.map(({ kind, amountCents, balanceCents }) => [kind, amountCents, balanceCents]),
    ).toEqual([
      ['meals', -540, 9640],
      ['meals', -540, 10_180],
      ['meals', -540, 10_720],
      ['meals', -540, 11_260],
      ['top_up', 10_800, 11_800],
      ['opening', 1000, 1000],
    ])
    expect(statement?.account.balanceCents).toBe(9640)
    expect(statement?.total).toBe(6)
    expect(await ledgerFaults()).toBe(0)
  })

  test('at a glance is the card with the five newest movements', async () => {
    const overview = await moneyOverview(household.holderViewer)
    expect(overview?.cards).toEqual(await balanceCards(household.holderViewer))
    expect(overview?.latest).toEqual((await read())?.movements.slice(0, 5))
  })

  test('names the child and the day of each meal', async () => {
    const meals = (await read({ kind: 'pasti' }))?.movements
    expect(meals?.map(({ pupilName, day }) => `${pupilName} ${day}`)).toEqual([
      'Sofia Albertini 2026-11-24',
      'Greta Albertini 2026-11-24',
      'Sofia Albertini 2026-11-23',
      'Greta Albertini 2026-11-23',
    ])
  })

  test('by child has only the meals of that child, each with the balance of the whole account', async () => {
    const statement = await read({ pupilId: greta })
    expect(statement?.movements.map(({ balanceCents }) => balanceCents)).toEqual([10_180, 11_260])
    expect(statement?.total).toBe(2)
  })

  test('by period includes both days, as days are in Italy', async () => {
    expect((await read({ from: '2026-11-20', to: '2026-11-20' }))?.total).toBe(1)
    expect((await read({ from: '2026-11-21', to: '2026-11-23' }))?.total).toBe(2)
    expect((await read({ from: '2026-11-25' }))?.total).toBe(0)
    expect((await read({ to: '2026-09-01' }))?.total).toBe(1)
  })

  test('a meal belongs to its own day, even when it was charged later', async () => {
    const serviceDayId = await aServiceDay(municipality, '2026-11-19')
    await setClock('2026-11-24T12:00:00Z')
    await move('meals', -540, { pupilId: greta, serviceDayId, day: '2026-11-19' })
    expect((await read({ from: '2026-11-19', to: '2026-11-19' }))?.total).toBe(1)
  })

  test('by kind counts only the movements of that kind', async () => {
    await move('adjustment', 100)
    await move('refund', -100)
    expect((await read({ kind: 'ricariche' }))?.total).toBe(1)
    expect((await read({ kind: 'altro' }))?.total).toBe(3)
    expect((await read({ kind: 'storni' }))?.total).toBe(0)
  })

  test('page by page shows nothing twice and loses nothing', async () => {
    for (let index = 0; index < STATEMENT_PAGE_SIZE; index += 1) await move('adjustment', 100 + index)
    const [first, second, third] = await Promise.all([read(), read({ page: 2 }), read({ page: 3 })])
    const ids = [...(first?.movements ?? []), ...(second?.movements ?? [])].map(({ id }) => id)
    expect(first?.movements).toHaveLength(STATEMENT_PAGE_SIZE)
    expect(second?.movements).toHaveLength(6)
    expect(new Set(ids).size).toBe(STATEMENT_PAGE_SIZE + 6)
    expect(third).toMatchObject({ movements: [], total: STATEMENT_PAGE_SIZE + 6 })
  })

  test('as a file it holds every page, and the download is written down', async () => {
    for (let index = 0; index < STATEMENT_PAGE_SIZE; index += 1) await move('adjustment', 100 + index)
    const statement = await statementToDownload(household.holderViewer, { ...everything, page: 7 })
    expect(statement?.movements).toHaveLength(STATEMENT_PAGE_SIZE + 6)
    const { owner } = await testDatabase()
    const audit = await owner
      .selectFrom('audit_event')
      .select(['action', 'person_id'])
      .where('object_id', '=', household.accountId)
      .execute()
    expect(audit).toEqual([{ action: 'ledger:statement-downloaded', person_id: household.holder.personId }])
  })
})

describe('Money is for the holder only', () => {
  let others: Record<string, Viewer>
  let foreignPupil: string
  let stranger: Household

  beforeEach(async () => {
    await move('top_up', 10_800)
    stranger = await aHousehold(municipality)
    foreignPupil = await aPupil(municipality, stranger.householdId, { name: 'Luca' })
    await move('top_up', 540, undefined, stranger)
    const person = await aPerson(municipality)
    others = {
      delegate: await aDelegate(municipality, household.householdId),
      nobody: viewerOf(municipality, person, {}),
      staff: viewerOf(municipality, person, { staffRoles: ['manager'] }),
    }
  })

  test.each(['delegate', 'nobody', 'staff'])('%s has no card, no statement, no file', async (who) => {
    const viewer = others[who] as Viewer
    expect(await balanceCards(viewer)).toBeNull()
    expect(await moneyOverview(viewer)).toBeNull()
    expect(await read({}, viewer)).toBeNull()
    expect(await read({ accountId: household.accountId }, viewer)).toBeNull()
    expect(await statementToDownload(viewer, everything)).toBeNull()
  })

  test('a stranger finds neither our account nor our child, and we find none of theirs', async () => {
    expect(await read({ accountId: household.accountId }, stranger.holderViewer)).toBeNull()
    expect(await read({ pupilId: greta }, stranger.holderViewer)).toBeNull()
    expect(await read({ pupilId: foreignPupil })).toBeNull()
    expect((await read({}, stranger.holderViewer))?.account.balanceCents).toBe(540)
  })

  test('who is holder here and delegate there sees only here', async () => {
    const { owner } = await testDatabase()
    await owner
      .insertInto('household_member')
      .values({
        municipality_id: municipality.municipalityId,
        household_id: household.householdId,
        person_id: stranger.holder.personId,
        role: 'delegate',
        valid_from: '2026-09-01',
      })
      .execute()
    const both: Viewer = {
      ...stranger.holderViewer,
      memberships: [
        ...stranger.holderViewer.memberships,
        { householdId: household.householdId, role: 'delegate' },
      ],
    }
    expect((await balanceCards(both))?.map(({ accountId }) => accountId)).toEqual([stranger.accountId])
    expect(await read({ accountId: household.accountId }, both)).toBeNull()
  })

  const asHolder = (viewer: Viewer): Viewer => ({
    ...viewer,
    memberships: [{ householdId: household.householdId, role: 'holder' }],
  })

  test.each(['delegate', 'nobody', 'staff'])(
    '%s finds no row by the rows’ own protection, whatever the application believes',
    async (who) => {
      const liar = asHolder(others[who] as Viewer)
      expect(await balanceCards(liar)).toEqual([])
      expect(await read({}, liar)).toBeNull()
      const rows = await asFamily(liar, (trx) =>
        Promise.all([
          trx.selectFrom('account').select('id').execute(),
          trx.selectFrom('entry').select('id').execute(),
          trx.selectFrom('top_up').select('id').execute(),
          trx.selectFrom('journal').select('id').execute(),
        ]),
      )
      expect(rows).toEqual([[], [], [], []])
    },
  )

  test('whose a row is, is asked by no statement: the transaction asked it when it began', async () => {
    const plans = await asFamily(household.holderViewer, (trx) =>
      Promise.all(
        ['entry', 'top_up_transition', 'invoice', 'account'].map((table) =>
          sql<{ 'QUERY PLAN': string }>`explain select * from ${sql.table(table)}`.execute(trx),
        ),
      ),
    )
    const lines = plans.flatMap(({ rows }) => rows.map((row) => row['QUERY PLAN']))
    expect(lines.filter((line) => /InitPlan|SubPlan/.test(line))).toEqual([])
  })

  test('the holder of before sees nothing from the day after', async () => {
    const { owner } = await testDatabase()
    await owner
      .updateTable('household_member')
      .set({ valid_to: '2026-11-23' })
      .where('person_id', '=', household.holder.personId)
      .execute()
    expect(await balanceCards(household.holderViewer)).toEqual([])
  })

  describe('with the protection of rows switched off', () => {
    const rowSecurity = async (what: 'enable' | 'disable') => {
      const { owner } = await testDatabase()
      for (const table of ['account', 'entry', 'household', 'pupil'])
        await sql.raw(`alter table ${table} ${what} row level security`).execute(owner)
    }
    beforeEach(() => rowSecurity('disable'))
    afterEach(() => rowSecurity('enable'))

    test.each(['delegate', 'nobody', 'staff'])('%s has no card, no statement', async (who) => {
      expect(await balanceCards(others[who] as Viewer)).toBeNull()
      expect(await read({ accountId: household.accountId }, others[who] as Viewer)).toBeNull()
    })

    test('a stranger sees only the own account', async () => {
      expect((await balanceCards(stranger.holderViewer))?.map(({ accountId }) => accountId)).toEqual([
        stranger.accountId,
      ])
      expect(await read({ accountId: household.accountId }, stranger.holderViewer)).toBeNull()
      expect(await read({ pupilId: greta }, stranger.holderViewer)).toBeNull()
    })
  })
})
