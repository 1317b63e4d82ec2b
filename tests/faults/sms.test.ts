import type { ChildProcess } from 'node:child_process'
import { setTimeout as pause } from 'node:timers/promises'
import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { asSystem } from '#db/client.ts'
import { spawnTied } from '#scripts/lib/processes.ts'
import type { SmsFault } from '#simulators/mail/sms.ts'
import { clockEnvironment } from '#tests/support/clock.ts'
import { runClockFrom, testDatabase } from '#tests/support/database.ts'
import { TEST_ENVIRONMENT } from '#tests/support/environment.ts'
import { aMunicipality, type TestMunicipality } from '#tests/support/factories.ts'
import { openSmsGateway } from '#tests/support/sms-gateway.ts'

/**
 * Codes of many families on a bad evening: the worker is killed with -9 in the middle, two take its place, and the gateway
 * goes through everything that a gateway does: errors after it took a text, lines that drop, no token, no time. Its own
 * count is the judge.
 */
const TEXTS = 300
/** A minute when little else runs. */
const PATIENCE_MS = 240_000

let municipality: TestMunicipality
let gateway: Awaited<ReturnType<typeof openSmsGateway>>
const workers: ChildProcess[] = []

beforeAll(async () => {
  await testDatabase()
  await runClockFrom('2026-11-24T19:00:00+01:00')
  municipality = await aMunicipality()
  gateway = await openSmsGateway()
})
afterAll(async () => {
  for (const worker of workers) worker.kill('SIGKILL')
  await gateway?.simulator.close()
})

async function startWorker(): Promise<ChildProcess> {
  const { ownerUrl, webUrl } = await testDatabase()
  const worker = spawnTied(
    ['--conditions=react-server', 'scripts/run.mjs', 'worker'],
    {
      ...TEST_ENVIRONMENT,
      ...gateway.environment,
      PATH: process.env.PATH,
      ...clockEnvironment(),
      DATABASE_URL: ownerUrl,
      DATABASE_WEB_URL: webUrl,
      DATABASE_POOL_SIZE: '12',
    },
    ['ignore', 'ignore', 'ignore', 'ipc'],
  )
  workers.push(worker)
  return worker
}

async function until(holds: () => boolean | Promise<boolean>, what: string): Promise<void> {
  for (let patience = 0; patience < 1_800; patience += 1) {
    if (await holds()) return
    await pause(100)
  }
  throw new Error(`never: ${what}`)
}

async function rows(): Promise<{ id: string; state: string; due: boolean; body_text: string }[]> {
  const { owner } = await testDatabase()
  const found = await sql<{ id: string; state: string; due: boolean; body_text: string }>`
    select id, body_text, coalesce(outcome, case when sending_since is null then 'queued' else 'in_hand' end) as state,
      due_at <= app_now() as due
    from outbox where municipality_id = ${municipality.municipalityId} and channel = 'sms'`.execute(owner)
  return found.rows
}

async function letTimePass(minutes: number): Promise<void> {
  const { owner } = await testDatabase()
  const { rows: found } = await sql<{
    later: Date
  }>`select app_now() + ${`${minutes} minutes`}::interval as later`.execute(owner)
  if (found[0]) await runClockFrom(found[0].later)
}

test(
  'each code reaches its telephone at most once, and the office sees the truth',
  async () => {
    const { texts } = gateway.simulator
    const behave = async (fault: SmsFault, ms: number) => {
      texts.behave(fault)
      await pause(ms)
      texts.behave('normal')
    }
    await asSystem(municipality.municipalityId, (trx) =>
      sql`select enqueue_text(${municipality.municipalityId}::uuid, 'code ' || n, '+39333' || lpad(n::text, 7, '0'), 'codice', true, 'it', null)
        from generate_series(1, ${TEXTS}) n`.execute(trx),
    )
    const first = await startWorker()
    await until(() => texts.all().length > 40, 'the first worker sends')
    first.kill('SIGKILL')
    await Promise.all([startWorker(), startWorker()])
    for (const fault of [
      'errorAfterTaking',
      'hangUpAfterTaking',
      'unauthorized',
      'busy',
      'hangUp',
    ] as const) {
      await behave(fault, 150)
      await pause(150)
    }
    // When only time is missing it goes by: the pauses, and the leases of crashed workers.
    let before = ''
    await until(async () => {
      const now = await rows()
      const open = now.filter(({ state }) => state === 'queued' || state === 'in_hand')
      const seen = JSON.stringify(now.map(({ state }) => state))
      if (seen === before && open.length > 0 && open.every(({ due }) => !due)) await letTimePass(6)
      if (seen === before) await pause(500)
      before = seen
      return open.length === 0
    }, 'nothing waits any more')

    const ended = await rows()
    const of = (state: string) => ended.filter((row) => row.state === state)
    const taken = new Map(texts.all().map(({ key, times }) => [key, times]))
    expect([...taken.values()].filter((times) => times !== 1)).toEqual([])
    expect(of('sent').every(({ id }) => taken.has(id))).toBe(true)
    expect([...of('refused'), ...of('given_up')].filter(({ id }) => taken.has(id))).toEqual([])
    expect(taken.size).toBe(of('sent').length + of('in_doubt').filter(({ id }) => taken.has(id)).length)
    expect(of('sent').length + of('refused').length + of('in_doubt').length + of('given_up').length).toBe(
      TEXTS,
    )
    expect(of('sent').length).toBeGreaterThan(TEXTS / 4)
    expect(of('in_doubt').length, 'the killed worker and the faults left some').toBeGreaterThan(0)
    expect(ended.filter(({ body_text: text }) => text !== '')).toEqual([])
  },
  PATIENCE_MS,
)
