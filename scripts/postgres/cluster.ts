import { spawnSync } from 'node:child_process'
import { createHash, randomBytes } from 'node:crypto'
import * as fs from 'node:fs'
import path from 'node:path'
import { Explained, explain } from '../lib/explain.ts'
import { type Account, asAccount, firstWritable, isRoot, mayReach } from './binaries.ts'

/** The data of one PostgreSQL: where it lives, its settings, its socket, and whether a server has it open. */

export const SUPERUSER = 'postgres'
/** `sun_path` is 108 bytes with its final zero; the longest name in the folder is the socket's lock. */
const SOCKET_PATH_LIMIT = 107

const SOCKET_NAME = '.s.PGSQL.5432'

export type PostgresOptions = {
  /** Data that may be lost: no fsync, almost no WAL. For tests. */
  throwaway?: boolean
  /** Extra server settings, for example `{ timezone: 'America/New_York' }`. */
  settings?: Readonly<Record<string, string>>
}

/**
 * Where the data can live: in `wanted`, or, when root keeps the checkout in a private folder that the server's account cannot
 * pass through, under /var/lib, with a link left in the place where people look for it.
 */
export function reachableDataDir(wanted: string, account: Account | undefined): string {
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
export function socketDirFor(dataDir: string, account: Account | undefined): string {
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

/** The first line of a program's error output, or the sentence of a known failure. */
export function complaint(program: string, output: string): Explained {
  const known = explain(new Error(output))
  if (known) return new Explained(known)
  const line =
    output.split('\n').find((text) => /FATAL|error|could not|cannot/i.test(text)) ??
    output.trim().split('\n').at(-1)
  return new Explained(`PostgreSQL non parte (${program}): ${line?.trim() || 'nessuna spiegazione'}`)
}

/** Creates the cluster beside its final place and moves it there when complete: an interrupted creation leaves no half cluster. */
export function createCluster(
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
export const serverEnvironment = (): NodeJS.ProcessEnv => ({
  NODE_ENV: 'production',
  PATH: process.env.PATH,
  LC_ALL: 'C',
  ...(process.env.LD_PRELOAD ? { LD_PRELOAD: process.env.LD_PRELOAD } : {}),
})

const quoted = (value: string): string => `'${value.replaceAll("'", "''")}'`

/** Settings of this start. The file is read after postgresql.conf, and no shell sees a path in it. */
export function writeSettings(
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
  fs.writeFileSync(file, `# Written by scripts/postgres/ at every start.\n${text.join('')}`)
  if (account) fs.chownSync(file, account.uid, account.gid)
}

export type PidFile = { pid: number; socketDir: string; ready: boolean }

/** postmaster.pid: pid, data folder, start, port, socket folder, address, shared memory, state. Null when absent or being written. */
export function readPidFile(dataDir: string): PidFile | null {
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
export function isPostgres(pid: number): boolean {
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

export function checkVersion(dataDir: string, native: string): void {
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

export function checkOwner(dataDir: string): void {
  const { uid } = fs.statSync(dataDir)
  if (!isRoot() && uid !== process.getuid?.()) {
    throw new Explained(
      `I dati in ${dataDir} appartengono a un altro utente (${uid}): avvia con quell’utente, o sposta via la cartella per ricominciare.`,
    )
  }
}
