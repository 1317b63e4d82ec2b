import { type ChildProcess, spawn } from 'node:child_process'
import { chmodSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import path from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { accepts, freePorts } from '#scripts/lib/processes.ts'
import { isAlive } from '#scripts/postgres/cluster.ts'

const READY = 'Ctrl+C per fermare tutto'

let folder: string
let port: number
const running: ChildProcess[] = []

beforeAll(async () => {
  folder = mkdtempSync('/tmp/refettorio-avvio-')
  chmodSync(folder, 0o711)
  port = await freePorts(5)
})
afterAll(async () => {
  for (const start of running) start.kill('SIGTERM')
  await pause(500)
  rmSync(folder, { recursive: true, force: true })
})

type Start = { process: ChildProcess; output: () => string; ended: Promise<number | null> }

function npmStart(environment: Record<string, string> = {}): Start {
  const child = spawn(process.execPath, ['--conditions=react-server', 'scripts/run.mjs', 'start'], {
    env: {
      PATH: process.env.PATH,
      PORT: String(port),
      DEMO_DATA_DIR: folder,
      WEB_CONCURRENCY: '1',
      ...environment,
    } as never,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  running.push(child)
  let output = ''
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => (output += chunk.toString()))
  const ended = new Promise<number | null>((resolve) => child.once('close', (code) => resolve(code)))
  return { process: child, output: () => output, ended }
}

async function until(condition: () => boolean | Promise<boolean>, what: string): Promise<void> {
  const deadline = performance.now() + 90_000
  while (!(await condition())) {
    if (performance.now() > deadline) throw new Error(`Waited in vain until ${what}`)
    await pause(100)
  }
}

async function ready(start: Start): Promise<void> {
  await until(() => start.output().includes(READY) || start.process.exitCode !== null, 'the start is ready')
  expect(start.output()).toContain(READY)
}

const portsInUse = async (): Promise<number[]> => {
  const ports = [0, 1, 2, 3, 4].map((offset) => port + offset)
  const used = await Promise.all(ports.map(accepts))
  return ports.filter((_, index) => used[index])
}

const databasePid = (): number => {
  try {
    return Number(readFileSync(path.join(folder, 'postgres', 'postmaster.pid'), 'utf8').split('\n')[0])
  } catch {
    return 0
  }
}

describe('npm start', () => {
  it('tells the address and who can sign in, and Ctrl+C leaves nothing behind', async () => {
    const start = npmStart()
    await ready(start)
    for (const words of [
      `http://localhost:${port}`,
      'Laura Conti',
      'Marco Albertini',
      'Paola Ferrari',
      'Nessun',
    ]) {
      expect(start.output().toLowerCase()).toContain(words.toLowerCase())
    }
    expect((await fetch(`http://localhost:${port}/mozzecane`)).status).toBe(200)

    start.process.kill('SIGINT')
    expect(await start.ended).toBe(0)
    expect(await portsInUse()).toEqual([])
    expect(databasePid()).toBe(0)
  })

  it('starts again on the same data after kill -9, whose processes end by themselves', async () => {
    const killed = npmStart()
    await ready(killed)
    const server = databasePid()
    killed.process.kill('SIGKILL')

    const second = npmStart()
    await ready(second)
    expect(databasePid()).toBe(server)
    expect(second.output()).not.toContain('Popolo')

    const rival = npmStart()
    expect(await rival.ended).toBe(1)
    expect(rival.output()).toMatch(/La porta \d+ è occupata/)

    second.process.kill('SIGINT')
    await pause(20)
    second.process.kill('SIGINT')
    expect(await second.ended).not.toBeNull()
    await until(async () => (await portsInUse()).length === 0 && !isAlive(server), 'nothing is left')
  })

  it.each([
    ['nobody listens there', 'postgres://a:segreto@localhost:1/x', /non risponde nessuno.*DATABASE_URL/],
    ['it names several computers', 'postgres://a:segreto@h1:1,h2:2/x', /nomina più computer.*IP mobile/],
    ['it is no address of PostgreSQL', 'mysql://localhost/x', /non è un indirizzo di PostgreSQL/],
  ])('says in one sentence what to do when %s', async (_why, url, sentence) => {
    const start = npmStart({ DATABASE_URL: url })
    expect(await start.ended).toBe(1)
    expect(start.output()).toMatch(sentence)
    expect(start.output()).not.toContain('segreto')
    expect(start.output()).not.toMatch(/\n\s+at /)
  })
})
