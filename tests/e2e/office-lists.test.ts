import { mkdirSync } from 'node:fs'
import path from 'node:path'
import { strFromU8, unzipSync } from 'fflate'
import { sql } from 'kysely'
import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import { beforeAll, describe, expect, test } from 'vitest'
import type { DemoPart } from '#db/demo/people.ts'
import { type App, startApp } from '#tests/support/app.ts'
import { expectFits, expectSound, openBrowser, openContext, PHONE } from '#tests/support/browser.ts'
import { signInAs } from '#tests/support/demo-sign-in.ts'

/** Building, seeding and starting everything on a busy machine. */
const START_MS = 400_000
const OFFICE = { width: 1366, height: 768 }
/** Where screens go when a person wants to look at them: SCREENS=folder. */
const SCREENS = process.env.SCREENS

let app: App
let browser: Browser

beforeAll(async () => {
  ;[app, browser] = await Promise.all([startApp({ worker: false }), openBrowser()])
}, START_MS)

const entering = async (part: DemoPart, options: BrowserContextOptions = {}): Promise<Page> =>
  signInAs(await openContext(browser, { viewport: OFFICE, ...options }), app, part)

const at = (tail: string) => `${app.origin}/admin/mozzecane${tail}`

async function look(page: Page, name: string): Promise<void> {
  if (!SCREENS) return
  mkdirSync(SCREENS, { recursive: true })
  await page.screenshot({ path: path.join(SCREENS, `${name}.png`), fullPage: false })
}

const heading = (page: Page, name: string) => page.getByRole('heading', { level: 1, name }).waitFor()

describe('the list of the pupils', () => {
  test('is filtered, sorted, kept as a view and handed to the move of a class, by a clerk at the desk', async () => {
    const page = await entering('operator')
    await page.goto(at('/alunni'))
    await heading(page, 'Alunni')
    await expectSound(page)
    await look(page, 'alunni-1366')

    await page.keyboard.press('/')
    await page.keyboard.type('a')
    await page.getByRole('searchbox', { name: 'Classe' }).fill('3a')
    await page.keyboard.press('Enter')
    await page.waitForURL(/classe=3a/)
    await page
      .getByRole('columnheader', { name: 'Dieta' })
      .getByRole('link', { name: 'Dieta', exact: true })
      .click()
    await page.waitForURL(/ordina=dieta/)
    await expect
      .poll(() => page.getByRole('columnheader', { name: 'Dieta' }).getAttribute('aria-sort'))
      .toBe('ascending')
    await expectSound(page)
    await look(page, 'alunni-filtrati-1366')

    await page.getByText('Salva questa vista').click()
    await page.getByLabel('Nome della vista').fill('Terza per dieta')
    await page.getByRole('button', { name: 'Salva' }).click()
    await page.getByRole('link', { name: 'Terza per dieta' }).waitFor()

    await page.getByRole('group', { name: /^Alunni: / }).focus()
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('x')
    await page.getByText('Righe scelte: 1.').waitFor()
    await look(page, 'alunni-scelti-1366')
    await page.getByRole('button', { name: 'Sposta di classe' }).click()
    await heading(page, 'Classe 3A')
    await expect.poll(() => page.getByRole('checkbox', { checked: true }).count()).toBe(1)
    await page.context().close()
  })

  test('is taken as a file that opens in Excel, and its families are written to', async () => {
    const page = await entering('manager')
    await page.goto(at('/alunni?classe=3A'))
    await heading(page, 'Alunni')
    const href = await page.getByRole('link', { name: 'Scarica Excel' }).getAttribute('href')
    const answer = await page.request.get(app.origin + href)
    expect(answer.headers()['content-disposition']).toBe('attachment; filename="alunni-mozzecane.xlsx"')
    const sheet = strFromU8(unzipSync(await answer.body())['xl/worksheets/sheet1.xml'] as Uint8Array)
    expect(sheet).toContain('>Albertini Greta<')
    const csv = await page.request.get(at('/alunni/file/csv?classe=3A'))
    expect(await csv.text()).toContain('Albertini Greta;3A;')

    await page.getByRole('checkbox', { name: /^Tutte quelle che corrispondono/ }).check()
    await page.getByRole('button', { name: 'Scrivi a queste famiglie' }).click()
    await heading(page, 'Nuova comunicazione')
    await page.getByText('Albertini').first().waitFor()
    await page.context().close()
  })

  test('works on a phone without JavaScript', async () => {
    const page = await entering('operator', { viewport: PHONE, javaScriptEnabled: false })
    await page.goto(at('/alunni'))
    await heading(page, 'Alunni')
    await expectFits(page)
    await page.getByLabel('Nome o cognome').fill('Albertini')
    await page.getByRole('button', { name: 'Cerca' }).click()
    await page.waitForURL(/cerca=Albertini/)
    await page.getByRole('rowheader', { name: 'Albertini Greta' }).first().waitFor()
    await page.getByText('Mostra i filtri').click()
    await page.getByRole('combobox', { name: 'Stato' }).waitFor()
    await look(page, 'alunni-filtri-390')
    await page.getByRole('columnheader', { name: 'Classe' }).getByRole('link').first().click()
    await page.waitForURL(/ordina=classe/)
    await page.getByRole('button', { name: 'Sposta di classe' }).click()
    await page.getByRole('alert').getByText('Scegli almeno una riga').waitFor()
    await page.getByRole('rowheader').getByRole('link', { name: 'Albertini Greta' }).first().click()
    await heading(page, 'Famiglia Albertini')
    await page.context().close()
  })

  test('fits a telephone, with the columns that decide', async () => {
    const page = await entering('manager', { viewport: PHONE })
    await page.goto(at('/alunni?stato='))
    await page.getByRole('columnheader', { name: 'Dieta' }).waitFor()
    await expectSound(page)
    await look(page, 'alunni-390')
    await page.getByRole('group', { name: /^Alunni: / }).scrollIntoViewIfNeeded()
    await look(page, 'alunni-righe-390')
    await page.context().close()
  })

  test('of a school office has no diet, no fare and no family', async () => {
    const page = await entering('schoolOffice')
    await page.goto(at('/alunni'))
    await heading(page, 'Alunni')
    await page.getByRole('columnheader', { name: 'Classe' }).waitFor()
    await expectSound(page)
    await expect.poll(() => page.getByRole('columnheader', { name: 'Dieta' }).count()).toBe(0)
    await expect.poll(() => page.getByRole('rowheader').getByRole('link').count()).toBe(0)
    await expect.poll(() => page.getByRole('button', { name: 'Sposta di classe' }).count()).toBe(0)
    await look(page, 'alunni-segreteria-1366')
    await page.context().close()
  })
})

describe('the list of the families', () => {
  test.each([
    ['a part of a name', 'bertin', 'Albertini'],
    ['a part of a telephone number', '333 555.01', 'Albertini'],
  ])('is searched by %s', async (_what, words, family) => {
    const page = await entering('accountant')
    await page.goto(at('/famiglie'))
    await heading(page, 'Famiglie')
    await page.getByLabel('Nome, telefono o codice fiscale').fill(words)
    await page.keyboard.press('Enter')
    await page.waitForURL(/cerca=/)
    await page.getByRole('link', { name: family, exact: true }).waitFor()
    await expectSound(page)
    await look(page, `famiglie-${words.slice(0, 3)}-1366`)
    await page.context().close()
  })

  test.each([OFFICE, PHONE])('has the accounts below zero at one press, at $width', async (viewport) => {
    const page = await entering('accountant', { viewport })
    await page.goto(at('/famiglie'))
    await page.getByRole('link', { name: 'Conti sotto zero' }).click()
    await page.waitForURL(/saldo=sotto-zero/)
    await heading(page, 'Famiglie')
    await expectSound(page)
    await look(page, `famiglie-saldo-${viewport.width}`)
    await page.context().close()
  })
})

describe('the other lists of the office', () => {
  const LISTS = [
    ['/colleghi', 'Colleghi'],
    ['/invii', 'Invii'],
  ] as const

  test.each([OFFICE, PHONE])('are one table, at $width', async (viewport) => {
    const page = await entering('manager', { viewport })
    for (const [tail, name] of LISTS) {
      await page.goto(at(tail))
      await heading(page, name)
      await page.getByRole('table').waitFor()
      await expectSound(page)
      await look(page, `${name.toLowerCase()}-${viewport.width}`)
    }
    await page.context().close()
  })

  test('are filtered by their address, and taken as files', async () => {
    const page = await entering('manager')
    await page.goto(at('/colleghi'))
    await page.getByRole('combobox', { name: 'Ruolo' }).selectOption('Responsabile')
    await page.getByRole('button', { name: 'Cerca', exact: true }).click()
    await page.waitForURL(/ruolo=manager/)
    await page.getByText('Colleghi: 1', { exact: true }).first().waitFor()
    const csv = await page.request.get(at('/colleghi/file/csv?ruolo=manager'))
    expect(await csv.text()).toMatch(/^\uFEFF?Nome;Ruoli;Qui dal\r\n.+;"?Responsabile, dal /)
    const book = await page.request.get(at('/invii/file/xlsx'))
    expect(book.headers()['content-disposition']).toBe('attachment; filename="invii-mozzecane.xlsx"')
    await page.context().close()
  })
})

const aNextYear = () =>
  sql`insert into school_year (municipality_id, name, starts_on, ends_on)
    select id, '2027/2028', '2027-09-01', '2028-08-31' from municipality where slug = 'mozzecane' on conflict do nothing`.execute(
    app.db.owner,
  )

describe('the school year in the bar', () => {
  test.each([OFFICE, PHONE])('leads to the same page of another year, at $width', async (viewport) => {
    await aNextYear()
    const page = await entering('manager', { viewport })
    await page.goto(at('/alunni?classe=3A'))
    await heading(page, 'Alunni')
    await page.getByRole('button', { name: /^Anno scolastico/ }).click()
    await look(page, `anno-${viewport.width}`)
    await page.getByRole('link', { name: '2027/2028' }).click()
    await page.waitForURL(/anno=2027/)
    await heading(page, 'Alunni')
    await page.getByRole('button', { name: /2027\/2028$/ }).waitFor()
    await expectSound(page)
    expect(new URL(page.url()).searchParams.get('classe')).toBe('3A')
    await page.context().close()
  })
})

test('a school office finds its pupils with Ctrl K, and comes to their line', async () => {
  const page = await entering('schoolOffice')
  await page.goto(at('/alunni'))
  const row = page.getByRole('rowheader').first()
  await row.waitFor()
  const name = (await row.textContent()) ?? ''
  const field = page.getByRole('searchbox', { name: 'Che cosa cerchi' })
  // Until the page is alive, the browser keeps the keys for itself.
  await expect
    .poll(async () => {
      await page.keyboard.press('Control+k')
      return field.isVisible()
    })
    .toBe(true)
  await field.fill(name)
  await page.getByRole('region', { name: 'Alunni' }).getByRole('link').first().waitFor()
  await look(page, 'cerca-segreteria-1366')
  await page.keyboard.press('Enter')
  await page.waitForURL(/alunni\?cerca=/)
  await page.getByRole('rowheader', { name }).first().waitFor()
  await page.context().close()
})
