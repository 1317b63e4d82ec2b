import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { sql } from 'kysely'
import type { Browser, Page } from 'playwright-core'
import { beforeAll, expect, test, vi } from 'vitest'
import { readClock } from '#db/clock.ts'
import { main as town } from '#scripts/town.ts'
import { type App, startApp } from '#tests/support/app.ts'
import { expectSound, openBrowser, openContext, PHONE } from '#tests/support/browser.ts'
import { type Citizen, signInCitizen } from '#tests/support/demo-sign-in.ts'
import { adultCode, csv, HEADERS, row, surname } from '#tests/support/import-files.ts'

/**
 * The beginning of a municipality, from an empty database to the first lunch that a parent cancels: the command, Primo avvio, the list of
 * the school, a colleague, the opening, the count.
 */
const START_MS = 400_000
const PATIENCE_MS = 180_000
const OFFICE = { width: 1366, height: 768 }
const SLUG = 'castelverde'
const PUPILS = 800
/** Where screens go when a person wants to look at them: SCREENS=folder. */
const SCREENS = process.env.SCREENS

let app: App
let browser: Browser

beforeAll(async () => {
  ;[app, browser] = await Promise.all([startApp({ empty: true }), openBrowser()])
}, START_MS)

async function look(page: Page, name: string): Promise<void> {
  await expectSound(page)
  if (!SCREENS) return
  mkdirSync(SCREENS, { recursive: true })
  await page.screenshot({ path: path.join(SCREENS, `inizio-${name}.png`), fullPage: true })
}

const person = (familyName: string, givenName: string): Citizen => ({
  ...{ familyName, givenName, birthDay: '1984-11-02', email: `${givenName.toLowerCase()}@example.it` },
  fiscalCode: adultCode(familyName, givenName),
})
const MANAGER = person('Albertini', 'Marco')
const COLLEAGUE = person('Serra', 'Paolo')

const office = (tail = '') => `${app.origin}/admin/${SLUG}${tail}`
const entering = async (who: Citizen, viewport = OFFICE): Promise<Page> =>
  signInCitizen(await openContext(browser, { viewport }), app, who, SLUG)
const heading = (page: Page, name: string | RegExp) => page.getByRole('heading', { name, level: 1 }).waitFor()

/** Makes the municipality as a person does: the example, filled in, and the command. */
async function createTown(): Promise<{ school: string }> {
  const { rows } = await sql<{ n: number }>`select count(*)::int as n from municipality`.execute(app.db.owner)
  expect(rows[0]?.n).toBe(0)
  const file = path.join(mkdtempSync(path.join(os.tmpdir(), 'refettorio-inizio-')), 'comune.json')
  const said = vi.spyOn(console, 'log').mockImplementation(() => undefined)
  process.env.DATABASE_URL = app.db.ownerUrl
  await town(['create', '--example', file])
  const written = JSON.parse(readFileSync(file, 'utf8'))
  Object.assign(written.comune, { nome: 'Castelverde', indirizzo_nel_portale: SLUG })
  Object.assign(written.responsabile, {
    ...{ nome: MANAGER.givenName, cognome: MANAGER.familyName, codice_fiscale: MANAGER.fiscalCode },
  })
  writeFileSync(file, JSON.stringify(written))
  await town(['create', '--file', file])
  said.mockRestore()
  return { school: written.scuole[0].nome }
}

/** Uploads the list of the school, reads the differences and confirms them. */
async function importList(page: Page, school: string): Promise<void> {
  const rows = Array.from({ length: PUPILS }, (_, n) =>
    row(school, {
      ...{ child: [surname(n), 'Zoe'], className: `${1 + (n % 5)}A` },
      ...{ father: [surname(n), 'Ugo'], mother: [surname(n), 'Eva'] },
    }),
  )
  await page.goto(office('/importa'))
  await page.getByLabel('L’elenco degli alunni').setInputFiles({
    ...{ name: 'elenco.csv', mimeType: 'text/csv', buffer: Buffer.from(csv([[...HEADERS], ...rows])) },
  })
  await page.getByRole('button', { name: 'Leggi il file' }).click()
  await page.getByText('Che cosa c’è in ogni colonna').waitFor()
  await page.getByLabel('Il padre').check()
  await page.getByRole('button', { name: 'Confronta con l’anagrafe' }).click()
  await page.getByText('Leggi, poi conferma').waitFor({ timeout: PATIENCE_MS })
  await page.getByText(`nuovi: ${PUPILS}`).first().waitFor()
  await page.getByRole('button', { name: 'Conferma e importa' }).click()
  await page.getByText('Annullare l’importazione').waitFor({ timeout: PATIENCE_MS })
  await look(page, '2-ricevuta')
}

async function inviteColleague(page: Page): Promise<void> {
  await page.goto(office('/colleghi/nuovo'))
  await heading(page, 'Invita un collega')
  await page.getByLabel('Codice fiscale').fill(COLLEAGUE.fiscalCode)
  await page.getByLabel('Nome', { exact: true }).fill(COLLEAGUE.givenName)
  await page.getByLabel('Cognome').fill(COLLEAGUE.familyName)
  await page.getByRole('checkbox', { name: 'Operatrice o operatore' }).check()
  await page.getByRole('button', { name: 'Mostra che cosa succederà' }).click()
  await page.getByRole('button', { name: 'Conferma e invita' }).click()
  await page.getByText('Il ruolo è dato: entra con SPID o CIE.').waitFor()
}

async function openToFamilies(page: Page): Promise<void> {
  const { today } = await readClock(app.db.owner)
  await page.goto(office('/impostazioni/avvio'))
  await page.getByText(`Ci sono ${PUPILS} alunni iscritti.`).waitFor()
  await page.getByLabel('Le famiglie entrano dal').fill(today)
  await page.getByRole('button', { name: 'Mostra che cosa succederà' }).click()
  await page.getByRole('button', { name: 'Apri alle famiglie', exact: true }).click()
  await page.getByRole('heading', { name: 'Apertura decisa' }).waitFor()
  await look(page, '3-apertura')
}

/** The child of a family, and the first day on which a meal of it can still be cancelled. */
async function firstMeal(familyName: string): Promise<{ pupil: string; day: string }> {
  const { rows } = await sql<{ pupil: string; day: string }>`
    select p.id as pupil, min(d.day)::text as day from pupil p
    join enrolment e on e.pupil_id = p.id
    join service_day d on d.school_id = e.school_id and d.service_id = e.service_id and d.status = 'open'
      and d.cutoff_at > app_now() + interval '1 hour' and d.day between e.valid_from and e.valid_to
    where p.family_name = ${familyName} group by p.id`.execute(app.db.owner)
  return rows[0] as { pupil: string; day: string }
}

test('a municipality begins with an empty database and counts the lunch that its first parent cancelled', {
  timeout: 4 * PATIENCE_MS,
}, async () => {
  const { school } = await createTown()
  const manager = await entering(MANAGER)
  await manager.goto(office())
  await manager.waitForURL('**/impostazioni/avvio')
  await heading(manager, 'Primo avvio')
  await manager.getByText('Non c’è nessun alunno iscritto.').waitFor()
  await look(manager, '1-primo-avvio')
  await importList(manager, school)
  await inviteColleague(manager)
  await openToFamilies(manager)

  const meal = await firstMeal(surname(0))
  const colleague = await entering(COLLEAGUE)
  const counted = async (meals: number) => {
    await colleague.goto(office(`/conteggi?giorno=${meal.day}`))
    await colleague
      .getByRole('region', { name: 'Pasti da preparare' })
      .getByText(new RegExp(`(?:^|\\D)${meals}(?:\\D|$)`))
      .first()
      .waitFor()
  }
  await counted(PUPILS)

  const parent = await entering(person(surname(0), 'Ugo'), PHONE)
  await parent.goto(`${app.origin}/${SLUG}/oggi`)
  await parent.getByText('Zoe').first().waitFor()
  await look(parent, '4-primo-genitore')
  await parent.goto(
    `${app.origin}/${SLUG}/prenotazioni/anteprima?figlio=${meal.pupil}&giorno=${meal.day}&azione=disdici`,
  )
  await parent.getByRole('button', { name: 'Conferma la disdetta' }).click()
  await heading(parent, 'Disdetta registrata')
  await counted(PUPILS - 1)
  await look(colleague, '5-conteggio')
  for (const page of [manager, colleague, parent]) await page.context().close()
})
