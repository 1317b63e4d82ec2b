import { mkdirSync } from 'node:fs'
import path from 'node:path'
import { sql } from 'kysely'
import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import { beforeAll, expect, test } from 'vitest'
import { demoPeople } from '#db/demo/people.ts'
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

const at = (tail: string) => `${app.origin}/admin/mozzecane${tail}`

async function look(page: Page, name: string): Promise<void> {
  if (!SCREENS) return
  mkdirSync(SCREENS, { recursive: true })
  await page.screenshot({ path: path.join(SCREENS, `${name}.png`), fullPage: true })
}

async function inTwoWeeks(): Promise<string> {
  const { rows } = await sql<{ day: string }>`select (app_today() + 14)::text as day`.execute(app.db.owner)
  return rows[0]?.day ?? ''
}

/** A brother of Moussa Diallo, who eats on two days and has no code yet. */
async function registerPartTime(page: Page): Promise<void> {
  await page.goto(at('/famiglie?cerca=Moussa'))
  await page.getByRole('link', { name: 'Diallo' }).click()
  await page.getByRole('link', { name: 'Aggiungi un alunno' }).click()
  const pupil = page.getByRole('group', { name: 'Alunno', exact: true })
  await pupil.getByLabel('Nome', { exact: true }).fill('Idris')
  await pupil.getByLabel('Cognome').fill('Diallo')
  await pupil.getByLabel('Data di nascita').fill('2019-05-06')
  await pupil.getByLabel('Classe').selectOption({ index: 1 })
  await pupil.getByLabel('Giorni in cui mangia').fill('mar gio')
  await page.getByRole('button', { name: 'Vedi che cosa succederà' }).click()
  await page.getByText('Mangia solo alcuni giorni: martedì e giovedì.').waitFor()
  await page.getByText('Idris Diallo non ha ancora un codice fiscale').waitFor()
  await expectSound(page)
  await look(page, 'registrazione-giorni-1366')
  await page.getByRole('button', { name: 'Conferma e registra' }).click()
  await page.getByRole('heading', { level: 1, name: 'Famiglia Diallo' }).waitFor()
}

/** The mother finds the days in *Servizi* and the calendar without the others. */
async function familyReads(): Promise<void> {
  const page = await signInAs(await openContext(browser, { viewport: PHONE }), app, 'otherHolder')
  await page.goto(`${app.origin}/mozzecane/servizi`)
  const idris = page.getByRole('region', { name: 'Idris Diallo' })
  await idris.getByText('Martedì e giovedì').waitFor()
  await expectSound(page)
  await look(page, 'servizi-390')
  const { rows } = await sql<{ id: string }>`select id from pupil where full_name = 'Idris Diallo'`.execute(
    app.db.owner,
  )
  await page.goto(`${app.origin}/mozzecane/prenotazioni?figlio=${rows[0]?.id}`)
  await page.getByText('Idris').first().waitFor()
  await expectSound(page)
  await look(page, 'calendario-390')
  await page.goto(`${app.origin}/mozzecane/oggi`)
  await page.getByText('Idris').first().waitFor()
  await look(page, 'oggi-390')
  await page.context().close()
}

test('a pupil without a code is registered on two weekdays, which change from a day on and come back', async () => {
  const page = await operator()
  await registerPartTime(page)
  await page.getByText('senza codice fiscale').first().waitFor()
  await page.getByText('Solo martedì e giovedì').first().waitFor()
  await look(page, 'scheda-giorni-1366')
  await familyReads()
  await page.getByRole('link', { name: 'Giorni in cui mangia Idris Diallo' }).click()
  await page.getByRole('heading', { level: 1, name: 'Giorni in cui mangia Idris Diallo' }).waitFor()
  await expectSound(page)
  await page.getByLabel('Giorni in cui mangia').fill('mar')
  await page.getByLabel('Dal giorno').fill(await inTwoWeeks())
  await page.getByLabel('Motivo').fill('Tempo ridotto')
  await page.getByRole('button', { name: 'Vedi che cosa succederà' }).click()
  await page.getByText('Se confermi').waitFor()
  await page.getByText(/in questi giorni: martedì/).waitFor()
  await expectSound(page)
  await look(page, 'giorni-1366')
  await page.setViewportSize(PHONE)
  await expectSound(page)
  await look(page, 'giorni-390')
  await page.getByRole('button', { name: 'Conferma', exact: true }).click()
  await page.getByText('I giorni in cui mangia sono cambiati').waitFor()
  await expectSound(page)
  await look(page, 'scheda-giorni-390')
  await page.setViewportSize(OFFICE)
  await page.getByRole('link', { name: 'Annulla l’ultimo cambio di Idris Diallo' }).click()
  await page.getByText(/Il cambio dei giorni deciso da/).waitFor()
  await page.getByLabel('Motivo').fill('Era un errore')
  await page.getByRole('button', { name: 'Vedi che cosa succederà' }).click()
  await page.getByText('Se confermi').waitFor()
  await page.getByRole('button', { name: 'Annulla il cambio' }).click()
  await page.getByText('Il cambio è annullato').waitFor()
  await page.goto(at('/alunni?codice=senza&stato='))
  await page.getByText('Diallo Idris').first().waitFor()
  await expectSound(page)
  await look(page, 'senza-codice-1366')
  await page.setViewportSize(PHONE)
  await expectSound(page)
  await look(page, 'senza-codice-390')
  await page.goto(at('/oggi'))
  await page.getByRole('main').getByText('1 alunno senza codice fiscale').first().waitFor()
  await look(page, 'oggi-ufficio-390')
  await page.context().close()
})

const monday = async (): Promise<string> => {
  const { rows } = await sql<{
    day: string
  }>`select (date_trunc('week', app_today())::date + 7)::text as day`.execute(app.db.owner)
  return rows[0]?.day ?? ''
}

/** What a parent of a child with two families finds in the calendar, and at the payments. */
async function parentReads(part: 'otherHolder' | 'unknown', id: string): Promise<void> {
  const page = await signInAs(await openContext(browser, { viewport: PHONE }), app, part)
  await page.goto(`${app.origin}/mozzecane/prenotazioni?figlio=${id}&mese=${(await monday()).slice(0, 7)}`)
  await page.getByText('Moussa').first().waitFor()
  await expectSound(page)
  await look(page, `due-case-calendario-${part}-390`)
  for (const room of ['oggi', 'servizi', 'pagamenti', 'pagamenti/ricarica', 'comunicazioni']) {
    await page.goto(`${app.origin}/mozzecane/${room}`)
    await page.getByRole('heading', { level: 1 }).first().waitFor()
    await expectSound(page)
    await look(page, `due-case-${room.replace('/', '-')}-${part}-390`)
  }
  await page.context().close()
}

test('the office gives alternate weeks to the other parent, and each sees, cancels and pays the own ones', async () => {
  const father = demoPeople.unknown
  const page = await operator()
  await page.goto(at('/famiglie?cerca=Moussa'))
  await page.getByRole('link', { name: 'Diallo' }).first().click()
  await page.getByRole('link', { name: 'Pasti di Moussa Diallo tra due famiglie' }).press('Enter')
  await page.getByRole('heading', { level: 1, name: 'Pasti di Moussa Diallo tra due famiglie' }).waitFor()
  await expectSound(page)
  await look(page, 'due-case-vuoto-1366')
  await page.getByLabel('Codice fiscale dell’altro genitore').fill(father.fiscalCode)
  await page.getByLabel('Nome (facoltativo)', { exact: true }).fill(father.givenName)
  await page.getByLabel('Cognome (facoltativo)').fill(father.familyName)
  await page.getByLabel('Lunedì della prima settimana').fill(await monday())
  await page
    .getByLabel('Dal giorno')
    .first()
    .fill(await monday())
  await page.getByLabel('Motivo').first().fill('Genitori separati')
  await page.getByRole('button', { name: 'Vedi che cosa succederà' }).first().click()
  await page.getByText('Nasce la famiglia Bassani').waitFor()
  await expectSound(page)
  await look(page, 'due-case-anteprima-1366')
  await page.setViewportSize(PHONE)
  await expectSound(page)
  await look(page, 'due-case-anteprima-390')
  await page.getByRole('button', { name: 'Conferma', exact: true }).first().click()
  await page.getByText('Deciso di chi sono i pasti').waitFor()
  await expectSound(page)
  await look(page, 'due-case-scheda-390')
  await page.setViewportSize(OFFICE)
  await page.getByRole('link', { name: 'Pasti di Moussa Diallo tra due famiglie' }).click()
  await page.getByRole('heading', { name: /Ridai tutti i pasti/ }).waitFor()
  await expectSound(page)
  await look(page, 'due-case-deciso-1366')
  const { rows } = await sql<{ id: string }>`select id from pupil where full_name = 'Moussa Diallo'`.execute(
    app.db.owner,
  )
  const id = rows[0]?.id as string
  await parentReads('otherHolder', id)
  await parentReads('unknown', id)
  const { rows: accounts } = await sql<{ n: number }>`
    select count(*)::int as n from account a join household h on h.municipality_id = a.municipality_id and h.id = a.household_id
    where h.name = 'Bassani'`.execute(app.db.owner)
  expect(accounts[0]?.n).toBe(1)
  await page.context().close()
}, 240_000)
