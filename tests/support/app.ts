import { existsSync, mkdtempSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { inject } from 'vitest'
import { closeDatabase } from '#db/client.ts'
import { WEB_ROLE } from '#db/role-settings.ts'
import { seedDemo } from '#db/seed.ts'
import {
  CALLBACK_PATH,
  demoEnvironment,
  demoPorts,
  simulatorEnvironments,
} from '#scripts/lib/demo-environment.ts'
import { type Child, type ChildPlan, freePorts, startChild } from '#scripts/lib/processes.ts'
import { OWNER_ROLE } from '#scripts/postgres/server.ts'
import { webCommand, workerCommand } from '#scripts/start.ts'
import { atEnd } from './at-end.ts'
import { clockEnvironment, clockShiftMs } from './clock.ts'
import { installTestClock, TEMPLATE, withClient } from './cluster.ts'
import { addressOf, setClock, type TestDatabase, testDatabase } from './database.ts'
import { setEnvironment, TEST_ENVIRONMENT } from './environment.ts'
import { recordTraces } from './traces.ts'

const SEEDED = 'refettorio_seeded'
/** The seed and the test process must hash fiscal codes alike. */
const KEYS = { FISCAL_CODE_KEY: TEST_ENVIRONMENT.FISCAL_CODE_KEY, DATA_KEY: TEST_ENVIRONMENT.DATA_KEY }
/** What Node compiled for one start of the portal serves the next. */
const COMPILED = path.resolve('node_modules/.cache/refettorio/node')
const SEED_LOCK = 5_133_664

/** The demonstration municipality as of the moment of the run, made once and copied for every test file that wants it. */
export async function seededTemplate(): Promise<string> {
  await withClient(inject('superuserUrl'), async (client) => {
    await client.query('select pg_advisory_lock($1)', [SEED_LOCK])
    const found = await client.query('select from pg_database where datname = $1', [SEEDED])
    if (found.rowCount) return
    const draft = `${SEEDED}_draft`
    await client.query(`drop database if exists ${draft} with (force)`)
    await client.query(`create database ${draft} template ${TEMPLATE} owner ${OWNER_ROLE}`)
    const ownerUrl = addressOf(OWNER_ROLE, draft)
    await installTestClock(ownerUrl)
    setEnvironment({ DATABASE_URL: ownerUrl, DATABASE_WEB_URL: addressOf(WEB_ROLE, draft) })
    await seedDemo(ownerUrl)
    await closeDatabase()
    await installTestClock(ownerUrl)
    await client.query(`alter database ${draft} rename to ${SEEDED}`)
  })
  return SEEDED
}

export type App = {
  origin: string
  mailOrigin: string
  paymentsOrigin: string
  identityOrigin: string
  db: TestDatabase
  /** What each process printed, for when a test must know why: web, worker, identity, payments, mail. */
  folder: string
  /** What the web has printed since the test file began. */
  printed(): string
  /** Asks the web to replace its processes one by one. */
  renewWeb(): void
  /** Kills the web with -9, as a machine that loses its power does, and starts it again. */
  restartWeb(): Promise<void>
  /** Halts the processes that serve now, as a loop without an end does. */
  haltWeb(): void
  /** Kills the worker with -9. */
  killWorker(): Promise<void>
  /** Starts the worker, after `killWorker`. */
  startWorker(): Promise<void>
}

type AppOptions = {
  clock?: Date | string
  worker?: boolean
  /** The portal is at `portale.localhost`, each municipality also at `<slug>.localhost`, as with BASE_DOMAIN. */
  hosts?: boolean
  environment?: Readonly<Record<string, string>>
  /** Nothing but the schema: no demonstration. */
  empty?: boolean
  /** For a file that leaves the processes otherwise than it found them: a limit that they keep in memory is used up. */
  own?: boolean
}

/** The processes of an application. They may serve several files, one after the other. */
type Running = {
  /** The name of the database in the addresses that they know. */
  database: string
  environment: Record<string, string>
  ports: ReturnType<typeof demoPorts>
  origin: string
  folder: string
  renewWeb(): void
  restartWeb(): Promise<void>
  haltWeb(): void
  killWorker(): Promise<void>
  startWorker(): Promise<void>
  stop(): Promise<void>
}

/** What opens something to the person who has it. */
const SECRETS: readonly string[] = [
  'NEXTAUTH_SECRET',
  'FISCAL_CODE_KEY',
  'DATA_KEY',
  'DEVICE_PEPPER',
  'PAYMENTS_API_KEY',
  'SMS_GATEWAY_TOKEN',
  'VAPID_PRIVATE_KEY',
]

const printedIn = (folder: string, name: string): string => {
  const file = path.join(folder, `${name}.log`)
  return existsSync(file) ? readFileSync(file, 'utf8') : ''
}

const childrenOf = (pid: number): number[] =>
  readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ').filter(Boolean).map(Number)

/** Starts the processes on free ports. */
async function launch(db: TestDatabase, options: AppOptions): Promise<Running> {
  const folder = mkdtempSync(path.join(inject('tracesFolder'), 'app-'))
  const port = await freePorts(5)
  const ports = demoPorts(port)
  // Next takes a redirect to `localhost` for one to itself, and would keep the host that it came from.
  const origin = `http://${options.hosts ? 'portale.localhost' : 'localhost'}:${port}`
  const environment: Record<string, string> = {
    ...demoEnvironment(folder, port, db),
    ...KEYS,
    WEB_CONCURRENCY: '1',
    // As behind the proxy of a real installation: each new browser would have every script of a page compressed for it again.
    COMPRESS: '0',
    LOG_LEVEL: 'info',
    ...options.environment,
    ...(options.hosts ? { BASE_DOMAIN: `localhost:${port}`, PUBLIC_ORIGIN: origin } : {}),
    ...options.environment,
  }
  const children: Child[] = []
  const start = (plan: Omit<ChildPlan, 'logFile'>) =>
    startChild(
      {
        ...plan,
        env: { PATH: process.env.PATH, NODE_COMPILE_CACHE: COMPILED, ...clockEnvironment(), ...plan.env },
        logFile: path.join(folder, `${plan.name}.log`),
      },
      (child) => children.push(child),
    )
  const stop = async () => {
    for (const child of children.toReversed()) await child.stop(10_000)
  }
  const simulators = simulatorEnvironments(folder, port)
  const startWeb = () => start({ name: 'web', command: webCommand(false), env: environment, announces: true })
  const worker = { name: 'worker', command: workerCommand(false), env: environment, announces: true }
  const starting = Promise.all([
    startWeb(),
    start({
      name: 'identity',
      command: ['simulators/identity/main.ts'],
      env: { ...simulators.identity, IDENTITY_REDIRECT_URI: `${origin}${CALLBACK_PATH}` },
      ports: [ports.identity],
    }),
    start({
      name: 'payments',
      command: ['simulators/payments/main.ts'],
      env: simulators.payments,
      ports: [ports.payments],
    }),
    start({
      name: 'mail',
      command: ['simulators/mail/main.ts'],
      env: simulators.mail,
      ports: [ports.smtp, ports.mail],
    }),
    options.worker === false ? null : start(worker),
  ])
  let [web, , , , atWork] = await starting.catch(async (error) => {
    await stop()
    throw error
  })
  const restartWeb = async () => {
    await web.stop(0)
    web = await startWeb()
  }
  const renewWeb = () => void process.kill(web.pid as number, 'SIGHUP')
  const haltWeb = () => {
    for (const pid of childrenOf(web.pid as number)) process.kill(pid, 'SIGSTOP')
  }
  const killWorker = async () => atWork?.stop(0)
  const startWorker = async () => {
    atWork = await start(worker)
  }
  const acts = { renewWeb, restartWeb, haltWeb, killWorker, startWorker, stop }
  return { database: db.name, environment, ports, origin, folder, ...acts }
}

/** The processes that this worker's files share; they end with it. */
let shared: Promise<Running> | undefined

function sharedProcesses(db: TestDatabase): Promise<Running> {
  shared ??= launch(db, { worker: false }).catch((error) => {
    shared = undefined
    throw error
  })
  return shared
}

/**
 * The built application with its simulators, worker and seeded database, as `npm start` runs them, on free ports.
 * Its clock is the database's: stop it with `clock` or later with `setClock`. The database is this file's own. So are the processes
 * where the file asks for something particular; the others are served one after the other by the same ones, which find
 * a new database under the old name.
 */
export async function startApp(options: AppOptions = {}): Promise<App> {
  const isOrdinary =
    options.worker === false && !options.hosts && !options.environment && !options.own && !options.empty
  // A run on another day begins each file at its instant, and no process can be sent back to it.
  const isShared = isOrdinary && clockShiftMs() === 0
  const known = isShared && shared ? (await shared).database : undefined
  const db = await testDatabase(options.empty ? TEMPLATE : await seededTemplate(), known)
  if (options.clock) await setClock(options.clock)
  const launched = await (isShared ? sharedProcesses(db) : launch(db, options))
  const { environment, folder, origin, ports } = launched
  setEnvironment({ ...environment, NODE_ENV: 'test' })
  recordTraces({
    kind: 'portal',
    origin,
    secrets: SECRETS.map((name) => environment[name] ?? '').filter(Boolean),
  })
  let begun = printedIn(folder, 'web').length
  const printed = () => printedIn(folder, 'web').slice(begun)
  atEnd(async () => {
    if (!isShared) await launched.stop()
    recordTraces(
      { kind: 'log', where: 'web.log', text: printed() },
      { kind: 'log', where: 'worker.log', text: printedIn(folder, 'worker') },
      { kind: 'log', where: 'payments.log', text: printedIn(folder, 'payments') },
    )
  })
  const at = (number: number) => `http://localhost:${number}`
  return {
    origin,
    mailOrigin: at(ports.mail),
    paymentsOrigin: at(ports.payments),
    identityOrigin: at(ports.identity),
    db,
    folder,
    printed,
    renewWeb: launched.renewWeb,
    haltWeb: launched.haltWeb,
    killWorker: launched.killWorker,
    startWorker: launched.startWorker,
    restartWeb: async () => {
      await launched.restartWeb()
      begun = 0
    },
  }
}
