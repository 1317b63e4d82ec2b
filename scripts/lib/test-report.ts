import { writeFileSync } from 'node:fs'
import path from 'node:path'
import type { Reporter, SerializedError, TestModule } from 'vitest/node'
import { seconds } from './steps.ts'

type FileReport = { file: string; project: string; tests: number; ms: number }
export type TestReport = { passed: number; failed: number; skipped: number; files: FileReport[] }

/** Where the reporter writes; the run that asks for the report names it. */
export const REPORT_FILE = 'REFETTORIO_TEST_REPORT'

const timeOf = (module: TestModule): number => {
  const { environmentSetupDuration, prepareDuration, collectDuration, setupDuration, duration } =
    module.diagnostic()
  return environmentSetupDuration + prepareDuration + collectDuration + setupDuration + duration
}

function countsOf(module: TestModule): Pick<TestReport, 'passed' | 'failed' | 'skipped'> {
  const states = [...module.children.allTests()].map((test) => test.result().state)
  const count = (state: string) => states.filter((one) => one === state).length
  const failed = count('failed')
  // A file that fails before or after its tests (a broken import, a hook) is a failure too, though no test of it failed.
  const alone = failed === 0 && module.state() === 'failed' ? 1 : 0
  return { passed: count('passed'), failed: failed + alone, skipped: count('skipped') + count('pending') }
}

function reportOf(modules: readonly TestModule[], errors: readonly SerializedError[]): TestReport {
  const counts = modules.map(countsOf)
  const sum = (name: 'passed' | 'failed' | 'skipped') => counts.reduce((total, one) => total + one[name], 0)
  return {
    passed: sum('passed'),
    failed: sum('failed') + errors.length,
    skipped: sum('skipped'),
    files: modules.map((module) => ({
      file: path.relative(process.cwd(), module.moduleId),
      project: module.project.name,
      tests: [...module.children.allTests()].length,
      ms: timeOf(module),
    })),
  }
}

/** Writes down what a run of vitest came to: counts and the whole time of each file, its hooks and imports included. */
export default class ReportWriter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], errors: readonly SerializedError[]): void {
    const file = process.env[REPORT_FILE]
    if (file) writeFileSync(file, JSON.stringify(reportOf(modules, errors)))
  }
}

const minutes = (ms: number): string =>
  ms < 60_000 ? seconds(ms) : `${Math.floor(ms / 60_000)} min ${Math.round((ms % 60_000) / 1000)} s`

const fileLine = ({ file, ms, tests }: FileReport): string =>
  `${seconds(ms).padStart(8)}  ${file} (${tests} tests)`

/**
 * The last lines of a run; the very last one is for programs: "N passed, N failed", or "N passed, N failed, N skipped".
 * @param options.slowest also lists the slowest tenth of the files
 */
export function closingLines(
  { passed, failed, skipped, files }: TestReport,
  totalMs: number,
  options: { slowest: boolean },
): string[] {
  const byTime = files.toSorted((a, b) => b.ms - a.ms)
  const [slowest] = byTime
  return [
    ...(options.slowest ? byTime.slice(0, Math.ceil(files.length / 10)).map(fileLine) : []),
    `Time ${minutes(totalMs)}${slowest ? ` · slowest file ${slowest.file} ${seconds(slowest.ms)}` : ''}`,
    `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`,
  ]
}
