import { sql } from 'kysely'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { asStaff, asSystem, inScope } from '#db/client.ts'
import { log } from '#lib/kernel/log.ts'
import { chargeClosedDays, chargeServiceDay } from '#lib/kitchen/charge.commands.ts'
import { closeAndCount, dayCounter } from '#lib/kitchen/close.commands.ts'
import { countsFingerprint, countsOfDay } from '#lib/kitchen/count.queries.ts'
import { NO_FILTERS } from '#lib/ledger/statement.address.ts'
import { balanceCards, statementOf } from '#lib/ledger/statement.queries.ts'
import { enterClosure } from '#lib/school/office/closure.commands.ts'
import { setClock, testDatabase } from '#tests/support/database.ts'
import {
  aDelegate,
  aHousehold,
  aMunicipality,
  anAbsence,
  aPupil,
  aSchool,
  aServiceDay,
  aStaffViewer,
  type Household,
  ledgerFaults,
  type School,
  type TestMunicipality,
} from '#tests/support/factories.ts'
import fc, { atLength } from '#tests/support/random.ts'
import { whileHolding } from '#tests/support/waiting.ts'

/** A day is counted and closed first; its charge follows in a transaction of its own. These are the seconds in between. */
const DAY = '2026-11-24'
const AFTER_GRACE = '2026-11-24T08:30:03.000Z'

let municipality: TestMunicipality
let household: Household
let greta: string
let serviceDay: string

beforeEach(async () => {
  await setClock('2026-11-24T07:00:00Z')
  municipality = await aMunicipality()
  household = await aHousehold(municipality)
  greta = await aPupil(municipality, household.householdId, { name: 'Greta' })
  serviceDay = await aServiceDay(municipality, DAY)
})

// The worker looks at every municipality: the one of the previous test has left the portal.
afterEach(async () => {
  const { owner } = await testDatabase()
  await owner.updateTable('municipality').set({ active: false }).execute()
})

async function balance(accountId = household.accountId): Promise<number> {
  const { owner } = await testDatabase()
  const account = owner.selectFrom('account').select('balance_cents').where('id', '=', accountId)
  return (await account.executeTakeFirstOrThrow()).balance_cents
}

async function chargeOf(serviceDayId = serviceDay) {
  const { owner } = await testDatabase()
  return owner
    .selectFrom('meal_charge')
    .select(['due_at', 'failures', 'charged_at'])
    .where('service_day_id', '=', serviceDayId)
    .executeTakeFirst()
}

/** Pupil and amount of every meal charged on a day, in the order of the pupils. */
async function chargedMeals(serviceDayId = serviceDay) {
  const { owner } = await testDatabase()
  const { rows } = await sql<{ pupil: string; cents: number }>`
    select pupil_id as pupil, -amount_cents as cents from entry
    where service_day_id = ${serviceDayId} and kind = 'meals' and pupil_id is not null order by 1`.execute(
    owner,
  )
  return rows
}

async function frozenMeals(serviceDayId = serviceDay) {
  const { owner } = await testDatabase()
  const { rows } = await sql<{ pupil: string; cents: number }>`
    select meal.pupil, meal.cents from counted_meals m
    cross join lateral unnest(m.pupil_ids, m.prices_cents) meal (pupil, cents)
    where m.service_day_id = ${serviceDayId} order by 1`.execute(owner)
  return rows
}

const count = async () => {
  await setClock(AFTER_GRACE)
  return closeAndCount()
}

const school = async () => (await countsOfDay(await aStaffViewer(municipality, 'manager'), DAY))?.schools[0]

/** Lets every statement fail that writes to `table` for one day, as a fault in it would. @returns how to mend it */
async function breakDay(
  table: 'entry' | 'kitchen_count',
  serviceDayId: string,
): Promise<() => Promise<void>> {
  const { owner } = await testDatabase()
  await sql
    .raw(`create trigger broken before insert on ${table} for each row
      when (new.service_day_id = '${serviceDayId}') execute function refuse_change('${table}')`)
    .execute(owner)
  return async () => void (await sql.raw(`drop trigger broken on ${table}`).execute(owner))
}

describe('a day that is closed and not charged yet', () => {
  test('has its definitive count, its meals frozen and a charge that is due; no account has moved', async () => {
    expect(await count()).toEqual({ closed: 1, failures: [] })
    expect(await school()).toMatchObject({
      state: 'definitive',
      version: 1,
      lines: [{ dietCode: 'STD', meals: 1, absent: 0 }],
      charge: { failures: 0, nextTryAt: new Date(AFTER_GRACE) },
    })
    expect(await frozenMeals()).toEqual([{ pupil: greta, cents: 540 }])
    expect(await balance()).toBe(0)
    expect(await chargedMeals()).toEqual([])
  })

  test('is charged once, from then on and whatever is repeated', async () => {
    await count()
    const charged = await Promise.all(Array.from({ length: 10 }, () => chargeClosedDays()))
    expect(charged.reduce((sum, n) => sum + n, 0)).toBe(1)
    expect(await chargeClosedDays()).toBe(0)
    expect(await balance()).toBe(-540)
    expect(await chargeOf()).toEqual({ due_at: null, failures: 0, charged_at: new Date(AFTER_GRACE) })
    expect((await school())?.charge).toBe('done')
    expect(await ledgerFaults()).toBe(0)
  })

  test('is said to the holder on balance and statement, and counts as still to pay', async () => {
    await aServiceDay(municipality, '2026-11-25')
    await count()
    const [card] = (await balanceCards(household.holderViewer)) ?? []
    expect(card).toMatchObject({ balanceCents: 0, uncharged: 1, outlook: { firstUncoveredDay: DAY } })
    expect((await statementOf(household.holderViewer, NO_FILTERS))?.uncharged).toBe(1)
    await chargeClosedDays()
    const [later] = (await balanceCards(household.holderViewer)) ?? []
    expect(later).toMatchObject({ balanceCents: -540, uncharged: 0 })
    const statement = await statementOf(household.holderViewer, NO_FILTERS)
    expect(statement).toMatchObject({ uncharged: 0, movements: [{ kind: 'meals', amountCents: -540 }] })
  })

  test('says nothing of an absent child, of a meal that is free, or of another family’s', async () => {
    const other = await aHousehold(municipality)
    await anAbsence(municipality, household, greta, serviceDay)
    await count()
    for (const { holderViewer } of [household, other]) {
      const [card] = (await balanceCards(holderViewer)) ?? []
      expect(card?.uncharged).toBe(0)
    }
  })

  test('with the application asleep, shows nothing to a delegate, the office or another municipality', async () => {
    const delegate = await aDelegate(municipality, household.householdId)
    await count()
    const seen = (personId: string, audience: 'family' | 'public') =>
      inScope({ municipalityId: municipality.municipalityId, personId, audience }, async (trx) => ({
        meals: (await sql`select pupil_id from uncharged_meals()`.execute(trx)).rows.length,
        frozen: (await sql`select from counted_meals`.execute(trx)).rows.length,
        charges: (await sql`select from meal_charge`.execute(trx)).rows.length,
      }))
    const nothing = { meals: 0, frozen: 0, charges: 0 }
    expect(await seen(delegate.personId, 'family')).toEqual(nothing)
    expect(await seen(household.holder.personId, 'public')).toEqual(nothing)
    expect(await seen(household.holder.personId, 'family')).toEqual({ ...nothing, meals: 1 })
    const other = await aMunicipality()
    const elsewhere = await asSystem(other.municipalityId, (trx) =>
      sql`select from counted_meals`.execute(trx),
    )
    expect(elsewhere.rows).toEqual([])
    const office = await asStaff(await aStaffViewer(municipality, 'manager'), (trx) =>
      sql`select from counted_meals`.execute(trx),
    )
    expect(office.rows).toEqual([])
  })

  test('changes the fingerprint of the counts when it is charged', async () => {
    const manager = await aStaffViewer(municipality, 'manager')
    await count()
    const before = await countsFingerprint(manager, DAY)
    await chargeClosedDays()
    expect(await countsFingerprint(manager, DAY)).not.toBe(before)
  })
})

describe('the charge', () => {
  test('reads what was frozen and nothing else: neither who is enrolled now nor what a meal costs now', async () => {
    await count()
    const { owner } = await testDatabase()
    await owner.deleteFrom('enrolment').where('pupil_id', '=', greta).execute()
    await aPupil(municipality, household.householdId, { name: 'Sofia' })
    await owner.transaction().execute(async (trx) => {
      await sql`alter table meal_price disable trigger meal_price_stays`.execute(trx)
      await sql`update meal_price set price_cents = 999 where municipality_id = ${municipality.municipalityId}`.execute(
        trx,
      )
      await sql`alter table meal_price enable trigger meal_price_stays`.execute(trx)
    })
    await chargeClosedDays()
    expect(await chargedMeals()).toEqual([{ pupil: greta, cents: 540 }])
  })

  test('of a day on which each child was absent ends without a movement', async () => {
    await anAbsence(municipality, household, greta, serviceDay)
    await count()
    expect(await chargeClosedDays()).toBe(1)
    expect(await chargeOf()).toMatchObject({ due_at: null, charged_at: new Date(AFTER_GRACE) })
    const { owner } = await testDatabase()
    const journals = await owner
      .selectFrom('journal')
      .select('id')
      .where('municipality_id', '=', municipality.municipalityId)
      .execute()
    expect(journals).toEqual([])
  })

  test('of two schools at once opens one account for a family with a child in each', async () => {
    const { owner } = await testDatabase()
    const { id } = await owner
      .insertInto('household')
      .values({ municipality_id: municipality.municipalityId, name: 'Nuova' })
      .returning('id')
      .executeTakeFirstOrThrow()
    const second = await aSchool(municipality)
    await aServiceDay(municipality, DAY, { school: second })
    await aPupil(municipality, id)
    await aPupil(municipality, id, { school: second })
    await count()
    expect(await chargeClosedDays()).toBe(2)
    const accounts = await owner
      .selectFrom('account')
      .select('balance_cents')
      .where('household_id', '=', id)
      .execute()
    expect(accounts).toEqual([{ balance_cents: -1_080 }])
    expect(await ledgerFaults()).toBe(0)
  })

  test('that fails stops no other day, is put off longer each time, and is tried until it succeeds', async () => {
    const second = await aSchool(municipality)
    const other = await aServiceDay(municipality, DAY, { school: second })
    const sofia = await aPupil(municipality, household.householdId, { name: 'Sofia', school: second })
    await count()
    const mend = await breakDay('entry', serviceDay)
    const logged = vi.spyOn(log(), 'error')

    expect(await chargeClosedDays()).toBe(1)
    expect(await chargedMeals(other)).toEqual([{ pupil: sofia, cents: 540 }])
    expect(await chargedMeals()).toEqual([])
    expect(await chargeOf()).toMatchObject({ failures: 1, due_at: new Date('2026-11-24T08:30:05Z') })
    expect(logged).toHaveBeenCalledWith(
      expect.objectContaining({ serviceDayId: serviceDay, failures: 1 }),
      'kitchen: charge of a closed day failed',
    )

    await setClock('2026-11-24T08:30:04.999Z')
    expect(await chargeClosedDays()).toBe(0)
    expect(logged).toHaveBeenCalledTimes(1)
    await setClock('2026-11-24T08:30:05Z')
    expect(await chargeClosedDays()).toBe(0)
    expect(await chargeOf()).toMatchObject({ failures: 2, due_at: new Date('2026-11-24T08:30:09Z') })

    await mend()
    await setClock('2026-11-24T08:30:09Z')
    expect(await chargeClosedDays()).toBe(1)
    expect(await chargedMeals()).toEqual([{ pupil: greta, cents: 540 }])
    expect(await ledgerFaults()).toBe(0)
    logged.mockRestore()
  })

  test('that fails is seen by the office, on the page of any day, until it succeeds', async () => {
    await count()
    const mend = await breakDay('entry', serviceDay)
    await chargeClosedDays()
    const manager = await aStaffViewer(municipality, 'manager')
    const failing = [{ serviceDayId: serviceDay, day: DAY, schoolName: expect.any(String), failures: 1 }]
    expect((await countsOfDay(manager, '2026-12-24'))?.failing).toEqual(failing)
    expect((await school())?.charge).toEqual({ failures: 1, nextTryAt: new Date('2026-11-24T08:30:05Z') })
    await mend()
    await setClock('2026-11-24T08:30:05Z')
    await chargeClosedDays()
    expect((await countsOfDay(manager, DAY))?.failing).toEqual([])
  })
})

describe('a closure of a day that is closed and not charged yet', () => {
  const strike = (expected: { meals: number; refundCents: number }) => ({
    ...{ day: DAY, schoolId: null, kind: 'strike' as const, reason: 'Sciopero' },
    expected,
  })

  test('ends the charge: the families are never charged, and nothing has to go back', async () => {
    const manager = await aStaffViewer(municipality, 'manager')
    await count()
    expect(await enterClosure(manager, strike({ meals: 1, refundCents: 0 }))).toMatchObject({ ok: true })
    expect(await chargeOf()).toMatchObject({ due_at: null, charged_at: null })
    expect(await chargeClosedDays()).toBe(0)
    expect(await balance()).toBe(0)
    expect(await school()).toMatchObject({ state: 'suspended', version: 2, charge: null })
    const [card] = (await balanceCards(household.holderViewer)) ?? []
    expect(card?.uncharged).toBe(0)
  })

  test('waits for a charge under way, and is asked again with what there is to refund', async () => {
    const manager = await aStaffViewer(municipality, 'manager')
    await count()
    const answer = await whileHolding(
      (trx) => sql`select from meal_charge where service_day_id = ${serviceDay} for update`.execute(trx),
      () => enterClosure(manager, strike({ meals: 1, refundCents: 0 })),
      (trx) => chargeServiceDay(trx, municipality.municipalityId, serviceDay),
    )
    expect(answer).toMatchObject({ ok: false, code: 'calendar:preview-changed' })
    expect(await balance()).toBe(-540)
    expect(await enterClosure(manager, strike({ meals: 1, refundCents: 540 }))).toMatchObject({ ok: true })
    expect(await balance()).toBe(0)
    expect(await ledgerFaults()).toBe(0)
  })
})

describe('a day that cannot be counted', () => {
  test('for want of a price stays open, and keeps no other day of its municipality from closing', async () => {
    const { owner } = await testDatabase()
    await owner
      .updateTable('meal_price')
      .set({ valid_from: '2026-11-25' })
      .where('municipality_id', '=', municipality.municipalityId)
      .execute()
    const tomorrow = await aServiceDay(municipality, '2026-11-25')
    await setClock('2026-11-25T08:30:03Z')
    const { closed, failures } = await closeAndCount()
    expect(closed).toBe(1)
    expect(failures.map(({ serviceDayId }) => serviceDayId)).toEqual([serviceDay])
    expect(await chargeOf()).toBeUndefined()
    expect(await chargeOf(tomorrow)).toMatchObject({ failures: 0 })
    expect(await frozenMeals()).toEqual([])
  })

  test('by a fault is left alone among the days of its municipality', async () => {
    const days = [serviceDay]
    for (const day of ['2026-11-20', '2026-11-23']) days.push(await aServiceDay(municipality, day))
    for (let n = 0; n < 4; n += 1)
      days.push(await aServiceDay(municipality, DAY, { school: await aSchool(municipality) }))
    const mend = await breakDay('kitchen_count', serviceDay)
    const { closed, failures } = await count()
    expect(closed).toBe(days.length - 1)
    expect(failures.map(({ serviceDayId }) => serviceDayId)).toEqual([serviceDay])
    await mend()
    expect(await closeAndCount()).toEqual({ closed: 1, failures: [] })
  })

  test('is logged and rests for a while, so that the worker’s next round comes on time for the others', async () => {
    await setClock(AFTER_GRACE)
    const mend = await breakDay('kitchen_count', serviceDay)
    const logged = vi.spyOn(log(), 'error')
    const clock = vi.spyOn(performance, 'now')
    clock.mockReturnValue(1_000)
    const round = dayCounter()
    expect(await round(() => false)).toBe(0)
    expect(logged).toHaveBeenLastCalledWith(
      expect.objectContaining({ serviceDayId: serviceDay, failures: 1 }),
      'kitchen: count of a service day failed',
    )
    clock.mockReturnValue(2_999)
    await aServiceDay(municipality, DAY, { school: await aSchool(municipality) })
    expect(await round(() => false)).toBe(1)
    expect(logged).toHaveBeenCalledTimes(1)
    clock.mockReturnValue(3_001)
    await round(() => false)
    expect(logged).toHaveBeenCalledTimes(2)
    await mend()
    clock.mockReturnValue(10_000)
    expect(await round(() => false)).toBe(1)
    logged.mockRestore()
    clock.mockRestore()
  })
})

describe('the database refuses by itself', () => {
  const refusalOf = async (statement: string): Promise<string> => {
    const { owner } = await testDatabase()
    return sql
      .raw(statement)
      .execute(owner)
      .then(
        () => 'accepted',
        (error: Error) => error.message,
      )
  }

  test('to change, delete or empty what was frozen, or to delete a charge', async () => {
    await count()
    for (const statement of [
      `update counted_meals set prices_cents = '{1}'`,
      'delete from counted_meals',
      'truncate counted_meals',
      'delete from meal_charge',
      'truncate meal_charge',
      `update pupil set household_id = uuidv7() where id = '${greta}'`,
    ])
      expect(await refusalOf(statement), statement).toContain('append-only')
  })

  test('a frozen meal without a price, below zero, or without its pupil', async () => {
    const insert = (pupils: string, prices: string) =>
      `insert into counted_meals values ('${municipality.municipalityId}', '${serviceDay}',
        '${municipality.school.classId}', 'STD', ${pupils}, ${prices})`
    const pupils = `array['${greta}'::uuid]`
    for (const [given, prices] of [
      [pupils, 'array[null::int]'],
      [pupils, 'array[-1]'],
      [pupils, 'array[540, 540]'],
      ['array[null::uuid]', 'array[540]'],
    ] as const)
      expect(await refusalOf(insert(given, prices)), prices).toContain('violates check constraint')
    expect(await refusalOf(insert(pupils, 'array[0]'))).toBe('accepted')
  })

  test('to suspend a day whose charge is due', async () => {
    await count()
    expect(
      await refusalOf(`with x as (insert into closure (municipality_id, service_id, school_id, day, kind, reason)
        values ('${municipality.municipalityId}', '${municipality.serviceId}', '${municipality.school.id}', '${DAY}', 'strike', 'x')
        returning id)
        update service_day set status = 'suspended', closure_id = (select id from x) where id = '${serviceDay}'`),
    ).toContain('stays closed')
  })

  test('to make a charge due again that has ended', async () => {
    await count()
    await chargeClosedDays()
    const again = `update meal_charge set due_at = now(), charged_at = null where service_day_id = '${serviceDay}'`
    expect(await refusalOf(again)).toContain('not due again')
  })

  test('the runtime role, even where a trigger would not: it has no right to', async () => {
    const { web } = await testDatabase()
    for (const statement of [
      'delete from meal_charge',
      `update counted_meals set prices_cents = '{}'`,
      'delete from counted_meals',
    ])
      await expect(sql.raw(statement).execute(web), statement).rejects.toThrow('permission denied')
  })
})

describe('counts and charges of any morning', () => {
  const PRICES = [540, 325, 0] as const
  const child = fc.record({
    school: fc.nat(1),
    diet: fc.constantFrom('STD', 'D03'),
    band: fc.nat(2),
    absent: fc.boolean(),
  })
  const family = fc.array(child, { maxLength: 3 })

  test('are what a model says that knows only who is there and what each one’s band costs', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(family, { maxLength: 5 }),
        fc.integer({ min: 1, max: 3 }),
        async (families, chargers) => {
          await setClock('2026-11-24T07:00:00Z')
          const town = await aMunicipality()
          const schools: School[] = [town.school, await aSchool(town)]
          const days = [
            await aServiceDay(town, DAY),
            await aServiceDay(town, DAY, { school: schools[1] as School }),
          ]
          await bandsOf(town)
          const expected: { pupil: string; cents: number; school: number; account: string }[] = []
          for (const children of families) {
            const home = await aHousehold(town)
            for (const { school: at, diet, band, absent } of children) {
              const pupil = await aPupil(town, home.householdId, { school: schools[at] as School, diet })
              if (band > 0) await giveBand(town, home, pupil, `B${band}`)
              if (absent) await anAbsence(town, home, pupil, days[at] as string)
              else
                expected.push({ pupil, cents: PRICES[band] as number, school: at, account: home.accountId })
            }
          }
          await count()
          await Promise.all(Array.from({ length: chargers }, () => chargeClosedDays()))

          for (const [at, day] of days.entries()) {
            const meals = expected
              .filter((meal) => meal.school === at)
              .map(({ pupil, cents }) => ({ pupil, cents }))
              .sort((a, b) => a.pupil.localeCompare(b.pupil))
            expect(await frozenMeals(day)).toEqual(meals)
            expect(await chargedMeals(day)).toEqual(meals.filter(({ cents }) => cents > 0))
          }
          for (const account of new Set(expected.map((meal) => meal.account))) {
            const owed = expected
              .filter((meal) => meal.account === account)
              .reduce((sum, meal) => sum + meal.cents, 0)
            expect(await balance(account)).toBe(0 - owed)
          }
          expect(await ledgerFaults()).toBe(0)
          const { owner } = await testDatabase()
          await owner.updateTable('municipality').set({ active: false }).execute()
        },
      ),
      { numRuns: atLength(12) },
    )
  })

  async function bandsOf(town: TestMunicipality): Promise<void> {
    const { owner } = await testDatabase()
    for (const band of [1, 2]) {
      const key = { municipality_id: town.municipalityId, service_id: town.serviceId, code: `B${band}` }
      await owner
        .insertInto('fare_band')
        .values({ ...key, name: 'Fascia' })
        .execute()
      await owner
        .insertInto('fare_band_price')
        .values({ ...key, valid_from: '2026-09-01', price_cents: PRICES[band] as number })
        .execute()
    }
  }

  async function giveBand(
    town: TestMunicipality,
    home: Household,
    pupil: string,
    code: string,
  ): Promise<void> {
    const { owner } = await testDatabase()
    await owner
      .insertInto('fare_assignment')
      .values({
        ...{
          municipality_id: town.municipalityId,
          service_id: town.serviceId,
          pupil_id: pupil,
          band_code: code,
        },
        ...{ valid_from: DAY, valid_to: DAY, given_by: home.holder.personId },
      })
      .execute()
  }
})
