import type { ChildProcess } from 'node:child_process'
import { setTimeout as pause } from 'node:timers/promises'
import { sql } from 'kysely'
import { afterAll, beforeEach, describe, expect, test } from 'vitest'
import { chargeClosedDays } from '#lib/kitchen/charge.commands.ts'
import { closeAndCount } from '#lib/kitchen/close.commands.ts'
import { spawnTied } from '#scripts/lib/processes.ts'
import { clockEnvironment } from '#tests/support/clock.ts'
import { runClockFrom, setClock, testDatabase } from '#tests/support/database.ts'
import { TEST_ENVIRONMENT } from '#tests/support/environment.ts'
import {
  aHousehold,
  aMunicipality,
  aPupil,
  aSchool,
  aServiceDay,
  type Household,
  ledgerFaults,
  type TestMunicipality,
} from '#tests/support/factories.ts'
import { whileHolding } from '#tests/support/waiting.ts'

/**
 * The worker dies between the count and the charge, in the middle of either, again and again, alone or beside another. Each
 * meal that was counted is charged once in the end, and no day stays in between.
 */
const DAY = '2026-11-24'
const AFTER_GRACE = '2026-11-24T08:30:03.000Z'
const SCHOOLS = 24
const PUPILS = 6
const PATIENCE_MS = 120_000

let municipality: TestMunicipality
const workers: ChildProcess[] = []

beforeEach(async () => {
  const { owner } = await testDatabase()
  await owner.updateTable('municipality').set({ active: false }).execute()
  await setClock('2026-11-24T07:00:00Z')
  municipality = await aMunicipality()
})

afterAll(() => {
  for (const worker of workers) worker.kill('SIGKILL')
})

type Standing = {
  open: number
  due: number
  failures: number
  counts: number
  frozen: number
  charged: number
  wrong: number
}

/** How far the close of the municipality's days has come. `wrong`: counted meals and charges that do not agree. */
async function standing(): Promise<Standing> {
  const { owner } = await testDatabase()
  const { rows } = await sql<Standing>`
    with frozen as (
      select m.service_day_id, meal.pupil, meal.cents from counted_meals m
      cross join lateral unnest(m.pupil_ids, m.prices_cents) meal (pupil, cents) where m.municipality_id = ${municipality.municipalityId}
    ), charged as (
      select service_day_id, pupil_id as pupil, -amount_cents as cents from entry
      where municipality_id = ${municipality.municipalityId} and kind = 'meals' and pupil_id is not null
    )
    select
      (select count(*) from service_day where municipality_id = ${municipality.municipalityId} and status = 'open')::int as open,
      (select count(due_at) from meal_charge where municipality_id = ${municipality.municipalityId})::int as due,
      (select coalesce(sum(failures), 0) from meal_charge where municipality_id = ${municipality.municipalityId})::int as failures,
      (select count(*) from kitchen_count where municipality_id = ${municipality.municipalityId})::int as counts,
      (select count(*) from frozen)::int as frozen,
      (select count(*) from charged)::int as charged,
      ((select count(*) from (table frozen except all table charged) x) + (select count(*) from (table charged except all table frozen) x))::int as wrong`.execute(
    owner,
  )
  return rows[0] as Standing
}

const DONE = { open: 0, due: 0, wrong: 0 }

/** One school's day with the children of one family. */
async function aSmallDay(): Promise<{ household: Household; serviceDay: string }> {
  const household = await aHousehold(municipality)
  await aPupil(municipality, household.householdId)
  await aPupil(municipality, household.householdId)
  return { household, serviceDay: await aServiceDay(municipality, DAY) }
}

/** Ends the connection whose statement waits for a lock; a role may end its own. */
async function killWhoWaits(): Promise<void> {
  const { web } = await testDatabase()
  const { rows } = await sql<{ ended: boolean }>`
    select pg_terminate_backend(pid) as ended from pg_stat_activity
    where datname = current_database() and usename = 'refettorio_web' and pid in (select pid from pg_locks where not granted)`.execute(
    web,
  )
  expect(rows).toEqual([{ ended: true }])
}

describe('a worker that dies', () => {
  test('between the count and the charge leaves a charge that the next one writes', async () => {
    await aSmallDay()
    await setClock(AFTER_GRACE)
    await closeAndCount()
    expect(await standing()).toMatchObject({ open: 0, due: 1, counts: 1, frozen: 2, charged: 0 })
    await chargeClosedDays()
    expect(await standing()).toMatchObject({ ...DONE, charged: 2 })
  })

  test('in the middle of the count leaves the day as it was: open, without count, meals or charge', async () => {
    const { serviceDay } = await aSmallDay()
    await setClock(AFTER_GRACE)
    // The close has locked its days and counts; where it refers to the school's class, it waits.
    const { failures } = await whileHolding(
      (trx) =>
        sql`select from school_class where id = ${municipality.school.classId} for update`.execute(trx),
      () => closeAndCount(),
      killWhoWaits,
    )
    expect(failures.map(({ serviceDayId }) => serviceDayId)).toEqual([serviceDay])
    expect(await standing()).toMatchObject({ open: 1, due: 0, counts: 0, frozen: 0, charged: 0 })
    expect(await closeAndCount()).toMatchObject({ closed: 1 })
    await chargeClosedDays()
    expect(await standing()).toMatchObject({ ...DONE, counts: 1, charged: 2 })
  })

  test('in the middle of the charge leaves no movement, and the charge is written later', async () => {
    const { household } = await aSmallDay()
    await setClock(AFTER_GRACE)
    await closeAndCount()
    // The charge has written its entries; where it moves the balance, it waits.
    const charged = await whileHolding(
      (trx) => sql`select from account where id = ${household.accountId} for update`.execute(trx),
      () => chargeClosedDays(),
      killWhoWaits,
    )
    expect(charged).toBe(0)
    expect(await standing()).toMatchObject({ due: 1, failures: 1, charged: 0 })
    expect(await ledgerFaults()).toBe(0)
    await setClock('2026-11-24T08:30:05.000Z')
    expect(await chargeClosedDays()).toBe(1)
    expect(await standing()).toMatchObject({ ...DONE, charged: 2 })
    expect(await ledgerFaults()).toBe(0)
  })
})

describe('workers that are killed with -9 while they close a morning', () => {
  async function startWorker(): Promise<ChildProcess> {
    const { ownerUrl, webUrl } = await testDatabase()
    const worker = spawnTied(
      ['--conditions=react-server', 'scripts/run.mjs', 'worker'],
      {
        ...TEST_ENVIRONMENT,
        PATH: process.env.PATH,
        ...clockEnvironment(),
        DATABASE_URL: ownerUrl,
        DATABASE_WEB_URL: webUrl,
      },
      ['ignore', 'ignore', 'ignore', 'ipc'],
    )
    workers.push(worker)
    await new Promise((resolve) => worker.once('message', resolve))
    return worker
  }

  async function until(isThere: (now: Standing) => boolean): Promise<Standing> {
    for (const from = performance.now(); performance.now() - from < PATIENCE_MS; await pause(20)) {
      const now = await standing()
      if (isThere(now)) return now
    }
    throw new Error(`still ${JSON.stringify(await standing())}`)
  }

  test('count each day once and charge each meal once, two of them together at the end', {
    timeout: 2 * PATIENCE_MS,
  }, async () => {
    const schools = [municipality.school]
    while (schools.length < SCHOOLS) schools.push(await aSchool(municipality))
    const days = ['2026-11-20', '2026-11-23', DAY]
    for (const school of schools) {
      for (const day of days) await aServiceDay(municipality, day, { school })
      const household = await aHousehold(municipality)
      for (let n = 0; n < PUPILS; n += 1) await aPupil(municipality, household.householdId, { school })
    }
    await runClockFrom(AFTER_GRACE)
    const all = SCHOOLS * days.length
    for (const share of [0.1, 0.4, 0.7]) {
      const worker = await startWorker()
      await until(({ charged }) => charged >= share * all * PUPILS)
      worker.kill('SIGKILL')
    }
    await Promise.all([startWorker(), startWorker()])
    const end = await until(({ open, due }) => open === 0 && due === 0)
    expect(end).toMatchObject({ ...DONE, counts: all, frozen: all * PUPILS, charged: all * PUPILS })
    expect(await ledgerFaults()).toBe(0)
  })
})
