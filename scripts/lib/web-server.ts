import { createServer, type RequestListener, type Server } from 'node:http'

/** Longer than the idle limit of the usual reverse proxies (60 s), so that the portal never closes a connection in use. */
const KEEP_ALIVE_MS = 65_000
/** A request whose headers or body take longer than this is cut: slow clients must not hold the workers. */
const REQUEST_MS = 30_000

/** The HTTP server of a web process, with the time that a client has to send a request. */
export function webServer(listener: RequestListener, requestMs = REQUEST_MS): Server {
  const limits = {
    headersTimeout: requestMs,
    requestTimeout: requestMs,
    connectionsCheckingInterval: requestMs,
  }
  return createServer({ keepAliveTimeout: KEEP_ALIVE_MS, ...limits }, listener)
}
