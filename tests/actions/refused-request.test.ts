import { createServer, request } from 'node:http'
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { refusedBefore } from '#lib/entry/refused-request.http.ts'
import { sessionCookieHeader } from '#lib/session/session-token.adapter.ts'
import { securityHeaders } from '#lib/web/security-headers.ts'
import { TEST_ENVIRONMENT } from '#tests/support/environment.ts'
import { type Listening, listen } from '#tests/support/http.ts'

const logged = vi.hoisted(() => [] as unknown[])
vi.mock('#lib/kernel/log.ts', () => ({ log: () => ({ warn: (...line: unknown[]) => logged.push(line) }) }))

const ORIGIN = 'https://mensa.example.it'
const SETTINGS = {
  PUBLIC_ORIGIN: ORIGIN,
  BASE_DOMAIN: 'example.it',
  NEXTAUTH_SECRET: TEST_ENVIRONMENT.NEXTAUTH_SECRET,
}
const HOST = 'mensa.example.it'

/** What reached the pages. */
const reached: string[] = []
let server: Listening
let cookie = ''
beforeAll(async () => {
  const pages = refusedBefore((asked, answer) => {
    reached.push(asked.url ?? '')
    asked.resume()
    if (asked.url?.startsWith('/sposta')) answer.writeHead(308, { location: '/altrove' })
    else if (asked.url?.startsWith('/rotto')) answer.writeHead(500)
    answer.end()
  }, SETTINGS)
  server = await listen(createServer(pages))
  cookie = (await sessionCookieHeader('a'.repeat(43), SETTINGS.NEXTAUTH_SECRET, 600)).split(';')[0] as string
})
beforeEach(() => {
  reached.length = 0
})
afterAll(() => server.close())

type Sent = { method?: string; headers?: Record<string, string>; body?: string }
type Answered = { status: number; headers: Record<string, unknown>; body: string }

/** `node:http` sends an address as it is written. */
const ask = (path: string, { method = 'GET', headers = {}, body }: Sent = {}): Promise<Answered> =>
  new Promise((resolve, reject) => {
    const { port } = new URL(server.origin)
    const sent = request({ port, path, method, headers: { host: HOST, ...headers } }, (answer) => {
      let text = ''
      answer.on('data', (chunk) => {
        text += chunk
      })
      answer.once('end', () =>
        resolve({ status: answer.statusCode ?? 0, headers: answer.headers, body: text }),
      )
    })
    // A body that is refused before it was sent ends the connection: the answer came first.
    sent.once('error', reject)
    sent.end(body)
  })

const post = (path: string, bytes: number, headers: Record<string, string> = {}) =>
  ask(path, {
    method: 'POST',
    headers: { origin: ORIGIN, 'content-length': String(bytes), ...headers },
    body: 'x'.repeat(bytes),
  })

describe('S14 an address that no page can have', () => {
  test.each([
    ['with a percent that is cut', '/%E0%A4%A'],
    ['with a percent alone', '/mozzecane/%'],
    ['of another site', 'http://altrove.example/mozzecane'],
    ['that is a star', '*'],
  ])('%s is a bad request, in words', async (_, path) => {
    const { status, body } = await ask(path)
    expect([status, reached]).toEqual([400, []])
    expect(body).toContain('<h1>Questo indirizzo non è valido</h1>')
  })

  test('is told in the language of the browser', async () => {
    expect((await ask('/%', { headers: { cookie: 'lingua=ar' } })).body).toContain(
      '<html lang="ar" dir="rtl">',
    )
  })

  test.each(['/', '/mozzecane/notizie/perch%C3%A9', '/mozzecane?cerca=%E0%A4%A', '/_next/static/x.js'])(
    'is not %s',
    async (path) => {
      await ask(path)
      expect(reached).toEqual([path])
    },
  )
})

test.each(['/', '/_next/static/manca.js', '/sposta', '/rotto', '/%'])(
  'S14 the answer to %s carries every header and a policy',
  async (path) => {
    const { headers } = await ask(path)
    for (const [name, value] of Object.entries(securityHeaders({ https: true })))
      expect(headers[name.toLowerCase()]).toBe(value)
    expect(headers['content-security-policy']).toContain("default-src 'none'")
  },
)

describe('S12 a body that is too large is not read', () => {
  const KB = 1_024
  test.each<[string, string, number, boolean]>([
    ['100,000 fields of a stranger', '/mozzecane/profilo', 9_400 * KB, false],
    ['257 kB of a stranger', '/mozzecane/profilo', 257 * KB, false],
    ['257 kB of a stranger to the office', '/admin/mozzecane/notizie', 257 * KB, false],
    ['257 kB of a stranger to a route', '/api/auth/signin/bridge', 257 * KB, false],
    ['two megabytes of a parent to a page without files', '/mozzecane/profilo', 2_048 * KB, true],
    ['eleven megabytes of an editor', '/admin/mozzecane/notizie', 11_000 * KB, true],
  ])('%s', async (_, path, bytes, isSignedIn) => {
    const { status, body } = await post(path, bytes, isSignedIn ? { cookie } : {}).catch(() => ({
      status: 413,
      body: 'troppo grande',
    }))
    expect([status, reached]).toEqual([413, []])
    expect(body).toContain('troppo grande')
  })

  test.each<[string, string, number, boolean]>([
    ['a form of a stranger', '/api/auth/signin/bridge', 256 * KB, false],
    ['a long form of a parent', '/mozzecane/profilo', 1_024 * KB, true],
    ['the documents of a parent', '/mozzecane/moduli/1/riepilogo', 9_000 * KB, true],
    ['the attachments of an editor', '/admin/mozzecane/notizie', 9_000 * KB, true],
    [
      'a notification of the provider, which has a limit of its own',
      '/api/pagamenti/nexi/1',
      300 * KB,
      false,
    ],
  ])('but %s is', async (_, path, bytes, isSignedIn) => {
    expect((await post(path, bytes, isSignedIn ? { cookie } : {})).status).toBe(200)
    expect(reached).toEqual([path])
  })

  test('nor one that does not say how long it is, but for the provider’s notifications', async () => {
    const headers = { origin: ORIGIN, 'transfer-encoding': 'chunked' }
    expect((await ask('/mozzecane/profilo', { method: 'POST', headers, body: 'a=b' })).status).toBe(411)
    expect((await ask('/api/pagamenti/nexi/1', { method: 'POST', headers, body: '{}' })).status).toBe(200)
    expect(reached).toEqual(['/api/pagamenti/nexi/1'])
  })

  test('and a made-up session makes a stranger no person that we know', async () => {
    const made = { cookie: '__Host-refettorio-sessione=eyJhbGciOiJkaXIi.x.y.z.w' }
    const { status } = await post('/mozzecane/profilo', 300 * KB, made).catch(() => ({ status: 413 }))
    expect([status, reached]).toEqual([413, []])
  })
})

describe('S24 a page that is posted to', () => {
  test('by another site is refused, with one line for all of them', async () => {
    for (const origin of ['https://altrove.example', 'null', 'http://mensa.example.it', ORIGIN.toUpperCase()])
      expect((await post('/mozzecane/profilo', 3, { origin })).status).toBe(403)
    expect(reached).toEqual([])
    expect(logged).toHaveLength(1)
  })

  test('by our pages, or at a route that asks by itself, is read', async () => {
    await post('/mozzecane/profilo', 3)
    await post('/api/dispositivo/notifiche', 3, { origin: 'https://altrove.example' })
    expect(reached).toHaveLength(2)
  })

  test('on the host of a municipality is left to the proxy, which lets nothing be changed there', async () => {
    await post('/oggi', 3, { host: 'mozzecane.example.it', origin: 'https://altrove.example' })
    expect(reached).toEqual(['/oggi'])
  })
})
