import { mkdirSync } from 'node:fs'
import path from 'node:path'
import { sql } from 'kysely'
import type { Browser, Page } from 'playwright-core'
import { beforeAll, describe, expect, test } from 'vitest'
import { type App, startApp } from '#tests/support/app.ts'
import {
  complaintsOf,
  DESKTOP,
  expectSound,
  openBrowser,
  openContext,
  PHONE,
} from '#tests/support/browser.ts'
import { signInAs } from '#tests/support/demo-sign-in.ts'

const ROOM = '/admin/mozzecane/diete'

let app: App
let browser: Browser
beforeAll(async () => {
  ;[app, browser] = await Promise.all([startApp({ worker: false }), openBrowser()])
})

/** Where screens go when a person wants to look at them: SCREENS=folder. */
const SCREENS = process.env.SCREENS
async function look(page: Page, name: string): Promise<void> {
  if (!SCREENS) return
  mkdirSync(SCREENS, { recursive: true })
  await page.screenshot({ path: path.join(SCREENS, `${name}.png`), fullPage: true })
}

/** A pupil whose diet the office decides: enrolled today and for the weeks to come. */
async function anyPupil(): Promise<{ id: string; from: string; until: string }> {
  const { rows } = await sql<{ id: string; from: string; until: string }>`
    select e.pupil_id as id, (greatest(e.valid_from, app_today()) + 8)::text as from,
      (greatest(e.valid_from, app_today()) + 22)::text as until
    from enrolment e join diet d on d.municipality_id = e.municipality_id and d.code = e.diet_code
    where e.municipality_id = (select id from municipality where slug = 'mozzecane') and e.diet_code = 'STD'
      and e.valid_to > greatest(e.valid_from, app_today()) + 30
    order by e.pupil_id limit 1`.execute(app.db.owner)
  return rows[0] as { id: string; from: string; until: string }
}

describe.each([
  [DESKTOP, true],
  [PHONE, false],
] as const)('the office at %j, JavaScript %s', (viewport, javaScriptEnabled) => {
  const code = javaScriptEnabled ? 'D41' : 'D42'

  test('makes a code, is told what is missing, gives it to a child, and ends it with a successor', async () => {
    const context = await openContext(browser, { viewport, javaScriptEnabled })
    const page = await signInAs(context, app, 'operator')
    const complaints = complaintsOf(page)
    await page.goto(app.origin + ROOM)
    await page.getByRole('heading', { level: 2, name: 'Da definire' }).waitFor()
    if (javaScriptEnabled) await expectSound(page)
    await look(page, `diete-${viewport.width}`)
    await page.getByRole('link', { name: 'Nuova dieta' }).click()
    await page.getByLabel('Che cosa vuol dire').fill('Senza senape')
    await page.getByRole('checkbox', { name: 'senape', exact: true }).check()
    await page.getByRole('button', { name: 'Crea la dieta' }).click()
    await page.getByRole('alert').getByRole('link').first().waitFor()
    expect(await page.getByLabel('Che cosa vuol dire').inputValue()).toBe('Senza senape')
    expect(await page.getByRole('checkbox', { name: 'senape', exact: true }).isChecked()).toBe(true)
    await look(page, `diete-errore-${viewport.width}`)
    await page.getByLabel('Codice').fill(code)
    await page.getByRole('button', { name: 'Crea la dieta' }).click()
    await page.getByText('Dieta creata: si può dare agli alunni').first().waitFor()
    await page.getByRole('link', { name: `${code} · Senza senape` }).waitFor()

    const pupil = await anyPupil()
    await page.goto(`${app.origin}${ROOM}/alunni/${pupil.id}`)
    await page.getByLabel('Dieta da preparare').selectOption(code)
    await page.getByLabel('Vale dal').fill(pupil.from)
    await page.getByLabel('Fino al').fill(pupil.until)
    await page.getByLabel('Rischia una reazione grave?').selectOption('si')
    await page.getByLabel('Motivo').fill('Certificato del pediatra')
    await page.getByRole('button', { name: 'Mostra che cosa succederà' }).click()
    await page.getByRole('button', { name: 'Conferma', exact: true }).waitFor()
    if (javaScriptEnabled) await expectSound(page)
    await look(page, `dieta-anteprima-${viewport.width}`)
    await page.getByRole('button', { name: 'Conferma', exact: true }).click()
    await page.getByText('Dieta decisa: la cucina la legge nel conteggio').first().waitFor()
    await page.goto(`${app.origin}${ROOM}/alunni/${pupil.id}`)
    await page.getByText('Rischia una reazione grave').first().waitFor()
    if (javaScriptEnabled) await expectSound(page)
    await look(page, `dieta-alunno-${viewport.width}`)

    await page.goto(`${app.origin}${ROOM}/codici/${code}`)
    if (javaScriptEnabled) await expectSound(page)
    await page.getByLabel('Ultimo giorno').fill(pupil.from)
    await page.getByRole('button', { name: 'Mostra chi la ha' }).click()
    await page.getByText('Questa dieta ce l’hanno ancora').first().waitFor()
    await look(page, `dieta-chiusa-rifiutata-${viewport.width}`)
    await page
      .getByLabel('Chi ce l’ha ancora passa a')
      .selectOption({ label: 'DA-DEFINIRE · Dieta da definire' })
    await page.getByRole('button', { name: 'Mostra chi la ha' }).click()
    await page.getByRole('button', { name: 'Chiudi la dieta' }).waitFor()
    await look(page, `dieta-chiusa-${viewport.width}`)
    await page.getByRole('button', { name: 'Chiudi la dieta' }).click()
    await page.getByText('Dieta chiusa').first().waitFor()
    expect(complaints).toEqual([])
    await context.close()
  })
})

const CERTIFICATE = {
  name: 'certificato.pdf',
  mimeType: 'application/pdf',
  buffer: Buffer.from('%PDF-1.4\nprova'),
}

/** Fills a request for a diet in, as a family does, and sends it. @returns the address of the request */
async function askForDiet(page: Page): Promise<string> {
  const next = () => page.getByRole('button', { name: 'Salva e continua' }).click()
  await page.goto(`${app.origin}/mozzecane/moduli`)
  await page.getByRole('link', { name: /Compila.*Richiesta di dieta/ }).click()
  await page.getByRole('link', { name: /^(Comincia|Continua)$/ }).click()
  await page.getByLabel(/Moussa/).check()
  await page.getByLabel('Per motivi di salute').check()
  await next()
  await page.waitForURL(/\/salute$/)
  await page.getByLabel('Certificato del medico').setInputFiles(CERTIFICATE)
  await page.getByLabel('Che cosa non può mangiare?').fill('Arachidi')
  await page.getByLabel('Sì', { exact: true }).check()
  await next()
  await page.waitForURL(/\/dichiarazioni$/)
  await page.getByLabel(/quello che ho scritto è vero/).check()
  await page.getByLabel(/informativa privacy/).check()
  await next()
  await page.waitForURL(/\/riepilogo$/)
  await page.getByRole('button', { name: 'Invia la domanda' }).click()
  await page.waitForURL(/\/moduli\/domande\//)
  return page.url()
}

test('a request in the middle of the year is read on Oggi and on the desk until the family withdraws it', async () => {
  const context = await openContext(browser, { viewport: PHONE })
  const page = await signInAs(context, app, 'otherHolder')
  const complaints = complaintsOf(page)
  const request = await askForDiet(page)
  await page.goto(`${app.origin}/mozzecane/oggi`)
  await page.getByRole('heading', { name: 'La dieta di Moussa è da decidere' }).waitFor()
  await expectSound(page)
  await look(page, 'dieta-chiesta-oggi')
  await page.goto(`${app.origin}/mozzecane/menu-figli`)
  await look(page, 'dieta-chiesta-menu')
  await page.goto(`${app.origin}/mozzecane/servizi`)
  await page.getByText('da definire: l’ufficio non ha ancora deciso').first().waitFor()
  await look(page, 'dieta-chiesta-servizi')

  const office = await openContext(browser, { viewport: DESKTOP })
  const desk = await signInAs(office, app, 'operator')
  await desk.goto(`${app.origin}${ROOM}?entro=60`)
  const asked = desk
    .getByRole('region', { name: 'Chieste con un modulo' })
    .getByRole('row', { name: /Moussa/ })
  await asked.getByText('Rischia una reazione grave').waitFor()
  await desk.getByRole('heading', { level: 2, name: 'Finiscono entro 60 giorni' }).waitFor()
  await expectSound(desk)
  await look(desk, 'diete-chieste')
  await asked.getByRole('link').click()
  await desk.waitForURL(/\/moduli\/.*\/domande\//)
  await look(desk, 'domanda-di-dieta')

  await page.goto(request)
  await page.getByText('Vuoi ritirare la domanda?').click()
  await page.getByRole('button', { name: 'Ritira la domanda' }).click()
  await page.waitForURL(/fatto=ritirata/)
  await page.goto(`${app.origin}/mozzecane/oggi`)
  await page.getByRole('heading', { level: 1 }).waitFor()
  await expect.poll(() => page.getByText('è da decidere').count()).toBe(0)
  expect(complaints).toEqual([])
  await Promise.all([context.close(), office.close()])
})
