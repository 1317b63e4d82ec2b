import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterEach, beforeAll, describe, expect, it } from 'vitest'
import { type DemoPart, demoPeople } from '#db/demo/people.ts'
import { signInErrors } from '#lib/identity/sign-in-errors.ts'
import { wordsIn } from '#lib/words/catalogues.adapter.ts'
import { directionOf, type Language, plural } from '#lib/words/language.ts'
import { LANGUAGE_COOKIE } from '#lib/words/language-cookie.ts'
import { LOCALES, TRANSLATED } from '#lib/words/locales.ts'
import { appFiles } from '#tests/support/addresses.ts'
import { type App, startApp } from '#tests/support/app.ts'
import {
  complaintsOf,
  expectAccessible,
  expectFits,
  openBrowser,
  openContext,
} from '#tests/support/browser.ts'
import { setClock } from '#tests/support/database.ts'
import { signInAs } from '#tests/support/demo-sign-in.ts'
import { cutOn, italianOn } from '#tests/support/foreign-words.ts'
import { stopClockAfterLunchOf } from '#tests/support/menus.ts'
import { until } from '#tests/support/payments.ts'
import { atLength, IS_LONG } from '#tests/support/random.ts'

let app: App
let browser: Browser
beforeAll(async () => {
  ;[app, browser] = await Promise.all([startApp(), openBrowser()])
})
afterEach(() => setClock(null))

/** The smallest phone. */
const NARROW = { viewport: { width: 320, height: 640 } } as const

/** Every page that is not the office's, with the addresses that it answers. */
const ROUTES = appFiles()
  .filter((file) => file.endsWith('/page.tsx') && !file.startsWith('/admin'))
  .map((file) => ({
    file,
    // A page of one name is asked before one of any name.
    rank: (file.match(/\[/g) ?? []).length + (file.includes('[...') ? 9 : 0),
    addresses: new RegExp(
      `^${file
        .replace('/page.tsx', '')
        .replace(/\/\([^)]*\)/g, '')
        .replace('/[comune]', '/mozzecane')
        .replace(/\[\.\.\.\w+\]/g, '.+')
        .replace(/\[\w+\]/g, '[^/]+')}/?$`,
    ),
  }))
  .toSorted((one, other) => one.rank - other.rank)

const routeOf = (path: string): string =>
  ROUTES.find(({ addresses }) => addresses.test(path.split('?')[0] as string))?.file ?? path

const RATING = '/[comune]/(famiglia)/menu-figli/giudizio/page.tsx'

/** Pages that a parent of the portal is not led to. */
const NOT_VISITED = [
  // For a person whom the municipality does not know, who is another test here.
  '/[comune]/(famiglia)/accesso/non-abilitato/page.tsx',
  // Asks a remembered device for its sequence, which needs the cookie of one: in tests/e2e/devices.test.ts.
  '/[comune]/(famiglia)/accesso/dispositivo/page.tsx',
  // Where lunch was in the last days, which it was not in the holidays: another test here goes to such a day.
  RATING,
]

/** What no link leads to, or only with an address of its own. */
const VISITOR = [
  '/',
  '/?cerca=12345',
  '/accesso/errore?c=annullato',
  ...[
    '',
    '/notizie?cerca=12345',
    '/notizie/non-esiste',
    '/documenti?cerca=12345',
    '/menu/rotazione',
    '/dati',
    '/installa',
    '/accesso',
    '/non-esiste',
    '/invito/abc',
  ].map((path) => `/mozzecane${path}`),
]
const FAMILY = [
  '',
  '/oggi',
  '/prenotazioni',
  '/prenotazioni?vista=elenco',
  '/prenotazioni?figlio=tutti',
  '/prenotazioni/anteprima',
  '/pagamenti',
  '/pagamenti/movimenti?dal=99/99/9999',
  '/pagamenti/movimenti?tipo=rimborsi&dal=2020-01-01&al=2020-01-02',
  '/pagamenti/ricarica?pasti=0',
  '/pagamenti/ricarica?importo=7&metodo=carta',
  '/comunicazioni?cerca=12345',
  '/menu-figli',
  '/moduli',
  '/questionari',
  '/profilo',
  '/profilo/accessi/ricorda',
  '/altro',
  '/accesso/conferma',
  '/accesso/uscita',
].map((path) => `/mozzecane${path}`)

/** The pages behind one address differ in what they are about, seldom in their words: one of each here, twenty at length. */
const MOST_OF_A_ROUTE = atLength(1)
const LEADS_AWAY = /lingua=|\/feed|\.(csv|json|xml|pdf|ics|webmanifest)|\/pdf(\?|$)/

/**
 * Opens a page and looks at it: its language and direction, nothing left in Italian, cut or sideways.
 * @returns the addresses of the portal that it leads to
 */
async function lookAt(page: Page, language: Language, path: string): Promise<string[]> {
  await page.goto(app.origin + path)
  // A page that is not there is drawn by the browser: it has a language, a head and a foot when it is.
  await page.locator('html[lang]').waitFor({ state: 'attached' })
  await page.getByRole('contentinfo').waitFor()
  const shown = await page.evaluate(() => ({
    language: document.documentElement.lang,
    direction: document.documentElement.dir,
    links: [...document.querySelectorAll('a[href^="/mozzecane"]')].map(
      (link) => link.getAttribute('href') ?? '',
    ),
  }))
  expect([shown.language, shown.direction], path).toEqual([language, directionOf(language)])
  expect(await italianOn(page, language), path).toEqual([])
  await expectFits(page, path)
  expect(await cutOn(page), path).toEqual([])
  return shown.links.map((link) => link.replace(/#.*/, '')).filter((link) => !LEADS_AWAY.test(link))
}

/**
 * Goes from page to page by their links and looks at each; axe looks at the first of each kind. It takes as long as all the rest,
 * and every other test has it look at pages from left to right: those of a translation are its work only at length.
 * @returns the pages of `app/` that were asked for
 */
async function crawl(page: Page, language: Language, seeds: readonly string[]): Promise<Set<string>> {
  const isJudged = directionOf(language) === 'rtl' || IS_LONG
  const open = [...seeds]
  const seen = new Set<string>()
  const asked = new Map<string, number>()
  for (let path = open.shift(); path !== undefined; path = open.shift()) {
    const route = routeOf(path)
    const before = asked.get(route) ?? 0
    if (seen.has(path) || (before >= MOST_OF_A_ROUTE && !seeds.includes(path))) continue
    seen.add(path)
    asked.set(route, before + 1)
    open.push(...(await lookAt(page, language, path)))
    if (before === 0 && isJudged) await expectAccessible(page, path)
  }
  return new Set(asked.keys())
}

const CERTIFICATE = {
  name: 'certificato.pdf',
  mimeType: 'application/pdf',
  buffer: Buffer.from('%PDF-1.4\nprova'),
}
/** A request for a diet is sent once for a child: so many languages send one, the others stop before. */
const CHILDREN = [/Greta/, /Sofia/]

/** A person who has chosen a language in this browser before, signed in. */
async function enter(context: BrowserContext, language: Language, part: DemoPart = 'holder'): Promise<Page> {
  await context.addCookies([{ name: LANGUAGE_COOKIE, value: language, url: app.origin }])
  return signInAs(context, app, part)
}

/** The same by the pages: the switch, the button in the language, the provider. */
async function enterByPages(context: BrowserContext, language: Language): Promise<Page> {
  const page = await context.newPage()
  await page.goto(`${app.origin}/mozzecane/accesso`)
  await page.getByRole('link', { name: LOCALES[language].name }).click()
  await page.getByRole('button', { name: wordsIn(language)('Entra con SPID') }).click()
  const { givenName, familyName } = demoPeople.holder
  await page.getByRole('button', { name: `${givenName} ${familyName}` }).click()
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

/** A hundred pages, each looked at by axe: minutes on a busy machine. Each step still waits no longer than elsewhere. */
const A_WALK = { timeout: atLength(600_000) }

describe.each(TRANSLATED)('a parent who reads %s', (language) => {
  const t = wordsIn(language)
  /** A sentence with any values in it. */
  const saying = (sentence: string) =>
    new RegExp(sentence.replace(/[.*+?^$()|[\]\\]/g, '\\$&').replace(/\{\w+\}/g, '.+'))

  it(
    'visits every public page, with nothing left in Italian, cut or sideways, and nothing for axe to say',
    A_WALK,
    async () => {
      const context = await openContext(browser, NARROW)
      const page = await context.newPage()
      const complaints = complaintsOf(page, [/status of 404/])
      await page.goto(`${app.origin}/mozzecane?lingua=${language}`)
      const reasons = Object.keys(signInErrors).map((code) => `/mozzecane/accesso/errore?c=${code}`)
      await crawl(page, language, [...VISITOR, ...reasons])
      expect(complaints).toEqual([])
      await context.close()
    },
  )

  it(
    'cancels a meal, tops up, sends a form, and finds the same on every page of the family',
    A_WALK,
    async () => {
      const context = await openContext(browser, NARROW)
      const page = await enterByPages(context, language)
      const complaints = complaintsOf(page, [/status of 404/])
      await page.goto(`${app.origin}/mozzecane/prenotazioni`)
      await page.locator('a[rel="next"]').first().click()
      await page
        .getByRole('button', { name: saying(t('presente, modificabile fino alle {until}')) })
        .first()
        .click()
      await page
        .getByRole('dialog')
        .getByRole('button', { name: t('Segna assente') })
        .click()
      await page.getByText(saying(t('Ricevuta n. {receiptNumber}.'))).waitFor()
      expect(await italianOn(page, language)).toEqual([])
      const receipt = await page.getByRole('link', { name: t('Ricevuta'), exact: true }).getAttribute('href')
      const paid = await topUp(page)
      const answered = await sendForm(page)
      const visited = await crawl(page, language, [...FAMILY, receipt ?? '', paid, ...answered])
      expect(complaints).toEqual([])
      expect(
        ROUTES.map(({ file }) => file).filter(
          (file) => !visited.has(file) && !NOT_VISITED.includes(file) && !VISITED_BY_VISITORS.has(file),
        ),
      ).toEqual([])
      await context.close()
    },
  )

  it('says in it how lunch went', async () => {
    await stopClockAfterLunchOf('Greta')
    const context = await openContext(browser, NARROW)
    const page = await enter(context, language)
    const complaints = complaintsOf(page)
    const links = await lookAt(page, language, '/mozzecane/menu-figli')
    const path = links.find((link) => routeOf(link) === RATING) ?? 'no meal to judge'
    await lookAt(page, language, path)
    await expectAccessible(page, path)
    expect(complaints).toEqual([])
    await context.close()
  })

  /** Hears what is wrong with an amount, pays, comes back, and is written to. */
  async function topUp(page: Page): Promise<string> {
    await page.goto(`${app.origin}/mozzecane/pagamenti/ricarica`)
    const amount = page.locator('[name="importo"]')
    await amount.fill('7')
    const refused = t(
      'L’importo deve essere un multiplo del prezzo del pasto ({unit}). I più vicini sono {below} e {above}.',
    )
    await page.getByText(saying(refused)).first().waitFor()
    expect(await italianOn(page, language)).toEqual([])
    await amount.fill('54')
    await page
      .getByText(t(plural('{n} pasto', '{n} pasti'), { n: 10 }))
      .first()
      .waitFor()
    await page.locator('main form').getByRole('button').last().click()
    const pay = page.getByRole('button', { name: saying(t('Paga {amountCents}')) })
    await pay.waitFor()
    expect(await italianOn(page, language)).toEqual([])
    await pay.click()
    await page.waitForURL(`${app.paymentsOrigin}/**`)
    await page
      .getByText(t(plural('Ricarica mensa {n} pasto', 'Ricarica mensa {n} pasti'), { n: 10 }))
      .waitFor()
    await page.getByLabel('Numero della carta').fill('4349 9401 9900 4549')
    await page.getByRole('button', { name: /^Paga/ }).click()
    await page.waitForURL(`${app.origin}/**`)
    await page.getByRole('heading', { name: t('Pagamento riuscito') }).waitFor()
    expect(await italianOn(page, language)).toEqual([])
    const courtesy = t('Traduzione di cortesia: vale il testo italiano.')
    await until(async () => {
      const inbox = (await (await fetch(`${app.mailOrigin}/messaggi.json`)).json()) as { text: string }[]
      return inbox.some(({ text }) => text.trimEnd().endsWith(courtesy))
    })
    return new URL(page.url()).pathname
  }

  /** Leaves out what must be said, then says it and sends it. The questions are the office's, in Italian. */
  async function sendForm(page: Page): Promise<string[]> {
    const next = () => page.getByRole('button', { name: t('Salva e continua') }).click()
    await page.goto(`${app.origin}/mozzecane/moduli`)
    await page
      .getByRole('link', { name: /Richiesta di dieta/ })
      .first()
      .click()
    await page.getByRole('link', { name: new RegExp(`^(${t('Comincia')}|${t('Continua')})$`) }).click()
    await page.waitForURL(/moduli\/[0-9a-f-]+\/\w/)
    const step = new URL(page.url()).pathname
    await next()
    await page.getByRole('main').getByRole('alert').first().waitFor()
    expect(await italianOn(page, language)).toEqual([])
    const child = CHILDREN[TRANSLATED.indexOf(language)]
    if (!child) return [step]
    await page.getByLabel(child).check()
    await page.getByLabel('Per motivi di salute').check()
    await next()
    await page.waitForURL(/\/salute$/)
    await page.getByLabel('Certificato del medico').setInputFiles(CERTIFICATE)
    await page.getByLabel('Che cosa non può mangiare?').fill('Arachidi')
    await page.getByLabel(t('No'), { exact: true }).check()
    await next()
    await page.waitForURL(/\/dichiarazioni$/)
    await page.getByLabel(/quello che ho scritto è vero/).check()
    await page.getByLabel(/informativa privacy/).check()
    await next()
    await page.waitForURL(/\/riepilogo$/)
    await page.getByRole('heading', { name: t('Vale il testo italiano') }).waitFor()
    const recap = new URL(page.url()).pathname
    await lookAt(page, language, recap)
    await page.getByRole('button', { name: t('Invia la domanda') }).click()
    await page.waitForURL(/\/moduli\/domande\//)
    return [step, recap, new URL(page.url()).pathname]
  }

  it('hears in it what is wrong with what was typed', async () => {
    const context = await openContext(browser)
    const page = await enter(context, language)
    const wrong: [path: string, typed: Record<string, string>][] = [
      ['/profilo', { email: 'not an address' }],
      ['/profilo', { phone: '12' }],
      ['/profilo', { street: '', postalCode: 'x' }],
      ['/profilo/deleghe', { fiscalCode: 'X', email: 'x' }],
      ['/profilo/notifiche', { soglia: '99' }],
    ]
    for (const [path, typed] of wrong) {
      await page.goto(`${app.origin}/mozzecane${path}`)
      const form = page.locator('form', { has: page.locator(`[name="${Object.keys(typed)[0]}"]`) }).first()
      for (const [name, value] of Object.entries(typed)) await form.locator(`[name="${name}"]`).fill(value)
      await form.locator('button[type="submit"], button:not([type])').first().click()
      await page.getByRole('main').getByRole('alert').first().waitFor()
      expect(await italianOn(page, language), `${path} ${Object.keys(typed)}`).toEqual([])
    }
    const answer = await context.request.post(`${app.origin}/api/mozzecane/prenotazioni`, {
      data: {},
      headers: { origin: app.origin, accept: 'application/json' },
    })
    expect(await answer.json()).toMatchObject({
      ok: false,
      message: t('Non è chiaro se vuoi disdire o ripristinare il pasto. Ricarica la pagina e riprova.'),
    })
    await context.close()
  })

  it.each([
    [
      'delegate',
      ['/oggi', '/profilo', '/profilo/deleghe', '/servizi', '/altro', '/menu-figli', '/pagamenti'],
    ],
    ['unknown', ['/accesso/non-abilitato', '/oggi', '/accesso']],
  ] as const)('finds it as the %s too', async (part, paths) => {
    const context = await openContext(browser, NARROW)
    const page = await enter(context, language, part)
    for (const path of paths) await lookAt(page, language, `/mozzecane${path}`)
    await context.close()
  })

  it('finds beside each page the Italian one, whose text counts, and above what binds a word about it', async () => {
    const context = await openContext(browser)
    const page = await context.newPage()
    await page.goto(`${app.origin}/mozzecane/notizie?categoria=avvisi&lingua=${language}`)
    const link = page
      .getByRole('contentinfo')
      .getByRole('link', { name: t('Leggi questa pagina in italiano') })
    await link.click()
    expect(page.url()).toBe(`${app.origin}/mozzecane/notizie?categoria=avvisi`)
    expect(await page.getAttribute('html', 'lang')).toBe('it')
    await expect.poll(() => page.getByText(t('Leggi questa pagina in italiano')).count()).toBe(0)
    await page.goto(`${app.origin}/mozzecane?lingua=${language}`)
    for (const path of ['/privacy', '/note-legali', '/accessibilita']) {
      await page.goto(`${app.origin}/mozzecane${path}`)
      const main = page.getByRole('main')
      await main.getByRole('heading', { name: t('Vale il testo italiano') }).waitFor()
      await main.getByRole('link', { name: t('Leggi questa pagina in italiano') }).waitFor()
    }
    await context.close()
  })
})

describe('the portal, read from right to left,', () => {
  const MAIN = ['', '/oggi', '/prenotazioni', '/pagamenti/movimenti', '/pagamenti/ricarica', '/moduli']

  /** The middle of what is drawn, from the left edge of the screen. */
  async function middleOf(page: Page, selector: string): Promise<number> {
    const box = await page.locator(selector).first().boundingBox()
    if (!box) throw new Error(`${selector} is not drawn`)
    return box.x + box.width / 2
  }

  it.each([390, 1440])('scrolls no page sideways at %i pixels, to either side', async (width) => {
    const context = await openContext(browser, { viewport: { width, height: 844 } })
    const page = await enter(context, 'ar')
    for (const path of MAIN) {
      await page.goto(`${app.origin}/mozzecane${path}`)
      await expectFits(page, path)
      const moved = await page.evaluate(() => {
        document.documentElement.scrollLeft = -1_000
        return document.documentElement.scrollLeft
      })
      expect(moved, path).toBe(0)
      await expectAccessible(page, path)
    }
    await context.close()
  })

  it('puts on the right what begins a line: a notice’s drawing, Monday, the first section, a field before its unit', async () => {
    const context = await openContext(browser)
    const page = await enter(context, 'ar')
    await page.goto(`${app.origin}/mozzecane/privacy`)
    const notice = 'main [data-surface]:has(> svg)'
    expect(await middleOf(page, `${notice} > svg`)).toBeGreaterThan(await middleOf(page, `${notice} h2`))
    const edge = await page
      .locator(notice)
      .first()
      .evaluate((box) => [getComputedStyle(box).borderRightWidth, getComputedStyle(box).borderLeftWidth])
    expect(edge).toEqual(['6px', '1px'])
    expect(await middleOf(page, 'nav.fixed li:first-child')).toBeGreaterThan(
      await middleOf(page, 'nav.fixed li:last-child'),
    )
    await page.goto(`${app.origin}/mozzecane/prenotazioni`)
    expect(await middleOf(page, 'table.meals th:first-child')).toBeGreaterThan(
      await middleOf(page, 'table.meals th:last-child'),
    )
    await page.goto(`${app.origin}/mozzecane/pagamenti/ricarica`)
    const unit = '[name="importo"] ~ span'
    expect(await middleOf(page, unit)).toBeLessThan(await middleOf(page, '[name="importo"]'))
    await context.close()
  })

  it('points arrows along the line, and has tomorrow on the left of the keyboard too', async () => {
    const context = await openContext(browser)
    const page = await enter(context, 'ar')
    await page.goto(`${app.origin}/mozzecane/prenotazioni`)
    await page.locator('table.meals[role="grid"]').waitFor()
    const mirrored = await page
      .locator('use[href$="#chevron-left"]')
      .first()
      .evaluate((drawing) => getComputedStyle(drawing).transform)
    expect(mirrored).toBe('matrix(-1, 0, 0, 1, 0, 0)')
    const days = await page
      .locator('table.meals tr')
      .evaluateAll((rows) =>
        rows
          .map((row) => [...row.querySelectorAll('[data-day]')].map((cell) => cell.getAttribute('data-day')))
          .find((row) => row.length >= 2),
      )
    const [first, second] = days as [string, string]
    const focused = () => page.evaluate(() => document.activeElement?.getAttribute('data-day'))
    await page.locator(`[data-day="${first}"]`).focus()
    await page.keyboard.press('ArrowLeft')
    expect(await focused()).toBe(second)
    await page.keyboard.press('ArrowRight')
    expect(await focused()).toBe(first)
    await context.close()
  })

  it('keeps the groups of a telephone number in their order', async () => {
    const context = await openContext(browser)
    const page = await enter(context, 'ar')
    await page.goto(`${app.origin}/mozzecane/oggi`)
    const order = await page
      .locator('a[href^="tel:"]')
      .first()
      .evaluate((link) => {
        const digits = document.createRange()
        const text = link.firstChild as Text
        return [0, text.length - 1].map((at) => {
          digits.setStart(text, at)
          digits.setEnd(text, at + 1)
          return digits.getBoundingClientRect().x
        })
      })
    expect(order[0]).toBeLessThan(order[1] as number)
    await context.close()
  })

  it('isolates every amount that stands alone, so that its sign and its € stay where they belong', async () => {
    const context = await openContext(browser)
    const page = await enter(context, 'ar')
    await page.goto(`${app.origin}/mozzecane/pagamenti/movimenti`)
    const amounts = await page
      .locator('main bdi')
      .evaluateAll((all) => all.map((one) => ({ text: one.textContent, direction: one.getAttribute('dir') })))
    expect(amounts.length).toBeGreaterThan(4)
    expect(amounts.filter(({ direction }) => direction !== 'ltr')).toEqual([])
    expect(amounts.some(({ text }) => /^\p{Cf}*−5\.40/u.test(text ?? ''))).toBe(true)
    await context.close()
  })
})

/** Seen without a sign-in: the pages of the first visit, and what only those lead to. */
const VISITED_BY_VISITORS = new Set([...VISITOR, '/mozzecane/accesso/errore'].map(routeOf))

describe('a parent who reads English', () => {
  it('downloads movements and own data in it', async () => {
    const context = await openContext(browser)
    await enter(context, 'en')
    const csv = await context.request.get(`${app.origin}/api/mozzecane/movimenti.csv`)
    expect(await csv.text()).toMatch(/^\ufeffDay,Type,Pupil,/)
    const html = await (
      await context.request.get(`${app.origin}/api/mozzecane/miei-dati?formato=html`)
    ).text()
    expect(html).toContain('<html lang="en" dir="ltr">')
    expect(html).toContain('<h1>The data of Laura Conti</h1>')
    const page = await context.newPage()
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
