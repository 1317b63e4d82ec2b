import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright-core'
import { beforeAll, describe, expect, it } from 'vitest'
import { type App, startApp } from '#tests/support/app.ts'
import {
  complaintsOf,
  expectAccessible,
  expectSound,
  openBrowser,
  openContext,
} from '#tests/support/browser.ts'
import { signInAs } from '#tests/support/demo-sign-in.ts'
import { RIGHT, WRONG } from '#tests/support/devices.ts'

let app: App
let browser: Browser
beforeAll(async () => {
  ;[app, browser] = await Promise.all([startApp({ worker: false }), openBrowser()])
})

const NARROW = { width: 320, height: 720 } as const

/** Laura's browser, in which she has just signed in. */
async function open(options: BrowserContextOptions = {}) {
  const context = await openContext(browser, options)
  const page = await signInAs(context, app, 'holder')
  return { context, page, complaints: complaintsOf(page) }
}

const pathOf = (page: Page): string => page.url().replace(app.origin, '')

/** From a page with the two buttons, through the provider, as Laura. */
async function identify(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Entra con SPID' }).click()
  await page.getByRole('button', { name: /Laura Conti/ }).click()
  await page.waitForURL(`${app.origin}/**`)
}

/** Leaves the portal but not the device. */
async function leave(page: Page): Promise<void> {
  await page.goto(`${app.origin}/mozzecane/altro`)
  await page.getByRole('main').getByRole('button', { name: 'Esci', exact: true }).click()
  await page.waitForURL(/accesso\/uscita/)
}

const pad = (page: Page, name: RegExp) => page.getByRole('group', { name })

/** Presses the points one by one, as a finger or a screen reader does. */
async function tap(page: Page, name: RegExp, sequence: string): Promise<void> {
  for (const digit of sequence) {
    await pad(page, name)
      .getByRole('button', { name: `Punto ${digit},` })
      .click()
  }
}

/** Draws through the points without lifting. */
async function drag(page: Page, name: RegExp, sequence: string): Promise<void> {
  for (const [at, digit] of [...sequence].entries()) {
    const box = await pad(page, name)
      .getByRole('button', { name: `Punto ${digit},` })
      .boundingBox()
    if (!box) throw new Error(`no point ${digit}`)
    await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2, { steps: at === 0 ? 1 : 6 })
    if (at === 0) await page.mouse.down()
  }
  await page.mouse.up()
}

/** Remembers the browser of a page that has just signed in, with the sequence RIGHT. */
async function remember(page: Page): Promise<void> {
  await page.getByRole('link', { name: 'Salva credenziali' }).click()
  await page.getByRole('heading', { level: 1, name: /Salva le credenziali/ }).waitFor()
  await tap(page, /Disegna una sequenza/, RIGHT)
  await tap(page, /un’altra volta/, RIGHT)
  await page.getByRole('button', { name: 'Salva la sequenza' }).click()
  await page.waitForURL(/profilo\/accessi\?fatto=ricordato/)
}

/** Remembers the browser from the page that the signed-in person is offered it on, and comes back signed out. */
async function rememberAndLeave(page: Page): Promise<void> {
  await remember(page)
  await leave(page)
  await page.goto(`${app.origin}/mozzecane/accesso?ritorno=/mozzecane/prenotazioni`)
}

async function aRememberedBrowser(options: BrowserContextOptions = {}) {
  const opened = await open(options)
  await opened.page.goto(`${app.origin}/mozzecane/oggi`)
  await rememberAndLeave(opened.page)
  return opened
}

/** A phone with a fingerprint reader that always agrees. */
async function withAuthenticator(context: BrowserContext, page: Page): Promise<void> {
  const devtools = await context.newCDPSession(page)
  await devtools.send('WebAuthn.enable')
  await devtools.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2',
      transport: 'internal',
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  })
}

describe('a parent who saves the credentials', () => {
  it('is offered it after SPID, draws a sequence twice, and next time enters with it alone', async () => {
    const context = await openContext(browser)
    const page = await context.newPage()
    const complaints = complaintsOf(page)
    await page.goto(`${app.origin}/mozzecane/oggi`)
    await identify(page)
    await rememberAndLeave(page)
    await page.getByRole('heading', { level: 1, name: 'Ciao Laura' }).waitFor()
    await expectAccessible(page)
    await drag(page, /Disegna la tua sequenza/, RIGHT)
    // Lifting the finger is enough, as on the lock of a phone.
    await page.waitForURL((url) => url.pathname === '/mozzecane/prenotazioni')
    await page.goto(`${app.origin}/mozzecane/profilo/accessi`)
    await page.getByRole('heading', { name: 'Hai fatto l’accesso da un dispositivo ricordato' }).waitFor()
    await expectAccessible(page)
    expect(complaints).toEqual([])
    await context.close()
  })

  it('can do all of it with the keyboard, on a screen of 320 pixels', async () => {
    const { context, page, complaints } = await aRememberedBrowser({ viewport: NARROW })
    await page.getByRole('button', { name: 'Punto 1,' }).focus()
    for (const digit of RIGHT) await page.keyboard.press(digit)
    await page.keyboard.press('Backspace')
    await page.keyboard.press(RIGHT.at(-1) as string)
    expect(await page.getByLabel('Scrivi i numeri').inputValue()).toBe(RIGHT)
    await expectSound(page)
    await page.getByRole('button', { name: 'Entra con la sequenza' }).focus()
    await page.keyboard.press('Enter')
    await page.waitForURL((url) => url.pathname === '/mozzecane/prenotazioni')
    expect(complaints).toEqual([])
    await context.close()
  })

  it('without JavaScript types the numbers', async () => {
    const { context, page } = await open({ javaScriptEnabled: false })
    await page.goto(`${app.origin}/mozzecane/oggi`)
    await page.getByRole('link', { name: 'Salva credenziali' }).click()
    const fields = page.getByLabel('Scrivi i numeri')
    await fields.nth(0).fill(RIGHT)
    await fields.nth(1).fill(RIGHT)
    await page.getByRole('button', { name: 'Salva la sequenza' }).click()
    await page.waitForURL(/fatto=ricordato/)
    await leave(page)
    await page.goto(`${app.origin}/mozzecane/accesso`)
    await page.getByLabel('Scrivi i numeri').fill(RIGHT)
    await page.getByRole('button', { name: 'Entra con la sequenza' }).click()
    await expect.poll(() => pathOf(page)).toBe('/mozzecane/oggi')
    await context.close()
  })

  it('reads what is wrong with a sequence that everybody would try, and may say “not now”', async () => {
    const { context, page, complaints } = await open()
    await page.goto(`${app.origin}/mozzecane/profilo/accessi/ricorda`)
    await expectAccessible(page)
    await tap(page, /Disegna una sequenza/, '1478963')
    await tap(page, /un’altra volta/, '1478963')
    await page.getByRole('button', { name: 'Salva la sequenza' }).click()
    await page
      .getByRole('alert')
      .getByText(/forme che si provano per prime/)
      .waitFor()
    await page.goto(`${app.origin}/mozzecane/oggi`)
    await page.getByRole('button', { name: 'Non ora' }).click()
    await expect.poll(() => pathOf(page)).toBe('/mozzecane/oggi')
    await expect.poll(() => page.getByRole('link', { name: 'Salva credenziali' }).count()).toBe(0)
    expect(complaints).toEqual([])
    await context.close()
  })

  it('after five wrong sequences finds SPID and CIE only', async () => {
    const { context, page } = await aRememberedBrowser()
    for (let attempt = 0; attempt < 5; attempt += 1) {
      await page.getByLabel('Scrivi i numeri').fill(WRONG)
      await page.getByRole('button', { name: 'Entra con la sequenza' }).click()
      await page
        .getByRole('alert')
        .getByText(/La sequenza non è quella giusta/)
        .waitFor()
      await expect.poll(() => page.getByRole('button', { name: 'Entra con CIE' }).isVisible()).toBe(true)
    }
    await expect.poll(() => page.getByLabel('Scrivi i numeri').count()).toBe(0)
    await expectAccessible(page)
    await context.close()
  })

  it('whose telephone has changed hands makes it forget', async () => {
    const { context, page } = await aRememberedBrowser()
    await page.getByText('Non sei tu?').click()
    await page.getByRole('button', { name: 'Dimentica su questo dispositivo' }).click()
    await page.getByRole('heading', { level: 1, name: 'Accedi ai servizi' }).waitFor()
    await expect.poll(() => page.getByLabel('Scrivi i numeri').count()).toBe(0)
    await context.close()
  })
})

describe('a parent whose telephone knows the finger', () => {
  it('registers it and next time enters with it, before any sequence', async () => {
    const { context, page, complaints } = await open()
    await withAuthenticator(context, page)
    await page.goto(`${app.origin}/mozzecane/profilo/accessi/ricorda`)
    await page.getByRole('button', { name: 'Usa impronta, volto o codice' }).click()
    await page.waitForURL(/fatto=ricordato/)
    await leave(page)
    await page.goto(`${app.origin}/mozzecane/accesso?ritorno=/mozzecane/prenotazioni`)
    await page.getByRole('heading', { level: 1, name: 'Ciao Laura' }).waitFor()
    await expect.poll(() => page.getByLabel('Scrivi i numeri').count()).toBe(0)
    await expectAccessible(page)
    await page.getByRole('button', { name: 'Entra con impronta, volto o codice' }).click()
    await page.waitForURL((url) => url.pathname === '/mozzecane/prenotazioni')
    await page.goto(`${app.origin}/mozzecane/profilo/accessi`)
    await page.getByText(/Aperto (il |l’).* con impronta, volto o codice/).waitFor()
    expect(complaints).toEqual([])
    await context.close()
  })
})

it('no sequence and no device cookie reaches a log, an address or a page', async () => {
  const { context, page } = await aRememberedBrowser()
  const [device] = (await context.cookies()).filter(({ name }) => name === '__Host-refettorio-dispositivo')
  const secrets = [RIGHT, WRONG, ...(device?.value.split('.') ?? [])]
  expect(secrets).toHaveLength(4)
  const html = await page.content()
  const logs = readdirSync(app.folder)
    .filter((file) => file.endsWith('.log'))
    .map((file) => readFileSync(path.join(app.folder, file), 'utf8'))
  expect(logs.length).toBeGreaterThan(0)
  for (const secret of secrets) {
    expect(html).not.toContain(secret)
    expect(page.url()).not.toContain(secret)
    expect(logs.join('\n')).not.toContain(secret)
  }
  await context.close()
})

describe('a parent who entered from a remembered device', () => {
  it('is asked for SPID before changing the devices, and led back to them', async () => {
    const { context, page, complaints } = await aRememberedBrowser()
    await page.getByLabel('Scrivi i numeri').fill(RIGHT)
    await page.getByRole('button', { name: 'Entra con la sequenza' }).click()
    await page.goto(`${app.origin}/mozzecane/profilo/accessi`)
    const own = page.getByRole('listitem').filter({ hasText: 'Questo dispositivo' })
    await own.getByRole('button', { name: /^Scollega/ }).click()
    await page.getByRole('heading', { level: 1, name: 'Conferma chi sei' }).waitFor()
    await expectAccessible(page)
    await identify(page)
    await expect.poll(() => pathOf(page)).toMatch(/^\/mozzecane\/profilo\/accessi\?ripresa=[\da-f-]{36}$/)
    await page.getByText('Ti abbiamo riconosciuto').waitFor()
    await own.getByRole('button', { name: /^Scollega/ }).click()
    await page.waitForURL(/fatto=scollegato/)
    expect(complaints).toEqual([])
    await context.close()
  })
})
