import { randomUUID } from 'node:crypto'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Viewer } from '#lib/access/viewer.ts'
import { closeDueDays } from '#lib/kitchen/close.commands.ts'
import { changeMeals } from '#lib/meals/meal-change.commands.ts'
import { runClockFrom, setClock, testDatabase } from '#tests/support/database.ts'
import {
  aHousehold,
  aMunicipality,
  aPupil,
  aServiceDay,
  ledgerFaults,
  type TestMunicipality,
} from '#tests/support/factories.ts'

/**
 * Hundreds of parents cancel while the hour strikes, the day closes and connections are cut at random. Afterwards there
 * is no third outcome: accepted, absent in the count and not charged; or refused, present and charged.
 */
const PARENTS = 300
const PATIENCE_MS = 60_000
const DAY = '2026-11-24'

type Attempt = { pupilId: string; viewer: Viewer; key: string; answer: 'accepted' | 'refused' | 'unknown' }

let municipality: TestMunicipality
let serviceDayId: string
let cutoffAt: Date
const attempts: Attempt[] = []

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

beforeAll(async () => {
  await setClock('2026-11-24T07:00:00Z')
  municipality = await aMunicipality()
  serviceDayId = await aServiceDay(municipality, DAY)
  for (let n = 0; n < PARENTS; n += 1) {
    const household = await aHousehold(municipality)
    const pupilId = await aPupil(municipality, household.householdId)
    attempts.push({ pupilId, viewer: household.holderViewer, key: randomUUID(), answer: 'unknown' })
  }
})

afterAll(async () => {
  const { owner } = await testDatabase()
  await owner
    .updateTable('municipality')
    .set({ active: false })
    .where('id', '=', municipality.municipalityId)
    .execute()
})

/** Asks once; a cut connection leaves the answer unknown, as it does for a parent whose phone lost the line. */
async function ask(attempt: Attempt): Promise<void> {
  const result = await changeMeals(attempt.viewer, {
    action: 'cancel',
    pupilIds: [attempt.pupilId],
    days: [DAY],
    idempotencyKey: attempt.key,
    channel: 'web',
  }).catch(() => null)
  if (result) attempt.answer = result.ok ? 'accepted' : 'refused'
}

/** Cuts a random connection of the runtime role, as that role: the owner of the schema has no right to. */
async function cutAConnection(): Promise<void> {
  const { web, name } = await testDatabase()
  await sql`
    select pg_terminate_backend(pid) from (
      select pid from pg_stat_activity where datname = ${name} and usename = 'refettorio_web' order by random() limit 1
    ) victim`
    .execute(web)
    .catch(() => undefined)
}

/** A close or a charge whose connection was cut is tried again: until there is nothing left to do. */
async function untilCharged(): Promise<void> {
  const { owner } = await testDatabase()
  for (const from = performance.now(); performance.now() - from < PATIENCE_MS; await pause(100)) {
    await closeDueDays()
    const { rows } = await sql<{ isCharged: boolean }>`
      select exists (select from meal_charge where service_day_id = ${serviceDayId} and due_at is null) as "isCharged"`.execute(
      owner,
    )
    if (rows[0]?.isCharged) return
  }
  throw new Error('the day was never charged')
}

/** Lets the database's clock run, with the cutoff `ms` from now by that clock and half a second of grace. */
async function strikeIn(ms: number): Promise<Date> {
  const { owner } = await testDatabase()
  const { rows } = await sql<{ cutoff: Date }>`
    update service_day set cutoff_at = app_now() + ${ms}::int * interval '1 ms',
      close_at = app_now() + ${ms + 500}::int * interval '1 ms'
    where id = ${serviceDayId} returning cutoff_at as cutoff`.execute(owner)
  return rows[0]?.cutoff as Date
}

describe('at the stroke of the cutoff', () => {
  test('accepted means absent in the count and not charged; refused means counted and charged', async () => {
    const { owner } = await testDatabase()
    await runClockFrom('2026-11-24T08:29:58Z')
    cutoffAt = await strikeIn(1_500)

    let storm = true
    const until = async (step: () => Promise<unknown>, everyMs: number) => {
      while (storm) {
        await step()
        await pause(everyMs)
      }
    }
    const cutting = until(cutAConnection, 40)
    const closing = until(() => closeDueDays().catch(() => 0), 30)
    await Promise.all(
      attempts.map(async (attempt, n) => {
        await pause((n / PARENTS) * 2_600)
        await ask(attempt)
      }),
    )
    await pause(1_000)
    storm = false
    await Promise.all([cutting, closing])
    await untilCharged()

    // Whoever lost the answer asks again with the same key, as the page does: late, but what was done stays done.
    for (const attempt of attempts.filter(({ answer }) => answer === 'unknown')) await ask(attempt)

    const accepted = attempts.filter(({ answer }) => answer === 'accepted').map(({ pupilId }) => pupilId)
    const refusedPupils = attempts.filter(({ answer }) => answer === 'refused').map(({ pupilId }) => pupilId)
    expect(accepted.length + refusedPupils.length).toBe(PARENTS)
    expect(accepted.length).toBeGreaterThan(20)
    expect(refusedPupils.length).toBeGreaterThan(20)

    const charged = await owner
      .selectFrom('entry')
      .select('pupil_id')
      .where('service_day_id', '=', serviceDayId)
      .where('kind', '=', 'meals')
      .where('pupil_id', 'is not', null)
      .execute()
    const absent = await owner
      .selectFrom('absence')
      .select('pupil_id')
      .where('service_day_id', '=', serviceDayId)
      .execute()
    expect(absent.map((row) => row.pupil_id).sort()).toEqual([...accepted].sort())
    expect(charged.map((row) => row.pupil_id).sort()).toEqual([...refusedPupils].sort())
  })

  test('the kitchen has one count, and it says the same', async () => {
    const { owner } = await testDatabase()
    const counts = await owner
      .selectFrom('kitchen_count as k')
      .innerJoin('kitchen_count_line as l', (join) =>
        join.onRef('l.municipality_id', '=', 'k.municipality_id').onRef('l.kitchen_count_id', '=', 'k.id'),
      )
      .select(['k.version', 'l.meals', 'l.absent'])
      .where('k.service_day_id', '=', serviceDayId)
      .execute()
    expect(counts).toEqual([
      {
        version: 1,
        meals: attempts.filter(({ answer }) => answer === 'refused').length,
        absent: attempts.filter(({ answer }) => answer === 'accepted').length,
      },
    ])
    expect(await ledgerFaults()).toBe(0)
  })

  test('no accepted cancellation arrived at the cutoff or later, by the database’s own clock', async () => {
    const { owner } = await testDatabase()
    const receipts = await owner
      .selectFrom('absence_receipt')
      .select('arrived_at')
      .where('municipality_id', '=', municipality.municipalityId)
      .execute()
    expect(receipts.length).toBeGreaterThan(0)
    for (const { arrived_at } of receipts) expect(arrived_at.getTime()).toBeLessThan(cutoffAt.getTime())
  })
})
