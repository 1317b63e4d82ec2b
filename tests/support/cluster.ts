import { mkdtempSync, rmSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { Client } from 'pg'
import type { TestProject } from 'vitest/node'
import { migrate } from '#db/migrate.ts'
import { WEB_ROLE } from '#db/role-settings.ts'
import { type Pooler, startPooler } from '#scripts/lib/pooler.ts'
import { OWNER_ROLE, type Postgres, startThrowawayPostgres } from '#scripts/postgres/server.ts'
import { clockShiftMs } from './clock.ts'

/** Empty, migrated, with the clock of the tests; every test file works on a copy of it. */
export const TEMPLATE = 'refettorio_template'

declare module 'vitest' {
  interface ProvidedContext {
    /** Address of the superuser on the throwaway server of this run. */
    superuserUrl: string
    /** Address of the pooler in front of it, when the run goes through one (`npm run test:pooler`); else empty. */
    poolerUrl: string
    /** The folder of this run in which test files leave what the database said of their statements. */
    queryRecords: string
  }
}

/** The same server for every project of the run: each project loads this file by itself, all in one process. */
const run = globalThis as {
  refettorioCluster?: Promise<Postgres>
  refettorioPooler?: Promise<Pooler>
  refettorioClusterUsers?: number
  refettorioQueryRecords?: string
}

/**
 * The only change that tests make to the schema: `app_now()` reads a table.
 * `fixed` stops the clock there, `shift` moves it and lets it run.
 */
const TEST_CLOCK = `
  create table if not exists test_clock (fixed timestamptz, shift interval not null default '0');
  truncate test_clock;
  insert into test_clock values (null, 'SHIFT milliseconds');
  grant select on test_clock to ${WEB_ROLE};
  create or replace function app_now() returns timestamptz language sql stable
    as 'select coalesce(fixed, now() + shift) from test_clock';`

/** The school years in which tests set the clock. */
const SCHOOL_YEARS = `select make_school_years('2023-09-01', '2029-08-31')`

/** Makes `app_now()` obey `test_clock`, and lets it run; also after a seed gave the function its own form back. */
export async function installTestClock(ownerUrl: string): Promise<void> {
  await withClient(ownerUrl, (client) => client.query(TEST_CLOCK.replace('SHIFT', String(clockShiftMs()))))
}

async function startCluster(): Promise<Postgres> {
  const server = await startThrowawayPostgres()
  await withClient(server.superuserUrl, (client) =>
    client.query(`create database ${TEMPLATE} owner ${OWNER_ROLE}`),
  )
  const templateUrl = server.url(OWNER_ROLE, TEMPLATE)
  await migrate(templateUrl)
  await installTestClock(templateUrl)
  await withClient(templateUrl, (client) => client.query(SCHOOL_YEARS))
  return server
}

/** One connection for a few administrative statements. */
export async function withClient<T>(url: string, work: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client({ connectionString: url })
  await client.connect()
  try {
    return await work(client)
  } finally {
    await client.end()
  }
}

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  run.refettorioCluster ??= startCluster()
  run.refettorioClusterUsers = (run.refettorioClusterUsers ?? 0) + 1
  run.refettorioQueryRecords ??= mkdtempSync(path.join(os.tmpdir(), 'refettorio-queries-'))
  const [server, queryRecords] = [await run.refettorioCluster, run.refettorioQueryRecords]
  const program = process.env.TEST_POOLER
  if (program) run.refettorioPooler ??= startPooler({ program }, server.superuserUrl)
  const pooler = await run.refettorioPooler
  project.provide('superuserUrl', server.superuserUrl)
  project.provide('poolerUrl', pooler?.url(WEB_ROLE, TEMPLATE) ?? '')
  project.provide('queryRecords', queryRecords)
  return async () => {
    run.refettorioClusterUsers = (run.refettorioClusterUsers ?? 1) - 1
    if (run.refettorioClusterUsers > 0) return
    delete run.refettorioCluster
    delete run.refettorioPooler
    delete run.refettorioQueryRecords
    await pooler?.stop()
    rmSync(queryRecords, { recursive: true, force: true })
    await server.stop()
  }
}
