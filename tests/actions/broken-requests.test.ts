import { connect, type Socket } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest'
import { securityHeaders } from '#lib/web/security-headers.ts'
import { webServer } from '#scripts/lib/web-server.ts'
import { type Listening, listen } from '#tests/support/http.ts'

/** What Node's own HTTP server answers, before any listener of ours, over raw sockets. */
const ORIGIN = 'https://mensa.example.it'
const HOST = 'Host: mensa.example.it\r\n'
const GOOD = `GET /buona HTTP/1.1\r\n${HOST}\r\n`
/** What a stranger may write, to be read by no one. */
const MARK = '<b>zz-mark-zz</b>'
const REQUEST_MS = 1_000

let server: Listening
let release: (() => void) | undefined
const sockets: Socket[] = []

beforeAll(async () => {
  const portal = webServer(
    async (request, response) => {
      request.on('error', () => undefined)
      if (request.url === '/lenta') await new Promise<void>((resolve) => (release = resolve))
      if (request.url === '/presto') response.end('before the body')
      else if (request.method === 'POST') request.resume().once('end', () => response.end('the whole body'))
      else response.end(`${request.url} was answered`)
    },
    { PUBLIC_ORIGIN: ORIGIN },
    { requestMs: REQUEST_MS },
  )
  server = await listen(portal)
})
afterEach(() => {
  release?.()
  release = undefined
  for (const socket of sockets.splice(0)) socket.destroy()
})
afterAll(() => server.close())

/** A client that sends something, a piece at a time. `read` is all that it gets, when the server has ended the connection. */
function client(...pieces: readonly string[]) {
  // As a browser does: its own side stays open until the server has said everything.
  const socket = connect({
    port: Number(new URL(server.origin).port),
    host: 'localhost',
    allowHalfOpen: true,
  })
  sockets.push(socket)
  let heard = ''
  const read = new Promise<string>((resolve) => {
    socket.on('data', (chunk) => (heard += String(chunk)))
    socket.once('end', () => socket.end())
    socket.on('error', () => undefined)
    socket.once('close', () => resolve(heard))
  })
  const sent = (async () => {
    for (const piece of pieces) {
      socket.write(piece)
      await pause(20)
    }
  })()
  return { socket, sent, read, heard: () => heard }
}

type Answer = { status: string; headers: Record<string, string>; body: string }

/** The answers of a connection, each with a body as long as it says. */
function answersIn(read: string): Answer[] {
  const answers: Answer[] = []
  for (let rest = Buffer.from(read); rest.length > 0; ) {
    const end = rest.indexOf('\r\n\r\n')
    expect(end, read).toBeGreaterThan(0)
    const [first = '', ...lines] = rest.subarray(0, end).toString().split('\r\n')
    const headers = Object.fromEntries(
      lines.map((line) => [
        line.slice(0, line.indexOf(':')).toLowerCase(),
        line.slice(line.indexOf(':') + 2),
      ]),
    )
    const bodyAt = end + 4
    const bytes = Number(headers['content-length'])
    expect(bytes, read).toBeGreaterThan(0)
    answers.push({
      status: first.split(' ')[1] as string,
      headers,
      body: rest.subarray(bodyAt, bodyAt + bytes).toString(),
    })
    rest = rest.subarray(bodyAt + bytes)
  }
  return answers
}

/** An answer that is a page of ours, in each language, and nothing of what was sent. */
function expectPage({ headers, body }: Answer, title: string): void {
  expect(headers).toMatchObject({
    'content-type': 'text/html; charset=utf-8',
    connection: 'close',
    'cache-control': 'no-store',
  })
  for (const [name, value] of Object.entries(securityHeaders({ https: true })))
    expect(headers[name.toLowerCase()]).toBe(value)
  expect(headers['content-security-policy']).toContain("default-src 'none'")
  expect(body).toMatch(/^<!doctype html><html lang="it" dir="ltr">/)
  expect(body).toContain(`<title>${title}</title>`)
  expect(body).toContain(`<main><section lang="it" dir="ltr"><h1>${title}</h1>`)
  expect(body).toMatch(
    /<section lang="en" dir="ltr"><h1>.*<section lang="ar" dir="rtl"><h1>[^<]*[\u0600-\u06ff]/s,
  )
  expect(body.endsWith('</body></html>')).toBe(true)
  expect(body).not.toContain('zz-mark')
}

const NOT_UNDERSTOOD = 'Il portale non ha capito la richiesta'
const LATE = 'La richiesta non è arrivata in tempo'

const BROKEN: Readonly<Record<string, readonly [sent: string[], status: string, title: string]>> = {
  garbage: [[`${MARK} ${MARK}\r\n\r\n`], '400', NOT_UNDERSTOOD],
  'a handshake of TLS': [['\u0016\u0003\u0001\u0002\u0000\u0001'], '400', NOT_UNDERSTOOD],
  'a header that is none': [[`GET /?${MARK} HTTP/1.1\r\n${HOST}${MARK}\r\n\r\n`], '400', NOT_UNDERSTOOD],
  'a request without a host': [[`GET /?${MARK} HTTP/1.1\r\n\r\n`], '400', NOT_UNDERSTOOD],
  'a version of long ago that does not exist': [[`GET / HTTP/7.3\r\n${HOST}\r\n`], '400', NOT_UNDERSTOOD],
  'two lengths': [
    [`POST / HTTP/1.1\r\n${HOST}Content-Length: 3\r\nContent-Length: 4\r\n\r\nabc`],
    '400',
    NOT_UNDERSTOOD,
  ],
  'a length and pieces': [
    [`POST / HTTP/1.1\r\n${HOST}Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\nabc`],
    '400',
    NOT_UNDERSTOOD,
  ],
  'a piece without a length': [
    [`POST / HTTP/1.1\r\n${HOST}Transfer-Encoding: chunked\r\n\r\n`, `${MARK}\r\n`],
    '400',
    NOT_UNDERSTOOD,
  ],
  'an expectation that nobody can meet': [
    [`GET / HTTP/1.1\r\n${HOST}Expect: ${MARK}\r\n\r\n`],
    '417',
    NOT_UNDERSTOOD,
  ],
  'too many headers': [
    [`GET / HTTP/1.1\r\n${HOST}Cookie: ${MARK.repeat(2_000)}\r\n\r\n`],
    '431',
    'La richiesta porta con sé troppi dati',
  ],
  'too much beside a piece': [
    [`POST / HTTP/1.1\r\n${HOST}Transfer-Encoding: chunked\r\n\r\n`, `1;${'x'.repeat(20_000)}\r\na\r\n`],
    '413',
    'Quello che hai inviato è troppo grande',
  ],
  'a tunnel': [
    [`CONNECT mensa.example.it:443 HTTP/1.1\r\n${HOST}\r\n`],
    '405',
    'Il portale non risponde a richieste di questo tipo',
  ],
  'nothing at all': [[], '408', LATE],
  'half a first line': [['GET /bu'], '408', LATE],
  'half a head': [[`GET /?${MARK} HTTP/1.1\r\n${HOST}X-Mark: ${MARK}`], '408', LATE],
  'half a body': [[`POST / HTTP/1.1\r\n${HOST}Content-Length: 100\r\n\r\n${MARK}`], '408', LATE],
  'half a piece': [
    [`POST / HTTP/1.1\r\n${HOST}Transfer-Encoding: chunked\r\n\r\n40\r\n${MARK}`],
    '408',
    LATE,
  ],
}

describe('a request that no page sees is answered in words, which repeat nothing of it', () => {
  test.each(Object.keys(BROKEN))('%s', async (what) => {
    const [pieces, status, title] = BROKEN[what] as (typeof BROKEN)[string]
    const answers = answersIn(await client(...pieces).read)
    expect(answers.map((answer) => answer.status)).toEqual([status])
    expectPage(answers[0] as Answer, title)
  })

  test('half a head that ends there', async () => {
    const { socket, sent, read } = client(`GET /?${MARK} HTTP/1.1\r\nHo`)
    await sent
    socket.end()
    expectPage(answersIn(await read)[0] as Answer, NOT_UNDERSTOOD)
  })

  test('a good request that asks for another protocol gets its page in this one', async () => {
    const { socket, read, heard } = client(
      `GET /buona HTTP/1.1\r\n${HOST}Connection: Upgrade\r\nUpgrade: h2c\r\n\r\n`,
    )
    await vi.waitFor(() => expect(heard()).toContain('/buona was answered'))
    socket.end()
    await read
  })
})

describe('garbage behind good requests', () => {
  test('is refused after each of them has its answer', async () => {
    const [first, second, third] = answersIn(await client(`${GOOD}${GOOD}${MARK}\r\n\r\n`).read)
    expect([first?.body, second?.body]).toEqual(['/buona was answered', '/buona was answered'])
    expect(third?.status).toBe('400')
    expectPage(third as Answer, NOT_UNDERSTOOD)
  })

  test('waits for the answer of a request that takes its time, and takes its place from it never', async () => {
    const { sent, read, heard } = client(`GET /lenta HTTP/1.1\r\n${HOST}\r\n`, `${MARK}\r\n\r\n`, MARK)
    await sent
    await vi.waitFor(() => expect(release).toBeDefined())
    expect(heard()).toBe('')
    release?.()
    const [slow, refused, ...others] = answersIn(await read)
    expect([slow?.status, slow?.body]).toEqual(['200', '/lenta was answered'])
    expectPage(refused as Answer, NOT_UNDERSTOOD)
    expect(others).toEqual([])
  })

  test('in a body behind a slow request is refused in its turn', async () => {
    const broken = `POST /dopo HTTP/1.1\r\n${HOST}Transfer-Encoding: chunked\r\n\r\n${MARK}\r\n`
    const { sent, read } = client(`GET /lenta HTTP/1.1\r\n${HOST}\r\n`, broken)
    await sent
    await vi.waitFor(() => expect(release).toBeDefined())
    release?.()
    const [slow, refused, ...others] = answersIn(await read)
    expect([slow?.body, refused?.status, others.length]).toEqual(['/lenta was answered', '400', 0])
    expectPage(refused as Answer, NOT_UNDERSTOOD)
  })

  test('half a head behind a good request is told that it came too late', async () => {
    const [good, refused] = answersIn(await client(GOOD, `GET /${MARK}`).read)
    expect([good?.body, refused?.status]).toEqual(['/buona was answered', '408'])
    expectPage(refused as Answer, LATE)
  })

  test('in a body that was answered before it came is not answered again', async () => {
    const early = `POST /presto HTTP/1.1\r\n${HOST}Transfer-Encoding: chunked\r\n\r\n`
    const answers = answersIn(await client(early, `${MARK}\r\n`).read)
    expect(answers.map(({ status, body }) => [status, body])).toEqual([['200', 'before the body']])
  })
})

test('a client that goes on sending garbage reads its answer, and is then cut off', async () => {
  const { socket, read } = client(`${MARK}\r\n\r\n`)
  const more = setInterval(() => socket.write(MARK.repeat(1_000)), 5)
  const answers = answersIn(await read.finally(() => clearInterval(more)))
  expect(answers.map(({ status }) => status)).toEqual(['400'])
})
