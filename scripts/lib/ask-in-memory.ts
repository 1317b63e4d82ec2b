import http, { type OutgoingHttpHeaders, type Server } from 'node:http'
import { type Duplex, duplexPair } from 'node:stream'

/**
 * Sends a request to a server of this process, over a connection that exists only in its memory: no port, no network.
 * @param onSocket gets the server's end of the connection before the request
 * @returns the status of the answer, after all of it was read
 */
export async function askInMemory(
  server: Server,
  path: string,
  headers: OutgoingHttpHeaders,
  onSocket: (socket: Duplex) => void = () => undefined,
): Promise<number | undefined> {
  const [ours, theirs] = duplexPair()
  onSocket(theirs)
  server.emit('connection', theirs)
  return new Promise((resolve, reject) => {
    const asked = { createConnection: () => ours, path, headers: { ...headers, connection: 'close' } }
    const request = http.get(asked, (response) => {
      response
        .resume()
        .once('end', () => resolve(response.statusCode))
        .once('error', reject)
    })
    request.once('error', reject)
  })
}
