import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs'
import { createRequire } from 'node:module'
import os from 'node:os'
import path from 'node:path'
import { DATA_DIR } from '#scripts/lib/database-server.ts'
import { type Child, freePorts, startChild } from '#scripts/lib/processes.ts'
import { ROOT } from '#scripts/lib/run-script.ts'
import { type Postgres, startPostgres } from '#scripts/postgres/server.ts'
import { bareEnvironment, type Checkout, checkoutOf, ownCheckout, runIn } from './checkout.ts'
import { type Database, databaseOf, dropOldDatabases } from './databases.ts'
import type { Options } from './options.ts'
import { signInVisitors, type Visitor } from './visitors.ts'

/** A checkout with its database and the visitors who are signed in there. */
export type Side = Checkout &
  Database & {
    name: 'here' | 'against' | 'small' | 'towns' | 'years' | 'office'
    visitors: readonly Visitor[]
    /** The environment of its processes, on a port. */
    environment(port: number): Promise<Record<string, string>>
  }

/** A running server of the bench. */
export type Server = { origin: string; pid: number; stop(): Promise<void> }

/** What a part of a run works with. */
export type Bench = {
  options: Options
  /** Removed at the end, with everything in it. */
  folder: string
  postgres: Postgres
  postgresPid: number
  here: Side
  against: Side | null
  /** Started so far; the end of the run stops them. */
  children: Child[]
}

const PATIENCE_MS = 25_000
/** The most that the portal allows: a visitor may come back late in a part. */
const LONGEST_IDLE_MINUTES = '120'
/** A portal's processes stand on neighbouring ports. */
const PORTS = 6
/** For a caller that reads the environment and listens on nothing. */
export const ANY_PORT = 3_000

type DemoEnvironment = typeof import('#scripts/lib/demo-environment.ts')

/** The checkout says itself which settings its processes want; the secrets stay in the side's folder. */
async function environmentOf(
  root: string,
  folder: string,
  database: Database,
  port: number,
): Promise<Record<string, string>> {
  const file = path.join(root, 'scripts/lib/demo-environment.ts')
  const { demoEnvironment } = (await import(file)) as DemoEnvironment
  return {
    ...demoEnvironment(folder, port, database),
    // As behind a proxy, which compresses: none of the floors compresses either.
    COMPRESS: '0',
    LOG_LEVEL: 'error',
    SESSION_IDLE_MINUTES: LONGEST_IDLE_MINUTES,
  }
}

/** Prepares a side: its database, and its visitors' sessions. */
export async function openSide(
  bench: Pick<Bench, 'folder' | 'postgres'>,
  name: Side['name'],
  checkout: Checkout,
  { pupils, visitors, years = 1 }: { pupils: number; visitors: number; years?: number },
): Promise<Side> {
  const folder = path.join(bench.folder, name)
  mkdirSync(folder, { recursive: true })
  const database = await databaseOf(bench.postgres, checkout, { pupils, years }, folder)
  const environment = (port: number) => environmentOf(checkout.root, folder, database, port)
  const { NEXTAUTH_SECRET = '' } = await environment(ANY_PORT)
  const signedIn = await signInVisitors(database.ownerUrl, NEXTAUTH_SECRET, visitors)
  return { ...checkout, ...database, name, environment, visitors: signedIn }
}

/** This checkout on another database, with no visitor signed in. */
export const sideOn = (bench: Bench, name: Side['name'], database: Database): Side => ({
  ...bench.here,
  ...database,
  name,
  environment: (port) => environmentOf(bench.here.root, path.join(bench.folder, 'here'), database, port),
  visitors: [],
})

/** Opens the database server and both sides. `closeBench` ends what this and the parts started. */
export async function openBench(options: Options): Promise<Bench> {
  const here = await ownCheckout()
  const against = options.against === null ? null : await checkoutOf(options.against)
  const folder = mkdtempSync(path.join(os.tmpdir(), 'refettorio-bench-'))
  const postgres = await startPostgres(path.join(DATA_DIR, 'bench-postgres'))
  await dropOldDatabases(postgres)
  const opened = { folder, postgres }
  return {
    ...opened,
    options,
    postgresPid: Number(
      readFileSync(path.join(postgres.dataDir, 'postmaster.pid'), 'utf8').split('\n', 1)[0],
    ),
    here: await openSide(opened, 'here', here, { pupils: options.pupils, visitors: options.visitors }),
    against:
      against &&
      (await openSide(opened, 'against', against, { pupils: options.pupils, visitors: options.visitors })),
    children: [],
  }
}

/** Stops every process of the bench and removes its folder. */
export async function closeBench(bench: Bench): Promise<void> {
  for (const child of bench.children.toReversed()) await child.stop(PATIENCE_MS)
  await bench.postgres.stop()
  rmSync(bench.folder, { recursive: true, force: true })
}

type Plan = { name: string; command: string[]; env: Record<string, string | undefined>; cwd?: string }

async function startServer(bench: Bench, port: number, plan: Plan): Promise<Server> {
  const logFile = path.join(bench.folder, `${plan.name}-${port}.log`)
  const child = await startChild({ ...plan, announces: true, logFile }, (started) =>
    bench.children.push(started),
  )
  return {
    origin: `http://localhost:${port}`,
    pid: child.pid as number,
    stop: () => child.stop(PATIENCE_MS),
  }
}

/** Starts the portal of a side with so many web processes. */
export async function startPortal(bench: Bench, side: Side, processes: number): Promise<Server> {
  const port = await freePorts(PORTS)
  const env = {
    PATH: process.env.PATH,
    ...(await side.environment(port)),
    WEB_CONCURRENCY: String(processes),
  }
  const command = ['scripts/run.mjs', 'web']
  return startServer(bench, port, { name: side.name, command, env, cwd: side.root })
}

/** Starts the worker of a side. */
export async function startWorker(bench: Bench, side: Side): Promise<Server> {
  const port = await freePorts(PORTS)
  const env = { PATH: process.env.PATH, ...(await side.environment(port)) }
  const command = ['--conditions=react-server', 'scripts/run.mjs', 'worker']
  return startServer(bench, port, { name: `${side.name}-worker`, command, env, cwd: side.root })
}

/** Starts one of the two floors. */
export async function startFloor(
  bench: Bench,
  script: 'floor.ts' | 'plain-floor.ts',
  { file, url }: { file: string; url: string },
): Promise<Server> {
  const port = await freePorts(1)
  const command = [path.join(import.meta.dirname, script), file, String(port), url]
  return startServer(bench, port, { name: script, command, env: { NODE_ENV: 'production' } })
}

/** Builds the empty page with the project's own Next, once in a run. @returns the folder of the build */
async function builtEmptyPage(bench: Bench): Promise<string> {
  const folder = path.join(bench.folder, 'empty-page')
  if (existsSync(folder)) return folder
  cpSync(path.join(import.meta.dirname, 'empty-page'), folder, { recursive: true })
  symlinkSync(path.join(ROOT, 'node_modules'), path.join(folder, 'node_modules'))
  const next = createRequire(import.meta.url).resolve('next/dist/bin/next')
  await runIn(folder, [process.execPath, next, 'build'], { ...bareEnvironment(), NODE_ENV: 'production' })
  return folder
}

/** Serves the empty page. */
export async function startEmptyPage(bench: Bench): Promise<Server> {
  const folder = await builtEmptyPage(bench)
  const port = await freePorts(1)
  const command = [path.join(import.meta.dirname, 'empty-server.ts'), folder, String(port)]
  return startServer(bench, port, { name: 'empty-page', command, env: { NODE_ENV: 'production' } })
}

/** Ends servers in the reverse order of their start. */
export async function stopAll(servers: readonly Server[]): Promise<void> {
  for (const server of servers.toReversed()) await server.stop()
}
