import { AsyncLocalStorage } from 'node:async_hooks'
import { randomInt } from 'node:crypto'
import { isDatabaseAway } from './database-failure.ts'
import type { Failure } from './failure.ts'

type Noted = { failure: Failure | null; reported: Set<unknown> }

/** Next loads this module once for each part of the server; a request is the same in all of them. */
const shared = globalThis as { refettorioFailures?: AsyncLocalStorage<Noted> }

/** Ten digits, as Next's own digests are: they are read aloud on the telephone. */
const newReference = (): string => String(randomInt(1e9, 1e10))

/** A failure with the reference that person and log share. */
export const failureOf = (error: unknown, reference: string = newReference()): Failure => ({
  status: isDatabaseAway(error) ? 503 : 500,
  reference,
})

/**
 * Gives an error the reference that Next then hands to the page and to the log: its own is a sum of message and place, the
 * same for each person whom the same thing happens to, or none at all. What has one keeps it: a redirect of Next is an error too.
 */
export function referTo<T>(error: T): T {
  if (error instanceof Error && !('digest' in error)) Object.assign(error, { digest: newReference() })
  return error
}

/** Answers a request. @returns a function that asks what Next reported of it */
export function noteFailuresOf(answer: (noted: () => Failure | null) => void): void {
  shared.refettorioFailures ??= new AsyncLocalStorage<Noted>()
  const noted: Noted = { failure: null, reported: new Set() }
  shared.refettorioFailures.run(noted, () => answer(() => noted.failure))
}

/**
 * Next reports a failure of the request that it answers: the listener gives it words. The first one counts.
 * @returns null for what this request has reported already: Next does so for each part of a page that meets the same failure,
 * and once more for the whole
 */
export function noteFailure(error: unknown, digest: string | undefined): Failure | null {
  const noted = shared.refettorioFailures?.getStore()
  if (noted?.reported.has(error) || (digest !== undefined && noted?.reported.has(digest))) return null
  const failure = failureOf(error, digest)
  noted?.reported.add(error).add(failure.reference)
  if (noted) noted.failure ??= failure
  return failure
}
