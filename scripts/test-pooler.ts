import { findGoodPooler } from './lib/pooler.ts'
import { closingLines } from './lib/test-report.ts'
import { runVitest } from './lib/vitest.ts'

/** What talks to the database and brings no server of its own. */
const FILES = [
  'tests/pooler/',
  'tests/data/',
  'tests/faults/cutoff-race.test.ts',
  'tests/faults/device-guesses.test.ts',
  'tests/faults/messages.test.ts',
  'tests/faults/online-forms-race.test.ts',
  'tests/faults/payments.test.ts',
  'tests/faults/sms.test.ts',
]
const PROJECTS = ['pooler', 'data', 'faults', 'faults-alone']

/**
 * `npm run test:pooler`: the tests of data and faults through PgBouncer in transaction mode. `-- meals`: only those that are
 * named so. The last line counts.
 */
export async function main(args: readonly string[]): Promise<number> {
  const { program, version } = findGoodPooler()
  console.log(`Through PgBouncer ${version} (${program}), transaction mode`)
  const started = performance.now()
  const files = args.length > 0 ? args : FILES
  const report = await runVitest(
    ['--reporter=default', ...PROJECTS.map((name) => `--project=${name}`), ...files],
    { TEST_POOLER: program },
  )
  console.log(`\n${closingLines(report, performance.now() - started, { slowest: false }).join('\n')}`)
  return report.failed > 0 ? 1 : 0
}
