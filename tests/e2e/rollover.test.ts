import { mkdirSync } from 'node:fs'
import path from 'node:path'
import { sql } from 'kysely'
import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import { beforeAll, expect, test } from 'vitest'
import { addDays, type Day } from '#lib/kernel/day.ts'
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
/** Who is in the next year before the roll-over: in summer, those who were enrolled anew. */
let enrolledBefore = 0

beforeAll(async () => {
  ;[app, browser] = await Promise.all([startApp({ worker: false }), openBrowser()])
}, START_MS)

const entering = async (part: 'manager' | 'operator', options: BrowserContextOptions = {}): Promise<Page> =>
  signInAs(await openContext(browser, { viewport: OFFICE, ...options }), app, part)

const at = (tail: string) => `${app.origin}/admin/mozzecane/famiglie${tail}`

async function look(page: Page, name: string): Promise<void> {
  if (!SCREENS) return
  mkdirSync(SCREENS, { recursive: true })
  await page.screenshot({ path: path.join(SCREENS, `${name}.png`), fullPage: true })
}

/** The years of the town: the last day of the one that goes over, and whether the one it goes into is made, as it is in summer. */
async function yearsOfTown(): Promise<{ ends: Day; isNextMade: boolean }> {
  const { rows } = await sql<{ ends: Day; isNextMade: boolean }>`
    select max(y.ends_on) filter (where y.starts_on <= app_today())::text as ends,
      coalesce(bool_or(y.starts_on > app_today()), false) as "isNextMade"
    from school_year y join municipality m on m.id = y.municipality_id and m.slug = 'mozzecane'`.execute(
    app.db.owner,
  )
  return rows[0] as { ends: Day; isNextMade: boolean }
}

const enrolledLater = async (after: Day): Promise<number> => {
  const { rows } = await sql<{ n: number }>`
    select count(*)::int as n from enrolment e join municipality m on m.id = e.municipality_id and m.slug = 'mozzecane'
    join school_year y on y.municipality_id = e.municipality_id and y.id = e.school_year_id and y.starts_on > ${after}::date`.execute(
    app.db.owner,
  )
  return rows[0]?.n ?? -1
}

async function makeNextYear(page: Page, ends: Day): Promise<void> {
  const first = Number(ends.slice(0, 4))
  await page.getByLabel('Comincia', { exact: true }).fill(addDays(ends, 1))
  await page.getByLabel('Finisce', { exact: true }).fill(`${first + 1}-08-31`)
  await page.getByLabel('La mensa comincia').fill(`${first}-10-11`)
  await page.getByLabel('La mensa finisce').fill(`${first + 1}-06-03`)
  await page.getByRole('button', { name: 'Mostra che cosa succederà' }).click()
  await page.getByText(`Nasce l’anno ${first}/${first + 1}`).waitFor()
  await page.getByRole('button', { name: 'Crea l’anno' }).click()
  await page.getByText('Anno creato, con feste, giorni e classi').waitFor()
  await page.getByRole('link', { name: 'Famiglie, Nuovo anno' }).click()
}

test('the manager makes the next year, decides, rolls over and undoes it', async () => {
  const { ends, isNextMade } = await yearsOfTown()
  enrolledBefore = await enrolledLater(ends)
  const page = await entering('manager')
  await page.goto(at(''))
  await page.getByRole('link', { name: 'Nuovo anno' }).click()
  await page.getByRole('heading', { level: 1, name: 'Nuovo anno' }).waitFor()
  await expectSound(page)
  if (!isNextMade) await makeNextYear(page, ends)

  await page.getByRole('button', { name: 'Prepara il passaggio' }).click()
  await page.getByRole('heading', { name: '2. Classi' }).waitFor()
  await expectSound(page)
  await look(page, 'passaggio-1366')
  const fifth = page.getByLabel(/^Dove va la classe 5A/)
  await expect.poll(() => fifth.inputValue()).toMatch(/:esce$/)
  await page.getByLabel(/^Dove va la classe 4A/).selectOption({ label: 'Da decidere' })
  await page.getByRole('button', { name: 'Salva dove vanno le classi' }).click()
  await page.getByText('Salvato dove vanno le classi').waitFor()

  await page.getByRole('link', { name: 'Da decidere' }).click()
  await page.getByRole('heading', { level: 1, name: /^Chi passa al/ }).waitFor()
  await page.getByText('la sua classe non ha ancora una destinazione').first().waitFor()
  await expectSound(page)
  await page.getByRole('checkbox').first().check()
  await page.getByLabel('Gli alunni segnati').selectOption({ label: 'Escono dalla mensa' })
  await page.getByRole('button', { name: 'Salva per gli alunni segnati' }).click()
  await page.getByText('Salvato: la decisione vale al passaggio').waitFor()
  await look(page, 'passaggio-alunni-1366')

  await page.getByRole('link', { name: 'Nuovo anno' }).first().click()
  await page.getByRole('heading', { name: '4. Conferma' }).waitFor()
  await page.getByRole('button', { name: 'Mostra che cosa succederà' }).last().click()
  await page.getByText('Se confermi').waitFor()
  await expectSound(page)
  await look(page, 'passaggio-anteprima-1366')
  await page.getByRole('button', { name: 'Conferma il passaggio' }).click()
  await page.getByText('Fatto: gli alunni sono nell’anno nuovo').waitFor()
  await expectSound(page)
  await look(page, 'passaggio-fatto-1366')
  expect(await enrolledLater(ends)).toBeGreaterThan(enrolledBefore + 20)
  await page.context().close()
}, 240_000)

test('the operator reads what was done on a telephone, and undoes it', async () => {
  const { ends } = await yearsOfTown()
  const page = await entering('operator', { viewport: PHONE })
  await page.goto(at('/passaggio'))
  await page.getByRole('heading', { name: /^Fatto: dal/ }).waitFor()
  await expectSound(page)
  await look(page, 'passaggio-fatto-390')
  await page.getByRole('link', { name: 'Passa', exact: true }).click()
  await page.getByRole('heading', { level: 1, name: /^Chi è passato al/ }).waitFor()
  await expectSound(page)
  await look(page, 'passaggio-alunni-390')
  await page.goto(at('/passaggio'))
  await page.getByRole('button', { name: 'Mostra che cosa succederebbe' }).click()
  await page.getByText('Ogni riga torna com’era prima.').waitFor()
  await page.getByRole('button', { name: 'Annulla il passaggio' }).click()
  await page.getByText('Annullato: ogni iscrizione è com’era prima').waitFor()
  await page.getByRole('heading', { name: '2. Classi' }).waitFor()
  await expectSound(page)
  await look(page, 'passaggio-390')
  expect(await enrolledLater(ends)).toBe(enrolledBefore)
  await page.context().close()
}, 240_000)

test('what the worker does of a large town says how far it is, is stopped, and says why nothing was done', async () => {
  await sql`insert into year_rollover_work (municipality_id, rollover_id, act, fingerprint, asked_by, session_id, done, total)
    select r.municipality_id, r.id, 'do', 'x', r.updated_by, uuidv7(), 4, 9 from year_rollover r
    on conflict (municipality_id, rollover_id) do nothing`.execute(app.db.owner)
  for (const [width, viewport] of [
    ['1366', OFFICE],
    ['390', PHONE],
  ] as const) {
    const page = await entering('operator', { viewport })
    await page.goto(at('/passaggio'))
    await page.getByRole('heading', { name: /^In corso: dal/ }).waitFor()
    await page.getByText('Passi fatti: 4 di 9').waitFor()
    await expectSound(page)
    await look(page, `passaggio-in-corso-${width}`)
    await page.context().close()
  }
  const page = await entering('operator')
  await page.goto(at('/passaggio'))
  await page.getByRole('button', { name: 'Ferma' }).click()
  await page.getByText('Si ferma appena può.', { exact: true }).waitFor()
  await sql`update year_rollover_work set state = 'stopped', refusal = '{"ok": false, "code": "rollover:stopped"}'`.execute(
    app.db.owner,
  )
  await page.goto(at('/passaggio'))
  await page.getByRole('heading', { name: 'Il passaggio non è stato fatto' }).waitFor()
  await page.getByText('L’hai fermato: non è cambiato niente.').waitFor()
  await page.getByRole('heading', { name: '4. Conferma' }).waitFor()
  await expectSound(page)
  await look(page, 'passaggio-fermato-1366')
  await page.context().close()
}, 240_000)
