import { sql } from 'kysely'
import type { Browser, Page } from 'playwright-core'
import { afterEach, beforeAll, describe, expect, test } from 'vitest'
import { type App, startApp } from '#tests/support/app.ts'
import {
  complaintsOf,
  expectAccessible,
  expectSound,
  openBrowser,
  openContext,
  scriptBytes,
} from '#tests/support/browser.ts'
import { setClock } from '#tests/support/database.ts'
import { signInAs } from '#tests/support/demo-sign-in.ts'
import { parseCalendar } from '#tests/support/ical.ts'
import { stopClockAfterLunchOf } from '#tests/support/menus.ts'
import { withinASecond } from '#tests/support/waiting.ts'

const START_MS = 400_000
const MOST_PUBLIC_BYTES = 136 * 1024
const MOST_FAMILY_BYTES = 144 * 1024
const SMALL_PHONE = { width: 320, height: 640 }

let app: App
let browser: Browser

beforeAll(async () => {
  ;[app, browser] = await Promise.all([startApp({ worker: false, own: true }), openBrowser()])
}, START_MS)

const PUBLIC = ['/mozzecane/menu', '/mozzecane/menu?dieta=senza-glutine', '/mozzecane/menu/rotazione']

async function isSound(page: Page, path: string): Promise<void> {
  await page.goto(app.origin + path)
  await expectSound(page)
}

/** How many sheets of paper a page takes, printed as its own style sheet says. */
async function sheets(page: Page): Promise<number> {
  const pdf = await page.pdf({ preferCSSPageSize: true })
  return pdf.toString('latin1').match(/\/Type\s*\/Page\b/g)?.length ?? 0
}

describe('the public menu', () => {
  test.each([320, 1440])('is sound at %i pixels', async (width) => {
    const context = await openContext(browser, { viewport: { width, height: 900 } })
    const page = await context.newPage()
    const complaints = complaintsOf(page)
    for (const path of PUBLIC) await isSound(page, path)
    expect(complaints).toEqual([])
    await context.close()
  })

  test('carries no more script than a public page may', async () => {
    const context = await openContext(browser)
    for (const path of PUBLIC) {
      const page = await context.newPage()
      const load = () => page.goto(app.origin + path, { waitUntil: 'networkidle' })
      expect(await scriptBytes(page, load), path).toBeLessThanOrEqual(MOST_PUBLIC_BYTES)
      await page.close()
    }
    await context.close()
  })

  test('offers school, diet and week without JavaScript as links and a form, all in the address', async () => {
    const context = await openContext(browser, { javaScriptEnabled: false })
    const page = await context.newPage()
    await page.goto(`${app.origin}/mozzecane`)
    await page.getByRole('link', { name: 'Menù', exact: true }).first().click()
    await page
      .getByRole('combobox', { name: 'Scuola' })
      .selectOption({ label: 'Scuola primaria del capoluogo' })
    await page.getByRole('combobox', { name: 'Dieta' }).selectOption({ label: 'Senza glutine' })
    await page.getByRole('button', { name: 'Mostra' }).click()
    const choice = () => Object.fromEntries(new URL(page.url()).searchParams)
    await expect.poll(choice).toMatchObject({ dieta: 'senza-glutine' })
    const week = choice().settimana
    await page.getByRole('link', { name: 'Settimana successiva' }).click()
    await expect.poll(() => choice().settimana).not.toBe(week)
    expect(choice()).toMatchObject({ scuola: 'scuola-primaria-del-capoluogo', dieta: 'senza-glutine' })
    // In the holidays there are weeks without a lunch.
    const lunch = new URLSearchParams({ ...choice(), settimana: await nextLunch('primaria') })
    await page.goto(`${app.origin}/mozzecane/menu?${lunch}`)
    await expect.poll(() => page.getByText('Panino senza glutine').count()).toBeGreaterThan(0)
    await expect.poll(() => page.getByText(/Allergeni: .*(latte|uova|sedano)/).count()).toBeGreaterThan(0)
    await context.close()
  })

  test('is one sheet for the fridge, lying down, and one per week for the whole rotation', async () => {
    const context = await openContext(browser)
    const page = await context.newPage()
    await page.goto(`${app.origin}/mozzecane/menu`)
    expect(await sheets(page)).toBe(1)
    await page.goto(`${app.origin}/mozzecane/menu/rotazione`)
    expect(await sheets(page)).toBe(4)
    await context.close()
  })

  test('is open data', async () => {
    const data = (await (await fetch(`${app.origin}/mozzecane/menu.json`)).json()) as {
      giorni: { scuola: string; piatti: { allergeni: string[] | null; diete: object }[] }[]
    }
    expect(data.giorni.length).toBeGreaterThan(10)
    expect(
      data.giorni.flatMap(({ piatti }) => piatti).every(({ allergeni }) => Array.isArray(allergeni)),
    ).toBe(true)
    const sheet = await (await fetch(`${app.origin}/mozzecane/menu.csv`)).text()
    expect(sheet.split('\r\n')[0]).toContain('giorno;scuola;portata;piatto;ingredienti;allergeni')
    expect((await fetch(`${app.origin}/mozzecane/menu.json?scuola=non-c-e`)).status).toBe(404)
  })

  test('says courses and allergens in English to an English reader', async () => {
    const context = await openContext(browser)
    const page = await context.newPage()
    await page.goto(`${app.origin}/mozzecane/menu?settimana=${await nextLunch('infanzia')}&lingua=en`)
    await page.getByRole('heading', { level: 1, name: 'Canteen menu' }).waitFor()
    await expect.poll(() => page.getByText('First course').count()).toBeGreaterThan(0)
    await context.close()
  })
})

describe('the office', () => {
  const PAGES = ['', '/piatti', '/piatti/nuovo', '/nuovo', '/cambio', '/giudizi', '/avanzi']

  test.each([390, 1440])('has sound pages at %i pixels', async (width) => {
    const context = await openContext(browser, { viewport: { width, height: 900 } })
    const page = await signInAs(context, app, 'operator')
    for (const path of PAGES) await isSound(page, `/admin/mozzecane/menu${path}`)
    await page.goto(`${app.origin}/admin/mozzecane/menu`)
    await page.getByRole('link', { name: 'Autunno e inverno' }).click()
    await page.waitForURL(/menu\/[0-9a-f-]{36}$/)
    const menu = new URL(page.url()).pathname
    for (const tail of ['', '/sostituzioni', '/importa', '/dati', '/stampa']) await isSound(page, menu + tail)
    await context.close()
  })

  test('corrects a dish, which every reader sees within a second', async () => {
    const context = await openContext(browser)
    const page = await signInAs(context, app, 'operator')
    await page.goto(`${app.origin}/admin/mozzecane/menu/piatti?cerca=Banana`)
    await page.getByRole('link', { name: 'Banana' }).click()
    await page.getByRole('checkbox', { name: 'arachidi' }).check()
    await page.getByRole('button', { name: 'Salva il piatto' }).click()
    await page.getByText('Salvato').waitFor()
    const rotation = async () => (await fetch(`${app.origin}/mozzecane/menu/rotazione`)).text()
    expect(await withinASecond(rotation, (text) => text.includes('arachidi'))).toContain('arachidi')
    await context.close()
  })

  test('changes a week without JavaScript and publishes it, and it is on the table within a second', async () => {
    const context = await openContext(browser, { javaScriptEnabled: false })
    const page = await signInAs(context, app, 'operator')
    await page.goto(`${app.origin}/admin/mozzecane/menu`)
    await page.getByRole('link', { name: await menuInForce() }).click()
    await page.getByRole('link', { name: 'Settimana 2' }).click()
    await page.getByLabel('Frutta o dessert, lunedì').selectOption({ label: 'Yogurt alla frutta' })
    await page.getByRole('button', { name: 'Salva la settimana 2' }).click()
    await page.getByText('Salvato').waitFor()
    await expect.poll(() => page.getByText('Modifiche non pubblicate').count()).toBe(1)
    await page.getByRole('button', { name: 'Pubblica', exact: true }).click()
    await page.getByText('le famiglie lo vedono già').waitFor()
    const monday = page
      .getByRole('region', { name: /settimana 2 di 4/ })
      .getByRole('listitem')
      .first()
    const read = async () => {
      await page.goto(`${app.origin}/mozzecane/menu/rotazione`)
      return (await monday.textContent()) ?? ''
    }
    const isChanged = (text: string) => text.includes('Yogurt alla frutta')
    expect(await withinASecond(read, isChanged)).toContain('Yogurt alla frutta')
    await context.close()
  })

  test('reads a sheet before it writes anything, line by line', async () => {
    const context = await openContext(browser)
    const page = await signInAs(context, app, 'operator')
    await page.goto(`${app.origin}/admin/mozzecane/menu`)
    await page.getByRole('link', { name: 'Primavera ed estate' }).click()
    await page.getByRole('link', { name: 'Importa' }).click()
    const sheet = page.getByLabel('Oppure incolla qui le righe')
    await sheet.fill('settimana;giorno;portata;piatto;allergeni\n1;lunedì;primo;Insalata di riso;zucchero')
    await page.getByRole('button', { name: 'Mostra l’anteprima' }).click()
    await page.getByText('Riga 2: “zucchero” non è uno dei quattordici allergeni').waitFor()
    expect(await sheet.inputValue()).toContain('zucchero')
    await sheet.fill('settimana;giorno;portata;piatto;allergeni\n1;lunedì;primo;Insalata di riso;uova')
    await page.getByRole('button', { name: 'Mostra l’anteprima' }).click()
    await page.getByText('Piatti nuovi: Insalata di riso').waitFor()
    await page.getByRole('button', { name: 'Importa', exact: true }).click()
    await page.getByText('Righe importate').waitFor()
    await context.close()
  })

  test('changes a dish for a day, after seeing whom it reaches; the family is told', async () => {
    const context = await openContext(browser)
    const page = await signInAs(context, app, 'operator')
    await page.goto(`${app.origin}/admin/mozzecane/menu/cambio`)
    await page.getByLabel('Giorno').fill(await nextLunch('infanzia'))
    await page.getByRole('button', { name: 'Scegli il piatto' }).click()
    await page.getByLabel('Piatto nuovo').selectOption({ label: 'Contorno: Patate lesse' })
    const side = page.getByLabel('Piatto previsto').locator('option', { hasText: 'Contorno' }).first()
    await page.getByLabel('Piatto previsto').selectOption((await side.getAttribute('value')) as string)
    await page.getByLabel('Motivo').fill('La verdura ordinata non è arrivata')
    await page.getByRole('button', { name: 'Mostra l’anteprima' }).click()
    await page.getByRole('columnheader', { name: 'Famiglie avvisate' }).waitFor()
    await page.getByRole('button', { name: 'Annuncia il cambio' }).click()
    await page.getByText('Cambio annunciato').waitFor()
    const { rows } = await told()
    expect(rows.length).toBeGreaterThan(3)
    expect(JSON.stringify(rows)).not.toMatch(/glutine|lattosio|D01/)
    await context.close()
  })
})

/** The menu that the public reads today as the whole rotation. */
async function menuInForce(): Promise<string> {
  const { rows } = await sql<{ name: string }>`
    select name from menu_version where app_today() between starts_on and ends_on`.execute(app.db.owner)
  return rows[0]?.name ?? ''
}

const told = () =>
  app.db.owner
    .selectFrom('notification')
    .select(['title', 'body', 'path'])
    .where('event', '=', 'menu:changed')
    .execute()
    .then((rows) => ({ rows }))

/** The next day on which a school of this kind has lunch. */
async function nextLunch(kind: 'infanzia' | 'primaria' | 'secondaria'): Promise<string> {
  const row = await app.db.owner
    .selectFrom('service_day as d')
    .innerJoin('school as s', 's.id', 'd.school_id')
    .innerJoin('municipality as m', 'm.id', 'd.municipality_id')
    .select('d.day')
    .where('m.slug', '=', 'mozzecane')
    .where('s.kind', '=', kind)
    .where('d.status', '=', 'open')
    .where('d.cutoff_at', '>', new Date(Date.now() + 86_400_000))
    .orderBy('d.day')
    .executeTakeFirstOrThrow()
  return row.day
}

describe('a family', () => {
  afterEach(() => setClock(null))

  test('sees each child’s menu: the diet by name for the holder, by code for the delegate', async () => {
    for (const [part, words] of [
      ['holder', 'dieta senza glutine'],
      ['delegate', 'dieta D01'],
    ] as const) {
      const context = await openContext(browser, { viewport: SMALL_PHONE })
      const page = await signInAs(context, app, part)
      const complaints = complaintsOf(page)
      await isSound(page, '/mozzecane/menu-figli')
      const greta = page.getByRole('region', { name: 'Il menù di Greta' })
      expect(await greta.textContent()).not.toContain('dieta ')
      await page.getByRole('navigation', { name: 'Figli' }).getByRole('link', { name: 'Sofia' }).click()
      const sofia = page.getByRole('region', { name: 'Il menù di Sofia' })
      await sofia.waitFor()
      expect(await sofia.textContent()).toContain(words)
      await expectAccessible(page)
      await isSound(page, '/mozzecane/profilo/calendario')
      expect(complaints).toEqual([])
      await context.close()
    }
  })

  test('carries no more script than it may', async () => {
    const context = await openContext(browser)
    await (await signInAs(context, app, 'holder')).close()
    for (const path of ['/mozzecane/menu-figli', '/mozzecane/profilo/calendario']) {
      const page = await context.newPage()
      const load = () => page.goto(app.origin + path, { waitUntil: 'networkidle' })
      expect(await scriptBytes(page, load), path).toBeLessThanOrEqual(MOST_FAMILY_BYTES)
      await page.close()
    }
    await context.close()
  })

  test.each([true, false])('says how lunch went, JavaScript on: %s', async (javaScriptEnabled) => {
    await stopClockAfterLunchOf('Greta')
    const context = await openContext(browser, { javaScriptEnabled })
    const page = await signInAs(context, app, 'holder')
    await page.goto(`${app.origin}/mozzecane/menu-figli`)
    const greta = page.getByRole('region', { name: 'Il menù di Greta' })
    await greta
      .getByRole('link', { name: /Racconta/ })
      .first()
      .click()
    await page.getByRole('heading', { level: 1, name: 'Com’è andata a Greta?' }).waitFor()
    if (javaScriptEnabled) await expectAccessible(page)
    await page.getByRole('button', { name: 'Manda' }).click()
    await page.getByText('Scegli almeno una faccia.').waitFor()
    await page.getByRole('radio', { name: 'Mi è piaciuto' }).first().check()
    await page.getByRole('button', { name: 'Manda' }).click()
    await page.getByText('Grazie, il giudizio è arrivato').waitFor()
    await expect
      .poll(() => greta.getByRole('link', { name: /Cambia il giudizio/ }).count())
      .toBeGreaterThan(0)
    await context.close()
  })

  test.each([true, false])(
    'puts a child in the phone’s calendar, JavaScript on: %s',
    async (javaScriptEnabled) => {
      const context = await openContext(browser, { javaScriptEnabled })
      const page = await signInAs(context, app, 'holder')
      await page.goto(`${app.origin}/mozzecane/profilo/calendario`)
      const greta = page.getByRole('region', { name: 'Greta' })
      await greta.getByRole('button', { name: /^Crea/ }).click()
      const field = greta.getByRole('textbox', { name: 'Indirizzo del calendario' })
      await field.waitFor()
      const address = await field.inputValue()
      const first = await fetch(address)
      expect(first.status).toBe(200)
      expect(first.headers.get('content-type')).toBe('text/calendar; charset=utf-8')
      expect(first.headers.get('set-cookie')).toBeNull()
      const text = await first.text()
      expect(parseCalendar(text).events.length).toBeGreaterThan(10)
      expect(text).not.toMatch(/glutine|D01|€/)
      const etag = first.headers.get('etag') as string
      expect((await fetch(address, { headers: { 'if-none-match': etag } })).status).toBe(304)
      await page.goto(`${app.origin}/mozzecane/profilo/calendario`)
      expect(await page.content()).not.toContain(address.slice(-30))
      await greta.getByText('Revoca l’indirizzo').click()
      await greta.getByRole('button', { name: 'Revoca' }).click()
      await page
        .getByText(/Indirizzo revocato|Crea l’indirizzo/)
        .first()
        .waitFor()
      await expect.poll(async () => (await fetch(address)).status).toBe(404)
      await context.close()
    },
  )

  test('gets nothing at an unknown address of a calendar, and is cut off after many tries', async () => {
    const address = `${app.origin}/api/calendario/${'x'.repeat(43)}.ics`
    expect((await fetch(address)).status).toBe(404)
    const answers = await Promise.all(Array.from({ length: 70 }, () => fetch(address)))
    expect(answers.map(({ status }) => status)).toContain(429)
    expect(answers.find(({ status }) => status === 429)?.headers.get('retry-after')).toBe('900')
  })
})
