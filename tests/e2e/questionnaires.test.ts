import { sql } from 'kysely'
import type { Browser, Page } from 'playwright-core'
import { beforeAll, describe, expect, test } from 'vitest'
import { type App, startApp } from '#tests/support/app.ts'
import {
  complaintsOf,
  expectAccessible,
  expectFits,
  openBrowser,
  openContext,
} from '#tests/support/browser.ts'
import { setClock } from '#tests/support/database.ts'
import { signInAs } from '#tests/support/demo-sign-in.ts'

const START_MS = 400_000
const SMALL_PHONE = { width: 320, height: 640 }
const OPEN = 'Il menù d’inverno: che cosa ne pensa tuo figlio?'
const CLOSED = 'Com’è andato il primo mese di mensa?'

let app: App
let browser: Browser
beforeAll(async () => {
  ;[app, browser] = await Promise.all([startApp({ worker: false }), openBrowser()])
}, START_MS)

const family = (path = '') => `${app.origin}/mozzecane/questionari${path}`
const office = (path = '') => `${app.origin}/admin/mozzecane/questionari${path}`
const button = (page: Page, name: string | RegExp) => page.getByRole('main').getByRole('button', { name })

async function answersStored(): Promise<number> {
  const { rows } = await sql<{ n: number }>`select count(*)::int as n from questionnaire_answer`.execute(
    app.db.owner,
  )
  return rows[0]?.n ?? -1
}

describe('a parent on a small phone', () => {
  test('is told what is missing, answers for one child, changes it, and the other parent reads who answered', async () => {
    const mother = await signInAs(await openContext(browser, { viewport: SMALL_PHONE }), app, 'holder')
    const complaints = complaintsOf(mother)
    await mother.goto(family())
    await expectAccessible(mother)
    await mother.getByRole('link', { name: `${OPEN}: Greta` }).click()
    await mother.getByRole('heading', { level: 1, name: OPEN }).waitFor()
    await expectAccessible(mother)
    await expectFits(mother)
    const before = await answersStored()
    await mother.getByLabel(/3\. Quale piatto/).fill('Terrebbe tutto.')
    await button(mother, 'Manda la risposta').click()
    await mother.getByRole('alert').getByRole('link', { name: 'Manca la risposta' }).first().waitFor()
    expect(await mother.getByLabel(/3\. Quale piatto/).inputValue()).toBe('Terrebbe tutto.')
    await expectAccessible(mother)
    expect(await answersStored()).toBe(before)
    await mother.getByRole('radio', { name: /^4/ }).check()
    await mother.getByRole('radio', { name: 'Tranquillo' }).check()
    await button(mother, 'Manda la risposta').click()
    await mother.getByText('Grazie, la risposta è arrivata').waitFor()
    await expect.poll(() => mother.getByRole('link', { name: 'Rispondi per Sofia' }).count()).toBe(1)
    expect(await answersStored()).toBe(before + 3)
    await mother.getByRole('radio', { name: /^5/ }).check()
    const changed = mother.waitForResponse((response) => response.request().method() === 'POST')
    await button(mother, 'Cambia la risposta').click()
    // Its head comes when the change is stored; its body may never end, since the page goes on to itself.
    await changed
    expect(await answersStored()).toBe(before + 3)
    await mother.reload()
    expect(await mother.getByRole('radio', { name: /^5/ }).isChecked()).toBe(true)
    const address = mother.url().replace('&fatto=si', '')
    expect(complaints).toEqual([])

    const father = await signInAs(await openContext(browser), app, 'delegate')
    await father.goto(address)
    expect(await father.getByRole('main').textContent()).toMatch(/Ha risposto Laura, (il |l’)\d/)
    await expect.poll(() => button(father, /risposta/).count()).toBe(0)
    await Promise.all([mother.context().close(), father.context().close()])
  })

  test('is refused clearly without network, in two tabs and after the end, and loses nothing typed', async () => {
    const context = await openContext(browser)
    const page = await signInAs(context, app, 'holder')
    await page.goto(family())
    await page.getByRole('link', { name: `${OPEN}: Sofia` }).click()
    await page.getByRole('radio', { name: /^2/ }).check()
    await page.getByRole('radio', { name: 'Troppo rumoroso' }).check()
    await page.getByLabel(/3\. Quale piatto/).fill('Il minestrone.')
    const address = page.url()
    const before = await answersStored()
    await context.setOffline(true)
    await button(page, 'Manda la risposta').click()
    await page.getByRole('alert').getByText('Non c’è rete').waitFor()
    expect(await page.getByLabel(/3\. Quale piatto/).inputValue()).toBe('Il minestrone.')
    expect(await page.getByRole('radio', { name: /^2/ }).isChecked()).toBe(true)
    await context.setOffline(false)

    const { rows } = await sql<{ closes_at: Date; id: string }>`
      select id, closes_at from questionnaire where title = ${OPEN}`.execute(app.db.owner)
    await setClock(rows[0]?.closes_at as Date)
    await sql`update session set last_seen_at = app_now(), expires_at = app_now() + interval '1 hour' where ended_at is null`.execute(
      app.db.owner,
    )
    await button(page, 'Manda la risposta').click()
    await page.getByRole('alert').getByText('si è chiuso').waitFor()
    expect(await page.getByLabel(/3\. Quale piatto/).inputValue()).toBe('Il minestrone.')
    expect(await answersStored()).toBe(before)
    await setClock(null)
    await sql`update session set last_seen_at = app_now(), expires_at = app_now() + interval '1 hour' where ended_at is null`.execute(
      app.db.owner,
    )

    const second = await context.newPage()
    await second.goto(address)
    await second.getByRole('radio', { name: /^1/ }).check()
    await second.getByRole('radio', { name: 'Tranquillo' }).check()
    await button(second, 'Manda la risposta').click()
    await second.getByText('Grazie, la risposta è arrivata').waitFor()
    await button(page, 'Manda la risposta').click()
    await page.getByRole('alert').getByText('da un’altra finestra').waitFor()
    expect(await page.getByLabel(/3\. Quale piatto/).inputValue()).toBe('Il minestrone.')
    await context.close()
  })

  test('reads the results of what has closed, as numbers, and no text of another parent', async () => {
    const page = await signInAs(await openContext(browser, { viewport: SMALL_PHONE }), app, 'holder')
    await page.goto(family())
    await page.getByRole('link', { name: `${CLOSED}: Per tutta la famiglia` }).click()
    await page.getByRole('heading', { name: 'I risultati' }).waitFor()
    const text = (await page.getByRole('main').textContent()) ?? ''
    expect(text).toMatch(/\d+ risposte/)
    expect(text).not.toContain('minestra')
    expect(text).not.toContain('Grazie alle signore')
    await expectAccessible(page)
    await expectFits(page)
    await page.context().close()
  })
})

describe('the office', () => {
  test('writes without JavaScript, is told what is missing, looks at it as a family does, publishes, closes', async () => {
    const context = await openContext(browser, {
      javaScriptEnabled: false,
      viewport: { width: 1440, height: 900 },
    })
    const page = await signInAs(context, app, 'manager')
    await page.goto(office('/nuovo'))
    await page.getByLabel('Titolo').fill('Gli orari, vanno bene?')
    await page.getByRole('textbox', { name: 'La domanda' }).fill('Come va l’orario del pranzo?')
    await page.getByLabel('Risposte possibili').fill('Bene')
    await button(page, 'Aggiungi una domanda').click()
    await page.getByRole('group', { name: 'Domanda 2' }).waitFor()
    const missing = page
      .getByRole('main')
      .getByRole('link', { name: /Domanda 1: servono|fino a quando|Domanda 2: scrivi/ })
    await expect.poll(() => missing.count()).toBe(3)
    await page.getByText('Mancano ancora 4 cose').waitFor()
    await expect.poll(() => button(page, 'Pubblica').count()).toBe(0)
    await page.getByLabel('Risposte possibili').first().fill('Bene\nMale')
    await button(page, 'Togli la domanda 2').click()
    await page.getByLabel('Fino al').fill('2099-01-01T10:00')
    await button(page, 'Salva la bozza').click()
    await page.getByText('Bozza salvata').waitFor()
    await page.getByRole('link', { name: 'Come lo vede una famiglia' }).click()
    await page.getByRole('radio', { name: 'Male' }).waitFor()
    await page.getByRole('link', { name: 'Torna al questionario' }).click()
    await button(page, 'Pubblica').click()
    await page.getByText('Pubblicato: le famiglie lo vedono').waitFor()

    const parent = await signInAs(await openContext(browser, { javaScriptEnabled: false }), app, 'holder')
    await parent.goto(family())
    await parent.getByRole('link', { name: 'Gli orari, vanno bene?: Greta' }).click()
    await button(parent, 'Manda la risposta').click()
    await parent.getByRole('alert').getByRole('link', { name: 'Manca la risposta' }).waitFor()
    await parent.getByRole('radio', { name: 'Bene' }).check()
    await button(parent, 'Manda la risposta').click()
    await parent.getByText('senza il tuo nome').waitFor()

    await page.reload()
    expect(await page.getByRole('main').textContent()).toContain('I risultati arrivano alla fine')
    await button(page, 'Chiudi adesso').click()
    await page.getByText('nessuno può più rispondere').waitFor()
    expect(await page.getByRole('main').textContent()).toContain('Hanno risposto in meno di 5')
    await Promise.all([context.close(), parent.context().close()])
  })

  test('reads results on screen and as a spreadsheet; a role without the permission finds nothing', async () => {
    const page = await signInAs(
      await openContext(browser, { viewport: { width: 1440, height: 900 } }),
      app,
      'manager',
    )
    const complaints = complaintsOf(page)
    await page.goto(office())
    await expectAccessible(page)
    await page.getByRole('link', { name: CLOSED }).click()
    await page.getByRole('heading', { level: 1, name: CLOSED }).waitFor()
    await expectAccessible(page)
    const id = new URL(page.url()).pathname.split('/').at(-1)
    const file = await page.context().request.get(office(`/${id}/csv`))
    expect(file.headers()['content-type']).toContain('text/csv')
    expect(await file.text()).toContain('Quasi tutto')
    await page.goto(office('/nuovo'))
    await expectAccessible(page)
    expect(complaints).toEqual([])
    const holder = await signInAs(await openContext(browser), app, 'holder')
    for (const path of [`/${id}`, `/${id}/csv`, `/${id}/anteprima`])
      expect((await holder.context().request.get(office(path))).status()).toBe(404)
    await Promise.all([page.context().close(), holder.context().close()])
  })
})
