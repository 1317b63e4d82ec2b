import 'server-only'
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http'
import type { Env } from '#lib/kernel/env.ts'
import { authCookies } from '#lib/session/cookies.ts'
import { fromOurPages, openSessionCookie, readCookies } from '#lib/session/session.queries.ts'
import { reportForeignRequest } from '#lib/web/foreign-request.ts'
import { plainPage } from '#lib/web/plain-page.ts'
import { FILE_POLICY, securityHeaders } from '#lib/web/security-headers.ts'
import { wordsNamed } from '#lib/words/catalogues.adapter.ts'
import { type Phrase, phrase } from '#lib/words/language.ts'
import { LANGUAGE_COOKIE } from '#lib/words/language-cookie.ts'

type Settings = Pick<Env, 'BASE_DOMAIN' | 'NEXTAUTH_SECRET' | 'PUBLIC_ORIGIN'>

/** What a request is refused with, in words that need nothing of it. */
export type Refusal = { status: number; title: Phrase; body: Phrase }

const BAD_ADDRESS: Refusal = {
  status: 400,
  title: phrase('Questo indirizzo non è valido'),
  body: phrase(
    'È scritto in un modo che nessuna pagina può avere. Controllalo, oppure riparti dalla prima pagina.',
  ),
}
const FOREIGN: Refusal = {
  status: 403,
  title: phrase('Richiesta non riconosciuta'),
  body: phrase('La richiesta non arriva da questo portale. Ricarica la pagina e riprova.'),
}
export const TOO_LARGE: Refusal = {
  status: 413,
  title: phrase('Quello che hai inviato è troppo grande'),
  body: phrase(
    'Non l’abbiamo letto, e niente è cambiato. Riprova con un testo più breve o con file più piccoli.',
  ),
}
const NO_LENGTH: Refusal = { ...TOO_LARGE, status: 411 }
export const METHOD_UNKNOWN: Refusal = {
  status: 405,
  title: phrase('Il portale non risponde a richieste di questo tipo'),
  body: phrase('Niente è cambiato. Riparti dalla prima pagina.'),
}

/** The methods that are answered. Next cannot read others, TRACE above all, and would answer them as a defect. */
const METHODS: readonly string[] = ['GET', 'HEAD', 'POST', 'OPTIONS', 'PUT', 'PATCH', 'DELETE']

const KILOBYTE = 1_024
const LARGEST_UNKNOWN_BYTES = 256 * KILOBYTE
const LARGEST_BYTES = 1_024 * KILOBYTE
/** Next's own limit for an action (next.config.mjs), and what wraps the fields. */
const LARGEST_WITH_FILES_BYTES = 10 * 1_024 * KILOBYTE + LARGEST_UNKNOWN_BYTES
/** The pages whose forms take files: the office, and the online forms of a family. */
const TAKES_FILES = /^\/(admin\/|[a-z0-9-]+\/moduli(\/|$))/
/** Reads its body piece by piece, up to a limit of its own, and some of its callers do not say how long it is. */
const READS_PIECES = /^\/api\/pagamenti\//

const pathOf = ({ url = '' }: IncomingMessage): string => url.split('?')[0] as string

/** Whether an address is of this site and can be decoded: Next answers any other with a failure, or with a redirect to it. */
function isAddress(path: string): boolean {
  if (!path.startsWith('/')) return false
  try {
    decodeURIComponent(path)
    return true
  } catch {
    return false
  }
}

const isAtPublicHost = ({ headers: { host } }: IncomingMessage, settings: Settings): boolean =>
  settings.BASE_DOMAIN === undefined || host === new URL(settings.PUBLIC_ORIGIN).host

/**
 * Whether a page is posted to by another site. Next would refuse it too, with a stack in the log for each. Without an Origin our
 * own check of each action decides (action.request.ts), and so do the addresses under /api.
 */
const isForeign = (request: IncomingMessage, settings: Settings): boolean => {
  const { origin } = request.headers
  return (
    origin !== undefined &&
    !pathOf(request).startsWith('/api/') &&
    isAtPublicHost(request, settings) &&
    !fromOurPages({ get: (name) => (name === 'origin' ? origin : null) }, settings.PUBLIC_ORIGIN)
  )
}

const isSignedIn = async ({ headers }: IncomingMessage, { NEXTAUTH_SECRET }: Settings): Promise<boolean> =>
  (await openSessionCookie(
    readCookies(headers.cookie ?? null)[authCookies.sessionToken.name],
    NEXTAUTH_SECRET,
  )) !== null

/** Whether a body may be read, by its announced length and by who sends it: Next parses it before an action asks. */
async function refusalOfBody(request: IncomingMessage, settings: Settings): Promise<Refusal | null> {
  const path = pathOf(request)
  const { 'content-length': length, 'transfer-encoding': encoding } = request.headers
  if (encoding !== undefined && length === undefined) return READS_PIECES.test(path) ? null : NO_LENGTH
  const bytes = Number(length ?? 0)
  if (bytes <= LARGEST_UNKNOWN_BYTES) return null
  if (bytes > (TAKES_FILES.test(path) ? LARGEST_WITH_FILES_BYTES : LARGEST_BYTES)) return TOO_LARGE
  return READS_PIECES.test(path) || (await isSignedIn(request, settings)) ? null : TOO_LARGE
}

/**
 * Refuses what no page has to read: methods that no page has, addresses that cannot be decoded, posts of other sites, bodies that are too large for who
 * sends them. Sets the headers of every answer, also of Next's own: redirects, failures, the build's files. Pages set their policy over
 * the one that allows nothing.
 */
export function refusedBefore(next: RequestListener, settings: Settings): RequestListener {
  const always = new Headers({
    ...securityHeaders({ https: settings.PUBLIC_ORIGIN.startsWith('https:') }),
    'Content-Security-Policy': FILE_POLICY,
  })
  return (request, response) => {
    response.setHeaders(always)
    const { method = '' } = request
    if (!METHODS.includes(method)) {
      response.setHeader('allow', METHODS.join(', '))
      return answer(METHOD_UNKNOWN, request, response)
    }
    if (!isAddress(pathOf(request))) return answer(BAD_ADDRESS, request, response)
    if (method === 'GET' || method === 'HEAD') return next(request, response)
    if (isForeign(request, settings)) {
      reportForeignRequest('action')
      return answer(FOREIGN, request, response)
    }
    void refusalOfBody(request, settings).then((refusal) =>
      refusal ? answer(refusal, request, response) : next(request, response),
    )
  }
}

/** A page with the words of a refusal, without a style: it is seen by hardly a person, and needs no script. */
function answer(
  { status, title, body }: Refusal,
  { headers }: IncomingMessage,
  response: ServerResponse,
): void {
  const t = wordsNamed(readCookies(headers.cookie ?? null)[LANGUAGE_COOKIE])
  response.writeHead(status, { 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-store' }).end(
    plainPage(t, {
      title: t(title),
      body: t(body),
      link: { href: '/', text: t('Torna alla prima pagina') },
    }),
  )
}
