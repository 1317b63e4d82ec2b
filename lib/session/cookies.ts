/**
 * Names and lives of the cookies. The `__Host-` prefix makes browsers refuse them unless they are Secure, of this very
 * host and for the whole site: no sibling domain can plant one. Browsers take http://localhost for secure.
 */
const ATTRIBUTES = { httpOnly: true, sameSite: 'lax', path: '/', secure: true } as const
/** How long a person may stay at the identity provider. */
const SIGN_IN_SECONDS = 15 * 60

const cookie = (name: string, maxAge?: number) => ({
  name: `__Host-refettorio-${name}`,
  options: maxAge === undefined ? ATTRIBUTES : { ...ATTRIBUTES, maxAge },
})

/** The options in next-auth's shape. */
export const authCookies = {
  sessionToken: cookie('sessione'),
  callbackUrl: cookie('ritorno', SIGN_IN_SECONDS),
  csrfToken: cookie('modulo', SIGN_IN_SECONDS),
  state: cookie('stato', SIGN_IN_SECONDS),
  nonce: cookie('nonce', SIGN_IN_SECONDS),
  pkceCodeVerifier: cookie('pkce', SIGN_IN_SECONDS),
} as const

/** Cookies of a sign-in in progress; they are cleared when it succeeds or fails. */
export const SIGN_IN_COOKIES = [
  authCookies.callbackUrl.name,
  authCookies.csrfToken.name,
  authCookies.state.name,
  authCookies.nonce.name,
  authCookies.pkceCodeVerifier.name,
] as const

/** A cookie's decoded value; empty when it is badly encoded. */
function decoded(value: string): string {
  try {
    return decodeURIComponent(value)
  } catch {
    return ''
  }
}

/** The cookies of a request's `Cookie` header; a name sent twice counts once, the first, as browsers order them. */
export function readCookies(header: string | null): Record<string, string> {
  const cookies: Record<string, string> = Object.create(null)
  for (const pair of (header ?? '').split(';')) {
    const equals = pair.indexOf('=')
    if (equals < 0) continue
    const name = pair.slice(0, equals).trim()
    if (!(name in cookies)) cookies[name] = decoded(pair.slice(equals + 1).trim())
  }
  return cookies
}

/** The header that makes a browser delete a cookie of ours. */
export const clearedCookie = (name: string): string =>
  `${name}=; Path=/; Max-Age=0; HttpOnly; Secure; SameSite=Lax`
