import 'server-only'
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http'
import { gunzipSync } from 'node:zlib'
import { log } from '#lib/kernel/log.ts'
import { loggedPath } from '#lib/kernel/logged-path.ts'
import { readCookies } from '#lib/session/session.queries.ts'
import { failureOf, noteFailuresOf } from '#lib/web/failure.adapter.ts'
import { type Failure, failureHeaders, failureJson, failurePage } from '#lib/web/failure.ts'
import { plainPage, plainStyle, plainWords, titleTag } from '#lib/web/plain-page.ts'
import { FILE_POLICY, nonceIn } from '#lib/web/security-headers.ts'
import { wordsNamed } from '#lib/words/catalogues.adapter.ts'
import { directionOf } from '#lib/words/language.ts'
import { LANGUAGE_COOKIE } from '#lib/words/language-cookie.ts'

/**
 * Gives words to every failure of Next. Where a page cannot be drawn, Next answers a document without one: the browser draws
 * its error page by script, and without scripts it is white. Where an address fails it answers nothing at all. Here the
 * document gets words that the script replaces, and the rest becomes a page or JSON. What Next's own scripts
 * asked for stays as it is: they show the error page.
 */
export function failuresInWords(next: RequestListener): RequestListener {
  return (request, response) =>
    noteFailuresOf((noted) => {
      if (!isOfScripts(request)) giveWords(request, response, noted)
      next(request, response)
    })
}

/** Payloads and server actions: Next's scripts read the answer. */
const isOfScripts = ({ headers }: IncomingMessage): boolean =>
  headers.rsc !== undefined || headers['next-action'] !== undefined

type Send = (chunk?: unknown, encoding?: unknown, done?: unknown) => unknown

/** Holds back the body of an answer that fails, until it is whole; every other answer passes untouched. */
function giveWords(request: IncomingMessage, response: ServerResponse, noted: () => Failure | null): void {
  const { write, end, writeHead, flushHeaders } = response
  const held: Buffer[] = []
  const isFailing = () => response.statusCode === 500 && !response.headersSent
  const hold = (chunk: unknown, encoding: unknown) => {
    if (typeof chunk === 'string') held.push(Buffer.from(chunk, encoding as BufferEncoding | undefined))
    else if (chunk instanceof Uint8Array) held.push(Buffer.from(chunk))
  }
  const whole: Send = (chunk, encoding, done) => {
    if (!isFailing()) return Reflect.apply(end, response, [chunk, encoding, done])
    hold(chunk, encoding)
    Object.assign(response, { write, end, writeHead, flushHeaders })
    const body = answerOf(noted() ?? unreported(request), Buffer.concat(held), request, response)
    return Reflect.apply(end, response, [request.method === 'HEAD' ? undefined : body])
  }
  const piece: Send = (chunk, encoding, done) => {
    if (!isFailing()) return Reflect.apply(write, response, [chunk, encoding, done])
    hold(chunk, encoding)
    return true
  }
  const head = (status: number, ...rest: unknown[]) => {
    if (status !== 500) return Reflect.apply(writeHead, response, [status, ...rest])
    response.statusCode = status
    const headers = rest.at(-1)
    if (typeof headers === 'object' && headers !== null && !Array.isArray(headers))
      response.setHeaders(new Map(Object.entries(headers)))
    return response
  }
  const flush = () => {
    if (!isFailing()) Reflect.apply(flushHeaders, response, [])
  }
  Object.assign(response, { write: piece, end: whole, writeHead: head, flushHeaders: flush })
}

/** A failure that Next did not report: the line that a person's reference leads to is written here. */
function unreported({ method, url = '' }: IncomingMessage): Failure {
  const failure = failureOf(null)
  log().error(
    { digest: failure.reference, method, path: loggedPath(url) },
    'web: Next failed without a report',
  )
  return failure
}

/** The body of a failure, with its status and headers set. */
function answerOf(
  failure: Failure,
  sent: Buffer,
  request: IncomingMessage,
  response: ServerResponse,
): Buffer | string {
  const { headers, url = '/' } = request
  // What an address says of its own failure stands.
  if (sent.length > 0 && /json/.test(String(response.getHeader('content-type')))) return sent
  const t = wordsNamed(readCookies(headers.cookie ?? null)[LANGUAGE_COOKIE])
  const isPage = !url.startsWith('/api/') || /text\/html/.test(headers.accept ?? '')
  const page = failurePage(failure, t, isPage ? url : '/')
  const document = isPage ? documentIn(sent, response) : null
  response.statusCode = failure.status
  for (const name of ['content-length', 'content-encoding', 'etag']) response.removeHeader(name)
  for (const [name, value] of Object.entries(failureHeaders(failure))) response.setHeader(name, value)
  response.setHeader('content-type', isPage ? 'text/html; charset=utf-8' : 'application/json')
  if (!isPage) return JSON.stringify(failureJson(failure, t))
  if (document === null) {
    response.setHeader('content-security-policy', FILE_POLICY)
    return plainPage(t, page)
  }
  const nonce = nonceIn(String(response.getHeader('content-security-policy') ?? ''))
  return document
    .replace('<html ', (tag) => `${tag}lang="${t.language}" dir="${directionOf(t.language)}" `)
    .replace('</head>', () => `${titleTag(page)}${plainStyle(nonce)}</head>`)
    .replace('<body>', (body) => body + plainWords(t, page))
}

/** Next's document without a page, to be drawn by its scripts; null when the answer is something else. */
function documentIn(sent: Buffer, response: ServerResponse): string | null {
  try {
    const isPacked = response.getHeader('content-encoding') !== undefined
    const text = (isPacked ? gunzipSync(sent) : sent).toString()
    return text.includes('</head>') && text.includes('<body>') ? text : null
  } catch {
    return null
  }
}
