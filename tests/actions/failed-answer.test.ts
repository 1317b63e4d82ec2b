import { createServer, type RequestListener } from 'node:http'
import { gzipSync } from 'node:zlib'
import { afterEach, describe, expect, test } from 'vitest'
import { failuresInWords } from '#lib/entry/failed-answer.http.ts'
import { noteFailure } from '#lib/web/failure.adapter.ts'
import { setEnvironment } from '#tests/support/environment.ts'
import { type Listening, listen } from '#tests/support/http.ts'

/** In Next's place stand its ways to fail, as the wire shows them. */
setEnvironment()

const DOCUMENT =
  '<!DOCTYPE html><html id="__next_error__"><head><meta charSet="utf-8"/><script src="/a.js" nonce="bm9uY2U="></script></head><body><script nonce="bm9uY2U=">1</script></body></html>'

let server: Listening | undefined
afterEach(() => server?.close())

async function ask(
  next: RequestListener,
  path = '/mozzecane/oggi?x=1',
  headers: Record<string, string> = {},
) {
  server = await listen(createServer(failuresInWords(next)))
  const answer = await fetch(server.origin + path, { headers: { accept: 'text/html', ...headers } })
  return { status: answer.status, headers: answer.headers, body: await answer.text() }
}

const document500: RequestListener = (_request, response) => {
  response.statusCode = 500
  response.setHeader('content-type', 'text/html; charset=utf-8')
  response.setHeader('content-security-policy', "style-src 'self' 'nonce-bm9uY2U='")
  response.flushHeaders()
  response.write(DOCUMENT.slice(0, 60))
  response.write(DOCUMENT.slice(60))
  response.end()
}

const away = () => Object.assign(new Error('the server is starting'), { code: '57P03' })

const WORDS =
  /<main lang="it" dir="ltr"><h1>Qualcosa non va<\/h1><p>Quello che hai confermato resta\.<\/p>.*Se chiedi aiuto, di’ questo codice: \d{10}<\/p><p><a href="\/mozzecane\/oggi\?x=1">Riprova<\/a>/

describe('a page that fails in Next', () => {
  test('says so in words before its scripts draw the error page, and keeps the scripts', async () => {
    const { status, headers, body } = await ask(document500)
    expect(status).toBe(500)
    expect(body).toMatch(WORDS)
    expect(body).toContain('<title>Qualcosa non va</title><style nonce="bm9uY2U=">')
    expect(body).toContain('<script src="/a.js" nonce="bm9uY2U="></script>')
    expect(body.indexOf('<main')).toBe(body.indexOf('<body>') + '<body>'.length)
    expect(body).toContain('<html lang="it" dir="ltr" id="__next_error__">')
    expect(headers.get('cache-control')).toBe('no-store')
    expect(headers.get('retry-after')).toBeNull()
  })

  test('answers 503 with Retry-After and the digest of the log where the database is away', async () => {
    const { status, headers, body } = await ask((request, response) => {
      noteFailure(away(), '1234567890')
      document500(request, response)
    })
    expect([status, headers.get('retry-after')]).toEqual([503, '3'])
    expect(body).toMatch(/<h1>Il portale in questo momento non risponde<\/h1>.*codice: 1234567890</)
  })

  test('says it in the language of the reader', async () => {
    const { body } = await ask(document500, '/mozzecane', { cookie: 'lingua=ar' })
    expect(body).toMatch(/<main lang="ar" dir="rtl"><h1>(?!Qualcosa)/)
  })

  test.each<[string, RequestListener]>([
    ['empty', (_request, response) => response.writeHead(500).end()],
    [
      'two words in English',
      (_request, response) =>
        response
          .writeHead(500, { 'content-type': 'text/plain', 'content-length': 21 })
          .end('Internal Server Error'),
    ],
  ])('is a page of its own where Next’s answer is %s', async (_what, next) => {
    const { status, headers, body } = await ask(next)
    expect([status, headers.get('content-type')]).toEqual([500, 'text/html; charset=utf-8'])
    expect(body).toMatch(/^<!doctype html><html lang="it" dir="ltr">/)
    expect(body).toMatch(WORDS)
  })

  test('has its words also where the answer was compressed', async () => {
    const { headers, body } = await ask((_request, response) => {
      response.statusCode = 500
      response.setHeader('content-encoding', 'gzip')
      response.end(gzipSync(DOCUMENT))
    })
    expect(headers.get('content-encoding')).toBeNull()
    expect(body).toMatch(WORDS)
    expect(body).toContain('__next_error__')
  })

  test('writes the address of the page as text and no more', async () => {
    const { body } = await ask(document500, '/a"><script>alert(1)</script>')
    expect(body).not.toContain('<script>alert')
  })
})

describe('an address that fails in Next', () => {
  const empty: RequestListener = (_request, response) => response.writeHead(500).end()

  test('answers a program in JSON', async () => {
    const { headers, body } = await ask(empty, '/api/mozzecane/movimenti.csv', { accept: '*/*' })
    expect(headers.get('content-type')).toBe('application/json')
    expect(JSON.parse(body)).toMatchObject({
      ok: false,
      code: 'request:failed',
      message: expect.stringContaining('Quello che hai confermato resta.') as string,
      reference: expect.stringMatching(/^\d{10}$/) as string,
    })
  })

  test('answers a person who opens it with a page', async () => {
    expect((await ask(empty, '/api/mozzecane/fatture/1/pdf')).body).toMatch(/<h1>Qualcosa non va<\/h1>/)
  })

  test('keeps what it says of its own failure', async () => {
    const { body } = await ask(
      (_request, response) =>
        response.writeHead(500, { 'content-type': 'application/json' }).end('{"own":1}'),
      '/api/a',
    )
    expect(body).toBe('{"own":1}')
  })
})

describe('what does not fail, and what Next’s scripts read, passes as it is', () => {
  test.each<[string, number, Record<string, string>]>([
    ['a page', 200, {}],
    ['a page that is not there', 404, {}],
    ['a refusal of the health check', 503, {}],
    ['a payload that fails', 500, { rsc: '1' }],
    ['a server action that fails', 500, { 'next-action': 'a' }],
  ])('%s', async (_what, status, headers) => {
    const answer = await ask(
      (_request, response) => {
        response.writeHead(status, { 'x-own': 'yes' })
        response.write('one ')
        response.end('two')
      },
      '/mozzecane',
      headers,
    )
    expect([answer.status, answer.headers.get('x-own'), answer.body]).toEqual([status, 'yes', 'one two'])
  })
})
