import { sql } from 'kysely'
import type { Browser, Locator, Page } from 'playwright-core'
import { beforeAll, describe, expect, test } from 'vitest'
import { type App, startApp } from '#tests/support/app.ts'
import { expectFits, expectSound, openBrowser, openContext } from '#tests/support/browser.ts'
import { signInAs } from '#tests/support/demo-sign-in.ts'

/** Building, seeding and starting everything on a busy machine. */
const START_MS = 400_000
const PHONE = { width: 390, height: 844 }
const REASON = 'Sciopero del personale'

let app: App
let browser: Browser
let day: string

beforeAll(async () => {
  ;[app, browser] = await Promise.all([startApp({ worker: false }), openBrowser()])
  const { rows } = await sql<{ day: string }>`
    select d.day from service_day d join municipality m on m.id = d.municipality_id and m.slug = 'mozzecane'
    where d.status = 'open' and d.day > app_today() + 7 order by d.day limit 1`.execute(app.db.owner)
  day = rows[0]?.day ?? ''
}, START_MS)

const calendar = (query = '') => `${app.origin}/admin/mozzecane/calendario${query}`
const asked = () =>
  calendar(`?${new URLSearchParams({ giorno: day, scuola: 'tutte', tipo: 'strike', motivo: REASON })}`)

async function manager(): Promise<Page> {
  return signInAs(await openContext(browser, { viewport: PHONE }), app, 'manager')
}

/** Whether the whole of it stands inside the width of the screen. */
async function isInSight(element: Locator): Promise<boolean> {
  const box = await element.boundingBox()
  return box !== null && box.x >= 0 && box.x + box.width <= PHONE.width
}

describe('a day without the canteen, on a phone', () => {
  test('is decided, found with its author, and taken back with a message to the families', async () => {
    const page = await manager()
    await page.goto(asked())
    await expect.poll(() => isInSight(page.getByRole('columnheader', { name: 'Da restituire' }))).toBe(true)
    await expectFits(page)
    await page.getByRole('button', { name: /^Sospendi la mensa/ }).click()
    await page.getByText('Mensa sospesa').waitFor()

    await page.goto(calendar())
    await page.getByText('Deciso da').first().waitFor()
    await expectSound(page)
    await page
      .getByRole('link', { name: /^Annulla la sospensione di/ })
      .first()
      .click()
    await page.getByRole('heading', { name: 'Annulla una sospensione' }).waitFor()
    await page
      .getByText(/^Riapre\. Si può disdire fino/)
      .first()
      .waitFor()
    await expectSound(page)
    await page.getByRole('button', { name: /^Riapri la mensa/ }).click()
    await page.getByRole('alert').getByText('Scrivi perché la mensa torna').first().waitFor()
    await page.getByRole('textbox', { name: 'Perché la mensa torna' }).fill('La data era sbagliata')
    await page.getByRole('button', { name: /^Riapri la mensa/ }).click()
    await page.getByText('La sospensione è annullata').waitFor()
    await page.getByText('Annullato da').first().waitFor()
    await page.context().close()

    const { rows } = await sql<{ status: string; told: boolean }>`
      select d.status, exists (select from notification n where n.title like 'La mensa c’è %') as told
      from service_day d where d.day = ${day}::date`.execute(app.db.owner)
    expect(new Set(rows.map(({ status, told }) => `${status} ${told}`))).toEqual(new Set(['open true']))
  })

  test('that a colleague decided meanwhile is shown with the reason, and no button stays', async () => {
    const [first, second] = [await manager(), await manager()]
    await Promise.all([first.goto(asked()), second.goto(asked())])
    await first.getByRole('button', { name: /^Sospendi la mensa/ }).click()
    await first.getByText('Mensa sospesa').waitFor()
    await second.getByRole('button', { name: /^Sospendi la mensa/ }).click()
    await second.getByText('Non c’è niente da sospendere').waitFor()
    await second
      .getByText(/deciso da/)
      .first()
      .waitFor()
    await expect.poll(() => second.getByRole('button', { name: /^Sospendi la mensa/ }).count()).toBe(0)
    for (const page of [first, second]) await page.context().close()
  })
})

describe('a printed page of the office', () => {
  test('says by whom and when', async () => {
    const page = await manager()
    await page.goto(`${app.origin}/admin/mozzecane/conteggi?giorno=${day}`)
    const foot = page.getByText(/stampato da .+ (?:il |l’)\d\d\/\d\d\/\d{4} alle/)
    await expect.poll(() => foot.isVisible()).toBe(false)
    await page.emulateMedia({ media: 'print' })
    await expect.poll(() => foot.isVisible()).toBe(true)
    await page.context().close()
  })
})
