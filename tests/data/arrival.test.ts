import { randomBytes, randomUUID } from 'node:crypto'

import { sql } from 'kysely'
import { beforeAll, describe, expect, test, vi } from 'vitest'
import { asFamily } from '#db/client.ts'
import { addDays } from '#lib/kernel/day.ts'
import type { CutoffAnswer } from '#lib/meals/cutoff.ts'
import { changeMeals } from '#lib/meals/meal-change.commands.ts'
import { setClock, testDatabase } from '#tests/support/database.ts'
import {
  aHousehold,
  aMunicipality,
  aPupil,
  aServiceDay,
  type Household,
  type TestMunicipality,
} from '#tests/support/factories.ts'
import fc, { atLength } from '#tests/support/random.ts'

/**
 * When a cancellation arrives: the start of its transaction by the database's clock, less what it waited for it in the process that
 * had read it, until the close of the day is due.
 */
let municipality: TestMunicipality
let household: Household
let pupilId: string

async function aSchoolYear(): Promise<void> {
  await setClock('2026-10-01T07:00:00Z')
  municipality = await aMunicipality()
  household = await aHousehold(municipality)
  pupilId = await aPupil(municipality, household.householdId)
}
beforeAll(aSchoolYear)

const FIRST_DAY = '2026-10-05'
const DAYS_OF_A_YEAR = 150
let used = 0

/** A day that no case had before, because a closed one does not open again; another school's when a year of them is used. */
async function anotherDay(): Promise<string> {
  if (used === DAYS_OF_A_YEAR) {
    await aSchoolYear()
    used = 0
  }
  used += 1
  return addDays(FIRST_DAY, used)
}

type Case = { waitedMs: number; lateMs: number; graceSeconds: number; closed: boolean }

/** The rule in a line each; how many milliseconds after the cutoff is 0. */
function judged({ waitedMs, lateMs, graceSeconds, closed }: Case): CutoffAnswer {
  if (lateMs - waitedMs >= 0) return 'too-late'
  return closed || lateMs >= graceSeconds * 1_000 ? 'day-closed' : 'accepted'
}

/** Asks on a day of its own, in a transaction that starts so late and after such a wait. */
async function asked({ waitedMs, lateMs, graceSeconds, closed }: Case) {
  const { owner } = await testDatabase()
  const day = await anotherDay()
  const serviceDayId = await aServiceDay(municipality, day, { graceSeconds })
  const { cutoff_at } = await owner
    .selectFrom('service_day')
    .select('cutoff_at')
    .where('id', '=', serviceDayId)
    .executeTakeFirstOrThrow()
  if (closed)
    await owner
      .updateTable('service_day')
      .set({ status: 'closed', closed_at: sql<Date>`app_now()` })
      .where('id', '=', serviceDayId)
      .execute()
  await setClock(new Date(cutoff_at.getTime() + lateMs))
  const now = vi.spyOn(performance, 'now').mockReturnValue(1_000_000)
  try {
    const answer = await changeMeals(household.holderViewer, {
      action: 'cancel',
      pupilIds: [pupilId],
      days: [day],
      idempotencyKey: randomUUID(),
      channel: 'web',
      readAt: 1_000_000 - waitedMs,
    })
    return { answer, cutoffAt: cutoff_at }
  } finally {
    now.mockRestore()
  }
}

const verdictOf = ({ answer }: Awaited<ReturnType<typeof asked>>): string =>
  answer.ok ? 'accepted' : answer.code.replace('meals:', '')

describe('a cancellation that waits for its connection', () => {
  test.each<[string, Case, CutoffAnswer]>([
    [
      'read a millisecond before the cutoff, served two seconds after it',
      { waitedMs: 2_001, lateMs: 2_000, graceSeconds: 3, closed: false },
      'accepted',
    ],
    [
      'read at the cutoff, served two seconds after it',
      { waitedMs: 2_000, lateMs: 2_000, graceSeconds: 3, closed: false },
      'too-late',
    ],
    [
      'read before the cutoff, served when the close is due and the worker is late',
      { waitedMs: 4_000, lateMs: 3_000, graceSeconds: 3, closed: false },
      'day-closed',
    ],
    [
      'read before the cutoff, served after the close',
      { waitedMs: 1_500, lateMs: 1_000, graceSeconds: 3, closed: true },
      'day-closed',
    ],
    [
      'read before the cutoff of a day without grace',
      { waitedMs: 1_500, lateMs: 1_000, graceSeconds: 0, closed: false },
      'day-closed',
    ],
  ])('%s', async (_what, given, verdict) => {
    expect(verdictOf(await asked(given))).toBe(verdict)
  })

  test('is judged alike by the rule and by the database, whatever it waited and whenever it is served', async () => {
    const milliseconds = (max: number) =>
      fc.oneof(fc.integer({ min: 0, max }), fc.constantFrom(0, 1, 999, 1_000, 2_999, 3_000, 3_001))
    await fc.assert(
      fc.asyncProperty(
        fc.record({
          waitedMs: milliseconds(9_000),
          lateMs: fc.tuple(milliseconds(6_000), fc.constantFrom(1, 1, 1, -1)).map(([ms, sign]) => ms * sign),
          graceSeconds: fc.integer({ min: 0, max: 5 }),
          closed: fc.boolean(),
        }),
        async (given) => {
          expect(verdictOf(await asked(given))).toBe(judged(given))
        },
      ),
      { numRuns: atLength(60) },
    )
  })

  test('has the instant of its arrival on its receipt', async () => {
    const { answer, cutoffAt } = await asked({
      waitedMs: 2_250,
      lateMs: 2_000,
      graceSeconds: 3,
      closed: false,
    })
    if (!answer.ok) throw new Error(answer.code)
    expect(answer.value.arrivedAt).toEqual(new Date(cutoffAt.getTime() - 250))
    // A page drawn while the request waited is older than what the change made of the day.
    expect(answer.value.at).toEqual(new Date(cutoffAt.getTime() + 2_000))
    const { owner } = await testDatabase()
    const receipt = await owner
      .selectFrom('absence_receipt')
      .select('arrived_at')
      .where('id', '=', answer.value.receiptId)
      .executeTakeFirstOrThrow()
    expect(receipt.arrived_at).toEqual(answer.value.arrivedAt)
  })
})

describe('the database', () => {
  /** Writes an absence past every rule of the program, in a transaction that says how long it waited. */
  async function written(day: string, { at, waitedMs }: { at: string; waitedMs: number }): Promise<void> {
    const serviceDayId = await aServiceDay(municipality, day)
    await setClock(`${day}T${at}`)
    const { municipalityId } = municipality
    await asFamily(
      household.holderViewer,
      async (trx) => {
        const receipt = await trx
          .insertInto('absence_receipt')
          .values({
            municipality_id: municipalityId,
            number: `T-${randomBytes(6).toString('hex').toUpperCase()}`,
            household_id: household.householdId,
            person_id: household.holder.personId,
            action: 'cancel',
            channel: 'web',
            idempotency_key: randomUUID(),
            request_hash: randomBytes(32),
            first_day: day,
            last_day: day,
          })
          .returning('id')
          .executeTakeFirstOrThrow()
        await trx
          .insertInto('absence')
          .values({
            municipality_id: municipalityId,
            service_day_id: serviceDayId,
            pupil_id: pupilId,
            receipt_id: receipt.id,
          })
          .execute()
      },
      performance.now() - waitedMs,
    )
  }

  test('takes an absence that arrived before the cutoff, within the grace', async () => {
    await expect(written('2027-05-03', { at: '07:30:02Z', waitedMs: 60_000 })).resolves.toBeUndefined()
  })

  test('refuses one that arrived after the cutoff, though no rule of the program did', async () => {
    await expect(written('2027-05-04', { at: '07:30:02Z', waitedMs: 0 })).rejects.toThrow('not open')
  })

  test('believes no wait beyond the grace: once the close is due an absence is refused, closed or not', async () => {
    await expect(written('2027-05-05', { at: '07:30:03Z', waitedMs: 3_600_000 })).rejects.toThrow('not open')
  })
})
