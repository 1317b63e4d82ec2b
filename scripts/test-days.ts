import { type ChildProcess, spawn } from 'node:child_process'
import path from 'node:path'
import { parseArgs } from 'node:util'
import { type DatedTable, minutesSince, rowsIn, today, writeTable } from './lib/dated-table.ts'
import { Explained } from './lib/explain.ts'
import type { TestReport } from './lib/test-report.ts'
import { runVitest } from './lib/vitest.ts'

/** The instants on which a rule about days has most to lose. Each test file starts at the instant; its clock runs from there. */
const DAYS: readonly { name: string; instant: string }[] = [
  { name: 'Sunday, the month’s last school day is past', instant: '2026-11-29T10:00:00+01:00' },
  { name: 'last seconds of the year', instant: '2026-12-31T23:59:50+01:00' },
  { name: '1 January', instant: '2027-01-01T08:00:00+01:00' },
  { name: '28 February', instant: '2027-02-28T12:00:00+01:00' },
  { name: 'the hour that is skipped', instant: '2027-03-28T01:59:50+01:00' },
  { name: 'the hour that comes twice', instant: '2026-10-25T02:59:50+02:00' },
  { name: 'a holiday', instant: '2026-12-08T10:00:00+01:00' },
  { name: 'a Saturday', instant: '2026-12-05T10:00:00+01:00' },
  { name: 'ten seconds before a cutoff', instant: '2026-12-02T09:29:50+01:00' },
  { name: 'the middle of July', instant: '2027-07-15T10:00:00+02:00' },
  { name: '31 August', instant: '2027-08-31T10:00:00+02:00' },
  { name: 'the first school day', instant: '2027-09-13T08:00:00+02:00' },
]

/** These start the product as a person does, on the machine's own clock, which no test can move. */
const ON_THE_MACHINES_CLOCK = [
  'tests/e2e/start.test.ts',
  'tests/faults/embedded-postgres.test.ts',
  'tests/faults/failover.test.ts',
  'tests/faults/server-killed.test.ts',
  // Node dates its HTTP answers by the machine's clock, and the doctor compares the two.
  'tests/actions/identity-doctor.test.ts',
]
/** No day can change what these say. */
const WITHOUT_A_CLOCK = ['!architecture']

const TABLE: DatedTable = {
  title: 'The suite on the days that matter',
  introduction:
    'Written by `npm run test:days -- --table docs/tests-days.md`: every test but those on the machine’s own clock, in shuffled order, on each of these clocks. The seed brings the same order back.',
  columns: ['Clock', 'Instant', 'Run on', 'Seed', 'Beside', 'Passed', 'Failed', 'Minutes'],
}
const FAILED = TABLE.columns.indexOf('Failed')
const BESIDE = TABLE.columns.indexOf('Beside')
/** What a row says of a run that left out the browser and the faults. */
const NO_BROWSER = 'no browser'

const USAGE = `npm run test:days [-- options]
  --seed 42        the order of files and tests (else a new one, printed)
  --only 3,12      only these clocks of the list
  --quick          without the browser and without the faults
  --busy           beside four busy loops
  --table FILE     keeps the table there, in Markdown, written after each clock; other clocks' rows stay
  --resume         only the clocks that have no row without a failure in FILE; a row of --quick counts for --quick only`

type Options = {
  seed: number
  only: number[]
  quick: boolean
  busy: boolean
  resume: boolean
  table: string | undefined
}

function optionsIn(args: readonly string[]): Options {
  const { values } = parseArgs({
    args: [...args],
    options: {
      seed: { type: 'string' },
      only: { type: 'string' },
      quick: { type: 'boolean' },
      busy: { type: 'boolean' },
      resume: { type: 'boolean' },
      table: { type: 'string' },
    },
  })
  const seed = Number(values.seed ?? Math.floor(Math.random() * 1_000_000))
  const only = values.only?.split(',').map(Number) ?? DAYS.map((_, index) => index + 1)
  const { quick = false, busy = false, resume = false, table } = values
  const isWrong =
    !Number.isInteger(seed) || only.some((number) => !DAYS[number - 1]) || (resume && table === undefined)
  if (isWrong) throw new Explained(USAGE)
  return { seed, only, quick, busy, resume, table }
}

/** Loops that take every core, as a shared machine does. @returns what ends them */
function keepBusy(): () => void {
  const loops = Array.from({ length: 4 }, () =>
    spawn(process.execPath, ['-e', 'for (;;);'], { stdio: 'ignore' }),
  )
  const end = () => loops.forEach((loop: ChildProcess) => void loop.kill('SIGKILL'))
  process.once('exit', end)
  return end
}

function runAt(instant: string, { seed, quick }: Options): Promise<TestReport> {
  const projects = [...WITHOUT_A_CLOCK, ...(quick ? ['!e2e', '!faults', '!faults-alone'] : [])]
  return runVitest(
    [
      '--reporter=dot',
      ...projects.map((name) => `--project=${name}`),
      ...ON_THE_MACHINES_CLOCK.map((name) => `--exclude=${name}`),
    ],
    {
      TEST_SEED: String(seed),
      TEST_CLOCK: instant,
      TEST_CLOCK_SHIFT_MS: String(Date.parse(instant) - Date.now()),
      NODE_OPTIONS: `--import=${path.resolve('tests/support/shift-clock.mjs')}`,
    },
  )
}

/** `npm run test:days`: the suite on the days that matter, in shuffled order. The last line counts. */
export async function main(args: readonly string[]): Promise<number> {
  const options = optionsIn(args)
  const { table, seed } = options
  const rows = table ? rowsIn(table, TABLE) : new Map<string, string[]>()
  const isGreen = ({ name }: { name: string }) => {
    const row = rows.get(name)
    return row?.[FAILED] === '0' && (options.quick || !row[BESIDE]?.includes(NO_BROWSER))
  }
  const asked = options.only.map((number) => ({ number, ...(DAYS[number - 1] as (typeof DAYS)[number]) }))
  const days = options.resume ? asked.filter((day) => !isGreen(day)) : asked
  const end = options.busy ? keepBusy() : () => undefined
  const beside = [options.busy ? 'four busy loops' : 'nothing', ...(options.quick ? [NO_BROWSER] : [])]
  const sum = { passed: 0, failed: 0 }
  for (const [index, { number, name, instant }] of days.entries()) {
    console.log(`\n${index + 1} of ${days.length}: clock ${number}, ${name} · ${instant} · seed ${seed}`)
    const started = performance.now()
    const { passed, failed } = await runAt(instant, options)
    const row = [name, instant, today(), String(seed), beside.join(', '), String(passed), String(failed)]
    rows.set(name, [...row, minutesSince(started)])
    if (table) writeTable(table, TABLE, inOrder(rows))
    console.log(rows.get(name)?.join(' · '))
    sum.passed += passed
    sum.failed += failed
  }
  end()
  console.log(
    `\n${inOrder(rows)
      .map((row) => row.join(' · '))
      .join('\n')}`,
  )
  console.log(`${sum.passed} passed, ${sum.failed} failed`)
  return sum.failed > 0 ? 1 : 0
}

/** The rows as the clocks stand in the list. */
function inOrder(rows: ReadonlyMap<string, string[]>): string[][] {
  return DAYS.flatMap(({ name }) => {
    const row = rows.get(name)
    return row ? [row] : []
  })
}
