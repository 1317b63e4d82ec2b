import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { REPORT_FILE, type TestReport } from './test-report.ts'

const NOTHING_RAN: TestReport = { passed: 0, failed: 0, skipped: 0, files: [] }

function readReport(file: string): TestReport {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as TestReport
  } catch {
    return NOTHING_RAN
  }
}

/**
 * Runs vitest and says what came of it. When it ends badly without saying which test failed (a broken set-up), that counts as one failure.
 * @param args after `vitest run`, without the reporter that counts
 */
export async function runVitest(
  args: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): Promise<TestReport> {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'refettorio-report-'))
  const file = path.join(folder, 'report.json')
  const counting = '--reporter=./scripts/lib/test-report.ts'
  const vitest = spawn(process.execPath, ['node_modules/vitest/vitest.mjs', 'run', ...args, counting], {
    stdio: 'inherit',
    env: { ...process.env, ...environment, [REPORT_FILE]: file },
  })
  const [code] = (await once(vitest, 'exit')) as [number | null]
  const report = readReport(file)
  rmSync(folder, { recursive: true, force: true })
  return { ...report, failed: Math.max(report.failed, code === 0 && report.passed > 0 ? 0 : 1) }
}
