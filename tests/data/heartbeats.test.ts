import { createServer } from 'node:http'
import { sql } from 'kysely'
import { beforeEach, describe, expect, test } from 'vitest'
import { beat, purgeHeartbeats } from '#lib/health/heartbeat.commands.ts'
import { outagesOn, readOutages } from '#lib/health/outage.queries.ts'
import { workerSilentSince } from '#lib/health/worker.queries.ts'
import { keepHeartbeat } from '#scripts/lib/web-heartbeat.ts'
import { DUTIES } from '#scripts/worker.ts'
import { testDatabase } from '#tests/support/database.ts'
import { until } from '#tests/support/payments.ts'

beforeEach(async () => {
  const { owner } = await testDatabase()
  await owner.deleteFrom('heartbeat').execute()
})

const rowsOf = async (source: 'web' | 'worker') => {
  const { owner } = await testDatabase()
  return owner.selectFrom('heartbeat').select('minute').where('source', '=', source).execute()
}

const answered = async (...minutes: string[]) => {
  const { owner } = await testDatabase()
  await owner
    .insertInto('heartbeat')
    .values(minutes.map((minute) => ({ source: 'web', minute: new Date(minute) })))
    .execute()
}

/** A web process whose own question is answered with this status, asked until the test has seen enough. */
async function processAnswering(status: number, isEnough: (asked: number) => Promise<boolean> | boolean) {
  let asked = 0
  const server = createServer((_request, response) => {
    asked += 1
    response.writeHead(status).end()
  })
  const stopping = new AbortController()
  const beating = keepHeartbeat(server, 'localhost', stopping.signal, 5)
  await until(() => isEnough(asked))
  stopping.abort()
  await beating
}

describe('A heartbeat', () => {
  test('of the site is written while it answers itself', async () => {
    await processAnswering(200, async () => (await rowsOf('web')).length > 0)
    expect(await rowsOf('worker')).toEqual([])
  })

  test('of the site is missing while it answers badly', async () => {
    await processAnswering(503, (asked) => asked > 3)
    expect(await rowsOf('web')).toEqual([])
  })

  test('of the worker is a duty', async () => {
    const duty = DUTIES.find(({ name }) => name === 'write heartbeat')
    expect(await duty?.run(() => false)).toBe(0)
    expect(await rowsOf('worker')).toHaveLength(1)
  })

  test('is one row a minute, whatever number of processes write it', async () => {
    const before = new Date()
    await Promise.all(Array.from({ length: 20 }, () => beat('web')))
    const minutes = 1 + new Date().getUTCMinutes() - before.getUTCMinutes()
    expect((await rowsOf('web')).length).toBeLessThanOrEqual(Math.max(minutes, 1) + 1)
  })

  test('is forgotten after two months', async () => {
    await beat('web')
    await answered('2020-01-01T08:00:00Z')
    expect(await purgeHeartbeats()).toBe(1)
    expect(await rowsOf('web')).not.toEqual([])
  })
})

describe('The outages of a day', () => {
  test('are read from the minutes of the site, between six and midnight in Italy', async () => {
    await answered('2026-11-24T08:11:00Z', '2026-11-24T08:41:00Z', '2026-11-24T08:42:00Z')
    await answered('2026-11-23T20:00:00Z', '2026-11-25T04:50:00Z')
    expect(await readOutages('2026-11-24')).toEqual([
      { from: new Date('2026-11-24T05:00:00Z'), to: new Date('2026-11-24T08:11:00Z') },
      { from: new Date('2026-11-24T08:12:00Z'), to: new Date('2026-11-24T08:41:00Z') },
      { from: new Date('2026-11-24T08:43:00Z'), to: new Date('2026-11-24T23:00:00Z') },
    ])
    expect(await readOutages('2026-11-26')).toEqual([])
  })

  test('are read once for many people', async () => {
    await answered('2026-10-06T06:00:00Z', '2026-10-06T07:00:00Z')
    const first = await outagesOn('2026-10-06')
    expect(first).toHaveLength(1)
    const { owner } = await testDatabase()
    await owner.deleteFrom('heartbeat').execute()
    expect(await outagesOn('2026-10-06')).toBe(first)
  })
})

describe('The silence of the worker', () => {
  const workedMinutesAgo = async (...minutes: number[]) => {
    const { owner } = await testDatabase()
    for (const ago of minutes)
      await sql`insert into heartbeat (source, minute)
        values ('worker', date_trunc('minute', clock_timestamp()) - make_interval(mins => ${ago}))`.execute(
        owner,
      )
  }

  test('is read after three minutes, from its last sign', async () => {
    await workedMinutesAgo(30, 12)
    const [last] = (await rowsOf('worker')).map(({ minute }) => minute.getTime()).sort((a, b) => b - a)
    expect((await workerSilentSince())?.getTime()).toBe(last)
  })

  test('is none while one works, where none ever did, and where only the site does', async () => {
    await workedMinutesAgo(30, 1)
    expect(await workerSilentSince()).toBeNull()
    const { owner } = await testDatabase()
    await owner.deleteFrom('heartbeat').execute()
    expect(await workerSilentSince()).toBeNull()
    await answered('2026-10-06T06:00:00Z')
    expect(await workerSilentSince()).toBeNull()
  })
})
