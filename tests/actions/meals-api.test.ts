import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { changeWasLost, safeReturnPath } from '#lib/access/return-path.ts'
import type { Viewer } from '#lib/access/viewer.ts'
import { changeOutcomeInWords } from '#lib/meals/change-outcome.address.ts'
import type { ChangeAnswer, MonthView } from '#lib/meals/month-view.ts'
import { setClock, testDatabase } from '#tests/support/database.ts'
import { TEST_ENVIRONMENT } from '#tests/support/environment.ts'
import {
  aDelegate,
  aHousehold,
  aMunicipality,
  aPupil,
  aServiceDay,
  aStaffViewer,
  type Household,
  type TestMunicipality,
} from '#tests/support/factories.ts'
import type { Listening } from '#tests/support/http.ts'
import { BY_NEXT, startMeals } from '#tests/support/meals.ts'
import fc, { atLength } from '#tests/support/random.ts'

const visitor = vi.hoisted(() => ({ now: null as Viewer | null }))
vi.mock('#lib/session/session.queries.ts', async (original) => ({
  ...(await original<object>()),
  viewerWith: async () => visitor.now,
  readerWith: async () => visitor.now,
}))

const TUESDAY = '2026-11-24'
const WEDNESDAY = '2026-11-25'
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
  await aServiceDay(municipality, TUESDAY)
  await aServiceDay(municipality, WEDNESDAY)
  visitor.now = household.holderViewer
})

const address = (query = '') => `${server.origin}/api/${municipality.slug}/prenotazioni${query}`
const post = (to: string, init: RequestInit) => fetch(to, { method: 'POST', redirect: 'manual', ...init })

const read = (query = `?figlio=${greta}&mese=2026-11`) => fetch(address(query))

const send = (body: unknown, headers: Record<string, string> = { origin: ORIGIN }) =>
  post(address(), {
    headers: { 'content-type': 'application/json', ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  })

const submit = (fields: Record<string, string | string[]>) => {
  const form = new URLSearchParams()
  for (const [name, values] of Object.entries(fields))
    for (const value of [values].flat()) form.append(name, value)
  return post(address(), { headers: { origin: ORIGIN }, body: form })
}

const cancel = (change: object = {}) => ({
  action: 'cancel',
  pupilIds: [greta],
  days: [TUESDAY],
  idempotencyKey: randomUUID(),
  ...change,
})

async function kindOn(day: string): Promise<string | undefined> {
  const view = (await (await read()).json()) as MonthView
  return view.weeks.flat().find((cell) => cell !== 0 && cell[0] === day)?.[1 as never]
}

describe('the calendar as JSON', () => {
  test('is read by a parent, never to be cached', async () => {
    const response = await read()
    expect(response.status).toBe(200)
    expect(response.headers.get('cache-control')).toBe('private, no-store')
    const view = (await response.json()) as MonthView
    expect(view).toMatchObject({ pupilId: greta, month: '2026-11', at: Date.parse('2026-11-24T07:00:00Z') })
    expect(view.weeks[3]?.[1]).toEqual([TUESDAY, 'present', Date.parse('2026-11-24T08:30:00Z')])
  })

  test('answers 401 to a signed-out person, and not found to a stranger, to staff and to nonsense', async () => {
    visitor.now = null
    expect((await read()).status).toBe(401)
    visitor.now = (await aHousehold(municipality)).holderViewer
    expect((await read()).status).toBe(404)
    expect((await read('')).status).toBe(404)
    visitor.now = await aStaffViewer(municipality, 'editor')
    expect((await read()).status).toBe(404)
    visitor.now = household.holderViewer
    expect((await read("?figlio=' or 1=1")).status).toBe(404)
    expect((await read(`?figlio=${greta}&mese=2026-13`)).status).toBe(200)
  })
})

describe('a change as JSON', () => {
  test('answers in the language of the page', async () => {
    const cookie = 'lingua=en'
    const change = await send(cancel({ days: [TUESDAY] }), { origin: ORIGIN, cookie })
    expect(((await change.json()) as ChangeAnswer).message).toBe('1 meal cancelled.')
    const foreign = await send({}, { origin: 'https://altrove.example', cookie })
    const refused = (await foreign.json()) as { message: string }
    expect(refused.message).not.toMatch(/richiesta|pagina/i)
  })

  test('is done once, and says so in words, with its receipt', async () => {
    const request = cancel({ days: [TUESDAY, WEDNESDAY] })
    const response = await send(request)
    const answer = (await response.json()) as ChangeAnswer
    expect(response.status).toBe(200)
    expect(answer).toMatchObject({
      ok: true,
      message: '2 pasti disdetti.',
      changed: [
        { pupilId: greta, day: TUESDAY, kind: 'absent' },
        { pupilId: greta, day: WEDNESDAY, kind: 'absent' },
      ],
    })
    expect(await (await send(request)).json()).toEqual(answer)
    expect(await kindOn(TUESDAY)).toBe('absent')
  })

  test('names the day whose cutoff passed between preview and confirmation', async () => {
    // A minute past the cutoff: what a request waits on its way is taken off a clock that stands.
    await setClock('2026-11-24T08:31:00Z')
    const answer = await (await send(cancel({ days: [TUESDAY, WEDNESDAY] }))).json()
    expect(answer).toMatchObject({
      ok: true,
      message: '1 pasto disdetto. Non sono cambiati: 1 non più modificabile.',
      notChanged: [{ day: TUESDAY, reason: 'non più modificabile: il termine era alle 9:30' }],
    })
  })

  test.each<[string, object, number, string]>([
    ['a day without canteen', { days: ['2026-11-29'] }, 409, 'meals:not-enrolled'],
    ['31 February', { days: ['2027-02-31'] }, 422, 'meals:bad-day'],
    ['no day', { days: [] }, 422, 'meals:no-days'],
    ['an unknown action', { action: 'eat' }, 422, 'meals:unknown-action'],
    ['a child that does not exist', { pupilIds: [randomUUID()] }, 404, 'request:not-found'],
    ['no key', { idempotencyKey: undefined }, 422, 'request:invalid'],
    ['a key that is no UUID', { idempotencyKey: '1' }, 422, 'request:invalid'],
  ])('%s is refused with its words', async (_what, change, status, code) => {
    const response = await send(cancel(change))
    expect(response.status).toBe(status)
    expect(await response.json()).toMatchObject({
      ok: false,
      code,
      message: expect.stringMatching(/\w+.*\.$/),
    })
  })

  test('conflicts with the same key for something else, a late day and a second cancellation', async () => {
    const request = cancel()
    await send(request)
    expect((await send({ ...request, days: [WEDNESDAY] })).status).toBe(409)
    expect((await send(cancel())).status).toBe(409)
    // A minute past the cutoff: what a request waits on its way is taken off a clock that stands.
    await setClock('2026-11-24T08:31:00Z')
    const late = await send(cancel({ action: 'restore' }))
    expect(late.status).toBe(409)
    expect(await late.json()).toMatchObject({
      code: 'meals:too-late',
      message: expect.stringContaining('9:30'),
    })
  })

  test.each<[string, Record<string, string>]>([
    ['another site', { origin: 'https://evil.example' }],
    ['nowhere', {}],
    ['a sandboxed page', { origin: 'null' }],
    [
      'another site behind a forged host',
      { origin: 'https://evil.example', 'x-forwarded-host': 'evil.example' },
    ],
  ])('coming from %s is refused', async (_where, headers) => {
    expect((await send(cancel(), headers)).status).toBe(403)
    expect(await kindOn(TUESDAY)).toBe('present')
  })

  test('is for holder and delegate only', async () => {
    visitor.now = null
    expect((await send(cancel())).status).toBe(401)
    for (const viewer of [
      (await aHousehold(municipality)).holderViewer,
      await aStaffViewer(municipality, 'manager'),
      await aStaffViewer(municipality, 'accountant'),
    ]) {
      visitor.now = viewer
      expect((await send(cancel())).status).toBe(404)
    }
    visitor.now = await aDelegate(municipality, household.householdId)
    expect((await send(cancel())).status).toBe(200)
  })

  test('is refused when it is too large or not JSON', async () => {
    expect((await send('{')).status).toBe(422)
    expect((await send(JSON.stringify({ ...cancel(), padding: 'x'.repeat(70_000) }))).status).toBe(422)
  })

  test('breaks nothing and changes nothing with any body', async () => {
    const anyValue = fc.anything({ withNullPrototype: true, withBigInt: false })
    await fc.assert(
      fc.asyncProperty(
        fc.record({ action: anyValue, pupilIds: anyValue, days: anyValue, from: anyValue, to: anyValue }),
        fc.string(),
        async (body, text) => {
          expect((await send(JSON.stringify({ ...body, idempotencyKey: randomUUID() }))).status).toBeLessThan(
            500,
          )
          expect((await send(text)).status).toBeLessThan(500)
        },
      ),
      { numRuns: atLength(40) },
    )
    expect(await kindOn(TUESDAY)).toBe('present')
  })
})

describe('the same change from a form without JavaScript', () => {
  const form = (change: Record<string, string | string[]> = {}) => ({
    figlio: greta,
    giorno: TUESDAY,
    azione: 'disdici',
    chiave: randomUUID(),
    ...change,
  })

  test('leads to its receipt', async () => {
    const response = await submit(form({ giorno: [TUESDAY, WEDNESDAY] }))
    expect(response.status).toBe(303)
    expect(response.headers.get('location')).toMatch(
      new RegExp(`^/${municipality.slug}/prenotazioni/ricevute/[0-9a-f-]{36}$`),
    )
    expect(await kindOn(WEDNESDAY)).toBe('absent')
  })

  test('leads back to *Oggi*, whose one button says action and day', async () => {
    const { giorno: _day, azione: _action, ...rest } = form({ pagina: 'oggi', cambia: `disdici ${TUESDAY}` })
    const response = await submit(rest)
    expect(response.headers.get('location')).toMatch(new RegExp(`^/${municipality.slug}/oggi\\?ricevuta=`))
    expect(await kindOn(TUESDAY)).toBe('absent')
  })

  test('leads back with the reason when it is refused', async () => {
    const response = await submit(form({ giorno: '2026-11-29' }))
    expect(response.headers.get('location')).toBe(
      `/${municipality.slug}/prenotazioni?figlio=${greta}&esito=meals%3Anot-enrolled`,
    )
  })

  test('F17 leads to the sign-in when signed out, and from there back to its page, which says that nothing was changed', async () => {
    const parent = visitor.now
    visitor.now = null
    const signIn = async (fields: Record<string, string | string[]>) =>
      new URL((await submit(fields)).headers.get('location') ?? '', ORIGIN)
    const fromToday = await signIn(form({ pagina: 'oggi' }))
    expect(fromToday.pathname).toBe(`/${municipality.slug}/accesso`)
    const back = `/${municipality.slug}/oggi?esito=request%3Asigned-out`
    expect(fromToday.searchParams.get('ritorno')).toBe(back)
    expect(safeReturnPath(back, municipality.slug)).toBe(back)
    expect(changeWasLost(back)).toBe(true)
    expect((await signIn(form())).searchParams.get('ritorno')).toBe(
      `/${municipality.slug}/prenotazioni?figlio=${greta}&esito=request%3Asigned-out`,
    )
    expect(changeOutcomeInWords('request:signed-out')).toBe(
      'La sessione era finita e la modifica non è arrivata. Adesso puoi rifarla.',
    )
    visitor.now = parent
    expect(await kindOn(TUESDAY)).not.toBe('absent')
  })

  test('leads a signed-out person never to an address that the request made up', async () => {
    visitor.now = null
    const made = form({ pagina: 'https://altrove.example', figlio: '//altrove.example' })
    expect((await submit(made)).headers.get('location')).toBe(
      `/${municipality.slug}/accesso?ritorno=${encodeURIComponent(`/${municipality.slug}/prenotazioni?esito=request%3Asigned-out`)}`,
    )
    const elsewhere = await post(`${server.origin}/api//altrove.example/prenotazioni`, {
      headers: { origin: ORIGIN },
      body: new URLSearchParams(),
    })
    expect([elsewhere.status, elsewhere.headers.get('location')]).toEqual([BY_NEXT, null])
  })
})
