import { mkdirSync } from 'node:fs'
import path from 'node:path'
import { sql } from 'kysely'
import type { Browser, Page } from 'playwright-core'
import { beforeAll, describe, expect, test } from 'vitest'
import { demoPeople } from '#db/demo/people.ts'
import { type App, startApp } from '#tests/support/app.ts'
import { expectSound, openBrowser, openContext, PHONE } from '#tests/support/browser.ts'
import { signInAs } from '#tests/support/demo-sign-in.ts'

/** The office looks at the portal as a family sees it: from the family's sheet, over its pages, and back. */
const START_MS = 400_000
const OFFICE = { width: 1366, height: 768 }
/** Where screens go when a person wants to look at them: SCREENS=folder. */
const SCREENS = process.env.SCREENS

let app: App
let browser: Browser

beforeAll(async () => {
  ;[app, browser] = await Promise.all([startApp({ worker: false }), openBrowser()])
}, START_MS)

async function keep(page: Page, name: string): Promise<void> {
  if (!SCREENS) return
  mkdirSync(SCREENS, { recursive: true })
  await page.screenshot({ path: path.join(SCREENS, `${name}.png`), fullPage: true })
}

describe('an operator who looks as a family', () => {
  test.each([
    ['on a desk', OFFICE],
    ['on a phone', PHONE],
  ] as const)('sees its pages %s, changes nothing, and goes back to its sheet', async (where, viewport) => {
    const page = await signInAs(await openContext(browser, { viewport }), app, 'operator')
    const { rows } = await sql<{ id: string }>`
      select m.household_id as id from household_member m join person p on p.id = m.person_id
      where p.fiscal_code = ${demoPeople.holder.fiscalCode} and m.role = 'holder' limit 1`.execute(
      app.db.owner,
    )
    await page.goto(`${app.origin}/admin/mozzecane/famiglie/${rows[0]?.id}`)
    await page.getByRole('link', { name: 'Vedi come la famiglia' }).click()
    await page.getByRole('heading', { level: 1, name: 'Vedi come la famiglia' }).waitFor()
    await expectSound(page)
    await keep(page, `vista-${where}`)
    await page.getByLabel('Perché guardi').fill('Non trova il pulsante')
    await page.getByRole('button', { name: 'Guarda il portale' }).click()
    const band = page.getByRole('complementary', { name: 'Vedi come la famiglia' })
    await band.getByText('sola lettura').waitFor()
    for (const room of [
      'oggi',
      'prenotazioni',
      'servizi',
      'pagamenti',
      'comunicazioni',
      'menu-figli',
      'notifiche',
    ]) {
      const answer = await page.goto(`${app.origin}/mozzecane/${room}`)
      expect(answer?.status(), room).toBe(200)
      await band.getByRole('button', { name: 'Termina' }).waitFor()
      await expectSound(page)
      await keep(page, `vista-${where}-${room}`)
    }
    for (const room of [
      'profilo',
      'profilo/calendario',
      'profilo/accessi',
      'profilo/accessi/ricorda',
      'profilo/notifiche',
      'pagamenti/ricarica',
      'pagamenti/fatture',
      'moduli',
    ]) {
      const answer = await page.goto(`${app.origin}/mozzecane/${room}`)
      expect(answer?.status(), room).toBe(404)
    }
    await page.goto(`${app.origin}/mozzecane/oggi`)
    await band.getByRole('button', { name: 'Termina' }).click()
    await page.getByRole('heading', { level: 1, name: /^Famiglia / }).waitFor()
    await page
      .getByText('L’ufficio ha guardato il portale come lo vede la famiglia')
      .first()
      .waitFor({ state: 'attached' })
    expect((await page.goto(`${app.origin}/mozzecane/prenotazioni`))?.status()).toBe(404)
    await page.context().close()
  })
})
