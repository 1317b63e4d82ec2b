import { sql } from 'kysely'
import type { Browser, Page } from 'playwright-core'
import { beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import type { DemoPart } from '#db/demo/people.ts'
import { env } from '#lib/kernel/env.ts'
import { type App, startApp } from '#tests/support/app.ts'
import { DESKTOP, expectFits, expectSound, openBrowser, openContext, PHONE } from '#tests/support/browser.ts'
import { expectOutput } from '#tests/support/console.ts'
import { setClock } from '#tests/support/database.ts'
import { signInAs } from '#tests/support/demo-sign-in.ts'
import { beginAt, schoolMorning } from '#tests/support/school-morning.ts'
import { openSilentServer } from '#tests/support/silent-server.ts'

/**
 * What a family and the office read while something else than the database hangs or is dead: the payment provider, the mail
 * server, the worker, a web process. On a phone, with and without JavaScript. The mail server hangs throughout: nothing else may wait for it.
 */
const START_MS = 400_000
const PATIENCE = { timeout: 60_000, interval: 200 }
/** What a person waits for the provider at most. */
const PROVIDER_MS = 2_000

let app: App
let browser: Browser
let mail: Awaited<ReturnType<typeof openSilentServer>>
let morning: Date
let cutoff: Date
let day: string

beforeAll(async () => {
  mail = await openSilentServer()
  ;[app, browser] = await Promise.all([
    startApp({
      environment: { SMTP_URL: `smtp://${mail.host}`, PAYMENTS_TIMEOUT_MS: String(PROVIDER_MS) },
    }),
    openBrowser(),
  ])
  ;({ morning, cutoff, day } = await schoolMorning(app))
}, START_MS)

beforeEach(() => setClock(null))

async function arrive(
  javaScriptEnabled: boolean,
  part: DemoPart = 'holder',
  viewport: { width: number; height: number } = PHONE,
): Promise<Page> {
  const page = await signInAs(await openContext(browser, { viewport, javaScriptEnabled }), app, part)
  page.setDefaultTimeout(PATIENCE.timeout)
  return page
}

const press = (page: Page, name: string | RegExp) => page.getByRole('button', { name }).click()

/** axe looks at a page by a script of its own. */
const expectGood = (page: Page, hasScripts: boolean) => (hasScripts ? expectSound(page) : expectFits(page))

/** Asks the simulated provider for something. */
async function provider(path: string, body: object): Promise<void> {
  const answer = await fetch(`${app.paymentsOrigin}/__control/${path}`, {
    method: 'POST',
    headers: { 'X-Api-Key': env().PAYMENTS_API_KEY },
    body: JSON.stringify(body),
  })
  expect(answer.status, path).toBe(200)
}

const newestOrder = async (): Promise<string> =>
  (
    await app.db.owner
      .selectFrom('top_up')
      .select('order_id')
      .orderBy('created_at', 'desc')
      .orderBy('id', 'desc')
      .executeTakeFirstOrThrow()
  ).order_id

const JAVA_SCRIPT = [
  ['without JavaScript', false],
  ['with JavaScript', true],
] as const

/** Goes to the provider's page, to pay one meal by card. */
async function toProvider(page: Page): Promise<void> {
  await page.goto(`${app.origin}/mozzecane/pagamenti/ricarica?pasti=1&metodo=carta`)
  await press(page, /^Paga/)
  await page.waitForURL(`${app.paymentsOrigin}/**`)
}

/** Pays there, and comes back to the portal. */
async function payAndReturn(page: Page): Promise<void> {
  await page.getByLabel('Numero della carta').fill('4349 9401 9900 4549')
  await press(page, /^Paga/)
  await page.waitForURL(`${app.origin}/**`)
  await page.getByRole('heading', { name: 'Stiamo verificando il pagamento' }).waitFor()
  await page.getByText('Non pagare di nuovo.').waitFor()
}

/** The payment succeeds at the latest when the page is looked at again: by itself with JavaScript, by its link without. */
async function untilPaid(page: Page, looksByItself: boolean): Promise<void> {
  const paid = page.getByRole('heading', { name: 'Pagamento riuscito' })
  if (looksByItself) return paid.waitFor()
  await vi.waitFor(async () => {
    await page.getByRole('link', { name: 'Aggiorna ora' }).click()
    await paid.waitFor({ timeout: 5_000 })
  }, PATIENCE)
}

describe.each(JAVA_SCRIPT)('while the payment provider hangs, %s', (_how, hasScripts) => {
  test('a parent who starts a top-up sees that it goes on, and reads within one time-out that nothing was paid', async () => {
    const page = await arrive(hasScripts)
    await provider('next-faults', { create: 'timeoutAfterCommit', status: 'timeout' })
    await page.goto(`${app.origin}/mozzecane/pagamenti/ricarica?pasti=1&metodo=carta`)
    await page.getByRole('heading', { name: 'Controlla e paga' }).waitFor()
    const pressed = press(page, /^Paga/)
    if (hasScripts) await page.getByRole('button', { name: 'Apro la pagina di pagamento…' }).waitFor()
    await page
      .getByRole('main')
      .getByRole('alert')
      .filter({ hasText: 'Il servizio di pagamento non risponde. Non hai pagato nulla' })
      .waitFor()
    await pressed
    await page.getByRole('button', { name: /^Paga/ }).waitFor()
    await expectGood(page, hasScripts)
    await page.context().close()
  })

  test('a parent who has paid and comes back reads that it is being checked, and then that it succeeded', async () => {
    const page = await arrive(hasScripts)
    await toProvider(page)
    const order = await newestOrder()
    await provider(`orders/${order}/faults`, { notification: 'never', status: 'timeout' })
    await payAndReturn(page)
    await expectGood(page, hasScripts)
    await provider(`orders/${order}/faults`, {})
    await untilPaid(page, hasScripts)
    await page.context().close()
  })
})

describe.each(JAVA_SCRIPT)('while the mail server hangs, %s', (_how, hasScripts) => {
  test('an act that sends a mail is done and says so, and the mail waits', async () => {
    const page = await arrive(hasScripts)
    await page.goto(`${app.origin}/mozzecane/profilo`)
    const address = `laura.${hasScripts}@example.it`
    await page.getByRole('textbox', { name: 'Nuova e-mail' }).fill(address)
    await press(page, 'Manda il codice')
    await page.getByRole('textbox', { name: 'Codice di sei cifre' }).waitFor()
    await expectGood(page, hasScripts)
    // The server has the worker's connection by now, and has not said a word.
    await vi.waitFor(() => expect(mail.waiting()).toBeGreaterThan(0), PATIENCE)
    const letter = await app.db.owner
      .selectFrom('outbox')
      .select(['outcome'])
      .where('recipient', '=', address)
      .executeTakeFirstOrThrow()
    expect(letter).toEqual({ outcome: null })
    await page.context().close()
  })
})

describe('while no worker works', () => {
  /** As it is found: the last sign of life is some minutes old. */
  async function withoutWorker(work: () => Promise<void>): Promise<void> {
    await app.killWorker()
    await sql`delete from heartbeat where source = 'worker'`.execute(app.db.owner)
    await sql`insert into heartbeat (source, minute)
      values ('worker', date_trunc('minute', clock_timestamp()) - interval '12 minutes')`.execute(
      app.db.owner,
    )
    try {
      await work()
    } finally {
      // A worker in the clock of the test would close its day.
      await setClock(null)
      await app.startWorker()
    }
  }

  test.each(JAVA_SCRIPT)('a parent cancels as always, %s', async (_how, hasScripts) => {
    await withoutWorker(async () => {
      const page = await arrive(hasScripts)
      await beginAt(app, morning)
      await page.goto(`${app.origin}/mozzecane/oggi`)
      const card = page.getByRole('region', { name: 'Greta' })
      await card.getByRole('button', { name: /^(Segna assente|Ripristina il pasto di) oggi$/ }).waitFor()
      const isAbsent = (await card.getByRole('button', { name: 'Ripristina il pasto di oggi' }).count()) > 0
      const [now, then] = ['Segna assente oggi', 'Ripristina il pasto di oggi'] as const
      await card.getByRole('button', { name: isAbsent ? then : now }).click()
      await card.getByRole('button', { name: isAbsent ? now : then }).waitFor()
      await expectGood(page, hasScripts)
      await page.context().close()
    })
  })

  test.each(JAVA_SCRIPT)('a payment is being checked until it works again, %s', async (_how, hasScripts) => {
    const page = await arrive(hasScripts)
    await toProvider(page)
    await withoutWorker(async () => {
      await payAndReturn(page)
    })
    await untilPaid(page, hasScripts)
    await page.context().close()
  })

  test.each([
    ['a phone', PHONE],
    ['a desk', DESKTOP],
  ])(
    'the office reads in the counts that nothing is closed, and until when it worked, at %s',
    async (_where, viewport) => {
      await withoutWorker(async () => {
        const page = await arrive(true, 'manager', viewport)
        await beginAt(app, new Date(cutoff.getTime() + 60_000))
        const counts = `${app.origin}/admin/mozzecane/conteggi?giorno=${day}`
        await page.goto(counts)
        await page.getByRole('heading', { name: 'Il lavoro automatico del portale è fermo' }).waitFor()
        await page.getByText(/Ultimo segno: .* alle \d+:\d\d\. Le famiglie disdicono come sempre/).waitFor()
        await expectSound(page)
        await page.context().close()
      })
      const page = await arrive(true, 'manager', viewport)
      await vi.waitFor(async () => {
        await page.goto(`${app.origin}/admin/mozzecane/conteggi`)
        await page.getByRole('heading', { level: 1, name: /^Conteggi/ }).waitFor()
        await page
          .getByRole('heading', { name: 'Il lavoro automatico del portale è fermo' })
          .waitFor({ state: 'detached', timeout: 5_000 })
      }, PATIENCE)
      await page.context().close()
    },
  )
})

describe('while the web process is stuck', () => {
  const REPLACED = /web: process \d+ did not answer for 10 s: it is replaced/
  const button = (page: Page) =>
    page
      .getByRole('region', { name: 'Greta' })
      .getByRole('button', { name: /^(Segna assente|Ripristina il pasto di) oggi$/ })

  /** Halts the only process while a mother is on *Oggi*. @returns waits until another has taken its place, and looks there again */
  async function haltUnder(page: Page): Promise<() => Promise<void>> {
    await beginAt(app, morning)
    await page.goto(`${app.origin}/mozzecane/oggi`)
    await button(page).waitFor()
    expectOutput(REPLACED)
    const before = app.printed().length
    app.haltWeb()
    return async () => {
      await vi.waitFor(() => expect(app.printed().slice(before)).toMatch(REPLACED), PATIENCE)
      // A connection that the stuck process had been given gets no answer from any: the next try has its own.
      await vi.waitFor(() => page.goto(`${app.origin}/mozzecane/oggi`, { timeout: 5_000 }), PATIENCE)
      await button(page).waitFor()
    }
  }

  test('a parent with JavaScript reads what is known of the change, and finds the portal again', async () => {
    const page = await arrive(true)
    const untilReplaced = await haltUnder(page)
    await button(page).click()
    // The page asks again by itself, so the process that takes the place may have answered.
    const unknown = page.getByRole('alert').filter({ hasText: 'Non sappiamo se è cambiato qualcosa' })
    await unknown
      .or(page.getByText(/Ricevuta n\. /))
      .first()
      .waitFor()
    await expectSound(page)
    await untilReplaced()
    await page.context().close()
  })

  test('a parent without JavaScript finds it again with the next try', async () => {
    const page = await arrive(false)
    const untilReplaced = await haltUnder(page)
    await button(page).click({ noWaitAfter: true })
    await untilReplaced()
    await page.context().close()
  })
})
