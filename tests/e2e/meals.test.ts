import { sql } from 'kysely'
import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { DemoPart } from '#db/demo/people.ts'
import { addDays } from '#lib/kernel/day.ts'
import { longDay } from '#lib/words/format-day.ts'
import { type App, startApp } from '#tests/support/app.ts'
import {
  complaintsOf,
  expectAccessible,
  expectFits,
  openBrowser,
  openContext,
  PHONE,
  scriptBytes,
} from '#tests/support/browser.ts'
import { setClock } from '#tests/support/database.ts'
import { signInAs } from '#tests/support/demo-sign-in.ts'

const CALENDAR_BUDGET_KB = 148
/** Building, seeding and starting everything on a busy machine. */
const START_MS = 400_000
const SMALL_PHONE = { width: 320, height: 640 }

let app: App
let browser: Browser
/** The next day on which Greta's school serves, and its deadline: every test stands in its morning. */
let day: string
let cutoff: Date
let greta: string

const morning = (minutesToCutoff = 40) => new Date(cutoff.getTime() - minutesToCutoff * 60_000)
/** A minute past the deadline: what a request waits on its way is taken off a clock that stands. */
const late = () => morning(-1)

beforeAll(async () => {
  ;[app, browser] = await Promise.all([startApp({ worker: false }), openBrowser()])
  const { rows } = await sql<{ day: string; cutoff_at: Date; pupil_id: string }>`
    select d.day, d.cutoff_at, p.id as pupil_id from pupil p
    join enrolment e on e.pupil_id = p.id
    join service_day d on d.service_id = e.service_id and d.school_id = e.school_id and d.status = 'open'
    where p.given_name = 'Greta' and p.family_name = 'Albertini' and d.day > app_today()
    order by d.day limit 1`.execute(app.db.owner)
  const [row] = rows
  if (!row) throw new Error('the demonstration has no day ahead')
  ;({ day, cutoff_at: cutoff, pupil_id: greta } = row)
}, START_MS)

beforeEach(async () => {
  await setClock(null)
  await sql`delete from absence where pupil_id in (select id from pupil where family_name = 'Albertini')
    and service_day_id in (select id from service_day where status = 'open')`.execute(app.db.owner)
})

/** Signs in now, then moves clock and session together to the morning of the day. */
async function arrive(part: DemoPart, options: BrowserContextOptions = {}, at = morning()): Promise<Page> {
  await setClock(null)
  const context = await openContext(browser, options)
  const page = await signInAs(context, app, part)
  await setClock(at)
  await sql`update session set authenticated_at = app_now(), created_at = app_now(), last_seen_at = app_now(),
    expires_at = app_now() + interval '8 hours' where ended_at is null`.execute(app.db.owner)
  return page
}

const go = (page: Page, path: string) => page.goto(`${app.origin}/mozzecane/${path}`)
const cardOf = (page: Page, name: string) => page.getByRole('region', { name })

describe('a parent with a sick child', () => {
  test('cancels today’s meal with one tap; the other parent sees it immediately and may restore it', async () => {
    const mother = await arrive('holder')
    const complaints = complaintsOf(mother)
    await go(mother, 'oggi')
    await expect.poll(() => cardOf(mother, 'Greta').textContent()).toContain('mancano 40 minuti')
    await cardOf(mother, 'Greta').getByRole('button', { name: 'Segna assente oggi' }).click()
    await mother.getByText(`Greta: assente ${longDay(day)}`).waitFor()
    await expectAccessible(mother)
    expect(complaints).toEqual([])

    const father = await arrive('delegate')
    await go(father, 'oggi')
    expect(await cardOf(father, 'Greta').textContent()).toContain('il pasto è disdetto')
    await expect.poll(() => father.getByText('Saldo aggiornato').count()).toBe(0)
    await cardOf(father, 'Greta').getByRole('button', { name: 'Ripristina il pasto di oggi' }).click()
    await father.getByText(`Greta: presente ${longDay(day)}`).waitFor()

    await go(father, `prenotazioni/giorno/${day}?figlio=${greta}`)
    const history = await father.getByRole('listitem').filter({ hasText: 'Ricevuta M-' }).allTextContents()
    expect(history.slice(0, 2).map((line) => line.replace(/Ricevuta.*/, ''))).toEqual([
      expect.stringMatching(/^Pasto ripristinato da Marco Albertini/),
      expect.stringMatching(/^Segnato assente da Laura Conti/),
    ])
    await Promise.all([mother.context().close(), father.context().close()])
  })

  test('who comes late is told so, and finds no button', async () => {
    const page = await arrive('holder', {}, cutoff)
    await go(page, 'oggi')
    expect(await cardOf(page, 'Greta').textContent()).toContain('Non più modificabile')
    await expect.poll(() => page.getByRole('button', { name: 'Segna assente oggi' }).count()).toBe(0)
    await page.context().close()
  })

  test('who presses too late on a page opened in time gets the state back and the reason', async () => {
    const page = await arrive('holder', {}, morning(10))
    await go(page, 'oggi')
    await setClock(late())
    await cardOf(page, 'Greta').getByRole('button', { name: 'Segna assente oggi' }).click()
    expect(await page.getByRole('alert').filter({ hasText: 'termine' }).textContent()).toContain(
      'Non è cambiato niente',
    )
    expect(await cardOf(page, 'Greta').textContent()).toContain('mangia a mensa')
    await page.context().close()
  })
})

describe('the calendar', () => {
  test('leads by keyboard alone to the day, its sheet, the cancellation, and back', async () => {
    const page = await arrive('holder')
    const complaints = complaintsOf(page)
    await go(page, `prenotazioni?figlio=${greta}&mese=${day.slice(0, 7)}`)
    await page.getByRole('grid').waitFor()
    // On paper the days are its words, although they are buttons here.
    await page.emulateMedia({ media: 'print' })
    await expect.poll(() => page.locator('table.meals [data-day]').first().isVisible()).toBe(true)
    await page.emulateMedia({ media: null })
    await page.locator(`[data-day="${day}"]`).focus()
    // Away and back: at either end of the month an arrow that leads out of it stays where it is.
    const isFirst = day.endsWith('-01')
    await page.keyboard.press(isFirst ? 'ArrowRight' : 'ArrowLeft')
    await page.keyboard.press(isFirst ? 'ArrowLeft' : 'ArrowRight')
    await expect
      .poll(() => page.evaluate(() => document.activeElement?.querySelector('span')?.textContent))
      .toBe(`${longDay(day)}, presente, modificabile fino alle 9:30`)
    await page.keyboard.press('Enter')
    await page.getByRole('dialog').getByRole('button', { name: 'Segna assente' }).focus()
    await page.keyboard.press('Enter')
    await page.getByText(`Greta: assente ${longDay(day)}`).waitFor()
    expect(await page.locator(`[data-day="${day}"]`).textContent()).toContain('assente')
    await page.getByRole('button', { name: 'Annulla la modifica' }).click()
    await page.getByText(`Greta: presente ${longDay(day)}`).waitFor()
    expect(complaints).toEqual([])
    await page.context().close()
  })

  test('never shows the day as it was before the change when the browser goes back', async () => {
    const page = await arrive('holder')
    await go(page, `prenotazioni?figlio=${greta}&mese=${day.slice(0, 7)}`)
    await page.locator(`[data-day="${day}"]`).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Segna assente' }).click()
    await page.getByText(`Greta: assente ${longDay(day)}`).waitFor()
    await page.getByRole('link', { name: 'Sofia', exact: true }).click()
    await page.getByRole('grid', { name: /Sofia/ }).waitFor()
    await page.goBack()
    await page.getByRole('grid', { name: /Greta/ }).waitFor()
    expect(await page.locator(`[data-day="${day}"]`).textContent()).toContain('assente')
    await page.context().close()
  })

  test('stays within its budget at the first load', async () => {
    const page = await arrive('holder')
    const bytes = await scriptBytes(page, async () => {
      await go(page, 'prenotazioni')
      await page.getByRole('grid').waitFor()
    })
    expect(bytes).toBeLessThanOrEqual(CALENDAR_BUDGET_KB * 1000)
    await page.context().close()
  })

  test('shows a stranger neither the child, nor the day, nor the receipt', async () => {
    const page = await arrive('otherHolder')
    const { rows } = await sql<{ id: string }>`select id from absence_receipt where person_id =
      (select id from person where given_name = 'Laura' and family_name = 'Conti') limit 1`.execute(
      app.db.owner,
    )
    for (const path of [
      `prenotazioni?figlio=${greta}`,
      `prenotazioni/giorno/${day}?figlio=${greta}`,
      `prenotazioni/anteprima?figlio=${greta}&giorno=${day}&azione=disdici`,
      `prenotazioni/ricevute/${rows[0]?.id}`,
      'prenotazioni/ricevute/not-an-id',
      'prenotazioni?figlio=<script>',
    ]) {
      expect((await go(page, path))?.status(), path).toBe(404)
    }
    await page.context().close()
  })
})

describe('without JavaScript', () => {
  const NO_SCRIPT = { javaScriptEnabled: false }

  test('one tap on *Oggi* is enough', async () => {
    const page = await arrive('holder', NO_SCRIPT)
    await go(page, 'oggi')
    await cardOf(page, 'Greta').getByRole('button', { name: 'Segna assente oggi' }).click()
    await expect.poll(() => page.getByText('Assenza registrata').count()).toBe(1)
    expect(await cardOf(page, 'Greta').textContent()).toContain('il pasto è disdetto')
    await page.context().close()
  })

  test('ticked days go to a preview, a confirmation, a receipt, and back', async () => {
    const page = await arrive('holder', NO_SCRIPT)
    await go(page, `prenotazioni?figlio=${greta}&mese=${day.slice(0, 7)}`)
    await page.getByRole('checkbox', { name: `${longDay(day)}, presente` }).check()
    await page.getByRole('button', { name: 'Segna assenti i giorni scelti' }).click()
    await expect.poll(() => page.getByText('1 pasto da disdire.').count()).toBe(1)
    await page.getByRole('button', { name: 'Conferma la disdetta' }).click()
    expect(await page.getByRole('heading', { level: 1 }).textContent()).toBe('Disdetta registrata')
    await expect.poll(() => page.getByText(longDay(day)).count()).toBe(1)
    await page.getByRole('button', { name: 'Annulla questa disdetta' }).click()
    expect(await page.getByRole('heading', { level: 1 }).textContent()).toBe('Pasti ripristinati')
    await page.context().close()
  })

  test('a period for all the children says what changes and what does not, and why', async () => {
    const page = await arrive('holder', NO_SCRIPT, morning(10))
    await go(page, 'prenotazioni?figlio=tutti')
    await page.getByLabel('Dal giorno').fill(day)
    await page.getByLabel('Al giorno', { exact: true }).fill(addDays(day, 13))
    await setClock(late())
    await page.getByRole('button', { name: /Segna assenti: vedi cosa cambia/ }).click()
    expect(await page.getByRole('region', { name: 'Cosa resta com’è' }).textContent()).toContain(
      `${longDay(day)}: non più modificabile: il termine era alle 9:30`,
    )
    await page.getByRole('button', { name: 'Conferma la disdetta' }).click()
    const cancelled = page.getByRole('region', { name: 'Pasti disdetti' }).getByRole('heading', { level: 3 })
    await expect.poll(() => cancelled.allTextContents()).toEqual(['Greta', 'Sofia'])
    expect(await page.getByRole('region', { name: 'Non sono cambiati' }).textContent()).toContain(
      longDay(day),
    )
    await page.context().close()
  })
})

describe.each([
  ['a phone', PHONE],
  ['a desk', { width: 1280, height: 800 }],
])('the tap *Segna assente* on %s', (_where, viewport) => {
  const tap = (page: Page) => cardOf(page, 'Greta').getByRole('button', { name: 'Segna assente oggi' })
  const count = async () => {
    const { rows } = await sql<{ absences: number; receipts: number }>`
      select (select count(*)::int from absence a join service_day d on d.id = a.service_day_id
          where a.pupil_id = ${greta} and d.day = ${day}) as absences,
        (select count(*)::int from absence_receipt) as receipts`.execute(app.db.owner)
    return rows[0] as { absences: number; receipts: number }
  }
  let before = { absences: 0, receipts: 0 }
  beforeEach(async () => {
    before = await count()
  })
  afterEach(async () => {
    for (const context of browser.contexts()) await context.close()
  })
  const expectOneRow = async () =>
    expect(await count()).toEqual({ absences: 1, receipts: before.receipts + 1 })

  test('writes one row and one receipt, also when the finger taps twice', async () => {
    const page = await arrive('holder', { viewport })
    await go(page, 'oggi')
    await tap(page).dblclick()
    await page.getByText(`Greta: assente ${longDay(day)}`).waitFor()
    await expectOneRow()
  })

  test('before hydration writes one row and one receipt, also when the form is sent twice together', async () => {
    const page = await arrive('holder', { viewport, javaScriptEnabled: false })
    await go(page, 'oggi')
    const form = cardOf(page, 'Greta').locator('form')
    const inputOf = (name: string) => form.locator(`input[name=${name}]`).inputValue()
    const fields = {
      figlio: await inputOf('figlio'),
      chiave: await inputOf('chiave'),
      pagina: await inputOf('pagina'),
      cambia: (await tap(page).getAttribute('value')) ?? '',
    }
    const headers = { origin: app.origin }
    const send = () =>
      page.request.post(`${app.origin}/api/mozzecane/prenotazioni`, { form: fields, headers })
    const [answers] = await Promise.all([Promise.all([send(), send()]), tap(page).click()])
    await page.getByRole('heading', { name: 'Greta' }).waitFor()
    expect(answers.map((answer) => answer.status())).toEqual([200, 200])
    expect(new Set(answers.map((answer) => answer.url())).size).toBe(1)
    await expectOneRow()
  })

  test('of two parents together writes one row, and tells the second that it is so already', async () => {
    const [mother, father] = [await arrive('holder', { viewport }), await arrive('delegate', { viewport })]
    await Promise.all([go(mother, 'oggi'), go(father, 'oggi')])
    await Promise.all([tap(mother).click(), tap(father).click()])
    const told = (page: Page, words: string | RegExp) => page.getByText(words).first().waitFor()
    const each = [mother, father].map((page) =>
      Promise.any([
        told(page, `Greta: assente ${longDay(day)}`).then(() => 'done'),
        told(page, 'Non è cambiato niente').then(() => 'already'),
      ]),
    )
    expect((await Promise.all(each)).toSorted()).toEqual(['already', 'done'])
    await expectOneRow()
  })

  test('works on a page that is older than the web process, killed and started again', async () => {
    const page = await arrive('holder', { viewport })
    await go(page, 'oggi')
    await app.restartWeb()
    await tap(page).click()
    await page.getByText(`Greta: assente ${longDay(day)}`).waitFor()
    await expectOneRow()
  })
})

describe('every page of the meals', () => {
  test.each([
    ['a small phone', SMALL_PHONE],
    ['a desk', { width: 1440, height: 900 }],
  ])(
    'on %s: no violation of WCAG 2.2 AA, nothing sideways, no complaint from the browser',
    async (_what, viewport) => {
      const page = await arrive('holder', { viewport })
      const complaints = complaintsOf(page)
      const month = day.slice(0, 7)
      const look = async (path: string) => {
        await expectAccessible(page, path)
        await expectFits(page, path)
      }
      for (const path of [
        'oggi',
        `prenotazioni?figlio=${greta}&mese=${month}`,
        `prenotazioni?figlio=${greta}&mese=${month}&vista=elenco`,
        'prenotazioni?figlio=tutti',
        `prenotazioni/anteprima?figlio=${greta}&dal=${day}&al=${addDays(day, 7)}&azione=disdici`,
        'prenotazioni/anteprima?azione=disdici',
        `prenotazioni/giorno/${day}?figlio=${greta}`,
      ]) {
        await go(page, path)
        await look(path)
      }
      await go(page, `prenotazioni?figlio=${greta}&mese=${month}`)
      await page.locator(`[data-day="${day}"]`).click()
      await page.getByRole('dialog').waitFor()
      await look('the sheet of a day')
      await page.keyboard.press('Escape')
      await page.getByRole('button', { name: 'Seleziona più giorni' }).click()
      await page.locator(`[data-day="${day}"]`).click()
      await look('choosing several days')
      await page.getByRole('button', { name: 'Segna assenti (1)' }).click()
      await page.getByRole('button', { name: 'Conferma' }).click()
      await page.getByRole('link', { name: 'Ricevuta' }).click()
      await page.waitForURL(/ricevute/)
      await page.getByRole('button', { name: 'Stampa' }).waitFor()
      await look('the receipt')
      expect(complaints).toEqual([])
      await page.context().close()
    },
  )
})
