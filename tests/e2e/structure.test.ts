import type { Browser, Page, ViewportSize } from 'playwright-core'
import { beforeAll, describe, expect, it } from 'vitest'
import { readClock } from '#db/clock.ts'
import { addDays, type Day } from '#lib/kernel/day.ts'
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

let app: App
let browser: Browser
let today: Day
beforeAll(async () => {
  ;[app, browser] = await Promise.all([startApp({ worker: false }), openBrowser()])
  today = (await readClock(app.db.owner)).today
})

const heading = (page: Page, name: string | RegExp) => page.getByRole('heading', { name }).first().waitFor()

/** What a page must be, at any width, before a person goes on. */
const reads = async (page: Page) => {
  await expectAccessible(page)
  await expectFits(page)
}

/** Each with a time of its own, so that what the first one decides does not stand in the way of the second. */
const widths: [string, ViewportSize, number][] = [
  ['at a desk', DESKTOP, 120],
  ['on a narrow phone', { ...PHONE, width: 390 }, 60],
]

describe('the structure of a municipality that changes', () => {
  it.each(widths)(
    'is decided from a day on by its manager: kitchens, services, days, %s',
    async (_, viewport, inDays) => {
      const context = await openContext(browser, { viewport })
      const page = await signInAs(context, app, 'manager')
      const complaints = complaintsOf(page)
      const settings = `${app.origin}/admin/mozzecane/impostazioni`
      const name = `Cucina interna ${viewport.width}`

      await page.goto(`${settings}/cucine`)
      await page.getByRole('link', { name: 'Centro cottura di Villafranca' }).waitFor()
      await reads(page)
      await page.getByRole('link', { name: 'Nuova cucina' }).click()
      await heading(page, 'Nuova cucina')
      await reads(page)
      await page.getByLabel('Nome', { exact: true }).fill(name)
      await page.getByLabel('E-mail per il conteggio').fill('interna@example.it')
      await page.getByRole('button', { name: 'Crea la cucina' }).click()
      await heading(page, /^Cucina creata/)
      const serve = page.getByRole('region', { name: 'Serve una scuola da un giorno' })
      await serve.getByLabel('Scuola').selectOption({ index: 0 })
      await serve.getByLabel('Dal giorno').fill(addDays(today, inDays))
      await serve.getByLabel(/^Ultimo giorno/).fill(addDays(today, inDays + 2))
      await serve.getByRole('button', { name: 'Mostra che cosa succederà' }).click()
      await page.getByText(/Lo riceve qui: interna@example.it/).waitFor()
      await reads(page)
      await serve.getByRole('button', { name: 'Manda qui il conteggio' }).click()
      await heading(page, /^Deciso: da quel giorno/)
      await page.getByRole('button', { name: /^Ritira il cambio di/ }).waitFor()
      await reads(page)

      await page.goto(`${settings}/servizi/nuovo`)
      await heading(page, 'Nuovo servizio')
      await reads(page)
      await page.getByLabel('Nome', { exact: true }).fill(`Merenda ${viewport.width}`)
      await page.getByLabel('Prezzo al giorno').fill('1,20')
      await page.getByLabel('Primo giorno').fill(addDays(today, 10))
      await page.getByRole('button', { name: 'Mostra che cosa succederà' }).click()
      await page.getByText(/nasce «Merenda/).waitFor()
      await page.getByRole('button', { name: 'Crea il servizio' }).click()
      await heading(page, 'Servizio creato')
      await reads(page)
      const rule = page.getByRole('region', { name: 'Chi disdice' })
      await rule.getByLabel('Chi disdice').selectOption('holder')
      await rule.getByLabel('Per i pasti dal giorno').fill(addDays(today, 20))
      await rule.getByRole('button', { name: 'Mostra che cosa succederà' }).click()
      await page.getByText(/disdice solo l’intestatario/).waitFor()
      await rule.getByRole('button', { name: 'Decidi da quel giorno' }).click()
      await heading(page, /^Deciso chi disdice/)
      await page.goto(`${settings}/servizi`)
      await page.getByRole('link', { name: `Merenda ${viewport.width}` }).waitFor()
      await reads(page)

      await page.goto(`${settings}/anni`)
      await page.getByText('Correggi quando comincia e finisce la mensa').first().click()
      await page.getByLabel('La mensa finisce').first().waitFor()
      await page.getByText('Correggi il primo e l’ultimo giorno dell’anno').first().click()
      await reads(page)
      expect(complaints).toEqual([])
      await context.close()
    },
  )
})
