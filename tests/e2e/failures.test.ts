import { sql } from 'kysely'
import type { Browser, Page } from 'playwright-core'
import { afterEach, beforeAll, beforeEach, describe, expect, inject, test } from 'vitest'
import { WEB_ROLE } from '#db/role-settings.ts'
import { type App, seededTemplate, startApp } from '#tests/support/app.ts'
import { expectFits, expectSound, openBrowser, openContext, PHONE } from '#tests/support/browser.ts'
import { withClient } from '#tests/support/cluster.ts'
import { setClock, testDatabase } from '#tests/support/database.ts'
import { openDatabaseLine } from '#tests/support/database-line.ts'
import { signInAs } from '#tests/support/demo-sign-in.ts'
import { beginAt, schoolMorning } from '#tests/support/school-morning.ts'

/**
 * What a parent reads when the database does not answer, takes no write, or has no room left: in words, with a reference, with and
 * without JavaScript; and afterwards the portal works without a restart.
 */
const START_MS = 400_000
const PATIENCE_MS = 180_000
/** Longer than the portal waits for a database that says nothing. */
const ANSWER_MS = 60_000
/** How long it waits here for each statement: the driver takes it from the address. */
const DATABASE_MS = 3_000

let app: App
let browser: Browser
let line: Awaited<ReturnType<typeof openDatabaseLine>>
let morning: Date

beforeAll(async () => {
  const db = await testDatabase(await seededTemplate())
  line = await openDatabaseLine(db.webUrl)
  const url = `${line.url}?query_timeout=${DATABASE_MS}`
  ;[app, browser] = await Promise.all([
    startApp({ worker: false, environment: { DATABASE_WEB_URL: url, DATABASE_POOL_SIZE: '3' } }),
    openBrowser(),
  ])
  ;({ morning } = await schoolMorning(app))
}, START_MS)

beforeEach(() => setClock(null))

const hangUp = () =>
  sql`select pg_terminate_backend(pid) from pg_stat_activity
    where datname = current_database() and usename = current_user and pid <> pg_backend_pid()`.execute(
    app.db.web,
  )

/** Of the portal only: the connections of the test write on. */
async function onlyRead(setting: string): Promise<void> {
  await withClient(inject('superuserUrl'), (client) =>
    client.query(`alter role ${WEB_ROLE} in database ${app.db.name} ${setting}`),
  )
  await hangUp()
}

type Fault = { begin: () => Promise<unknown>; end: () => Promise<unknown> }
const FAULTS: Record<string, Fault> = {
  'does not answer': { begin: async () => line.freeze(), end: async () => line.thaw() },
  'only reads': {
    begin: () => onlyRead('set default_transaction_read_only = on'),
    end: () => onlyRead('reset default_transaction_read_only'),
  },
  'has a full disk': {
    begin: async () => {
      await sql`create function no_room() returns trigger language plpgsql as $$
        begin raise exception 'could not extend file: No space left on device' using errcode = 'disk_full'; end $$`.execute(
        app.db.owner,
      )
      await sql`create trigger no_room before insert on absence_receipt for each statement execute function no_room()`.execute(
        app.db.owner,
      )
    },
    end: () => sql`drop function no_room cascade`.execute(app.db.owner),
  },
}

let ending: (() => Promise<unknown>) | undefined
async function begin({ begin, end }: Fault): Promise<void> {
  ending = end
  await begin()
}
async function end(): Promise<void> {
  const now = ending
  ending = undefined
  await now?.()
}
afterEach(end)

/** A mother on *Oggi*, in the morning of a day with lunch. */
async function onToday(javaScriptEnabled: boolean): Promise<Page> {
  const page = await signInAs(await openContext(browser, { ...PHONE, javaScriptEnabled }), app, 'holder')
  page.setDefaultTimeout(ANSWER_MS)
  await beginAt(app, morning)
  await page.goto(`${app.origin}/mozzecane/oggi`)
  return page
}

/** The big button of today: what was sent while the database did not answer may have arrived. */
const press = (page: Page) =>
  page
    .getByRole('region', { name: 'Greta' })
    .getByRole('button', { name: /^(Segna assente oggi|Ripristina il pasto di oggi)$/ })
    .click()
const AWAY = 'Il portale in questo momento non risponde'

/**
 * Expects what every page of a failure says, and its reference in the log of the web, once.
 * @param logged what was in the log before
 * @param hasScripts axe looks at the page by a script of its own
 * @returns the reference
 */
async function expectWords(page: Page, title: string, logged: string, hasScripts = false): Promise<string> {
  await page.getByRole('heading', { name: title }).waitFor()
  await page.getByText('Quello che hai confermato resta.').waitFor()
  await page
    .getByText('Se stavi inviando qualcosa, prima di inviarlo di nuovo controlla se è arrivato.')
    .waitFor()
  await page.getByRole('link', { name: 'Riprova' }).waitFor()
  await (hasScripts ? expectSound(page) : expectFits(page))
  const code = (await page.getByText(/di’ questo codice: \d+/).textContent()) ?? ''
  const reference = /\d+/.exec(code)?.[0] ?? ''
  const lines = () => app.printed().slice(logged.length).split(`"digest":"${reference}"`).length - 1
  await expect.poll(lines, { message: code }).toBe(1)
  return reference
}

describe.each(Object.keys(FAULTS))('while the database %s', (name) => {
  const fault = FAULTS[name] as Fault

  test('a parent without JavaScript who cancels reads words, and cancels afterwards', {
    timeout: PATIENCE_MS,
  }, async () => {
    const page = await onToday(false)
    await begin(fault)
    const logged = app.printed()
    await press(page)
    await expectWords(page, AWAY, logged)
    await end()
    await page.getByRole('link', { name: 'Riprova' }).click()
    await page.waitForURL(/\/mozzecane\/prenotazioni$/)
    await page.context().close()
  })

  test('a parent with JavaScript who cancels reads them on the page', { timeout: PATIENCE_MS }, async () => {
    const page = await onToday(true)
    await page.getByText('mancano 40 minuti').first().waitFor()
    await begin(fault)
    await press(page)
    const alert = page.getByRole('alert').filter({ hasText: 'Non sappiamo se è cambiato qualcosa' })
    await alert.filter({ hasText: 'non risponde' }).waitFor()
    await end()
    await page.context().close()
  })
})

describe('a page that cannot be drawn', () => {
  test('is never white: it has words without JavaScript, and works again by itself', {
    timeout: PATIENCE_MS,
  }, async () => {
    const page = await onToday(false)
    await begin(FAULTS['does not answer'] as Fault)
    const logged = app.printed()
    const answer = await page.goto(`${app.origin}/mozzecane/oggi`)
    expect([answer?.status(), answer?.headers()['retry-after']]).toEqual([503, '3'])
    await expectWords(page, AWAY, logged)
    await end()
    await page.getByRole('link', { name: 'Riprova' }).click()
    await page.getByRole('region', { name: 'Greta' }).waitFor()
    await page.context().close()
  })

  test('shows the error page with its reference to who has JavaScript', {
    timeout: PATIENCE_MS,
  }, async () => {
    const page = await onToday(true)
    await begin(FAULTS['does not answer'] as Fault)
    const logged = app.printed()
    await page.goto(`${app.origin}/mozzecane/oggi`)
    await expectWords(page, 'Qualcosa non va', logged, true)
    await end()
    await page.context().close()
  })
})

describe('a form of a page that fails in the database', () => {
  const NO_TOP_UP: Fault = {
    begin: async () => {
      await sql`create function no_top_up() returns trigger language plpgsql as $$
        begin raise exception 'a fault in the making' using errcode = 'raise_exception'; end $$`.execute(
        app.db.owner,
      )
      await sql`create trigger no_top_up before insert on top_up for each statement execute function no_top_up()`.execute(
        app.db.owner,
      )
    },
    end: () => sql`drop function no_top_up cascade`.execute(app.db.owner),
  }

  test.each([
    ['without JavaScript', false],
    ['with JavaScript', true],
  ])(
    'has one reference, which the parent reads and the log has once, each time another, %s',
    {
      timeout: PATIENCE_MS,
    },
    async (_how, javaScriptEnabled) => {
      await begin(NO_TOP_UP)
      const page = await signInAs(await openContext(browser, { ...PHONE, javaScriptEnabled }), app, 'holder')
      const logged = app.printed()
      const references = new Set<string>()
      for (let time = 0; time < 2; time += 1) {
        await page.goto(`${app.origin}/mozzecane/pagamenti/ricarica?pasti=1&metodo=carta`)
        await page.getByRole('button', { name: /^Paga/ }).click()
        references.add(await expectWords(page, 'Qualcosa non va', logged, javaScriptEnabled))
      }
      expect(references.size).toBe(2)
      await end()
      await page.context().close()
    },
  )
})
