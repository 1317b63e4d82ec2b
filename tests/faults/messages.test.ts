import type { ChildProcess } from 'node:child_process'
import { setTimeout as pause } from 'node:timers/promises'
import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { asSystem } from '#db/client.ts'
import { notify } from '#lib/notifications/notification.commands.ts'
import { spawnTied } from '#scripts/lib/processes.ts'
import { clockEnvironment } from '#tests/support/clock.ts'
import { runClockFrom, testDatabase } from '#tests/support/database.ts'
import { TEST_ENVIRONMENT } from '#tests/support/environment.ts'
import { aMunicipality, type TestMunicipality } from '#tests/support/factories.ts'
import { IS_LONG } from '#tests/support/random.ts'
import { openSink, type Sink } from '#tests/support/smtp-sink.ts'

/**
 * A communication to a whole municipality on a bad morning: the worker is killed with -9 in the middle, two take its place, the
 * mail server goes away for a while and comes back, some boxes do not exist, and now and then the line drops right after a
 * mail was taken. The mail server's own count is the judge.
 */
const PEOPLE = IS_LONG ? 10_000 : 3_000
/** Half a minute when little else runs; a busy machine may take its time. */
const PATIENCE_MS = 240_000
const numberOf = (address: string): number => Number(/^p(\d+)@/.exec(address)?.[1] ?? 0)
const refuses = (address: string): boolean => numberOf(address) % 97 === 0
const hangsUpAfter = (address: string): boolean => numberOf(address) % 1_009 === 5

let municipality: TestMunicipality
let sink: Sink
const workers: ChildProcess[] = []

beforeAll(async () => {
  const { owner } = await testDatabase()
  await runClockFrom('2026-11-24T09:00:00+01:00')
  municipality = await aMunicipality()
  await sql`insert into person (municipality_id, fiscal_code, fiscal_code_hash, given_name, family_name, email)
    select ${municipality.municipalityId}, 'AAAAAA00A00' || lpad(n::text, 5, '0'), sha256(n::text::bytea), 'Anna', 'Bianchi', 'p' || n || '@example.it'
    from generate_series(1, ${PEOPLE}) n`.execute(owner)
  sink = await openSink({ refuses, hangsUpAfter })
})

afterAll(async () => {
  for (const worker of workers) worker.kill('SIGKILL')
  await sink?.down()
})

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
      SMTP_URL: sink.url,
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

const states = async (): Promise<Record<string, number>> => {
  const { owner } = await testDatabase()
  const { rows } = await sql<{ state: string; n: number }>`
    select coalesce(outcome, case when sending_since is null then 'queued' else 'in_hand' end) as state, count(*)::int as n
    from outbox where municipality_id = ${municipality.municipalityId} and channel = 'email' group by 1`.execute(
    owner,
  )
  return Object.fromEntries(rows.map(({ state, n }) => [state, n]))
}

test(
  `a communication reaches each of ${PEOPLE} people at most once, and the office sees the truth`,
  async () => {
    const { owner } = await testDatabase()
    const people = await owner
      .selectFrom('person')
      .select('id')
      .where('municipality_id', '=', municipality.municipalityId)
      .execute()
    const told = await asSystem(municipality.municipalityId, (trx) =>
      notify(trx, municipality.municipalityId, {
        event: 'communication:published',
        key: 'communication:one',
        to: people.map(({ id }) => id),
        say: (t) => ({
          title: t('C’è una nuova comunicazione per te'),
          text: t('Ti chiediamo di confermare che l’hai letta.'),
        }),
        path: '/comunicazioni',
      }),
    )
    expect(told).toBe(PEOPLE)

    const first = await startWorker()
    await until(() => sink.arrived.size > PEOPLE * 0.15, 'the first worker sends')
    first.kill('SIGKILL')
    await Promise.all([startWorker(), startWorker()])
    await until(() => sink.arrived.size > PEOPLE * 0.5, 'the other two go on')
    await sink.down()
    await pause(1_500)
    await sink.up()
    // When only time is missing it goes by: the minute of pause after an unreachable server, the leases of crashed workers.
    let before = ''
    await until(async () => {
      const { queued = 0, in_hand = 0, ...ended } = await states()
      const seen = JSON.stringify([queued, in_hand, ended])
      if (seen === before && (await nothingIsDue())) await letTimePass(6)
      if (seen === before) await pause(500)
      before = seen
      return queued + in_hand === 0
    }, 'nothing waits any more')

    const { sent = 0, refused = 0, in_doubt = 0, given_up = 0, ...others } = await states()
    expect(others).toEqual({})
    expect(sent + refused + in_doubt + given_up).toBe(PEOPLE)
    expect([...sink.arrived.values()].filter((times) => times !== 1)).toEqual([])
    // What the mail server took is what the office calls sent, and some of what it calls in doubt: nothing else.
    const { rows } = await sql<{ id: string; outcome: string }>`
    select id, outcome from outbox where municipality_id = ${municipality.municipalityId}
      and recipient <> '' and channel = 'email'`.execute(owner)
    const arrivedAs = (outcome: string) =>
      rows.filter((row) => row.outcome === outcome && sink.arrived.has(row.id)).length
    expect(arrivedAs('sent')).toBe(sent)
    expect(arrivedAs('refused') + arrivedAs('given_up')).toBe(0)
    expect(sink.arrived.size).toBe(sent + arrivedAs('in_doubt'))
    expect(in_doubt).toBeLessThan(PEOPLE / 20)
    expect(sent).toBeGreaterThan(PEOPLE * 0.9)
    // A person whose mailbox does not exist is told in the portal, and written to no more.
    const marked = await owner
      .selectFrom('person')
      .select('refused_email')
      .where('municipality_id', '=', municipality.municipalityId)
      .where('refused_email', 'is not', null)
      .execute()
    expect(marked.length).toBe(refused)
    expect(marked.every(({ refused_email: address }) => refuses(address ?? ''))).toBe(true)
  },
  PATIENCE_MS,
)

async function nothingIsDue(): Promise<boolean> {
  const { owner } = await testDatabase()
  const { rows } = await sql<{ n: number }>`select count(*)::int as n from outbox
    where municipality_id = ${municipality.municipalityId} and due_at <= app_now()`.execute(owner)
  return rows[0]?.n === 0
}

async function letTimePass(minutes: number): Promise<void> {
  const { owner } = await testDatabase()
  const { rows } = await sql<{
    later: Date
  }>`select app_now() + ${`${minutes} minutes`}::interval as later`.execute(owner)
  if (rows[0]) await runClockFrom(rows[0].later)
}
