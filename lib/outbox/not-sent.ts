import type { SendFailure } from './retry.ts'

/** A message that the server did not take, or may not have taken: `failure` says why, and whether sending had begun. */
export class NotSent extends Error {
  readonly failure: SendFailure
  constructor(failure: SendFailure) {
    super(failure.message)
    this.failure = failure
  }
}
