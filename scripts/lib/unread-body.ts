import type { IncomingMessage, ServerResponse } from 'node:http'

/**
 * Passes over what is left of a body that was answered before it was read. Node does so only where the body was never touched
 * (`_dumped` is its own mark, which its parser asks). One that was begun and left, as Next leaves it, stays in the connection:
 * the next request on it, perhaps another person's behind the same reverse proxy, would wait until the time-out of requests.
 * That time-out ends a body which never ends.
 */
export function passOverRestOf(request: IncomingMessage, response: ServerResponse): void {
  const { socket } = request
  response.once('finish', () => {
    if (request.complete || socket.destroyed) return
    Object.assign(request, { _dumped: true })
    socket.resume()
  })
}
