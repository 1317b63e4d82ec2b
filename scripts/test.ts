import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { build, isBuilt } from './build.ts'

type Report = {
  numPassedTests: number
  numPendingTests: number
  numTodoTests: number
  testResults: { status: string; assertionResults: { status: string }[] }[]
}

/** A file that fails before or after its tests (a broken import, a hook) is a failure too, though no test of it failed. */
function failuresIn({ testResults }: Report): number {
  return testResults.reduce((sum, { status, assertionResults }) => {
    const failed = assertionResults.filter((test) => test.status === 'failed').length
    return sum + (failed === 0 && status === 'failed' ? 1 : failed)
  }, 0)
}

function readReport(file: string): Report | null {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Report
  } catch {
    return null
  }
}

/** `npm test`: everything once, on a fresh build; `npm test -- meals` only what is named so. The last line counts. */
export async function main(args: readonly string[]): Promise<number> {
  if (!isBuilt()) {
    console.log('Costruisco il sito…')
    await build({ quiet: true })
  }
  const folder = mkdtempSync(path.join(os.tmpdir(), 'refettorio-report-'))
  const file = path.join(folder, 'report.json')
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${file}`]
  const vitest = spawn(process.execPath, ['node_modules/vitest/vitest.mjs', 'run', ...reporters, ...args], {
    stdio: 'inherit',
  })
  const [code] = (await once(vitest, 'exit')) as [number | null]
  const report = readReport(file)
  rmSync(folder, { recursive: true, force: true })
  if (!report) return code || 1

  const failed = Math.max(failuresIn(report), code === 0 ? 0 : 1)
  const skipped = report.numPendingTests + report.numTodoTests
  console.log(`${report.numPassedTests} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`)
  return failed > 0 || report.numPassedTests === 0 ? 1 : 0
}
