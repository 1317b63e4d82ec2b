import type { SendFailure } from './mail.ts'

/** A message that was not taken, or may not have been: `failure` says why, and whether it had begun to leave. */
export class NotSent extends Error {
  readonly failure: SendFailure
  constructor(failure: SendFailure) {
    super(failure.message)
    this.failure = failure
  }
}
