import { createHash, randomUUID } from 'node:crypto'
import {
  type ConnectionProvider,
  type DatabaseConnection,
  type Driver,
  DummyDriver,
  Kysely,
  PostgresDialect,
  type PostgresDialectConfig,
  PostgresDriver,
  sql,
  Transaction,
  type TransactionSettings,
} from 'kysely'
import pg from 'pg'
import { env } from '#lib/kernel/env.ts'
import type { DB } from './schema.ts'

export type Db = Kysely<DB>
/** A function that takes a `Trx` cannot be called outside a transaction. */
export type Trx = Transaction<DB>

/** Who a transaction speaks for. The row-level policies read it; it holds until the transaction ends. */
export type Scope = {
  municipalityId: string
  audience: 'public' | 'family' | 'staff' | 'system'
  personId?: string
  /** The look of a colleague of the office by which this transaction sees a family: it only reads. */
  look?: { id: string } | undefined
  /** When this process had read the request (`performance.now()`): what it waits from then on for its connection. */
  readAt?: number | undefined
}

const DATE = 1082
const INT8 = 20
pg.types.setTypeParser(DATE, (text) => text)
pg.types.setTypeParser(INT8, (text) => {
  const value = Number(text)
  if (!Number.isSafeInteger(value)) throw new Error(`bigint out of range: ${text}`)
  return value
})

/** A connection prepares this many named statements and no more: ever new statements must not fill the server's memory. */
const MOST_NAMED_STATEMENTS = 400

/**
 * The name of a prepared statement: a hash of its text. Where a pooler lends one server connection to two of ours, a name
 * that each counts for itself would run the other's statement without an error; the same name is now the same text.
 */
export const statementName = (text: string): string =>
  createHash('sha256').update(text).digest('base64url').slice(0, 27)

/**
 * The server refuses to run a prepared statement whose columns changed since (`select *` after a migration). It is prepared
 * again with another text, and what it was part of runs again.
 */
export const isStalePlan = (error: unknown): boolean =>
  error instanceof Error && /cached plan must not change result type/.test(error.message)

/**
 * Ends the text of every statement that is prepared after a change of the schema. Another name would not do: a pooler looks
 * at the text and would lend the old plan again. Each process has its own, so that it meets no plan of an earlier change.
 */
let sinceChange = ''

function noteChange(mark: string): void {
  if (mark === sinceChange) sinceChange = ` /* ${randomUUID()} */`
}

type Named = { name: string; text: string }
type Query = (text: unknown, values?: unknown, callback?: unknown) => unknown

/**
 * A connection that prepares named statements, so that the server plans each of them once and not at every request: with
 * row-level policies, planning a page's joins costs more than running them. Statements of one turn of the event loop
 * go to the server in one write: a system call for each statement costs more than most statements.
 */
class PortalClient extends pg.Client {
  readonly #named = new Map<string, Named>()
  #mark = sinceChange
  #renamed = 0
  #isGathering = false

  constructor(config?: string | pg.ClientConfig) {
    super(config)
    const send: Query = (...sent) => {
      this.#gather()
      return Reflect.apply(pg.Client.prototype.query, this, sent)
    }
    const query: Query = (text, values, callback) => {
      if (typeof text !== 'string' || !Array.isArray(values) || values.length === 0)
        return send(text, values, callback)
      const named = this.#nameOf(text)
      const mark = this.#mark
      const sent = send({ ...named, values }, callback)
      if (sent instanceof Promise) {
        sent.catch((error) => {
          if (isStalePlan(error)) noteChange(mark)
          else if ('name' in named) this.#rename(text, named)
        })
      }
      return sent
    }
    this.query = query as typeof this.query
  }

  #gather(): void {
    if (this.#isGathering) return
    const { stream } = this.connection
    this.#isGathering = true
    stream.cork()
    process.nextTick(() => {
      this.#isGathering = false
      stream.uncork()
    })
  }

  /**
   * A statement that failed before the server had prepared it gets another name: a pooler remembers the first from the
   * moment it was asked to prepare it, and ends the connection of a client that asks again.
   */
  #rename(text: string, { name, text: sent }: Named): void {
    const { parsedStatements } = this.connection as unknown as { parsedStatements: Record<string, string> }
    if (parsedStatements[name] || this.#named.get(text)?.name !== name) return
    this.#renamed += 1
    this.#named.set(text, { name: `${statementName(sent)}-${this.#renamed}`, text: sent })
  }

  #nameOf(text: string): Named | { text: string } {
    if (this.#mark !== sinceChange) {
      this.#named.clear()
      this.#mark = sinceChange
    }
    const known = this.#named.get(text)
    if (known) return known
    if (this.#named.size >= MOST_NAMED_STATEMENTS) return { text }
    const marked = text + this.#mark
    const named = { name: statementName(marked), text: marked }
    this.#named.set(text, named)
    return named
  }
}

/**
 * Sends `begin` without waiting for its answer: the first statements travel with it. It can only fail with its connection,
 * and then so does everything after it.
 */
class PortalDriver extends PostgresDriver {
  override async beginTransaction(
    connection: DatabaseConnection,
    settings: TransactionSettings,
  ): Promise<void> {
    super.beginTransaction(connection, settings).catch(() => undefined)
  }
}

class PortalDialect extends PostgresDialect {
  readonly #config: PostgresDialectConfig

  constructor(config: PostgresDialectConfig) {
    super(config)
    this.#config = config
  }

  override createDriver(): Driver {
    return new PortalDriver(this.#config)
  }
}

const IN_FAILED_TRANSACTION = '25P02'

const dialect = new PostgresDialect({
  pool: () => Promise.reject(new Error('a transaction has its one connection')),
})
const NO_OTHER_CONNECTION = { config: { dialect }, dialect, driver: new DummyDriver() }

/**
 * The same transaction, in which a statement does not wait until those before it are answered: what is asked together travels
 * together, and the server runs it in the order in which it was asked. Kysely's own waits for each answer.
 * After a statement that fails the server refuses those behind it: each of them fails with the reason of the first.
 */
export async function pipelined(transaction: Pick<Trx, 'getExecutor'>): Promise<Trx> {
  const executor = transaction.getExecutor()
  const connection = await executor.provideConnection(async (held) => held)
  let reason: unknown
  const provider: ConnectionProvider = {
    async provideConnection(consumer) {
      try {
        return await consumer(connection)
      } catch (error) {
        if ((error as { code?: string }).code !== IN_FAILED_TRANSACTION) reason = error
        throw reason ?? error
      }
    },
  }
  return new Transaction<DB>({ ...NO_OTHER_CONNECTION, executor: executor.withConnectionProvider(provider) })
}

type PoolOptions = { poolSize: number; queryTimeoutMs?: number }

/**
 * More than the server gives a statement (`WEB_SETTINGS`) and one before it in the same turn that waits for a lock: it ends
 * here only where the server does not answer.
 */
const QUERY_TIMEOUT_MS = 15_000

/**
 * Opens a pool. The time-outs of the server belong to the role; those of the client are set here: without them `pg` waits
 * for ever when the network drops.
 * @param options.queryTimeoutMs 0 for work that may be long (migrations, seeds)
 */
export function openPool(url: string, options: PoolOptions): pg.Pool {
  const pool = new pg.Pool({
    connectionString: url,
    max: options.poolSize,
    connectionTimeoutMillis: 5_000,
    idleTimeoutMillis: 30_000,
    maxLifetimeSeconds: 1_800,
    keepAlive: true,
    query_timeout: options.queryTimeoutMs ?? QUERY_TIMEOUT_MS,
    application_name: 'refettorio',
    pipeline: true,
    Client: PortalClient,
  } as pg.PoolConfig)
  // A connection that dies while idle (a restarted server) is replaced at the next use; without a listener it would end the process.
  pool.on('error', () => undefined)
  // The same for one that dies in the middle of a transaction: its queries reject, and their caller handles that.
  pool.on('connect', (client) => client.on('error', () => undefined))
  return pool
}

/** A database on a pool of its own; destroying it closes the pool. */
export const openDatabase = <T = DB>(url: string, options: PoolOptions): Kysely<T> =>
  new Kysely<T>({ dialect: new PortalDialect({ pool: openPool(url, options) }) })

const shared = globalThis as { refettorioDatabase?: Db }

/** The process's pool, connected as the runtime role, which owns nothing and is subject to row-level security. */
export function database(): Db {
  shared.refettorioDatabase ??= openDatabase(env().DATABASE_WEB_URL, { poolSize: env().DATABASE_POOL_SIZE })
  return shared.refettorioDatabase
}

/** Closes the process's pool; the next `database()` opens a new one. */
export async function closeDatabase(): Promise<void> {
  const open = shared.refettorioDatabase
  delete shared.refettorioDatabase
  await open?.destroy()
}

/** The wait is measured on the clock of this process that only runs forward; a transaction that runs again measures again. */
const enterScope = (trx: Trx, { municipalityId, audience, personId, readAt, look }: Scope) =>
  (readAt === undefined || look
    ? sql`select enter_scope(${municipalityId}::uuid, ${audience}, ${personId ?? null}::uuid, look => ${look?.id ?? null}::uuid)`
    : sql`select enter_scope(${municipalityId}::uuid, ${audience}, ${personId ?? null}::uuid,
        make_interval(secs => ${(performance.now() - readAt) / 1_000}::double precision))`
  ).execute(trx)

/**
 * Asks again what is the person's own. A family's transaction that waited for a lock does it before it reads on: a role may
 * have ended in the meantime, and what is their own was asked when the transaction began.
 */
export const reenterScope = (trx: Trx) => sql`select reenter_scope()`.execute(trx)

/**
 * Gives the worker's transaction longer than a request may take, from now on; each statement keeps the limit that it has everywhere.
 * A limit that runs is not moved: it is taken away, and another one begins.
 * @param limit as PostgreSQL writes it: '10min'
 */
export async function takeLonger(trx: Trx, limit: string): Promise<void> {
  await sql`select set_config('transaction_timeout', '0', true)`.execute(trx)
  await sql`select set_config('transaction_timeout', ${limit}, true)`.execute(trx)
}

const RETRYABLE = new Set(['40001', '40P01'])
const MAX_TRIES = 3

/**
 * Runs `work` in one transaction that speaks for `scope`. After a deadlock, a serialization failure or a change of the schema
 * it runs again, three times at most.
 * The scope is sent without waiting, so that the first queries of `work` travel with it.
 */
export async function inScope<T>(
  scope: Scope,
  work: (trx: Trx) => Promise<T>,
  db: Db = database(),
): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await db.transaction().execute(async (transaction) => {
        const trx = await pipelined(transaction)
        const scoped = enterScope(trx, scope)
        const [result] = await Promise.all([work(trx), scoped])
        return result
      })
    } catch (error) {
      const code = (error as { code?: string }).code ?? ''
      if (attempt >= MAX_TRIES || !(RETRYABLE.has(code) || isStalePlan(error))) throw error
      await new Promise((resolve) => setTimeout(resolve, Math.random() * 40 * attempt))
    }
  }
}

/** For the worker, the sign-in and the payment notifications: all of one municipality, no person in particular. */
export const asSystem = <T>(municipalityId: string, work: (trx: Trx) => Promise<T>): Promise<T> =>
  inScope({ municipalityId, audience: 'system' }, work)

/** For public pages: the calendar, prices and schools of one municipality, no family. */
export const asPublic = <T>(municipalityId: string, work: (trx: Trx) => Promise<T>): Promise<T> =>
  inScope({ municipalityId, audience: 'public' }, work)

/**
 * A family's transaction: its own households; money only where the person is the holder.
 * With a look of the office it only reads, and only while the look lasts.
 * @param readAt for what has a deadline: see `Scope`
 */
export const asFamily = <T>(
  { municipalityId, personId, look }: { municipalityId: string; personId: string; look?: { id: string } },
  work: (trx: Trx) => Promise<T>,
  readAt?: number,
): Promise<T> => inScope({ municipalityId, personId, audience: 'family', readAt, look }, work)

/** The office's transaction: every family of the municipality. The capability was checked before. */
export const asStaff = <T>(
  viewer: { municipalityId: string; personId: string },
  work: (trx: Trx) => Promise<T>,
): Promise<T> =>
  inScope({ municipalityId: viewer.municipalityId, personId: viewer.personId, audience: 'staff' }, work)

type Statements<T extends readonly unknown[]> = { [K in keyof T]: (trx: Trx) => Promise<T[K]> }

/**
 * Sends statements in one turn to the server, which runs them in the order written here: each sees the effects and the locks
 * of those before it. Independent reads need only `Promise.all`; use this where the order is part of the meaning.
 * Each step must send its statement before its first `await`: a step that waits falls behind the ones after it.
 */
export const inOrder = <T extends readonly unknown[]>(trx: Trx, ...steps: Statements<T>): Promise<T> =>
  Promise.all(steps.map((step) => step(trx))) as unknown as Promise<T>
