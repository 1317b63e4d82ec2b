import { randomUUID } from 'node:crypto'
import { sql } from 'kysely'
import { beforeAll, describe, expect, test } from 'vitest'
import { asFamily, asSystem, inScope, type Scope } from '#db/client.ts'
import { postJournal, systemAccount } from '#lib/ledger/journal.commands.ts'
import { changeMeals } from '#lib/meals/meal-change.commands.ts'
import { setClock, testDatabase } from '#tests/support/database.ts'
import {
  aDelegate,
  aHousehold,
  aMunicipality,
  aPerson,
  aPupil,
  aServiceDay,
  type Household,
  type Parent,
  type TestMunicipality,
} from '#tests/support/factories.ts'
import fc, { atLength } from '#tests/support/random.ts'
import { whileHolding } from '#tests/support/waiting.ts'

/**
 * What is a person's own is asked once, when a transaction begins. These tests ask the tables again in plain words, for
 * families drawn at random, and compare.
 */
const TODAY = '2026-11-24'
const DAYS = ['2026-09-01', '2026-11-23', TODAY, '2026-11-25', '2027-06-30'] as const
const INSTANTS = ['2026-09-01T08:00:00Z', '2026-10-15T08:00:00.123456Z', '2026-11-20T08:00:00Z'] as const
const PEOPLE = 4
const HOUSEHOLDS = 3
const PUPILS = 2

type Role = {
  person: number
  household: number
  role: 'holder' | 'delegate'
  from: string
  to: string | null
  startedAt: string
  isEnded: boolean
  /** Which pupils of the household a delegate has; null: all of them. */
  pupils: number[] | null
}

const aRole: fc.Arbitrary<Role> = fc
  .record({
    person: fc.nat(PEOPLE - 1),
    household: fc.nat(HOUSEHOLDS - 1),
    role: fc.constantFrom('holder', 'delegate'),
    from: fc.constantFrom(...DAYS),
    to: fc.option(fc.constantFrom(...DAYS), { freq: 2 }),
    startedAt: fc.constantFrom(...INSTANTS),
    isEnded: fc.boolean(),
    pupils: fc.option(fc.subarray([0, 1]), { freq: 2 }),
  })
  .map((role) => ({
    ...role,
    to: role.to && role.to < role.from ? role.from : role.to,
    pupils: role.role === 'holder' ? null : role.pupils,
  }))

/** Days of a pupil that another household has. */
type Rule = { pupil: [household: number, pupil: number]; household: number; from: string; to: string | null }

const aRule: fc.Arbitrary<Rule> = fc
  .record({
    pupil: fc.tuple(fc.nat(HOUSEHOLDS - 1), fc.nat(PUPILS - 1)),
    further: fc.integer({ min: 1, max: HOUSEHOLDS - 1 }),
    from: fc.constantFrom(...DAYS),
    to: fc.option(fc.constantFrom(...DAYS), { freq: 2 }),
  })
  .map(({ pupil, further, from, to }) => ({
    ...{ pupil, from, household: (pupil[0] + further) % HOUSEHOLDS },
    to: to && to < from ? from : to,
  }))

let municipality: TestMunicipality
let people: Parent[]
let households: Household[]
let pupils: string[][]

beforeAll(async () => {
  await setClock(`${TODAY}T07:00:00Z`)
  municipality = await aMunicipality()
  people = await Promise.all(Array.from({ length: PEOPLE }, () => aPerson(municipality)))
  households = []
  pupils = []
  for (let n = 0; n < HOUSEHOLDS; n += 1) {
    const household = await aHousehold(municipality)
    households.push(household)
    const children = Array.from({ length: PUPILS }, () => aPupil(municipality, household.householdId))
    pupils.push(await Promise.all(children))
    await movement(household)
  }
})

/** One movement on the account of a household, in the middle of the instants at which roles begin. */
async function movement({ accountId }: Household): Promise<void> {
  await setClock('2026-10-20T08:00:00Z')
  await asSystem(municipality.municipalityId, async (trx) => {
    const { municipalityId, serviceId } = municipality
    const other = await systemAccount(trx, municipalityId, { kind: 'clearing', serviceId })
    await postJournal(trx, municipalityId, {
      kind: 'top_up',
      idempotencyKey: randomUUID(),
      description: '',
      lines: [
        { accountId, amountCents: 540 },
        { accountId: other, amountCents: -540 },
      ],
    })
  })
  await setClock(`${TODAY}T07:00:00Z`)
}

/** Gives exactly these roles; one that the table refuses beside the others (a second holder) is left out. */
async function give(roles: readonly Role[]): Promise<void> {
  const { owner } = await testDatabase()
  const { municipalityId: municipality_id } = municipality
  await owner.deleteFrom('delegate_pupil').where('municipality_id', '=', municipality_id).execute()
  await owner.deleteFrom('household_member').where('municipality_id', '=', municipality_id).execute()
  for (const role of roles) {
    const row = await owner
      .insertInto('household_member')
      .values({
        municipality_id,
        household_id: households[role.household]?.householdId as string,
        person_id: people[role.person]?.personId as string,
        role: role.role,
        valid_from: role.from,
        valid_to: role.to,
        started_at: role.startedAt,
        ended_at: role.isEnded ? '2026-11-22T08:00:00Z' : null,
        all_pupils: role.pupils === null,
      })
      .onConflict((conflict) => conflict.doNothing())
      .returning('id')
      .executeTakeFirst()
    if (!row) continue
    for (const n of role.pupils ?? [])
      await owner
        .insertInto('delegate_pupil')
        .values({
          municipality_id,
          household_member_id: row.id,
          pupil_id: pupils[role.household]?.[n] as string,
        })
        .execute()
  }
}

/** Gives exactly these days; of two at one time for a pupil the first holds. */
async function share(rules: readonly Rule[]): Promise<void> {
  const { owner } = await testDatabase()
  const { municipalityId: municipality_id } = municipality
  await owner.deleteFrom('meal_household_rule').where('municipality_id', '=', municipality_id).execute()
  for (const { pupil, household, from, to } of rules)
    await owner
      .insertInto('meal_household_rule')
      .values({
        municipality_id,
        pupil_id: pupils[pupil[0]]?.[pupil[1]] as string,
        household_id: households[household]?.householdId as string,
        ...{ first_monday: '2026-11-23', days: [1, 9], valid_from: from, valid_to: to },
        given_by: people[0]?.personId as string,
      })
      .onConflict((conflict) => conflict.doNothing())
      .execute()
}

type OwnSets = {
  households: string[]
  whole: string[]
  paying: string[]
  pupils: string[]
  accounts: string[]
  entries: string[]
}

/** What the tables say, read by the owner of the schema, whom no policy stops. */
async function expected(personId: string): Promise<OwnSets & { shared: string[] }> {
  const { owner } = await testDatabase()
  const { municipalityId } = municipality
  const { rows } = await sql<OwnSets & { shared: string[] }>`
    with own as (
      select m.*, m.role = 'holder' and exists (select from household_member b where b.household_id = m.household_id
        and b.role = 'holder' and b.person_id <> m.person_id and b.started_at <= m.started_at) as after_another
      from household_member m
      where m.municipality_id = ${municipalityId} and m.person_id = ${personId} and m.ended_at is null
        and m.valid_from <= ${TODAY}::date and coalesce(m.valid_to, ${TODAY}::date) >= ${TODAY}::date)
    select array(select distinct household_id from own order by 1) as households,
      array(select distinct household_id from own where all_pupils order by 1) as whole,
      array(select distinct household_id from own where role = 'holder' order by 1) as paying,
      array(select distinct p.id from pupil p join own on own.household_id = p.household_id
        where own.all_pupils or exists (select from delegate_pupil d where d.household_member_id = own.id and d.pupil_id = p.id)
        union select r.pupil_id from meal_household_rule r join own on own.household_id = r.household_id
        where coalesce(r.valid_to, ${TODAY}::date) >= ${TODAY}::date
          and (own.all_pupils or exists (select from delegate_pupil d where d.household_member_id = own.id and d.pupil_id = r.pupil_id))
        order by 1) as pupils,
      array(select distinct r.pupil_id from meal_household_rule r join own on own.household_id = r.household_id and own.all_pupils
        where coalesce(r.valid_to, ${TODAY}::date) >= ${TODAY}::date) as shared,
      array(select distinct a.id from account a join own on own.household_id = a.household_id
        where own.role = 'holder' and not own.after_another order by 1) as accounts,
      array(select distinct e.id from entry e join account a on a.id = e.account_id
        join own on own.household_id = a.household_id and own.role = 'holder'
        where not own.after_another or e.posted_at >= (select max(started_at) from own again
          where again.household_id = own.household_id and again.after_another)
        order by 1) as entries`.execute(owner)
  return rows[0] as OwnSets & { shared: string[] }
}

/** What a family's transaction takes for its own, and the movements that row security then shows it. */
const entered = (personId: string): Promise<OwnSets> =>
  asFamily({ municipalityId: municipality.municipalityId, personId }, async (trx) => {
    const { rows } = await sql<OwnSets>`
      select array(select distinct unnest(app_households()) order by 1) as households,
        array(select distinct unnest(app_whole_households()) order by 1) as whole,
        array(select distinct unnest(app_paying_households()) order by 1) as paying,
        array(select distinct unnest(app_pupils()) order by 1) as pupils,
        array(select distinct unnest(app_paying_accounts()) order by 1) as accounts,
        array(select id from entry order by 1) as entries`.execute(trx)
    return rows[0] as OwnSets
  })

describe('what is a person’s own', () => {
  test('is what the tables say of every role and of the days that a household has of a pupil, however they begin, end, overlap and change hands', async () => {
    const seen = { households: 0, partly: 0, takenOver: 0, sharing: 0 }
    await fc.assert(
      fc.asyncProperty(
        fc.array(aRole, { minLength: 1, maxLength: 8 }),
        fc.array(aRule, { maxLength: 4 }),
        async (roles, rules) => {
          await give(roles)
          await share(rules)
          for (const { personId } of people) {
            const { shared, ...sets } = await expected(personId)
            expect(await entered(personId)).toEqual(sets)
            if (sets.households.length > 0) seen.households += 1
            if (shared.length > 0) seen.sharing += 1
            if (sets.whole.length < sets.households.length) seen.partly += 1
            if (sets.accounts.length < sets.paying.length) seen.takenOver += 1
          }
        },
      ),
      { numRuns: atLength(60), seed: 20_261_124 },
    )
    // The walk meets each kind of family, or it proves nothing.
    expect(Math.min(...Object.values(seen))).toBeGreaterThan(3)
  })

  test.each(['public', 'staff', 'system'] as const)('is nothing for the audience %s', async (audience) => {
    const { holder } = await aHousehold(municipality)
    const scope: Scope = {
      municipalityId: municipality.municipalityId,
      audience,
      personId: holder.personId,
    }
    const sets = await inScope(scope, async (trx) => {
      const { rows } = await sql`select app_households() as households, app_pupils() as pupils,
        app_paying_accounts() as accounts`.execute(trx)
      return rows[0]
    })
    expect(sets).toEqual({ households: null, pupils: null, accounts: null })
  })

  test('ends with the transaction: the next one on the same connection begins with nothing', async () => {
    const { holder } = await aHousehold(municipality)
    const { web } = await testDatabase()
    await web.connection().execute(async (connection) => {
      await connection.transaction().execute(async (trx) => {
        const { municipalityId } = municipality
        await sql`select enter_scope(${municipalityId}, 'family', ${holder.personId})`.execute(trx)
        const { rows } = await sql`select id from household`.execute(trx)
        expect(rows).toHaveLength(1)
      })
      const { rows } = await sql`select id from household`.execute(connection)
      expect(rows).toEqual([])
    })
  })
})

describe('a role that ends while a cancellation waits', () => {
  test('no longer cancels the meal', async () => {
    const household = await aHousehold(municipality)
    const pupilId = await aPupil(municipality, household.householdId)
    const delegate = await aDelegate(municipality, household.householdId)
    const day = '2026-11-26'
    await aServiceDay(municipality, day)
    const { owner } = await testDatabase()
    const answer = await whileHolding(
      (trx) => sql`select from pupil where id = ${pupilId} for update`.execute(trx),
      () =>
        changeMeals(delegate, {
          action: 'cancel',
          pupilIds: [pupilId],
          days: [day],
          channel: 'web',
          idempotencyKey: randomUUID(),
        }),
      (trx) =>
        trx
          .updateTable('household_member')
          .set({ ended_at: sql<Date>`app_now()` })
          .where('person_id', '=', delegate.personId)
          .execute(),
    )
    expect(answer.ok).toBe(false)
    const absences = await owner.selectFrom('absence').where('pupil_id', '=', pupilId).selectAll().execute()
    expect(absences).toEqual([])
  })
})
