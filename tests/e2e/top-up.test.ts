import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import { beforeAll, describe, expect, it } from 'vitest'
import type { DemoPart } from '#db/demo/people.ts'
import { checkStructure } from '#lib/invoices/fattura-pa-structure.ts'
import { type App, startApp } from '#tests/support/app.ts'
import { complaintsOf, expectAccessible, openBrowser, openContext } from '#tests/support/browser.ts'
import { signInAs } from '#tests/support/demo-sign-in.ts'
import { until } from '#tests/support/payments.ts'

let app: App
let browser: Browser
beforeAll(async () => {
  ;[app, browser] = await Promise.all([startApp(), openBrowser()])
})

/** Somebody of the Albertini family, signed in, on the top-up page. */
async function topUpPageOf(part: DemoPart, options: BrowserContextOptions = {}) {
  const context = await openContext(browser, options)
  const page = await signInAs(context, app, part)
  const complaints = complaintsOf(page, [/404/])
  await page.goto(`${app.origin}/mozzecane/pagamenti/ricarica`)
  return { context, page, complaints }
}

const press = (page: Page, name: string | RegExp) => page.getByRole('button', { name }).click()
const heading = (page: Page, name: string | RegExp) => page.getByRole('heading', { name }).waitFor()

async function payByCard(page: Page, number: string): Promise<void> {
  await page.getByLabel('Numero della carta').fill(number)
  await press(page, /^Paga/)
}

const balanceOf = async (page: Page): Promise<string> => {
  await page.goto(`${app.origin}/mozzecane/pagamenti/ricarica`)
  return ((await page.getByText(/saldo/).first().textContent()) ?? '').replace(/\s/g, ' ')
}

describe('the holder', () => {
  it('tops up by card: chooses, checks, pays, reads the truth, and gets a mail', async () => {
    const { context, page, complaints } = await topUpPageOf('holder')
    await heading(page, 'Ricarica')
    const before = await balanceOf(page)
    await page.getByLabel('Importo').fill('50')
    await page.getByText(/I più vicini sono 48,60\s€ e 54,00\s€/).waitFor()
    await page.getByLabel('Importo').fill('54')
    await page.getByText(/10 pasti × 5,40\s€ = 54,00\s€/).waitFor()
    await expectAccessible(page)
    await press(page, 'Vai al riepilogo')
    await heading(page, 'Controlla e paga')
    await expectAccessible(page)
    await press(page, /^Paga/)
    await page.waitForURL(`${app.paymentsOrigin}/**`)
    await page.getByText('SIMULAZIONE').first().waitFor()
    await expectAccessible(page)
    await payByCard(page, '4349 9401 9900 4549')
    await page.waitForURL(`${app.origin}/**`)
    await heading(page, 'Pagamento riuscito')
    const invoice = page.getByRole('link', { name: /\d{4}\/[A-Z]{3}\/\d{6} \(PDF\)/ })
    const files = app.origin + (await invoice.getAttribute('href'))
    const pdf = await context.request.get(files)
    expect([pdf.status(), pdf.headers()['content-type']]).toEqual([200, 'application/pdf'])
    const xml = await (await context.request.get(files.replace(/pdf$/, 'xml'))).text()
    expect(checkStructure(xml)).toEqual([])
    expect(xml).toContain('<ImportoTotaleDocumento>54.00</ImportoTotaleDocumento>')
    expect(xml).toContain('<ModalitaPagamento>MP08</ModalitaPagamento>')
    await expectAccessible(page)
    expect(await balanceOf(page)).not.toBe(before)
    await until(async () => {
      const inbox = await (await fetch(`${app.mailOrigin}/messaggi.json`)).text()
      return inbox.includes('Ricarica accreditata: 54,00')
    })
    expect(complaints).toEqual([])
    await context.close()
  })

  it('tops up by MyBank without JavaScript: the rule is told by the server, and an unanswered payment is "in verifica"', async () => {
    const { context, page, complaints } = await topUpPageOf('holder', { javaScriptEnabled: false })
    await page.getByLabel('Importo').fill('50')
    await page.getByText('Bonifico MyBank').click()
    await press(page, 'Vai al riepilogo')
    await page
      .getByRole('alert')
      .getByText(/deve essere un multiplo/)
      .waitFor()
    expect(await page.getByLabel('Bonifico MyBank').isChecked()).toBe(true)
    await press(page, /^10 pasti/)
    await heading(page, 'Controlla e paga')
    await press(page, /^Paga/)
    await page.waitForURL(`${app.paymentsOrigin}/**`)
    await press(page, 'Continua sul sito della banca')
    await press(page, 'Chiudi la pagina senza rispondere')
    await page.getByRole('link', { name: 'Torna comunque alla mensa' }).click()
    await heading(page, 'Stiamo verificando il pagamento')
    await page.getByText('Non pagare di nuovo.').waitFor()
    expect(complaints).toEqual([])
    await context.close()
  })

  it('is led by a declined card to "non riuscito", and by a cancelled payment to "annullato"', async () => {
    const { context, page } = await topUpPageOf('holder')
    for (const end of ['declined', 'canceled'] as const) {
      await page.goto(`${app.origin}/mozzecane/pagamenti/ricarica?pasti=1&metodo=carta`)
      await press(page, /^Paga/)
      await page.waitForURL(`${app.paymentsOrigin}/**`)
      if (end === 'declined') {
        await payByCard(page, '4349 9401 9999 7007')
        await page.getByText('Carta rifiutata').waitFor()
        const topUp = await app.db.owner
          .selectFrom('top_up')
          .select('id')
          .orderBy('created_at', 'desc')
          .executeTakeFirstOrThrow()
        await page.goto(`${app.origin}/mozzecane/pagamenti/ricarica/${topUp.id}`)
        await heading(page, 'Pagamento non riuscito')
        await expectAccessible(page)
      } else {
        await press(page, 'Annulla e torna alla mensa')
        await page.waitForURL(`${app.origin}/**`)
        await heading(page, 'Pagamento annullato')
      }
    }
    await context.close()
  })

  it('is told what is wrong or not found for a badly typed address, never a fault', async () => {
    const { context, page } = await topUpPageOf('holder')
    const at = (query: string) => page.goto(`${app.origin}/mozzecane/pagamenti/ricarica${query}`)
    for (const query of [
      '?pasti=201&metodo=carta',
      '?importo=-5',
      '?pasti=10&importo=54',
      '?pasti=%00',
      '?importo=🍝&metodo=x',
      '?pasti=10&pasti=20',
      '?pasti=',
    ]) {
      expect((await at(query))?.status(), query).toBe(200)
    }
    for (const path of ['?conto=1', '/x', '/00000000-0000-7000-8000-000000000000', "/'%20or%201=1"]) {
      const status = (await at(path))?.status()
      expect(path === '?conto=1' ? [200] : [404], path).toContain(status)
    }
    expect((await at('?conto=00000000-0000-7000-8000-000000000000'))?.status()).toBe(404)
    await context.close()
  })
})

describe('the delegate', () => {
  it('finds nothing under the top-up, not even the name of the thing', async () => {
    const { context, page } = await topUpPageOf('delegate')
    const topUp = await app.db.owner.selectFrom('top_up').select('id').executeTakeFirstOrThrow()
    for (const path of ['', `/${topUp.id}`, '?pasti=10&metodo=carta']) {
      const response = await page.goto(`${app.origin}/mozzecane/pagamenti/ricarica${path}`)
      expect(response?.status(), path).toBe(404)
      expect(await page.getByRole('main').textContent()).not.toMatch(/ricarica/i)
    }
    await context.close()
  })
})
