import { globSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { parseArgs } from 'node:util'
import { type DatedTable, minutesSince, rowsIn, today, writeTable } from './lib/dated-table.ts'
import { Explained } from './lib/explain.ts'
import { runVitest } from './lib/vitest.ts'

/** A file that draws values at random, or walks further at length, imports it from here, and so does a file that is given values by one of these. */
const RANDOM = /from '#tests\/support\/(random|any-text|nonsense|invoices)\.ts'/
/** How much longer than in `npm test`. */
const TIMES = 20
/** Far above what any of them takes: only one that hangs is ended. */
const TIMEOUT_MS = 3_600_000

const TABLE: DatedTable = {
  title: 'The random tests at length',
  introduction:
    'Written by `npm run test:long -- --table docs/tests-long.md`: every property and every walk through a model, many times as often as `npm test` runs it. A run is one random input, or one random history of many states. Files without properties take all the steps of which `npm test` takes some ([which](decisions/0125-what-the-suite-spends.md)). The seed brings the same inputs back: `npm run test:long -- --seed N name`.',
  columns: ['File', 'Run on', 'Seed', 'Times', 'Properties', 'Runs', 'Passed', 'Failed', 'Minutes'],
}

const USAGE = `npm run test:long [-- options] [names of files]
  --seed 42        the inputs (else new ones, printed)
  --times 20       how many times as long as in npm test
  --table FILE     keeps the table there, in Markdown, written after each file; other files' rows stay`

type Options = { seed: number; times: number; table: string | undefined; names: readonly string[] }

function optionsIn(args: readonly string[]): Options {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: { seed: { type: 'string' }, times: { type: 'string' }, table: { type: 'string' } },
  })
  const seed = Number(values.seed ?? Math.floor(Math.random() * 1_000_000))
  const times = Number(values.times ?? TIMES)
  if (!Number.isInteger(seed) || !Number.isInteger(times) || times < 1) throw new Explained(USAGE)
  return { seed, times, table: values.table, names: positionals }
}

/** The files that draw at random or walk further at length. */
const randomFiles = (names: readonly string[]): string[] =>
  globSync('tests/{rules,data,actions,faults,e2e}/**/*.test.ts')
    .filter((file) => RANDOM.test(readFileSync(file, 'utf8')))
    .filter((file) => names.length === 0 || names.some((name) => file.includes(name)))
    .toSorted()

type Ran = { properties: number; runs: number; passed: number; failed: number }

async function runAtLength(file: string, { seed, times }: Options): Promise<Ran> {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'refettorio-long-'))
  const properties = path.join(folder, 'properties.jsonl')
  const { passed, failed } = await runVitest([file, '--reporter=dot', `--testTimeout=${TIMEOUT_MS}`], {
    TEST_SEED: String(seed),
    TEST_LONG: String(times),
    TEST_LONG_REPORT: properties,
  })
  const ran = linesOf(properties).map((line) => JSON.parse(line) as { runs: number })
  rmSync(folder, { recursive: true, force: true })
  return { properties: ran.length, runs: ran.reduce((sum, { runs }) => sum + runs, 0), passed, failed }
}

function linesOf(file: string): string[] {
  try {
    return readFileSync(file, 'utf8').split('\n').filter(Boolean)
  } catch {
    return []
  }
}

/** `npm run test:long`: the random tests, and those that take some of their steps in `npm test`, at length. The last line counts. */
export async function main(args: readonly string[]): Promise<number> {
  const options = optionsIn(args)
  const { seed, table, times } = options
  const rows = table ? rowsIn(table, TABLE) : new Map<string, string[]>()
  const files = randomFiles(options.names)
  const sum = { runs: 0, passed: 0, failed: 0 }
  for (const [index, file] of files.entries()) {
    console.log(`\n${index + 1} of ${files.length}: ${file} · seed ${seed} · ${times} times`)
    const started = performance.now()
    const { properties, runs, passed, failed } = await runAtLength(file, options)
    const counts = [properties, runs, passed, failed].map((count) => count.toLocaleString('en'))
    rows.set(file, [file, today(), String(seed), String(times), ...counts, minutesSince(started)])
    if (table) writeTable(table, TABLE, rows.values())
    console.log(rows.get(file)?.join(' · '))
    sum.runs += runs
    sum.passed += passed
    sum.failed += failed
  }
  console.log(`\n${sum.runs.toLocaleString('en')} random inputs, seed ${seed}`)
  console.log(`${sum.passed} passed, ${sum.failed} failed`)
  return sum.failed > 0 ? 1 : 0
}
