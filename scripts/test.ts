import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { SIZE_STEP, STATIC_STEPS } from './check.ts'
import { runSteps } from './lib/steps.ts'
import { closingLines, REPORT_FILE, type TestReport } from './lib/test-report.ts'

const NOTHING_RAN: TestReport = { passed: 0, failed: 0, skipped: 0, files: [] }

function readReport(file: string): TestReport {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as TestReport
  } catch {
    return NOTHING_RAN
  }
}

/** Runs vitest; when it ends badly without saying which test failed (a broken set-up), that counts as one failure. */
async function runTests(args: readonly string[]): Promise<TestReport> {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'refettorio-report-'))
  const file = path.join(folder, 'report.json')
  const reporters = ['--reporter=default', '--reporter=./scripts/lib/test-report.ts']
  const vitest = spawn(process.execPath, ['node_modules/vitest/vitest.mjs', 'run', ...reporters, ...args], {
    stdio: 'inherit',
    env: { ...process.env, [REPORT_FILE]: file },
  })
  const [code] = (await once(vitest, 'exit')) as [number | null]
  const report = readReport(file)
  rmSync(folder, { recursive: true, force: true })
  return { ...report, failed: Math.max(report.failed, code === 0 && report.passed > 0 ? 0 : 1) }
}

/** The whole gate: what can be judged by reading, then every test on a fresh build, then the weight of that build. */
async function runGate(): Promise<TestReport> {
  const faults = await runSteps(STATIC_STEPS)
  if (faults.length > 0) return { ...NOTHING_RAN, failed: faults.length }
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
