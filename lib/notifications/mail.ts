/** A message as it will be sent: plain text, Italian, no names of children. */
export type MailText = { subject: string; text: string }

const MINUTE = 60_000

/** How long after each failed attempt the next one comes; when the list ends, the message is given up. */
const PAUSES_MS = [1, 5, 15, 60, 180, 720].map((minutes) => minutes * MINUTE)

/**
 * The pause before the next attempt, in milliseconds, or null to give up.
 * @param attempts how many were made
 */
export const pauseAfter = (attempts: number): number | null => PAUSES_MS[attempts - 1] ?? null

/** What went wrong while handing a message to the mail server. */
export type MailFailure = { code?: string; command?: string; responseCode?: number; message: string }

/**
 * May this message be tried again? Not when it may have gone: a connection that broke after the text was sent says nothing
 * about it, and two copies of a notice about money are worse than none, because the portal shows it anyway.
 * Not when the server refused it for good (5xx).
 */
export function mayRetry(failure: MailFailure): boolean {
  if (failure.responseCode !== undefined) return failure.responseCode < 500
  return failure.command !== 'DATA'
}
