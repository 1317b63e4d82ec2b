import { createServer, type IncomingMessage, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { buffer } from 'node:stream/consumers'

/** A server on a free port of this machine, and how to stop it. */
export type Listening = { origin: string; close: () => Promise<void> }

export async function listen(server: Server): Promise<Listening> {
  await new Promise<void>((resolve) => server.listen(0, resolve))
  const { port } = server.address() as AddressInfo
  return {
    origin: `http://localhost:${port}`,
    close: () => {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()))
      server.closeAllConnections()
      return closed
    },
  }
}

async function toRequest(message: IncomingMessage): Promise<Request> {
  const headers = new Headers()
  for (let i = 0; i < message.rawHeaders.length; i += 2) {
    headers.append(message.rawHeaders[i] as string, message.rawHeaders[i + 1] as string)
  }
  const hasBody = message.method !== 'GET' && message.method !== 'HEAD'
  return new Request(new URL(message.url ?? '/', `http://${message.headers.host}`), {
    method: message.method ?? 'GET',
    headers,
    ...(hasBody ? { body: await buffer(message) } : {}),
  })
}

/** Serves a route handler over real HTTP, as Next does: nothing between the test's request and the handler but a socket. */
export const serveHandler = (handler: (request: Request) => Promise<Response>): Server =>
  createServer(async (message, response) => {
    const answer = await handler(await toRequest(message))
    response.statusCode = answer.status
    for (const [name, value] of answer.headers) {
      if (name !== 'set-cookie') response.setHeader(name, value)
    }
    const cookies = answer.headers.getSetCookie()
    if (cookies.length > 0) response.setHeader('set-cookie', cookies)
    response.end(Buffer.from(await answer.arrayBuffer()))
  })

type Visit = { method?: 'GET' | 'POST'; form?: Record<string, string>; headers?: Record<string, string> }

/** A browser as far as sign-in is concerned: it keeps cookies per origin, follows nothing by itself, sends its Origin. */
export class Browser {
  readonly jars = new Map<string, Map<string, string>>()

  jar(origin: string): Map<string, string> {
    const jar = this.jars.get(origin) ?? new Map<string, string>()
    this.jars.set(origin, jar)
    return jar
  }

  async visit(address: string, { method, form, headers = {} }: Visit = {}): Promise<Response> {
    const url = new URL(address)
    const jar = this.jar(url.origin)
    const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join('; ')
    const response = await fetch(url, {
      method: method ?? (form ? 'POST' : 'GET'),
      redirect: 'manual',
      headers: { ...(cookie ? { cookie } : {}), ...(form ? { origin: url.origin } : {}), ...headers },
      ...(form ? { body: new URLSearchParams(form) } : {}),
    })
    for (const line of response.headers.getSetCookie()) this.keep(jar, line)
    return response
  }

  private keep(jar: Map<string, string>, line: string): void {
    const [pair = '', ...attributes] = line.split(';')
    const equals = pair.indexOf('=')
    const [name, value] = [pair.slice(0, equals), pair.slice(equals + 1)]
    const gone = attributes.some((attribute) => /^\s*(max-age=0|expires=Thu, 01 Jan 1970)/i.test(attribute))
    if (gone || value === '') jar.delete(name)
    else jar.set(name, value)
  }
}
