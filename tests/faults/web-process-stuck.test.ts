import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import http from 'node:http'
import os from 'node:os'
import path from 'node:path'
import { afterAll, afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { freePorts, killGroup, spawnTied } from '#scripts/lib/processes.ts'

/** Processes that hang or that fail at their start, under the supervisor of the portal: a site goes on with those that serve. */
const PATIENCE = { timeout: 60_000, interval: 100 }
const folder = mkdtempSync(path.join(os.tmpdir(), 'refettorio-web-'))
const fault = path.join(folder, 'fault')
let site: ChildProcess
let port: number
let printed = ''
let alarms: string[] = []

/** The process that answers; null when none does within a second. */
const answering = (address = '/'): Promise<number | null> =>
  new Promise((resolve) => {
    const request = http.get({ port, path: address, agent: false, timeout: 1_000 }, (response) => {
      let body = ''
      response.on('data', (chunk) => (body += String(chunk))).once('end', () => resolve(Number(body)))
    })
    request.once('timeout', () => request.destroy()).once('error', () => resolve(null))
  })

/** The processes that answer now: those that take turns at the port. */
async function serving(): Promise<number[]> {
  const found = new Set<number>()
  for (let turn = 0; turn < 6; turn += 1) found.add((await answering()) ?? 0)
  found.delete(0)
  return [...found].sort()
}

const untilTwoServe = () =>
  vi.waitFor(async () => {
    const pids = await serving()
    expect(pids).toHaveLength(2)
    return pids
  }, PATIENCE)

beforeEach(async () => {
  rmSync(fault, { force: true })
  printed = ''
  alarms = []
  port = await freePorts(1)
  site = spawnTied(
    ['tests/support/small-site.ts'],
    { PATH: process.env.PATH, PORT: String(port), FAILS_WHILE: fault },
    ['ignore', 'pipe', 'pipe', 'ipc'],
  )
  for (const output of [site.stdout, site.stderr]) output?.on('data', (chunk) => (printed += String(chunk)))
  site.on('message', (message) => {
    if (typeof message === 'object') alarms.push((message as { alarm: string }).alarm)
  })
})

afterEach(async () => {
  const ended = site.exitCode ?? site.signalCode ?? once(site, 'exit')
  killGroup(site.pid)
  await ended
})

afterAll(() => rmSync(folder, { recursive: true, force: true }))

describe('the supervisor of the web', () => {
  test('replaces a process whose event loop is blocked while the other serves, and says which it was', async () => {
    const before = await untilTwoServe()
    expect(await answering('/stuck')).toBeNull()
    const other = await vi.waitFor(async () => {
      const pids = await serving()
      expect(pids).toHaveLength(1)
      return pids[0] as number
    }, PATIENCE)
    expect(before).toContain(other)
    const after = await untilTwoServe()
    expect(after).toContain(other)
    const lost = before.find((pid) => pid !== other)
    expect(after).not.toContain(lost)
    const line = `web: process ${lost} did not answer for 10 s: it is replaced`
    expect(printed).toContain(line)
    expect(alarms).toEqual([line])
  })

  test('goes on replacing a process after five early deaths, later each time, and says so', async () => {
    const [first, second] = await untilTwoServe()
    writeFileSync(fault, '')
    process.kill(first as number, 'SIGKILL')
    await vi.waitFor(() => expect(alarms.length).toBeGreaterThanOrEqual(2), PATIENCE)
    expect(alarms[0]).toMatch(/ended soon after its start \(3\), death 5 in a row: 1 of 2 processes serve/)
    expect(alarms[1]).toMatch(/death 6 in a row: 1 of 2 processes serve, the next start is in 4 s/)
    expect(await serving()).toEqual([second])
    rmSync(fault)
    const after = await untilTwoServe()
    expect(after).toContain(second)
    expect(after).not.toContain(first)
    expect(printed).toContain('death 5 in a row')
    for (const line of printed.trim().split('\n'))
      expect(JSON.parse(line)).toMatchObject({ component: 'web' })
  })
})
