import type { ChildProcess } from 'node:child_process'
import { createServer, type Server } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'
import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { saveNotices } from '#lib/desk/work-notice.commands.ts'
import { spawnTied } from '#scripts/lib/processes.ts'
import { clockEnvironment } from '#tests/support/clock.ts'
import { runClockFrom, testDatabase } from '#tests/support/database.ts'
import { TEST_ENVIRONMENT } from '#tests/support/environment.ts'
import {
  aHousehold,
  aMunicipality,
  aPupil,
  aStaffViewer,
  type TestMunicipality,
} from '#tests/support/factories.ts'
import { openSink, type Sink } from '#tests/support/smtp-sink.ts'

/**
 * The worker is killed with -9 between the claim of a mail to the office and its end: the mail server has the whole text and has not
 * answered. What may have left is in doubt and never sent again, by any worker; what was written and not claimed leaves once.
 */
let municipality: TestMunicipality
let sink: Sink
let silent: Server
const workers: ChildProcess[] = []
let heard = 0
const END_OF_TEXT = '\r\n.\r\n'

beforeAll(async () => {
  await testDatabase()
  await runClockFrom('2026-11-24T11:00:00+01:00')
  municipality = await aMunicipality()
  sink = await openSink({ refuses: () => false, hangsUpAfter: () => false })
  silent = createServer((socket) => {
    let isText = false
    // Its end may come in a piece of its own.
    let text = ''
    socket.on('error', () => undefined)
    socket.setEncoding('latin1')
    socket.write('220 silent\r\n')
    socket.on('data', (part: string) => {
      if (isText) {
        const wasWhole = text.includes(END_OF_TEXT)
        text += part
        if (!wasWhole && text.includes(END_OF_TEXT)) heard += 1
        return
      }
      isText = /^DATA/im.test(part)
      socket.write(
        isText ? '354 go on\r\n' : /^EHLO/i.test(part) ? '250-silent\r\n250 8BITMIME\r\n' : '250 ok\r\n',
      )
    })
  })
  await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve))
})

afterAll(async () => {
  for (const worker of workers) worker.kill('SIGKILL')
  await sink?.down()
  silent?.close()
})

async function startWorker(smtpUrl: string): Promise<ChildProcess> {
  const { ownerUrl, webUrl } = await testDatabase()
  const worker = spawnTied(
    ['--conditions=react-server', 'scripts/run.mjs', 'worker'],
    {
      ...TEST_ENVIRONMENT,
      PATH: process.env.PATH,
      ...clockEnvironment(),
      DATABASE_URL: ownerUrl,
      DATABASE_WEB_URL: webUrl,
      SMTP_URL: smtpUrl,
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

const outcomes = async (): Promise<(string | null)[]> => {
  const { owner } = await testDatabase()
  const rows = await owner
    .selectFrom('outbox')
    .select('outcome')
    .where('municipality_id', '=', municipality.municipalityId)
    .where('dedupe_key', 'like', 'work-%')
    .execute()
  return rows.map(({ outcome }) => outcome)
}

test('a mail to the office leaves at most once, also when the worker dies between its claim and its end', async () => {
  const { owner } = await testDatabase()
  const manager = await aStaffViewer(municipality, 'manager')
  await saveNotices(manager, { email: 'ufficio@mensa.example', digestHour: 8, isUrgent: true })
  const family = await aHousehold(municipality)
  await aPupil(municipality, family.householdId, { diet: 'DA-DEFINIRE' })

  const { port } = silent.address() as { port: number }
  const first = await startWorker(`smtp://127.0.0.1:${port}`)
  await until(() => heard === 1, 'the server has the text of the digest')
  first.kill('SIGKILL')
  await startWorker(sink.url)
  await startWorker(sink.url)
  // Its lease ends.
  const { rows } = await sql<{ later: Date }>`select app_now() + interval '6 minutes' as later`.execute(owner)
  if (rows[0]) await runClockFrom(rows[0].later)
  await until(async () => (await outcomes())[0] === 'in_doubt', 'the digest is in doubt')

  // The day goes on: something urgent comes, and leaves once.
  await aPupil(municipality, family.householdId, { diet: 'DA-DEFINIRE' })
  await sql`update enrolment set severe_reaction = true where municipality_id = ${municipality.municipalityId}`.execute(
    owner,
  )
  await until(() => sink.arrived.size === 1, 'the urgent mail arrives')
  await until(async () => (await outcomes()).every((outcome) => outcome !== null), 'nothing waits any more')
  expect((await outcomes()).toSorted()).toEqual(['in_doubt', 'sent'])
  expect([...sink.arrived.values()]).toEqual([1])
  expect(heard).toBe(1)
}, 600_000)
