import { sql } from 'kysely'
import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import { beforeAll, describe, expect, test } from 'vitest'
import { chargeClosedDays } from '#lib/kitchen/charge.commands.ts'
import { closeAndCount } from '#lib/kitchen/close.commands.ts'
import { type App, startApp } from '#tests/support/app.ts'
import {
  complaintsOf,
  expectAccessible,
  expectFits,
  openBrowser,
  openContext,
} from '#tests/support/browser.ts'
import { setClock } from '#tests/support/database.ts'
import { signInAs } from '#tests/support/demo-sign-in.ts'
import { openNetwork } from '#tests/support/network.ts'

/** Building, seeding and starting everything on a busy machine. */
const START_MS = 400_000

let app: App
let browser: Browser
let day: string
let closeAt: Date

beforeAll(async () => {
  ;[app, browser] = await Promise.all([startApp({ worker: false }), openBrowser()])
  const { rows } = await sql<{ day: string; close_at: Date }>`
    select d.day, d.close_at from service_day d join municipality m on m.id = d.municipality_id and m.slug = 'mozzecane'
    where d.status = 'open' and d.day > app_today() order by d.day limit 1`.execute(app.db.owner)
  const [row] = rows
  if (!row) throw new Error('the demonstration has no day ahead')
  ;({ day, close_at: closeAt } = row)
}, START_MS)

async function arrive(options: BrowserContextOptions, at = closeAt): Promise<Page> {
  await setClock(null)
  const page = await signInAs(await openContext(browser, options), app, 'manager')
  await setClock(at)
  await sql`update session set authenticated_at = app_now(), created_at = app_now(), last_seen_at = app_now(),
    expires_at = app_now() + interval '8 hours' where ended_at is null`.execute(app.db.owner)
  return page
}

describe('the counts of a day that is open', () => {
  test('stay on the screen when the network goes, say since when they are old, and recover by themselves', async () => {
    const network = await openNetwork()
    const page = await arrive({ proxy: network.proxy }, new Date(closeAt.getTime() - 3_600_000))
    await page.clock.install()
    await page.goto(`${app.origin}/admin/mozzecane/conteggi?giorno=${day}`)
    const board = page.getByRole('region', { name: 'Pasti da preparare' })
    const runs = board.getByText(/Si aggiorna da solo/)
    await runs.waitFor()
    const total = await board.locator('p').first().textContent()
    network.takeAway()
    const lost = board.getByText(
      /^Aggiornato alle \d\d:\d\d:\d\d, senza rete dalle \d\d:\d\d:\d\d\. Torna da solo\.$/,
    )
    await lost.waitFor()
    // Beyond the time after which the page is drawn again in any case.
    for (let step = 0; step < 4; step += 1) await page.clock.fastForward(16_000)
    await lost.waitFor()
    await expect.poll(() => board.locator('p').first().textContent()).toBe(total)
    await expectAccessible(page)
    network.giveBack()
    await lost.waitFor({ state: 'detached' })
    await runs.waitFor()
    await page.context().close()
  })
})

describe('the counts of a day that was closed', () => {
  test('say that the charge is due or failing, at every width, and that it is done without a reload', async () => {
    await setClock(closeAt)
    await closeAndCount()
    for (const width of [390, 1366]) {
      const page = await arrive({ viewport: { width, height: 900 } })
      const complaints = complaintsOf(page)
      await sql`update meal_charge set failures = 0 where due_at is not null`.execute(app.db.owner)
      await page.goto(`${app.origin}/admin/mozzecane/conteggi?giorno=${day}`)
      await page.getByText('Da addebitare').first().waitFor()
      await page
        .getByText(/Addebito in corso$/)
        .first()
        .waitFor()
      await expectAccessible(page)
      await expectFits(page)
      await sql`update meal_charge set failures = 3 where due_at is not null`.execute(app.db.owner)
      await page.getByRole('heading', { name: 'Addebiti non riusciti' }).waitFor()
      await page
        .getByText(/Addebito non riuscito 3 volte/)
        .first()
        .waitFor()
      await expectAccessible(page)
      await expectFits(page)
      expect(complaints).toEqual([])
      if (width === 390) await page.context().close()
      else await chargedOn(page)
    }
  })

  async function chargedOn(page: Page): Promise<void> {
    expect(await chargeClosedDays()).toBeGreaterThan(0)
    await page.getByText('Da addebitare').first().waitFor({ state: 'detached' })
    await page.getByRole('heading', { name: 'Addebiti non riusciti' }).waitFor({ state: 'detached' })
    await page
      .getByText(/^Versione 1, delle \d\d:\d\d:\d\d$/)
      .first()
      .waitFor()
    await page.context().close()
  }
})

describe('a count that the kitchen sees', () => {
  test('is acknowledged by a cook, and the office reads who did; at the hatch it has names', async () => {
    await setClock(closeAt)
    await closeAndCount()
    await sql`insert into staff_member (municipality_id, person_id, role, valid_from)
      select r.municipality_id, r.person_id, 'kitchen', r.valid_from from staff_member r
      join municipality m on m.id = r.municipality_id and m.slug = 'mozzecane' where r.role = 'manager'`.execute(
      app.db.owner,
    )
    for (const width of [390, 820, 1366]) {
      const page = await arrive({ viewport: { width, height: 900 } })
      const complaints = complaintsOf(page)
      await sql`delete from count_acknowledgement`.execute(app.db.owner)
      await page.goto(`${app.origin}/admin/mozzecane/conteggi?giorno=${day}`)
      const press = page.getByRole('button', { name: 'Ho visto' })
      await press.waitFor()
      await expectAccessible(page)
      await expectFits(page)
      await press.click()
      await page.getByRole('heading', { name: 'Conteggio visto' }).waitFor()
      await page.getByRole('link', { name: 'Diete al banco' }).click()
      await page.getByRole('region', { name: 'Scegli la scuola' }).getByRole('link').first().click()
      await page.getByText(/resta scritto nel registro/).waitFor()
      await expectAccessible(page)
      await expectFits(page)
      await page.goto(`${app.origin}/admin/mozzecane/impostazioni/cucine`)
      await page.getByRole('heading', { name: 'Presa visione ed etichette' }).waitFor()
      await expectAccessible(page)
      await expectFits(page)
      expect(complaints).toEqual([])
      await page.context().close()
    }
  })
})
