import type { Failure } from './mail.ts'

/** A message that was not taken, or may not have been: `failure` says why, and whether it had begun to leave. */
export class NotSent extends Error {
  readonly failure: Failure
  constructor(failure: Failure) {
    super(failure.message)
    this.failure = failure
  }
}
