import { mkdirSync } from 'node:fs'
import path from 'node:path'
import { sql } from 'kysely'
import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import { beforeAll, expect, test } from 'vitest'
import { demoPeople } from '#db/demo/people.ts'
import { type App, startApp } from '#tests/support/app.ts'
import { expectSound, openBrowser, openContext, PHONE } from '#tests/support/browser.ts'
import { signInAs, signInCitizen } from '#tests/support/demo-sign-in.ts'
import { SECOND_TOWN, secondTown } from '#tests/support/second-town.ts'

/** Building, seeding and starting everything on a busy machine. */
const START_MS = 400_000
const OFFICE = { width: 1366, height: 768 }
/** Where screens go when a person wants to look at them: SCREENS=folder. */
const SCREENS = process.env.SCREENS

let app: App
let browser: Browser

beforeAll(async () => {
  ;[app, browser] = await Promise.all([startApp({ worker: false }), openBrowser()])
}, START_MS)

const entering = async (options: BrowserContextOptions = {}): Promise<Page> =>
  signInAs(await openContext(browser, { viewport: OFFICE, ...options }), app, 'manager')

const at = (tail: string) => `${app.origin}/admin/mozzecane${tail}`

async function look(page: Page, name: string): Promise<void> {
  if (!SCREENS) return
  mkdirSync(SCREENS, { recursive: true })
  await page.screenshot({ path: path.join(SCREENS, `${name}.png`), fullPage: true })
}

/** A family that left with the credit that it has, by an act of the office. */
async function aCase(): Promise<string> {
  const { rows } = await sql<{ name: string }>`
    with opened as (
      insert into refund_case (municipality_id, account_id, household_id, service_id, cause, left_on, opened_by, opened_cents)
      select a.municipality_id, a.id, a.household_id, a.service_id, 'ended', app_today() - 3, r.person_id, a.balance_cents
      from account a join municipality m on m.id = a.municipality_id and m.slug = 'mozzecane'
      join staff_member r on r.municipality_id = a.municipality_id and r.role = 'manager'
      where a.kind = 'household' and a.balance_cents > 0
        and not exists (select from refund_case c where c.municipality_id = a.municipality_id and c.account_id = a.id)
      order by a.id limit 1 returning municipality_id, household_id)
    select h.name from opened o join household h on h.municipality_id = o.municipality_id and h.id = o.household_id`.execute(
    app.db.owner,
  )
  return rows[0]?.name as string
}

/** The same pupil a second time, with a provisional code and the same enrolments. */
async function aDouble(): Promise<string> {
  const { rows } = await sql<{ name: string }>`
    with once as (
      select p.municipality_id, p.id, p.household_id, p.given_name, p.family_name, p.birth_date, p.full_name, uuidv7() as new_id
      from pupil p join municipality m on m.id = p.municipality_id and m.slug = 'mozzecane'
      where (select count(*) from enrolment e where e.municipality_id = p.municipality_id and e.pupil_id = p.id
          and e.valid_to > app_today()) = 1
        and not exists (select from form_submission s where s.municipality_id = p.municipality_id and s.pupil_id = p.id)
        and not exists (select from diet_hold d where d.municipality_id = p.municipality_id and d.pupil_id = p.id)
        and not exists (select from fare_assignment f where f.municipality_id = p.municipality_id and f.pupil_id = p.id)
      order by p.id limit 1),
    twice as (
      insert into pupil (municipality_id, id, household_id, given_name, family_name, fiscal_code, birth_date)
      select municipality_id, new_id, household_id, given_name, family_name, '98765432109', birth_date from once returning id)
    insert into enrolment (municipality_id, pupil_id, service_id, school_id, school_class_id, school_year_id, diet_code, severe_reaction, valid_from,
      valid_to)
    select e.municipality_id, o.new_id, e.service_id, e.school_id, e.school_class_id, e.school_year_id, e.diet_code, e.severe_reaction,
      app_today(), e.valid_to
    from once o join enrolment e on e.municipality_id = o.municipality_id and e.pupil_id = o.id and e.valid_to > app_today()
    returning (select full_name from once) as name`.execute(app.db.owner)
  return rows[0]?.name as string
}

test('the manager takes a refund in hand and decides it, once, after reading what is written', async () => {
  const family = await aCase()
  const page = await entering()
  await page.goto(at('/oggi'))
  await page.getByRole('main').getByText('1 rimborso da decidere').first().waitFor()
  await page.goto(at('/rimborsi'))
  await page.getByRole('link', { name: family, exact: true }).waitFor()
  await expectSound(page)
  await look(page, 'rimborsi-1366')
  await page.getByRole('link', { name: family, exact: true }).click()
  await page.getByRole('heading', { level: 1, name: `Rimborso: famiglia ${family}` }).waitFor()
  await page.getByRole('button', { name: 'Prendi in carico' }).click()
  await page.getByText('Il caso è tuo').waitFor()
  await page.getByLabel('Decisione').selectOption({ label: 'Tenere per l’anno prossimo' })
  await page.getByLabel('Motivo').fill('La mamma torna a settembre')
  await page.getByRole('button', { name: 'Vedi che cosa succederà' }).click()
  await page.getByText('Nessun soldo si muove adesso').waitFor()
  await expectSound(page)
  await look(page, 'rimborso-1366')
  await page.getByRole('button', { name: 'Conferma la decisione' }).click()
  await page.getByText('La decisione è scritta').waitFor()
  await page.goto(at('/rimborsi?stato=decisi'))
  await page.getByRole('link', { name: family, exact: true }).click()
  await page.getByText('È deciso: resta da fare').waitFor()
  await expectSound(page)
  await page.context().close()
}, 240_000)

test('on a telephone the cases and one of them are read', async () => {
  const family = await aCase()
  const page = await entering({ viewport: PHONE })
  await page.goto(at('/rimborsi'))
  await page.getByRole('link', { name: family, exact: true }).waitFor()
  await expectSound(page)
  await look(page, 'rimborsi-390')
  await page.getByRole('link', { name: family, exact: true }).click()
  await page.getByLabel('Decisione').waitFor()
  await expectSound(page)
  await look(page, 'rimborso-390')
  await page.context().close()
}, 240_000)

test('two rows of one pupil become one, and two again on a telephone', async () => {
  const name = await aDouble()
  const page = await entering()
  await page.goto(at('/famiglie'))
  await page.getByRole('link', { name: 'Alunni doppi' }).click()
  await page.getByRole('heading', { level: 1, name: 'Alunni doppi' }).waitFor()
  const compare = page.getByRole('link', { name: `Confronta ${name} e ${name}` })
  await compare.waitFor()
  await expectSound(page)
  await look(page, 'doppi-1366')
  await compare.click()
  await page.getByRole('heading', { level: 1, name: 'Due alunni a confronto' }).waitFor()
  await page.getByLabel('Motivo').fill('Inserito due volte')
  await page.getByRole('button', { name: 'Vedi che cosa succederà' }).click()
  await page.getByText('Da adesso si conta un pasto solo').waitFor()
  await expectSound(page)
  await look(page, 'confronto-1366')
  await page.getByRole('button', { name: 'Conferma: sono lo stesso' }).click()
  await page.getByText('I due alunni sono uno solo').waitFor()
  const pair = page.url()
  await page.context().close()

  const phone = await entering({ viewport: PHONE })
  await phone.goto(pair)
  await phone.getByRole('heading', { level: 1, name: 'Due alunni uniti' }).waitFor()
  await expectSound(phone)
  await look(phone, 'uniti-390')
  await phone.getByLabel('Motivo').fill('Sono due')
  await phone.getByRole('button', { name: 'Vedi che cosa succederà' }).click()
  await phone.getByText('sono di nuovo due alunni').waitFor()
  await phone.getByRole('button', { name: 'Conferma: sono due alunni' }).click()
  await phone.getByText('L’unione è annullata').waitFor()
  await phone.getByRole('link', { name: `Confronta ${name} e ${name}` }).waitFor()
  await expectSound(phone)
  await look(phone, 'doppi-390')
  const { rows } = await sql<{
    n: number
  }>`select count(*)::int as n from pupil_merge where undone_at is not null`.execute(app.db.owner)
  expect(rows[0]?.n).toBe(1)
  await phone.context().close()
}, 240_000)

/** Goes on with Tab until what has the focus says this. */
async function tabTo(page: Page, words: string): Promise<void> {
  const focused = () =>
    page.evaluate(() => {
      const at = document.activeElement
      return at instanceof HTMLSelectElement || at instanceof HTMLInputElement
        ? (at.labels?.[0]?.textContent ?? '')
        : at instanceof HTMLButtonElement
          ? (at.textContent ?? '')
          : ''
    })
  for (let presses = 0; presses < 80 && !(await focused()).includes(words); presses += 1)
    await page.keyboard.press('Tab')
  expect(await focused()).toContain(words)
}

/** The two presses of every act that is previewed, by keyboard: the answer takes the focus, and the next stop does it. */
async function confirmByKeyboard(page: Page, reason: string, words: string): Promise<void> {
  await tabTo(page, 'Motivo')
  await page.keyboard.type(reason)
  await tabTo(page, 'Vedi che cosa succederà')
  await page.keyboard.press('Enter')
  await page.getByText('Se confermi').waitFor()
  await page.keyboard.press('Tab')
  await expect.poll(() => page.evaluate(() => document.activeElement?.textContent)).toBe(words)
}

/** An adult of the demonstration written twice: the second time with a provisional code, as the delegate of another family. */
async function aDoubleAdult(): Promise<string> {
  const { rows } = await sql<{ name: string }>`
    with once as (
      select p.* from person p join municipality m on m.id = p.municipality_id and m.slug = 'mozzecane'
      join household_member h on h.municipality_id = p.municipality_id and h.person_id = p.id and h.role = 'holder' and h.ended_at is null
      where not exists (select from citizen c where c.fiscal_code_hash = p.fiscal_code_hash)
        and not exists (select from staff_member r where r.municipality_id = p.municipality_id and r.person_id = p.id)
        and not exists (select from form_submission s where s.municipality_id = p.municipality_id and s.person_id = p.id)
      order by p.id desc limit 1),
    twice as (
      insert into person (municipality_id, fiscal_code, fiscal_code_hash, given_name, family_name, birth_date)
      select municipality_id, '55544433322', sha256('55544433322'), given_name, family_name, birth_date from once
      returning municipality_id, id)
    insert into household_member (municipality_id, household_id, person_id, role, valid_from)
    select t.municipality_id, h.id, t.id, 'delegate', app_today() - 10
    from twice t join household h on h.municipality_id = t.municipality_id and h.name = 'Diallo' limit 1
    returning (select full_name from once) as name`.execute(app.db.owner)
  return rows[0]?.name as string
}

test('two adults of one person become one by keyboard, and two again on a telephone', async () => {
  const name = await aDoubleAdult()
  const page = await entering()
  await page.goto(at('/famiglie/doppi'))
  const compare = page.getByRole('link', { name: `Confronta gli adulti ${name} e ${name}` })
  await compare.press('Enter')
  await page.getByRole('heading', { level: 1, name: 'Due adulti a confronto' }).waitFor()
  // The one with the true code stays: it has paid.
  const kept = await page.getByLabel('Chi resta').locator('option').allTextContents()
  const side = kept.findIndex((words) => !words.includes('55544433322'))
  await page.getByLabel('Chi resta').selectOption({ index: side })
  await page.getByLabel('Codice con cui entra').selectOption({ index: side })
  await confirmByKeyboard(page, 'Codice provvisorio', 'Conferma: sono la stessa persona')
  await page.getByText('famiglia Diallo').first().waitFor()
  await expectSound(page)
  await look(page, 'adulti-anteprima-1366')
  await page.keyboard.press('Enter')
  await page.getByText('I due adulti sono uno solo').waitFor()
  await expectSound(page)
  const pair = page.url()
  await page.goto(at('/famiglie/doppi'))
  await look(page, 'doppi-adulti-1366')
  await page.context().close()

  const phone = await entering({ viewport: PHONE })
  await phone.goto(at('/famiglie/doppi'))
  await expectSound(phone)
  await look(phone, 'doppi-adulti-390')
  await phone.goto(pair)
  await phone.getByRole('heading', { level: 1, name: 'Due adulti uniti' }).waitFor()
  await phone.getByLabel('Motivo').fill('Sono due')
  await phone.getByRole('button', { name: 'Vedi che cosa succederà' }).click()
  await phone.getByText('Se confermi').waitFor()
  await expectSound(phone)
  await look(phone, 'adulti-annulla-390')
  await phone.getByRole('button', { name: 'Conferma: sono due persone' }).click()
  await phone.getByText('i due adulti sono com’erano prima').waitFor()
  await phone.getByRole('link', { name: `Confronta gli adulti ${name} e ${name}` }).waitFor()
  await phone.context().close()
}, 240_000)

/** A second household of Amina Diallo, with a child of its own and its account. */
async function aSecondDiallo(): Promise<void> {
  await sql`
    with held as (select m.* from household_member m join person p on p.municipality_id = m.municipality_id and p.id = m.person_id
      where p.fiscal_code = ${demoPeople.otherHolder.fiscalCode} and m.role = 'holder' and m.ended_at is null),
    made as (insert into household (municipality_id, name) select municipality_id, 'Diallo' from held returning municipality_id, id),
    role as (
      insert into household_member (municipality_id, household_id, person_id, role, valid_from)
      select made.municipality_id, made.id, held.person_id, 'holder', app_today() - 5 from made, held),
    child as (
      insert into pupil (municipality_id, household_id, given_name, family_name, fiscal_code, birth_date)
      select municipality_id, id, 'Binta', 'Diallo', null, date '2019-10-02' from made returning municipality_id, id),
    eats as (
      insert into enrolment (municipality_id, pupil_id, service_id, school_id, school_class_id, school_year_id, diet_code, valid_from,
        valid_to)
      select e.municipality_id, child.id, e.service_id, e.school_id, e.school_class_id, e.school_year_id, 'STD', app_today() + 1, e.valid_to
      from child join held on true
      join pupil p on p.municipality_id = held.municipality_id and p.household_id = held.household_id
      join enrolment e on e.municipality_id = p.municipality_id and e.pupil_id = p.id and e.valid_to > app_today()
      limit 1 returning municipality_id, service_id)
    insert into account (municipality_id, kind, service_id, household_id)
    select eats.municipality_id, 'household', eats.service_id, made.id from eats, made`.execute(app.db.owner)
}

/** What the holder of two families finds at her payments and where she tops up. */
async function holderReads(name: string): Promise<number> {
  const page = await signInAs(await openContext(browser, { viewport: PHONE }), app, 'otherHolder')
  await page.goto(`${app.origin}/mozzecane/oggi`)
  await page.getByRole('heading', { level: 1 }).waitFor()
  await expectSound(page)
  await look(page, `${name}-oggi-390`)
  await page.goto(`${app.origin}/mozzecane/pagamenti`)
  await page.getByRole('heading', { level: 1 }).waitFor()
  await expectSound(page)
  await look(page, `${name}-pagamenti-390`)
  await page.goto(`${app.origin}/mozzecane/pagamenti/ricarica`)
  await page.getByRole('heading', { level: 1 }).waitFor()
  await expectSound(page)
  await look(page, `${name}-ricarica-390`)
  const choices = await page
    .getByRole('main')
    .getByRole('link', { name: /^Refezione Scolastica, Diallo/ })
    .count()
  await page.context().close()
  return choices
}

test('two families of one mother become one, whose account alone she tops up, and two again', async () => {
  await aSecondDiallo()
  expect(await holderReads('due-famiglie')).toBe(2)
  const page = await entering()
  await page.goto(at('/famiglie/doppi'))
  await page.getByRole('link', { name: 'Confronta le famiglie Diallo e Diallo' }).press('Enter')
  await page.getByRole('heading', { level: 1, name: 'Due famiglie a confronto' }).waitFor()
  await page.getByLabel('Quale resta').selectOption({ index: 0 })
  await confirmByKeyboard(page, 'Scritta due volte', 'Conferma: sono la stessa famiglia')
  await expectSound(page)
  await look(page, 'famiglie-anteprima-1366')
  await page.keyboard.press('Enter')
  await page.getByRole('heading', { level: 1, name: 'Due famiglie unite' }).waitFor()
  await look(page, 'famiglie-unite-1366')
  expect(await holderReads('famiglie-unite')).toBe(0)
  await page.setViewportSize(PHONE)
  await expectSound(page)
  await page.getByLabel('Motivo').fill('Sono due conti')
  await page.getByRole('button', { name: 'Vedi che cosa succederà' }).click()
  await page.getByText('sono di nuovo divise').waitFor()
  await expectSound(page)
  await look(page, 'famiglie-annulla-390')
  await page.getByRole('button', { name: 'Conferma: sono due famiglie' }).click()
  await page.getByText('le due famiglie sono com’erano prima').waitFor()
  expect(await holderReads('famiglie-divise')).toBe(2)
  await page.context().close()
}, 240_000)

/** Sends the children of a family to the other municipality. @returns the page of the transfer */
async function send(page: Page, family: string): Promise<string> {
  await page.goto(at(`/famiglie?cerca=${family}`))
  await page.getByRole('main').getByRole('link', { name: family, exact: true }).first().click()
  await page.getByRole('link', { name: 'Trasferisci a un altro Comune' }).press('Enter')
  await page.getByRole('heading', { level: 1, name: 'Trasferisci a un altro Comune' }).waitFor()
  await page.getByLabel('Comune in cui vanno').selectOption({ label: 'Vigasio (VR)' })
  const { rows } = await sql<{ day: string }>`select (app_today() + 14)::text as day`.execute(app.db.owner)
  await page.getByLabel('Ultimo giorno qui').fill(rows[0]?.day ?? '')
  await confirmByKeyboard(page, 'Cambia casa', 'Conferma e manda')
  await expectSound(page)
  await look(page, `trasferisci-${family}-1366`)
  await page.keyboard.press('Enter')
  await page.getByText('Gli alunni sono mandati all’altro Comune').waitFor()
  await expectSound(page)
  await look(page, `mandato-${family}-1366`)
  return new URL(page.url()).pathname.split('/').at(-1) as string
}

const familiesToSend = async (): Promise<[string, string]> => {
  const { rows } = await sql<{ name: string }>`
    select h.name from household h join municipality m on m.id = h.municipality_id and m.slug = 'mozzecane'
    where h.name not in ('Diallo', 'Albertini')
      and 1 = (select count(*) from household o where o.municipality_id = h.municipality_id and o.name = h.name)
      and 1 = (select count(*) from pupil p where p.municipality_id = h.municipality_id and p.household_id = h.id)
      and exists (select from pupil p join enrolment e on e.municipality_id = p.municipality_id and e.pupil_id = p.id
        and e.valid_from <= app_today() and e.valid_to > app_today() + 20
        where p.municipality_id = h.municipality_id and p.household_id = h.id)
      and not exists (select from refund_case c where c.municipality_id = h.municipality_id and c.household_id = h.id)
    order by h.id desc limit 2`.execute(app.db.owner)
  return rows.map(({ name }) => name) as [string, string]
}

test('a family goes to another municipality, which registers it; another one is not taken and comes back', async () => {
  const [goes, comesBack] = await familiesToSend()
  const page = await entering()
  await page.goto(at(`/famiglie?cerca=${goes}`))
  await page.getByRole('main').getByRole('link', { name: goes, exact: true }).first().click()
  await page.getByRole('heading', { level: 1, name: `Famiglia ${goes}` }).waitFor()
  await expect.poll(() => page.getByRole('link', { name: 'Trasferisci a un altro Comune' }).count()).toBe(0)
  await secondTown(app)
  const accepted = await send(page, goes)
  const refused = await send(page, comesBack)

  const there = (tail: string) => `${app.origin}/admin/${SECOND_TOWN}${tail}`
  const phone = await signInCitizen(
    await openContext(browser, { viewport: PHONE }),
    app,
    demoPeople.manager,
    SECOND_TOWN,
  )
  await phone.goto(there('/oggi'))
  await phone.getByRole('main').getByText('2 trasferimenti da altri Comuni').first().waitFor()
  await look(phone, 'vigasio-oggi-390')
  await phone.goto(there('/famiglie/trasferimenti'))
  await phone.getByRole('heading', { level: 1, name: 'Trasferimenti fra Comuni' }).waitFor()
  await expectSound(phone)
  await look(phone, 'trasferimenti-390')
  await phone.goto(there(`/famiglie/trasferimenti/${accepted}`))
  await phone.getByRole('heading', { level: 1, name: 'Trasferimento da Mozzecane' }).waitFor()
  await expectSound(phone)
  await look(phone, 'arrivo-390')
  await phone.setViewportSize(OFFICE)
  await look(phone, 'arrivo-1366')
  await phone.getByLabel('Classe').first().selectOption({ index: 1 })
  await phone.getByRole('button', { name: 'Vedi che cosa succederà' }).first().click()
  await phone.getByText('legge che il trasferimento è accolto').waitFor()
  await expectSound(phone)
  await look(phone, 'arrivo-anteprima-1366')
  await phone.getByRole('button', { name: 'Conferma e registra' }).click()
  await phone.getByText('Il trasferimento è accolto').waitFor()
  await phone.getByRole('heading', { level: 1, name: `Famiglia ${goes}` }).waitFor()

  await phone.goto(there(`/famiglie/trasferimenti/${refused}`))
  const no = phone.getByRole('region', { name: 'Non accogliere' })
  await no.getByLabel('Motivo').fill('Non risiede qui')
  await no.getByRole('button', { name: 'Vedi che cosa succederà' }).click()
  await no.getByText('Se confermi').waitFor()
  await expectSound(phone)
  await look(phone, 'rifiuto-1366')
  await no.getByRole('button', { name: 'Conferma', exact: true }).click()
  await phone.getByText('Il trasferimento non è accolto').waitFor()
  await phone.context().close()

  await page.goto(at('/famiglie/trasferimenti'))
  await expectSound(page)
  await look(page, 'trasferimenti-1366')
  await page.setViewportSize(PHONE)
  await page.goto(at(`/famiglie/trasferimenti/${refused}`))
  await page.getByText('Non risiede qui').waitFor()
  await expectSound(page)
  await look(page, 'non-accolto-390')
  await page.getByLabel('Motivo').fill('Resta qui')
  await page.getByRole('button', { name: 'Vedi che cosa succederà' }).click()
  await page.getByText('tornano com’erano').first().waitFor()
  await page.getByRole('button', { name: 'Conferma', exact: true }).click()
  await page.getByText('Il trasferimento è chiuso').waitFor()
  await page.context().close()
}, 240_000)

test('a family written by mistake is erased by keyboard; one that has eaten is not, in words', async () => {
  const { rows } = await sql<{ id: string }>`
    with made as (
      insert into household (municipality_id, name) select id, 'Sbagliati' from municipality where slug = 'mozzecane'
      returning municipality_id, id),
    child as (
      insert into pupil (municipality_id, household_id, given_name, family_name, birth_date)
      select municipality_id, id, 'Ugo', 'Sbagliati', date '2018-01-01' from made)
    select id from made`.execute(app.db.owner)
  const page = await entering()
  await page.goto(at(`/famiglie/${rows[0]?.id}`))
  await page.getByRole('link', { name: 'Cancella', exact: true }).press('Enter')
  await page.getByRole('heading', { level: 1, name: 'Cancella una registrazione sbagliata' }).waitFor()
  await confirmByKeyboard(page, 'Scritta due volte', 'Cancella per sempre')
  await expectSound(page)
  await look(page, 'cancella-1366')
  await page.keyboard.press('Enter')
  await page.waitForURL(/famiglie\?fatto=cancellata/)
  await expect.poll(async () => (await page.goto(at(`/famiglie/${rows[0]?.id}`)))?.status()).toBe(404)
  await page.setViewportSize(PHONE)
  await page.goto(at('/famiglie?cerca=Moussa'))
  await page.getByRole('main').getByRole('link', { name: 'Diallo' }).first().click()
  await page.getByRole('link', { name: 'Cancella', exact: true }).click()
  await page.getByLabel('Motivo').fill('Prova')
  await page.getByRole('button', { name: 'Vedi che cosa succederà' }).click()
  await page.getByText('Non si cancella, perché').waitFor()
  await expectSound(page)
  await look(page, 'non-si-cancella-390')
  await page.context().close()
}, 240_000)
