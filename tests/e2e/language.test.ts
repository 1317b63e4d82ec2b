import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ENGLISH } from '#lib/language/english.ts'
import { type App, startApp } from '#tests/support/app.ts'
import { axeViolations, complaintsOf, openBrowser, openContext } from '#tests/support/browser.ts'
import { enter } from '#tests/support/enter.ts'

let app: App
let browser: Browser
beforeAll(async () => {
  ;[app, browser] = await Promise.all([startApp(), openBrowser()])
})
afterAll(() => browser?.close())

/** Italian sentences that would be seen on an English page; those with values are found by their longest piece. */
/** A school of the demonstration is called like its kind. */
const NAMES = ['Scuola secondaria di primo grado']

const ITALIAN = new Set(
  Object.entries(ENGLISH)
    .filter(
      ([italian, english]) => italian !== english && !italian.includes('{') && italian.trim().length > 3,
    )
    .map(([italian]) => italian.trim()),
)

/** What the page says in Italian outside of what is marked so: what people wrote, names of schools and dishes. */
async function italianOn(page: Page): Promise<string[]> {
  const said = await page.evaluate(() => {
    const texts: string[] = [document.title]
    for (const element of document.body.querySelectorAll('*')) {
      if (element.closest('[lang="it"], script, style')) continue
      for (const name of ['aria-label', 'title', 'placeholder', 'alt'])
        texts.push(element.getAttribute(name) ?? '')
      for (const node of element.childNodes)
        if (node.nodeType === Node.TEXT_NODE) texts.push(node.textContent ?? '')
    }
    return texts.map((text) => text.trim())
  })
  return [...new Set(said)].filter((text) => ITALIAN.has(text) && !NAMES.includes(text))
}

const scrollsSideways = (page: Page): Promise<boolean> =>
  page.evaluate(() => document.documentElement.scrollWidth > window.innerWidth)

const PUBLIC = [
  '',
  '/servizio',
  '/notizie',
  '/documenti',
  '/menu',
  '/assistenza',
  '/dati',
  '/privacy',
  '/note-legali',
  '/accessibilita',
  '/installa',
  '/accesso',
  '/accesso/errore?c=accesso-scaduto',
]
const FAMILY = [
  '/oggi',
  '/prenotazioni',
  '/prenotazioni?vista=elenco',
  '/pagamenti',
  '/pagamenti/movimenti',
  '/pagamenti/ricarica',
  '/pagamenti/fatture',
  '/servizi',
  '/comunicazioni',
  '/notifiche',
  '/moduli',
  '/menu-figli',
  '/altro',
  '/profilo',
  '/profilo/deleghe',
  '/profilo/accessi',
  '/profilo/notifiche',
  '/profilo/calendario',
  '/profilo/registro',
  '/profilo/dati',
]

async function enterInEnglish(context: BrowserContext): Promise<Page> {
  const page = await context.newPage()
  await page.goto(`${app.origin}/mozzecane/accesso`)
  await page.getByRole('link', { name: 'ENG' }).click()
  await page.getByRole('button', { name: 'Sign in with SPID' }).click()
  await page.getByRole('button', { name: /Laura Conti/ }).click()
  await page.waitForURL(`${app.origin}/mozzecane/oggi`)
  return page
}

describe('the switch', () => {
  it('leads back to the same page with its query, without JavaScript, and is kept', async () => {
    const context = await openContext(browser, { javaScriptEnabled: false })
    const page = await context.newPage()
    await page.goto(`${app.origin}/mozzecane/notizie?categoria=avvisi`)
    expect(await page.getAttribute('html', 'lang')).toBe('it')
    await page.getByRole('link', { name: 'ENG' }).click()
    expect(page.url()).toBe(`${app.origin}/mozzecane/notizie?categoria=avvisi`)
    await page.getByRole('heading', { level: 1, name: 'News' }).waitFor()
    await page.goto(`${app.origin}/mozzecane/documenti`)
    await page.getByRole('heading', { level: 1, name: 'Documents' }).waitFor()
    await page.getByRole('link', { name: 'ITA' }).click()
    await page.getByRole('heading', { level: 1, name: 'Documenti' }).waitFor()
    await context.close()
  })

  it('leads nowhere else, and takes no language that is not there', async () => {
    const away = await fetch(`${app.origin}/%5Cevil.example?lingua=en`, { redirect: 'manual' })
    expect(new URL(away.headers.get('location') ?? '/', app.origin).origin).toBe(app.origin)
    const unknown = await fetch(`${app.origin}/mozzecane?lingua=xx`, { redirect: 'manual' })
    expect([unknown.status, unknown.headers.get('set-cookie')]).toEqual([200, null])
  })

  it('does not listen to the browser', async () => {
    const plain = await fetch(`${app.origin}/mozzecane`, { headers: { 'accept-language': 'en' } })
    expect(await plain.text()).toContain('<html lang="it"')
  })

  it('never turns the office', async () => {
    const context = await openContext(browser)
    const page = await enter(context, app, 'manager')
    await page.goto(`${app.origin}/mozzecane?lingua=en`)
    expect(await page.getAttribute('html', 'lang')).toBe('en')
    await page.goto(`${app.origin}/admin/mozzecane/conteggi`)
    expect(await page.getAttribute('html', 'lang')).toBe('it')
    await page.getByRole('heading', { level: 1, name: 'Conteggi di oggi' }).waitFor()
    await context.close()
  })
})

describe('an English parent', () => {
  it('reads every public page in English, at 320 pixels, with nothing for axe to say', async () => {
    const context = await openContext(browser, { viewport: { width: 320, height: 640 } })
    const page = await context.newPage()
    const complaints = complaintsOf(page)
    await page.goto(`${app.origin}/mozzecane?lingua=en`)
    for (const path of PUBLIC) {
      await page.goto(`${app.origin}/mozzecane${path}`)
      expect(await page.getAttribute('html', 'lang')).toBe('en')
      expect(await italianOn(page), path).toEqual([])
      expect(await scrollsSideways(page), path).toBe(false)
      expect(await axeViolations(page), path).toEqual([])
    }
    expect(complaints).toEqual([])
    await context.close()
  })

  it('signs in, cancels and restores a meal, and reads every family page in English', async () => {
    const context = await openContext(browser, { viewport: { width: 320, height: 640 } })
    const page = await enterInEnglish(context)
    const complaints = complaintsOf(page)
    await page.goto(`${app.origin}/mozzecane/prenotazioni`)
    await page.getByRole('link', { name: 'Next month' }).or(page.locator('a[rel="next"]')).first().click()
    const day = page.getByRole('button', { name: /, present, can be changed until/ }).first()
    await day.click()
    await page.getByRole('dialog').getByRole('button', { name: 'Mark absent' }).click()
    await page.getByText(/Receipt no\./).waitFor()
    for (const path of FAMILY) {
      await page.goto(`${app.origin}/mozzecane${path}`)
      expect(await italianOn(page), path).toEqual([])
      expect(await scrollsSideways(page), path).toBe(false)
      expect(await axeViolations(page), path).toEqual([])
    }
    expect(complaints).toEqual([])
    await context.close()
  })

  it('prepares a top-up, and hears in English what is wrong with an amount', async () => {
    const context = await openContext(browser)
    const page = await enterInEnglish(context)
    await page.goto(`${app.origin}/mozzecane/pagamenti/ricarica`)
    await page.getByLabel('Amount').fill('7')
    await page
      .getByText(/The amount must be a multiple of the price of a meal \(€5\.40\)/)
      .first()
      .waitFor()
    await page.getByLabel('Amount').fill('')
    await page
      .getByRole('spinbutton', { name: /Number of meals/ })
      .or(page.getByLabel(/Number of meals/))
      .first()
      .fill('10')
    await page.getByText(/10 meals × €5\.40 = €54\.00/).waitFor()
    await context.close()
  })
})

describe('read from right to left', () => {
  it('no page scrolls sideways on the smallest phone', async () => {
    const context = await openContext(browser, { viewport: { width: 320, height: 640 } })
    const page = await enterInEnglish(context)
    for (const path of [
      ...PUBLIC.slice(0, 5),
      '/oggi',
      '/prenotazioni',
      '/pagamenti/movimenti',
      '/pagamenti/ricarica',
    ]) {
      await page.goto(`${app.origin}/mozzecane${path}`)
      await page.evaluate(() => {
        document.documentElement.dir = 'rtl'
      })
      expect(await scrollsSideways(page), path).toBe(false)
    }
    await context.close()
  })
})
