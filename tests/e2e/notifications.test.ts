import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type App, startApp } from '#tests/support/app.ts'
import { complaintsOf, DESKTOP, expectSound, openBrowser, openContext } from '#tests/support/browser.ts'
import { signInAs } from '#tests/support/demo-sign-in.ts'
import { browserKeys, openPushService, type PushService } from '#tests/support/push-service.ts'

let app: App
let browser: Browser
let service: PushService

beforeAll(async () => {
  service = await openPushService()
  ;[app, browser] = await Promise.all([
    startApp({ environment: { PUSH_SERVICES: service.origin } }),
    openBrowser(),
  ])
}, 240_000)
afterAll(async () => {
  await service?.close()
})

const inbox = () => `${app.origin}/mozzecane/notifiche`
const choices = () => `${app.origin}/mozzecane/profilo/notifiche`
const batches = () => `${app.origin}/admin/mozzecane/invii`

type Mail = { subject: string; text: string; html: string | null }

async function mailAbout(subject: string): Promise<Mail> {
  for (let patience = 0; patience < 80; patience += 1) {
    const mails = (await (await fetch(`${app.mailOrigin}/messaggi.json`)).json()) as Mail[]
    const found = mails.find((one) => one.subject.includes(subject))
    if (found) return found
    await new Promise((resolve) => setTimeout(resolve, 250))
  }
  throw new Error(`no letter “${subject}”`)
}

describe('the family', () => {
  it('reads what waits, opens one, and the bell counts down', async () => {
    const context = await openContext(browser)
    const page = await signInAs(context, app, 'holder')
    const complaints = complaintsOf(page)
    await page.goto(inbox())
    await expectSound(page)
    const waiting = await page.getByText('Da leggere', { exact: true }).count()
    expect(waiting).toBeGreaterThan(0)
    await page.getByRole('link', { name: `Notifiche, ${waiting} da leggere` }).waitFor()
    await page.getByRole('listitem').filter({ hasText: 'Da leggere' }).first().getByRole('link').click()
    await page.waitForURL((url) => !url.pathname.endsWith('/notifiche'))
    await page.goto(inbox())
    await expect.poll(() => page.getByText('Da leggere', { exact: true }).count()).toBe(waiting - 1)
    expect(complaints).toEqual([])
    await context.close()
  })

  it('chooses and tries out without JavaScript, on a phone of 320 pixels; the mail has two versions that say the same', async () => {
    const context = await openContext(browser, {
      javaScriptEnabled: false,
      viewport: { width: 320, height: 700 },
    })
    const page = await signInAs(context, app, 'delegate')
    await page.goto(choices())
    expect(await page.getByRole('main').textContent()).not.toMatch(/Saldo|Ricarica|Fattura/)
    const menu = page.getByRole('group', { name: /^Menù cambiato/ }).getByRole('checkbox', { name: 'E-mail' })
    expect(await menu.isChecked()).toBe(false)
    await menu.check()
    await page.getByLabel('Dalle').fill('22:15')
    await page.getByRole('button', { name: 'Salva le scelte' }).click()
    await page.getByText('Scelte salvate.').waitFor()
    expect(await menu.isChecked()).toBe(true)
    expect(await page.getByLabel('Dalle').inputValue()).toBe('22:15')
    await page.getByRole('button', { name: 'Manda una prova' }).click()
    await page.getByText('Prova mandata').waitFor()
    const { text, html } = await mailAbout('Prova: le notifiche funzionano')
    expect(text).toMatch(/^Ciao Marco,/)
    expect(html).toContain('È la prova che hai chiesto tu.')
    expect(html).not.toMatch(/<(img|script|link)/)
    await page.goto(inbox())
    await page.getByRole('button', { name: 'Segna tutto come letto' }).click()
    await page.getByText('Hai letto tutto.').waitFor()
    await page.getByRole('link', { name: 'Notifiche, nessuna da leggere' }).waitFor()
    await context.close()
  })

  it('lets this device receive, tries it, and takes it away', async () => {
    const context = await openContext(browser, { serviceWorkers: 'allow' })
    await context.addInitScript(
      ({ endpoint, keys }) => {
        const made = { endpoint, toJSON: () => ({ endpoint, keys }), unsubscribe: async () => true }
        const own = () => (localStorage.getItem('prova') ? made : null)
        Object.assign(PushManager.prototype, {
          subscribe: async () => {
            localStorage.setItem('prova', 'sì')
            return made
          },
          getSubscription: async () => own(),
        })
        Object.defineProperty(Notification, 'permission', { get: () => 'default' })
        Notification.requestPermission = async () => 'granted'
      },
      { endpoint: `${service.origin}/telefono`, keys: browserKeys() },
    )
    const page = await signInAs(context, app, 'holder')
    await page.goto(choices())
    await page.getByRole('button', { name: 'Attiva su questo dispositivo' }).click()
    await page.getByText('da ora le notifiche arrivano anche su questo dispositivo').waitFor()
    await page.getByText('Questo dispositivo riceve le notifiche.').waitFor()
    await expectSound(page)
    await page.getByRole('button', { name: 'Manda una prova' }).click()
    await expect.poll(() => service.posts.length, { timeout: 60_000 }).toBe(1)
    expect(service.posts[0]?.headers['content-encoding']).toBe('aes128gcm')
    await page.getByRole('button', { name: /^Togli Chrome/ }).click()
    await page.getByText('a quel dispositivo non arriva più niente').waitFor()
    await context.close()
  })
})

describe('the office', () => {
  it('sees what did not arrive, without reading an address, and sends it again', async () => {
    const context = await openContext(browser, { viewport: DESKTOP })
    const page = await signInAs(context, app, 'operator')
    await page.goto(batches())
    await expectSound(page)
    await page.getByRole('link', { name: 'In cucina arriva il menù d’inverno' }).click()
    await page.getByRole('heading', { level: 1, name: 'In cucina arriva il menù d’inverno' }).waitFor()
    await expectSound(page)
    expect(await page.getByRole('main').textContent()).not.toContain('@example.it')
    await page.getByRole('button', { name: /^Rispedisci/ }).click()
    await page.getByText('Rimessi in coda').waitFor()
    await expect
      .poll(
        async () => {
          await page.reload()
          return page.getByRole('main').textContent()
        },
        { timeout: 60_000 },
      )
      .toMatch(/Spediti: 59.*In dubbio: 1/)
    await expect.poll(() => page.getByRole('button', { name: /^Rispedisci/ }).count()).toBe(0)
    await context.close()
  })
})
