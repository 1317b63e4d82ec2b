import { AsyncLocalStorage } from 'node:async_hooks'
import { randomInt } from 'node:crypto'
import { isDatabaseAway } from './database-failure.ts'
import type { Failure } from './failure.ts'

type Noted = { failure: Failure | null }

/** Next loads this module once for each part of the server; a request is the same in all of them. */
const shared = globalThis as { refettorioFailures?: AsyncLocalStorage<Noted> }

/** Ten digits, as Next's own digests are: they are read aloud on the telephone. */
const newReference = (): string => String(randomInt(1e9, 1e10))

/** A failure with the reference that person and log share. */
export const failureOf = (error: unknown, reference: string = newReference()): Failure => ({
  status: isDatabaseAway(error) ? 503 : 500,
  reference,
})

/** Answers a request. @returns a function that asks what Next reported of it */
export function noteFailuresOf(answer: (noted: () => Failure | null) => void): void {
  shared.refettorioFailures ??= new AsyncLocalStorage<Noted>()
  const noted: Noted = { failure: null }
  shared.refettorioFailures.run(noted, () => answer(() => noted.failure))
}

/** Next reports a failure of the request that it answers: the listener gives it words. The first one counts. */
export function noteFailure(error: unknown, digest: string | undefined): Failure {
  const noted = shared.refettorioFailures?.getStore()
  if (noted?.failure) return noted.failure
  const failure = failureOf(error, digest)
  if (noted) noted.failure = failure
  return failure
}
