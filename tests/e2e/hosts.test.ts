import { request } from 'node:http'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { beforeAll, describe, expect, test } from 'vitest'
import { type App, startApp } from '#tests/support/app.ts'
import { complaintsOf, expectAccessible, openBrowser, openContext } from '#tests/support/browser.ts'

/** A municipality at its own host, as with BASE_DOMAIN in production; Chromium takes every `*.localhost` for this machine. */
let app: App
let browser: Browser
let host: string
beforeAll(async () => {
  ;[app, browser] = await Promise.all([startApp({ worker: false, hosts: true }), openBrowser()])
  host = app.origin.replace('portale', 'mozzecane')
})

const SESSION = '__Host-refettorio-sessione'

async function signInFromTheHost(): Promise<{ context: BrowserContext; page: Page; complaints: string[] }> {
  const context = await openContext(browser)
  const page = await context.newPage()
  const complaints = complaintsOf(page)
  await page.goto(`${host}/notizie`)
  await expectAccessible(page)
  await page.goto(`${host}/accesso`)
  expect(page.url()).toBe(`${app.origin}/mozzecane/accesso`)
  await page.getByRole('button', { name: /Entra con SPID/ }).click()
  await page.getByRole('button', { name: 'Laura Conti' }).click()
  await page.waitForURL((url) => url.href.startsWith(app.origin) && !url.pathname.startsWith('/api/'))
  return { context, page, complaints }
}

/** A request as it comes through the reverse proxy: to this address, for that host. */
function ask(
  name: string,
  path: string,
  { method = 'GET', headers = {} }: { method?: string; headers?: Record<string, string> } = {},
): Promise<{ status: number; location: string | undefined; body: string }> {
  return new Promise((resolve, reject) => {
    const { port } = new URL(app.origin)
    const sent = request({
      host: '127.0.0.1',
      port,
      path,
      method,
      headers: { host: `${name}:${port}`, ...headers },
    })
    sent.on('error', reject)
    sent.on('response', async (response) => {
      let body = ''
      for await (const part of response) body += part
      resolve({ status: response.statusCode ?? 0, location: response.headers.location, body })
    })
    sent.end()
  })
}

describe('a municipality at its own host', () => {
  test('is read there, and signing in leads to the one place where sessions are', async () => {
    const { context, page, complaints } = await signInFromTheHost()
    await page.goto(`${host}/`)
    expect(await page.getByRole('heading', { level: 1 }).textContent()).toBeTruthy()
    expect(await page.locator('body').textContent()).not.toContain('Laura')
    await page.goto(`${host}/oggi`)
    expect(page.url()).toBe(`${app.origin}/mozzecane/oggi`)
    await expect.poll(() => page.getByRole('heading', { name: 'Greta' }).count()).toBe(1)
    expect(complaints).toEqual([])
    await context.close()
  })

  test('never sees the session: its cookie stays with the origin that made it', async () => {
    const { context, page } = await signInFromTheHost()
    const ours = (await context.cookies()).filter(({ name }) => name === SESSION)
    expect(ours.map(({ domain }) => domain)).toEqual(['portale.localhost'])
    const asked = page.waitForRequest((sent) => sent.url().startsWith(host) && sent.isNavigationRequest())
    await page.goto(`${host}/documenti`)
    expect((await (await asked).allHeaders()).cookie ?? '').not.toContain(SESSION)
    await context.close()
  })

  test('cannot be used to change anything, with or without an origin, not even with a session', async () => {
    const { context } = await signInFromTheHost()
    const session = (await context.cookies(app.origin))
      .map(({ name, value }) => `${name}=${value}`)
      .join('; ')
    for (const origin of [host, app.origin, 'https://altrove.example', undefined]) {
      const headers = { cookie: session, ...(origin ? { origin } : {}) }
      for (const path of [
        '/prenotazioni',
        '/mozzecane/oggi',
        '/api/mozzecane/prenotazioni',
        '/api/auth/signout',
      ]) {
        const { status } = await ask('mozzecane.localhost', path, { method: 'POST', headers })
        expect([path, origin, status]).toEqual([path, origin, 421])
      }
    }
    await context.close()
  })

  test('knows no other municipality, and one that does not exist is not found', async () => {
    expect((await ask('mozzecane.localhost', '/povegliano-veronese/notizie')).status).toBe(404)
    expect((await ask('nessuno.localhost', '/')).status).toBe(404)
  })

  test.each([
    '//altrove.example/x',
    '/accesso//altrove.example',
    '/oggi/%2F%2Faltrove.example',
    '/%5Caltrove.example',
  ])('never sends a reader elsewhere: %s', async (path) => {
    const { location } = await ask('mozzecane.localhost', path)
    if (location) expect(new URL(location, host).origin).toBeOneOf([app.origin, host])
  })
})
