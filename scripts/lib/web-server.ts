import { createServer, type RequestListener, type Server } from 'node:http'
import { answerBroken } from '#lib/entry/broken-request.http.ts'
import type { Env } from '#lib/kernel/env.ts'

/** Longer than the idle limit of the usual reverse proxies (60 s), so that the portal never closes a connection in use. */
const KEEP_ALIVE_MS = 65_000
/** A request whose headers or body take longer than this is cut: slow clients must not hold the workers. */
const REQUEST_MS = 30_000

type Options = { dev?: boolean; requestMs?: number }

/**
 * The HTTP server of a web process, with the time that a client has to send a request, and with words for every request that
 * does not reach `listener`.
 */
export function webServer(
  listener: RequestListener,
  settings: Pick<Env, 'PUBLIC_ORIGIN'>,
  { dev = false, requestMs = REQUEST_MS }: Options = {},
): Server {
  const server = createServer({
    keepAliveTimeout: KEEP_ALIVE_MS,
    headersTimeout: requestMs,
    requestTimeout: requestMs,
    connectionsCheckingInterval: requestMs,
    // Node would answer without a word.
    requireHostHeader: false,
    // Only Next's development server speaks another protocol; who asks for one gets the page in this one.
    ...(dev ? {} : { shouldUpgradeCallback: () => false }),
  })
  answerBroken(server, listener, settings)
  return server
}
