import { sql } from 'kysely'
import type { Browser, Page } from 'playwright-core'
import { afterEach, beforeAll, describe, expect, test } from 'vitest'
import { addDays, instantInRome } from '#lib/kernel/day.ts'
import { type App, startApp } from '#tests/support/app.ts'
import { complaintsOf, DESKTOP, expectSound, openBrowser, openContext } from '#tests/support/browser.ts'
import { setClock } from '#tests/support/database.ts'
import { signInAs } from '#tests/support/demo-sign-in.ts'

const ROOM = '/admin/mozzecane/tariffe'
const SMALL_PHONE = { width: 320, height: 640 }

let app: App
let browser: Browser
beforeAll(async () => {
  ;[app, browser] = await Promise.all([startApp({ worker: false }), openBrowser()])
})

const textOf = async (page: Page): Promise<string> =>
  ((await page.locator('main').textContent()) ?? '').replace(/\u00a0/g, ' ')

/** The first day that may still change, and one two weeks later, while meals are still booked: in July the last is six weeks ahead. */
async function days(): Promise<{ first: string; later: string }> {
  const { rows } = await sql<{ first: string; later: string }>`
    select (app_today() + 8)::text as first, (app_today() + 22)::text as later`.execute(app.db.owner)
  return rows[0] as { first: string; later: string }
}

const euro = (cents: number): string => (cents / 100).toFixed(2).replace('.', ',')

/** What a meal costs on a day: the next school year has another price. */
async function priceOn(day: string): Promise<number> {
  const { rows } = await sql<{ cents: number }>`
    select price_cents as cents from meal_price where valid_from <= ${day} and municipality_id =
      (select id from municipality where slug = 'mozzecane') order by valid_from desc limit 1`.execute(
    app.db.owner,
  )
  return rows[0]?.cents ?? 0
}

describe.each([true, false])('the office decides a price, JavaScript %s', (javaScriptEnabled) => {
  test('reads what it touches, confirms, finds it in the history and takes it back', async () => {
    const { later } = await days()
    const standing = await priceOn(later)
    const [before, price] = [euro(standing), euro(standing + 15)]
    const context = await openContext(browser, { javaScriptEnabled, viewport: DESKTOP })
    const page = await signInAs(context, app, 'accountant')
    await page.goto(app.origin + ROOM)
    await page.getByRole('link', { name: 'Nuovo prezzo' }).click()
    await page.getByLabel('Prezzo', { exact: true }).fill('cinque')
    await page.getByRole('button', { name: 'Mostra che cosa succederà' }).click()
    await page.getByText('Scrivi il prezzo in euro, per esempio 5,40').first().waitFor()
    expect(await page.getByLabel('Prezzo', { exact: true }).inputValue()).toBe('cinque')
    await page.getByLabel('Prezzo', { exact: true }).fill(price)
    await page.getByLabel('Vale dal').fill(later)
    await page.getByLabel(/Atto o nota/).fill('Delibera n. 45')
    await page.getByRole('button', { name: 'Mostra che cosa succederà' }).click()
    await page.getByRole('heading', { name: 'Se confermi' }).waitFor()
    expect(await textOf(page)).toContain(`costa ${price} € invece di ${before} € (+0,15 €)`)
    expect(await textOf(page)).toMatch(/Tocca \d+ alunni e [\d.]+ pasti già prenotati/)
    expect(await page.getByLabel('Prezzo', { exact: true }).inputValue()).toBe(price)
    await page.getByRole('button', { name: 'Conferma il prezzo' }).click()
    await page.getByRole('heading', { name: /Prezzo deciso/ }).waitFor()
    const row = page.getByRole('row', { name: price })
    expect(await row.textContent()).toContain('Delibera n. 45')
    await row.getByRole('button', { name: /Annulla il prezzo/ }).click()
    await page.getByRole('heading', { name: /Prezzo annullato/ }).waitFor()
    await expect.poll(() => page.getByRole('row', { name: price }).count()).toBe(0)
    await context.close()
  })
})

describe('the office and its bands', () => {
  afterEach(() => setClock(null))

  test('makes a band, gives it to a pupil without JavaScript, and the family reads its own price', async () => {
    const { first, later } = await days()
    const context = await openContext(browser, { javaScriptEnabled: false })
    const page = await signInAs(context, app, 'manager')
    await page.goto(`${app.origin}${ROOM}/refezione/fasce/nuova`)
    await page.getByLabel('Codice').fill('c2')
    await page.getByLabel('Nome').fill('Terzo figlio')
    await page.getByLabel('Prezzo', { exact: true }).fill('0')
    await page.getByRole('button', { name: 'Crea la fascia' }).click()
    await page.getByRole('heading', { name: 'Fascia creata' }).waitFor()
    expect(new URL(page.url()).pathname).toBe(`${ROOM}/refezione/fasce/C2`)
    await expect.poll(() => page.getByText('Gratuito').count()).toBeGreaterThan(0)

    await page.goto(`${app.origin}${ROOM}/refezione/alunni?cerca=greta`)
    await page.getByRole('link', { name: 'Albertini Greta' }).click()
    await page.getByLabel('Fascia', { exact: true }).selectOption('C2')
    await page.getByLabel('Dal', { exact: true }).fill(first)
    // Unless told it ends with the school year, which in the last days of August is before the first day.
    await page.getByLabel('Fino al').fill(later)
    await page.getByRole('button', { name: 'Mostra che cosa succederà' }).click()
    await page.getByText('Scrivi il motivo').first().waitFor()
    expect(await page.getByLabel('Fascia', { exact: true }).inputValue()).toBe('C2')
    await page.getByLabel('Motivo').fill('Terzo figlio a mensa')
    await page.getByRole('button', { name: 'Mostra che cosa succederà' }).click()
    await page.getByRole('heading', { name: 'Se confermi' }).waitFor()
    expect(await textOf(page)).toContain('nella fascia Terzo figlio: gratuito')
    await page.getByRole('button', { name: 'Conferma', exact: true }).click()
    await page.getByRole('heading', { name: /Fascia data/ }).waitFor()
    expect(await textOf(page)).toContain('Terzo figlio a mensa')
    await context.close()

    // A family reads its next price: in the last days of August that is the one of the school year to come.
    await setClock(instantInRome(addDays(first, -1), '08:00'))
    const home = await openContext(browser, { viewport: SMALL_PHONE })
    const parent = await signInAs(home, app, 'holder')
    const complaints = complaintsOf(parent)
    await parent.goto(`${app.origin}/mozzecane/servizi`)
    await expectSound(parent)
    const full = euro(await priceOn(addDays(first, -1)))
    expect(await textOf(parent)).toContain(`Prezzo del pasto di Greta${full} € dal`)
    expect(await textOf(parent)).toContain('gratuito (fascia C2)')
    await parent.goto(`${app.origin}/mozzecane/pagamenti`)
    await expectSound(parent)
    expect(await textOf(parent)).toMatch(/il pasto di Greta è gratuito/)
    await parent.goto(`${app.origin}/mozzecane/notifiche`)
    expect(await textOf(parent)).toContain('Il prezzo del pasto di un tuo figlio cambia')
    await parent.goto(`${app.origin}/mozzecane/pagamenti/ricarica`)
    await expectSound(parent)
    expect(await textOf(parent)).toContain(`La ricarica resta un multiplo del prezzo intero (${full} €)`)
    expect(complaints).toEqual([])
    await home.close()

    const other = await openContext(browser)
    const delegate = await signInAs(other, app, 'delegate')
    await delegate.goto(`${app.origin}/mozzecane/servizi`)
    expect(await textOf(delegate)).not.toMatch(/Prezzo del pasto|fascia C2|gratuito/)
    await other.close()
  })

  test.each([SMALL_PHONE.width, 1440])('has sound screens at %i pixels', async (width) => {
    const context = await openContext(browser, { viewport: { width, height: 900 } })
    const page = await signInAs(context, app, 'accountant')
    const complaints = complaintsOf(page)
    for (const tail of [
      '',
      '/refezione/prezzo',
      '/refezione/fasce/nuova',
      '/refezione/fasce/B',
      '/refezione/alunni?fascia=A',
    ]) {
      await page.goto(app.origin + ROOM + tail)
      await expectSound(page)
    }
    await page.locator('tbody a').first().click()
    await page.waitForURL(/alunni\/[0-9a-f-]{36}/)
    await expectSound(page)
    expect(complaints).toEqual([])
    await context.close()
  })

  test('prints the price list as one sheet, without buttons', async () => {
    const context = await openContext(browser, { viewport: DESKTOP })
    const page = await signInAs(context, app, 'accountant')
    await page.goto(app.origin + ROOM)
    await page.emulateMedia({ media: 'print' })
    for (const button of await page.getByRole('button').all())
      await expect.poll(() => button.isVisible()).toBe(false)
    await expect.poll(() => page.getByText(/Listino della mensa di Mozzecane al/).isVisible()).toBe(true)
    const pdf = await page.pdf({ preferCSSPageSize: true })
    expect(pdf.toString('latin1').match(/\/Type\s*\/Page\b/g)).toHaveLength(1)
    await context.close()
  })
})

describe('a visitor', () => {
  test('reads in the service sheet what a meal costs now and later, and the bands', async () => {
    const context = await openContext(browser, { viewport: SMALL_PHONE })
    const page = await context.newPage()
    await page.goto(`${app.origin}/mozzecane/servizio`)
    await expectSound(page)
    const text = await textOf(page)
    expect(text).toMatch(/Il prezzo cambia: dal 1 settembre \d{4} ogni pasto costa 5,60 €/)
    expect(text).toContain('ISEE fino a 6.000 euro')
    const data = (await (await fetch(`${app.origin}/mozzecane/dati.json`)).json()) as {
      servizio: { prossimo_prezzo: { centesimi: number }; fasce: unknown[] }
    }
    expect(data.servizio.prossimo_prezzo.centesimi).toBe(560)
    expect(data.servizio.fasce.length).toBeGreaterThan(2)
    await context.close()
  })
})
