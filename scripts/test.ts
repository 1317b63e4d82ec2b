import { SIZE_STEP, STEPS_BEFORE_TESTS } from './check.ts'
import { runSteps } from './lib/steps.ts'
import { closingLines, type TestReport } from './lib/test-report.ts'
import { runVitest } from './lib/vitest.ts'

const runTests = (args: readonly string[]): Promise<TestReport> => runVitest(['--reporter=default', ...args])

/** The whole gate: what can be judged by reading and a fresh build, then every test on it, then its weight. */
async function runGate(): Promise<TestReport> {
  const faults = await runSteps(STEPS_BEFORE_TESTS)
  if (faults.length > 0) return { passed: 0, failed: faults.length, skipped: 0, files: [] }
  const report = await runTests([])
  const heavy = await runSteps([[SIZE_STEP]])
  return { ...report, failed: report.failed + heavy.length }
}

/**
 * `npm test`: the whole gate, once. `npm test -- meals`: only the tests that are named so; a build only when a browser test is among
 * them, and nothing else of the gate. Further options go to vitest. The last line counts.
 */
export async function main(args: readonly string[]): Promise<number> {
  const started = performance.now()
  const asked = args.filter((arg) => arg !== '--slowest')
  const report = asked.length > 0 ? await runTests(asked) : await runGate()
  const lines = closingLines(report, performance.now() - started, { slowest: args.includes('--slowest') })
  console.log(`\n${lines.join('\n')}`)
  return report.failed > 0 ? 1 : 0
}
