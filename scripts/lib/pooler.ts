import { spawn, spawnSync } from 'node:child_process'
import * as fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { accountFor, asAccount } from '../postgres/binaries.ts'
import { withConnection } from './connection.ts'
import { Explained } from './explain.ts'

/** PgBouncer for the tests: the machine's own, because no npm package brings it. */

const PLACES = ['/usr/sbin/pgbouncer', '/usr/bin/pgbouncer', '/opt/homebrew/bin/pgbouncer']
/** The first version that looks after prepared statements in transaction mode. */
const OLDEST = [1, 21] as const

const HOW_TO_GET_IT =
  'Debian 13 has 1.24 or later (apt-get install pgbouncer), Debian 12 only 1.18. PGBOUNCER=/path/to/pgbouncer names another one.'

export type PoolerProgram = { program: string; version: string; isNewEnough: boolean }

/** The PgBouncer of this machine, or of the variable PGBOUNCER. @throws Explained when there is none */
export function findPooler(wanted = process.env.PGBOUNCER): PoolerProgram {
  const candidates = wanted ? [wanted] : ['pgbouncer', ...PLACES]
  for (const program of candidates) {
    const { stdout } = spawnSync(program, ['--version'], { encoding: 'utf8' })
    const [, version, major, minor] = /PgBouncer ((\d+)\.(\d+)\S*)/.exec(stdout ?? '') ?? []
    if (!version) continue
    const isNewEnough =
      Number(major) > OLDEST[0] || (Number(major) === OLDEST[0] && Number(minor) >= OLDEST[1])
    return { program, version, isNewEnough }
  }
  throw new Explained(
    `These tests need PgBouncer ${OLDEST.join('.')} or later, and ${wanted ?? 'this machine'} has none. ${HOW_TO_GET_IT}`,
  )
}

/** The same, and refuses one that would mix prepared statements. */
export function findGoodPooler(): PoolerProgram {
  const found = findPooler()
  if (found.isNewEnough) return found
  throw new Explained(
    `These tests need PgBouncer ${OLDEST.join('.')} or later, and ${found.program} is ${found.version}: it would give one client's prepared statements to another. ${HOW_TO_GET_IT}`,
  )
}

export type Pooler = {
  /** The address of a role and a database behind it. */
  url(role: string, database: string): string
  stop(): Promise<void>
}

const ROLES = ['postgres', 'refettorio', 'refettorio_web']
const PORT = 6432

const SETTINGS = {
  listen_addr: '',
  listen_port: String(PORT),
  auth_type: 'trust',
  pool_mode: 'transaction',
  max_prepared_statements: '500',
  max_client_conn: '1000',
}

const iniOf = (serverUrl: string, settings: Readonly<Record<string, string>>): string =>
  [
    '[databases]',
    `* = host=${new URL(serverUrl).searchParams.get('host')} port=5432`,
    '[pgbouncer]',
    ...Object.entries(settings).map(([name, value]) => `${name} = ${value}`),
    '',
  ].join('\n')

/**
 * Starts a pooler in front of a server that listens on a unix socket, as docs/operations.md sets it up.
 * @param serverUrl an address of that server
 * @param changes settings that are to be otherwise
 */
export async function startPooler(
  { program }: Pick<PoolerProgram, 'program'>,
  serverUrl: string,
  changes: Readonly<Record<string, string>> = {},
): Promise<Pooler> {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'refettorio-pooler-'))
  const account = accountFor(folder)
  const ini = path.join(folder, 'pgbouncer.ini')
  const log = path.join(folder, 'pgbouncer.log')
  const users = path.join(folder, 'users.txt')
  const settings = { ...SETTINGS, unix_socket_dir: folder, logfile: log, auth_file: users, ...changes }
  fs.writeFileSync(ini, iniOf(serverUrl, settings))
  fs.writeFileSync(users, ROLES.map((role) => `"${role}" ""\n`).join(''))
  if (account) fs.chownSync(folder, account.uid, account.gid)
  fs.chmodSync(folder, 0o711)

  const child = spawn(program, ['-q', ini], { ...asAccount(account), cwd: folder, stdio: 'ignore' })
  const ended = new Promise<void>((resolve) => {
    child.once('exit', () => resolve())
    child.once('error', () => resolve())
  })
  const url = (role: string, database: string) =>
    `postgres://${role}@localhost:${PORT}/${database}?host=${encodeURIComponent(folder)}`
  const stop = async () => {
    child.kill('SIGTERM')
    await ended
    fs.rmSync(folder, { recursive: true, force: true })
  }
  const isOver = { now: false }
  void ended.then(() => {
    isOver.now = true
  })
  while (!isOver.now) {
    if (await answers(url('postgres', 'postgres'))) return { url, stop }
    await pause(25)
  }
  const words = fs.existsSync(log) ? fs.readFileSync(log, 'utf8') : ''
  await stop()
  throw new Explained(`PgBouncer does not start: ${words}`)
}

async function answers(url: string): Promise<boolean> {
  try {
    await withConnection(url, (client) => client.query('select 1'))
    return true
  } catch {
    return false
  }
}
