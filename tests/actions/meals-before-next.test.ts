import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { type IncomingMessage, request } from 'node:http'
import { connect } from 'node:net'
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import type { Viewer } from '#lib/access/viewer.ts'
import { setClock, testDatabase } from '#tests/support/database.ts'
import { setEnvironment, TEST_ENVIRONMENT } from '#tests/support/environment.ts'
import {
  aHousehold,
  aMunicipality,
  aPupil,
  aServiceDay,
  type Household,
  type TestMunicipality,
} from '#tests/support/factories.ts'
import type { Listening } from '#tests/support/http.ts'
import { BY_NEXT, startMeals } from '#tests/support/meals.ts'

const visitor = vi.hoisted(() => ({ now: null as Viewer | null, fails: null as Error | null }))
vi.mock('#lib/session/session.queries.ts', async (original) => {
  const viewer = async () => {
    if (visitor.fails) throw visitor.fails
    return visitor.now
  }
  return { ...(await original<object>()), viewerWith: viewer, readerWith: viewer }
})

const DAY = '2026-11-24'
const ORIGIN = TEST_ENVIRONMENT.PUBLIC_ORIGIN

let municipality: TestMunicipality
let household: Household
let greta: string
let server: Listening

beforeAll(async () => {
  await testDatabase()
  server = await startMeals()
})
afterAll(() => server.close())

beforeEach(async () => {
  await setClock('2026-11-24T07:00:00Z')
  municipality = await aMunicipality()
  household = await aHousehold(municipality)
  greta = await aPupil(municipality, household.householdId, { name: 'Greta' })
  await aServiceDay(municipality, DAY)
  Object.assign(visitor, { now: household.holderViewer, fails: null })
})

const path = () => `/api/${municipality.slug}/prenotazioni`
const ask = (query = '', init: RequestInit = {}) =>
  fetch(server.origin + path() + query, { redirect: 'manual', ...init })

const posted = (body: string, headers: Record<string, string> = {}): RequestInit => ({
  method: 'POST',
  headers: { origin: ORIGIN, 'content-type': 'application/json', ...headers },
  body,
})
const change = (changes: object = {}) =>
  JSON.stringify({
    action: 'cancel',
    pupilIds: [greta],
    days: [DAY],
    idempotencyKey: randomUUID(),
    ...changes,
  })

const refusal = (code: string, words: RegExp) => ({
  ok: false,
  code,
  message: expect.stringMatching(words) as string,
})

describe('a child’s month and its changes', () => {
  test.each<[string, () => [string?, RequestInit?], number, unknown]>([
    ['a month', () => [`?figlio=${greta}&mese=2026-11`], 200, { month: '2026-11' }],
    ['nonsense for a child', () => ["?figlio=' or 1=1"], 404, refusal('request:not-found', /^Non troviamo/)],
    [
      'a cancellation from another site',
      () => ['', posted(change(), { origin: 'https://altrove.example' })],
      403,
      refusal('request:foreign-origin', /./),
    ],
    [
      'a change in English',
      () => ['', posted(change({ days: ['2026-11-29'] }), { cookie: 'lingua=en' })],
      409,
      refusal('meals:not-enrolled', /^The service is not planned/),
    ],
    [
      'a day that does not exist',
      () => ['', posted(change({ days: ['2027-02-31'] }))],
      422,
      refusal('meals:bad-day', /date/),
    ],
    ['what is no JSON', () => ['', posted('{')], 422, refusal('request:invalid', /./)],
    [
      'a body beyond all measure',
      () => ['', posted(change({ padding: 'x'.repeat(70_000) }))],
      422,
      refusal('request:invalid', /./),
    ],
  ])('%s is answered in JSON that no cache keeps', async (_what, request, status, body) => {
    const answer = await ask(...request())
    expect([answer.status, answer.headers.get('content-type'), answer.headers.get('cache-control')]).toEqual([
      status,
      'application/json',
      'private, no-store',
    ])
    expect(await answer.json()).toMatchObject(body as object)
  })

  test('a form is answered with the page to see next, and no body', async () => {
    const form = `figlio=${greta}&giorno=2026-11-29&azione=disdici&chiave=${randomUUID()}`
    const answer = await ask('', posted(form, { 'content-type': 'application/x-www-form-urlencoded' }))
    expect([
      answer.status,
      answer.headers.get('location'),
      answer.headers.get('cache-control'),
      await answer.text(),
    ]).toEqual([
      303,
      `/${municipality.slug}/prenotazioni?figlio=${greta}&esito=meals%3Anot-enrolled`,
      'private, no-store',
      '',
    ])
  })

  test('a cancellation that is sent twice is done once, with the headers of every answer', async () => {
    const asked = posted(change())
    const answer = await ask('', asked)
    expect([answer.status, Object.fromEntries(answer.headers)]).toMatchObject([
      200,
      {
        'content-security-policy': expect.stringContaining("default-src 'none'"),
        'x-content-type-options': 'nosniff',
        'x-frame-options': 'DENY',
        'cache-control': 'private, no-store',
      },
    ])
    expect(await (await ask('', asked)).json()).toEqual(await answer.json())
  })

  test('HEAD is answered as GET, without the month', async () => {
    const [head, get] = await Promise.all([ask('', { method: 'HEAD' }), ask()])
    expect([head.status, head.headers.get('content-length'), await head.text()]).toEqual([
      get.status,
      get.headers.get('content-length'),
      '',
    ])
  })

  test.each(['PUT', 'DELETE', 'PATCH', 'OPTIONS'])('%s is no method of this address', async (method) => {
    const answer = await ask('', { method, headers: { origin: ORIGIN } })
    expect([answer.status, answer.headers.get('allow')]).toEqual([405, 'GET, HEAD, POST'])
  })

  test('a body that never says its length is cut at the same measure', async () => {
    const endless = new ReadableStream({
      pull: (controller) => controller.enqueue(new TextEncoder().encode('x'.repeat(10_000))),
    })
    const answer = await ask('', {
      ...posted(''),
      body: endless,
      duplex: 'half',
    } as RequestInit)
    expect(answer.status).toBe(422)
  })

  const FORM = { 'content-type': 'application/x-www-form-urlencoded', cookie: 'lingua=en' }
  test.each<[string, Error, () => [string?, RequestInit?], number, string, RegExp]>([
    [
      'a month while the database is away',
      Object.assign(new Error('the server is starting'), { code: '57P03' }),
      () => [],
      503,
      'application/json',
      /"code":"request:unavailable","message":"Il portale in questo momento non risponde\. Quello che hai confermato resta\. Se chiedi aiuto, di’ questo codice: (\d{10})","reference":"\1"/,
    ],
    [
      'a change while no connection is free',
      new Error('timeout exceeded when trying to connect'),
      () => ['', posted(change())],
      503,
      'application/json',
      /"code":"request:unavailable"/,
    ],
    [
      'a form without JavaScript while the disk of the database is full',
      Object.assign(new Error('no space left'), { code: '53100' }),
      () => ['', posted('azione=disdici', FORM)],
      503,
      'text/html; charset=utf-8',
      /<h1>The portal is not answering at the moment<\/h1><p>What you confirmed stays\.<\/p>.*\d{10}<\/p><p><a href="\/comune-[a-z]+\/prenotazioni">/,
    ],
    [
      'a form that meets a mistake of ours',
      new Error('undefined is not a function'),
      () => ['', posted('azione=disdici', { ...FORM, cookie: '' })],
      500,
      'text/html; charset=utf-8',
      /<h1>Qualcosa non va<\/h1><p>Quello che hai confermato resta\.<\/p>/,
    ],
  ])(
    '%s is answered in words, and the next request as ever',
    async (_what, error, request, status, type, words) => {
      visitor.fails = error
      const failed = await ask(...request())
      expect([failed.status, failed.headers.get('content-type'), failed.headers.get('retry-after')]).toEqual([
        status,
        type,
        status === 503 ? '3' : null,
      ])
      const body = await failed.text()
      expect(body).toMatch(words)
      expect(body).not.toContain(error.message)
      visitor.fails = null
      expect((await ask(`?figlio=${greta}`)).status).toBe(200)
    },
  )

  test('a phone that loses the line while it sends keeps no other waiting', async () => {
    const phone = connect(Number(new URL(server.origin).port), 'localhost')
    phone.write(
      `POST ${path()} HTTP/1.1\r\nHost: localhost:3000\r\nOrigin: ${ORIGIN}\r\nContent-Type: application/json\r\nContent-Length: 500\r\n\r\n{"action"`,
    )
    await new Promise((resolve) => setTimeout(resolve, 50))
    phone.destroy()
    expect((await ask(`?figlio=${greta}`)).status).toBe(200)
  })
})

describe('every other request goes on to Next', () => {
  test.each([
    ['the page of the same name', '/mozzecane/prenotazioni'],
    ['an address below', '/api/mozzecane/prenotazioni/altro'],
    ['an address that only looks so', '/api/mozzecane/prenotazioni2'],
    ['no slug of a municipality', '/api/Mozzecane/prenotazioni'],
    ['an encoded address', '/api/%2Fmozzecane/prenotazioni'],
    ['the switch of the language', '/api/mozzecane/prenotazioni?lingua=en'],
  ])('%s', async (_what, url) => {
    expect((await fetch(`${server.origin}/api/mozzecane/prenotazioni?mese=2026-11`)).status).not.toBe(BY_NEXT)
    expect((await fetch(server.origin + url)).status).toBe(BY_NEXT)
  })

  test('what is asked of the host of a municipality, where nothing can be changed', async () => {
    setEnvironment({ BASE_DOMAIN: 'mensa.example' })
    const withHosts = await startMeals()
    setEnvironment()
    const statusAt = async (host: string) => {
      const { port } = new URL(withHosts.origin)
      const asked = request({ port, method: 'POST', path: path(), headers: { host, origin: ORIGIN } }).end()
      const [answer] = (await once(asked, 'response')) as [IncomingMessage]
      answer.resume()
      return answer.statusCode
    }
    expect(await statusAt(`${municipality.slug}.mensa.example`)).toBe(BY_NEXT)
    expect(await statusAt(new URL(ORIGIN).host)).not.toBe(BY_NEXT)
    await withHosts.close()
  })
})
