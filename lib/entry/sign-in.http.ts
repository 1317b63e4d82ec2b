import 'server-only'
import { randomBytes } from 'node:crypto'
import {
  callbackUrl,
  isMunicipalitySlug,
  landingPath,
  readCallbackUrl,
  safeReturnPath,
} from '#lib/access/return-path.ts'
import { deviceName } from '#lib/devices/device-name.ts'
import { endSessionAddress } from '#lib/identity/bridge.adapter.ts'
import { BRIDGE } from '#lib/identity/bridge-provider.adapter.ts'
import type { SignInMethod } from '#lib/identity/claims.ts'
import { codeOfProviderError, type SignInErrorCode } from '#lib/identity/sign-in-errors.ts'
import { env } from '#lib/kernel/env.ts'
import { log } from '#lib/kernel/log.ts'
import { authCookies, clearedCookie, SIGN_IN_COOKIES } from '#lib/session/cookies.ts'
import { languageCookies } from '#lib/session/language.commands.ts'
import { type RateLimitKind, takeFromRateLimit } from '#lib/session/rate-limit.commands.ts'
import { tooManyAttempts } from '#lib/session/rate-limit.http.ts'
import { closeSession, recordRefusedSignIn, spendState } from '#lib/session/session.commands.ts'
import { fromOurPages, openSessionCookie, readCookies, sessionOf } from '#lib/session/session.queries.ts'
import { openCheckCookie } from '#lib/session/session-token.adapter.ts'
import { readForm, seeOther } from '#lib/web/form-request.http.ts'
import { type AuthAnswer, nextAuth } from './next-auth.adapter.ts'
import type { SignInRequest } from './next-auth-options.adapter.ts'

/** The address to which a bridge sends the browser after its own sign-out; the bridge must know it beforehand. */
const SIGNED_OUT = '/api/auth/uscita'

type Cookies = Readonly<Record<string, string>>

const notFound = (): Response => new Response(null, { status: 404 })

const clearedSignIn = (): string[] => SIGN_IN_COOKIES.map(clearedCookie)

const errorPage = (municipalitySlug: string | null, code: SignInErrorCode): string =>
  municipalitySlug ? `/${municipalitySlug}/accesso/errore?c=${code}` : `/accesso/errore?c=${code}`

/** The end of every sign-in that does not succeed: a row in the register, no session, the page with the right words. */
async function refuse(
  municipalitySlug: string | null,
  code: SignInErrorCode,
  cookies: string[],
  { method, level }: { method: string | null; level: number | null } = { method: null, level: null },
): Promise<Response> {
  await recordRefusedSignIn({ municipalitySlug, outcome: code, method, level })
  return seeOther(errorPage(municipalitySlug, code), cookies)
}

const signInFrom = async (
  request: Request,
  cookies: Cookies,
  municipalitySlug: string | null,
): Promise<SignInRequest> => ({
  municipalitySlug,
  device: deviceName(request.headers.get('user-agent')),
  previousToken: await openSessionCookie(cookies[authCookies.sessionToken.name], env().NEXTAUTH_SECRET),
})

/** The CSRF value and its cookie, as next-auth mints them: it asks for the pair on every POST. */
async function csrfPair(signIn: SignInRequest): Promise<{ csrfToken: string; cookies: Cookies }> {
  const { body, cookies } = await nextAuth({ method: 'GET', action: 'csrf', cookies: {} }, signIn)
  const pair = cookies.map((cookie) => cookie.split(';')[0]).join(';')
  return { csrfToken: (body as { csrfToken: string }).csrfToken, cookies: readCookies(pair) }
}

const methodOf = (value: string | null): SignInMethod | null =>
  value === 'spid' || value === 'cie' ? value : null

/** Redirects from the form of *Accedi ai servizi* to the identity provider. */
async function startSignIn(request: Request): Promise<Response> {
  const form = await readForm(request)
  const municipalitySlug = form?.get('municipalitySlug')
  const known = isMunicipalitySlug(municipalitySlug) ? municipalitySlug : null
  const signIn = await signInFrom(request, {}, known)
  const method = methodOf(form?.get('metodo') ?? null)
  if (!known || !method || !fromOurPages(request.headers, env().PUBLIC_ORIGIN)) {
    return refuse(known, 'richiesta-non-riconosciuta', [])
  }
  const { csrfToken, cookies } = await csrfPair(signIn)
  const answer = await nextAuth(
    {
      method: 'POST',
      action: 'signin',
      provider: BRIDGE,
      query: { idp_hint: method },
      body: {
        csrfToken,
        callbackUrl: callbackUrl(env().PUBLIC_ORIGIN, known, safeReturnPath(form?.get('returnPath'), known)),
      },
      cookies,
    },
    signIn,
  )
  if (!answer.location || new URL(answer.location).origin === env().PUBLIC_ORIGIN) {
    return refuse(known, 'servizio-non-raggiungibile', [], { method, level: null })
  }
  return seeOther(answer.location, answer.cookies)
}

/** Every parameter once, or null: two values of one parameter are two readings of one answer. */
function singleParams(params: URLSearchParams): Record<string, string> | null {
  const entries = [...params]
  const names = new Set(entries.map(([name]) => name))
  return names.size === entries.length ? Object.fromEntries(entries) : null
}

/**
 * Checks the provider's answer before its code is used; null when nothing is wrong.
 * The state is compared for errors too: another site could otherwise end our sign-ins.
 */
async function refusalOfAnswer(
  params: Record<string, string> | null,
  cookies: Cookies,
): Promise<SignInErrorCode | null> {
  const seal = { secret: env().NEXTAUTH_SECRET, provider: BRIDGE }
  if (!params) return 'risposta-non-valida'
  const [state, nonce, verifier] = await Promise.all(
    (['state', 'nonce', 'pkceCodeVerifier'] as const).map((check) => openCheckCookie(check, cookies, seal)),
  )
  if (!state || !nonce || !verifier || params.state !== state) return 'accesso-scaduto'
  if (params.error && params.code) return 'risposta-non-valida'
  if (params.error) {
    const foreign = params.iss !== undefined && params.iss !== env().IDENTITY_ISSUER
    return foreign
      ? 'risposta-non-valida'
      : codeOfProviderError(params.error, params.error_description ?? null)
  }
  if (!params.code) return 'risposta-non-valida'
  return (await spendState(state)) ? null : 'accesso-scaduto'
}

/** The answer of a finished sign-in: the sealed session cookie and a redirect to the first page. */
async function welcome(answer: AuthAnswer, token: string, cookies: Cookies): Promise<Response> {
  const { municipalitySlug, returnPath } = readCallbackUrl(
    cookies[authCookies.callbackUrl.name],
    env().PUBLIC_ORIGIN,
  )
  const session = answer.cookies.filter((cookie) => cookie.startsWith(authCookies.sessionToken.name))
  const viewer = municipalitySlug ? ((await sessionOf(token, municipalitySlug))?.viewer ?? null) : null
  return seeOther(municipalitySlug ? landingPath(municipalitySlug, viewer, returnPath) : '/', [
    ...clearedSignIn(),
    ...session,
    ...(await languageCookies(token, cookies)),
  ])
}

/** Handles the redirect from the identity provider. */
async function finishSignIn(request: Request): Promise<Response> {
  const cookies = readCookies(request.headers.get('cookie'))
  const { municipalitySlug } = readCallbackUrl(cookies[authCookies.callbackUrl.name], env().PUBLIC_ORIGIN)
  const signIn = await signInFrom(request, cookies, municipalitySlug)
  const params = singleParams(new URL(request.url).searchParams)
  const refusal = await refusalOfAnswer(params, cookies)
  if (refusal || !params) return refuse(municipalitySlug, refusal ?? 'risposta-non-valida', clearedSignIn())
  const answer = await nextAuth(
    { method: 'GET', action: 'callback', provider: BRIDGE, query: params, cookies },
    signIn,
  )
  switch (answer.end?.kind) {
    case 'entered':
      return welcome(answer, answer.end.token, cookies)
    case 'refused':
      return refuse(municipalitySlug, answer.end.code, clearedSignIn(), answer.end)
    case 'defect':
      throw answer.end.error
    default:
      // next-auth never reached our hooks: it could not read the provider's discovery document.
      return refuse(municipalitySlug, 'servizio-non-raggiungibile', clearedSignIn())
  }
}

/** *Esci*, here or on every device. A browser without a session is signed out already. */
async function signOut(request: Request): Promise<Response> {
  const form = await readForm(request)
  const municipalitySlug = form?.get('municipalitySlug')
  const known = isMunicipalitySlug(municipalitySlug) ? municipalitySlug : null
  if (!form || !fromOurPages(request.headers, env().PUBLIC_ORIGIN)) {
    return refuse(known, 'richiesta-non-riconosciuta', [])
  }
  const { previousToken } = await signInFrom(request, readCookies(request.headers.get('cookie')), known)
  const everywhere = form.get('ovunque') === '1'
  const closed = previousToken
    ? await closeSession(previousToken, { municipalitySlug: known, everywhere })
    : null
  const cleared = [clearedCookie(authCookies.sessionToken.name), ...clearedSignIn()]
  const state = `${known ?? ''}${everywhere ? '.ovunque' : ''}`
  const atBridge = closed === 'identity' ? await bridgeSignOut(state) : null
  // The browser deletes all data of the family: its cache and the pages that the service worker kept to read offline.
  return seeOther(atBridge ?? signedOutPage(state), cleared, { 'clear-site-data': '"cache", "storage"' })
}

/** The page after signing out, of the municipality and the kind that `state` names. */
function signedOutPage(state: string): string {
  const [municipalitySlug, kind] = state.split('.')
  if (!isMunicipalitySlug(municipalitySlug)) return '/'
  return `/${municipalitySlug}/accesso/uscita${kind === 'ovunque' ? '?ovunque=1' : ''}`
}

/** The address where the bridge ends its own session. The person is signed out here already, so a bridge that does not answer stops nothing. */
async function bridgeSignOut(state: string): Promise<string | null> {
  try {
    return await endSessionAddress(new URL(SIGNED_OUT, env().PUBLIC_ORIGIN).href, state)
  } catch (error) {
    log().warn({ fault: (error as Error).name }, 'sign-out: the bridge did not answer')
    return null
  }
}

/** Back from the bridge's own sign-out. */
const finishSignOut = async (request: Request): Promise<Response> =>
  seeOther(signedOutPage(new URL(request.url).searchParams.get('state') ?? ''))

/** A defect without personal data, for the log: the details of a database error can quote a row with a person's name. */
function describeDefect(error: unknown): Record<string, string | undefined> {
  const { name, message, stack, code } = error as Error & { code?: string }
  return { type: name, message, stack, code }
}

type Handler = (request: Request) => Promise<Response>

/** The only addresses under /api/auth that exist; next-auth's others (session, providers, its own pages) do not. */
const HANDLERS: Readonly<Record<string, Handler>> = {
  [`POST /api/auth/signin/${BRIDGE}`]: startSignIn,
  [`GET /api/auth/callback/${BRIDGE}`]: finishSignIn,
  'POST /api/auth/signout': signOut,
  [`GET ${SIGNED_OUT}`]: finishSignOut,
}

/** The requests that open a session: each has a rate limit per network address. */
const COUNTED: Readonly<Record<string, RateLimitKind>> = {
  [`POST /api/auth/signin/${BRIDGE}`]: 'sign-in',
  [`GET /api/auth/callback/${BRIDGE}`]: 'callback',
}

/** Everything under /api/auth. A defect is logged with its reference and shown as a page, never as a stack. */
export async function handleAuth(request: Request): Promise<Response> {
  const address = `${request.method} ${new URL(request.url).pathname}`
  const handler = HANDLERS[address]
  if (!handler) return notFound()
  try {
    const counted = COUNTED[address]
    const seconds = counted ? await takeFromRateLimit(request, counted) : 0
    if (seconds > 0) return tooManyAttempts(request, seconds)
    return await handler(request)
  } catch (error) {
    const reference = randomBytes(4).toString('hex')
    log().error({ reference, fault: describeDefect(error) }, 'sign-in: request failed')
    return seeOther(`/accesso/errore?c=errore-interno&r=${reference}`, clearedSignIn())
  }
}
