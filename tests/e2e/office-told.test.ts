import path from 'node:path'
import { sql } from 'kysely'
import type { Browser, Page } from 'playwright-core'
import { beforeAll, describe, test } from 'vitest'
import { type DemoPart, demoPeople } from '#db/demo/people.ts'
import { type App, startApp } from '#tests/support/app.ts'
import { expectSound, openBrowser, openContext, PHONE } from '#tests/support/browser.ts'
import { signInAs } from '#tests/support/demo-sign-in.ts'

/** Building, seeding and starting everything on a busy machine. */
const START_MS = 400_000
/** Where screens go when a person wants to look at them: SCREENS=folder. */
const SCREENS = process.env.SCREENS
const DESK = { width: 1366, height: 768 }

async function look(page: Page, name: string): Promise<void> {
  if (SCREENS) await page.screenshot({ path: path.join(SCREENS, `${name}.png`), fullPage: true })
}

let app: App
let browser: Browser

beforeAll(async () => {
  ;[app, browser] = await Promise.all([startApp({ worker: false }), openBrowser()])
  // Something waits in the office: a diet to be decided.
  await sql`update enrolment set diet_code = 'DA-DEFINIRE' where id = (select e.id from enrolment e
    join municipality m on m.id = e.municipality_id and m.slug = 'mozzecane'
    where e.valid_to >= app_today() and e.valid_from <= app_today() order by e.id limit 1)`.execute(
    app.db.owner,
  )
}, START_MS)

const entering = async (part: DemoPart, viewport: { width: number; height: number }): Promise<Page> =>
  signInAs(await openContext(browser, { viewport }), app, part)

const office = (path = '') => `${app.origin}/admin/mozzecane${path}`
const heading = (page: Page, name: string | RegExp) =>
  page.getByRole('heading', { name, level: 1, exact: true }).waitFor()

describe.each([
  ['at a desk', DESK, '1366'],
  ['on a telephone', PHONE, '390'],
] as const)('the office %s', (_where, viewport, width) => {
  test('begins with what waits, takes it in hand, chooses its mails and reads who did what', async () => {
    const page = await entering('manager', viewport)
    await page.goto(office())
    await heading(page, 'Oggi')
    await page.getByRole('link', { name: /diet[ae] da definire$/ }).waitFor()
    await expectSound(page)
    await look(page, `ufficio-oggi-${width}`)
    await page.getByRole('button', { name: /^(Prendi in carico|Passa a me).*Diete da definire$/ }).click()
    await page.getByText(/^Ce l’hai tu, da/).waitFor()
    await page.getByRole('button', { name: /^Fatto.*Diete da definire$/ }).click()
    await page.getByText(/^Fatto, ha scritto/).waitFor()
    await expectSound(page)

    await page.goto(office('/avvisi'))
    await heading(page, 'Avvisi del lavoro')
    await page.getByLabel('Riepilogo del giorno').selectOption('8')
    await page.getByLabel('E-mail per il lavoro').fill('lavoro@ufficio.example')
    await page.getByRole('button', { name: 'Salva', exact: true }).click()
    await page.getByText('Le tue scelte sono salvate.').waitFor()
    await expectSound(page)
    await look(page, `ufficio-avvisi-${width}`)

    await page.goto(office('/registro'))
    await heading(page, 'Registro')
    await page.getByText('Lavoro dell’ufficio preso in carico').first().waitFor()
    await expectSound(page)
    await look(page, `registro-${width}`)
    await page.getByLabel('Nome, operazione o motivo').fill('avvisi')
    await page.getByRole('main').getByRole('button', { name: 'Cerca', exact: true }).click()
    await page.getByText('Avvisi del lavoro scelti').first().waitFor()
    await page.goto(office('/registro/conservazione'))
    await heading(page, 'Quanto si conserva')
    await expectSound(page)
    await look(page, `conservazione-${width}`)
    await page.context().close()
  })
})

test('the register of a family is reached from its page, and says that it was read', async () => {
  const page = await entering('manager', DESK)
  const { rows } = await sql<{ id: string }>`
    select m.household_id as id from household_member m join person p on p.municipality_id = m.municipality_id and p.id = m.person_id
    where p.fiscal_code = ${demoPeople.holder.fiscalCode} and m.role = 'holder' limit 1`.execute(app.db.owner)
  await page.goto(office(`/famiglie/${rows[0]?.id}`))
  await page.getByRole('link', { name: 'Tutto il registro della famiglia, con che cosa è cambiato' }).click()
  await heading(page, /^Registro: Famiglia/)
  await page.getByLabel('Anche letture e ricerche').check()
  await page.getByRole('main').getByRole('button', { name: 'Cerca', exact: true }).click()
  await page.getByText('Lettura del registro della famiglia').first().waitFor()
  await expectSound(page)
  await look(page, 'registro-famiglia-1366')
  await page.context().close()
})
