import path from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import type pg from 'pg'
import { WEB_ROLE } from '#db/role-settings.ts'
import { namesSeveralComputers, ONE_COMPUTER } from '#lib/kernel/database-address.ts'
import { startPostgres } from '../postgres/server.ts'
import { connect, withConnection } from './connection.ts'
import { Explained, explainDatabase } from './explain.ts'
import { ROOT } from './run-script.ts'

/** Everything that the demonstration writes; deleting it starts from nothing. DEMO_DATA_DIR puts it elsewhere. */
export const DATA_DIR = path.resolve(ROOT, process.env.DEMO_DATA_DIR || '.data')

export type DatabaseServer = {
  ownerUrl: string
  webUrl: string
  /** True when the database comes with the project, false when DATABASE_URL names one. */
  embedded: boolean
  superuserUrl: string | null
  /** The last lines of the embedded server's log, which say why it failed. */
  lastWords(): string
  /** Called once if the connection that guards the server is lost: the server is gone. */
  onLost(listener: () => void): void
  stop(mode?: 'fast' | 'immediate'): Promise<void>
}

/** The process that uses the embedded server holds this lock; a killed process loses it with its connection. */
const GUARD_LOCK = 7_333_366

const OLDEST_VERSION = 180_000

/** The session that holds the lock, or null when another process holds it. */
async function takeGuard(superuserUrl: string, user: string): Promise<pg.Client | null> {
  const guard = await connect(superuserUrl, { name: user })
  const { rows } = await guard.query<{ taken: boolean }>('select pg_try_advisory_lock($1) as taken', [
    GUARD_LOCK,
  ])
  if (rows[0]?.taken) return guard
  await guard.end()
  return null
}

async function holderOfGuard(superuserUrl: string): Promise<string> {
  const { rows } = await withConnection(superuserUrl, (client) =>
    client.query<{ application_name: string }>(
      `select application_name from pg_stat_activity join pg_locks using (pid) where locktype = 'advisory' and granted`,
    ),
  )
  return rows[0]?.application_name ?? 'un altro comando'
}

/**
 * The embedded PostgreSQL, for one command at a time.
 * @param user what the command is, in Italian, for the message of a second command
 * @throws Explained when another command of this checkout is using it
 */
async function embeddedServer(user: string): Promise<DatabaseServer> {
  const server = await startPostgres(path.join(DATA_DIR, 'postgres'))
  // The session of a command that was just killed may take a moment to be noticed.
  let guard: pg.Client | null = null
  for (let attempt = 0; attempt < 20 && !guard; attempt += 1) {
    if (attempt > 0) await pause(100)
    guard = await takeGuard(server.superuserUrl, user)
  }
  if (!guard) {
    const holder = await holderOfGuard(server.superuserUrl)
    throw new Explained(
      `Il portale è già in uso in questa cartella (${holder}): fermalo con Ctrl+C nel suo terminale e riprova.`,
    )
  }
  let lost: (() => void) | undefined
  let stopping = false
  guard.on('end', () => {
    if (!stopping) lost?.()
  })
  return {
    ownerUrl: server.ownerUrl,
    webUrl: server.webUrl,
    superuserUrl: server.superuserUrl,
    embedded: true,
    lastWords: server.lastWords,
    onLost: (listener) => {
      lost = listener
    },
    stop: async (mode) => {
      stopping = true
      await guard.end().catch(() => undefined)
      await server.stop(mode)
    },
  }
}

/** Tries an address as the application will use it. @throws Explained with what to correct */
async function checkDatabase(url: string): Promise<void> {
  try {
    const { rows } = await withConnection(url, (client) =>
      client.query<{ version: number }>(`select current_setting('server_version_num')::int as version`),
    )
    const version = rows[0]?.version ?? 0
    if (version < OLDEST_VERSION) {
      throw new Explained(
        `Serve PostgreSQL 18 o più recente; in DATABASE_URL c’è la versione ${Math.floor(version / 10_000)}.`,
      )
    }
  } catch (error) {
    if (error instanceof Explained) throw error
    throw new Explained(
      explainDatabase(error, url) ?? `Il database non risponde: ${(error as Error).message}`,
      error,
    )
  }
}

function webUrlFrom(ownerUrl: string): string {
  const url = new URL(ownerUrl)
  url.username = WEB_ROLE
  return url.href
}

/** The database of DATABASE_URL when it is set, else the embedded one, started. */
export async function openServer(user: string): Promise<DatabaseServer> {
  const ownerUrl = process.env.DATABASE_URL
  if (!ownerUrl) return embeddedServer(user)
  if (namesSeveralComputers(ownerUrl)) throw new Explained(`DATABASE_URL ${ONE_COMPUTER}.`)
  if (!URL.canParse(ownerUrl) || !/^postgres(ql)?:/.test(ownerUrl)) {
    throw new Explained(
      'DATABASE_URL non è un indirizzo di PostgreSQL: deve somigliare a postgres://utente:password@computer/database.',
    )
  }
  await checkDatabase(ownerUrl)
  return {
    ownerUrl,
    webUrl: process.env.DATABASE_WEB_URL || webUrlFrom(ownerUrl),
    superuserUrl: null,
    embedded: false,
    lastWords: () => '',
    onLost: () => undefined,
    stop: async () => undefined,
  }
}
