import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import { beforeAll, describe, expect, it } from 'vitest'
import { type App, startApp } from '#tests/support/app.ts'
import { complaintsOf, DESKTOP, expectAccessible, openBrowser, openContext } from '#tests/support/browser.ts'

let app: App
let browser: Browser
beforeAll(async () => {
  ;[app, browser] = await Promise.all([startApp({ worker: false }), openBrowser()])
})

/** A new person's browser on *Accedi ai servizi*, and what the browser complained about by the end. */
async function atTheDoor(options: BrowserContextOptions = {}, path = '/mozzecane/accesso') {
  const context = await openContext(browser, options)
  const page = await context.newPage()
  const complaints = complaintsOf(page)
  await page.goto(app.origin + path)
  return { context, page, complaints }
}

const pathOf = (page: Page): string => page.url().replace(app.origin, '')

async function enterAs(page: Page, method: 'SPID' | 'CIE', person: RegExp): Promise<void> {
  await page.getByRole('button', { name: `Entra con ${method}` }).click()
  await page.getByRole('heading', { name: `Entra con ${method}` }).waitFor()
  await page.getByRole('button', { name: person }).click()
  await page.waitForURL(`${app.origin}/**`)
}

describe('a parent', () => {
  it.each([
    ['with JavaScript', true],
    ['without JavaScript', false],
  ])('signs in with SPID and out again, %s', async (_, javaScriptEnabled) => {
    const { context, page, complaints } = await atTheDoor({ javaScriptEnabled })
    await enterAs(page, 'SPID', /Laura Conti/)
    await expect.poll(() => pathOf(page)).toBe('/mozzecane/oggi')
    await page.goto(`${app.origin}/mozzecane/altro`)
    await page.getByRole('main').getByRole('button', { name: 'Esci', exact: true }).click()
    await page.waitForURL(/accesso\/uscita/)
    await page.goto(`${app.origin}/mozzecane/oggi`)
    await expect.poll(() => pathOf(page)).toBe('/mozzecane/accesso?ritorno=%2Fmozzecane%2Foggi')
    expect(complaints).toEqual([])
    await context.close()
  })

  it('comes back to the page that was asked for', async () => {
    const { context, page } = await atTheDoor({}, '/mozzecane/prenotazioni?mese=2026-12')
    await expect.poll(() => pathOf(page)).toMatch(/^\/mozzecane\/accesso\?ritorno=/)
    await enterAs(page, 'CIE', /Marco Albertini/)
    await expect.poll(() => pathOf(page)).toBe('/mozzecane/prenotazioni?mese=2026-12')
    await context.close()
  })
})

describe('a parent who is not let in reads why', () => {
  it('after cancelling at the provider', async () => {
    const { context, page, complaints } = await atTheDoor({ javaScriptEnabled: false })
    await page.getByRole('button', { name: 'Entra con SPID' }).click()
    await page.getByText('Prova un esito diverso').click()
    await page.getByRole('button', { name: 'Annulla (nr25)' }).click()
    await page.waitForURL(/accesso\/errore/)
    await page.getByRole('heading', { level: 1, name: 'Hai annullato l’accesso' }).waitFor()
    await page.getByRole('link', { name: 'Riprova' }).click()
    await expect.poll(() => pathOf(page)).toBe('/mozzecane/accesso')
    expect(complaints).toEqual([])
    await context.close()
  })

  it('when the municipality does not know them', async () => {
    const { context, page, complaints } = await atTheDoor({ viewport: DESKTOP })
    await enterAs(page, 'SPID', /Chiara Bassani/)
    await expect.poll(() => pathOf(page)).toBe('/mozzecane/accesso/non-abilitato')
    await page
      .getByRole('heading', { level: 1, name: /Chiara, la mensa di Mozzecane non ti conosce ancora/ })
      .waitFor()
    await expectAccessible(page)
    expect((await page.goto(`${app.origin}/mozzecane/oggi`))?.url()).toMatch(/non-abilitato$/)
    expect(complaints).toEqual([])
    await context.close()
  })
})

describe('the pages of the sign-in', () => {
  it.each([
    '/mozzecane/accesso/errore?c=livello-insufficiente',
    '/mozzecane/accesso/errore?c=<script>alert(1)</script>',
    '/accesso/errore?c=accesso-scaduto',
    '/mozzecane/accesso/uscita?ovunque=1',
  ])('%s pass WCAG 2.2 AA', async (path) => {
    const { context, page, complaints } = await atTheDoor({}, path)
    await expectAccessible(page)
    expect(complaints).toEqual([])
    await context.close()
  })

  it('the simulator’s own page passes WCAG 2.2 AA', async () => {
    const { context, page, complaints } = await atTheDoor({})
    await page.getByRole('button', { name: 'Entra con CIE' }).click()
    await page.getByText('Prova un esito diverso').click()
    // The page's own policy lets no script run: axe comes in by evaluation, which the browser allows to the tester.
    await expectAccessible(page)
    expect(complaints).toEqual([])
    await context.close()
  })
})

describe('every answer', () => {
  it('carries the security headers, and a nonce of its own', async () => {
    const [first, second] = await Promise.all([1, 2].map(() => fetch(`${app.origin}/mozzecane/accesso`)))
    const nonce = (response: Response | undefined) =>
      /'nonce-([^']+)'/.exec(response?.headers.get('content-security-policy') ?? '')?.[1]
    expect(nonce(first)).toMatch(/^[\w+/=]{20,}$/)
    expect(nonce(first)).not.toBe(nonce(second))
    for (const [name, value] of [
      ['x-content-type-options', 'nosniff'],
      ['referrer-policy', 'same-origin'],
      ['cross-origin-opener-policy', 'same-origin'],
    ] as const) {
      expect(first?.headers.get(name), name).toBe(value)
    }
    expect(first?.headers.get('x-powered-by')).toBeNull()
  })

  it('has them where a caller says that they are set, and on each kind of address', async () => {
    const claims: Record<string, string>[] = [
      {},
      { 'x-refettorio-ready': '1', 'content-security-policy': "script-src 'nonce-a'" },
    ]
    for (const path of [
      '/mozzecane/oggi',
      '/mozzecane/notizie/niente',
      '/icons.svg',
      '/api/health',
      '/sw.js',
    ])
      for (const headers of claims) {
        const answer = await fetch(app.origin + path, { headers, redirect: 'manual' })
        expect(answer.headers.get('x-frame-options'), path).toBe('DENY')
        expect(answer.headers.get('content-security-policy'), path).toMatch(/'nonce-[\w+/=]{20,}'/)
      }
  })

  it('skipping the proxy opens nothing', async () => {
    const tricks: Record<string, string>[] = [
      {},
      { 'x-middleware-subrequest': 'proxy:proxy:proxy:proxy:proxy' },
      { 'x-middleware-subrequest': 'src/proxy' },
      { 'next-router-prefetch': '1', rsc: '1' },
      { 'x-refettorio-path': '/mozzecane/oggi', 'x-forwarded-host': 'altrove.example' },
      { 'x-refettorio-ready': '1' },
    ]
    for (const headers of tricks) {
      for (const path of [
        '/mozzecane/oggi',
        '/mozzecane/oggi?_rsc=1',
        '/mozzecane/pagamenti',
        '/admin/mozzecane/conteggi',
      ]) {
        const response = await fetch(app.origin + path, { headers, redirect: 'manual' })
        expect(await response.text(), path).not.toMatch(/Greta|884,70/)
      }
    }
  })
})
