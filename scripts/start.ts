import { readFileSync } from 'node:fs'
import path from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { environmentFor, parseEnv } from '#lib/kernel/env.ts'
import { build, isBuilt } from './build.ts'
import { writeIconSprite } from './icons.ts'
import { DATA_DIR, type DatabaseServer, openServer } from './lib/database-server.ts'
import {
  demoEnvironment,
  demoPorts,
  type Environment,
  simulatorEnvironments,
} from './lib/demo-environment.ts'
import { Explained, explain } from './lib/explain.ts'
import { prepareDatabase } from './lib/prepare-database.ts'
import { type Child, type ChildPlan, claimPorts, startChild } from './lib/processes.ts'
import { ROOT } from './lib/run-script.ts'
import { clearStep, demoScreen, showStep } from './lib/terminal.ts'

const LOGS = path.join(DATA_DIR, 'logs')
/** Time for a process to end before it is killed: the web process drains its requests first. */
const PATIENCE_MS = 25_000
/** Time for the processes of a start that was just killed to notice and to close their ports. */
const PORT_PATIENCE_MS = 4_000

/**
 * The demonstration, unless the environment speaks of a real service: real addresses of bridge or provider, or production without
 * DEMO=1. A forgotten variable never starts simulators, and trying the portal needs no variable.
 */
function isDemonstration({ DEMO, NODE_ENV, IDENTITY_ISSUER, PAYMENTS_BASE_URL }: NodeJS.ProcessEnv): boolean {
  if (DEMO === '1') return true
  return DEMO !== '0' && NODE_ENV !== 'production' && !IDENTITY_ISSUER && !PAYMENTS_BASE_URL
}

type Plan = { demo: boolean; dev: boolean; port: number; env: Environment }

function portOf(text: string | undefined): number {
  const port = Number(text || 3000)
  if (Number.isInteger(port) && port > 0 && port <= 65_531) return port
  throw new Explained(
    `PORT=${text} non va bene: deve essere un numero da 1 a 65531 (ne servono cinque di seguito).`,
  )
}

function simulators({ port, demo }: Plan): ChildPlan[] {
  if (!demo) return []
  const ports = demoPorts(port)
  const envs = simulatorEnvironments(DATA_DIR, port)
  const shared = { PATH: process.env.PATH }
  const logFile = (name: string) => path.join(LOGS, `${name}.log`)
  return [
    {
      name: 'identità',
      command: ['simulators/identity/main.ts'],
      env: { ...shared, ...envs.identity },
      ports: [ports.identity],
      logFile: logFile('identity'),
    },
    {
      name: 'pagamenti',
      command: ['simulators/payments/main.ts'],
      env: { ...shared, ...envs.payments },
      ports: [ports.payments],
      logFile: logFile('payments'),
    },
    {
      name: 'posta',
      command: ['simulators/mail/main.ts'],
      env: { ...shared, ...envs.mail },
      ports: [ports.smtp, ports.mail],
      logFile: logFile('mail'),
    },
  ]
}

/** The worker. In development Node restarts it when a file that it has loaded changes, after the work in hand. */
export const workerCommand = (dev: boolean): string[] => [
  ...(dev ? ['--watch'] : []),
  '--conditions=react-server',
  'scripts/run.mjs',
  'worker',
]

/** The web. In development it reloads pages through Next, and its own listener by itself. */
export const webCommand = (dev: boolean): string[] => ['scripts/run.mjs', 'web', ...(dev ? ['--dev'] : [])]

/** What a service is given: of the variables of the portal, its own. */
const serviceEnvironment = (env: Environment, service: 'web' | 'worker'): NodeJS.ProcessEnv =>
  environmentFor({ ...process.env, ...env }, service)

function worker({ env, demo, dev }: Plan): ChildPlan {
  return {
    name: 'lavori',
    command: workerCommand(dev),
    env: serviceEnvironment(env, 'worker'),
    announces: true,
    logFile: demo ? path.join(LOGS, 'worker.log') : undefined,
  }
}

function web({ env, demo, dev }: Plan): ChildPlan {
  return {
    name: 'sito',
    command: webCommand(dev),
    env: { ...serviceEnvironment(env, 'web'), ...(dev ? { NODE_ENV: 'development' } : {}) },
    announces: true,
    logFile: demo && !dev ? path.join(LOGS, 'web.log') : undefined,
  }
}

/** The parent process and its parent; it changes when one of the two is gone. */
function ancestry(): string {
  try {
    // The command name, in parentheses, may hold anything; what follows it is state and parent.
    const [, parentOfParent] =
      readFileSync(`/proc/${process.ppid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? []
    return `${process.ppid} ${parentOfParent}`
  } catch {
    return String(process.ppid)
  }
}

/** The children of this start, and the request to end it. */
class Run {
  readonly children: Child[] = []
  server: DatabaseServer | undefined
  readonly #stopping = new AbortController()
  #wishes = 0

  constructor() {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => this.#hear())
    this.#watchNpm()
  }

  get signal(): AbortSignal {
    return this.#stopping.signal
  }

  /** Settles when the start is asked to end. */
  get asked(): Promise<void> {
    return new Promise((resolve) => {
      if (this.signal.aborted) resolve()
      this.signal.addEventListener('abort', () => resolve(), { once: true })
    })
  }

  /** The first Ctrl+C ends everything in order, the second one immediately. */
  #hear(): void {
    this.#wishes += 1
    this.#stopping.abort()
    if (this.#wishes === 2) void this.endNow()
  }

  /** npm, or the shell between it and us, may die without passing the signal on; then no other process stops us. */
  #watchNpm(): void {
    if (!process.env.npm_lifecycle_event) return
    const above = ancestry()
    setInterval(() => {
      if (ancestry() !== above && this.#wishes === 0) this.#hear()
    }, 500).unref()
  }

  async start(plan: ChildPlan): Promise<void> {
    this.signal.throwIfAborted()
    await startChild(plan, (child) => this.children.push(child))
  }

  /** In this order: web, worker, simulators, database. */
  async end(): Promise<void> {
    this.#stopping.abort()
    for (const child of this.children.toReversed()) await child.stop(PATIENCE_MS)
    await this.server?.stop()
  }

  async endNow(): Promise<void> {
    await Promise.all(this.children.map((child) => child.stop(0)))
    await this.server?.stop('immediate')
    process.exit(130)
  }
}

async function bringUp(run: Run, dev: boolean): Promise<Plan> {
  const demo = isDemonstration(process.env)
  const port = portOf(process.env.PORT)
  if (!demo) parseEnv(process.env)
  await claimPorts(demo ? Object.values(demoPorts(port)) : [port], PORT_PATIENCE_MS)

  showStep('Avvio il database')
  run.server = await openServer(`npm start, porta ${port}`)
  run.signal.throwIfAborted()
  const env = demo ? { ...demoEnvironment(DATA_DIR, port, run.server), ...chosenByPerson() } : {}
  Object.assign(process.env, env)
  const plan: Plan = { demo, dev, port, env }
  await Promise.all([prepareDatabase(run.server, { demo, tell: showStep }), builtUnless(dev, run.signal)])

  showStep('Accendo il portale')
  await Promise.all(simulators(plan).map((simulator) => run.start(simulator)))
  await run.start(worker(plan))
  await run.start(web(plan))
  return plan
}

/** Variables that the environment may still set for the demonstration. */
function chosenByPerson(): Environment {
  const chosen: Environment = {}
  for (const name of ['WEB_CONCURRENCY', 'DATABASE_POOL_SIZE', 'LOG_LEVEL', 'DATABASE_WEB_URL'] as const) {
    const value = process.env[name]
    if (value) chosen[name] = value
  }
  return chosen
}

async function builtUnless(dev: boolean, signal: AbortSignal): Promise<void> {
  if (dev) return writeIconSprite(ROOT)
  if (isBuilt()) return
  showStep('Costruisco il sito (la prima volta serve circa un minuto)')
  await build({ quiet: true, signal })
}

/** The first child that ends by itself: the others do not work without it. */
function firstLoss({ children, server }: Run): Promise<string> {
  const losses = children.map(async (child) => {
    const { code, signal } = await child.ended
    return `«${child.name}» si è fermato da solo (${signal ?? `codice ${code}`}).\n${child.lastWords()}`
  })
  const database = new Promise<string>((resolve) =>
    server?.onLost(() =>
      resolve(
        explain(new Error(server.lastWords())) ?? `Il database si è fermato da solo.\n${server.lastWords()}`,
      ),
    ),
  )
  return Promise.race([...losses, database])
}

/** `npm start`, and with `--dev` `npm run dev`: everything up, until Ctrl+C. */
export async function main(args: readonly string[]): Promise<number> {
  const run = new Run()
  const up = bringUp(run, args.includes('--dev'))
  try {
    const plan = await Promise.race([up, run.asked])
    clearStep()
    if (plan) {
      console.log(
        plan.demo
          ? demoScreen(plan.port, path.relative(ROOT, LOGS))
          : `Refettorio è acceso sulla porta ${plan.port}.`,
      )
      const loss = await Promise.race([firstLoss(run), run.asked])
      if (loss) throw new Explained(loss)
    }
    console.log('\n  Chiudo… (Ctrl+C di nuovo per chiudere subito)')
    return 0
  } catch (error) {
    clearStep()
    throw error
  } finally {
    await run.end()
    // A start that was asked to end while it was coming up stops at its next step, and may have started the database.
    await Promise.race([up.catch(() => undefined), pause(PATIENCE_MS, undefined, { ref: false })])
    await run.end()
    setTimeout(() => process.exit(), 100).unref()
  }
}
