import { randomUUID } from 'node:crypto'
import { createServer, type Server } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { GET, POST } from '#app/api/[comune]/prenotazioni/route.ts'
import type { Viewer } from '#lib/access/viewer.ts'
import { answerMeals } from '#lib/meals/meal-change.http.ts'
import { answerBeforeNext, mealsRequestIn } from '#scripts/lib/answer-before-next.ts'
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

const visitor = vi.hoisted(() => ({ now: null as Viewer | null, fails: false }))
vi.mock('#lib/session/viewer.queries.ts', () => ({
  viewerWith: async () => {
    if (visitor.fails) throw new Error('the database does not answer')
    return visitor.now
  },
}))

const DAY = '2026-11-24'
const ORIGIN = TEST_ENVIRONMENT.PUBLIC_ORIGIN

let municipality: TestMunicipality
let household: Household
let greta: string
let server: Server
let origin: string

beforeAll(async () => {
  await testDatabase()
  server = createServer((request, response) => {
    const asked = mealsRequestIn(request)
    if (asked) void answerBeforeNext(answerMeals, asked, request, response)
    else response.writeHead(418).end()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})
afterAll(() => new Promise((resolve) => server.close(resolve)))

beforeEach(async () => {
  await setClock('2026-11-24T07:00:00Z')
  municipality = await aMunicipality()
  household = await aHousehold(municipality)
  greta = await aPupil(municipality, household.householdId, { name: 'Greta' })
  await aServiceDay(municipality, DAY)
  Object.assign(visitor, { now: household.holderViewer, fails: false })
})

const path = () => `/api/${municipality.slug}/prenotazioni`
const atThePeak = (query = '', init: RequestInit = {}) =>
  fetch(origin + path() + query, { redirect: 'manual', ...init })
const byNext = (query = '', init: RequestInit = {}) =>
  (init.method === 'POST' ? POST : GET)(new Request(ORIGIN + path() + query, init), {
    params: Promise.resolve({ comune: municipality.slug }),
  })

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

/** What a browser or the app gets of an answer. */
const told = async (response: Response) => ({
  status: response.status,
  type: response.headers.get('content-type'),
  cache: response.headers.get('cache-control'),
  location: response.headers.get('location'),
  body: await response.text(),
})

describe('the two requests of the peak', () => {
  test.each<[string, () => [string?, RequestInit?]]>([
    ['a month', () => [`?figlio=${greta}&mese=2026-11`]],
    ['nonsense for a child', () => ["?figlio=' or 1=1"]],
    ['a cancellation from another site', () => ['', posted(change(), { origin: 'https://altrove.example' })]],
    ['in English', () => ['', posted(change({ days: ['2026-11-29'] }), { cookie: 'lingua=en' })]],
    ['a day that does not exist', () => ['', posted(change({ days: ['2027-02-31'] }))]],
    ['what is no JSON', () => ['', posted('{')]],
    ['a body beyond all measure', () => ['', posted(change({ padding: 'x'.repeat(70_000) }))]],
    [
      'a form',
      () => [
        '',
        posted(`figlio=${greta}&giorno=2026-11-29&azione=disdici&chiave=${randomUUID()}`, {
          'content-type': 'application/x-www-form-urlencoded',
        }),
      ],
    ],
  ])('%s: answered as Next’s own route answers', async (_what, request) => {
    const asked = request()
    expect(await told(await atThePeak(...asked))).toEqual(await told(await byNext(...asked)))
  })

  test('a cancellation is done once, whichever of the two answers, with the headers of every answer', async () => {
    const asked = posted(change())
    const answer = await atThePeak('', asked)
    expect([answer.status, Object.fromEntries(answer.headers)]).toMatchObject([
      200,
      {
        'content-security-policy': expect.stringContaining("default-src 'none'"),
        'x-content-type-options': 'nosniff',
        'x-frame-options': 'DENY',
        'cache-control': 'private, no-store',
      },
    ])
    expect(await (await byNext('', asked)).json()).toEqual(await answer.json())
  })

  test('a body that never says its length is cut at the same measure', async () => {
    const endless = new ReadableStream({
      pull: (controller) => controller.enqueue(new TextEncoder().encode('x'.repeat(10_000))),
    })
    const answer = await atThePeak('', {
      ...posted(''),
      body: endless,
      duplex: 'half',
    } as RequestInit)
    expect(answer.status).toBe(422)
  })

  test('a failure of ours says nothing but that it is one, and the next request is answered', async () => {
    visitor.fails = true
    const failed = await atThePeak()
    expect([failed.status, await failed.text()]).toEqual([500, ''])
    visitor.fails = false
    expect((await atThePeak(`?figlio=${greta}`)).status).toBe(200)
  })

  test('a phone that loses the line while it sends keeps nobody waiting', async () => {
    const { port } = server.address() as AddressInfo
    const phone = connect(port, '127.0.0.1')
    phone.write(
      `POST ${path()} HTTP/1.1\r\nHost: localhost:3000\r\nOrigin: ${ORIGIN}\r\nContent-Type: application/json\r\nContent-Length: 500\r\n\r\n{"action"`,
    )
    await new Promise((resolve) => setTimeout(resolve, 50))
    phone.destroy()
    expect((await atThePeak(`?figlio=${greta}`)).status).toBe(200)
  })
})

describe('everything else is Next’s', () => {
  const isPeak = (url: string, headers: Record<string, string> = {}, method = 'GET') =>
    mealsRequestIn({ method, url, headers: { host: 'localhost:3000', ...headers } }) !== null

  test.each([
    ['the page of the same name', '/mozzecane/prenotazioni'],
    ['an address below', '/api/mozzecane/prenotazioni/altro'],
    ['an address that only looks so', '/api/mozzecane/prenotazioni2'],
    ['no name of a Comune', '/api/../prenotazioni'],
    ['an encoded address', '/api/%2Fmozzecane/prenotazioni'],
    ['the switch of the language', '/api/mozzecane/prenotazioni?lingua=en'],
  ])('%s', (_what, url) => {
    expect(isPeak('/api/mozzecane/prenotazioni?mese=2026-11')).toBe(true)
    expect(isPeak(url)).toBe(false)
  })

  test.each(['HEAD', 'OPTIONS', 'PUT', 'DELETE'])('%s', (method) => {
    expect(isPeak('/api/mozzecane/prenotazioni', {}, method)).toBe(false)
  })

  test('what is asked of a municipality’s own host, where nothing can be changed', () => {
    setEnvironment({ BASE_DOMAIN: 'mensa.example', PUBLIC_ORIGIN: 'http://localhost:3000' })
    const host = 'mozzecane.mensa.example'
    expect(isPeak('/api/mozzecane/prenotazioni', { host }, 'POST')).toBe(false)
    expect(isPeak('/api/mozzecane/prenotazioni', {}, 'POST')).toBe(true)
    setEnvironment()
  })
})
