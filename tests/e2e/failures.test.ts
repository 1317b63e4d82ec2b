import { sql } from 'kysely'
import type { Browser, Page } from 'playwright-core'
import { afterEach, beforeAll, beforeEach, describe, expect, inject, test } from 'vitest'
import { WEB_ROLE } from '#db/role-settings.ts'
import { type App, seededTemplate, startApp } from '#tests/support/app.ts'
import { expectFits, openBrowser, openContext, PHONE } from '#tests/support/browser.ts'
import { withClient } from '#tests/support/cluster.ts'
import { setClock, testDatabase } from '#tests/support/database.ts'
import { openDatabaseLine } from '#tests/support/database-line.ts'
import { signInAs } from '#tests/support/demo-sign-in.ts'

/**
 * What a parent reads when the database does not answer, takes no write, or has no room left: in words, with a reference, with and
 * without JavaScript; and afterwards the portal works without a restart.
 */
const START_MS = 400_000
const PATIENCE_MS = 180_000
/** Longer than the portal waits for a database that says nothing. */
const ANSWER_MS = 60_000

let app: App
let browser: Browser
let line: Awaited<ReturnType<typeof openDatabaseLine>>
let morning: Date

beforeAll(async () => {
  const db = await testDatabase(await seededTemplate())
  line = await openDatabaseLine(db.webUrl)
  ;[app, browser] = await Promise.all([
    startApp({ worker: false, environment: { DATABASE_WEB_URL: line.url, DATABASE_POOL_SIZE: '3' } }),
    openBrowser(),
  ])
  const { rows } = await sql<{ cutoff_at: Date }>`
    select d.cutoff_at from pupil p
    join enrolment e on e.pupil_id = p.id
    join service_day d on d.service_id = e.service_id and d.school_id = e.school_id and d.status = 'open'
    where p.given_name = 'Greta' and p.family_name = 'Albertini' and d.day > app_today()
    order by d.day limit 1`.execute(app.db.owner)
  const [row] = rows
  if (!row) throw new Error('the demonstration has no day ahead')
  morning = new Date(row.cutoff_at.getTime() - 40 * 60_000)
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
  await setClock(morning)
  await sql`update session set authenticated_at = app_now(), created_at = app_now(), last_seen_at = app_now(),
    expires_at = app_now() + interval '8 hours' where ended_at is null`.execute(app.db.owner)
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

/** The page that needs no script. */
async function expectWords(page: Page): Promise<void> {
  await page.getByRole('heading', { name: AWAY }).waitFor()
  await page.getByText('Quello che hai confermato resta.').waitFor()
  await page.getByText(/di’ questo codice: \d+/).waitFor()
  await page.getByRole('link', { name: 'Riprova' }).waitFor()
  await expectFits(page)
}

describe.each(Object.keys(FAULTS))('while the database %s', (name) => {
  const fault = FAULTS[name] as Fault

  test('a parent without JavaScript who cancels reads words, and cancels afterwards', {
    timeout: PATIENCE_MS,
  }, async () => {
    const page = await onToday(false)
    await begin(fault)
    await press(page)
    await expectWords(page)
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
    const answer = await page.goto(`${app.origin}/mozzecane/oggi`)
    expect([answer?.status(), answer?.headers()['retry-after']]).toEqual([503, '3'])
    await expectWords(page)
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
    await page.goto(`${app.origin}/mozzecane/oggi`)
    await page.getByRole('heading', { name: /^(Qualcosa non va|Errore)$/ }).waitFor()
    await page
      .getByText(/\d{6,}/)
      .first()
      .waitFor()
    await end()
    await page.context().close()
  })
})
