import { mkdirSync } from 'node:fs'
import path from 'node:path'
import { sql } from 'kysely'
import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import { beforeAll, describe, expect, test } from 'vitest'
import { demoPeople } from '#db/demo/people.ts'
import { makeFiscalCode } from '#lib/identity/fiscal-code.ts'
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

async function operator(options: BrowserContextOptions = {}): Promise<Page> {
  return signInAs(await openContext(browser, { viewport: OFFICE, ...options }), app, 'operator')
}

const at = (tail: string) => `${app.origin}/admin/mozzecane/famiglie${tail}`

async function look(page: Page, name: string): Promise<void> {
  if (!SCREENS) return
  mkdirSync(SCREENS, { recursive: true })
  await page.screenshot({ path: path.join(SCREENS, `${name}.png`), fullPage: true })
}

/** Goes on with Tab until a field has the focus. */
async function tabTo(page: Page, field: string): Promise<void> {
  const focused = () => page.evaluate(() => document.activeElement?.getAttribute('name') ?? '')
  for (let presses = 0; presses < 80 && (await focused()) !== field; presses += 1)
    await page.keyboard.press('Tab')
  expect(await focused()).toBe(field)
}

const CHILD = { givenName: 'Zeno', familyName: 'Bassani', birthDay: '2019-03-05', sex: 'M' } as const

describe('a family that turns up at the desk', () => {
  test('is registered by keyboard alone, and its holder signs in and finds the child', async () => {
    const { unknown: parent } = demoPeople
    const page = await operator()
    await page.goto(at(''))
    await page.getByRole('link', { name: 'Nuova famiglia' }).press('Enter')
    await page.getByRole('heading', { level: 1, name: 'Nuova famiglia' }).waitFor()
    await expectSound(page)
    await look(page, 'nuova-famiglia-1366')
    const focused = () => page.evaluate(() => document.activeElement?.getAttribute('name') ?? '')
    await expect.poll(focused).toBe('holder-fiscalCode')
    const typed: [field: string, text: string][] = [
      ['holder-fiscalCode', parent.fiscalCode],
      ['holder-givenName', parent.givenName],
      ['holder-familyName', parent.familyName],
      ['pupil1-fiscalCode', makeFiscalCode(CHILD)],
      ['pupil1-givenName', CHILD.givenName],
      ['pupil1-familyName', CHILD.familyName],
    ]
    for (const [field, text] of typed) {
      await tabTo(page, field)
      await page.keyboard.type(text)
    }
    await tabTo(page, 'pupil1-classId')
    await page.keyboard.type('2A')
    await tabTo(page, 'intent')
    await page.keyboard.press('Enter')
    await page.getByText('Se confermi').waitFor()
    await page.getByText('può entrare da subito con SPID o CIE').waitFor()
    await expectSound(page)
    await look(page, 'nuova-famiglia-anteprima-1366')
    // The answer took the focus: the next stop is the button that does it.
    await page.keyboard.press('Tab')
    await expect
      .poll(() => page.evaluate(() => document.activeElement?.textContent))
      .toBe('Conferma e registra')
    await page.keyboard.press('Enter')
    await page.getByText('La famiglia è registrata').waitFor()
    await page.getByRole('heading', { level: 1, name: 'Famiglia Bassani' }).waitFor()
    await expectSound(page)
    await look(page, 'famiglia-registrata-1366')
    await page.context().close()

    const family = await signInAs(await openContext(browser, { viewport: PHONE }), app, 'unknown')
    await family.goto(`${app.origin}/mozzecane/servizi`)
    await family.getByRole('heading', { name: 'Zeno Bassani' }).waitFor()
    await family.context().close()
  })

  test('is shown without JavaScript what is wrong at its field, what is there already, and nothing typed is lost', async () => {
    const page = await operator({ viewport: PHONE, javaScriptEnabled: false })
    await page.goto(at('/nuova'))
    const holder = page.getByRole('group', { name: 'Chi paga (intestatario)' })
    const pupil = page.getByRole('group', { name: 'Alunno', exact: true })
    await holder.getByLabel('Codice fiscale').fill('CNTLRA86D52L781')
    await holder.getByLabel('Nome', { exact: true }).fill('Laura')
    await holder.getByLabel('Cognome').fill('Conti')
    await pupil.getByLabel('Nome', { exact: true }).fill('Greta')
    await page.getByRole('button', { name: 'Vedi che cosa succederà' }).click()
    await page.locator('#holder-fiscalCode-errore').waitFor()
    await page.locator('#pupil1-classId-errore').waitFor()
    await expect.poll(() => pupil.getByLabel('Nome', { exact: true }).inputValue()).toBe('Greta')

    const { rows } = await sql<{ code: string; born: string }>`
      select fiscal_code as code, birth_date::text as born from pupil where full_name = 'Greta Albertini'`.execute(
      app.db.owner,
    )
    await holder.getByLabel('Codice fiscale').fill(demoPeople.holder.fiscalCode)
    await pupil.getByLabel('Codice fiscale').fill(rows[0]?.code ?? '')
    await pupil.getByLabel('Cognome').fill('Albertini')
    await pupil.getByLabel('Classe').selectOption({ index: 1 })
    await page.getByRole('button', { name: 'Vedi che cosa succederà' }).click()
    await page.getByText('È già registrato: qui non si salva niente').waitFor()
    await page.getByRole('link', { name: 'Albertini' }).first().waitFor()
    await expect.poll(() => page.getByRole('button', { name: 'Conferma e registra' }).count()).toBe(0)
    await expect.poll(() => holder.getByLabel('Cognome').inputValue()).toBe('Conti')
    await page.context().close()
  })
})

describe('a class list', () => {
  test('moves pupils to another class after a preview, on a phone too', async () => {
    const page = await operator({ viewport: PHONE })
    await page.goto(at('/classi'))
    await expectSound(page)
    await page.getByRole('link', { name: '3A' }).first().click()
    await page.getByRole('heading', { level: 1, name: 'Classe 3A' }).waitFor()
    await expectSound(page)
    await look(page, 'classe-390')
    await page.getByRole('button', { name: 'Vedi che cosa succederà' }).click()
    await page.getByRole('alert').getByText('Scegli almeno un alunno.').first().waitFor()
    await page.getByRole('checkbox').first().check()
    await page.getByLabel('Vanno nella classe').selectOption({ index: 1 })
    await page.getByLabel('Motivo').fill('Cambio di sezione')
    await page.getByRole('button', { name: 'Vedi che cosa succederà' }).click()
    await page.getByText(/un alunno mangia con/).waitFor()
    await expect.poll(() => page.getByRole('checkbox').first().isChecked()).toBe(true)
    await expectSound(page)
    await look(page, 'classe-anteprima-390')
    await page.getByRole('button', { name: 'Conferma e sposta' }).click()
    await page.getByText('Fatto: gli alunni sono in questa classe').waitFor()
    await page.context().close()
  })
})

describe('the last day of a pupil', () => {
  test('is previewed, decided and taken back from the sheet of the family, which folds on a phone', async () => {
    const page = await operator()
    await page.goto(at('?cerca=Moussa'))
    await page.getByRole('link', { name: 'Diallo' }).click()
    await page.getByRole('heading', { level: 1, name: 'Famiglia Diallo' }).waitFor()
    await expectSound(page)
    await page.getByRole('link', { name: 'Ultimo giorno di Moussa Diallo' }).click()
    await page.getByRole('heading', { level: 1, name: 'Ultimo giorno di Moussa Diallo' }).waitFor()
    const { rows } = await sql<{ day: string }>`select (app_today() + 7)::text as day`.execute(app.db.owner)
    await page.getByLabel('Ultimo giorno').fill(rows[0]?.day ?? '')
    await page.getByLabel('Motivo').fill('Si trasferisce')
    await page.getByRole('button', { name: 'Vedi che cosa succederà' }).click()
    await page.getByText('Se confermi').waitFor()
    await page.getByText(/rimborso da decidere/).waitFor()
    await expectSound(page)
    await look(page, 'ultimo-giorno-1366')
    await page.getByRole('button', { name: 'Conferma', exact: true }).click()
    await page.getByText('L’ultimo giorno è deciso').waitFor()
    await expectSound(page)
    await page.getByRole('link', { name: 'Annulla l’ultimo cambio di Moussa Diallo' }).click()
    await page.getByRole('heading', { level: 1, name: 'Annulla l’ultimo cambio di Moussa Diallo' }).waitFor()
    await page.getByLabel('Motivo').fill('Resta')
    await page.getByRole('button', { name: 'Vedi che cosa succederà' }).click()
    await page.getByText('Se confermi').waitFor()
    await expectSound(page)
    await look(page, 'annulla-1366')
    await page.getByRole('button', { name: 'Annulla il cambio' }).click()
    await page.getByText('Il cambio è annullato').waitFor()
    await expect.poll(() => page.getByRole('link', { name: 'Annulla l’ultimo cambio' }).count()).toBe(0)
    await page.setViewportSize(PHONE)
    await page.getByText('Saldo e ricariche').first().waitFor()
    await expect.poll(() => page.locator('details[open]').count()).toBe(0)
    await expectSound(page)
    await look(page, 'scheda-390')
    await page.context().close()
  })
})
