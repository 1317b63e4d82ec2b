const MINUTE = 60_000

/** The pause after each failed attempt; when the list ends, the message is given up. */
const PAUSES_MS = [1, 5, 15, 60, 180, 720].map((minutes) => minutes * MINUTE)

/** While the server cannot be reached at all, no attempt is used up; a message older than this is given up. */
const UNREACHABLE_PAUSE_MS = MINUTE
const LONGEST_WAIT_MS = 3 * 24 * 60 * MINUTE

/** What went wrong while handing a message to the mail server or to a push service. */
export type SendFailure = {
  code?: string
  /** The SMTP command that was being answered. */
  command?: string
  /** The server's answer, as a number of SMTP or HTTP. */
  responseCode?: number
  response?: string
  message: string
  /** Sending the text had begun: without an answer it is not known whether it arrived. */
  textBegun?: boolean
}

/** How a delivery ended. `in_doubt`: it may have gone, so it is never repeated. */
export type DeliveryOutcome = 'sent' | 'refused' | 'in_doubt' | 'given_up'

/** What follows an attempt: an end, or a retry later. `counts`: the attempt was used up. */
export type NextAttempt =
  | { kind: 'over'; outcome: DeliveryOutcome }
  | { kind: 'later'; pauseMs: number; counts: boolean }
  | { kind: 'unreachable'; pauseMs: number }

const over = (outcome: DeliveryOutcome): NextAttempt => ({ kind: 'over', outcome })

/**
 * The next attempt after one that was answered "not now", or the end when there were enough.
 * @param attempts how many were made
 */
export function tryAgain(attempts: number): NextAttempt {
  const pauseMs = PAUSES_MS[attempts - 1]
  return pauseMs === undefined ? over('given_up') : { kind: 'later', pauseMs, counts: true }
}

/** An unreachable server is tried again every minute, for three days. */
export const tryWhenBack = (ageMs: number): NextAttempt =>
  ageMs > LONGEST_WAIT_MS ? over('given_up') : { kind: 'unreachable', pauseMs: UNREACHABLE_PAUSE_MS }

/** An answer to these commands is about this one message; a refusal elsewhere is about us (password, sender). */
const ABOUT_THE_MESSAGE = ['RCPT TO', 'DATA']

/**
 * What a failure of the mail server means for a message. A connection that broke after sending the text had begun says
 * nothing about it, and two copies of a notice about money are worse than none, because the portal shows it anyway.
 * @param message how many attempts were made, and how long ago it was written, in milliseconds
 */
export function afterMailFailure(
  failure: SendFailure,
  message: { attempts: number; ageMs: number },
): NextAttempt {
  const { responseCode = 0, command = '', textBegun = false } = failure
  if (responseCode >= 500 && ABOUT_THE_MESSAGE.includes(command)) return over('refused')
  if (responseCode >= 400 && responseCode < 500) return tryAgain(message.attempts)
  if (responseCode < 400 && textBegun) return over('in_doubt')
  return tryWhenBack(message.ageMs)
}

const NO_SUCH_BOX = [550, 551, 553, 556]

/** Does the answer say that the address itself is wrong? A full box or a policy (5.2, 5.7) is not the address's fault. */
export function isBadAddress({ command, responseCode = 0, response = '' }: SendFailure): boolean {
  if (command !== 'RCPT TO' || !NO_SUCH_BOX.includes(responseCode)) return false
  const detail = /\b5\.(\d{1,3})\.\d{1,3}\b/.exec(response)?.[1]
  return detail === undefined || detail === '1'
}
