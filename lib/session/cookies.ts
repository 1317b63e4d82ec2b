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

/** The header that makes a browser delete a cookie of ours. */
export const clearedCookie = (name: string): string =>
  `${name}=; Path=/; Max-Age=0; HttpOnly; Secure; SameSite=Lax`
