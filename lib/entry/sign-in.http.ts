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
import {
  authCookies,
  clearedCookie,
  clearedSignIn,
  clearedSignIns,
  namedAfterState,
  roomForOneMore,
  signInCookies,
  signInsUnderWay,
} from '#lib/session/cookies.ts'
import { languageCookies } from '#lib/session/language.commands.ts'
import { municipalitiesOf } from '#lib/session/own-municipality.queries.ts'
import { giveBackToRateLimit, takeFromRateLimit } from '#lib/session/rate-limit.commands.ts'
import { tooManyAttempts } from '#lib/session/rate-limit.http.ts'
import { closeSession, recordRefusedSignIn, spendState } from '#lib/session/session.commands.ts'
import { fromOurPages, openSessionCookie, readCookies, sessionOf } from '#lib/session/session.queries.ts'
import { openCheckCookie } from '#lib/session/session-token.adapter.ts'
import { reportForeignRequest } from '#lib/web/foreign-request.ts'
import { readForm, seeOther } from '#lib/web/form-request.http.ts'
import { type AuthAnswer, nextAuth } from './next-auth.adapter.ts'
import type { SignInRequest } from './next-auth-options.adapter.ts'

/** The address to which a bridge sends the browser after its own sign-out; the bridge must know it beforehand. */
const SIGNED_OUT = '/api/auth/uscita'

type Cookies = Readonly<Record<string, string>>

const notFound = (): Response => new Response(null, { status: 404 })

/** The municipality and the page in which a sign-in began; nulls where they are not known. */
type Place = { municipalitySlug: string | null; returnPath: string | null }

const NOWHERE: Place = { municipalitySlug: null, returnPath: null }

const placeIn = (signIn: Cookies): Place =>
  readCallbackUrl(signIn[authCookies.callbackUrl.name], env().PUBLIC_ORIGIN)

/** The page with the words of a refusal, from which the person begins again and comes to the page that they wanted. */
function errorPage({ municipalitySlug, returnPath }: Place, code: SignInErrorCode): string {
  if (!municipalitySlug) return `/accesso/errore?c=${code}`
  const wanted = returnPath ? `&ritorno=${encodeURIComponent(returnPath)}` : ''
  return `/${municipalitySlug}/accesso/errore?c=${code}${wanted}`
}

/** The end of every sign-in that does not succeed: a row in the register, no session, the page with the right words. */
async function refuse(
  place: Place,
  code: SignInErrorCode,
  cookies: string[],
  { method, level }: { method: string | null; level: number | null } = { method: null, level: null },
): Promise<Response> {
  const { municipalitySlug } = place
  await recordRefusedSignIn({ municipalitySlug, outcome: code, method, level })
  return seeOther(errorPage(place, code), cookies)
}

/** A request of another site, or of no browser: a person may see the words, and nothing is written that a stranger could repeat. */
function refuseForeign(place: Place): Response {
  reportForeignRequest('sign-in')
  return seeOther(errorPage(place, 'richiesta-non-riconosciuta'))
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
  const place = {
    municipalitySlug: known,
    returnPath: known && safeReturnPath(form?.get('returnPath'), known),
  }
  if (!fromOurPages(request.headers, env().PUBLIC_ORIGIN)) return refuseForeign(place)
  const seconds = await takeFromRateLimit(request, 'sign-in')
  if (seconds > 0) return tooManyAttempts(request, seconds)
  const method = methodOf(form?.get('metodo') ?? null)
  if (!known || !method) return refuse(place, 'richiesta-non-riconosciuta', [])
  const signIn = await signInFrom(request, {}, known)
  const { csrfToken, cookies } = await csrfPair(signIn)
  const answer = await nextAuth(
    {
      method: 'POST',
      action: 'signin',
      provider: BRIDGE,
      query: { idp_hint: method },
      body: { csrfToken, callbackUrl: callbackUrl(env().PUBLIC_ORIGIN, known, place.returnPath) },
      cookies,
    },
    signIn,
  )
  const state = answer.location ? new URL(answer.location).searchParams.get('state') : null
  if (!answer.location || !state || new URL(answer.location).origin === env().PUBLIC_ORIGIN) {
    return refuse(place, 'servizio-non-raggiungibile', [], { method, level: null })
  }
  const before = readCookies(request.headers.get('cookie'))
  return seeOther(answer.location, [...roomForOneMore(before), ...namedAfterState(answer.cookies, state)])
}

/** Every parameter once, or null: two values of one parameter are two readings of one answer. */
function singleParams(params: URLSearchParams): Record<string, string> | null {
  const entries = [...params]
  const names = new Set(entries.map(([name]) => name))
  return names.size === entries.length ? Object.fromEntries(entries) : null
}

/** What we sealed for next-auth in one cookie of a sign-in; null as for `openCheckCookie`. */
const opened = (check: 'state' | 'nonce' | 'pkceCodeVerifier', signIn: Cookies): Promise<string | null> =>
  openCheckCookie(check, signIn, { secret: env().NEXTAUTH_SECRET, provider: BRIDGE })

/** Whether an answer with this state answers this sign-in. Asked for errors too: a link could otherwise end a sign-in. */
async function answers(signIn: Cookies, state: string): Promise<boolean> {
  const [sealed, nonce, verifier] = await Promise.all([
    opened('state', signIn),
    opened('nonce', signIn),
    opened('pkceCodeVerifier', signIn),
  ])
  return sealed === state && nonce !== null && verifier !== null
}

/** Checks an answer to a sign-in of this browser before its code is used; null when nothing is wrong. */
async function refusalOfAnswer(
  params: Record<string, string> | null,
  state: string,
): Promise<SignInErrorCode | null> {
  if (!params) return 'risposta-non-valida'
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
async function welcome(
  answer: AuthAnswer,
  token: string,
  {
    cookies,
    place: { municipalitySlug, returnPath },
    state,
  }: { cookies: Cookies; place: Place; state: string },
): Promise<Response> {
  const session = answer.cookies.filter((cookie) => cookie.startsWith(authCookies.sessionToken.name))
  const viewer = municipalitySlug ? ((await sessionOf(token, municipalitySlug))?.viewer ?? null) : null
  return seeOther(municipalitySlug ? landingPath(municipalitySlug, viewer, returnPath) : '/', [
    ...clearedSignIn(state),
    ...session,
    ...(await languageCookies(token, cookies)),
  ])
}

/** The page to which a person goes on who has a session already; null without one. */
async function pageOfSession(
  { municipalitySlug, returnPath }: Place,
  token: string | null,
): Promise<string | null> {
  const session = token && (await sessionOf(token, municipalitySlug ?? ''))
  if (!session) return null
  if (municipalitySlug) return landingPath(municipalitySlug, session.viewer, returnPath)
  const [own, another] = await municipalitiesOf(session.citizenId)
  if (!own || another) return '/'
  return landingPath(own.slug, (await sessionOf(token, own.slug))?.viewer ?? null, null)
}

/** The sign-ins that this browser really began and may still finish, the newest first. */
async function openSignIns(cookies: Cookies): Promise<Cookies[]> {
  const signIns = signInsUnderWay(cookies)
  const states = await Promise.all(signIns.map((signIn) => opened('state', signIn)))
  return signIns.filter((_, index) => states[index] !== null)
}

/**
 * An answer to no sign-in of this browser: a link of another site, a page that was kept too long, an address used twice. It
 * touches no cookie. It is counted and registered only in a browser that is signing in: any web page can make browsers ask for
 * this address, and their cookies do not come with an image or a frame of another site.
 */
async function refuseOtherState(request: Request, cookies: Cookies): Promise<Response> {
  const underWay = await openSignIns(cookies)
  const seconds = underWay.length > 0 ? await takeFromRateLimit(request, 'callback') : 0
  if (seconds > 0) return tooManyAttempts(request, seconds)
  const place = underWay[0] ? placeIn(underWay[0]) : NOWHERE
  const { previousToken } = await signInFrom(request, cookies, null)
  const onwards = await pageOfSession(place, previousToken)
  if (onwards) return seeOther(onwards)
  if (underWay.length > 0) return refuse(place, 'accesso-scaduto', [])
  reportForeignRequest('sign-in')
  return seeOther(errorPage(place, 'accesso-scaduto'))
}

/** Handles the redirect from the identity provider. */
async function finishSignIn(request: Request): Promise<Response> {
  const cookies = readCookies(request.headers.get('cookie'))
  const query = new URL(request.url).searchParams
  const [state, another] = query.getAll('state')
  const own = state && another === undefined ? signInCookies(cookies, state) : {}
  if (!state || !(await answers(own, state))) return refuseOtherState(request, cookies)
  const seconds = await takeFromRateLimit(request, 'callback')
  if (seconds > 0) return tooManyAttempts(request, seconds)
  const place = placeIn(own)
  const signIn = await signInFrom(request, cookies, place.municipalitySlug)
  const params = singleParams(query)
  const refusal = await refusalOfAnswer(params, state)
  const onwards = refusal === 'accesso-scaduto' ? await pageOfSession(place, signIn.previousToken) : null
  if (onwards) return seeOther(onwards, clearedSignIn(state))
  if (refusal || !params) return refuse(place, refusal ?? 'risposta-non-valida', clearedSignIn(state))
  const answer = await nextAuth(
    { method: 'GET', action: 'callback', provider: BRIDGE, query: params, cookies: own },
    signIn,
  )
  switch (answer.end?.kind) {
    case 'entered':
      await Promise.all([giveBackToRateLimit(request, 'sign-in'), giveBackToRateLimit(request, 'callback')])
      return welcome(answer, answer.end.token, { cookies, place, state })
    case 'refused':
      return refuse(place, answer.end.code, clearedSignIn(state), answer.end)
    case 'defect':
      throw answer.end.error
    default:
      // next-auth never reached our hooks: it could not read the provider's discovery document.
      return refuse(place, 'servizio-non-raggiungibile', clearedSignIn(state))
  }
}

/** *Esci*, here or on every device. A browser without a session is signed out already. */
async function signOut(request: Request): Promise<Response> {
  const form = await readForm(request)
  const municipalitySlug = form?.get('municipalitySlug')
  const known = isMunicipalitySlug(municipalitySlug) ? municipalitySlug : null
  if (!form || !fromOurPages(request.headers, env().PUBLIC_ORIGIN)) {
    return refuseForeign({ municipalitySlug: known, returnPath: null })
  }
  const cookies = readCookies(request.headers.get('cookie'))
  const { previousToken } = await signInFrom(request, cookies, known)
  const everywhere = form.get('ovunque') === '1'
  const closed = previousToken
    ? await closeSession(previousToken, {
        municipalitySlug: known,
        everywhere,
        subscriptionsToo: everywhere && form.get('abbonamenti') === '1',
      })
    : null
  const cleared = [clearedCookie(authCookies.sessionToken.name), ...clearedSignIns(cookies)]
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

type Handler = (request: Request) => Promise<Response>

/** The only addresses under /api/auth that exist; next-auth's others (session, providers, its own pages) do not. */
const HANDLERS: Readonly<Record<string, Handler>> = {
  [`POST /api/auth/signin/${BRIDGE}`]: startSignIn,
  [`GET /api/auth/callback/${BRIDGE}`]: finishSignIn,
  'POST /api/auth/signout': signOut,
  [`GET ${SIGNED_OUT}`]: finishSignOut,
}

/** Everything under /api/auth. A defect is logged with its reference and shown as a page, never as a stack. */
export async function handleAuth(request: Request): Promise<Response> {
  const handler = HANDLERS[`${request.method} ${new URL(request.url).pathname}`]
  if (!handler) return notFound()
  try {
    return await handler(request)
  } catch (error) {
    const reference = randomBytes(4).toString('hex')
    log().error({ reference, err: error }, 'sign-in: request failed')
    return seeOther(`/accesso/errore?c=errore-interno&r=${reference}`)
  }
}
