import {
  Agent,
  createServer,
  type IncomingMessage,
  type RequestListener,
  request,
  type Server,
  type ServerResponse,
} from 'node:http'
import type { AddressInfo } from 'node:net'
import { Readable } from 'node:stream'
import { afterEach, expect, test } from 'vitest'
import { passOverRestOf } from '#scripts/lib/unread-body.ts'

let server: Server
let agent: Agent
afterEach(() => {
  agent.destroy()
  server.closeAllConnections()
  server.close()
})

async function serve(listener: RequestListener): Promise<void> {
  server = createServer(listener)
  agent = new Agent({ keepAlive: true, maxSockets: 1 })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
}

/** Sends a body on the one connection. @returns the status, or the code of the fault */
const post = (body: string): Promise<number | string> =>
  new Promise((resolve) => {
    const { port } = server.address() as AddressInfo
    const sent = request({ port, host: '127.0.0.1', method: 'POST', agent }, (answer) => {
      answer.resume().once('end', () => resolve(answer.statusCode ?? 0))
    })
    sent.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message))
    sent.end(body)
  })

const tooLarge = (response: ServerResponse) => response.writeHead(413).end()

/** Ways to begin with a body and to leave it. Next has the second. */
const LEFT: [string, (asked: IncomingMessage) => Promise<void>][] = [
  [
    'read once',
    async (asked) => {
      await (Readable.toWeb(asked) as ReadableStream<Uint8Array>).getReader().read()
    },
  ],
  [
    'given up',
    async (asked) => {
      for await (const _chunk of asked) break
    },
  ],
]

test.each(LEFT)(
  'a request after a body that was %s, on the same connection, is answered',
  async (_how, leave) => {
    await serve(async (asked, response) => {
      passOverRestOf(asked, response)
      await leave(asked)
      tooLarge(response)
    })
    expect(await post('x'.repeat(2_000_000))).toBe(413)
    expect(await post('x')).toBe(413)
  },
)
