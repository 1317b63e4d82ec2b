import { sql } from 'kysely'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { watchInstallation } from '#lib/health/alert.commands.ts'
import { type InstallationFacts, judgeInstallation } from '#lib/health/alert.ts'
import { alertLetter } from '#lib/health/alert.words.ts'
import { beat } from '#lib/health/heartbeat.commands.ts'
import { WebWatch } from '#scripts/lib/web-watch.ts'
import { type MailSimulator, startMailSimulator } from '#simulators/mail/server.ts'
import { setClock, type TestDatabase, testDatabase } from '#tests/support/database.ts'
import { setEnvironment } from '#tests/support/environment.ts'
import { aMunicipality, aServiceDay } from '#tests/support/factories.ts'

let db: TestDatabase
let mail: MailSimulator

/** In the order in which they arrived. */
const subjects = (): string[] =>
  mail.inbox
    .all()
    .map(({ subject }) => subject)
    .toReversed()

/** Where alerts go, as an operator writes it. */
const addressed = (change: Record<string, string> = {}) =>
  setEnvironment({
    DATABASE_URL: db.ownerUrl,
    DATABASE_WEB_URL: db.webUrl,
    ALERTS_TO: 'operatore@example.it',
    ALERTS_SMTP_URL: `smtp://127.0.0.1:${mail.smtpPort}`,
    ...change,
  })

const anHourPasses = () => sql`update alert set told_at = told_at - interval '61 minutes'`.execute(db.owner)
const stillFor = (source: string, minutes: number) =>
  sql`update heartbeat set minute = minute - make_interval(mins => ${minutes}::int) where source = ${source}`.execute(
    db.owner,
  )

beforeEach(async () => {
  db = await testDatabase()
  mail = await startMailSimulator({ smtp: 0, page: 0, host: '127.0.0.1' }, { smsToken: 'token' })
  addressed()
  await sql`delete from alert`.execute(db.owner)
  await sql`delete from heartbeat`.execute(db.owner)
  await beat('web')
  await beat('worker')
})
afterEach(() => mail.close())

describe('the operator', () => {
  test('hears of nothing while all goes well, and of nothing at all without an address', async () => {
    expect(await watchInstallation('web')).toBe(0)
    await stillFor('worker', 5)
    addressed({ ALERTS_TO: '', ALERTS_SMTP_URL: '' })
    expect(await watchInstallation('web')).toBe(0)
    expect(subjects()).toEqual([])
  })

  test('hears of a worker that is still from the site, once an hour while it lasts, and once that it works again', async () => {
    await stillFor('worker', 5)
    expect(await watchInstallation('worker')).toBe(0)
    const looks = await Promise.all([watchInstallation('web'), watchInstallation('web')])
    expect(looks.toSorted()).toEqual([0, 1])
    expect(subjects()).toEqual([
      '[localhost:3000] Da guardare: chi fa i lavori (npm run worker) è fermo da più di tre minuti',
    ])
    expect(mail.inbox.all()[0]?.to).toContain('operatore@example.it')
    await anHourPasses()
    expect(await watchInstallation('web')).toBe(1)
    await beat('worker')
    expect(await watchInstallation('web')).toBe(1)
    expect(await watchInstallation('web')).toBe(0)
    expect(subjects().at(-1)).toBe('[localhost:3000] Passato: chi fa i lavori è di nuovo al lavoro')
    expect(subjects()).toHaveLength(3)
  })

  test('is not written to again within the hour when what was over comes back', async () => {
    await stillFor('web', 5)
    expect(await watchInstallation('worker')).toBe(1)
    await beat('web')
    expect(await watchInstallation('worker')).toBe(1)
    await sql`delete from heartbeat where source = 'web'`.execute(db.owner)
    expect(await watchInstallation('worker')).toBe(0)
    await anHourPasses()
    expect(await watchInstallation('worker')).toBe(1)
    expect(subjects().map((subject) => subject.includes('Passato'))).toEqual([false, true, false])
  })

  test('hears of days that should be closed, how many, from whichever process looks', async () => {
    await setClock('2026-11-24T08:00:00+01:00')
    await aServiceDay(await aMunicipality(), '2026-11-24')
    expect(await watchInstallation('web')).toBe(0)
    await setClock('2026-11-24T11:00:00+01:00')
    expect(await watchInstallation('web')).toBe(1)
    expect(await watchInstallation('worker')).toBe(0)
    expect(subjects()).toEqual([
      '[localhost:3000] Da guardare: giorni di mensa che dovevano essere chiusi e non lo sono: 1',
    ])
    await setClock('2026-11-24T08:00:00+01:00')
    expect(await watchInstallation('worker')).toBe(1)
  })

  test('hears at the next look what a mail server did not take', async () => {
    await stillFor('worker', 5)
    addressed({ ALERTS_SMTP_URL: 'smtp://127.0.0.1:1' })
    await expect(watchInstallation('web')).rejects.toThrow()
    addressed()
    expect(await watchInstallation('web')).toBe(1)
    expect(subjects()).toHaveLength(1)
  })
})

describe('the primary web process', () => {
  let trouble = false
  const processes = { takeTrouble: () => trouble }
  const HEALTHY = { database: true, schema: true, worker: true }

  test('tells of processes that die, and that all serve again', async () => {
    const watch = new WebWatch(processes, { health: async () => HEALTHY })
    await watch.look()
    trouble = true
    await watch.look()
    await watch.look()
    trouble = false
    await watch.look()
    expect(subjects()).toEqual([
      '[localhost:3000] Da guardare: un processo del sito muore o si blocca',
      '[localhost:3000] Passato: tutti i processi del sito servono di nuovo',
    ])
  })

  test('tells of a database that takes no change, which can keep no count of what was told', async () => {
    let isWell = false
    let clock = 0
    const watch = new WebWatch(processes, {
      health: async () => ({ ...HEALTHY, database: isWell }),
      now: () => clock,
    })
    await watch.look()
    clock += 59 * 60_000
    await watch.look()
    clock += 2 * 60_000
    await watch.look()
    isWell = true
    await watch.look()
    await watch.look()
    const [wrong, over] = ['Da guardare: il database non risponde', 'Passato: il database risponde']
    expect(subjects().map((subject) => subject.includes(wrong))).toEqual([true, true, false])
    expect(subjects().at(-1)).toContain(over)
  })
})

const WELL: InstallationFacts = {
  workerSeconds: 30,
  webSeconds: 30,
  daysOpen: 0,
  chargesLate: 0,
  messagesLate: 0,
  paymentsLate: 0,
  isArchiveFailing: false,
}

test.each([
  ['worker', { workerSeconds: 181 }],
  ['worker', { workerSeconds: null }],
  ['days', { daysOpen: 2 }],
  ['charges', { chargesLate: 3 }],
  ['messages', { messagesLate: 4 }],
  ['payments', { paymentsLate: 5 }],
  ['archive', { isArchiveFailing: true }],
] as const)('%s is wrong with %o, and each letter says what to do', (kind, change) => {
  const wrong = judgeInstallation({ ...WELL, ...change }, 'web').filter(({ isWrong }) => isWrong)
  expect(wrong.map((judged) => judged.kind)).toEqual([kind])
  const [judged] = wrong
  const { subject, text } = alertLetter(judged as NonNullable<typeof judged>, 'https://mensa.example.it')
  expect(subject).toMatch(/^\[mensa\.example\.it\] Da guardare: /)
  expect(text).toMatch(/docs\/operations\.md/)
})
