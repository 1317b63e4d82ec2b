const MINUTE = 60_000

/** The pause after each failed attempt; when the list ends, the message is given up. */
const PAUSES_MS = [1, 5, 15, 60, 180, 720].map((minutes) => minutes * MINUTE)

/** While the server cannot be reached at all, no attempt is used up; a message older than this is given up. */
const UNREACHABLE_PAUSE_MS = MINUTE
const LONGEST_WAIT_MS = 3 * 24 * 60 * MINUTE

/** What went wrong while handing a message to the mail server, to a push service or to the gateway of texts. */
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

/** How many attempts were made for a message, and how long ago it was written. */
type Tried = { attempts: number; ageMs: number }

const over = (outcome: DeliveryOutcome): NextAttempt => ({ kind: 'over', outcome })

/** The next attempt after one that was answered "not now", or the end when there were enough. */
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
 */
export function afterMailFailure(failure: SendFailure, { attempts, ageMs }: Tried): NextAttempt {
  const { responseCode = 0, command = '', textBegun = false } = failure
  if (responseCode >= 500 && ABOUT_THE_MESSAGE.includes(command)) return over('refused')
  if (responseCode >= 400 && responseCode < 500) return tryAgain(attempts)
  if (responseCode < 400 && textBegun) return over('in_doubt')
  return tryWhenBack(ageMs)
}

const PUSH_LATER = [408, 425, 429]

/** What an answer of a push service, or none, means for a message. */
export function afterPushFailure(failure: SendFailure, { attempts, ageMs }: Tried): NextAttempt {
  const { responseCode, textBegun = false } = failure
  if (responseCode === undefined) {
    if (textBegun) return over('in_doubt')
    // Each browser has its own service: one that cannot be reached says nothing about the others.
    const next = tryWhenBack(ageMs)
    return next.kind === 'unreachable' ? { kind: 'later', pauseMs: next.pauseMs, counts: false } : next
  }
  if (responseCode >= 500 || PUSH_LATER.includes(responseCode)) return tryAgain(attempts)
  return over('refused')
}

/** Texts carry codes that are valid for half an hour: a text that leaves later than this costs money and is useless. */
const LONGEST_SMS_WAIT_MS = 25 * MINUTE
const SMS_UNREACHABLE_PAUSE_MS = 15_000

/** Whether a text is too old to be sent, for any reason of the delay. */
export const isStaleSms = (ageMs: number): boolean => ageMs > LONGEST_SMS_WAIT_MS

/** The gateway did not take the text and will take it later: too many requests, too early, busy. */
const SMS_NOT_NOW = [425, 429, 503]
/** The fault is in our configuration: wrong token, no credit, wrong address, wrong method. */
const OUR_FAULT = [401, 402, 403, 404, 405]

/**
 * What an answer of the gateway, or none, means for a text. Only what was certainly not taken is tried again; every other
 * silence or error may have sent it, and a second code on the screen makes people distrust the first.
 */
export function afterSmsFailure(failure: SendFailure, { attempts, ageMs }: Tried): NextAttempt {
  const { responseCode, textBegun = false } = failure
  const waits: NextAttempt = isStaleSms(ageMs)
    ? over('given_up')
    : { kind: 'unreachable', pauseMs: SMS_UNREACHABLE_PAUSE_MS }
  if (responseCode === undefined) return textBegun ? over('in_doubt') : waits
  if (SMS_NOT_NOW.includes(responseCode)) {
    const next = tryAgain(attempts)
    const isInTime = next.kind === 'later' && !isStaleSms(ageMs + next.pauseMs)
    return isInTime ? next : over('given_up')
  }
  if (OUR_FAULT.includes(responseCode) || (responseCode >= 300 && responseCode < 400)) return waits
  // A conflict is about a key that the gateway already has: the text may be on its way.
  const isAboutTheNumber = responseCode >= 400 && responseCode < 500 && ![408, 409].includes(responseCode)
  return over(isAboutTheNumber ? 'refused' : 'in_doubt')
}
