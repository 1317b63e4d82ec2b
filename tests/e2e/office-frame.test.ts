import type { Browser, Page } from 'playwright-core'
import { beforeAll, describe, expect, test } from 'vitest'
import { type App, startApp } from '#tests/support/app.ts'
import { complaintsOf, expectSound, openBrowser, openContext, PHONE } from '#tests/support/browser.ts'
import { signInAs } from '#tests/support/demo-sign-in.ts'

/** What the office works on. */
const OFFICE_SCREEN = { width: 1366, height: 768 } as const
/** What is worked on begins within this height. */
const TOP = 200

let app: App
let browser: Browser
beforeAll(async () => {
  ;[app, browser] = await Promise.all([startApp({ worker: false }), openBrowser()])
}, 400_000)

const office = (tail = '') => `${app.origin}/admin/mozzecane${tail}`
const heading = (page: Page, name: string | RegExp) => page.getByRole('heading', { level: 1, name }).waitFor()
const searchField = (page: Page) => page.getByRole('searchbox', { name: 'Che cosa cerchi' })

describe('the frame of the office', () => {
  test('leaves the screen to the page, and prints nothing of itself', async () => {
    const page = await signInAs(await openContext(browser, { viewport: OFFICE_SCREEN }), app, 'manager')
    await page.goto(office('/famiglie'))
    await heading(page, 'Famiglie')
    const title = page.getByRole('heading', { level: 1 })
    await expect.poll(async () => (await title.boundingBox())?.y ?? TOP + 1).toBeLessThanOrEqual(TOP)
    const places = page.getByRole('navigation', { name: 'Sezioni del gestore' })
    await places.getByText('Parlare con le famiglie').waitFor()
    await places.getByRole('link', { name: 'Registro' }).scrollIntoViewIfNeeded()
    await page
      .getByText(/^Anno scolastico/)
      .first()
      .waitFor({ state: 'attached' })
    await page.getByRole('navigation', { name: 'Percorso di navigazione' }).getByText('Persone').waitFor()
    await expectSound(page)
    await page.emulateMedia({ media: 'print' })
    await page.getByRole('banner').waitFor({ state: 'hidden' })
    await places.waitFor({ state: 'hidden' })
    await page.context().close()
  })

  test('is walked by keyboard: Ctrl K, a name, arrows and Enter; Escape gives the focus back', async () => {
    const page = await signInAs(await openContext(browser, { viewport: OFFICE_SCREEN }), app, 'operator')
    const complaints = complaintsOf(page)
    await page.goto(office('/famiglie'))
    await heading(page, 'Famiglie')
    const own = page
      .getByRole('navigation', { name: 'Sezioni del gestore' })
      .getByRole('link', { name: 'Menù' })
    await own.focus()
    await expect
      .poll(async () => {
        await page.keyboard.press('Control+k')
        return searchField(page).isVisible()
      })
      .toBe(true)
    await expectSound(page)
    await page.keyboard.press('Escape')
    await searchField(page).waitFor({ state: 'hidden' })
    await expect.poll(() => own.evaluate((link) => link === document.activeElement)).toBe(true)
    await page.keyboard.press('Control+k')
    await expect
      .poll(() => searchField(page).evaluate((field) => field === document.activeElement))
      .toBe(true)
    await page.keyboard.type('greta albert')
    const dialog = page.getByRole('dialog', { name: 'Cerca' })
    await dialog.getByRole('region', { name: 'Alunni' }).getByRole('link').first().waitFor()
    await expectSound(page)
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('Enter')
    await page.waitForURL((url) => /\/famiglie\/[0-9a-f-]{36}$/.test(url.pathname))
    expect(complaints).toEqual([])
    await page.context().close()
  })

  test('on a phone has a menu and a search that need no script', async () => {
    const context = await openContext(browser, { viewport: PHONE, javaScriptEnabled: false })
    const page = await signInAs(context, app, 'manager')
    await page.goto(office('/conteggi'))
    await heading(page, /^Conteggi/)
    await page
      .getByRole('navigation', { name: 'Sezioni', exact: true })
      .getByRole('link', { name: 'Altro' })
      .click()
    await heading(page, 'Altro')
    await page.getByRole('heading', { level: 2, name: 'Parlare con le famiglie' }).waitFor()
    await page.getByRole('banner').getByRole('link', { name: 'Cerca' }).click()
    await heading(page, 'Cerca')
    await searchField(page).fill('domani')
    await page.getByRole('main').getByRole('button', { name: 'Cerca' }).click()
    await page.getByRole('region', { name: 'Giorni' }).getByRole('link').waitFor()
    await context.close()
  })

  test('fits a phone, also with what was found', async () => {
    const page = await signInAs(await openContext(browser, { viewport: PHONE }), app, 'manager')
    await page.goto(office('/altro'))
    await heading(page, 'Altro')
    await expectSound(page)
    await page.goto(office('/cerca?q=conti'))
    await page.getByRole('region', { name: 'Genitori e delegati' }).getByRole('link').first().waitFor()
    await expectSound(page)
    await page.context().close()
  })

  test('offers a teacher no search of families', async () => {
    const page = await signInAs(await openContext(browser, { viewport: OFFICE_SCREEN }), app, 'teacher')
    await page.goto(office('/cerca?q=conti'))
    await page.getByText('Niente con “conti”.').waitFor()
    await page.context().close()
  })
})
