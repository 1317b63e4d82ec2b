import { mkdirSync } from 'node:fs'
import path from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { beforeAll, expect, test } from 'vitest'
import { type App, startApp } from '#tests/support/app.ts'
import { expectSound, openBrowser, openContext, PHONE } from '#tests/support/browser.ts'
import { signInAs } from '#tests/support/demo-sign-in.ts'
import { secondTown } from '#tests/support/second-town.ts'

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

async function look(page: Page, name: string): Promise<void> {
  if (!SCREENS) return
  mkdirSync(SCREENS, { recursive: true })
  await page.screenshot({ path: path.join(SCREENS, `${name}.png`), fullPage: true })
}

const PAGES = [
  ['/admin/mozzecane/moduli/posti', 'Classi e posti'],
  ['/admin/mozzecane/avvisi', 'Avvisi del lavoro'],
  ['/admin/mozzecane/registro/conservazione', 'Quanto si conserva'],
  ['/admin/mozzecane/famiglie/passaggio', 'Nuovo anno'],
  ['/admin/mozzecane/famiglie/trasferimenti', 'Trasferimenti fra Comuni'],
  ['/admin/mozzecane/colleghi', 'Colleghi'],
] as const

test.each([
  ['1366', OFFICE],
  ['390', PHONE],
] as const)(
  'the pages of the office that are seldom opened are sound at %s pixels',
  async (width, viewport) => {
    const page = await signInAs(await openContext(browser, { viewport }), app, 'manager')
    for (const [address, heading] of PAGES) {
      await page.goto(`${app.origin}${address}`)
      await page.getByRole('heading', { level: 1, name: heading }).waitFor()
      await expectSound(page)
      await look(page, `${address.split('/').at(-1)}-${width}`)
    }
    await page.context().close()
  },
)

test('places are typed down the column by keyboard and saved for the school', async () => {
  const page = await signInAs(await openContext(browser, { viewport: OFFICE }), app, 'manager')
  await page.goto(`${app.origin}/admin/mozzecane/moduli/posti`)
  const first = page.getByLabel(/^Posti di /).first()
  await first.focus()
  await page.keyboard.type('24')
  await page.keyboard.press('Tab')
  await page.keyboard.type('25')
  await page.keyboard.press('Enter')
  await page.getByText('I posti sono salvati').waitFor()
  await expect.poll(() => first.inputValue()).toBe('24')
  await expect
    .poll(() =>
      page
        .getByLabel(/^Posti di /)
        .nth(1)
        .inputValue(),
    )
    .toBe('25')
  await page.context().close()
})

test('who works in several municipalities finds counts, work and people of all of them on one desk', async () => {
  await secondTown(app)
  const page = await signInAs(await openContext(browser, { viewport: OFFICE }), app, 'manager')
  await page.goto(`${app.origin}/admin`)
  const towns = page.getByRole('list', { name: 'I tuoi Comuni' })
  await towns.getByRole('link', { name: 'Mozzecane', exact: true }).waitFor()
  await towns.getByRole('link', { name: 'Vigasio', exact: true }).waitFor()
  await expectSound(page)
  await look(page, 'admin-1366')
  await page.getByLabel('Cerca in tutti i tuoi Comuni').fill('conti')
  await page.keyboard.press('Enter')
  await page.getByRole('heading', { name: 'Trovati con “conti”' }).waitFor()
  await page
    .getByRole('region', { name: /^Mozzecane · / })
    .first()
    .waitFor()
  await expectSound(page)
  await page.setViewportSize(PHONE)
  await expectSound(page)
  await look(page, 'admin-390')
  await page.context().close()
})

test.each([
  ['1366', OFFICE],
  ['390', PHONE],
] as const)(
  'who telephones is found by name, and the meal is cancelled with how it was asked, at %s pixels',
  async (width, viewport) => {
    const page = await signInAs(await openContext(browser, { viewport }), app, 'operator')
    await page.goto(`${app.origin}/admin/mozzecane/cerca?q=greta`)
    await page
      .getByRole('link', { name: /^Pasti di / })
      .first()
      .click()
    await page.getByRole('heading', { level: 1, name: /^Pasti di / }).waitFor()
    await page.getByRole('heading', { level: 2, name: 'Saldo' }).waitFor()
    await page.getByLabel('Allo sportello').check()
    await page.getByLabel('Nota (facoltativa)').fill('È passato il papà')
    await expectSound(page)
    await look(page, `pasti-per-conto-${width}`)
    await page.getByRole('button', { name: 'Seleziona più giorni' }).waitFor()
    await page.getByRole('button', { name: 'Segna assenti: vedi cosa cambia' }).click()
    await page.getByRole('heading', { level: 1, name: 'Controlla e conferma' }).waitFor()
    await expectSound(page)
    await look(page, `pasti-per-conto-anteprima-${width}`)
    await page.getByLabel('Allo sportello').check()
    await page.getByRole('button', { name: 'Conferma la disdetta' }).click()
    await page.getByRole('heading', { level: 1, name: 'Disdetta registrata' }).waitFor()
    await page.getByText(/, su richiesta allo sportello$/).waitFor()
    await expectSound(page)
    await look(page, `pasti-per-conto-ricevuta-${width}`)
    await page.getByRole('button', { name: 'Annulla questa disdetta' }).click()
    await page.getByRole('heading', { level: 1, name: 'Pasti ripristinati' }).waitFor()
    await page.context().close()
  },
)
