import { appendFileSync } from 'node:fs'
import fc, { type RunDetails } from 'fast-check'
import { expect } from 'vitest'

// The one place that says how the random tests run. `npm test` runs a slice of each, the same one every time; `npm run test:long`
// runs them at length with another seed, and writes down what ran. A test takes fast-check from here, and from nowhere else.

/** The slice that every run sees, unless the order of the run has a seed of its own. */
const SEED = Number(process.env.TEST_SEED ?? 20_261_129)
/** How many times as long as in `npm test` everything runs. */
const TIMES = Number(process.env.TEST_LONG ?? 1)
const RUNS = 100
/** Where `npm run test:long` reads what ran: one line of JSON per property. */
const REPORT = process.env.TEST_LONG_REPORT

/** What one property came to. */
export type PropertyReport = { file: string; test: string; runs: number; seed: number; failed: boolean }

/** Whether this run walks everything: a test that takes few steps in `npm test` takes all of them here. */
export const IS_LONG = TIMES > 1

/** A number of runs, or a time-out, as large as the run asks for. */
export const atLength = (inASlice: number): number => inASlice * TIMES

let asked = 0

/** `count` values, others at each call. */
export function someOf<T>(values: fc.Arbitrary<T>, count: number): T[] {
  asked += 1
  return fc.sample(values, { numRuns: atLength(count), seed: SEED + asked })
}

function report(details: RunDetails<unknown>): void {
  const { testPath = '', currentTestName = '' } = expect.getState()
  const line: PropertyReport = {
    file: testPath.slice(`${process.cwd()}/`.length),
    test: currentTestName,
    runs: details.numRuns,
    seed: details.seed,
    failed: details.failed,
  }
  if (REPORT) appendFileSync(REPORT, `${JSON.stringify(line)}\n`)
  // The message names the seed and the path with which the counterexample is found again.
  if (details.failed) throw new Error(fc.defaultReportMessage(details), { cause: details.errorInstance })
}

fc.configureGlobal({ seed: SEED, numRuns: atLength(RUNS), reporter: report })

export default fc
