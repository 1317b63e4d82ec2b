import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { parseArgs } from 'node:util'
import { Explained } from './lib/explain.ts'
import { seconds } from './lib/steps.ts'
import { REPORT_FILE, type TestReport } from './lib/test-report.ts'

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
  'tests/faults/server-killed.test.ts',
  // Node dates its HTTP answers by the machine's clock, and the doctor compares the two.
  'tests/actions/identity-doctor.test.ts',
]
/** No day can change what these say. */
const WITHOUT_A_CLOCK = ['!architecture']
const NOTHING_RAN: TestReport = { passed: 0, failed: 1, skipped: 0, files: [] }

const USAGE = `npm run test:days [-- options]
  --seed 42        the order of files and tests (else a new one, printed)
  --only 3,12      only these clocks of the list
  --quick          without the browser and without the faults
  --busy           beside four busy loops
  --table FILE     writes the table there, in Markdown`

type Options = { seed: number; only: number[]; quick: boolean; busy: boolean; table: string | undefined }

function optionsIn(args: readonly string[]): Options {
  const { values } = parseArgs({
    args: [...args],
    options: {
      seed: { type: 'string' },
      only: { type: 'string' },
      quick: { type: 'boolean' },
      busy: { type: 'boolean' },
      table: { type: 'string' },
    },
  })
  const seed = Number(values.seed ?? Math.floor(Math.random() * 1_000_000))
  const only = values.only?.split(',').map(Number) ?? DAYS.map((_, index) => index + 1)
  if (!Number.isInteger(seed) || only.some((number) => !DAYS[number - 1])) throw new Explained(USAGE)
  return { seed, only, quick: values.quick ?? false, busy: values.busy ?? false, table: values.table }
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

async function runAt(instant: string, { seed, quick }: Options): Promise<TestReport> {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'refettorio-days-'))
  const file = path.join(folder, 'report.json')
  const projects = [...WITHOUT_A_CLOCK, ...(quick ? ['!e2e', '!faults', '!faults-alone'] : [])].map(
    (name) => `--project=${name}`,
  )
  const left = ON_THE_MACHINES_CLOCK.map((name) => `--exclude=${name}`)
  const vitest = spawn(
    process.execPath,
    [
      'node_modules/vitest/vitest.mjs',
      'run',
      '--reporter=dot',
      '--reporter=./scripts/lib/test-report.ts',
      ...projects,
      ...left,
    ],
    {
      stdio: 'inherit',
      env: {
        ...process.env,
        [REPORT_FILE]: file,
        TEST_SEED: String(seed),
        TEST_CLOCK: instant,
        TEST_CLOCK_SHIFT_MS: String(Date.parse(instant) - Date.now()),
        NODE_OPTIONS: `--import=${path.resolve('tests/support/shift-clock.mjs')}`,
      },
    },
  )
  const [code] = (await once(vitest, 'exit')) as [number | null]
  try {
    const report = JSON.parse(readFileSync(file, 'utf8')) as TestReport
    return { ...report, failed: Math.max(report.failed, code === 0 ? 0 : 1) }
  } catch {
    return NOTHING_RAN
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** `npm run test:days`: the suite on the days that matter, in shuffled order. The last line counts. */
export async function main(args: readonly string[]): Promise<number> {
  const options = optionsIn(args)
  const idle = options.busy ? keepBusy() : () => undefined
  const rows = ['| Clock | Instant | Seed | Passed | Failed | Time |', '|---|---|---|---|---|---|']
  const sum = { passed: 0, failed: 0 }
  for (const number of options.only) {
    const { name, instant } = DAYS[number - 1] as (typeof DAYS)[number]
    console.log(`\n${number}. ${name} · ${instant} · seed ${options.seed}`)
    const started = performance.now()
    const { passed, failed } = await runAt(instant, options)
    rows.push(
      `| ${name} | ${instant} | ${options.seed} | ${passed} | ${failed} | ${seconds(performance.now() - started)} |`,
    )
    sum.passed += passed
    sum.failed += failed
  }
  idle()
  console.log(`\n${rows.join('\n')}\n`)
  if (options.table) writeFileSync(options.table, `${rows.join('\n')}\n`)
  console.log(`${sum.passed} passed, ${sum.failed} failed`)
  return sum.failed > 0 ? 1 : 0
}
