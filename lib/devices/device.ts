/** Wrong sequences after which a device is forgotten (NIST SP 800-63B-4 allows ten: a drawn sequence is weaker than a PIN). */
export const MAX_FAILURES = 5
/** Days without an unlock after which a device is forgotten. */
export const IDLE_DAYS = 90
/** Days after the full sign-in after which a device is forgotten, however used: once a school year we ask for SPID or CIE. */
export const LIFE_DAYS = 365
/** How long the replaced secret still works: a browser whose answer got lost asks again. */
export const GRACE_SECONDS = 60
/** Remembered devices of one person. */
export const MAX_DEVICES = 10

/** Why a device was forgotten. */
export type RevokeReason =
  | 'owner'
  | 'forgotten'
  | 'everywhere'
  | 'failures'
  | 'copied'
  | 'idle'
  | 'replaced'
  | 'code-closed'

/** What the database says of a device when a browser shows its cookie. */
export type Presented = {
  revoked: boolean
  /** Seconds since the last unlock and since the full sign-in behind it. */
  idleSeconds: number
  ageSeconds: number
  /** The changing half of the cookie: the newest, the one just replaced, or an older one. */
  secret: 'current' | 'just-replaced' | 'old'
  failures: number
}

const DAY_SECONDS = 86_400

/**
 * Whether a browser with this cookie may try to unlock; a reason where the device must be forgotten now.
 * An old secret means that two browsers hold the cookie: the server cannot tell which is the family's, so neither keeps it.
 */
export function deviceStanding(device: Presented): 'open' | 'closed' | RevokeReason {
  if (device.revoked) return 'closed'
  if (device.secret === 'old') return 'copied'
  if (device.idleSeconds >= IDLE_DAYS * DAY_SECONDS || device.ageSeconds >= LIFE_DAYS * DAY_SECONDS) {
    return 'idle'
  }
  return device.failures < MAX_FAILURES ? 'open' : 'closed'
}
