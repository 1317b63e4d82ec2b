import { randomUUID } from 'node:crypto'
import { request } from 'node:http'
import { text } from 'node:stream/consumers'
import { sql } from 'kysely'
import { afterEach, beforeAll, describe, expect, test } from 'vitest'
import { closeDatabase, database } from '#db/client.ts'
import { sessionCookieHeader } from '#lib/session/session-token.adapter.ts'
import { runClockFrom, setClock, testDatabase } from '#tests/support/database.ts'
import { setEnvironment, TEST_ENVIRONMENT } from '#tests/support/environment.ts'
import {
  aHousehold,
  aMunicipality,
  aPupil,
  aServiceDay,
  type TestMunicipality,
} from '#tests/support/factories.ts'
import type { Listening } from '#tests/support/http.ts'
import { startMeals } from '#tests/support/meals.ts'
import { signedIn } from '#tests/support/people.ts'

/**
 * Many parents press in the last moments before the cutoff, and no connection to the database is free until it has passed. What
 * was read in time is never refused as late, no answer is empty and none is a 500. The grace is wide here, so that a slow
 * machine comes to the end of the queue before the close is due.
 */
const DAY = '2026-11-24'
const GRACE_SECONDS = 50
const POOL = 6
/** How long every connection is taken, and how long before its end the cutoff strikes. */
const TAKEN_SECONDS = 2.5
const CUTOFF_AFTER_MS = 1_500

type Parent = { pupilId: string; cookie: string; key: string }
type Answer = {
  status: number
  body: string
  retryAfter: string | undefined
  readAt: number
  answeredAt: number
}

let municipality: TestMunicipality
let server: Listening
let readAt: Map<string, number>

beforeAll(async () => {
  const { webUrl, ownerUrl } = await testDatabase()
  setEnvironment({ DATABASE_URL: ownerUrl, DATABASE_WEB_URL: webUrl, DATABASE_POOL_SIZE: String(POOL) })
  await closeDatabase()
})
afterEach(() => server.close())

async function parents(count: number): Promise<Parent[]> {
  await setClock('2026-11-24T07:00:00Z')
  municipality = await aMunicipality()
  return Promise.all(
    Array.from({ length: count }, async () => {
      const household = await aHousehold(municipality)
      const pupilId = await aPupil(municipality, household.householdId)
      const { token } = await signedIn(household.holder.citizenId)
      const [cookie = ''] = (await sessionCookieHeader(token, TEST_ENVIRONMENT.NEXTAUTH_SECRET, 3_600)).split(
        ';',
      )
      return { pupilId, cookie, key: randomUUID() }
    }),
  )
}

/** A listener that notes when the last byte of each request was read, as the portal does. */
async function listening(): Promise<void> {
  readAt = new Map()
  server = await startMeals((asked) => {
    const key = String(asked.headers['x-test-key'])
    asked.once('end', () => readAt.set(key, performance.now()))
  })
}

/** One request on a connection of its own. */
function cancel({ pupilId, cookie, key }: Parent): Promise<Answer> {
  const body = JSON.stringify({ action: 'cancel', pupilIds: [pupilId], days: [DAY], idempotencyKey: key })
  const headers = {
    cookie,
    origin: TEST_ENVIRONMENT.PUBLIC_ORIGIN,
    'content-type': 'application/json',
    'x-test-key': key,
  }
  return new Promise((resolve, reject) => {
    const asked = request(
      `${server.origin}/api/${municipality.slug}/prenotazioni`,
      { method: 'POST', headers, agent: false },
      async (answer) =>
        resolve({
          status: answer.statusCode ?? 0,
          body: await text(answer),
          retryAfter: answer.headers['retry-after'],
          readAt: readAt.get(key) ?? Number.NaN,
          answeredAt: performance.now(),
        }),
    )
    asked.once('error', reject)
    asked.end(body)
  })
}

/** Takes every connection of the pool for a while. */
const takePool = () =>
  Array.from({ length: POOL }, () =>
    sql`select pg_sleep(${TAKEN_SECONDS}::double precision)`.execute(database()),
  )

/** Sets the cutoff so many milliseconds ahead. @returns it, on this process's monotonic clock */
async function strikeIn(serviceDayId: string, ms: number): Promise<number> {
  const { owner } = await testDatabase()
  await sql`
    update service_day set cutoff_at = app_now() + ${ms}::int * interval '1 ms',
      close_at = app_now() + ${ms + GRACE_SECONDS * 1_000}::int * interval '1 ms'
    where id = ${serviceDayId}`.execute(owner)
  // The server read its clock before it answered: the cutoff is not later than this.
  return performance.now() + ms
}

/** The clocks of the two processes are read within so much of one another. */
const BLUR_MS = 300

describe.each([64, 256])('%i connections at once', (count) => {
  test('around a cutoff give no 500, no empty answer and no late refusal', async () => {
    const all = await parents(count)
    await listening()
    const serviceDayId = await aServiceDay(municipality, DAY)
    await runClockFrom('2026-11-24T08:29:50Z')
    const taken = takePool()
    const cutoff = await strikeIn(serviceDayId, CUTOFF_AFTER_MS)
    const [early, late] = [all.slice(0, count - 8), all.slice(count - 8)]
    const answersToEarly = early.map(cancel)
    const answersToLate = Promise.all(taken).then(() => Promise.all(late.map(cancel)))
    const answers = await Promise.all(answersToEarly)
    const inTime = answers.filter(({ readAt }) => readAt < cutoff - BLUR_MS)

    expect(inTime.length).toBeGreaterThan(count / 2)
    expect(answers.filter(({ status, body }) => status === 500 || body === '')).toEqual([])
    expect(inTime.filter(({ status }) => status !== 200 && status !== 503)).toEqual([])
    // Served after the cutoff: without the wait taken off, each of these was late.
    expect(
      inTime.filter(({ status, answeredAt }) => status === 200 && answeredAt > cutoff).length,
    ).toBeGreaterThan(0)
    for (const { body, retryAfter } of answers.filter(({ status }) => status === 503)) {
      expect(JSON.parse(body)).toMatchObject({ code: 'request:unavailable' })
      expect(retryAfter).toBe('3')
    }
    for (const { status, body } of await answersToLate) {
      if (status !== 503) expect([status, JSON.parse(body)]).toMatchObject([409, { code: 'meals:too-late' }])
    }
    const { owner } = await testDatabase()
    const absences = await owner
      .selectFrom('absence')
      .select('pupil_id')
      .where('service_day_id', '=', serviceDayId)
      .execute()
    expect(absences).toHaveLength(answers.filter(({ status }) => status === 200).length)
  })
})
