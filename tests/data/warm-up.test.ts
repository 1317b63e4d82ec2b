import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { GET as ready } from '#app/api/ready/route.ts'
import { readAsFamily } from '#db/reading.ts'
import type { Viewer } from '#lib/access/viewer.ts'
import { env } from '#lib/kernel/env.ts'
import { readMonthPage } from '#lib/meals/month.queries.ts'
import { readingSessionWith } from '#lib/session/session.queries.ts'
import { drawForItself, isWarm, isWarmUp } from '#lib/web/warm-up.adapter.ts'
import { WarmUp } from '#scripts/lib/warm-up.ts'
import { testDatabase } from '#tests/support/database.ts'
import { aHousehold, aMunicipality } from '#tests/support/factories.ts'

let slug: string
beforeAll(async () => {
  await testDatabase()
  const municipality = await aMunicipality()
  await aHousehold(municipality)
  slug = municipality.slug
})

/** What a family has; a person sees rows of these only where they are its own. */
const OWN_TABLES = [
  'household',
  'household_member',
  'pupil',
  'person',
  'enrolment',
  'account',
  'entry',
  'absence',
  'top_up',
]

describe('The session in which a process draws its pages', () => {
  test('is given to no cookie, and to no request after the drawing', async () => {
    expect(await readingSessionWith('warm-up', slug)).toBeNull()
    const late = Promise.withResolvers<void>()
    let leftRunning: Promise<unknown> = Promise.resolve()
    await drawForItself(async () => {
      leftRunning = late.promise.then(() => readingSessionWith(undefined, slug))
    })
    late.resolve()
    expect(await leftRunning).toBeNull()
  })

  test('is of a holder who has nothing, and can write nothing', async () => {
    const { viewer } = (await drawForItself(() => readingSessionWith(undefined, slug))) ?? {}
    expect(await readMonthPage(viewer as Viewer, null, null)).toBe('no-children')
    await drawForItself(async () => {
      const reader = (await readingSessionWith(undefined, slug))?.viewer as Viewer
      const seen = await readAsFamily(reader, async (trx) => {
        const counts = OWN_TABLES.map((table) =>
          sql<{ rows: number }>`select count(*)::int as rows from ${sql.table(table)}`.execute(trx),
        )
        return (await Promise.all(counts)).map(({ rows }) => rows[0]?.rows)
      })
      expect(seen).toEqual(OWN_TABLES.map(() => 0))
    })
    await drawForItself(async () => {
      const reader = (await readingSessionWith(undefined, slug))?.viewer as Viewer
      const write = readAsFamily(reader, (trx) => sql`delete from absence`.execute(trx))
      await expect(write).rejects.toThrow(/read-only transaction/)
    })
  })
})

describe('A process that warms up', () => {
  const seen: { path: string; own: boolean; readiness: number }[] = []
  let server: Server
  let origin: string
  afterAll(() => new Promise((resolve) => server.close(resolve)))

  test('asks itself for its main pages, and takes no request from outside for one of these', async () => {
    const warmUp = new WarmUp(env())
    server = createServer(
      warmUp.listener(async ({ url: path = '' }, response) => {
        seen.push({ path, own: isWarmUp(), readiness: (await ready()).status })
        // While a page is drawn, a person comes.
        if (path === `/${slug}/oggi`) await fetch(`${origin}/outside`)
        response.end()
      }),
    )
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    // Another file of this worker may have called the process warm.
    Reflect.deleteProperty(globalThis, 'refettorioIsWarm')
    expect(isWarm()).toBe(false)
    await warmUp.run(server)
    expect(isWarm()).toBe(true)
    await fetch(`${origin}/outside`, { headers: { 'x-warm-up': '1', cookie: 'warm-up=1' } })

    const own = new Set(seen.filter((one) => one.own).map(({ path }) => path))
    expect(own).toEqual(
      new Set([
        '/',
        ...['', '/menu', '/accesso', '/oggi', '/prenotazioni', '/pagamenti'].map((page) => `/${slug}${page}`),
      ]),
    )
    // No person is sent here before the last of them is drawn.
    expect(seen.filter((one) => one.own && one.readiness !== 503)).toEqual([])
    const outside = seen.filter(({ path }) => path === '/outside')
    expect(outside.length).toBeGreaterThan(1)
    expect(outside.filter((one) => one.own)).toEqual([])
  })
})
