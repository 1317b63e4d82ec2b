import 'server-only'
import type { AuthenticationResponseJSON } from '@simplewebauthn/server'
import { isMunicipalitySlug, landingPath, safeReturnPath, signInPath } from '#lib/access/return-path.ts'
import {
  forgetThisDevice,
  isRemembered,
  type Unlocked,
  unlockWithSequence,
} from '#lib/devices/device.commands.ts'
import { LIFE_DAYS } from '#lib/devices/device.ts'
import {
  DEVICE_COOKIE,
  type DeviceCookie,
  deviceCookieHeader,
  readDeviceCookie,
} from '#lib/devices/device-cookie.ts'
import { deviceName } from '#lib/devices/device-name.ts'
import { beginUnlock, unlockWithPasskey } from '#lib/devices/passkey.commands.ts'
import { NOT_NOW_COOKIE } from '#lib/devices/this-browser.request.ts'
import { env } from '#lib/kernel/env.ts'
import { log } from '#lib/kernel/log.ts'
import { authCookies, clearedCookie } from '#lib/session/cookies.ts'
import { languageCookies } from '#lib/session/language.commands.ts'
import { takeFromRateLimit } from '#lib/session/rate-limit.commands.ts'
import { tooManyAttempts } from '#lib/session/rate-limit.http.ts'
import type { Entrance } from '#lib/session/session.commands.ts'
import { fromOurPages, openSessionCookie, readCookies, sessionOf } from '#lib/session/session.queries.ts'
import { sessionCookieHeader } from '#lib/session/session-token.adapter.ts'
import { readForm, readJson, seeOther } from '#lib/web/form-request.http.ts'

const NOT_NOW_SECONDS = 60 * 86_400
const SECONDS_PER_HOUR = 3_600

type Asked = {
  municipalitySlug: string
  returnPath: string | null
  cookie: DeviceCookie | null
  cookies: Readonly<Record<string, string | undefined>>
  entrance: Entrance
}

/** The parts of a request that every handler needs; null when it did not come from our pages. */
async function readAsked(
  request: Request,
  fields: { municipalitySlug?: unknown; returnPath?: unknown },
): Promise<Asked | null> {
  const { municipalitySlug } = fields
  if (!isMunicipalitySlug(municipalitySlug) || !fromOurPages(request.headers, env().PUBLIC_ORIGIN))
    return null
  const cookies = readCookies(request.headers.get('cookie'))
  return {
    municipalitySlug,
    returnPath: safeReturnPath(fields.returnPath, municipalitySlug),
    cookie: readDeviceCookie(cookies[DEVICE_COOKIE]),
    cookies,
    entrance: {
      municipalitySlug,
      device: deviceName(request.headers.get('user-agent')),
      previousToken: await openSessionCookie(cookies[authCookies.sessionToken.name], env().NEXTAUTH_SECRET),
    },
  }
}

/** Sets the session and device cookies of a browser that unlocked, and leads to its first page. */
async function welcome(
  asked: Asked,
  { token, cookie }: Unlocked,
): Promise<{ to: string; cookies: string[] }> {
  const { SESSION_MAX_HOURS, NEXTAUTH_SECRET } = env()
  const viewer = (await sessionOf(token, asked.municipalitySlug))?.viewer ?? null
  return {
    to: landingPath(asked.municipalitySlug, viewer, asked.returnPath),
    cookies: [
      await sessionCookieHeader(token, NEXTAUTH_SECRET, SESSION_MAX_HOURS * SECONDS_PER_HOUR),
      deviceCookieHeader(cookie, LIFE_DAYS),
      ...(await languageCookies(token, asked.cookies)),
    ],
  }
}

/**
 * Counts an unlocking: of the device, where its cookie is of one that we remember, so that the parents behind one address do
 * not use up each other's attempts at 9:20; of the address for any other cookie.
 */
const takeUnlock = async (request: Request, { cookie }: Asked): Promise<number> =>
  takeFromRateLimit(request, 'unlock', cookie && (await isRemembered(cookie)) ? cookie.series : undefined)

const foreign = (): Response => seeOther('/accesso/errore?c=richiesta-non-riconosciuta')

/** Back to the access page, which names all possible causes in one sentence: the answer does not tell which one it was. */
function refusedUnlock({ municipalitySlug, returnPath }: Asked): Response {
  const query = new URLSearchParams({ sblocco: 'no', ...(returnPath ? { ritorno: returnPath } : {}) })
  return seeOther(`/${municipalitySlug}/accesso?${query}`)
}

async function unlock(request: Request): Promise<Response> {
  const form = Object.fromEntries((await readForm(request)) ?? [])
  const asked = await readAsked(request, form)
  if (!asked) return foreign()
  const seconds = await takeUnlock(request, asked)
  if (seconds > 0) return tooManyAttempts(request, seconds)
  const unlocked = await unlockWithSequence(asked.cookie, String(form.sequenza ?? ''), asked.entrance)
  if (!unlocked) return refusedUnlock(asked)
  const { to, cookies } = await welcome(asked, unlocked)
  return seeOther(to, cookies)
}

async function forget(request: Request): Promise<Response> {
  const asked = await readAsked(request, Object.fromEntries((await readForm(request)) ?? []))
  if (!asked) return foreign()
  await forgetThisDevice(asked.cookie)
  return seeOther(signInPath(asked.municipalitySlug, asked.returnPath), [clearedCookie(DEVICE_COOKIE)])
}

async function notNow(request: Request): Promise<Response> {
  const asked = await readAsked(request, Object.fromEntries((await readForm(request)) ?? []))
  if (!asked) return foreign()
  const cookie = `${NOT_NOW_COOKIE}=1; Path=/; Max-Age=${NOT_NOW_SECONDS}; HttpOnly; Secure; SameSite=Lax`
  return seeOther(asked.returnPath ?? `/${asked.municipalitySlug}`, [cookie])
}

const json = (body: unknown, status: number, cookies: readonly string[] = []): Response => {
  const headers = new Headers({ 'cache-control': 'no-store' })
  for (const cookie of cookies) headers.append('set-cookie', cookie)
  return Response.json(body, { status, headers })
}

async function passkeyOptions(request: Request): Promise<Response> {
  const asked = await readAsked(request, (await readJson(request)) ?? {})
  if (!asked) return json({}, 403)
  const seconds = await takeUnlock(request, asked)
  if (seconds > 0) return tooManyAttempts(request, seconds)
  const options = await beginUnlock(asked.cookie)
  return options ? json(options, 200) : json({}, 403)
}

/** The outer shape that the library expects; the library checks the content. */
const isAssertion = (value: unknown): value is AuthenticationResponseJSON => {
  const { id, rawId, type, response } = (value ?? {}) as Record<string, unknown>
  return [id, rawId, type].every((part) => typeof part === 'string') && typeof response === 'object'
}

async function passkeyUnlock(request: Request): Promise<Response> {
  const body = (await readJson(request)) ?? {}
  const asked = await readAsked(request, body)
  if (!asked || !isAssertion(body.risposta)) return json({}, 403)
  const seconds = await takeUnlock(request, asked)
  if (seconds > 0) return tooManyAttempts(request, seconds)
  const unlocked = await unlockWithPasskey(asked.cookie, body.risposta, asked.entrance)
  if (!unlocked) return json({}, 403)
  const { to, cookies } = await welcome(asked, unlocked)
  return json({ vai: to }, 200, cookies)
}

/** Requests about a device that need no session. */
const HANDLERS: Readonly<Record<string, (request: Request) => Promise<Response>>> = {
  'POST /api/dispositivo/sblocca': unlock,
  'POST /api/dispositivo/dimentica': forget,
  'POST /api/dispositivo/non-ora': notNow,
  'POST /api/dispositivo/passkey/opzioni': passkeyOptions,
  'POST /api/dispositivo/passkey/sblocca': passkeyUnlock,
}

/** Everything under /api/dispositivo. A defect is logged with its reference and shown as a page, never as a stack. */
export async function handleDevice(request: Request): Promise<Response> {
  const { pathname } = new URL(request.url)
  const handler = HANDLERS[`${request.method} ${pathname}`]
  if (!handler) return new Response(null, { status: 404 })
  try {
    return await handler(request)
  } catch (error) {
    const reference = crypto.randomUUID()
    log().error({ reference, err: error }, 'device: request failed')
    return seeOther('/accesso/errore?c=errore-interno')
  }
}
