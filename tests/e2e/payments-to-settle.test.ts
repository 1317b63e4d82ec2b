import { mkdirSync } from 'node:fs'
import path from 'node:path'
import { sql } from 'kysely'
import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import { beforeAll, describe, expect, it } from 'vitest'
import { type DemoPart, demoPeople } from '#db/demo/people.ts'
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

const SETTLED = 'Abbiamo restituito la somma in più sulla carta.'

/** Where screens go when a person wants to look at them: SCREENS=folder. */
const SCREENS = process.env.SCREENS

async function look(page: Page, name: string): Promise<void> {
  if (!SCREENS) return
  mkdirSync(SCREENS, { recursive: true })
  await page.screenshot({ path: path.join(SCREENS, `${name}.png`), fullPage: true })
}

let app: App
let browser: Browser
beforeAll(async () => {
  ;[app, browser] = await Promise.all([startApp({ worker: false }), openBrowser()])
})

const enterAs = async (part: DemoPart, options: BrowserContextOptions = {}) => {
  const context = await openContext(browser, options)
  return { context, page: await signInAs(context, app, part) }
}

const heading = (page: Page, name: string | RegExp) => page.getByRole('heading', { name }).waitFor()

/** A top-up of the holder that the provider took twice. */
async function takenTwice(): Promise<string> {
  const topUp = await app.db.owner
    .selectFrom('top_up as t')
    .innerJoin('person as p', 'p.id', 't.payer_id')
    .select(['t.id', 't.municipality_id', 't.amount_cents'])
    .where('p.fiscal_code', '=', demoPeople.holder.fiscalCode)
    .where('t.state', '=', 'paid')
    .orderBy('t.paid_at', 'desc')
    .executeTakeFirstOrThrow()
  await app.db.owner
    .insertInto('payment_alarm')
    .values({
      municipality_id: topUp.municipality_id,
      top_up_id: topUp.id,
      finding: 'surplus',
      cents: topUp.amount_cents,
    })
    .execute()
  return topUp.id
}

describe('a payment that was taken twice', () => {
  it('is read by the payer, settled by the accountant without JavaScript, and read again with what was done', async () => {
    const topUpId = await takenTwice()
    const payer = await enterAs('holder', { viewport: PHONE })
    const complaints = complaintsOf(payer.page)
    await payer.page.goto(`${app.origin}/mozzecane/pagamenti`)
    await heading(payer.page, 'Un pagamento è da sistemare')
    await expectAccessible(payer.page)
    await payer.page.getByRole('link', { name: /^Ti sono stati presi .* in più$/ }).click()
    await payer.page.waitForURL(`**/pagamenti/ricarica/${topUpId}`)
    await heading(payer.page, /^Ti sono stati presi .* in più$/)
    await expectAccessible(payer.page)
    await expectFits(payer.page)

    const office = await enterAs('accountant', { viewport: DESKTOP, javaScriptEnabled: false })
    await office.page.goto(`${app.origin}/admin/mozzecane/conteggi`)
    await office.page.getByRole('link', { name: 'Guarda che cosa è successo' }).click()
    await heading(office.page, 'Pagamenti da sistemare')
    await heading(office.page, 'Preso due volte')
    await office.page.getByText('Laura Conti').first().waitFor()
    await office.page.getByLabel('Che cosa hai fatto').fill(SETTLED)
    await office.page.getByRole('button', { name: 'Segna come sistemato' }).click()
    await heading(office.page, 'Nessun pagamento da sistemare')
    await office.page.getByRole('row', { name: /Laura Conti.*Davide Rossetti/ }).waitFor()

    await payer.page.reload()
    await heading(payer.page, 'L’ufficio ha sistemato questo pagamento')
    await payer.page.getByText(SETTLED).waitFor()
    expect(complaints).toEqual([])
    await Promise.all([payer.context.close(), office.context.close()])
  })

  it.each([
    ['on a narrow phone', { ...PHONE, width: 320 }],
    ['at a desk', DESKTOP],
  ])('stands in a list that everybody can read %s', async (_where, viewport) => {
    await app.db.owner
      .updateTable('payment_alarm')
      .set({ settled_at: null, settled_by: null, note: null })
      .execute()
    const { context, page } = await enterAs('manager', { viewport })
    await page.goto(`${app.origin}/admin/mozzecane/pagamenti`)
    await heading(page, 'Preso due volte')
    await expectAccessible(page)
    await expectFits(page)
    await context.close()
  })
})

describe('the room of payments', () => {
  const orderOf = (topUpId: string) =>
    app.db.owner
      .selectFrom('top_up')
      .select(['order_id', 'household_id'])
      .where('id', '=', topUpId)
      .executeTakeFirstOrThrow()

  const lastPaid = async () => {
    const { id } = await app.db.owner
      .selectFrom('top_up as t')
      .innerJoin('person as p', 'p.id', 't.payer_id')
      .select('t.id')
      .where('p.fiscal_code', '=', demoPeople.holder.fiscalCode)
      .where('t.state', '=', 'paid')
      .orderBy('t.paid_at', 'desc')
      .executeTakeFirstOrThrow()
    return { id, ...(await orderOf(id)) }
  }

  it('finds a payment by its order, shows both sides of it, takes a note and asks the provider again', async () => {
    const payment = await lastPaid()
    const { context, page } = await enterAs('accountant', { viewport: DESKTOP })
    const complaints = complaintsOf(page)
    await page.goto(`${app.origin}/admin/mozzecane/denaro`)
    await heading(page, 'Ricariche e pagamenti')
    await page.getByRole('searchbox', { name: 'Cerca', exact: true }).fill(payment.order_id)
    await page.getByRole('button', { name: 'Cerca', exact: true }).click()
    await page.getByText(/^1 accreditata: in tutto/).waitFor()
    await page.getByRole('row').nth(1).getByRole('link').first().click()
    await page.waitForURL(`**/denaro/${payment.id}`)
    await heading(page, /^Ricarica di .*: famiglia/)
    await page.getByRole('textbox', { name: 'Nota' }).fill('Chiamata la banca.')
    await page.getByRole('button', { name: 'Scrivi la nota' }).click()
    await page.getByRole('status').getByText('La nota è scritta.').waitFor()
    await page.getByText('Chiamata la banca.').waitFor()
    await page.getByRole('button', { name: 'Chiedi al gestore dei pagamenti' }).click()
    await page
      .getByRole('status')
      .getByText(/^Il portale chiede di nuovo/)
      .waitFor()
    expect(complaints).toEqual([])
    await context.close()
  })

  it.each([
    ['390', PHONE],
    ['1366', { width: 1366, height: 768 }],
  ])(
    'can be read at %s pixels: the list, one payment, the account of a household',
    async (width, viewport) => {
      const { id, household_id } = await lastPaid()
      const { context, page } = await enterAs('operator', { viewport })
      for (const [name, address, title] of [
        ['pagamenti', 'denaro', 'Ricariche e pagamenti'],
        ['pagamento', `denaro/${id}`, /^Ricarica di .*: famiglia/],
        ['conto', `famiglie/${household_id}/conto`, /^Conto della famiglia/],
      ] as const) {
        await page.goto(`${app.origin}/admin/mozzecane/${address}`)
        await heading(page, title)
        await expectAccessible(page)
        await expectFits(page)
        await look(page, `${name}-${width}`)
      }
      await context.close()
    },
  )
})

describe('an invoice that waits for an address', () => {
  it('gets it from a holder abroad, whose form says what an Italian address needs', async () => {
    const { fiscalCode } = demoPeople.otherHolder
    await app.db.owner
      .updateTable('person')
      .set({ province: null, postcode: '3706' })
      .where('fiscal_code', '=', fiscalCode)
      .execute()
    const { context, page } = await enterAs('otherHolder')
    await page.goto(`${app.origin}/mozzecane/pagamenti/fatture`)
    const form = page.getByRole('region', { name: 'Aggiungi il tuo indirizzo di residenza' })
    await form.waitFor()
    await expectAccessible(page)
    await page.getByRole('button', { name: 'Salva l’indirizzo' }).click()
    await page.getByRole('alert').getByText('Il CAP ha cinque cifre, per esempio 37060.').waitFor()
    await page.getByLabel('Via e numero civico').fill('12 rue de la Paix')
    await page.getByLabel('CAP').fill('69002')
    await page.getByLabel('Comune').fill('Lyon')
    await page.getByLabel('Paese').selectOption('Francia')
    await page.getByRole('button', { name: 'Salva l’indirizzo' }).click()
    await page.getByRole('status').getByText('Indirizzo salvato').waitFor()
    const kept = await app.db.owner
      .selectFrom('person')
      .select(['city', 'postcode', 'province', 'country'])
      .where('fiscal_code', '=', fiscalCode)
      .executeTakeFirstOrThrow()
    expect(kept).toEqual({ city: 'Lyon', postcode: '69002', province: null, country: 'FR' })
    await context.close()
  })
})

describe('an outage', () => {
  it('of this morning is told on Oggi and beside the counts', async () => {
    const { rows } = await sql<{ day: string }>`select app_today()::text as day`.execute(app.db.owner)
    const at = (time: string) => sql<Date>`${`${rows[0]?.day} ${time}`}::timestamp at time zone 'Europe/Rome'`
    await app.db.owner.deleteFrom('heartbeat').execute()
    await app.db.owner
      .insertInto('heartbeat')
      .values(['06:00', '06:41'].map((time) => ({ source: 'web', minute: at(time) })))
      .execute()
    const told = /^Il portale non era raggiungibile dalle 6:01 alle 6:41/
    for (const [part, path] of [
      ['holder', '/mozzecane/oggi'],
      ['operator', '/admin/mozzecane/conteggi'],
    ] as const) {
      const { context, page } = await enterAs(part, { viewport: PHONE })
      // A process reads the outages three times a minute.
      await expect
        .poll(
          async () => {
            await page.goto(app.origin + path)
            return page.getByRole('heading', { name: told }).isVisible()
          },
          { timeout: 40_000, interval: 2_000 },
        )
        .toBe(true)
      await expectAccessible(page)
      await expectFits(page)
      await context.close()
    }
  })
})

describe('the data of the supplier', () => {
  it('are put right by the accountant on a phone, without JavaScript, after SPID and a preview', async () => {
    const { context, page } = await enterAs('accountant', { viewport: PHONE, javaScriptEnabled: false })
    await page.goto(`${app.origin}/admin/mozzecane/impostazioni/gestore`)
    await heading(page, 'Dati del gestore')
    await page.getByLabel('Partita IVA').fill('01234567890')
    await page.getByRole('button', { name: 'Vedi che cosa cambia' }).click()
    await page.getByText('Controlla la partita IVA').first().waitFor()
    await page.getByLabel('Partita IVA').fill('01234567897')
    await page.getByLabel('Via e numero civico').fill('Via del Lavoro 9')
    await page.getByRole('button', { name: 'Vedi che cosa cambia' }).click()
    await page.getByText(/^Via e numero civico: da .* a “Via del Lavoro 9”\.$/).waitFor()
    await page.getByRole('button', { name: 'Conferma e salva' }).click()
    await page.getByText('I dati del gestore sono salvati.').waitFor()
    await context.close()
  })

  it.each([
    ['on a narrow phone', { ...PHONE, width: 320 }],
    ['at a desk', DESKTOP],
  ])('and what would change stand in a page that everybody can read %s', async (_where, viewport) => {
    const { context, page } = await enterAs('manager', { viewport })
    await page.goto(`${app.origin}/admin/mozzecane/impostazioni`)
    await page.getByRole('link', { name: 'Dati del gestore' }).click()
    await heading(page, 'Dati del gestore')
    await page.getByLabel('Telefono').fill(`045 ${viewport.width}`)
    await page.getByRole('button', { name: 'Vedi che cosa cambia' }).click()
    await heading(page, 'Se confermi')
    await expectAccessible(page)
    await expectFits(page)
    await context.close()
  })
})
