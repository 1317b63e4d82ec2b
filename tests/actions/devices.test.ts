import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Viewer } from '#lib/access/viewer.ts'
import {
  DEVICE_COOKIE,
  type DeviceCookie,
  deviceCookieValue,
  newDeviceCookie,
} from '#lib/devices/device-cookie.ts'
import { handleDevice } from '#lib/entry/device.http.ts'
import { closeSession } from '#lib/session/session.commands.ts'
import { openSessionCookie } from '#lib/session/session.queries.ts'
import { setClock, testDatabase } from '#tests/support/database.ts'
import { aDevice, RIGHT, rowOf, seenIn, WRONG } from '#tests/support/devices.ts'
import { setEnvironment, TEST_ENVIRONMENT } from '#tests/support/environment.ts'
import { aHousehold, aMunicipality, type TestMunicipality } from '#tests/support/factories.ts'
import { Browser, type Listening, listen, serveHandler } from '#tests/support/http.ts'
import { SESSION_COOKIE } from '#tests/support/sign-in.ts'

const NOON = new Date('2026-11-24T11:00:00Z')
let portal: Listening
let municipality: TestMunicipality
let viewer: Viewer
let cookie: DeviceCookie

beforeAll(async () => {
  const { ownerUrl, webUrl } = await testDatabase()
  portal = await listen(serveHandler(handleDevice))
  setEnvironment({ DATABASE_URL: ownerUrl, DATABASE_WEB_URL: webUrl, PUBLIC_ORIGIN: portal.origin })
})
beforeEach(async () => {
  await setClock(NOON)
  municipality = await aMunicipality()
  viewer = (await aHousehold(municipality)).holderViewer
  cookie = await aDevice(viewer)
})
afterEach(() => setClock(null))
afterAll(() => portal.close())

const browserWith = (device: string | null = deviceCookieValue(cookie)): Browser => {
  const browser = new Browser()
  if (device !== null) browser.jar(portal.origin).set(DEVICE_COOKIE, device)
  return browser
}

const post = (browser: Browser, act: string, form: Record<string, string> = {}, headers = {}) =>
  browser.visit(`${portal.origin}/api/dispositivo/${act}`, {
    form: { municipalitySlug: municipality.slug, ...form },
    headers,
  })

const unlock = (browser: Browser, form: Record<string, string> = {}, headers = {}) =>
  post(browser, 'sblocca', { sequenza: RIGHT, ...form }, headers)

const pathOf = (response: Response) => response.headers.get('location')?.replace(portal.origin, '')
const tokenOf = (browser: Browser) =>
  openSessionCookie(browser.jar(portal.origin).get(SESSION_COOKIE), TEST_ENVIRONMENT.NEXTAUTH_SECRET)
const attempts = async () => (await rowOf(cookie)).failures

describe('unlocking a remembered device', () => {
  it('leads to the family’s first page, with a session and a new device cookie that no script can read', async () => {
    const browser = browserWith()
    const response = await unlock(browser)
    expect([response.status, pathOf(response)]).toEqual([303, `/${municipality.slug}/oggi`])
    expect(response.headers.get('cache-control')).toBe('no-store')
    const cookies = response.headers.getSetCookie()
    expect(cookies).toHaveLength(2)
    for (const line of cookies) {
      expect(line).toMatch(
        /^__Host-refettorio-[a-z]+=.+; Path=\/; Max-Age=\d+; HttpOnly; Secure; SameSite=Lax$/,
      )
    }
    expect(browser.jar(portal.origin).get(DEVICE_COOKIE)).not.toBe(deviceCookieValue(cookie))
    const session = await seenIn(municipality, (await tokenOf(browser)) ?? '')
    expect(session).toMatchObject({ openedWith: 'sequence', viewer: { personId: viewer.personId } })
  })

  it('leads to the page that was asked for', async () => {
    const response = await unlock(browserWith(), {
      returnPath: `/${municipality.slug}/prenotazioni?mese=2026-12`,
    })
    expect(pathOf(response)).toBe(`/${municipality.slug}/prenotazioni?mese=2026-12`)
  })

  it.each([
    'https://altrove.example/',
    '//altrove.example',
    '/\\altrove.example',
    'javascript:alert(1)',
    '/altro-comune/oggi',
    '/api/auth/signout',
  ])('does not lead to %s', async (returnPath) => {
    expect(pathOf(await unlock(browserWith(), { returnPath }))).toBe(`/${municipality.slug}/oggi`)
    const refused = await unlock(browserWith(), { returnPath, sequenza: WRONG })
    expect(pathOf(refused)).toBe(`/${municipality.slug}/accesso?sblocco=no`)
  })

  it('ends the session that the browser had before: a planted cookie is worthless', async () => {
    const planted = browserWith()
    await unlock(planted)
    const before = await tokenOf(planted)
    await unlock(planted)
    expect(await tokenOf(planted)).not.toBe(before)
    expect(await seenIn(municipality, before ?? '')).toBeNull()
  })

  it('leads to the explanation in a municipality that does not know the person', async () => {
    const elsewhere = await aMunicipality()
    const response = await unlock(browserWith(), { municipalitySlug: elsewhere.slug })
    expect(pathOf(response)).toBe(`/${elsewhere.slug}/accesso/non-abilitato`)
  })

  it('answers the same to a wrong sequence, a stranger’s cookie, a tampered one, none, and a forgotten device', async () => {
    const answerTo = async (device: string | null, sequenza: string) => {
      const response = await unlock(browserWith(device), { sequenza })
      const headers = [...response.headers].filter(([name]) => name !== 'date')
      return { status: response.status, headers, body: await response.text() }
    }
    const value = deviceCookieValue(cookie)
    const wrong = await answerTo(value, WRONG)
    expect(await answerTo(deviceCookieValue(newDeviceCookie()), RIGHT)).toEqual(wrong)
    expect(await answerTo(`${value.slice(0, -1)}${value.endsWith('A') ? 'B' : 'A'}`, RIGHT)).toEqual(wrong)
    expect(await answerTo(value, RIGHT)).toEqual(wrong)
    expect(await answerTo(null, RIGHT)).toEqual(wrong)
    expect(await answerTo('%', RIGHT)).toEqual(wrong)
    expect(wrong.headers.filter(([name]) => name === 'set-cookie')).toEqual([])
  })
})

describe('another site, or a program', () => {
  const STRANGE: [string, Record<string, string>][] = [
    ['from another site', { origin: 'https://altrove.example' }],
    ['from a page without origin', { origin: 'null' }],
    [
      'from another site that forges the host',
      { origin: 'https://altrove.example', 'x-forwarded-host': 'altrove.example' },
    ],
  ]
  it.each(STRANGE)('%s cannot unlock, nor spend an attempt', async (_, headers) => {
    const response = await unlock(browserWith(), { sequenza: WRONG }, headers)
    expect(pathOf(response)).toBe('/accesso/errore?c=richiesta-non-riconosciuta')
    expect(await attempts()).toBe(0)
  })

  it.each(STRANGE)('%s cannot make the device be forgotten, nor the offer disappear', async (_, headers) => {
    for (const act of ['dimentica', 'non-ora']) {
      const response = await post(browserWith(), act, {}, headers)
      expect(response.headers.getSetCookie()).toEqual([])
    }
    expect((await rowOf(cookie)).revoked_at).toBeNull()
  })

  it.each(STRANGE)('%s gets no passkey challenge', async (_, headers) => {
    const response = await fetch(`${portal.origin}/api/dispositivo/passkey/opzioni`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify({ municipalitySlug: municipality.slug }),
    })
    expect(response.status).toBe(403)
  })

  it('changes nothing by GET, and finds no other address', async () => {
    for (const act of ['sblocca', 'dimentica', 'non-ora', 'passkey/opzioni', 'passkey/sblocca', 'altro']) {
      const response = await browserWith().visit(`${portal.origin}/api/dispositivo/${act}`)
      expect(response.status).toBe(404)
    }
    expect((await rowOf(cookie)).revoked_at).toBeNull()
  })

  it.each([
    ['no JSON', 'text/plain', '{}'],
    ['broken JSON', 'application/json', '{'],
    ['a list', 'application/json', '[]'],
    ['an assertion of nothing', 'application/json', '{"risposta":{"id":1}}'],
    ['a megabyte', 'application/json', JSON.stringify({ x: 'x'.repeat(1_000_000) })],
  ])('that sends %s is refused without a failure of ours', async (_, type, body) => {
    for (const act of ['opzioni', 'sblocca']) {
      const response = await fetch(`${portal.origin}/api/dispositivo/passkey/${act}`, {
        method: 'POST',
        headers: { 'content-type': type, origin: portal.origin },
        body,
      })
      expect([response.status, await response.json()]).toEqual([403, {}])
    }
  })
})

describe('the person at the device', () => {
  it('makes it forget: the cookie goes, and with it everything it could open', async () => {
    const browser = browserWith()
    const response = await post(browser, 'dimentica')
    expect(pathOf(response)).toBe(`/${municipality.slug}/accesso`)
    expect(browser.jar(portal.origin).has(DEVICE_COOKIE)).toBe(false)
    expect(pathOf(await unlock(browserWith()))).toBe(`/${municipality.slug}/accesso?sblocco=no`)
  })

  it('says “not now” and goes on where they were', async () => {
    const response = await post(new Browser(), 'non-ora', { returnPath: `/${municipality.slug}/oggi` })
    expect(pathOf(response)).toBe(`/${municipality.slug}/oggi`)
    expect(response.headers.getSetCookie()[0]).toMatch(/^__Host-refettorio-non-ora=1; .*HttpOnly; Secure/)
  })

  it('finds a session that was signed out closed, also with the old cookie', async () => {
    const browser = browserWith()
    await unlock(browser)
    const token = (await tokenOf(browser)) ?? ''
    await closeSession(token, { municipalitySlug: municipality.slug, everywhere: false })
    expect(await seenIn(municipality, token)).toBeNull()
  })

  it('gets no passkey challenge where there is no passkey', async () => {
    const value = deviceCookieValue(cookie)
    const response = await fetch(`${portal.origin}/api/dispositivo/passkey/opzioni`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        origin: portal.origin,
        cookie: `${DEVICE_COOKIE}=${value}`,
      },
      body: JSON.stringify({ municipalitySlug: municipality.slug }),
    })
    expect(response.status).toBe(403)
  })
})
