import { createDecipheriv, createHash, hkdfSync, randomBytes } from 'node:crypto'
import { decode, encode } from 'next-auth/jwt'
import { authCookies } from './cookies.ts'

/** A secret of 256 random bits: the browser that sends it has the session. It exists only inside the sealed cookie. */
export const newSessionToken = (): string => randomBytes(32).toString('base64url')

/** The hash of a secret that the database keeps. */
export const hashToken = (token: string): Buffer => createHash('sha256').update(token).digest()

const TOKEN = /^[\w-]{43}$/

/** next-auth's only encryption: direct key (`dir`), AES-256-GCM. */
const SEAL = { alg: 'dir', enc: 'A256GCM' }
const TAG_BYTES = 16
/** next-auth's tolerance for clocks that differ. */
const CLOCK_TOLERANCE_SECONDS = 15

let derived: { secret: string; key: Buffer } | undefined

/** The key that next-auth makes of its secret; made once, because every request of a signed-in person needs it. */
function sealingKey(secret: string): Buffer {
  if (derived?.secret !== secret) {
    const key = hkdfSync('sha256', secret, '', 'NextAuth.js Generated Encryption Key', 32)
    derived = { secret, key: Buffer.from(key) }
  }
  return derived.key
}

const bytes = (text: string): Buffer => Buffer.from(text, 'base64url')

/**
 * The claims of a cookie that next-auth sealed (a compact JWE); null when it is damaged or not ours. The same as next-auth's
 * `decode`, which derives the key again and goes through the thread pool for each cookie: four times the processor time, on
 * every request at the peak.
 */
function unsealed(cookie: string, secret: string): Record<string, unknown> | null {
  const parts = cookie.split('.')
  const [header = '', wrappedKey, iv = '', sealed = '', tag = ''] = parts
  if (parts.length !== 5 || wrappedKey !== '') return null
  try {
    const { alg, enc, zip, crit } = JSON.parse(bytes(header).toString()) as Record<string, unknown>
    if (alg !== SEAL.alg || enc !== SEAL.enc || zip !== undefined || crit !== undefined) return null
    const decipher = createDecipheriv('aes-256-gcm', sealingKey(secret), bytes(iv), {
      authTagLength: TAG_BYTES,
    })
    decipher.setAAD(Buffer.from(header, 'ascii')).setAuthTag(bytes(tag))
    const claims: unknown = JSON.parse(
      Buffer.concat([decipher.update(bytes(sealed)), decipher.final()]).toString(),
    )
    return typeof claims === 'object' && claims !== null ? (claims as Record<string, unknown>) : null
  } catch {
    return null
  }
}

/**
 * The session secret inside a sealed cookie; null for a missing, tampered, foreign or expired one.
 * @param cookie value of the session cookie, a JWE that next-auth made
 */
export async function openSessionCookie(cookie: string | undefined, secret: string): Promise<string | null> {
  const claims = cookie ? unsealed(cookie, secret) : null
  if (!claims || typeof claims.exp !== 'number') return null
  // Only how long a browser keeps it: when a session ends is for its row and the database's clock.
  if (claims.exp <= Date.now() / 1_000 - CLOCK_TOLERANCE_SECONDS) return null
  const token = claims.sid
  return typeof token === 'string' && TOKEN.test(token) ? token : null
}

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
