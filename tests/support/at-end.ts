type Cleanup = () => Promise<unknown> | unknown

const cleanups: Cleanup[] = []

/** Runs `cleanup` when the test file is done, the last asked first; may be asked for at any moment. */
export function atEnd(cleanup: Cleanup): void {
  cleanups.push(cleanup)
}

/** Runs what the test file asked for. Called once per file: see hooks.ts. */
export async function runCleanups(): Promise<void> {
  for (const cleanup of cleanups.splice(0).toReversed()) await cleanup()
}
