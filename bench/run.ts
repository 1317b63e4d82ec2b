import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { parseArgs } from 'node:util'
import { sql } from 'kysely'
import { closeDatabase, openDatabase } from '#db/client.ts'
import { LOAD_SLUG, seedLoad } from '#db/load.ts'
import { migrate } from '#db/migrate.ts'
import { closeDueDays } from '#lib/kitchen/close-day.commands.ts'
import { build, isBuilt } from '#scripts/build.ts'
import { DATA_DIR } from '#scripts/lib/database-server.ts'
import { demoEnvironment } from '#scripts/lib/demo-environment.ts'
import { type Child, freePorts, startChild } from '#scripts/lib/processes.ts'
import { ROOT } from '#scripts/lib/run-script.ts'
import { startPostgres } from '#scripts/postgres/server.ts'
import { changing, load, type Measure, reading, type Target } from './load.ts'
import { signInVisitors, type Visitor } from './visitors.ts'

const { values } = parseArgs({
  options: {
    pupils: { type: 'string', default: '150000' },
    rounds: { type: 'string', default: '5' },
    seconds: { type: 'string', default: '4' },
    connections: { type: 'string', default: '16' },
  },
})
const [pupils, rounds, seconds, connections] = [
  values.pupils,
  values.rounds,
  values.seconds,
  values.connections,
].map(Number) as [number, number, number, number]

const VISITORS = 300
const children: Child[] = []

/** What the ratios of the design ask for; a ratio below its aim is printed as such, not hidden. */
const AIMS: Record<string, number> = { cancel: 0.3, 'calendar.json': 0.3, calendar: 0.1 }

async function largeMunicipality(ownerUrl: string): Promise<void> {
  await migrate(ownerUrl)
  const owner = openDatabase(ownerUrl, { poolSize: 1, statementTimeoutMs: 0 })
  const { rows } = await sql<{ found: boolean }>`
    select exists (select from municipality where slug = ${LOAD_SLUG}) as found`.execute(owner)
  await owner.destroy()
  if (rows[0]?.found) return
  const started = performance.now()
  console.log(`Preparo ${pupils} alunni…`)
  await seedLoad(ownerUrl, pupils)
  console.log(`Pronti in ${Math.round((performance.now() - started) / 1_000)} s`)
}

const start = (name: string, command: string[], env: Record<string, string | undefined>, logFile: string) =>
  startChild({ name, command, env: { PATH: process.env.PATH, ...env }, announces: true, logFile }, (child) =>
    children.push(child),
  )

function targetsOf(
  visitors: readonly Visitor[],
  product: string,
  floor: string,
): Record<string, [Target, Target]> {
  const half = Math.floor(visitors.length / 2)
  const [ours, theirs] = [visitors.slice(0, half), visitors.slice(half)]
  const pair = (name: string, next: Target['next'], floorNext: Target['next']): [Target, Target] => [
    { name, origin: product, next },
    { name: `${name} (pavimento)`, origin: floor, next: floorNext },
  ]
  return {
    cancel: pair(
      'cancel',
      changing(ours, `/api/${LOAD_SLUG}/prenotazioni`, product, (visitor, { day, action, key }) => ({
        action,
        pupilIds: [visitor.pupilId],
        days: [day],
        idempotencyKey: key,
      })),
      changing(theirs, '/cancel', floor, (_visitor, { day, action, key }) => ({
        days: day,
        azione: action,
        chiave: key,
      })),
    ),
    'calendar.json': pair(
      'calendar.json',
      reading(ours, `/api/${LOAD_SLUG}/prenotazioni`),
      reading(theirs, '/calendar.json'),
    ),
    calendar: pair('calendar', reading(ours, `/${LOAD_SLUG}/prenotazioni`), reading(theirs, '/calendar')),
    balance: pair('balance', reading(ours, `/${LOAD_SLUG}/pagamenti`), reading(theirs, '/balance')),
  }
}

const median = (numbers: readonly number[]): number =>
  [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? 0

const middle = (measures: readonly Measure[]): Measure => ({
  perSecond: median(measures.map((m) => m.perSecond)),
  p50: median(measures.map((m) => m.p50)),
  p95: median(measures.map((m) => m.p95)),
  p99: median(measures.map((m) => m.p99)),
  requests: measures.reduce((sum, m) => sum + m.requests, 0),
  failed: measures.reduce((sum, m) => sum + m.failed, 0),
  busyCores: median(measures.map((m) => m.busyCores)),
})

type Comparison = { product: Measure; floor: Measure; ratio: number; ratioMin: number; ratioMax: number }

/** Product and floor in turn, round after round; the ratio is taken within each round, then its median. */
async function compare([product, floor]: [Target, Target]): Promise<Comparison> {
  const pairs: [Measure, Measure][] = []
  for (let round = 0; round < rounds; round += 1) {
    pairs.push([await load(product, seconds, connections), await load(floor, seconds, connections)])
  }
  const ratios = pairs.map(([ours, theirs]) => ours.perSecond / theirs.perSecond)
  return {
    product: middle(pairs.map(([ours]) => ours)),
    floor: middle(pairs.map(([, theirs]) => theirs)),
    ratio: median(ratios),
    ratioMin: Math.min(...ratios),
    ratioMax: Math.max(...ratios),
  }
}

/** Checks that every answered receipt is in the database, and that no journal or balance is wrong. */
async function faultsAfter(
  ownerUrl: string,
  receiptsBefore: number,
  acknowledged: number,
): Promise<string[]> {
  const owner = openDatabase(ownerUrl, { poolSize: 1, statementTimeoutMs: 0 })
  const receipts = await countReceipts(ownerUrl)
  const { rows } = await sql<{ faults: number }>`
    select count(*)::int as faults from (
      select 1 from entry group by municipality_id, journal_id having sum(amount_cents) <> 0) unbalanced`.execute(
    owner,
  )
  await owner.destroy()
  const faults: string[] = []
  if (receipts - receiptsBefore < acknowledged)
    faults.push(`${acknowledged - (receipts - receiptsBefore)} disdette confermate e non scritte`)
  if (rows[0]?.faults) faults.push(`${rows[0].faults} registrazioni che non fanno zero`)
  return faults
}

async function countReceipts(ownerUrl: string): Promise<number> {
  const owner = openDatabase(ownerUrl, { poolSize: 1, statementTimeoutMs: 0 })
  const { rows } = await sql<{ n: number }>`select count(*) as n from absence_receipt`.execute(owner)
  await owner.destroy()
  return rows[0]?.n ?? 0
}

/** Brings the last planned day of every school to its hour and closes it: count and charges of the whole municipality. */
async function closeWholeMunicipality(ownerUrl: string): Promise<{ days: number; ms: number }> {
  const owner = openDatabase(ownerUrl, { poolSize: 1, statementTimeoutMs: 0 })
  await sql`
    update service_day set cutoff_at = now() - interval '4 seconds', close_at = now() - interval '1 second'
    where day = (select max(day) from service_day where status = 'open')`.execute(owner)
  await owner.destroy()
  const started = performance.now()
  const days = await closeDueDays()
  return { days, ms: Math.round(performance.now() - started) }
}

const round = (value: number, digits = 1) => Number(value.toFixed(digits))

async function main(): Promise<number> {
  if (!isBuilt()) await build({ quiet: true })
  const server = await startPostgres(path.join(DATA_DIR, 'bench-postgres'))
  const folder = mkdtempSync(path.join(os.tmpdir(), 'refettorio-bench-'))
  try {
    await largeMunicipality(server.ownerUrl)
    const port = await freePorts(6)
    // As behind a proxy: the floor does not compress either.
    const environment = { ...demoEnvironment(folder, port, server), COMPRESS: '0' }
    Object.assign(process.env, environment, { LOG_LEVEL: 'error' })
    const visitors = await signInVisitors(server.ownerUrl, VISITORS)
    const file = path.join(folder, 'visitors.json')
    writeFileSync(file, JSON.stringify(visitors))
    const log = path.join(folder, 'processes.log')
    const floorPort = port + 5
    await start('pavimento', ['bench/floor.ts', file, String(floorPort), server.webUrl], {}, log)
    const web = { ...environment, LOG_LEVEL: 'error' }
    const one = await start('sito', ['scripts/run.mjs', 'web'], { ...web, WEB_CONCURRENCY: '1' }, log)

    const targets = targetsOf(visitors, `http://localhost:${port}`, `http://localhost:${floorPort}`)
    for (const pair of Object.values(targets)) for (const target of pair) await load(target, 2, connections)
    const receiptsBefore = await countReceipts(server.ownerUrl)
    const comparisons: Record<string, Comparison> = {}
    for (const [name, pair] of Object.entries(targets)) comparisons[name] = await compare(pair)
    const changes = comparisons.cancel as Comparison
    const acknowledged =
      changes.product.requests - changes.product.failed + changes.floor.requests - changes.floor.failed
    const faults = await faultsAfter(server.ownerUrl, receiptsBefore, acknowledged)

    const [page] = targets.calendar as [Target, Target]
    const alone = await load(page, seconds * 2, connections)
    await one.stop(10_000)
    await start('sito', ['scripts/run.mjs', 'web'], { ...web, WEB_CONCURRENCY: '2' }, log)
    await load(page, 3, connections)
    const together = await load(page, seconds * 2, connections)
    const close = await closeWholeMunicipality(server.ownerUrl)

    report({ comparisons, workers: workersOf(alone, together), close, faults })
    return faults.length > 0 ? 1 : 0
  } finally {
    for (const child of children.toReversed()) await child.stop(10_000)
    await closeDatabase()
    await server.stop()
    rmSync(folder, { recursive: true, force: true })
  }
}

type Workers = {
  ratio: number
  /** What one process had left of the machine: generator and database share its cores, so two cannot give more than this. */
  most: number
  busyCores: { one: number; two: number }
}

const workersOf = (one: Measure, two: Measure): Workers => ({
  ratio: two.perSecond / one.perSecond,
  most: os.availableParallelism() / one.busyCores,
  busyCores: { one: one.busyCores, two: two.busyCores },
})

function report(results: {
  comparisons: Record<string, Comparison>
  workers: Workers
  close: { days: number; ms: number }
  faults: string[]
}): void {
  console.table(
    Object.fromEntries(
      Object.entries(results.comparisons).map(([name, { product, floor, ratio, ratioMin, ratioMax }]) => [
        name,
        {
          'req/s': round(product.perSecond),
          'p50 ms': round(product.p50),
          'p95 ms': round(product.p95),
          'p99 ms': round(product.p99),
          falliti: product.failed,
          'pavimento req/s': round(floor.perSecond),
          rapporto: round(ratio, 3),
          'da … a': `${round(ratioMin, 3)} … ${round(ratioMax, 3)}`,
          obiettivo: AIMS[name] ?? '',
        },
      ]),
    ),
  )
  const { ratio, most, busyCores } = results.workers
  console.log(
    `Due processi web / uno: ${round(ratio, 2)} (obiettivo 1.7). Con uno erano occupati ${round(busyCores.one, 2)} core su ` +
      `${os.availableParallelism()}, con due ${round(busyCores.two, 2)}: questa macchina poteva dare al più ${round(most, 2)}.`,
  )
  console.log(`Chiusura di ${results.close.days} giorni di servizio con gli addebiti: ${results.close.ms} ms`)
  console.log(
    results.faults.length > 0
      ? `Difetti: ${results.faults.join('; ')}`
      : 'Nessuna disdetta persa, ogni registrazione fa zero.',
  )
  const folder = path.join(ROOT, 'bench', 'results')
  mkdirSync(folder, { recursive: true })
  const stamp = new Date().toISOString().replaceAll(':', '-').slice(0, 19)
  const commit = execFileSync('git', ['rev-parse', '--short', 'HEAD'], { cwd: ROOT, encoding: 'utf8' }).trim()
  const file = path.join(folder, `${stamp}.json`)
  writeFileSync(
    file,
    `${JSON.stringify({ commit, node: process.version, cores: os.availableParallelism(), pupils, rounds, seconds, connections, ...results }, null, 2)}\n`,
  )
  console.log(`Scritto ${path.relative(ROOT, file)}`)
}

process.exitCode = await main()
