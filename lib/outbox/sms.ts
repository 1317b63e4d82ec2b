import { type NextAttempt, type SendFailure, tryAgain } from './mail.ts'

const MINUTE = 60_000

/** Texts carry codes that are valid for half an hour: a text that leaves later than this costs money and is useless. */
const LONGEST_WAIT_MS = 25 * MINUTE
const UNREACHABLE_PAUSE_MS = 15_000

/** Whether a text is too old to be sent, for any reason of the delay. */
export const isStale = (ageMs: number): boolean => ageMs > LONGEST_WAIT_MS

/** The gateway did not take the text and will take it later: too many requests, too early, busy. */
const NOT_NOW = [425, 429, 503]
/** The fault is in our configuration: wrong token, no credit, wrong address, wrong method. */
const OUR_FAULT = [401, 402, 403, 404, 405]

/**
 * What an answer of the gateway, or none, means for a text. Only what was certainly not taken is tried again; every other
 * silence or error may have sent it, and a second code on the screen makes people distrust the first.
 */
export function afterSmsFailure(
  failure: SendFailure,
  message: { attempts: number; ageMs: number },
): NextAttempt {
  const { responseCode, textBegun = false } = failure
  const waits: NextAttempt = isStale(message.ageMs)
    ? { kind: 'over', outcome: 'given_up' }
    : { kind: 'unreachable', pauseMs: UNREACHABLE_PAUSE_MS }
  if (responseCode === undefined) return textBegun ? { kind: 'over', outcome: 'in_doubt' } : waits
  if (NOT_NOW.includes(responseCode)) {
    const next = tryAgain(message.attempts)
    const isInTime = next.kind === 'later' && !isStale(message.ageMs + next.pauseMs)
    return isInTime ? next : { kind: 'over', outcome: 'given_up' }
  }
  if (OUR_FAULT.includes(responseCode) || (responseCode >= 300 && responseCode < 400)) return waits
  // A conflict is about a key that the gateway already has: the text may be on its way.
  const isAboutTheNumber = responseCode >= 400 && responseCode < 500 && ![408, 409].includes(responseCode)
  return { kind: 'over', outcome: isAboutTheNumber ? 'refused' : 'in_doubt' }
}

/**
 * A text in the alphabet of telephones (GSM 03.38, 160 characters a message): one typographic apostrophe would make the
 * whole text go in another alphabet, with 70.
 */
export const inSmsAlphabet = (text: string): string =>
  text
    .replace(/[’‘]/g, "'")
    .replace(/[“”]/g, '"')
    .replace(/\u00a0/g, ' ')
