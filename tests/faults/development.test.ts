import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { utimesSync } from 'node:fs'
import path from 'node:path'
import { text } from 'node:stream/consumers'
import { setTimeout as pause } from 'node:timers/promises'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { asSystem } from '#db/client.ts'
import { notify } from '#lib/notifications/notification.commands.ts'
import { freePorts, spawnTied } from '#scripts/lib/processes.ts'
import { webCommand, workerCommand } from '#scripts/start.ts'
import { runClockFrom, testDatabase } from '#tests/support/database.ts'
import { TEST_ENVIRONMENT } from '#tests/support/environment.ts'
import { aMunicipality } from '#tests/support/factories.ts'
import { openSink, type Sink } from '#tests/support/smtp-sink.ts'

/** What `npm run dev` promises: what is edited runs, in the worker too, and the listener in front of Next is there. */
const PEOPLE = 1_000
const running: ChildProcess[] = []
let sink: Sink

/** As an editor saves a file; its content stays, so no other test sees it. */
const touch = (file: string) => utimesSync(file, new Date(), new Date())

beforeAll(async () => {
  await testDatabase()
  await runClockFrom('2026-11-24T09:00:00+01:00')
  sink = await openSink({ refuses: () => false, hangsUpAfter: () => false })
})

afterAll(async () => {
  for (const child of running) child.kill('SIGTERM')
  await Promise.all(running.map((child) => child.exitCode ?? child.signalCode ?? once(child, 'exit')))
  await sink.down()
})

async function until(holds: () => boolean, what: string): Promise<void> {
  for (let patience = 0; patience < 900; patience += 1) {
    if (holds()) return
    await pause(100)
  }
  throw new Error(`never: ${what}`)
}

async function start(command: readonly string[], more: Readonly<Record<string, string>>) {
  const { ownerUrl, webUrl } = await testDatabase()
  const environment = { ...TEST_ENVIRONMENT, PATH: process.env.PATH, LOG_LEVEL: 'info', ...more }
  const urls = { DATABASE_URL: ownerUrl, DATABASE_WEB_URL: webUrl }
  const child = spawnTied(command, { ...environment, ...urls }, ['ignore', 'pipe', 'pipe', 'ipc'])
  running.push(child)
  const isReady = once(child, 'message')
  let output = ''
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk) => (output += String(chunk)))
  const ended = once(child, 'exit').then(() => Promise.reject(new Error(output)))
  await Promise.race([isReady, ended])
  ended.catch(() => undefined)
  return { said: (words: string) => output.split(words).length - 1 }
}

describe('npm run dev', () => {
  test('restarts the worker when a file that it uses is saved: what it had claimed is finished, and it goes on', async () => {
    const { owner } = await testDatabase()
    const { municipalityId } = await aMunicipality()
    const { rows } = await sql<{ id: string }>`
      insert into person (municipality_id, fiscal_code, fiscal_code_hash, given_name, family_name, email)
      select ${municipalityId}, 'AAAAAA00A00' || lpad(n::text, 5, '0'), sha256(n::text::bytea), 'Anna', 'Bianchi',
        'p' || n || '@example.it' from generate_series(1, ${PEOPLE}) n returning id`.execute(owner)
    await asSystem(municipalityId, (trx) =>
      notify(trx, municipalityId, {
        event: 'communication:published',
        key: 'development',
        to: rows.map(({ id }) => id),
        say: () => ({ title: 'Sciopero', text: 'Domani la mensa è chiusa.' }),
        path: '/comunicazioni',
      }),
    )
    const worker = await start(workerCommand(true), { SMTP_URL: sink.url })
    await until(() => sink.arrived.size > 50, 'the first mails arrive')
    touch('lib/outbox/due-message.commands.ts')
    await until(() => worker.said('worker: started') === 2, 'the worker starts again')
    expect(worker.said('worker: stopped')).toBe(1)
    expect(sink.arrived.size, 'the restart came in the middle').toBeLessThan(PEOPLE)
    await until(() => sink.arrived.size === PEOPLE, 'every mail arrives')
    expect(new Set(sink.arrived.values())).toEqual(new Set([1]))
  })

  test('runs the listener in front of Next, which answers before Next has compiled anything', async () => {
    const port = await freePorts(1)
    const origin = `http://localhost:${port}`
    const web = await start(webCommand(true), {
      NODE_ENV: 'development',
      PORT: String(port),
      PUBLIC_ORIGIN: origin,
    })
    const answer = await fetch(`${origin}/api/mozzecane/prenotazioni`)
    expect([answer.status, answer.headers.get('content-security-policy')]).toEqual([
      401,
      expect.stringContaining("default-src 'none'"),
    ])
    expect(await answer.json()).toMatchObject({ code: 'request:signed-out' })
    expect(web.said('Compiling /')).toBe(0)
  })

  test('loads the listener again when a file behind it is saved, and only then', async () => {
    const program = `
      import { utimesSync } from 'node:fs'
      import { freshImport } from '${path.resolve('scripts/lib/fresh-import.ts')}'
      const load = freshImport('lib/meals/cutoff.ts')
      const first = await load()
      const same = (await load()) === first
      const later = new Date(Date.now() + 1_000)
      utimesSync('lib/kernel/day.ts', later, later)
      const second = await load()
      utimesSync('lib/kernel/day.ts', new Date(), new Date())
      console.log(JSON.stringify({ same, isNew: second !== first, works: second.mayChange({ arrivedAt: later, cutoffAt: later, status: 'open' }) }))`
    const child = spawn(process.execPath, ['--input-type=module', '--eval', program])
    const [said, wrong] = await Promise.all([text(child.stdout), text(child.stderr)])
    expect(wrong).toBe('')
    expect(JSON.parse(said)).toEqual({ same: true, isNew: true, works: 'too-late' })
  })
})
