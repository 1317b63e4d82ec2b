import type { Instrumentation } from 'next'
import { env } from '#lib/kernel/env.ts'
import { log } from '#lib/kernel/log.ts'
import { loggedPath } from '#lib/kernel/logged-path.ts'
import { noteFailure } from '#lib/web/failure.adapter.ts'

/** Before the first request: a process with a bad environment serves no request. */
export function register(): void {
  env()
}

/**
 * Logs every error that no code caught, once. The digest is the reference that the person reads, on the error page or in what the
 * web server says in its place (`lib/entry/failed-answer.http.ts`).
 * The path goes without its query, and the request's headers not at all: they may tell who the person is.
 */
export const onRequestError: Instrumentation.onRequestError = (error, request, context) => {
  const { digest, message, code } = error as Error & { digest?: string; code?: string }
  // The client dropped the connection while it was sending: no failure of ours, and the client retries.
  if (code === 'ECONNRESET' && message === 'aborted') return
  const failure = noteFailure(error, digest)
  if (!failure) return
  log().error(
    {
      digest: failure.reference,
      method: request.method,
      path: loggedPath(request.path),
      route: context.routePath,
      kind: context.routeType,
      err: error,
    },
    'web: request failed',
  )
}
