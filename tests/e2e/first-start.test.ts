import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import { beforeAll, describe, expect, it } from 'vitest'
import { readClock } from '#db/clock.ts'
import type { DemoPart } from '#db/demo/people.ts'
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

const enterAs = async (part: DemoPart, options: BrowserContextOptions = {}) => {
  const context = await openContext(browser, options)
  return { context, page: await signInAs(context, app, part) }
}

const heading = (page: Page, name: string | RegExp) => page.getByRole('heading', { name }).first().waitFor()
const press = (page: Page, name: string) => page.getByRole('button', { name, exact: true }).click()

describe('a municipality that is being prepared', () => {
  it('is opened by its manager, and lets its families in from then on', async () => {
    await app.db.owner
      .updateTable('municipality')
      .set({ opens_on: null })
      .where('slug', '=', 'mozzecane')
      .execute()
    const parent = await enterAs('holder', { viewport: PHONE })
    await parent.page.goto(`${app.origin}/mozzecane/oggi`)
    await heading(parent.page, 'La mensa di Mozzecane non è ancora attiva nel portale')
    await expectAccessible(parent.page)
    await expectFits(parent.page)

    const office = await enterAs('manager', { viewport: DESKTOP })
    const complaints = complaintsOf(office.page)
    await office.page.goto(`${app.origin}/admin/mozzecane`)
    await office.page.waitForURL('**/impostazioni/avvio')
    await heading(office.page, 'Primo avvio')
    await heading(office.page, /^Alunni e famiglie/)
    await expectAccessible(office.page)
    await office.page.getByLabel('Le famiglie entrano dal').fill(today)
    await press(office.page, 'Mostra che cosa succederà')
    await heading(office.page, 'Se confermi')
    await press(office.page, 'Apri alle famiglie')
    await heading(office.page, 'Apertura decisa')
    expect(complaints).toEqual([])

    await parent.page.goto(`${app.origin}/mozzecane/oggi`)
    await parent.page.waitForURL('**/mozzecane/oggi')
    await parent.page.getByText('Greta').first().waitFor()
    await Promise.all([parent.context.close(), office.context.close()])
  })
})

describe('the structure of a municipality', () => {
  it('is made by keyboard: a school, its classes, its days', async () => {
    const { context, page } = await enterAs('manager', { viewport: DESKTOP })
    const complaints = complaintsOf(page)
    await page.goto(`${app.origin}/admin/mozzecane/impostazioni/scuole`)
    await page.getByRole('link', { name: 'Nuova scuola' }).focus()
    await page.keyboard.press('Enter')
    await heading(page, 'Nuova scuola')
    await page.getByLabel('Nome', { exact: true }).focus()
    await page.keyboard.type('Scuola Rodari')
    await page.keyboard.press('Tab')
    await page.keyboard.press('Tab')
    await page.keyboard.type('Via Roma 1')
    await page.getByLabel('Classi').focus()
    await page.keyboard.type('1A, 1B')
    await page.getByRole('button', { name: 'Crea la scuola' }).focus()
    await page.keyboard.press('Enter')
    await heading(page, /^Scuola creata/)
    await page.getByRole('link', { name: '1B', exact: true }).waitFor()
    // In summer the next year stands below this one.
    const week = page.getByRole('region', { name: /^Refezione Scolastica/ }).last()
    await week.getByLabel('Giorni', { exact: true }).fill('lun mer')
    const first = week.getByLabel('Primo giorno')
    const begins = await first.inputValue()
    await first.fill(begins > today ? begins : today)
    await week.getByRole('button', { name: 'Mostra che cosa succederà' }).click()
    await page.getByText(/giorni di servizio, tolte feste e chiusure/).waitFor()
    await press(page, 'Comincia il servizio')
    await heading(page, /^Giorni e termine decisi/)
    await page.getByText(/lunedì e mercoledì, si disdice entro/).waitFor()
    await expectAccessible(page)
    expect(complaints).toEqual([])
    await context.close()
  })

  it.each([
    ['on a narrow phone', { ...PHONE, width: 390 }],
    ['at a desk', DESKTOP],
  ])('reads well %s', async (_where, viewport) => {
    const { context, page } = await enterAs('manager', { viewport })
    const school = await app.db.owner
      .selectFrom('school as s')
      .innerJoin('municipality as m', 'm.id', 's.municipality_id')
      .innerJoin('school_class as c', 'c.school_id', 's.id')
      .select(['s.id', 'c.id as classId'])
      .where('m.slug', '=', 'mozzecane')
      .executeTakeFirstOrThrow()
    const pages = [
      'avvio',
      'scuole',
      'scuole/nuova',
      `scuole/${school.id}`,
      `scuole/classi/${school.classId}`,
      'anni',
    ]
    for (const place of pages) {
      await page.goto(`${app.origin}/admin/mozzecane/impostazioni/${place}`)
      await page.getByRole('heading', { level: 1 }).waitFor()
      await expectAccessible(page)
      await expectFits(page)
    }
    await context.close()
  })

  it('changes a school’s week from a day on, without JavaScript', async () => {
    const { context, page } = await enterAs('manager', { viewport: DESKTOP, javaScriptEnabled: false })
    await page.goto(`${app.origin}/admin/mozzecane/impostazioni/scuole`)
    await page.getByRole('link', { name: 'Scuola primaria del capoluogo' }).click()
    await heading(page, 'Scuola primaria del capoluogo')
    await page.getByLabel('Si disdice entro le').first().fill('09:00')
    await page.getByLabel('Dal giorno').first().fill(addDays(today, 8))
    const week = page.getByRole('region', { name: /^Refezione Scolastica/ }).first()
    await week.getByRole('button', { name: 'Mostra che cosa succederà' }).click()
    await page.getByText(/giorni cambiano termine/).waitFor()
    await press(page, 'Cambia da quel giorno')
    await heading(page, /^Giorni e termine decisi/)
    await page
      .getByText(/9:00 del giorno stesso/)
      .first()
      .waitFor()
    await context.close()
  })
})
