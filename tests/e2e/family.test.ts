import { mkdirSync, readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { sql } from 'kysely'
import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright-core'
import { beforeAll, describe, expect, it } from 'vitest'
import { type DemoPart, demoPeople } from '#db/demo/people.ts'
import { makeFiscalCode } from '#lib/identity/fiscal-code.ts'
import { type App, startApp } from '#tests/support/app.ts'
import {
  complaintsOf,
  DESKTOP,
  expectAccessible,
  expectFits,
  openBrowser,
  openContext,
} from '#tests/support/browser.ts'
import { signInAs } from '#tests/support/demo-sign-in.ts'
import { openNetwork } from '#tests/support/network.ts'

let app: App
let browser: Browser
beforeAll(async () => {
  ;[app, browser] = await Promise.all([startApp(), openBrowser()])
})

/** Where screens go when a person wants to look at them: SCREENS=folder. */
const SCREENS = process.env.SCREENS
async function look(page: Page, name: string): Promise<void> {
  if (!SCREENS) return
  mkdirSync(SCREENS, { recursive: true })
  await page.screenshot({ path: path.join(SCREENS, `${name}.png`), fullPage: true })
}

/** Everything that the portal sent to browsers and everything they kept, for the last test to search. */
const seen: { pages: string[]; addresses: string[]; cookies: string[] } = {
  pages: [],
  addresses: [],
  cookies: [],
}

/** A browser whose every answer is searched at the end; a person is signed in there, or not. */
async function open(part: DemoPart | null = null, options: BrowserContextOptions = {}) {
  const context = await openContext(browser, options)
  const page = part ? await signInAs(context, app, part) : await context.newPage()
  page.on('response', async (response) => {
    seen.addresses.push(response.url())
    const type = response.headers()['content-type'] ?? ''
    if (response.url().startsWith(app.origin) && /html|x-component|json/.test(type)) {
      seen.pages.push(await response.text().catch(() => ''))
    }
  })
  return { context, page, complaints: complaintsOf(page) }
}

async function close(context: BrowserContext): Promise<void> {
  seen.cookies.push(...(await context.cookies()).map(({ name, value }) => `${name}=${value}`))
  await context.close()
}

/** From a page with the two buttons, through the provider, and back. */
async function identify(page: Page, person: RegExp): Promise<void> {
  await page.getByRole('button', { name: 'Entra con SPID' }).click()
  await page.getByRole('button', { name: person }).click()
  await page.waitForURL(`${app.origin}/**`)
}

async function lastText(to: string): Promise<string> {
  for (let n = 0; n < 60; n += 1) {
    const texts = (await (await fetch(`${app.mailOrigin}/sms.json`)).json()) as { to: string; text: string }[]
    const found = texts.find((one) => one.to === to)
    if (found) return found.text
    await new Promise((resolve) => setTimeout(resolve, 500))
  }
  throw new Error(`no text to ${to}`)
}

const smsGateway = (fault: string) =>
  fetch(`${app.mailOrigin}/sms/guasto`, { method: 'POST', body: new URLSearchParams({ guasto: fault }) })

async function mailWith(words: RegExp): Promise<string> {
  for (let n = 0; n < 60; n += 1) {
    const inbox = (await (await fetch(`${app.mailOrigin}/messaggi.json`)).json()) as { text: string }[]
    const found = inbox.find(({ text }) => words.test(text))
    if (found) return found.text
    await new Promise((resolve) => setTimeout(resolve, 500))
  }
  throw new Error(`no letter with ${words}`)
}

const invited = demoPeople.unknown

describe('a delegation', () => {
  let link = ''

  it('is offered by the holder with the keyboard, and the mail arrives', async () => {
    const { context, page, complaints } = await open('holder')
    await page.goto(`${app.origin}/mozzecane/profilo/deleghe`)
    await page.getByRole('heading', { level: 1, name: 'Deleghe' }).waitFor()
    await expectAccessible(page)
    await look(page, 'deleghe-390')
    await page.getByRole('textbox', { name: 'Codice fiscale della persona' }).focus()
    await page.keyboard.type('ABC')
    await page.keyboard.press('Enter')
    await page.getByRole('main').getByRole('alert').waitFor()
    await expectAccessible(page)
    await page.getByRole('textbox', { name: 'Codice fiscale della persona' }).fill(invited.fiscalCode)
    await page.getByRole('textbox', { name: 'La sua e-mail' }).fill('chiara.invitata@example.it')
    await page.getByRole('checkbox', { name: 'Sofia' }).uncheck()
    await page.getByRole('button', { name: 'Manda l’invito' }).press('Enter')
    await page.getByText('Invito spedito').waitFor()
    link = /https?:\S+\/invito\/\S+/.exec(await mailWith(/\/invito\//))?.[0] ?? ''
    expect(link).toContain('/mozzecane/invito/')
    expect(complaints).toEqual([])
    await close(context)
  })

  it('shows nothing to another person who has the link', async () => {
    const { context, page } = await open()
    await page.goto(link)
    await identify(page, /Marco Albertini/)
    await page.getByRole('heading', { name: 'Questo invito è per un’altra persona' }).waitFor()
    expect(await page.content()).not.toContain('Greta')
    await close(context)
  })

  it.each([['without JavaScript', { javaScriptEnabled: false }]])(
    'is accepted %s by a person unknown to the municipality until now, who sees one child',
    async (_name, options) => {
      const { context, page, complaints } = await open(null, {
        ...options,
        viewport: { width: 320, height: 700 },
      })
      await page.goto(link)
      expect(await page.getByRole('heading', { level: 1 }).textContent()).toBe('Hai ricevuto un invito')
      await identify(page, /Chiara Bassani/)
      await page.getByRole('heading', { level: 2, name: 'L’invito' }).waitFor()
      await look(page, 'invito-320')
      await page.getByRole('button', { name: 'Accetta la delega' }).click()
      await page.goto(`${app.origin}/mozzecane/oggi`)
      await page.getByRole('heading', { level: 1, name: 'Oggi' }).waitFor()
      const text = (await page.getByRole('main').textContent()) ?? ''
      expect(text).toContain('Greta')
      expect(text).not.toContain('Sofia')
      expect(text).not.toMatch(/Saldo/)
      expect(complaints).toEqual([])
      await close(context)
    },
  )

  it('that is revoked while the delegate has the page open finds nothing at the next press', async () => {
    const delegate = await open('unknown')
    await delegate.page.goto(`${app.origin}/mozzecane/oggi`)
    const holder = await open('holder', { viewport: DESKTOP })
    await holder.page.goto(`${app.origin}/mozzecane/profilo/deleghe`)
    await look(holder.page, 'deleghe-1440')
    await holder.page.getByText('Revoca la delega di Chiara Bassani').click()
    await holder.page.getByRole('button', { name: 'Revoca adesso' }).first().click()
    await holder.page.getByText('Revoca la delega di Chiara Bassani').waitFor({ state: 'detached' })
    await delegate.page.goto(`${app.origin}/mozzecane/prenotazioni`)
    expect(delegate.page.url()).toMatch(/non-abilitato$/)
    await close(delegate.context)
    await close(holder.context)
  })
})

describe('the profile', () => {
  it('proves a new e-mail with the code that arrives there', async () => {
    const { context, page, complaints } = await open('holder')
    await page.goto(`${app.origin}/mozzecane/profilo`)
    await page.getByRole('heading', { level: 1, name: 'Profilo' }).waitFor()
    await expectAccessible(page)
    await page.getByRole('textbox', { name: 'Nuova e-mail' }).fill('laura.nuova@example.it')
    await page.getByRole('button', { name: 'Manda il codice' }).click()
    const code = /^(\d{6})$/m.exec(await mailWith(/Il codice per confermarlo/))?.[1] ?? ''
    await page.getByRole('textbox', { name: 'Codice di sei cifre' }).fill(code)
    await page.getByRole('button', { name: 'Conferma l’e-mail' }).click()
    await page.getByText('Confermata', { exact: true }).waitFor()
    await look(page, 'profilo-390')
    expect(complaints).toEqual([])
    await close(context)
  })

  const phoneCard = (page: Page) => page.getByRole('region', { name: 'Telefono' })

  it.each<[string, string, BrowserContextOptions & { viewport?: { width: number; height: number } }]>([
    ['with JavaScript', '333 1112233', {}],
    [
      'without JavaScript, on a phone of 320 pixels',
      '333 1112244',
      { javaScriptEnabled: false, viewport: { width: 320, height: 700 } },
    ],
  ])('proves a telephone with the code of the text, %s', async (_name, number, options) => {
    const { context, page, complaints } = await open('delegate', options)
    await page.goto(`${app.origin}/mozzecane/profilo`)
    const card = phoneCard(page)
    await card.getByRole('textbox', { name: 'Telefono' }).fill('112')
    await card.getByRole('button', { name: 'Salva il telefono' }).click()
    await card.getByText('un numero estero comincia con +').first().waitFor()
    expect(await card.getByRole('textbox', { name: 'Telefono' }).inputValue()).toBe('112')
    // axe itself needs JavaScript.
    const expectOpenToAll = () => options.javaScriptEnabled === false || expectAccessible(page)
    await expectOpenToAll()
    await card.getByRole('textbox', { name: 'Telefono' }).fill(number)
    await card.getByRole('button', { name: 'Salva il telefono' }).click()
    const code = card.getByRole('textbox', { name: 'Codice arrivato per SMS' })
    await code.waitFor()
    await look(page, `telefono-codice-${options.viewport?.width ?? 390}`)
    const text = await lastText(`+39${number.replace(' ', '')}`)
    await code.fill('12')
    await card.getByRole('button', { name: 'Conferma il telefono' }).click()
    await card.getByText('Il codice ha sei cifre: lo trovi nell’SMS.').first().waitFor()
    await expectOpenToAll()
    await code.fill(/\d{6}/.exec(text)?.[0] ?? '')
    await card.getByRole('button', { name: 'Conferma il telefono' }).click()
    await card.getByText('Verificato', { exact: true }).waitFor()
    expect(await card.textContent()).toContain(`+39 ${number}`)
    await look(page, `telefono-${options.viewport?.width ?? 390}`)
    await expectFits(page)
    expect(complaints).toEqual([])
    await close(context)
  })

  it('says when the text could not leave, and keeps the number of before', async () => {
    const { context, page } = await open('delegate', { viewport: DESKTOP })
    await smsGateway('refusedNumber')
    await page.goto(`${app.origin}/mozzecane/profilo`)
    const card = phoneCard(page)
    await card.getByRole('textbox', { name: 'Telefono' }).fill('340 0000000')
    await card.getByRole('button', { name: 'Salva il telefono' }).click()
    await card.getByRole('textbox', { name: 'Codice arrivato per SMS' }).waitFor()
    await expect
      .poll(
        async () => {
          await page.reload()
          return card.textContent()
        },
        { timeout: 60_000, interval: 500 },
      )
      .toContain('L’SMS non è partito')
    await smsGateway('normal')
    expect(await card.textContent()).toContain('+39 333 1112244')
    await expectAccessible(page)
    await look(page, 'telefono-non-partito-1440')
    await close(context)
  })

  it('keeps a landline without proof, says why, and the whole card fits', async () => {
    const { context, page } = await open('otherHolder', { viewport: { width: 320, height: 700 } })
    await page.goto(`${app.origin}/mozzecane/profilo`)
    const card = phoneCard(page)
    await card.getByRole('textbox', { name: 'Telefono' }).fill('045 5550199')
    await card.getByRole('button', { name: 'Salva il telefono' }).click()
    await card.getByText('Non verificato', { exact: true }).waitFor()
    expect(await card.textContent()).toContain('A un numero fisso non arrivano SMS')
    await expectAccessible(page)
    await close(context)
  })

  it.each(['registro', 'dati'])(
    'has %s without a complaint from the browser or from WCAG 2.2 AA',
    async (room) => {
      const { context, page, complaints } = await open('holder', { viewport: DESKTOP })
      await page.goto(`${app.origin}/mozzecane/profilo/${room}`)
      await page.getByRole('heading', { level: 1 }).waitFor()
      await expectAccessible(page)
      await look(page, `${room}-1440`)
      expect(complaints).toEqual([])
      await close(context)
    },
  )
})

describe('the office', () => {
  it('finds a family and its form to change the holder', async () => {
    const { context, page, complaints } = await open('manager', { viewport: DESKTOP })
    await page.goto(`${app.origin}/admin/mozzecane/famiglie?cerca=Albertini`)
    await page.getByRole('link', { name: 'Albertini', exact: true }).click()
    await page.getByRole('heading', { level: 1, name: 'Famiglia Albertini' }).waitFor()
    await expectAccessible(page)
    expect(await page.getByRole('main').textContent()).toContain('+39 333 1112244 (verificato)')
    await look(page, 'famiglia-ufficio-1440')
    await page.setViewportSize({ width: 390, height: 844 })
    await expectFits(page)
    await look(page, 'famiglia-ufficio-390')
    await page.setViewportSize(DESKTOP)
    await page.getByRole('link', { name: 'Cambia l’intestatario' }).click()
    await page.getByRole('heading', { level: 1, name: 'Chi paga per la famiglia' }).waitFor()
    await expectAccessible(page)
    await page.getByRole('link', { name: 'Famiglia Albertini' }).click()
    await page.getByRole('heading', { level: 1, name: 'Famiglia Albertini' }).waitFor()
    await page.getByRole('link', { name: 'Correggi i dati di Laura Conti' }).click()
    await page.getByRole('heading', { level: 1, name: 'Correggi i dati di Laura Conti' }).waitFor()
    await expectAccessible(page)
    await page.getByLabel('Data di nascita').fill(demoPeople.holder.birthDay)
    await page.getByLabel('Motivo').fill('Dal documento')
    await page.getByRole('button', { name: 'Vedi che cosa cambia' }).click()
    await page.getByText('Se confermi').waitFor()
    await expectAccessible(page)
    await look(page, 'correzione-1440')
    await page.getByRole('button', { name: 'Conferma e correggi' }).click()
    await page.getByText('I dati sono corretti').waitFor()
    await page.goto(`${app.origin}/admin/mozzecane/registro/consegna`)
    await expectAccessible(page)
    expect(complaints).toEqual([])
    await close(context)
  })

  it('reads without JavaScript what a change of holder would do, and what is wrong at its field', async () => {
    const { context, page } = await open('manager', { javaScriptEnabled: false })
    await page.goto(`${app.origin}/admin/mozzecane/famiglie?cerca=Albertini`)
    await page.getByRole('link', { name: 'Albertini', exact: true }).click()
    await page.getByRole('link', { name: 'Cambia l’intestatario' }).click()
    await page.getByRole('heading', { level: 1, name: 'Chi paga per la famiglia' }).waitFor()
    const names = { givenName: 'Chiara', familyName: 'Bassani' }
    const code = makeFiscalCode({ ...names, birthDay: '1986-04-12', sex: 'F' })
    await page.getByLabel('Codice fiscale del nuovo intestatario').fill(code)
    await page.getByLabel('Nome', { exact: true }).fill('Ugo')
    await page.getByLabel('Cognome', { exact: true }).fill(names.familyName)
    await page.getByLabel('Motivo', { exact: true }).fill('Lo chiedono i genitori')
    await page.getByRole('button', { name: 'Mostra che cosa succederà' }).click()
    await page.locator('#givenName-errore').waitFor()
    await page.getByLabel('Nome', { exact: true }).fill(names.givenName)
    await page.getByRole('button', { name: 'Mostra che cosa succederà' }).click()
    await page.getByText('Da adesso paga Chiara Bassani, nata il 12/04/1986.').waitFor()
    await page.getByRole('button', { name: 'Conferma e cambia l’intestatario' }).waitFor()
    await close(context)
  })
})

/** A page of which nothing that it shows could fail, and which says why. */
async function isReadOnly(page: Page): Promise<void> {
  await page.getByText(/^Sei offline\. Dati di .+ perciò i pulsanti non ci sono/).waitFor()
  const acts = page.getByText(/Segna assent|Ripristina|^Ricarica|vedi cosa cambia|Salva credenziali/)
  await expect.poll(() => acts.filter({ visible: true }).allTextContents()).toEqual([])
  for (const role of ['button', 'checkbox', 'textbox', 'combobox'] as const)
    await expect.poll(() => page.getByRole(role).count(), { message: role }).toBe(0)
  await expectAccessible(page)
}

/** The month of the next day on which Greta eats at school. */
async function monthOfNextMeal(): Promise<string> {
  const { rows } = await sql<{ month: string }>`
    select to_char(min(d.day), 'YYYY-MM') as month from pupil p
    join enrolment e on e.municipality_id = p.municipality_id and e.pupil_id = p.id
    join service_day d on d.municipality_id = e.municipality_id and d.school_id = e.school_id and d.status = 'open'
      and d.day > app_today()
    where p.given_name = 'Greta'`.execute(app.db.owner)
  return rows[0]?.month ?? ''
}

/** Reaches for every control of a copy and sends its first form: nothing takes the focus, and the policy stops the form. */
async function sendsNothing(page: Page): Promise<void> {
  const tried = await page.evaluate(async () => {
    const reached: string[] = []
    for (const control of document.querySelectorAll<HTMLElement>('button, input, select, textarea')) {
      control.focus()
      if (document.activeElement === control) reached.push(control.outerHTML)
    }
    const [form] = document.forms
    if (!form) return { reached, stopped: 'there is no form' }
    const stopped = new Promise<string>((resolve) =>
      document.addEventListener('securitypolicyviolation', (event) => resolve(event.effectiveDirective)),
    )
    form.submit()
    return { reached, stopped: await stopped }
  })
  expect(tried).toEqual({ reached: [], stopped: 'form-action' })
}

describe('the app on the phone', () => {
  it('S19 keeps *Oggi* of a holder without the balance', async () => {
    const { page } = await open('holder', { serviceWorkers: 'allow' })
    await page.goto(`${app.origin}/mozzecane/oggi`)
    await page.getByRole('heading', { name: 'Saldo' }).first().waitFor()
    await page.evaluate(async () => {
      await navigator.serviceWorker.register('/sw.js')
      await navigator.serviceWorker.ready
    })
    await page.reload()
    await page.reload()
    const copy = () =>
      page.evaluate(async () => {
        const cache = await caches.open('refettorio-pages-4')
        const [key] = await cache.keys()
        return (key && (await (await cache.match(key))?.text())) ?? ''
      })
    await expect.poll(copy).toContain('data-offline')
    expect(await copy()).toContain('Greta')
    expect(await copy()).not.toMatch(/€|Saldo aggiornato|balanceCents|<script/)
  })

  it('reads the last day without a network, says from when it is, changes nothing, and forgets at sign-out', async () => {
    const network = await openNetwork()
    const { context, page } = await open('delegate', { serviceWorkers: 'allow', proxy: network.proxy })
    await page.goto(`${app.origin}/mozzecane/oggi`)
    await page.evaluate(async () => {
      await navigator.serviceWorker.register('/sw.js')
      await navigator.serviceWorker.ready
    })
    await page.reload()
    await page.reload()
    const kept = () =>
      page.evaluate(async () => {
        const cache = await caches.open('refettorio-pages-4')
        return (await cache.keys()).map(({ url }) => new URL(url).pathname)
      })
    await expect.poll(kept).toContain('/mozzecane/oggi')
    await page.goto(`${app.origin}/mozzecane/servizi`)
    expect(await kept()).not.toContain('/mozzecane/servizi')
    // A month in which something is still open: on the last days of one, the next.
    await page.goto(`${app.origin}/mozzecane/prenotazioni?mese=${await monthOfNextMeal()}`)
    await expect.poll(kept).toContain('/mozzecane/prenotazioni')
    network.takeAway()
    await page.goto(`${app.origin}/mozzecane/oggi`)
    await page.getByText(/^Sei offline\. Dati di/).waitFor()
    expect(await page.getByRole('main').textContent()).toContain('Greta')
    await isReadOnly(page)
    await look(page, 'offline-390')
    await sendsNothing(page)
    await page.goto(`${app.origin}/mozzecane/prenotazioni`)
    await isReadOnly(page)
    expect(await page.getByRole('table').textContent()).toContain('Presente')
    await look(page, 'offline-calendario-390')
    await page.goto(`${app.origin}/mozzecane/servizi`)
    await page.getByRole('heading', { name: 'Sei offline' }).waitFor()
    network.giveBack()
    await page.goto(`${app.origin}/mozzecane/altro`)
    await page.getByRole('main').getByRole('button', { name: 'Esci', exact: true }).click()
    await page.waitForURL(/accesso\/uscita/)
    await expect
      .poll(() => page.evaluate(async () => (await caches.keys()).filter((k) => k.includes('pages'))))
      .toEqual([])
    await close(context)
  })

  it('has a manifest of the municipality, whose icons are there', async () => {
    const manifest = (await (await fetch(`${app.origin}/mozzecane/app.webmanifest`)).json()) as {
      start_url: string
      icons: { src: string }[]
    }
    expect(manifest.start_url).toBe('/mozzecane/oggi?da=app')
    for (const { src } of manifest.icons) {
      const icon = await fetch(app.origin + src)
      expect([icon.status, icon.headers.get('content-type')]).toEqual([200, 'image/png'])
    }
    const { context, page } = await open()
    await page.goto(`${app.origin}/mozzecane/installa`)
    await expectAccessible(page)
    await look(page, 'installa-390')
    await close(context)
  })
})

describe('what this whole run left behind', () => {
  const codes = Object.values(demoPeople).map(({ fiscalCode }) => fiscalCode)
  const logs = () =>
    readdirSync(app.folder)
      .filter((file) => file.endsWith('.log') && /^(web|worker)/.test(file))
      .map((file) => readFileSync(path.join(app.folder, file), 'utf8'))
      .join('\n')
  /** What the canaries look like anywhere: plain, and encoded in an address. */
  const canaries = () => [...codes, 'Senza glutine', 'Senza uova', 'Senza lattosio']

  it('is searched by a search that finds a canary where one was put', () => {
    expect(canaries().filter((word) => `x ${codes[0]} y`.includes(word))).toHaveLength(1)
    expect(seen.pages.length).toBeGreaterThan(20)
    expect(seen.addresses.length).toBeGreaterThan(50)
    expect(seen.cookies.length).toBeGreaterThan(5)
  })

  it('holds no fiscal code and no diet in logs, addresses or cookies', () => {
    const places = { logs: logs(), addresses: seen.addresses.join('\n'), cookies: seen.cookies.join('\n') }
    for (const [place, text] of Object.entries(places)) {
      const readable = `${text}\n${safelyDecoded(text)}`
      expect(
        canaries().filter((word) => readable.includes(word)),
        place,
      ).toEqual([])
    }
  })

  it('holds no token of an invitation in logs or cookies, no session secret anywhere but in its cookie', async () => {
    const inbox = (await (await fetch(`${app.mailOrigin}/messaggi.json`)).json()) as { text: string }[]
    const tokens = inbox.flatMap(({ text }) => /\/invito\/([\w-]{43})/.exec(text)?.[1] ?? [])
    expect(tokens.length).toBeGreaterThan(0)
    const sessions = seen.cookies
      .filter((one) => /sessione=/.test(one))
      .map((one) => one.split('=')[1] as string)
    expect(sessions.length).toBeGreaterThan(0)
    const elsewhere = logs() + seen.addresses.join('\n') + seen.pages.join('\n')
    for (const token of tokens) {
      expect(logs()).not.toContain(token)
      expect(seen.cookies.join('\n')).not.toContain(token)
    }
    for (const session of sessions) expect(elsewhere).not.toContain(session)
  })

  it('holds no fiscal code in a page but the reader’s own, no diet’s meaning for a delegate, neither in a mail', async () => {
    const own = new Set([demoPeople.holder.fiscalCode, demoPeople.delegate.fiscalCode, invited.fiscalCode])
    const foreign = codes.filter((code) => !own.has(code))
    const pages = seen.pages.join('\n')
    expect(foreign.filter((code) => pages.includes(code))).toEqual([])
    const mails = await (await fetch(`${app.mailOrigin}/messaggi.json`)).text()
    expect(canaries().filter((word) => mails.includes(word))).toEqual([])
  })

  it('holds no link and no code in the outbox once they are sent', async () => {
    const rows = await app.db.owner
      .selectFrom('outbox')
      .select('body_text')
      .where('secret', '=', true)
      .execute()
    expect(rows.length).toBeGreaterThan(1)
    expect(rows.map((row) => row.body_text).join('')).toBe('')
  })
})

function safelyDecoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return ''
  }
}
