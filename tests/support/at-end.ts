import { afterAll } from 'vitest'

type Cleanup = () => Promise<unknown> | unknown

const cleanups: Cleanup[] = []

// Registered while the file is being read: a hook asked for later, from within another hook, would never run.
afterAll(async () => {
  for (const cleanup of cleanups.splice(0).toReversed()) await cleanup()
}, 60_000)

/** Runs `cleanup` when the test file is done, the last asked first; may be asked for at any moment. */
export function atEnd(cleanup: Cleanup): void {
  cleanups.push(cleanup)
}
