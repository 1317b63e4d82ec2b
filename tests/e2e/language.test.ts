import type { Browser, BrowserContext, Page } from 'playwright-core'
import { beforeAll, describe, expect, it } from 'vitest'
import { catalogueOf } from '#lib/words/catalogues.adapter.ts'
import { LANGUAGE_COOKIE } from '#lib/words/language-cookie.ts'
import { type App, startApp } from '#tests/support/app.ts'
import { axeViolations, complaintsOf, openBrowser, openContext } from '#tests/support/browser.ts'
import { signInAs } from '#tests/support/demo-sign-in.ts'
import { until } from '#tests/support/payments.ts'

let app: App
let browser: Browser
beforeAll(async () => {
  ;[app, browser] = await Promise.all([startApp(), openBrowser()])
})

/** Italian sentences that would be seen on an English page; those with values are found by their longest piece. */
/** A school of the demonstration is called like its kind. */
const NAMES = ['Scuola secondaria di primo grado']

const ITALIAN = new Set(
  Object.entries(catalogueOf('en'))
    .filter(
      ([italian, english]) => italian !== english && !italian.includes('{') && italian.trim().length > 3,
    )
    .map(([italian]) => italian.trim()),
)

/** Words that no English page has. What is Italian and has none of them is in the catalogue, and found by its sentence. */
const TELL_TALE = new Set(
  (
    'il lo gli una uno dei degli delle del dello della nel nella nelle sul sulla dal dalla alla alle ai che chi sono è di da ogni ' +
    'anche oppure più già puoi hai tuo tua tuoi suo sua questo questa quando pasto pasti giorno giorni oggi domani ieri assente ' +
    'saldo ricarica ricariche mensa scuola figlio figlia figli genitore avviso avvisi comunicazione comunicazioni scegli scrivi ' +
    'vedi torna modifica nessun nessuna tutti tutte fino entro ufficio gestore disdetta disdetto notizie documenti prenotazioni ' +
    'pagamenti movimenti fattura fatture profilo deleghe delega accesso accessi notifiche moduli domanda servizio servizi altro ' +
    'gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre lunedì martedì mercoledì ' +
    'giovedì venerdì sabato domenica'
  ).split(' '),
)
/** Names that stay as they are within an English sentence. */
const NAMED =
  /quadernino degli avvisi|Garante per la protezione dei dati personali|Difensore civico per il digitale|Via [\p{L}’ ]+|\p{Lu}\p{Ll}+ di \p{Lu}\p{Ll}+|\S+@\S+|Refezione Scolastica|Festa della Repubblica/gu

const tellsItalian = (text: string): boolean =>
  (
    text
      .replace(NAMED, '')
      .toLowerCase()
      .match(/[\p{L}\p{N}’'-]+/gu) ?? []
  ).some((word) => TELL_TALE.has(word))

/** What the page says in Italian outside of what is marked so: what people wrote, names of schools and dishes. */
async function italianOn(page: Page): Promise<string[]> {
  const said = await page.evaluate(() => {
    // The title of a page is what a person wrote where its heading is.
    const heading = document.querySelector('h1')
    const isWritten = heading?.closest('[lang="it"]') ?? heading?.querySelector('[lang="it"]')
    const texts: string[] = isWritten ? [] : [document.title]
    for (const element of document.body.querySelectorAll('*')) {
      if (element.closest('[lang="it"], script, style')) continue
      for (const name of ['aria-label', 'title', 'placeholder', 'alt'])
        texts.push(element.getAttribute(name) ?? '')
      for (const node of element.childNodes)
        if (node.nodeType === Node.TEXT_NODE) texts.push(node.textContent ?? '')
    }
    return texts.map((text) => text.trim())
  })
  return [...new Set(said)].filter(
    (text) => tellsItalian(text) || (ITALIAN.has(text) && !NAMES.includes(text)),
  )
}

const scrollsSideways = (page: Page): Promise<boolean> =>
  page.evaluate(() => document.documentElement.scrollWidth > window.innerWidth)

const PUBLIC = [
  '',
  '/servizio',
  '/notizie',
  '/notizie?cerca=xyzzy',
  '/documenti',
  '/documenti?cerca=xyzzy',
  '/menu',
  '/menu/rotazione',
  '/assistenza',
  '/dati',
  '/privacy',
  '/note-legali',
  '/accessibilita',
  '/installa',
  '/accesso',
  '/accesso/errore?c=accesso-scaduto',
  '/accesso/errore?c=annullato',
  '/accesso/non-abilitato',
]
const FAMILY = [
  '/oggi',
  '/prenotazioni',
  '/prenotazioni?vista=elenco',
  '/prenotazioni?figlio=tutti',
  '/prenotazioni/anteprima',
  '/pagamenti',
  '/pagamenti/movimenti',
  '/pagamenti/movimenti?dal=99/99/9999',
  '/pagamenti/movimenti?tipo=rimborsi&dal=2020-01-01&al=2020-01-02',
  '/pagamenti/ricarica',
  '/pagamenti/ricarica?pasti=0',
  '/pagamenti/ricarica?importo=7&metodo=carta',
  '/pagamenti/fatture',
  '/pagamenti/spese',
  '/servizi',
  '/comunicazioni',
  '/comunicazioni?cerca=xyzzy',
  '/notifiche',
  '/moduli',
  '/questionari',
  '/menu-figli',
  '/altro',
  '/profilo',
  '/profilo/deleghe',
  '/profilo/accessi',
  '/profilo/accessi/ricorda',
  '/profilo/notifiche',
  '/profilo/calendario',
  '/profilo/registro',
  '/profilo/dati',
  '/accesso/uscita',
]
/** Lists whose lines lead to pages of their own. */
const LISTS = ['/notizie', '/documenti', '/comunicazioni', '/moduli', '/questionari', '/prenotazioni']

/** Laura, who reads in English in this browser. */
async function inEnglish(context: BrowserContext): Promise<Page> {
  await context.addCookies([{ name: LANGUAGE_COOKIE, value: 'en', url: app.origin }])
  return signInAs(context, app, 'holder')
}

/** The same by the pages: the switch, the button in English, the provider. */
async function enterInEnglish(context: BrowserContext): Promise<Page> {
  const page = await context.newPage()
  await page.goto(`${app.origin}/mozzecane/accesso`)
  await page.getByRole('link', { name: 'English' }).click()
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
    await page.getByRole('link', { name: 'English' }).click()
    expect(page.url()).toBe(`${app.origin}/mozzecane/notizie?categoria=avvisi`)
    await page.getByRole('heading', { level: 1, name: 'News' }).waitFor()
    await page.goto(`${app.origin}/mozzecane/documenti`)
    await page.getByRole('heading', { level: 1, name: 'Documents' }).waitFor()
    await page.getByRole('link', { name: 'Italiano' }).click()
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
    const page = await signInAs(context, app, 'manager')
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

  it('reads what is behind every line of a list, and where nothing is', async () => {
    const context = await openContext(browser)
    const page = await inEnglish(context)
    for (const list of LISTS) {
      await page.goto(`${app.origin}/mozzecane${list}`)
      const links = page.locator(`main a[href^="/mozzecane${list}/"]:not([href*="feed"])`)
      const paths = await links.evaluateAll((all) => all.map((link) => link.getAttribute('href') ?? ''))
      for (const path of [...new Set(paths)].slice(0, 4)) {
        await page.goto(app.origin + path)
        expect(await italianOn(page), path).toEqual([])
      }
    }
    for (const path of ['/non-esiste', '/notizie/non-esiste', '/invito/abc']) {
      await page.goto(`${app.origin}/mozzecane${path}`)
      expect(await italianOn(page), path).toEqual([])
    }
    await context.close()
  })

  it('hears in English what is wrong with what was typed', async () => {
    const context = await openContext(browser)
    const page = await inEnglish(context)
    const wrong: [path: string, typed: Record<string, string>, button: RegExp][] = [
      ['/profilo', { email: 'not an address' }, /code/i],
      ['/profilo', { phone: '12' }, /phone/i],
      ['/profilo', { street: '', postalCode: 'x' }, /address/i],
      ['/profilo/deleghe', { fiscalCode: 'X', email: 'x' }, /invit/i],
      ['/profilo/notifiche', { soglia: '99' }, /^Save/],
    ]
    for (const [path, typed, button] of wrong) {
      await page.goto(`${app.origin}/mozzecane${path}`)
      const form = page.locator('form', { has: page.locator(`[name="${Object.keys(typed)[0]}"]`) }).first()
      for (const [name, value] of Object.entries(typed)) await form.locator(`[name="${name}"]`).fill(value)
      await form.getByRole('button', { name: button }).first().click()
      await page.getByRole('alert').first().waitFor()
      expect(await italianOn(page), `${path} ${Object.keys(typed)}`).toEqual([])
    }
    await context.close()
  })

  it('tops up: hears what is wrong with an amount, pays, comes back to English, and is written to in it', async () => {
    const context = await openContext(browser)
    const page = await inEnglish(context)
    await page.goto(`${app.origin}/mozzecane/pagamenti/ricarica`)
    await page.getByLabel('Amount').fill('7')
    await page
      .getByText(/The amount must be a multiple of the price of a meal \(€5\.40\)/)
      .first()
      .waitFor()
    expect(await italianOn(page)).toEqual([])
    await page.getByLabel('Amount').fill('54')
    await page.getByText(/10 meals × €5\.40 = €54\.00/).waitFor()
    await page.getByRole('button', { name: 'Go to the summary' }).click()
    const pay = page.getByRole('button', { name: /^Pay/ })
    await pay.waitFor()
    expect(await italianOn(page)).toEqual([])
    await pay.click()
    await page.waitForURL(`${app.paymentsOrigin}/**`)
    await page.getByText('School canteen top-up, 10 meals').waitFor()
    await page.getByLabel('Numero della carta').fill('4349 9401 9900 4549')
    await page.getByRole('button', { name: /^Paga/ }).click()
    await page.waitForURL(`${app.origin}/**`)
    await page.getByRole('heading', { name: 'Payment successful' }).waitFor()
    expect(await italianOn(page)).toEqual([])
    await page.goto(`${app.origin}/mozzecane/notifiche`)
    await page.getByRole('link', { name: 'Top-up credited' }).first().waitFor()
    await until(async () => {
      const inbox = await (await fetch(`${app.mailOrigin}/messaggi.json`)).text()
      return inbox.includes('Top-up credited: €54.00')
    })
    await context.close()
  })

  it('downloads movements and own data in English', async () => {
    const context = await openContext(browser)
    const page = await inEnglish(context)
    const csv = await context.request.get(`${app.origin}/api/mozzecane/movimenti.csv`)
    expect(await csv.text()).toMatch(/^\ufeffDay,Type,Pupil,/)
    const html = await (
      await context.request.get(`${app.origin}/api/mozzecane/miei-dati?formato=html`)
    ).text()
    expect(html).toContain('<html lang="en" dir="ltr">')
    expect(html).toContain('<h1>The data of Laura Conti</h1>')
    await page.goto(`${app.origin}/mozzecane`)
    const manifest = await page.locator('link[rel="manifest"]').getAttribute('href')
    const asApp = (await (await context.request.get(app.origin + manifest)).json()) as {
      lang: string
      shortcuts: { name: string }[]
    }
    expect([asApp.lang, asApp.shortcuts[0]?.name]).toEqual(['en', 'Mark absent'])
    await context.close()
  })
})

describe('the portal, read from right to left,', () => {
  it('scrolls no page sideways on the smallest phone', async () => {
    const context = await openContext(browser, { viewport: { width: 320, height: 640 } })
    const page = await inEnglish(context)
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
