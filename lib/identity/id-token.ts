import { createHash } from 'node:crypto'
import type { Claims } from './claims.ts'

const SKEW_SECONDS = 10
/** An ID token travels from server to server in a moment; an older one was stored on the way. */
const LONGEST_WAY_SECONDS = 5 * 60
const LONGEST_SUBJECT = 255

/** The hash of an access token in an ID token signed with RS256 (OpenID Connect Core 3.1.3.6). */
const hashOfToken = (accessToken: string): string =>
  createHash('sha256').update(accessToken).digest().subarray(0, 16).toString('base64url')

/**
 * Checks what the OpenID library does not, in a token answer whose signature, issuer, audience, nonce and expiry hold.
 * @param now Unix seconds
 * @returns a word for the log, or null when nothing is wrong
 */
export function tokenProblem(
  answer: { tokenType: unknown; accessToken?: string; claims: Claims },
  now: number,
): string | null {
  const { iat, sub, nonce, at_hash: hash } = answer.claims
  if (typeof answer.tokenType !== 'string' || answer.tokenType.toLowerCase() !== 'bearer') return 'token_type'
  if (typeof iat !== 'number' || iat > now + SKEW_SECONDS) return 'iat in the future'
  if (iat < now - LONGEST_WAY_SECONDS) return 'iat too old'
  if (typeof sub !== 'string' || sub === '' || sub.length > LONGEST_SUBJECT) return 'sub'
  if (typeof nonce !== 'string') return 'nonce'
  if (hash !== undefined && hash !== hashOfToken(answer.accessToken ?? '')) return 'at_hash'
  return null
}
