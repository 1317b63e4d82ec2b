import { readFile } from 'node:fs/promises'
import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright-core'
import { beforeAll, describe, expect, it } from 'vitest'
import type { DemoPart } from '#db/demo/people.ts'
import { checkStructure } from '#lib/invoices/fattura-pa-structure.ts'
import { anyText } from '#tests/support/any-text.ts'
import { type App, startApp } from '#tests/support/app.ts'
import {
  complaintsOf,
  DESKTOP,
  expectAccessible,
  expectFits,
  openBrowser,
  openContext,
  PHONE,
} from '#tests/support/browser.ts'
import { signInAs } from '#tests/support/demo-sign-in.ts'
import fc, { atLength } from '#tests/support/random.ts'

let app: App
let browser: Browser
beforeAll(async () => {
  ;[app, browser] = await Promise.all([startApp({ worker: false }), openBrowser()])
})

type Signed = { context: BrowserContext; page: Page }

async function enterAs(part: DemoPart, options: BrowserContextOptions = {}): Promise<Signed> {
  const context = await openContext(browser, options)
  return { context, page: await signInAs(context, app, part) }
}

const MONEY = '/mozzecane/pagamenti'

describe('the holder', () => {
  it.each([
    ['on a narrow phone', { ...PHONE, width: 320 }],
    ['at a desk', DESKTOP],
  ])('finds balance, movements and invoices %s, readable by everybody', async (_where, viewport) => {
    const { context, page } = await enterAs('holder', { viewport })
    const complaints = complaintsOf(page)
    for (const path of [
      '',
      '/movimenti',
      '/movimenti?tipo=ricariche',
      '/movimenti?dal=31/02/2026',
      '/fatture',
      '/spese',
      '/spese?anno=2020',
    ]) {
      expect((await page.goto(app.origin + MONEY + path))?.status(), path).toBe(200)
      await expectAccessible(page, path)
      await expectFits(page, path)
    }
    expect(complaints).toEqual([])
    await context.close()
  })

  it('reads the balance of the manual, and from there every movement', async () => {
    const { context, page } = await enterAs('holder')
    await page.goto(app.origin + MONEY)
    const card = page.getByRole('region', { name: 'Refezione Scolastica' })
    await card.getByText('884,70 €').waitFor()
    await card.getByText(/^Saldo aggiornato (al |all’)\d\d\/\d\d\/\d{4} alle \d{1,2}:\d\d$/).waitFor()
    await card.getByRole('link', { name: 'Visualizza tutti i dettagli' }).click()
    await page.getByRole('heading', { level: 1, name: 'Movimenti' }).waitFor()
    await page
      .getByRole('row', { name: /Pasto.*Greta Albertini/ })
      .first()
      .waitFor()
    await context.close()
  })

  it('filters the movements without JavaScript, and downloads the same ones', async () => {
    const { context, page } = await enterAs('holder', { javaScriptEnabled: false })
    await page.goto(`${app.origin}${MONEY}/movimenti`)
    await page.getByText('Filtra i movimenti').click()
    await page.getByLabel('Tipo di movimento').selectOption('Ricariche')
    await page.getByRole('button', { name: 'Applica i filtri' }).click()
    await page.getByText('Filtri attivi: ricariche').waitFor()
    await page.waitForLoadState()
    const rows = await page.getByRole('row', { name: /Ricarica/ }).count()
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('link', { name: 'Scarica per Excel (CSV)' }).click(),
    ])
    expect(download.suggestedFilename()).toMatch(/^movimenti-\d{4}-\d\d-\d\d\.csv$/)
    const lines = (await readFile(await download.path(), 'utf8')).trimEnd().split('\r\n')
    expect(rows).toBeGreaterThan(0)
    expect(lines).toHaveLength(rows + 1)
    expect(lines[1]).toMatch(/^\d\d\/\d\d\/\d{4};Ricarica;;\d+,\d\d;/)
    await context.close()
  })

  it('downloads an invoice to read and its original', async () => {
    const { context, page } = await enterAs('holder')
    await page.goto(`${app.origin}${MONEY}/fatture`)
    const save = async (name: RegExp) => {
      const [download] = await Promise.all([
        page.waitForEvent('download'),
        page.getByRole('link', { name }).first().click(),
      ])
      return { name: download.suggestedFilename(), bytes: await readFile(await download.path()) }
    }
    await page
      .getByRole('link', { name: /^Fattura / })
      .first()
      .click()
    await page.getByRole('heading', { level: 1, name: /^Fattura n\. / }).waitFor()
    await page.getByRole('region', { name: 'Intestata a' }).getByText('Laura Conti').waitFor()
    await expectAccessible(page)
    await expectFits(page)
    const pdf = await save(/^PDF della fattura/)
    expect(pdf.name).toMatch(/^fattura-\d{4}-[A-Z]{3}-\d{6}\.pdf$/)
    expect(pdf.bytes.subarray(0, 5).toString()).toBe('%PDF-')
    const xml = await save(/^XML della fattura/)
    expect(checkStructure(xml.bytes.toString())).toEqual([])
    await context.close()
  })

  it('finds the expenses of the year for the tax return, without JavaScript, and prints them alone', async () => {
    const { context, page } = await enterAs('holder', { javaScriptEnabled: false })
    await page.goto(app.origin + MONEY)
    await page.getByRole('link', { name: 'Spese per il 730' }).click()
    await page.getByRole('heading', { level: 1, name: 'Spese per il 730' }).waitFor()
    await page.waitForLoadState()
    const [total] = await page.getByRole('row', { name: /^Totale/ }).allTextContents()
    const sheet = await page.getByRole('region', { name: /^Totale pagato nel/ }).textContent()
    expect(total?.replace('Totale', '')).toMatch(/\d€$|\d\s€$/)
    expect(sheet).toContain(total?.replace('Totale', ''))
    expect(sheet).toContain('CNTLRA')
    await page.emulateMedia({ media: 'print' })
    await expect.poll(() => page.getByRole('link', { name: 'Vai alle fatture' }).isVisible()).toBe(false)
    expect((await page.goto(`${app.origin}${MONEY}/spese?anno=domani`))?.status()).toBe(404)
    await context.close()
  })

  it('prints the statement without the controls of the screen', async () => {
    const { context, page } = await enterAs('holder', { viewport: DESKTOP })
    await page.goto(`${app.origin}${MONEY}/movimenti`)
    await page.emulateMedia({ media: 'print' })
    await expect.poll(() => page.getByText('Filtra i movimenti').isVisible()).toBe(false)
    await expect
      .poll(() => page.getByRole('link', { name: 'Scarica per Excel (CSV)' }).isVisible())
      .toBe(false)
    await expect.poll(() => page.getByRole('columnheader', { name: 'Saldo' }).isVisible()).toBe(true)
    await context.close()
  })

  it('gets a page or “not found” for any text in the address, never a fault', async () => {
    const { context } = await enterAs('holder')
    const parameter = fc.constantFrom('conto', 'figlio', 'tipo', 'dal', 'al', 'pagina')
    const value = fc.oneof(
      anyText(60),
      fc.constantFrom(
        "' or 1=1 --",
        '<script>',
        '2026-02-31',
        '-1',
        '99999999999999999999',
        '💥',
        '\u0000',
        'x'.repeat(3000),
      ),
      fc.uuid(),
    )
    await fc.assert(
      fc.asyncProperty(parameter, value, async (name, text) => {
        const query = `?${name}=${encodeURIComponent(text)}`
        for (const path of [`${MONEY}/movimenti`, '/api/mozzecane/movimenti.csv']) {
          const response = await context.request.get(app.origin + path + query)
          expect([200, 404], `${path}${query}`).toContain(response.status())
        }
      }),
      // The statement as a list has a budget of 120.
      { numRuns: Math.min(100, atLength(40)) },
    )
    await context.close()
  })
})

describe('money is not found', () => {
  const hrefs = async (): Promise<string[]> => {
    const rows = await app.db.owner
      .selectFrom('invoice as i')
      .innerJoin('person as p', 'p.id', 'i.holder_id')
      .select('i.id')
      .where('p.given_name', '=', 'Laura')
      .where('p.family_name', '=', 'Conti')
      .limit(1)
      .execute()
    const id = rows[0]?.id as string
    return [
      MONEY,
      `${MONEY}/movimenti`,
      `${MONEY}/fatture`,
      `${MONEY}/fatture/${id}`,
      '/api/mozzecane/movimenti.csv',
      `/api/mozzecane/fatture/${id}/pdf`,
      `/api/mozzecane/fatture/${id}/xml`,
    ]
  }

  it.each([
    ['the delegate', 'delegate'],
    ['the accountant, who has an office of their own', 'accountant'],
    ['the editor of the municipality', 'editor'],
  ] as const)('by %s', async (_who, part) => {
    const { context } = await enterAs(part)
    for (const href of await hrefs())
      expect((await context.request.get(app.origin + href)).status(), href).toBe(404)
    await context.close()
  })

  it('by another holder, who reads the own movements', async () => {
    const { context } = await enterAs('otherHolder')
    for (const href of await hrefs()) {
      const found = !/\/fatture\/[^/]+/.test(href)
      expect((await context.request.get(app.origin + href)).status(), href).toBe(found ? 200 : 404)
    }
    await context.close()
  })

  it('by a visitor, who is asked to sign in and downloads nothing', async () => {
    const context = await openContext(browser)
    for (const href of await hrefs()) {
      const response = await context.request.get(app.origin + href, { maxRedirects: 0 })
      expect(response.headers().location, href).toMatch(/\/mozzecane\/accesso\?ritorno=/)
      expect((await response.body()).toString(), href).not.toMatch(/%PDF|<\?xml/)
    }
    await context.close()
  })
})
