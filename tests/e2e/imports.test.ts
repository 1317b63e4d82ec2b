import { mkdirSync } from 'node:fs'
import path from 'node:path'
import { sql } from 'kysely'
import type { Browser, Page } from 'playwright-core'
import { beforeAll, expect, test } from 'vitest'
import { type App, startApp } from '#tests/support/app.ts'
import { expectSound, openBrowser, openContext, PHONE } from '#tests/support/browser.ts'
import { signInAs } from '#tests/support/demo-sign-in.ts'
import { csv, HEADERS, row, surname } from '#tests/support/import-files.ts'

const START_MS = 400_000
const OFFICE = { width: 1366, height: 768 }
const PATIENCE_MS = 120_000
const PUPILS = 800
/** No child of the demonstration is called so. */
const CHILD = 'Zuleica'
/** Where screens go when a person wants to look at them: SCREENS=folder. */
const SCREENS = process.env.SCREENS

let app: App
let browser: Browser

beforeAll(async () => {
  ;[app, browser] = await Promise.all([startApp(), openBrowser()])
}, START_MS)

const at = (tail: string) => `${app.origin}/admin/mozzecane${tail}`

async function look(page: Page, name: string): Promise<void> {
  // What stands half under the bar while a page is scrolled is no fault of the page.
  await page.evaluate(() => scrollTo(0, 0))
  await expectSound(page)
  if (!SCREENS) return
  mkdirSync(SCREENS, { recursive: true })
  for (const [width, size] of [
    ['1366', OFFICE],
    ['390', PHONE],
  ] as const) {
    await page.setViewportSize(size)
    await expectSound(page)
    await page.screenshot({ path: path.join(SCREENS, `${name}-${width}.png`), fullPage: true })
  }
  await page.setViewportSize(OFFICE)
}

/** A class of the demonstration. */
async function aClass(): Promise<{ school: string; name: string }> {
  const { rows: found } = await sql<{ school: string; name: string }>`
    select s.name as school, c.name from school_class c join school s on s.id = c.school_id
    join school_year y on y.id = c.school_year_id and y.ends_on >= app_today()
    join municipality m on m.id = c.municipality_id and m.slug = 'mozzecane'
    order by y.starts_on, s.name, c.name limit 1`.execute(app.db.owner)
  return found[0] as { school: string; name: string }
}

/** The list of a school: 800 children, one without a father and one with a wrong code. */
async function aList(): Promise<string> {
  const { school, name } = await aClass()
  const rows = Array.from({ length: PUPILS }, (_, n) =>
    row(school, {
      child: [surname(n), CHILD],
      className: name,
      father: n === 7 ? null : [surname(n), 'Ugo'],
      mother: [surname(n), 'Eva'],
    }),
  )
  return csv([[...HEADERS], ...rows.with(8, (rows[8] as string[]).with(2, 'ZBOZOE18D49L781A'))])
}

/** A list of one child of a family that is not there, with what it had left. */
async function listOfOne(family: string, balance: string): Promise<string> {
  const { school, name } = await aClass()
  const cells = row(school, {
    child: [family, 'Ines'],
    className: name,
    father: [family, 'Ugo'],
    mother: null,
  })
  return csv([
    [...HEADERS, 'Saldo'],
    [...cells, balance],
    ['Totale', ...Array.from({ length: cells.length - 1 }, () => ''), balance],
  ])
}

async function upload(page: Page, content: string): Promise<void> {
  await page.goto(at('/importa'))
  await page
    .getByLabel('L’elenco degli alunni')
    .setInputFiles({ name: 'elenco.csv', mimeType: 'text/csv', buffer: Buffer.from(content) })
  await page.getByRole('button', { name: 'Leggi il file' }).click()
  await page.getByText('Che cosa c’è in ogni colonna').waitFor()
}

async function answer(page: Page): Promise<void> {
  await page.getByLabel('Il padre').check()
  await page.getByLabel('Di ogni alunno: i saldi dei fratelli si sommano').check()
  await page.getByLabel('Di che giorno sono i saldi').fill('2026-08-31')
}

const pupils = async (): Promise<number> => {
  const { rows } = await sql<{
    n: number
  }>`select count(*)::int as n from pupil where given_name = ${CHILD}`.execute(app.db.owner)
  return rows[0]?.n ?? 0
}

test('a list of 800 pupils is uploaded, compared, decided, imported and taken back', {
  timeout: 4 * PATIENCE_MS,
}, async () => {
  const page = await signInAs(await openContext(browser, { viewport: OFFICE }), app, 'operator')
  await page.goto(at('/importa'))
  await page
    .getByLabel('L’elenco degli alunni')
    .setInputFiles({ name: 'elenco.csv', mimeType: 'text/csv', buffer: Buffer.from(await aList()) })
  await look(page, 'importa')
  await page.getByRole('button', { name: 'Leggi il file' }).click()

  await page.getByText('Che cosa c’è in ogni colonna').waitFor()
  await page.getByLabel('Il padre').check()
  await page.getByLabel('È delegato: vede il calendario e disdice i pasti').check()
  await look(page, 'importa-colonne')
  await page.getByRole('button', { name: 'Confronta con l’anagrafe' }).click()

  await page.getByText('Leggi, poi conferma').waitFor({ timeout: PATIENCE_MS })
  await page.getByText('Nel file manca il padre: pagherebbe Eva').waitFor()
  await look(page, 'importa-differenze')
  await page.getByLabel('Va bene così: importa').check()
  await page.getByRole('button', { name: 'Tieni queste decisioni' }).click()
  await page.getByText('Fatto: le decisioni sono segnate.').waitFor()
  await page.getByRole('link', { name: /^Da correggere/ }).click()
  await page.getByText('ZBOZOE18D49L781A» non è valido').waitFor()
  await page.getByRole('button', { name: 'Conferma e importa' }).click()

  await page.getByText('Annullare l’importazione').waitFor({ timeout: PATIENCE_MS })
  await look(page, 'importa-ricevuta')
  expect(await pupils()).toBe(PUPILS - 1)
  await page.goto(at(`/famiglie?cerca=${surname(7)}`))
  await page
    .getByText(`${CHILD} ${surname(7)}`)
    .first()
    .waitFor()

  await page.goBack()
  await page.getByText('Annullare l’importazione').click()
  await page.getByRole('button', { name: 'Annulla tutta l’importazione' }).click()
  await page.getByText('Ogni riga è tornata come era prima.').waitFor({ timeout: PATIENCE_MS })
  expect(await pupils()).toBe(0)
  await page.goto(at('/importa'))
  await page.getByRole('cell', { name: 'Annullata' }).waitFor()
  await look(page, 'importa-elenco')
  await page.context().close()
})

test('two colleagues import together: the second is told, and goes on when the first has done', {
  timeout: 3 * PATIENCE_MS,
}, async () => {
  const [first, second] = await Promise.all(
    (['operator', 'manager'] as const).map(async (part) =>
      signInAs(await openContext(browser, { viewport: OFFICE }), app, part),
    ),
  )
  if (!first || !second) throw new Error('two pages')
  await app.killWorker()
  const compare = (page: Page) => page.getByRole('button', { name: 'Confronta con l’anagrafe' }).click()
  for (const [page, name] of [
    [first, 'Primo'],
    [second, 'Secondo'],
  ] as const) {
    await upload(page, await listOfOne(name, '1,00'))
    await answer(page)
  }
  await compare(first)
  await first.getByText('Confronto il file con l’anagrafe').waitFor()
  await compare(second)
  await second
    .getByText('Un’altra importazione è in corso: aspetta che finisca, poi riprova.')
    .first()
    .waitFor()
  await look(second, 'importa-occupato')
  await app.startWorker()
  await first.getByText('Leggi, poi conferma').waitFor({ timeout: PATIENCE_MS })
  await compare(second)
  await second.getByText('Leggi, poi conferma').waitFor({ timeout: PATIENCE_MS })
  for (const page of [first, second]) await page.context().close()
})

test('the balance of a new family waits for its account, is opened to the cent and reversed', {
  timeout: 3 * PATIENCE_MS,
}, async () => {
  const balance = async () => {
    const { rows } = await sql<{ cents: number }>`select a.balance_cents as cents from account a
      join household h on h.id = a.household_id where h.name = 'Terzo'`.execute(app.db.owner)
    return rows[0]?.cents ?? null
  }
  const page = await signInAs(await openContext(browser, { viewport: OFFICE }), app, 'manager')
  await upload(page, await listOfOne('Terzo', '-12,50'))
  await answer(page)
  await look(page, 'importa-saldi-colonne')
  await page.getByRole('button', { name: 'Confronta con l’anagrafe' }).click()
  await page.getByText('Leggi, poi conferma').waitFor({ timeout: PATIENCE_MS })
  await page.getByText('La riga di totale del file dice lo stesso').waitFor()
  await look(page, 'importa-saldi-differenze')
  await page.getByRole('button', { name: 'Conferma e importa' }).click()
  await page.getByRole('button', { name: 'Registra i saldi' }).waitFor({ timeout: PATIENCE_MS })
  await look(page, 'importa-saldi-aspettano')
  expect(await balance()).toBe(0)
  await page.getByRole('button', { name: 'Registra i saldi' }).click()
  await page.getByText('Leggi, poi conferma').waitFor({ timeout: PATIENCE_MS })
  await page.getByRole('button', { name: 'Conferma e importa' }).click()
  await page.getByText('Annullare l’importazione').waitFor({ timeout: PATIENCE_MS })
  await look(page, 'importa-saldi-ricevuta')
  expect(await balance()).toBe(-1250)
  await page.getByText('Annullare l’importazione').click()
  await page.getByRole('button', { name: 'Annulla tutta l’importazione' }).click()
  await page
    .getByText('Ogni riga è tornata come era prima.', { exact: false })
    .waitFor({ timeout: PATIENCE_MS })
  expect(await balance()).toBe(0)

  await page.goto(at('/impostazioni/esportazione'))
  await page.getByRole('heading', { name: 'Esporta tutto', level: 1 }).waitFor()
  await look(page, 'esporta-tutto')
  const download = page.waitForEvent('download')
  await page.getByRole('link', { name: 'Scarica tutti i dati' }).click()
  expect((await download).suggestedFilename()).toMatch(/^mozzecane-\d{4}-\d{2}-\d{2}\.zip$/)
  await page.context().close()
})
