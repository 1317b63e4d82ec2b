import { once } from 'node:events'
import { afterEach, describe, expect, test } from 'vitest'
import { partsOf, readableLine } from '#lib/kernel/log-line.ts'
import { freePorts, killGroup, spawnTied } from '#scripts/lib/processes.ts'
import { clockEnvironment } from '#tests/support/clock.ts'
import { testDatabase } from '#tests/support/database.ts'
import { REAL_ENVIRONMENT, TEST_ENVIRONMENT } from '#tests/support/environment.ts'

type Line = { time: string; level: number; component: string; action: string; msg: string; words?: string }

const pids: number[] = []
afterEach(() => {
  for (const pid of pids.splice(0)) killGroup(pid)
})

/**
 * Runs a program until it ends by itself, or until it has written a line with this action and was asked to end.
 * @returns all that it printed, line by line, as JSON
 */
async function linesOf(
  command: string[],
  env: Record<string, string | undefined>,
  until?: string,
): Promise<Line[]> {
  const program = spawnTied(command, { PATH: process.env.PATH, ...env }, ['ignore', 'pipe', 'pipe', 'ipc'])
  if (program.pid) pids.push(program.pid)
  let printed = ''
  let isAsked = false
  for (const output of [program.stdout, program.stderr])
    output?.on('data', (chunk) => {
      printed += String(chunk)
      // Once: a second signal ends a program in the middle of its work.
      if (isAsked || !until || !printed.includes(`"action":"${until}"`)) return
      isAsked = true
      program.kill('SIGTERM')
    })
  await once(program, 'close')
  return printed
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Line)
}

const expectOneFormat = (lines: Line[]): void => {
  expect(lines.length).toBeGreaterThan(0)
  for (const line of lines) {
    expect(line).toMatchObject({
      time: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
      level: expect.any(Number),
      component: expect.stringMatching(/^[a-z][a-z -]*$/),
      action: expect.stringMatching(/./),
    })
    expect(line.msg).toBe(`${line.component}: ${line.action}`)
  }
}

const WORKER = ['--conditions=react-server', 'scripts/run.mjs', 'worker']
const simulator = { NODE_ENV: 'production', DEMO: '1', HOST: '127.0.0.1' }

describe('every line of the log', { timeout: 60_000 }, () => {
  test('of a worker is one JSON object, from its start to its end', async () => {
    const { webUrl } = await testDatabase()
    const env = { ...TEST_ENVIRONMENT, ...clockEnvironment(), DATABASE_WEB_URL: webUrl, LOG_LEVEL: 'info' }
    const lines = await linesOf(WORKER, env, 'started')
    expectOneFormat(lines)
    expect(lines.map(({ action }) => action)).toEqual(expect.arrayContaining(['started', 'stopped']))
  })

  test.each([
    ['worker', WORKER],
    ['web', ['scripts/run.mjs', 'web']],
  ])('of a %s that refuses its environment is one too, with the words for people', async (name, command) => {
    const lines = await linesOf(command, { ...REAL_ENVIRONMENT, DATA_KEY: 'corta' })
    expectOneFormat(lines)
    expect(lines.at(-1)).toMatchObject({ component: name, action: 'could not go on' })
    expect(lines.at(-1)?.words).toContain('DATA_KEY: deve essere base64')
  })

  test('of the simulators is one too, whether they start or refuse', async () => {
    const port = String(await freePorts(2))
    const payments = ['simulators/payments/main.ts']
    expectOneFormat(await linesOf(payments, { ...simulator, PORT: port, API_KEY: 'key' }, 'started'))
    expectOneFormat(await linesOf(payments, { ...simulator, NODE_ENV: 'production', DEMO: '' }))
    const mail = { ...simulator, PORT: port, SMTP_PORT: String(Number(port) + 1) }
    expectOneFormat(await linesOf(['simulators/mail/main.ts'], { ...mail, SMS_TOKEN: 't' }, 'started'))
    expectOneFormat(await linesOf(['simulators/mail/main.ts'], mail))
    expectOneFormat(await linesOf(['simulators/identity/main.ts'], simulator))
  })
})

describe('a person at a terminal', () => {
  test('reads the words of a line, or what was done, and why it failed', () => {
    const line = (fields: object) =>
      JSON.stringify({ time: '2026-11-30T09:28:01.123Z', level: 50, ...fields })
    expect(readableLine(line({ msg: 'web: replaced a process that ended' }))).toBe(
      '09:28:01 web: replaced a process that ended',
    )
    expect(readableLine(line({ msg: 'web: could not go on', words: 'La porta 3000 è occupata.' }))).toBe(
      '09:28:01 La porta 3000 è occupata.',
    )
    const err = { type: 'Error', message: 'connection refused' }
    expect(readableLine(line({ msg: 'worker: duty failed', err }))).toBe(
      '09:28:01 worker: duty failed (Error: connection refused)',
    )
    expect(readableLine('{ broken')).toBe('{ broken')
    expect(readableLine('FATAL: no space left\n')).toBe('FATAL: no space left')
  })

  test('and a machine know which component speaks', () => {
    expect(partsOf('kitchen: count of a service day failed')).toEqual({
      component: 'kitchen',
      action: 'count of a service day failed',
    })
    expect(partsOf('without one')).toEqual({ component: 'portal', action: 'without one' })
  })
})
