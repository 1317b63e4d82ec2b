import { createHash } from 'node:crypto'

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

/** The header that makes a browser delete a cookie of ours. */
export const clearedCookie = (name: string): string =>
  `${name}=; Path=/; Max-Age=0; HttpOnly; Secure; SameSite=Lax`

type Cookies = Readonly<Record<string, string>>

/**
 * What a browser keeps of one sign-in under way. next-auth gives these cookies one name each; a browser has them once per
 * sign-in, named after its state: two tabs do not take them from each other, and an answer finds those of its own state only.
 */
const SIGN_IN_COOKIES = [
  authCookies.state.name,
  authCookies.nonce.name,
  authCookies.pkceCodeVerifier.name,
  authCookies.callbackUrl.name,
] as const

/** How many sign-ins a browser may have under way: their cookies travel with every request, and a request's headers have a limit. */
const MOST_SIGN_INS = 4

/** The end of a cookie's name: 96 bits of the state's hash. */
const suffixOf = (state: string): string =>
  createHash('sha256').update(state).digest('base64url').slice(0, 16)

/** The name that a cookie of next-auth's has in the browser, in the sign-in of this state. */
export const signInCookieName = (name: string, state: string): string => `${name}-${suffixOf(state)}`

/** The suffixes of the sign-ins under way, the oldest first: browsers send cookies in the order in which they were made. */
function suffixesIn(cookies: Cookies): string[] {
  const prefix = `${authCookies.state.name}-`
  return Object.keys(cookies)
    .filter((name) => name.startsWith(prefix))
    .map((name) => name.slice(prefix.length))
}

const underNextAuthsNames = (cookies: Cookies, suffix: string): Record<string, string> =>
  Object.fromEntries(
    SIGN_IN_COOKIES.flatMap((name) => {
      const value = cookies[`${name}-${suffix}`]
      return value === undefined ? [] : [[name, value]]
    }),
  )

/** The cookies of the sign-in of this state, under next-auth's names; none for a state of which this browser has none. */
export const signInCookies = (cookies: Cookies, state: string): Record<string, string> =>
  underNextAuthsNames(cookies, suffixOf(state))

/** As `signInCookies`, for every sign-in under way, the newest first. */
export const signInsUnderWay = (cookies: Cookies): Record<string, string>[] =>
  suffixesIn(cookies)
    .map((suffix) => underNextAuthsNames(cookies, suffix))
    .toReversed()

/** The headers of next-auth that begin a sign-in, renamed after its state. */
export const namedAfterState = (headers: readonly string[], state: string): string[] =>
  headers.flatMap((header) => {
    const name = SIGN_IN_COOKIES.find((one) => header.startsWith(`${one}=`))
    return name ? [signInCookieName(name, state) + header.slice(name.length)] : []
  })

const cleared = (suffix: string): string[] =>
  SIGN_IN_COOKIES.map((name) => clearedCookie(`${name}-${suffix}`))

/** The headers that end the sign-in of this state in the browser, and no other. */
export const clearedSignIn = (state: string): string[] => cleared(suffixOf(state))

/** The headers that end every sign-in under way in the browser. */
export const clearedSignIns = (cookies: Cookies): string[] => suffixesIn(cookies).flatMap(cleared)

/** The headers that end the oldest sign-ins under way, so that one more has its place. */
export const roomForOneMore = (cookies: Cookies): string[] =>
  suffixesIn(cookies)
    .slice(0, 1 - MOST_SIGN_INS)
    .flatMap(cleared)
