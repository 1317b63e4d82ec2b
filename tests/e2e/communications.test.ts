import type { Browser, BrowserContext, Page } from 'playwright-core'
import { beforeAll, describe, expect, it } from 'vitest'
import { type App, startApp } from '#tests/support/app.ts'
import { complaintsOf, DESKTOP, expectSound, openBrowser, openContext } from '#tests/support/browser.ts'
import { signInAs } from '#tests/support/demo-sign-in.ts'

const PACT = 'Patto per una mensa serena: da leggere e confermare'
const TITLE = 'Lunedì la mensa apre alle 12:15'

let app: App
let browser: Browser
beforeAll(async () => {
  ;[app, browser] = await Promise.all([startApp({ worker: false }), openBrowser()])
}, 240_000)

const family = (path = '') => `${app.origin}/mozzecane/comunicazioni${path}`
const officePage = (path = '') => `${app.origin}/admin/mozzecane/comunicazioni${path}`

async function open(page: Page, title: string): Promise<void> {
  await page.getByRole('link', { name: title }).click()
  await page.getByRole('heading', { level: 1, name: title }).waitFor()
}

describe('the family', () => {
  it('reads, confirms in one of two tabs, downloads; the delegate then sees that it is done, and nothing about money', async () => {
    const context = await openContext(browser)
    const page = await signInAs(context, app, 'holder')
    const complaints = complaintsOf(page)
    await page.goto(family())
    await expectSound(page)
    expect(await page.getByRole('listitem').filter({ hasText: PACT }).textContent()).toContain('Da leggere')
    await open(page, PACT)
    const second = await context.newPage()
    await second.goto(page.url())
    await page.getByRole('button', { name: 'Ho letto e preso atto' }).click()
    await page.getByText('Presa d’atto registrata').waitFor()
    await expectSound(page)
    await second.getByRole('button', { name: 'Ho letto e preso atto' }).click()
    await second.getByText('Presa d’atto registrata').waitFor()
    const pdf = await page.request.get(`${app.origin}/api${new URL(page.url()).pathname}/pdf`)
    expect(pdf.headers()).toMatchObject({
      'content-type': 'application/pdf',
      'cache-control': 'private, no-store',
      'x-content-type-options': 'nosniff',
    })
    await page.goto(family())
    expect(await page.getByRole('listitem').filter({ hasText: PACT }).textContent()).toContain('Confermata')
    expect(complaints).toEqual([])
    await context.close()

    const other = await openContext(browser)
    const delegate = await signInAs(other, app, 'delegate')
    await delegate.goto(family())
    expect(await delegate.getByRole('main').textContent()).not.toContain('Saldo da ricaricare')
    await open(delegate, PACT)
    await delegate.getByText(/Laura Conti.*Vale per tutta la famiglia/).waitFor()
    await other.close()
  })

  it('finds, filters and opens without JavaScript, on a phone of 320 pixels', async () => {
    const context = await openContext(browser, {
      javaScriptEnabled: false,
      viewport: { width: 320, height: 700 },
    })
    const page = await signInAs(context, app, 'delegate')
    await page.goto(family('?cerca=serena&tipo=informativa'))
    await expect.poll(() => page.getByRole('main').getByRole('heading', { level: 2 }).count()).toBe(1)
    await page.goto(family('?cerca=introvabile'))
    await page.getByRole('heading', { name: 'Nessun risultato' }).waitFor()
    await page.getByRole('link', { name: 'Mostra tutte le comunicazioni' }).click()
    await open(page, PACT)
    await context.close()
  })

  it('is told on Oggi, and led to the very page', async () => {
    const context = await openContext(browser)
    const page = await signInAs(context, app, 'otherHolder')
    await page.goto(`${app.origin}/mozzecane/oggi`)
    await page.getByRole('link', { name: /In cucina arriva il menù d’inverno/ }).click()
    await page.getByRole('heading', { level: 1, name: /In cucina arriva/ }).waitFor()
    await context.close()
  })

  it.each([320, 390, 1440])('is comfortable at %i pixels', async (width) => {
    const context = await openContext(browser, { viewport: { width, height: 900 } })
    const page = await signInAs(context, app, 'holder')
    for (const path of ['', '?stato=da-leggere&anno=2026']) {
      await page.goto(family(path))
      await expectSound(page)
    }
    await open(page, 'Come funziona la mensa quest’anno').catch(() => undefined)
    await expectSound(page)
    await context.close()
  })
})

describe('the office', () => {
  const signedIn = async (part: 'operator' | 'manager'): Promise<[BrowserContext, Page, string[]]> => {
    const context = await openContext(browser, { viewport: DESKTOP })
    const page = await signInAs(context, app, part)
    return [context, page, complaintsOf(page)]
  }
  const write = async (page: Page, words: string) => {
    const text = page.getByRole('textbox', { name: 'Testo' })
    await page.locator('.editor-surface').waitFor()
    await text.click()
    await page.keyboard.press('Control+A')
    await page.keyboard.type(words)
  }
  let address = ''

  it('writes, tries, asks for approval; a vague link stays at the office', async () => {
    const [context, page, complaints] = await signedIn('operator')
    await page.goto(officePage('/nuova'))
    await expectSound(page)
    await page.getByRole('button', { name: 'Salva la bozza' }).click()
    await page.getByRole('alert').getByText('Scrivi il titolo').waitFor()
    await page.getByRole('textbox', { name: 'Titolo', exact: true }).fill(TITLE)
    await write(page, 'Il primo turno comincia un quarto d’ora dopo.')
    await page.getByRole('radio', { name: 'Una o più scuole' }).check()
    await page.getByRole('checkbox', { name: /Scuola primaria/ }).check()
    await page.getByRole('radio', { name: 'Una per persona' }).check()
    await page.getByLabel('Aggiungi file').setInputFiles({
      name: 'Circolare 12.pdf',
      mimeType: 'application/pdf',
      buffer: Buffer.from('%PDF-1.7\nciao'),
    })
    await page.getByRole('button', { name: 'Salva la bozza' }).click()
    await page.getByText('Salvata. Quello che le famiglie leggono non è cambiato.').waitFor()
    address = page.url().replace(/\?.*/, '')
    expect(await page.getByRole('region', { name: 'Prova' }).textContent()).toMatch(
      /\d+ persone.*di \d+ famiglie/,
    )
    await expectSound(page)
    await page.getByRole('button', { name: 'Chiedi l’approvazione' }).click()
    await page.getByText('Richiesta inviata').waitFor()
    await expect.poll(() => page.getByRole('button', { name: /Approva/ }).count()).toBe(0)
    expect(complaints).toEqual([])
    await context.close()
  })

  it('approves, sees who has read and confirmed, also without JavaScript, corrects with a reason, withdraws', async () => {
    const [context, page, complaints] = await signedIn('manager')
    await page.goto(`${officePage()}?stato=submitted`)
    await expectSound(page)
    await page.goto(address)
    await page.getByRole('button', { name: 'Approva e pubblica' }).click()
    await page.getByText('Fatto: le famiglie la leggono da adesso.').waitFor()
    await expectSound(page)
    await page.goto(`${address}/anteprima`)
    await expectSound(page)

    const home = await openContext(browser)
    const parent = await signInAs(home, app, 'holder')
    await parent.goto(family())
    await open(parent, TITLE)
    const file = parent.getByRole('link', { name: 'Circolare 12' })
    const path = (await file.getAttribute('href')) ?? ''
    const download = await parent.request.get(app.origin + path)
    expect(download.headers()).toMatchObject({
      'content-type': 'application/pdf',
      'content-disposition': 'attachment; filename="circolare-12.pdf"',
      'cache-control': 'private, no-cache',
      'x-content-type-options': 'nosniff',
    })
    expect((await fetch(app.origin + path)).status).toBe(404)

    const plain = await openContext(browser, { javaScriptEnabled: false })
    const without = await signInAs(plain, app, 'holder')
    const confirms = (tab: Page) => tab.getByRole('button', { name: 'Ho letto e preso atto' }).click()
    await without.goto(family(new URL(parent.url()).pathname.replace('/mozzecane/comunicazioni', '')))
    const sheet = without.url()
    await confirms(without)
    await without.getByRole('heading', { name: 'Presa d’atto registrata' }).waitFor()
    expect(without.url()).toBe(sheet)
    await without.reload()
    await expect.poll(() => without.getByRole('heading', { name: 'Presa d’atto registrata' }).count()).toBe(1)

    await page.goto(`${address}/destinatari?stato=letta`)
    await expect.poll(() => page.getByRole('row', { name: /Conti Laura/ }).count()).toBe(1)
    await expectSound(page)
    const csv = await page.request.get(`${address}/destinatari/file/csv?stato=non-letta`)
    expect(await csv.text()).toMatch(/Famiglia;Persona;Ruolo;E-mail;Letta;Confermata/)

    await page.goto(address)
    await page.getByLabel('Perché la correggi').fill('L’ora era sbagliata.')
    await write(page, 'Il primo turno comincia alle 12:20.')
    await page.getByRole('button', { name: 'Salva la correzione' }).click()
    await page.getByText('Salvata.').waitFor()
    await page.getByRole('button', { name: 'Approva e pubblica la correzione' }).click()
    await page.getByText('Fatto: le famiglie la leggono da adesso.').waitFor()
    await parent.reload()
    await parent.getByText('Motivo: L’ora era sbagliata.').waitFor()
    await expectSound(parent)
    await without.reload()
    await without.getByRole('button', { name: 'Ho letto e preso atto' }).waitFor()
    await parent.getByRole('link', { name: /Il testo uscito (il |l’)/ }).click()
    await parent.getByRole('heading', { name: 'Questo è il testo di prima' }).waitFor()

    await page.getByLabel('Motivo').fill('Il turno resta com’era.')
    await page.getByRole('button', { name: 'Ritira la comunicazione' }).click()
    await page.getByText(/Ritirata: chi l’aveva letta/).waitFor()
    // The page of before the withdrawal is still open, and its button is pressed.
    await confirms(without)
    await without.getByText(/Motivo: Il turno resta com’era\./).waitFor()
    await plain.close()
    await parent.goto(family())
    await open(parent, TITLE)
    await parent.getByText(/Motivo: Il turno resta com’era\./).waitFor()
    await expectSound(parent)
    expect((await parent.request.get(app.origin + path)).status()).toBe(404)
    expect(complaints).toEqual([])
    await home.close()
    await context.close()
  })

  it('is comfortable on a small phone', async () => {
    const context = await openContext(browser, { viewport: { width: 320, height: 700 } })
    const page = await signInAs(context, app, 'manager')
    for (const place of [officePage(), officePage('/nuova'), address, `${address}/destinatari`]) {
      await page.goto(place)
      await expectSound(page)
    }
    await context.close()
  })
})
