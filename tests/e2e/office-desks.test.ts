import { mkdirSync } from 'node:fs'
import path from 'node:path'
import { sql } from 'kysely'
import type { Browser, Page } from 'playwright-core'
import { beforeAll, expect, test } from 'vitest'
import { type App, startApp } from '#tests/support/app.ts'
import { expectSound, openBrowser, openContext, PHONE } from '#tests/support/browser.ts'
import { signInAs } from '#tests/support/demo-sign-in.ts'

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

/** Gives the manager of the demonstration the same role in a second municipality. */
async function managerOfTwo(): Promise<void> {
  await sql`
    with second as (
      insert into municipality (slug, name, province, region, operator_id, invoice_series, street, postcode, email, pec, phone,
        fiscal_code, opens_on)
      select 'vigasio', 'Vigasio', province, region, operator_id, 'VIG', street, postcode, email, pec, phone, fiscal_code, opens_on
      from municipality where slug = 'mozzecane' returning id
    ), colleague as (
      insert into person (municipality_id, fiscal_code, fiscal_code_hash, given_name, family_name, birth_date)
      select second.id, p.fiscal_code, p.fiscal_code_hash, p.given_name, p.family_name, p.birth_date
      from second, staff_member r join person p on p.municipality_id = r.municipality_id and p.id = r.person_id
      where r.role = 'manager' limit 1 returning municipality_id, id
    )
    insert into staff_member (municipality_id, person_id, role, valid_from)
    select municipality_id, id, 'manager', date '2020-09-01' from colleague`.execute(app.db.owner)
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
  await managerOfTwo()
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
