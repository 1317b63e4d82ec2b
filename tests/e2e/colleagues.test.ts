import { sql } from 'kysely'
import type { Browser, Page } from 'playwright-core'
import { beforeAll, describe, expect, test } from 'vitest'
import type { DemoPart } from '#db/demo/people.ts'
import { demoPeople } from '#db/demo/people.ts'
import { type App, startApp } from '#tests/support/app.ts'
import { expectSound, openBrowser, openContext, PHONE } from '#tests/support/browser.ts'
import { signInAs } from '#tests/support/demo-sign-in.ts'
import { aMunicipality, aStaffRole } from '#tests/support/factories.ts'

/** Building, seeding and starting everything on a busy machine. */
const START_MS = 400_000
const OFFICE_SCREEN = { width: 1366, height: 768 }

let app: App
let browser: Browser

beforeAll(async () => {
  ;[app, browser] = await Promise.all([startApp({ worker: false }), openBrowser()])
}, START_MS)

const entering = async (part: DemoPart, viewport = OFFICE_SCREEN): Promise<Page> =>
  signInAs(await openContext(browser, { viewport }), app, part)

const office = (path = '') => `${app.origin}/admin/mozzecane${path}`
const heading = (page: Page, name: string) => page.getByRole('heading', { name, level: 1 }).waitFor()

describe('a manager', () => {
  test('invites a colleague who enters, and takes the role away: the next click is outside', async () => {
    const manager = await entering('manager')
    await manager.goto(office('/colleghi'))
    await heading(manager, 'Colleghi')
    await expectSound(manager)
    await manager.getByRole('link', { name: 'Invita un collega' }).click()
    await heading(manager, 'Invita un collega')
    const { fiscalCode, givenName, familyName } = demoPeople.unknown
    await manager.getByLabel('Codice fiscale').fill(fiscalCode)
    await manager.getByLabel('Nome', { exact: true }).fill(givenName)
    await manager.getByLabel('Cognome').fill(familyName)
    await manager.getByRole('checkbox', { name: 'Operatrice o operatore' }).check()
    await manager.getByRole('button', { name: 'Mostra che cosa succederà' }).click()
    await manager.getByText(`${givenName} ${familyName} ha un ruolo: Operatrice o operatore`).waitFor()
    await expectSound(manager)
    await manager.getByRole('button', { name: 'Conferma e invita' }).click()
    await manager.getByText('Il ruolo è dato: entra con SPID o CIE.').waitFor()
    await expectSound(manager)

    const colleague = await entering('unknown')
    await colleague.goto(office())
    await heading(colleague, 'Oggi')
    await colleague.goto(office('/conteggi'))
    await heading(colleague, 'Conteggi di oggi')

    await manager.getByRole('link', { name: /^Togli o cambia la fine/ }).click()
    await heading(manager, `Togli un ruolo a ${givenName} ${familyName}`)
    await expectSound(manager)
    await manager.getByRole('radio', { name: 'Subito' }).check()
    await manager.getByRole('button', { name: 'Mostra che cosa succederà' }).click()
    await manager.getByText('Vale da subito, anche per le pagine già aperte.').waitFor()
    await manager.getByRole('button', { name: 'Conferma', exact: true }).click()
    await manager.getByText('Il ruolo è tolto da subito.').waitFor()

    await colleague.goto(office('/conteggi'))
    await colleague.waitForURL((url) => url.pathname.endsWith('/accesso/non-abilitato'))
    for (const page of [manager, colleague]) await page.context().close()
  })

  test('who is the last one stays, by keyboard too', async () => {
    const { rows } = await sql<{ person: string; role: string }>`
      select r.person_id as person, r.id as role from active_staff_member r
      join municipality m on m.id = r.municipality_id and m.slug = 'mozzecane' where r.role = 'manager'`.execute(
      app.db.owner,
    )
    const manager = await entering('manager')
    await manager.goto(office(`/colleghi/${rows[0]?.person}/ruoli/${rows[0]?.role}`))
    await manager.getByRole('radio', { name: 'Subito' }).focus()
    await manager.keyboard.press('Space')
    await manager.getByRole('button', { name: 'Mostra che cosa succederà' }).focus()
    await manager.keyboard.press('Enter')
    await manager
      .getByText(/^Senza questo ruolo il Comune resterebbe senza responsabile/)
      .first()
      .waitFor()
    await expect.poll(() => manager.getByRole('button', { name: 'Conferma', exact: true }).count()).toBe(0)
    await manager.context().close()
  })
})

/** The manager of the demonstration works for a second municipality too. */
async function aSecondOffice(): Promise<void> {
  const second = await aMunicipality()
  await sql`update municipality set name = 'Nogarole' where id = ${second.municipalityId}`.execute(
    app.db.owner,
  )
  const { rows } = await sql<{ id: string }>`
    insert into person (municipality_id, fiscal_code, fiscal_code_hash, given_name, family_name)
    select ${second.municipalityId}::uuid, p.fiscal_code, p.fiscal_code_hash, p.given_name, p.family_name from person p
    where p.fiscal_code = ${demoPeople.manager.fiscalCode} returning id`.execute(app.db.owner)
  await aStaffRole(second, { personId: rows[0]?.id ?? '' }, 'manager')
}

test('a manager of two municipalities begins at a desk over both, by keyboard alone, and passes from one to the other', async () => {
  await aSecondOffice()
  const page = await entering('manager')
  await page.goto(`${app.origin}/admin`)
  const towns = page.getByRole('list', { name: 'I tuoi Comuni' })
  await towns.getByText('Niente da sbrigare.').waitFor()
  await towns.getByRole('link', { name: 'Mozzecane', exact: true }).waitFor()
  await expectSound(page)
  await towns.getByRole('link', { name: 'Nogarole', exact: true }).focus()
  await page.keyboard.press('Enter')
  await heading(page, 'Oggi')
  await page.getByText('Comune di Nogarole').first().waitFor()
  await expectSound(page)
  await page.getByRole('link', { name: 'Passa a un altro dei tuoi 2 Comuni' }).focus()
  await page.keyboard.press('Enter')
  await towns.getByRole('link', { name: 'Mozzecane', exact: true }).waitFor()
  await page.context().close()
})

describe.each([
  ['cook', 'Conteggi di oggi', 'Area della cucina', 1],
  ['teacher', 'Le mie classi', 'Area della scuola', 1],
  ['schoolOffice', 'Le mie classi', 'Area della scuola', 2],
  ['reader', 'Numeri', 'Area del Comune', 1],
] as const)('the %s of the demonstration', (part, place, area, pages) => {
  test.each([OFFICE_SCREEN, PHONE])('has the own pages and no other, at $width', async (viewport) => {
    const page = await entering(part, viewport)
    await page.goto(office())
    await heading(page, place)
    await page.getByText(area).first().waitFor()
    await expectSound(page)
    const links = page.getByRole('navigation', { name: 'Sezioni del gestore' }).first().getByRole('link')
    if (viewport === OFFICE_SCREEN) await expect.poll(() => links.count()).toBe(pages)
    await page.goto(office('/famiglie'))
    await heading(page, 'Questa pagina non c’è')
    await page.context().close()
  })
})
