import { mkdirSync } from 'node:fs'
import path from 'node:path'
import { sql } from 'kysely'
import type { Browser, Page } from 'playwright-core'
import { beforeAll, describe, expect, test } from 'vitest'
import { type DemoPart, demoPeople } from '#db/demo/people.ts'
import type { Viewer } from '#lib/access/viewer.ts'
import { makeFiscalCode } from '#lib/identity/fiscal-code.ts'
import { type App, startApp } from '#tests/support/app.ts'
import { DESKTOP, expectSound, openBrowser, openContext, PHONE } from '#tests/support/browser.ts'
import { signInAs } from '#tests/support/demo-sign-in.ts'
import { aForm } from '#tests/support/forms.ts'

/** Building, seeding and starting everything on a busy machine. */
const START_MS = 400_000
const WALK_MS = 180_000
/** The worker looks every second; a busy machine is slower. */
const WORKER = { timeout: 60_000 }
const OFFICE_SCREEN = { width: 1366, height: 768 }

let app: App
let browser: Browser

beforeAll(async () => {
  ;[app, browser] = await Promise.all([startApp(), openBrowser()])
}, START_MS)

/** Where screens go when a person wants to look at them: SCREENS=folder. */
const SCREENS = process.env.SCREENS
async function look(page: Page, name: string): Promise<void> {
  await expectSound(page)
  if (!SCREENS) return
  mkdirSync(SCREENS, { recursive: true })
  await page.screenshot({ path: path.join(SCREENS, `${name}.png`), fullPage: true })
}

type Look = { viewport: { width: number; height: number }; javaScriptEnabled?: boolean }
const entering = async (part: DemoPart, look: Look): Promise<Page> =>
  signInAs(await openContext(browser, look), app, part)

const office = (path: string) => `${app.origin}/admin/mozzecane/moduli${path}`
const family = (path: string) => `${app.origin}/mozzecane${path}`
const heading = (page: Page, name: string | RegExp) => page.getByRole('heading', { name, level: 1 }).waitFor()
const next = (page: Page) => page.getByRole('button', { name: 'Salva e continua' }).click()

const { fiscalCode } = demoPeople.unknown
const CHILD = makeFiscalCode({ givenName: 'Irene', familyName: 'Bassani', birthDay: '2019-05-04', sex: 'F' })

/** The operator of the demonstration, as the product's own commands know a viewer. */
async function operator(): Promise<Viewer> {
  const { rows } = await sql<{ municipalityId: string; personId: string }>`
    select municipality_id as "municipalityId", id as "personId" from person
    where fiscal_code = ${demoPeople.operator.fiscalCode}`.execute(app.db.owner)
  const found = rows[0] as { municipalityId: string; personId: string }
  return {
    ...found,
    citizenId: found.personId,
    sessionId: found.personId,
    name: 'Paola',
    memberships: [],
    staffRoles: ['operator'],
  }
}

/** The first class of the demonstration's school, and a day on which the new pupil eats. */
async function placeOf(): Promise<{ label: string; school: string }> {
  const { rows } = await sql<{ label: string; school: string }>`
    select y.name || ' · ' || s.name || ', ' || c.name as label, s.name as school
    from school_class c join school s on s.id = c.school_id join school_year y on y.id = c.school_year_id
    join service_schedule t on t.school_id = s.id and t.school_year_id = y.id
    where y.starts_on <= app_today() and y.ends_on >= app_today() order by s.name, c.name limit 1`.execute(
    app.db.owner,
  )
  return rows[0] as { label: string; school: string }
}

async function fillEnrolment(parent: Page, school: string): Promise<void> {
  await parent.getByRole('link', { name: /Compila.*Iscrizione alla mensa/ }).click()
  await parent.getByRole('link', { name: /^(Comincia|Continua)$/ }).click()
  await parent.waitForURL(/\/figlio$/)
  await parent.getByLabel('Un altro figlio').check()
  await parent.getByLabel('Nome', { exact: true }).fill('Irene')
  await parent.getByLabel('Cognome').fill('Bassani')
  await parent.getByLabel('Data di nascita').fill('2019-05-04')
  await parent.getByLabel('Codice fiscale').fill(CHILD)
  await next(parent)
  await parent.waitForURL(/\/scuola$/)
  await parent.getByRole('radio', { name: school }).check()
  await parent.getByLabel('No', { exact: true }).check()
  await next(parent)
  await parent.waitForURL(/\/contatti$/)
  await next(parent)
  await parent.waitForURL(/\/dichiarazioni$/)
  await parent.getByLabel(/quello che ho scritto è vero/).check()
  await parent.getByLabel(/informativa privacy/).check()
  await next(parent)
  await parent.waitForURL(/\/riepilogo$/)
  await parent.getByRole('button', { name: 'Invia la domanda' }).click()
  await parent.waitForURL(/\/moduli\/domande\//)
  await parent.getByText('La domanda è arrivata.', { exact: false }).waitFor()
}

/** The office finds the request among those of all forms, reads the preview of all effects, and confirms. */
async function acceptTogether(clerk: Page, label: string): Promise<void> {
  await clerk.goto(office('/domande?manca=niente&cerca=irene'))
  await heading(clerk, 'Tutte le domande')
  await clerk.getByRole('row').filter({ hasText: 'Irene Bassani' }).getByRole('checkbox').check()
  await clerk.getByLabel('Classe per chi non ne ha una').selectOption({ label })
  await look(clerk, 'agosto-10')
  await clerk.getByRole('button', { name: 'Prepara l’anteprima' }).click()
  await clerk.waitForURL(/\/gruppi\//)
  await clerk.getByRole('heading', { name: '1 pronte, 0 messe da parte' }).waitFor(WORKER)
  await clerk.getByText('Chiara Bassani entra nel portale come intestatario').waitFor()
  await look(clerk, 'agosto-11')
  await clerk.getByRole('button', { name: /^Conferma e accogli quelle pronte/ }).click()
  await clerk.getByText('Finito: 1 fatte, 0 non fatte').waitFor(WORKER)
  await look(clerk, 'agosto-12')
}

async function cancelOneLunch(parent: Page): Promise<void> {
  const { rows } = await sql<{ pupil: string; day: string }>`
    select p.id as pupil, min(d.day)::text as day from pupil p
    join enrolment e on e.pupil_id = p.id
    join service_day d on d.school_id = e.school_id and d.service_id = e.service_id and d.status = 'open'
      and d.day > app_today() and d.day between e.valid_from and e.valid_to
    where p.fiscal_code = ${CHILD} group by p.id`.execute(app.db.owner)
  const [meal] = rows
  await parent.goto(
    family(`/prenotazioni/anteprima?figlio=${meal?.pupil}&giorno=${meal?.day}&azione=disdici`),
  )
  await parent.getByRole('button', { name: 'Conferma la disdetta' }).click()
  await heading(parent, 'Disdetta registrata')
}

describe.each([
  { name: 'on a phone', viewport: PHONE, screen: PHONE },
  { name: 'at a desk', viewport: DESKTOP, screen: OFFICE_SCREEN },
])('a parent whom the municipality does not know, $name', ({ viewport, screen }) => {
  test(
    'asks to be linked to a child: the office looks, refuses with words, and the parent reads them',
    async () => {
      const parent = await entering('unknown', { viewport })
      await parent.goto(family('/accesso/non-abilitato'))
      await heading(parent, /non ti conosce ancora/)
      await look(parent, `agosto-01-${viewport.width}`)
      const card = parent.getByRole('region', { name: 'Il bambino è già iscritto?' })
      await card.getByRole('button', { name: 'Manda la richiesta' }).click()
      await card.getByRole('alert').getByRole('link').first().waitFor()
      await look(parent, `agosto-02-${viewport.width}`)
      await card.getByLabel('Il tuo codice fiscale').fill(fiscalCode)
      await card.getByLabel('Nome del bambino', { exact: true }).fill('Greta')
      await card.getByLabel('Cognome del bambino').fill('Albertini')
      await card.getByLabel('Scuola e classe del bambino').fill(`3A, ${viewport.width}`)
      await card.getByRole('button', { name: 'Manda la richiesta' }).click()
      await parent.getByText('La richiesta è arrivata all’ufficio.', { exact: false }).waitFor()
      await look(parent, `agosto-03-${viewport.width}`)

      const clerk = await entering('operator', { viewport: screen })
      await clerk.goto(office('/collegamenti'))
      await heading(clerk, 'Richieste di collegamento')
      await look(clerk, `agosto-04-${viewport.width}`)
      await clerk.getByRole('row').filter({ hasText: 'Da decidere' }).getByRole('link').first().click()
      await heading(clerk, 'Chiara Bassani')
      await clerk.getByLabel('A quale alunno').selectOption({ index: 1 })
      await clerk.getByRole('button', { name: 'Che cosa succede' }).click()
      await clerk.getByText('diventa delegato per Greta Albertini', { exact: false }).waitFor()
      await look(clerk, `agosto-05-${viewport.width}`)
      await clerk.getByLabel('Motivo').fill('Chiedi all’altro genitore di invitarti.')
      await clerk.getByRole('button', { name: 'Respingi la richiesta' }).click()
      await clerk.getByText('La richiesta è respinta.', { exact: false }).waitFor()

      await parent.reload()
      await parent.getByText('Chiedi all’altro genitore di invitarti.', { exact: false }).first().waitFor()
      await look(parent, `agosto-06-${viewport.width}`)
      for (const page of [clerk, parent]) await page.context().close()
    },
    WALK_MS,
  )
})

test(
  'a parent whom the municipality does not know enrols a child, is accepted with others, enters and cancels a lunch',
  async () => {
    await aForm(await operator(), 'enrolment')
    const place = await placeOf()
    const parent = await entering('unknown', { viewport: PHONE })
    await parent.goto(family('/accesso/non-abilitato'))
    const card = parent.getByRole('region', { name: 'Vuoi iscrivere un figlio nuovo?' })
    await card.getByLabel('Il tuo codice fiscale').fill(fiscalCode)
    await card.getByLabel('La tua e-mail').fill('chiara@example.it')
    await card.getByRole('button', { name: 'Continua con il modulo' }).click()
    await heading(parent, 'Moduli online')
    await look(parent, 'agosto-07')
    expect((await parent.goto(family('/oggi')))?.url()).toMatch(/non-abilitato$/)
    await parent.goto(family('/moduli'))
    await fillEnrolment(parent, place.school)
    await look(parent, 'agosto-08')

    const clerk = await entering('operator', { viewport: OFFICE_SCREEN })
    await acceptTogether(clerk, place.label)
    await clerk.goto(office('/posti'))
    await heading(clerk, 'Classi e posti')
    await look(clerk, 'agosto-09')

    const inside = await entering('unknown', { viewport: PHONE, javaScriptEnabled: false })
    await cancelOneLunch(inside)
    for (const page of [clerk, parent, inside]) await page.context().close()
  },
  WALK_MS,
)
