import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import os from 'node:os'
import path from 'node:path'
import { promisify } from 'node:util'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { Connections, wireOf } from '#bench/connections.ts'
import { type Recording, recordReads } from '#bench/recorded.ts'
import { changeAt, lineOf, parseOutcome } from '#bench/requests.ts'
import { refreshSessions, signInVisitors, type Visitor } from '#bench/visitors.ts'
import { LOAD_SLUG, seedLoad } from '#db/load.ts'
import { sessionOf } from '#lib/session/session.queries.ts'
import { type Child, freePorts, startChild } from '#scripts/lib/processes.ts'
import { setClock, testDatabase } from '#tests/support/database.ts'
import { TEST_ENVIRONMENT } from '#tests/support/environment.ts'
import { ledgerFaults } from '#tests/support/factories.ts'

const NOW = '2026-11-24T08:00:00+01:00'
const run = promisify(execFile)

let folder: string
let visitors: Visitor[]
const children: Child[] = []

beforeAll(async () => {
  await setClock(NOW)
  const { ownerUrl } = await testDatabase()
  await seedLoad(ownerUrl, 250, { years: 2 })
  visitors = await signInVisitors(ownerUrl, TEST_ENVIRONMENT.NEXTAUTH_SECRET, 12)
  folder = mkdtempSync(path.join(os.tmpdir(), 'refettorio-bench-test-'))
}, 120_000)

afterAll(async () => {
  for (const child of children) await child.stop(0)
  rmSync(folder, { recursive: true, force: true })
})

async function serve(script: string, file: string, url: string): Promise<string> {
  const port = await freePorts(1)
  const plan = {
    name: script,
    command: [`bench/${script}`, file, String(port), url],
    env: {},
    announces: true,
  }
  await startChild({ ...plan, logFile: path.join(folder, `${script}.log`) }, (child) => children.push(child))
  return `http://127.0.0.1:${port}`
}

const answerTo = (url: string, { cookie }: Visitor, body?: string): Promise<Response> =>
  fetch(url, { headers: { cookie }, ...(body === undefined ? {} : { method: 'POST', body }) })

describe('the visitors of the bench', () => {
  test('are each signed in as another family, with days to cancel', async () => {
    expect(new Set(visitors.map(({ householdId }) => householdId)).size).toBe(12)
    for (const { token, personId, days } of visitors) {
      expect((await sessionOf(token, LOAD_SLUG))?.viewer?.personId).toBe(personId)
      expect(days.length).toBeGreaterThan(5)
    }
  })
})

describe('the municipality of the bench', () => {
  test('has the years behind it that it was asked for, each in its partitions, and balances that are their movements', async () => {
    const { owner } = await testDatabase()
    const { rows } = await sql<{ year: number; days: number; pupils: number }>`
      select school_year as year, count(distinct day)::int as days, count(distinct pupil_id)::int as pupils from entry
      where pupil_id is not null group by 1 order by 1`.execute(owner)
    expect(rows).toEqual([
      { year: 2025, days: 190, pupils: 250 },
      { year: 2026, days: 5, pupils: 250 },
    ])
    const { rows: kept } = await sql<{ absences: number; acts: number }>`
      select (select count(*)::int from absence_event_2025) as absences, (select count(*)::int from audit_event_2025) as acts`.execute(
      owner,
    )
    expect(kept[0]?.absences).toBeGreaterThan(3_000)
    expect(kept[0]?.acts).toBe(kept[0]?.absences)
    const { rows: owing } =
      await sql`select from account where kind = 'household' and balance_cents < 0`.execute(owner)
    expect(owing).toEqual([])
    expect(await ledgerFaults()).toBe(0)
  })
})

describe('the sessions of the bench', () => {
  test('are as good as just used after each part of a long run', async () => {
    const { owner, ownerUrl } = await testDatabase()
    const { token } = visitors[0] as Visitor
    await sql`update session set last_seen_at = app_now() - interval '3 hours'`.execute(owner)
    expect(await sessionOf(token, LOAD_SLUG)).toBeNull()
    await refreshSessions(ownerUrl)
    expect(await sessionOf(token, LOAD_SLUG)).not.toBeNull()
  })
})

describe('the floor with the product’s own statements', () => {
  let origin: string
  let recording: Recording

  beforeAll(async () => {
    const { webUrl } = await testDatabase()
    const file = path.join(folder, 'recording.json')
    await recordReads(visitors, file)
    recording = JSON.parse(readFileSync(file, 'utf8')) as Recording
    origin = await serve('floor.ts', file, webUrl)
  })

  test('replays what each visitor’s reads sent, the texts written once', () => {
    expect(recording.visitors).toHaveLength(12)
    expect(new Set(recording.texts).size).toBe(recording.texts.length)
    for (const { session, calendar, balance } of recording.visitors)
      for (const statements of [session, calendar, balance]) expect(statements.length).toBeGreaterThan(0)
  })

  test('answers the month of a visitor, under the row-level policies', async () => {
    const [first, second] = visitors as [Visitor, Visitor]
    const month = await (await answerTo(`${origin}/calendar.json`, first)).text()
    expect(month).toContain(first.pupilId)
    expect(month).not.toContain(second.pupilId)
    expect(await (await answerTo(`${origin}/balance`, first)).text()).toContain('<table>')
    expect((await fetch(origin)).status).toBe(401)
  })

  test('writes a change: receipt, absence, event and register', async () => {
    const { owner } = await testDatabase()
    const rows = () =>
      sql<{ receipts: number; absences: number }>`
        select (select count(*)::int from absence_receipt where number like 'F-%') as receipts,
          (select count(*)::int from absence where pupil_id = ${(visitors[0] as Visitor).pupilId}
             and service_day_id = ${(visitors[0] as Visitor).days[0]?.serviceDayId ?? null}) as absences`.execute(
        owner,
      )
    const { body } = changeAt(0, visitors)
    expect((await answerTo(`${origin}/cancel`, visitors[0] as Visitor, body)).status).toBe(200)
    expect((await rows()).rows).toEqual([{ receipts: 1, absences: 1 }])
  })
})

describe('the plain floor and the generator of the open loop', () => {
  test('the floor answers 35 rows to a visitor and none to a stranger; the generator measures each arrival', async () => {
    const { ownerUrl } = await testDatabase()
    const file = path.join(folder, 'visitors.json')
    writeFileSync(file, JSON.stringify(visitors))
    const origin = await serve('plain-floor.ts', file, ownerUrl)
    const rows = (await (await answerTo(origin, visitors[0] as Visitor)).json()) as unknown[]
    expect(rows).toHaveLength(35)
    expect((await fetch(origin)).status).toBe(401)

    const requests = path.join(folder, 'requests')
    const lines = visitors.map(({ cookie }) =>
      lineOf({ method: 'GET', path: '/', cookie, origin: '', body: '' }),
    )
    writeFileSync(requests, `${lines.join('\n')}\n`)
    const client = ['bench/client.ts', '--url', origin, '--file', requests, '--seconds', '1', '--rate', '40']
    const outcome = parseOutcome((await run(process.execPath, client)).stdout)
    expect(outcome).toMatchObject({ failed: 0, isExhausted: false, issued: outcome.requests })
    expect(outcome.requests).toBeGreaterThan(15)
    expect(outcome.bytes).toBeGreaterThan(outcome.requests * 1_000)
    expect(outcome.p99).toBeGreaterThan(0)
  })
})

describe('the connections of the generator', () => {
  const answers: Record<string, (send: (status: number, parts: string[]) => void) => void> = {
    '/whole': (send) => send(200, ['x'.repeat(90_000)]),
    '/chunks': (send) => send(200, ['a'.repeat(70_000), 'b'.repeat(70_000), '0']),
    '/refused': (send) => send(403, ['no']),
    '/elsewhere': (send) => send(307, ['']),
  }
  const server = createServer((request, response) => {
    if (request.url === '/cut') return void request.socket.destroy()
    answers[request.url ?? '']?.((status, parts) => {
      if (parts.length === 1) response.setHeader('content-length', parts[0]?.length ?? 0)
      response.writeHead(status)
      for (const part of parts) response.write(part)
      response.end()
    })
  })
  let connections: Connections
  const ask = (at: string) =>
    connections.ask(wireOf({ method: 'GET', path: at, cookie: '', origin: '', body: '' }, 'localhost'))

  beforeAll(async () => {
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    connections = new Connections({ host: '127.0.0.1', port: (server.address() as AddressInfo).port })
  })

  afterAll(() => {
    connections.end()
    server.close()
  })

  test('read an answer to its end, whole or in chunks, one after the other and side by side', async () => {
    for (const at of ['/whole', '/chunks', '/whole']) expect(await ask(at)).toMatchObject({ isGood: true })
    const [whole, chunks] = await Promise.all([ask('/whole'), ask('/chunks')])
    expect(whole?.bytes).toBeGreaterThan(90_000)
    expect(chunks?.bytes).toBeGreaterThan(140_000)
  })

  test('take only a page for a good answer: no refusal, no other address, no cut line', async () => {
    for (const at of ['/refused', '/elsewhere', '/cut']) expect((await ask(at)).isGood, at).toBe(false)
    expect((await ask('/whole')).isGood).toBe(true)
  })
})
