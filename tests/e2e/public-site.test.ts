import type { Browser } from 'playwright-core'
import { beforeAll, describe, expect, it } from 'vitest'
import { type App, startApp } from '#tests/support/app.ts'
import {
  complaintsOf,
  expectAccessible,
  expectSound,
  openBrowser,
  openContext,
  scriptBytes,
} from '#tests/support/browser.ts'
import { withinASecond } from '#tests/support/waiting.ts'

const PAGES = [
  '/mozzecane',
  '/mozzecane/servizio',
  '/mozzecane/notizie',
  '/mozzecane/notizie?cerca=sciopero&categoria=avvisi',
  '/mozzecane/notizie?cerca=introvabile',
  '/mozzecane/notizie/la-disdetta-si-fa-entro-le-9-30',
  '/mozzecane/documenti',
  '/mozzecane/documenti/modulo-privacy-della-mensa-scolastica',
  '/mozzecane/assistenza',
  '/mozzecane/dati',
  '/mozzecane/privacy',
  '/mozzecane/note-legali',
  '/mozzecane/accessibilita',
]
const WITHDRAWN = '/mozzecane/notizie/e-partito-il-comitato-mensa-dei-genitori'
const MOST_SCRIPT_BYTES = 136 * 1024

let app: App
let browser: Browser
beforeAll(async () => {
  ;[app, browser] = await Promise.all([startApp({ worker: false }), openBrowser()])
})

const get = (path: string, init: RequestInit = {}) =>
  fetch(app.origin + path, { redirect: 'manual', ...init })

describe('the public site of a municipality', () => {
  it.each([320, 390, 1440])(
    'is read by everybody at %i pixels: no complaint from the browser, none from WCAG 2.2 AA, no sideways scrolling',
    async (width) => {
      const context = await openContext(browser, { viewport: { width, height: 900 } })
      const page = await context.newPage()
      const complaints = complaintsOf(page)
      for (const path of PAGES) {
        const response = await page.goto(app.origin + path)
        expect(response?.status(), path).toBe(200)
        await expectSound(page)
      }
      expect(complaints).toEqual([])
      await context.close()
    },
  )

  it('carries no more script than it may', async () => {
    const context = await openContext(browser)
    for (const path of ['/mozzecane', '/mozzecane/notizie', '/mozzecane/documenti']) {
      const page = await context.newPage()
      const load = () => page.goto(app.origin + path, { waitUntil: 'networkidle' })
      expect(await scriptBytes(page, load), path).toBeLessThanOrEqual(MOST_SCRIPT_BYTES)
      await page.close()
    }
    await context.close()
  })

  it('is searched without JavaScript', async () => {
    const context = await openContext(browser, { javaScriptEnabled: false })
    const page = await context.newPage()
    await page.goto(`${app.origin}/mozzecane/notizie`)
    await page.getByLabel('Cerca').fill('scioperi')
    await page.getByRole('button', { name: 'Cerca' }).click()
    await page.waitForURL((url) => url.searchParams.get('cerca') === 'scioperi')
    await page.getByRole('main').getByRole('listitem').filter({ hasText: 'sciopero' }).waitFor()
    await page
      .getByRole('main')
      .getByRole('link', { name: /sciopero/ })
      .click()
    await page.getByRole('heading', { level: 1, name: /sciopero/ }).waitFor()
    await context.close()
  })

  it('has every hook that the validator of municipal sites looks for on the service sheet', async () => {
    const html = await (await get('/mozzecane/servizio')).text()
    const hooks = `service-title service-status service-description service-addressed service-how-to service-needed
      service-achieved service-calendar-text service-online-access service-file service-topic breadcrumb page-index
      accessibility-link privacy-policy-link legal-notes faq contacts appointment-booking report-inefficiency personal-area-login`
    for (const hook of hooks.split(/\s+/)) expect(html, hook).toContain(`data-element="${hook}"`)
  })

  it('says of a page that is not there where to go, in the language of the reader', async () => {
    const context = await openContext(browser)
    const page = await context.newPage()
    for (const [path, title, wayOut] of [
      ['/mozzecane/niente', 'Questa pagina non c’è', '/mozzecane'],
      ['/nessun-comune', 'Questa pagina non c’è', '/'],
      ['/mozzecane/niente?lingua=en', 'This page does not exist', '/mozzecane'],
    ] as const) {
      await page.goto(app.origin + path)
      await page.getByRole('heading', { level: 1, name: title }).waitFor()
      expect(await page.getByRole('main').getByRole('link').getAttribute('href')).toBe(wayOut)
      await page.getByRole('banner').waitFor()
      await expectAccessible(page)
    }
    await context.close()
  })

  it('does not show drafts and what is to come', async () => {
    const html = await (await get('/mozzecane/notizie')).text()
    expect(html).toContain('La disdetta si fa entro le 9:30')
    expect(html).not.toContain('Iscrizioni alla mensa per il prossimo anno')
    expect(html).not.toContain('Il menù d’inverno comincia lunedì')
    expect((await get('/mozzecane/notizie/il-menu-d-inverno-comincia-lunedi')).status).toBe(404)
    expect((await get('/mozzecane/notizie/mai-esistita')).status).toBe(404)
  })

  it('gives files as what they are, to download and never to run', async () => {
    const page = await (await get('/mozzecane/documenti/modulo-privacy-della-mensa-scolastica')).text()
    const path = /href="(\/mozzecane\/allegati\/[^"]+)"/.exec(page)?.[1] ?? ''
    const file = await get(path)
    expect(file.status).toBe(200)
    expect(Object.fromEntries(file.headers)).toMatchObject({
      'content-type': 'application/pdf',
      'content-disposition': 'attachment; filename="modulo-privacy-mensa.pdf"',
      'x-content-type-options': 'nosniff',
      'cache-control': 'no-cache',
    })
    expect(file.headers.get('content-security-policy')).toMatch(/default-src 'none'.*sandbox/)
    expect(await file.text()).toMatch(/^%PDF-/)
    const again = await get(path, { headers: { 'if-none-match': file.headers.get('etag') ?? '' } })
    expect(again.status).toBe(304)
  })

  it('says 410 and why for what was withdrawn, within a second', async () => {
    expect((await get(WITHDRAWN)).status).toBe(200)
    await app.db.owner
      .updateTable('content_item')
      .set({ withdrawn_at: new Date(), withdrawn_reason: 'Le candidature sono chiuse.' })
      .where('slug', '=', 'e-partito-il-comitato-mensa-dei-genitori')
      .execute()
    const ask = async () => {
      const gone = await get(WITHDRAWN)
      return { status: gone.status, html: await gone.text() }
    }
    const isGone = (page: Awaited<ReturnType<typeof ask>>) =>
      page.status === 410 && !page.html.includes('Otto genitori')
    const { status, html } = await withinASecond(ask, isGone)
    expect(status).toBe(410)
    expect(html).toContain('Le candidature sono chiuse.')
    expect(html).toContain('href="/mozzecane/notizie"')
    expect(html).not.toContain('Otto genitori')
    const context = await openContext(browser)
    const page = await context.newPage()
    await page.goto(app.origin + WITHDRAWN)
    await expectAccessible(page)
    await context.close()
  })
})

describe('machines', () => {
  it('follow the news in Atom', async () => {
    const feed = await get('/mozzecane/notizie/feed.xml')
    expect(feed.headers.get('content-type')).toBe('application/atom+xml; charset=utf-8')
    expect(await feed.text()).toMatch(
      /<feed xmlns="http:\/\/www\.w3\.org\/2005\/Atom".*<entry>.*La disdetta si fa/s,
    )
  })

  it('find the pages, and where to report a weakness', async () => {
    expect(await (await get('/sitemap.xml')).text()).toContain(
      '/mozzecane/notizie/la-disdetta-si-fa-entro-le-9-30',
    )
    expect(await (await get('/robots.txt')).text()).toMatch(/User-Agent: \*/i)
    expect(await (await get('/.well-known/security.txt')).text()).toMatch(/^Contact: \S+\nExpires: \d{4}-/)
  })

  it('are told every public page and no other: nothing of families and office, no draft, nothing gone or to come', async () => {
    const xml = await (await get('/sitemap.xml')).text()
    const places = [...xml.matchAll(/<loc>([^<]+)<\/loc>/g)].map(([, place]) => new URL(place as string))
    const paths = places.map((place) => place.pathname)
    for (const path of [
      '/mozzecane',
      '/mozzecane/servizio',
      '/mozzecane/menu',
      '/mozzecane/notizie',
      '/mozzecane/documenti',
    ])
      expect(paths).toContain(path)
    const forbidden =
      /^\/(admin|api)|\/(oggi|accesso|comunicazioni|prenotazioni|pagamenti|profilo|invito|allegati)(\/|$)/
    expect(paths.filter((path) => forbidden.test(path))).toEqual([])
    for (const slug of ['il-menu-d-inverno-comincia-lunedi', 'iscrizioni-alla-mensa-per-il-prossimo-anno'])
      expect(xml).not.toContain(slug)
    expect(new Set(paths).size).toBe(paths.length)
    const answers = await Promise.all(paths.map(async (path) => [path, (await get(path)).status]))
    expect(answers.filter(([path, status]) => status !== 200 && path !== '/')).toEqual([])
  })

  it('share each page with its title, a sentence and its own address', async () => {
    const meta = (html: string, name: string) =>
      new RegExp(`<meta (?:property|name)="${name}" content="([^"]*)"`).exec(html)?.[1] ?? ''
    for (const path of ['/mozzecane', '/mozzecane/servizio', '/mozzecane/notizie', '/mozzecane/menu']) {
      const html = await (await get(path)).text()
      expect(meta(html, 'og:title').length, path).toBeGreaterThan(5)
      expect(meta(html, 'og:description').length, path).toBeGreaterThan(20)
      expect(new URL(meta(html, 'og:url')).pathname, path).toBe(path)
    }
    expect(await (await get('/mozzecane/notizie?cerca=sciopero')).text()).toMatch(
      /<meta name="robots" content="noindex/,
    )
  })

  it('read the figures', async () => {
    const json = await (await get('/mozzecane/dati.json')).json()
    expect(json).toMatchObject({
      municipalitySlug: 'Mozzecane',
      servizio: { attivo: true, prezzo_pasto_centesimi: 540 },
    })
    expect(await (await get('/mozzecane/dati.csv')).text()).toMatch(
      /^mese;scuola;giorni_mensa;pasti_serviti;pasti_disdetti/,
    )
  })

  it('understand the service and the news', async () => {
    const page = await (await get('/mozzecane/notizie/la-disdetta-si-fa-entro-le-9-30')).text()
    const [, json = ''] = /<script type="application\/ld\+json"[^>]*>(.*?)<\/script>/s.exec(page) ?? []
    expect(JSON.parse(json)).toMatchObject({
      '@type': 'NewsArticle',
      headline: 'La disdetta si fa entro le 9:30',
    })
    const service = await get('/mozzecane/servizio')
    const [, nonce, facts = ''] =
      /<script type="application\/ld\+json" nonce="([^"]+)">(.*?)<\/script>/s.exec(await service.text()) ?? []
    expect(service.headers.get('content-security-policy')).toContain(`'nonce-${nonce}'`)
    expect(JSON.parse(facts)).toMatchObject({
      '@type': 'GovernmentService',
      provider: { '@type': 'GovernmentOrganization', name: 'Comune di Mozzecane' },
    })
    expect(page).toMatch(/<meta property="og:title" content="La disdetta si fa entro le 9:30"/)
    expect(page).toMatch(
      /<link rel="canonical" href="http:\/\/localhost:\d+\/mozzecane\/notizie\/la-disdetta/,
    )
  })
})
