import { appendFileSync } from 'node:fs'
import path from 'node:path'
import { afterAll, afterEach, expect, inject } from 'vitest'
import { forgetEnv } from '#lib/kernel/env.ts'
import { runCleanups } from './at-end.ts'
import { restartClock } from './clock.ts'
import { complainOfOutput, watchConsole } from './console.ts'

// Runs before each file. Files of one project share a worker and its modules (vitest.config.ts), so what a file changes for its
// whole process ends with the file: the environment, what it asked `atEnd` to clean up, the listener of the console.
const environment = { ...process.env }

function restoreEnvironment(): void {
  for (const name of Object.keys(process.env)) if (!(name in environment)) delete process.env[name]
  Object.assign(process.env, environment)
  forgetEnv()
}

/** Says that a file of this run is done, for the check of raw queries at its end. */
function noteFile(): void {
  const folder = inject('queryRecords')
  if (folder) appendFileSync(path.join(folder, 'files'), `${expect.getState().testPath}\n`)
}

watchConsole()
restartClock()
afterEach(complainOfOutput)
afterAll(async () => {
  await runCleanups()
  noteFile()
  restoreEnvironment()
  complainOfOutput()
}, 60_000)
