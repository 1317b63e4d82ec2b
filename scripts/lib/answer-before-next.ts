import type { IncomingMessage, ServerResponse } from 'node:http'
import { env } from '#lib/kernel/env.ts'
import { log } from '#lib/kernel/log.ts'
import { loggedPath } from '#lib/kernel/logged-path.ts'
import type { answerMeals, MealsRequest } from '#lib/meals/meal-change.http.ts'
import { routeOfHost } from '#lib/web/host-address.ts'
import { FILE_POLICY, securityHeaders } from '#lib/web/security-headers.ts'

/**
 * What a municipality asks for between 9:20 and 9:30, a child's month and its changes, is answered here, before Next sees it: what
 * Next does around a route costs more than the whole cancellation (docs/decisions/0039-the-peak-goes-past-next.md).
 * Every request that is not plainly one of these two to our own origin goes on to Next, which calls the same handler.
 */
type RoutedRequest = Pick<MealsRequest, 'method' | 'municipalitySlug' | 'query'>

const ADDRESS = /^\/api\/([a-z][a-z0-9-]{1,62})\/prenotazioni(?:\?([^#]*))?$/

/** The request as the meals' handler takes it, or null when Next answers it. */
export function mealsRequestIn({
  method,
  url = '',
  headers,
}: Pick<IncomingMessage, 'method' | 'url' | 'headers'>): RoutedRequest | null {
  if (method !== 'GET' && method !== 'POST') return null
  const [, municipalitySlug, search = ''] = ADDRESS.exec(url) ?? []
  if (!municipalitySlug) return null
  const { PUBLIC_ORIGIN, BASE_DOMAIN } = env()
  const route = routeOfHost({
    host: headers.host ?? '',
    path: url,
    method,
    publicOrigin: PUBLIC_ORIGIN,
    baseDomain: BASE_DOMAIN,
  })
  const query = new URLSearchParams(search)
  // The choice of a language is a cookie that proxy.ts sets.
  return route.kind === 'pass' && !query.has('lingua') ? { method, municipalitySlug, query } : null
}

/** Answers one of these requests on its connection; a failure is logged and answered with 500, as Next would. */
export async function answerBeforeNext(
  answer: typeof answerMeals,
  routed: RoutedRequest,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  try {
    const { status, headers, body } = await answer({
      ...routed,
      headers: { get: (name) => headerOf(request, name) },
      body: (most) => bodyOf(request, most),
    })
    response.writeHead(status, {
      ...headersOfAll(),
      ...headers,
      'content-length': Buffer.byteLength(body),
      // A body that is not read is cut off: the connection ends with the answer.
      ...(request.complete ? {} : { connection: 'close' }),
    })
    response.end(body)
  } catch (error) {
    answerFailure(error as Error & { code?: string }, request, response)
  }
}

let always: Readonly<Record<string, string>> | undefined

/** These answers are no documents, so their policy allows nothing. */
const headersOfAll = (): Readonly<Record<string, string>> => {
  always ??= {
    ...securityHeaders({ https: env().PUBLIC_ORIGIN.startsWith('https:') }),
    'Content-Security-Policy': FILE_POLICY,
  }
  return always
}

function headerOf({ headers }: IncomingMessage, name: string): string | null {
  const value = headers[name]
  return (Array.isArray(value) ? value.join(', ') : value) ?? null
}

/** The body as text; null as soon as it is longer than allowed: the rest is not read. */
function bodyOf(request: IncomingMessage, mostBytes: number): Promise<string | null> {
  if (Number(request.headers['content-length'] ?? 0) > mostBytes) return Promise.resolve(null)
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = []
    let bytes = 0
    request.on('data', (chunk: Buffer) => {
      bytes += chunk.length
      if (bytes <= mostBytes) chunks.push(chunk)
      else resolve(null)
    })
    request.once('end', () => resolve(Buffer.concat(chunks).toString()))
    request.once('error', reject)
  })
}

function answerFailure(
  { message, stack, code }: Error & { code?: string },
  { method, url = '' }: IncomingMessage,
  response: ServerResponse,
): void {
  // The client dropped the connection while it was sending: no failure of ours, and the client retries.
  if (code === 'ECONNRESET' && message === 'aborted') return
  log().error({ method, path: loggedPath(url), kind: 'before-next', message, stack }, 'meals: request failed')
  if (response.headersSent) response.destroy()
  else response.writeHead(500, { ...headersOfAll(), 'cache-control': 'no-store', 'content-length': 0 }).end()
}
