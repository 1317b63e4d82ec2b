import { randomUUID } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import type pg from 'pg'
import { DEMONSTRATION_MARK, RUNNING_CLOCK } from '#db/demonstration.ts'
import { type SettingFault, settingFaults, WEB_ROLE, WEB_SETTINGS } from '#db/role-settings.ts'
import { env } from '#lib/kernel/env.ts'
import { connect } from './connection.ts'
import { Explained, explainDatabase, withoutPassword } from './explain.ts'

const QUERY_TIMEOUT_MS = 5_000

/** What keeps the portal from starting on a connection that answers. */
type RuntimeFaults = {
  settings: SettingFault[]
  poolerKeepsNames: boolean
  isDemonstration: boolean
  clockRuns: boolean
}

/**
 * Whether a pooler stands between us and the server and hands our names of statements on as they are. It lends a server
 * connection to one client after the other: the next would find a name taken, or its statement gone.
 * A pooler shows by the number of the backend, which it makes up; one that looks after prepared statements gives them
 * names of its own.
 */
async function poolerKeepsNames(client: pg.Client): Promise<boolean> {
  const name = `probe-${randomUUID()}`
  const probe = await client.query<{ pid: number }>({
    name,
    text: 'select pg_backend_pid() as pid where $1',
    values: [true],
  })
  const isDirect = probe.rows[0]?.pid === (client as unknown as { processID: number }).processID
  if (isDirect) return false
  const kept = await client.query('select from pg_prepared_statements where name = $1', [name])
  if (kept.rowCount === 0) return false
  await client.query(`deallocate ${client.escapeIdentifier(name)}`)
  return true
}

/** What a seed leaves in a database: its mark always, a stopped clock while it runs or after it was interrupted. */
async function tracesOfSeed(client: pg.Client): Promise<{ isDemonstration: boolean; clockRuns: boolean }> {
  const { rows } = await client.query<{ isDemonstration: boolean; clockRuns: boolean }>(
    `select obj_description('public'::regnamespace, 'pg_namespace') is not distinct from $1 as "isDemonstration",
       coalesce((select prosrc = $2 from pg_proc where proname = 'app_now' and pronamespace = 'public'::regnamespace), true)
         as "clockRuns"`,
    [DEMONSTRATION_MARK, RUNNING_CLOCK],
  )
  return rows[0] ?? { isDemonstration: false, clockRuns: true }
}

async function faultsOf(url: string): Promise<RuntimeFaults> {
  // A plain connection: the portal's own names each statement, which is what is to be found out first.
  const client = await connect(url, { queryTimeoutMs: QUERY_TIMEOUT_MS })
  try {
    // One transaction, because a pooler may give the next one to another server connection.
    await client.query('begin')
    const settings = await settingFaults((text, values) => client.query(text, values), WEB_SETTINGS)
    const faults = {
      settings,
      ...(await tracesOfSeed(client)),
      poolerKeepsNames: await poolerKeepsNames(client),
    }
    await client.query('rollback')
    return faults
  } finally {
    await client.end().catch(() => undefined)
  }
}

const isRealService = (): boolean => env().NODE_ENV === 'production' && !env().DEMO

const settingLine = ({ name, wanted, found }: SettingFault): string =>
  `  alter role ${WEB_ROLE} set ${name} = '${wanted}';  -- ora vale ${found}`

/** The sentence for the faults of a connection; null when it has none. */
function inWords({ settings, poolerKeepsNames, ...seed }: RuntimeFaults, url: string): string | null {
  const place = withoutPassword(url)
  if (isRealService() && seed.isDemonstration) {
    return `Il database ${place} è una dimostrazione: il servizio vero non parte sopra persone e conti inventati. Indica un altro database in DATABASE_URL e DATABASE_WEB_URL, o DEMO=1.`
  }
  if (isRealService() && !seed.clockRuns) {
    return `L’orologio del database ${place} non è quello vero: termini, accessi e codici varrebbero all’ora sbagliata. Rimettilo, come proprietario, e riprova:\n  create or replace function app_now() returns timestamptz language sql stable as '${RUNNING_CLOCK}';`
  }
  if (poolerKeepsNames) {
    return `Davanti al database ${place} c’è un pooler che non tiene le istruzioni preparate: le richieste si guasterebbero a vicenda. Serve PgBouncer 1.21 o più recente, con pool_mode = transaction e max_prepared_statements = 500 (docs/operations.md).`
  }
  if (settings.length === 0) return null
  return `Sul database ${place} non valgono le impostazioni del ruolo del portale: senza, una richiesta può restare appesa e bloccare le altre. Eseguile una volta, come ${WEB_ROLE} o come amministratore, e riprova (dietro PgBouncer anche RECONNECT nella sua console):\n${settings.map(settingLine).join('\n')}`
}

/**
 * Tries the connection of web and worker as they will use it.
 * @throws Explained when the server's time-outs are not in force, when a pooler would mix prepared statements, when the real
 * service would run on a demonstration or by a clock that was stopped, and when nothing answers
 */
export async function checkRuntime(url: string): Promise<void> {
  let faults: RuntimeFaults
  try {
    faults = await faultsOf(url)
  } catch (error) {
    throw new Explained(
      explainDatabase(error, url) ?? `Il database non risponde: ${(error as Error).message}`,
      error,
    )
  }
  const words = inWords(faults, url)
  if (words) throw new Explained(words)
}

const PATIENCE_MS = 1_000

/**
 * The same for a process that is to outlive an absence of the database: waits until it answers.
 * @param tell called once, with why it waits
 * @throws Explained when the database answers and what it says is not good
 */
export async function untilRuntimeIsGood(
  url: string,
  signal: AbortSignal,
  tell: (words: string) => void,
): Promise<void> {
  for (let attempt = 1; !signal.aborted; attempt += 1) {
    try {
      return await checkRuntime(url)
    } catch (error) {
      if (!(error instanceof Explained && error.cause)) throw error
      if (attempt === 1) tell(error.message)
    }
    await pause(PATIENCE_MS, undefined, { signal }).catch(() => undefined)
  }
}
