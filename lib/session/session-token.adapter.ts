import { randomBytes } from 'node:crypto'
import { decode, encode } from 'next-auth/jwt'
import { authCookies } from './cookies.ts'

/** A secret of 256 random bits: the browser that sends it has the session. It exists only inside the sealed cookie. */
export const newSessionToken = (): string => randomBytes(32).toString('base64url')

/**
 * The header that gives a browser a session which next-auth did not open, sealed exactly as next-auth seals its own.
 * @param seconds until the session's absolute end
 */
export async function sessionCookieHeader(token: string, secret: string, seconds: number): Promise<string> {
  const sealed = await encode({ token: { sid: token }, secret, maxAge: seconds })
  return `${authCookies.sessionToken.name}=${sealed}; Path=/; Max-Age=${seconds}; HttpOnly; Secure; SameSite=Lax`
}

/** The value that next-auth sealed for a provider in one of the cookies of a sign-in under way; null as above. */
export async function openCheckCookie(
  check: 'state' | 'nonce' | 'pkceCodeVerifier',
  cookies: Readonly<Record<string, string>>,
  { secret, provider }: { secret: string; provider: string },
): Promise<string | null> {
  const { name } = authCookies[check]
  const token = cookies[name]
  if (!token) return null
  const claims = await decode({ token, secret, salt: name }).catch(() => null)
  return claims?.provider === provider && typeof claims.value === 'string' ? claims.value : null
}
