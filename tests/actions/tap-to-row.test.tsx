import { readFileSync } from 'node:fs'
import { type IncomingMessage, request } from 'node:http'
import { text } from 'node:stream/consumers'
import pg from 'pg'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { TodayCard } from '#components/meals/today-card.tsx'
import { TodayFields } from '#components/meals/today-parts.tsx'
import { PhoneLink } from '#components/ui/phone-link.tsx'
import { instantInRome } from '#lib/kernel/day.ts'
import type { Cell } from '#lib/meals/month-view.ts'
import { sessionCookieHeader } from '#lib/session/session-token.adapter.ts'
import { setClock, testDatabase } from '#tests/support/database.ts'
import { TEST_ENVIRONMENT } from '#tests/support/environment.ts'
import { Coverage } from '#tests/support/executed.ts'
import { aHousehold, aMunicipality, aPupil, aServiceDay } from '#tests/support/factories.ts'
import type { Listening } from '#tests/support/http.ts'
import { startMeals } from '#tests/support/meals.ts'
import { signedIn } from '#tests/support/people.ts'

/**
 * The most important act, followed while it happens: the card is drawn, its button pressed, the request goes over a socket to
 * the listener of the web server and on to PostgreSQL. V8 says which files executed a function, from the tap to the request
 * and from the request to the statement that writes the row. Everything of the checkout counts.
 */
const MOST_FILES = 8
const { PUBLIC_ORIGIN: ORIGIN, NEXTAUTH_SECRET } = TEST_ENVIRONMENT
const TUESDAY = '2026-11-24'
const WEDNESDAY = '2026-11-25'
const WRITES_THE_ROW = /insert into absence /

/** Files named in a list of docs/architecture.md, in its order. */
function filesInArchitecture(heading: string): string[] {
  const [, section = ''] = readFileSync('docs/architecture.md', 'utf8').split(`### ${heading}\n`)
  const [list = ''] = section.split('\n#')
  return [...list.matchAll(/^\d+\. `([^`]+)`/gm)].map(([, file]) => file as string)
}

type Jsdom = { JSDOM: new (html: string, at: { url: string }) => { window: Window & typeof globalThis } }

/** What React and the testing library take from a browser. */
async function becomeBrowser(): Promise<void> {
  // The package brings no types.
  const { JSDOM } = (await import('jsdom' as string)) as Jsdom
  const { window } = new JSDOM('<!doctype html><body></body>', { url: ORIGIN })
  const { document, HTMLElement, HTMLIFrameElement, Element, Node, MutationObserver, location } = window
  const listening = {
    addEventListener: window.addEventListener.bind(window),
    removeEventListener: window.removeEventListener.bind(window),
  }
  const globals = { document, HTMLElement, HTMLIFrameElement, Element, Node, MutationObserver, location }
  for (const [name, value] of Object.entries({ window, ...globals, ...listening })) vi.stubGlobal(name, value)
}

type Leg = 'browser' | 'server'
let executed: Record<Leg, string[]>
let coverage: Coverage
let server: Listening
let api: string
let cookie: string
let pupilId: string

/** The way once: on a busy machine the browser may ask again, and has drawn the card meanwhile. */
const take = (leg: Leg) => {
  const files = coverage.take()
  if (executed[leg].length === 0) executed[leg] = files
}

/** Sends a request as a browser does from our own page. */
async function post(path: string, headers: Record<string, string>, body: string) {
  const { port } = new URL(server.origin)
  const sent = { ...headers, cookie, origin: ORIGIN }
  const answer = await new Promise<IncomingMessage>((resolve, reject) => {
    const asked = request({ port, path, method: 'POST', headers: sent }, resolve)
    asked.once('error', reject)
    asked.end(body)
  })
  const words = await text(answer)
  return { status: answer.statusCode as number, location: answer.headers.location, words }
}

const cell = (day: string): Cell => [day, 'present', instantInRome(day, '09:30').getTime()]

const card = () => (
  <TodayCard
    child={{ id: pupilId, givenName: 'Greta', place: '3A', today: cell(TUESDAY), next: [cell(WEDNESDAY)] }}
    at={instantInRome(TUESDAY, '08:00').getTime()}
    api={api}
    fields={<TodayFields pupilId={pupilId} formKey="01a20871-16ab-74d4-b615-b80b0ac86778" />}
    phone={<PhoneLink key="phone" number="045 555 0101" />}
  >
    {null}
  </TodayCard>
)

async function absences(): Promise<number> {
  const { owner } = await testDatabase()
  return (await owner.selectFrom('absence').where('pupil_id', '=', pupilId).selectAll().execute()).length
}

beforeAll(async () => {
  await testDatabase()
  await setClock(instantInRome(TUESDAY, '08:00'))
  coverage = new Coverage()
  server = await startMeals(() => coverage.take())
  const query = pg.Client.prototype.query
  vi.spyOn(pg.Client.prototype, 'query').mockImplementation(function (this: pg.Client, ...sent: unknown[]) {
    const [statement] = sent as [string | { text: string }]
    if (WRITES_THE_ROW.test(typeof statement === 'string' ? statement : statement.text)) take('server')
    return Reflect.apply(query, this, sent)
  } as never)
})
afterAll(async () => {
  coverage.stop()
  await server.close()
})

beforeEach(async () => {
  executed = { browser: [], server: [] }
  const municipality = await aMunicipality()
  const household = await aHousehold(municipality)
  pupilId = await aPupil(municipality, household.householdId, { name: 'Greta' })
  for (const day of [TUESDAY, WEDNESDAY]) await aServiceDay(municipality, day)
  api = `/api/${municipality.slug}/prenotazioni`
  const { token } = await signedIn(household.holder.citizenId)
  cookie = (await sessionCookieHeader(token, NEXTAUTH_SECRET, 3_600)).split(';')[0] as string
  // What a process does once, at its first request, belongs to no tap.
  await post(api, { 'content-type': 'application/json' }, '{}')
})
afterEach(async () => {
  // React leaves work for a later turn of the event loop, which asks for the window.
  await vi.waitUntil(() => !process.getActiveResourcesInfo().includes('Immediate'), { timeout: 15_000 })
  vi.unstubAllGlobals()
})

describe('from the tap *Segna assente* to the row', () => {
  test('eight files of ours execute at most, and docs/architecture.md names them hop by hop', async () => {
    await becomeBrowser()
    vi.stubGlobal('fetch', async (path: string, { headers, body }: { headers: never; body: string }) => {
      take('browser')
      const answer = await post(path, headers, body)
      return { status: answer.status, json: async () => JSON.parse(answer.words) as unknown }
    })
    const { cleanup, fireEvent, render } = await import('@testing-library/react')
    const page = render(card())
    coverage.take()
    fireEvent.click(page.getByRole('button', { name: 'Segna assente oggi' }))
    expect(await page.findByText(/^Ricevuta n\./, {}, { timeout: 15_000 })).toBeTruthy()
    cleanup()

    const files = [...executed.browser, ...executed.server]
    expect(await absences()).toBe(1)
    expect(executed.browser).toContain('components/meals/today-card.tsx')
    expect(executed.server).toContain('db/client.ts')
    expect(files.toSorted()).toEqual(filesInArchitecture('(a) From the tap to the row').toSorted())
    expect(files.length).toBeLessThanOrEqual(MOST_FILES)
  })

  test('before hydration the form does the same through the same files, but for the one that sends', async () => {
    const form = new URLSearchParams({
      figlio: pupilId,
      chiave: '01a20871-16ab-74d4-b615-b80b0ac86778',
      pagina: 'oggi',
      cambia: `disdici ${TUESDAY}`,
    })
    coverage.take()
    const answer = await post(api, { 'content-type': 'application/x-www-form-urlencoded' }, String(form))
    expect([answer.status, answer.location]).toEqual([303, expect.stringContaining('/oggi?ricevuta=')])

    const files = ['components/meals/today-card.tsx', ...executed.server]
    expect(await absences()).toBe(1)
    const named = filesInArchitecture('(a) From the tap to the row').filter(
      (file) => file !== 'components/meals/use-changes.ts',
    )
    expect(files.toSorted()).toEqual([...named, 'lib/meals/meal-change.input.ts'].toSorted())
    expect(files.length).toBeLessThanOrEqual(MOST_FILES)
  })

  test('a function that executes on the way is noticed, in whichever file it is', () => {
    coverage.take()
    cell(TUESDAY)
    expect(coverage.take()).toContain('lib/kernel/day.ts')
  })
})
