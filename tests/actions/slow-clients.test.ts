import { connect, type Socket } from 'node:net'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { webServer } from '#scripts/lib/web-server.ts'
import { type Listening, listen } from '#tests/support/http.ts'

/** How long a request may take here: long enough for a busy machine to answer an honest one. */
const REQUEST_MS = 3_000
const MANY = 20

let server: Listening
const sockets: Socket[] = []

beforeAll(async () => {
  const echo = webServer(
    (request, response) => {
      let bytes = 0
      request
        .on('data', (chunk: Buffer) => (bytes += chunk.length))
        .once('end', () => response.end(String(bytes)))
      request.on('error', () => undefined)
    },
    { PUBLIC_ORIGIN: 'http://localhost' },
    { requestMs: REQUEST_MS },
  )
  server = await listen(echo)
})
afterAll(async () => {
  for (const socket of sockets) socket.destroy()
  await server.close()
})

/** A client that sends so much of a request and nothing more. @returns what it reads until the connection ends */
function halfOpen(sent: string): Promise<string> {
  const socket = connect(Number(new URL(server.origin).port), 'localhost')
  sockets.push(socket)
  let read = ''
  socket.on('data', (chunk) => (read += String(chunk))).on('error', () => undefined)
  socket.write(sent)
  return new Promise((resolve) => socket.once('close', () => resolve(read)))
}

const UNFINISHED = [
  'POST / HTTP/1.1\r\nHost: localhost\r\nX-',
  'POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n\r\nslow',
  'POST / HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nslow\r\n',
]

test('S12 clients that stop in their headers or in their body are cut off, and others are answered meanwhile', async () => {
  const cut = UNFINISHED.flatMap((sent) => Array.from({ length: MANY }, () => halfOpen(sent)))
  const honest = await fetch(server.origin, { method: 'POST', body: 'x'.repeat(5_000) })
  expect(await honest.text()).toBe('5000')
  for (const answer of await Promise.all(cut)) expect(answer).toMatch(/^HTTP\/1\.1 408 /)
})
