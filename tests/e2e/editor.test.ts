import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterEach, beforeAll, describe, expect, it } from 'vitest'
import { type App, startApp } from '#tests/support/app.ts'
import { complaintsOf, DESKTOP, expectAccessible, openBrowser, openContext } from '#tests/support/browser.ts'
import { signInAs } from '#tests/support/demo-sign-in.ts'
import { withinASecond } from '#tests/support/waiting.ts'

/** What Word puts on the clipboard: its own styles, drawn bullets, empty paragraphs. */
const FROM_WORD = `<html xmlns:o="urn:schemas-microsoft-com:office:office" xmlns:w="urn:schemas-microsoft-com:office:word">
<head><style>p.MsoNormal{mso-style-parent:"";font-size:11pt}</style><!--[if gte mso 9]><xml><o:x/></xml><![endif]--></head>
<body lang=IT><!--StartFragment-->
<h2 style='mso-line-height-rule:exactly;color:red'>Orari di segreteria<o:p></o:p></h2>
<p class=MsoNormal style='text-indent:0cm'><span style='font-weight:bold;color:#c00000'>Importante</span>: portare il modulo.<o:p></o:p></p>
<p class=MsoListParagraph style='mso-list:l0 level1 lfo1'><![if !supportLists]><span style='mso-list:Ignore'>·<span style='font:7pt'>&nbsp;&nbsp;&nbsp;</span></span><![endif]>lunedì mattina<o:p></o:p></p>
<p class=MsoListParagraph style='mso-list:l0 level1 lfo1'><![if !supportLists]><span style='mso-list:Ignore'>·<span style='font:7pt'>&nbsp;&nbsp;&nbsp;</span></span><![endif]>giovedì pomeriggio<o:p></o:p></p>
<p class=MsoNormal><o:p>&nbsp;</o:p></p><script>window.stolen = 1</script>
<!--EndFragment--></body></html>`

let app: App
let browser: Browser
let context: BrowserContext
beforeAll(async () => {
  ;[app, browser] = await Promise.all([startApp({ worker: false }), openBrowser()])
}, 240_000)
afterEach(() => context?.close())

const officePage = (path = '') => `${app.origin}/admin/mozzecane/notizie${path}`

async function openOffice(options: Parameters<typeof openContext>[1] = {}): Promise<[Page, string[]]> {
  context = await openContext(browser, { viewport: DESKTOP, ...options })
  const page = await signInAs(context, app, 'editor')
  return [page, complaintsOf(page)]
}

const surface = (page: Page) => page.locator('.editor-surface')

/** Fills title and summary of a new item, with the editor ready and the cursor in it. */
async function begin(page: Page, title: string): Promise<void> {
  await page.goto(officePage('/nuovo'))
  await page.getByRole('textbox', { name: 'Titolo', exact: true }).fill(title)
  await page.getByLabel('Descrizione breve').fill('Che cosa cambia da domani, in una riga.')
  await surface(page).waitFor()
  await surface(page).click()
}

/** Saves, and waits for the office of the version that it makes. */
async function save(page: Page, version = 1): Promise<void> {
  await page.getByRole('button', { name: 'Salva la bozza' }).click()
  await page.getByText('Bozza salvata.').waitFor()
  await page.getByText(`Notizia, versione ${version}`).waitFor()
}

const publish = (page: Page) => page.getByRole('button', { name: /^Pubblica/ }).click()

const publicPage = async (page: Page) =>
  new URL((await page.getByRole('link', { name: 'Pagina pubblica' }).getAttribute('href')) ?? '', app.origin)
    .href

describe('the editor that comes after its page', () => {
  it('writes text, headings, bold and lists with the toolbar and the keyboard; each tool says whether it is on', async () => {
    const [page, complaints] = await openOffice()
    await begin(page, 'Prova degli strumenti')
    await expect.poll(() => page.getByRole('textbox', { name: 'Testo' }).count()).toBe(1)
    await page.getByRole('button', { name: 'Titolo', exact: true }).click()
    await page.keyboard.type('Da lunedì')
    expect(await page.getByRole('button', { name: 'Titolo', exact: true }).getAttribute('aria-pressed')).toBe(
      'true',
    )
    await page.keyboard.press('Enter')
    await page.keyboard.type('Si comincia ')
    await page.keyboard.press('Control+B')
    await page.keyboard.type('prima')
    await page.keyboard.press('Control+B')
    await page.keyboard.press('Enter')
    await page.getByRole('button', { name: 'Elenco puntato' }).click()
    await page.keyboard.type('primo turno')
    await expectAccessible(page)
    await save(page)
    const html = await surface(page).innerHTML()
    expect(html).toMatch(/<h2>Da lunedì<\/h2>.*Si comincia <strong>prima<\/strong>.*<ul>.*primo turno/s)
    expect(complaints).toEqual([])
  })

  it('goes on from what was typed before it arrived', async () => {
    const [page] = await openOffice()
    let arrive = () => undefined as undefined
    const arrived = new Promise<void>((resolve) => {
      arrive = () => void resolve()
    })
    await page.route('**/_next/static/chunks/*.js', async (route) => {
      const response = await route.fetch()
      const script = await response.text()
      if (/prosemirror/i.test(script)) await arrived
      await route.fulfill({ response, body: script })
    })
    await page.goto(officePage('/nuovo'), { waitUntil: 'domcontentloaded' })
    const plain = page.locator('textarea[name=body]')
    await plain.fill('<p>Scritto subito.</p>')
    arrive()
    await surface(page).getByText('Scritto subito.').waitFor()
  })

  it('without JavaScript is a plain field, and what it sends is cleaned', async () => {
    const [page] = await openOffice({ javaScriptEnabled: false })
    await page.goto(officePage('/nuovo'))
    await page.getByRole('textbox', { name: 'Titolo', exact: true }).fill('Scritta senza JavaScript')
    await page
      .locator('textarea[name=body]')
      .fill('<p onclick="x()">Testo <b>semplice</b></p><script>x</script>')
    await page.getByRole('button', { name: 'Salva la bozza' }).click()
    await page.getByText('Bozza salvata.').waitFor()
    expect(await page.locator('textarea[name=body]').inputValue()).toBe(
      '<p>Testo <strong>semplice</strong></p>',
    )
  })

  it('takes what comes from Word as plain structure', async () => {
    const [page, complaints] = await openOffice()
    await begin(page, 'Incollata da un programma')
    await surface(page).evaluate((element, html) => {
      const data = new DataTransfer()
      data.setData('text/html', html)
      data.setData('text/plain', 'Orari di segreteria')
      element.dispatchEvent(
        new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true }),
      )
    }, FROM_WORD)
    await save(page)
    const html = await surface(page).innerHTML()
    expect(html).toMatch(/<h2>Orari di segreteria<\/h2>/)
    expect(html).toMatch(/<strong>Importante<\/strong>: portare il modulo\./)
    expect(html).toMatch(/<ul>\s*<li>.*lunedì mattina.*<\/li>\s*<li>.*giovedì pomeriggio/s)
    expect(html).not.toMatch(/mso|style=|class="Mso|·|script|o:p/i)
    expect(complaints).toEqual([])
  })

  it('puts a picture of our own in the text, with what it shows', async () => {
    const [page, complaints] = await openOffice()
    await begin(page, 'Con una fotografia dell’orto')
    await page.keyboard.type('Guarda che zucchine.')
    await page.getByRole('button', { name: 'Immagine' }).click()
    const dialog = page.getByRole('dialog')
    const pixel =
      'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=='
    await dialog.getByLabel('File').setInputFiles({
      name: 'orto.png',
      mimeType: 'image/png',
      buffer: Buffer.from(pixel, 'base64'),
    })
    await dialog.getByRole('button', { name: 'Inserisci' }).click()
    await dialog.getByText(/Scrivi che cosa si vede/).waitFor()
    await dialog.getByLabel('Che cosa si vede').fill('Zucchine nell’orto della scuola')
    await dialog.getByRole('button', { name: 'Inserisci' }).click()
    await surface(page).getByRole('img', { name: 'Zucchine nell’orto della scuola' }).waitFor()
    await save(page)
    const width = await surface(page)
      .getByRole('img')
      .evaluate((image: HTMLImageElement) => image.decode().then(() => image.naturalWidth))
    expect(width).toBe(1)
    expect(complaints).toEqual([])
  })
})

describe('from the office to the public', () => {
  const TITLE = 'La segreteria cambia orario'

  it('a link that says “clicca qui” is not published; put right it is, within a second; withdrawn it is gone', async () => {
    const [page, complaints] = await openOffice()
    await begin(page, TITLE)
    await page.keyboard.type('Per i nuovi orari clicca qui')
    for (let n = 0; n < 'clicca qui'.length; n += 1) await page.keyboard.press('Shift+ArrowLeft')
    await page.getByRole('button', { name: 'Collegamento' }).click()
    await page.getByRole('dialog').getByRole('textbox').fill('https://example.it/orari')
    await page
      .getByRole('dialog')
      .getByRole('button', { name: /Applica|Inserisci|Salva/ })
      .click()
    await save(page)
    await page.getByText(/“clicca qui” scrivi che cosa si apre/).waitFor()
    await publish(page)
    await page
      .getByRole('alert')
      .getByText(/1 da sistemare/)
      .waitFor()
    const slug = 'la-segreteria-cambia-orario'
    expect((await fetch(`${app.origin}/mozzecane/notizie/${slug}`)).status).toBe(404)

    await surface(page).click()
    await page.keyboard.press('Control+A')
    await page.keyboard.type('La segreteria apre alle 8.')
    await save(page, 2)
    await publish(page)
    await page.getByText('Fatto: da adesso').waitFor()
    const address = await publicPage(page)
    const shown = await withinASecond(
      () => fetch(address),
      ({ status }) => status === 200,
    )
    expect(shown.status).toBe(200)
    expect(await shown.text()).toContain('La segreteria apre alle 8.')

    await page.getByLabel('Motivo').fill('L’orario non cambia più.')
    await page.getByRole('button', { name: 'Ritira dal pubblico' }).click()
    await page.getByText(/non è più pubblica, e chi apre/).waitFor()
    const ask = async () => {
      const gone = await fetch(address)
      return { status: gone.status, html: await gone.text() }
    }
    const gone = await withinASecond(ask, ({ html }) => html.includes('L’orario non cambia più.'))
    expect(gone.status).toBe(410)
    expect(gone.html).toContain('L’orario non cambia più.')
    expect(complaints).toEqual([])
  })

  it('an old version comes back as the newest, and the public sees no change until it is published', async () => {
    const [page] = await openOffice()
    await begin(page, 'Il corso di cucina per i genitori')
    await page.keyboard.type('Prima stesura.')
    await save(page)
    await publish(page)
    await page.getByText('Fatto: da adesso').waitFor()
    const address = await publicPage(page)
    await surface(page).click()
    await page.keyboard.press('Control+A')
    await page.keyboard.type('Seconda stesura.')
    await save(page, 2)
    await page.getByRole('button', { name: 'Ripristina la versione 1' }).click()
    await page.getByText('La vecchia versione è di nuovo l’ultima.').waitFor()
    await surface(page).getByText('Prima stesura.').waitFor()
    await page.getByText(/Notizia, versione 3/i).waitFor()
    expect(await (await fetch(address)).text()).toContain('Prima stesura.')
  })

  it('what is scheduled is public from its moment, not before', async () => {
    const [page] = await openOffice()
    await begin(page, 'Da domani si mangia in giardino')
    await page.keyboard.type('Quando c’è il sole.')
    await save(page)
    const tomorrow = new Date(Date.now() + 86_400_000).toISOString().slice(0, 10)
    await page.getByLabel('Dal', { exact: true }).fill(`${tomorrow}T08:00`)
    await publish(page)
    await page.getByText('Programmata', { exact: true }).waitFor()
    expect((await fetch(`${app.origin}/mozzecane/notizie/da-domani-si-mangia-in-giardino`)).status).toBe(404)
    await app.db.owner
      .updateTable('content_item')
      .set({ publish_at: new Date(Date.now() - 1_000) })
      .where('slug', '=', 'da-domani-si-mangia-in-giardino')
      .execute()
    const scheduled = () => fetch(`${app.origin}/mozzecane/notizie/da-domani-si-mangia-in-giardino`)
    expect((await withinASecond(scheduled, ({ status }) => status === 200)).status).toBe(200)
  })
})

describe('two people on one form', () => {
  const settings = () => `${app.origin}/admin/mozzecane/impostazioni`
  const saveSettings = (page: Page) => page.getByRole('button', { name: 'Salva le impostazioni' }).click()

  it.each([true, false])(
    'the second is told what changed meanwhile, keeps what was typed, and can go on; JavaScript %s',
    async (javaScriptEnabled) => {
      const [first] = await openOffice({ javaScriptEnabled })
      await first.goto(settings())
      const second = await context.newPage()
      await second.goto(settings())
      const phone = `045 ${javaScriptEnabled ? '111' : '222'} 3344`
      await first.getByLabel('Telefono').fill(phone)
      await first.getByLabel('Orari dell’ufficio').fill('Lunedì')
      await saveSettings(first)
      await first.getByText('Impostazioni salvate').waitFor()

      const hours = `Martedì ${javaScriptEnabled}`
      await second.getByLabel('Orari dell’ufficio').fill(hours)
      await saveSettings(second)
      const told = second.getByRole('alert').filter({ hasText: 'hai salvato altre modifiche' })
      await told.getByText('non è ancora salvato').waitFor()
      await expect
        .poll(() => told.getByRole('listitem').allTextContents())
        .toEqual([`Telefono: adesso “${phone}”`, `Orari dell’ufficio: adesso “Lunedì”; tu “${hours}”`])
      expect(await second.getByLabel('Telefono').inputValue()).toBe(phone)
      expect(await second.getByLabel('Orari dell’ufficio').inputValue()).toBe(hours)
      if (javaScriptEnabled) await expectAccessible(second)
      await saveSettings(second)
      await second.getByText('Impostazioni salvate').waitFor()
      expect(await second.getByLabel('Orari dell’ufficio').inputValue()).toBe(hours)
      expect(await second.getByLabel('Telefono').inputValue()).toBe(phone)
    },
  )

  it('get in a text what the other wrote, where it was not touched here', async () => {
    const [page] = await openOffice()
    await begin(page, 'Testo a quattro mani')
    await page.keyboard.type('Prima stesura.')
    await save(page)
    const other = await context.newPage()
    await other.goto(page.url())
    await surface(other).waitFor()
    await surface(page).click()
    await page.keyboard.press('Control+A')
    await page.keyboard.type('Seconda stesura.')
    await save(page, 2)
    await other.getByLabel('Descrizione breve').fill('Una riga cambiata.')
    await other.getByRole('button', { name: 'Salva la bozza' }).click()
    await other.getByRole('link', { name: /leggi la versione salvata/ }).waitFor()
    await surface(other).getByText('Seconda stesura.').waitFor()
    expect(await other.getByLabel('Descrizione breve').inputValue()).toBe('Una riga cambiata.')
    await save(other, 3)
    expect(await surface(other).textContent()).toBe('Seconda stesura.')
  })
})

describe('a colour of the municipality', () => {
  it('that cannot be read on is explained at its field, and nothing typed is lost', async () => {
    const [page] = await openOffice()
    await page.goto(`${app.origin}/admin/mozzecane/impostazioni`)
    await page.getByLabel('Orari dell’ufficio').fill('Ogni mattina')
    await page.getByLabel('Usa il blu dei servizi pubblici').uncheck()
    const colour = page.getByLabel('Colore', { exact: true })
    await colour.fill('#ffcc00')
    await page.getByRole('button', { name: 'Salva le impostazioni' }).click()
    const summary = page.getByRole('alert').filter({ hasText: 'contrasto' })
    await summary.getByRole('link', { name: /contrasto/ }).click()
    await expect.poll(() => colour.evaluate((field) => field === document.activeElement)).toBe(true)
    const said = await colour.evaluate((field) =>
      (field.getAttribute('aria-describedby') ?? '')
        .split(' ')
        .map((id) => document.getElementById(id)?.textContent)
        .join(' '),
    )
    expect(said).toMatch(/contrasto è 1,\d:1: ne serve almeno 4,5:1/)
    expect(await colour.inputValue()).toBe('#ffcc00')
    expect(await page.getByLabel('Orari dell’ufficio').inputValue()).toBe('Ogni mattina')
  })
})
