import type { Browser, Page } from 'playwright-core'
import { beforeAll, describe, expect, test } from 'vitest'
import { type App, startApp } from '#tests/support/app.ts'
import { expectAccessible, expectFits, openBrowser, openContext } from '#tests/support/browser.ts'
import { signInAs } from '#tests/support/demo-sign-in.ts'

const NARROW = { width: 320, height: 640 } as const
const MOST_STOPS = 80

let app: App
let browser: Browser
beforeAll(async () => {
  ;[app, browser] = await Promise.all([startApp({ worker: false }), openBrowser()])
}, 400_000)

/**
 * From the top of the page on with Tab, as far as the control of that name. Each stop must have a role and a name for
 * a person who listens, and stand inside the screen for one who looks.
 * @returns what a screen reader says at each stop: `button "Entra con SPID"`
 */
async function walkTo(page: Page, name: RegExp): Promise<string[]> {
  const stops: string[] = []
  for (let n = 0; n < MOST_STOPS; n += 1) {
    await page.keyboard.press('Tab')
    const focused = page.locator(':focus')
    const said = (await focused.ariaSnapshot()).split('\n')[0]?.replace(/^- /, '') ?? ''
    expect(said, `stop ${n + 1} after ${stops.at(-1)}`).toMatch(/^[a-z]+:? "?[^"]+/)
    const box = await focused.boundingBox()
    expect(box, said).not.toBeNull()
    expect((box?.x ?? 0) + (box?.width ?? 0), said).toBeLessThanOrEqual(NARROW.width + 1)
    stops.push(said)
    if (name.test(said)) return stops
  }
  throw new Error(`no way to ${name}:\n${stops.join('\n')}`)
}

/** The words stand in this order where a screen reader reads the main part of the page. */
async function readsInOrder(page: Page, words: readonly RegExp[]): Promise<void> {
  const said = await page.getByRole('main').ariaSnapshot()
  let from = 0
  for (const word of words) {
    const at = said.slice(from).search(word)
    expect(at, `${word} after ${from} in\n${said}`).toBeGreaterThanOrEqual(0)
    from += at
  }
}

describe('a person with the keyboard alone, listening, on a screen of 320 pixels,', () => {
  test('signs in: the skip link comes first, then the two ways in, each with its name', async () => {
    const context = await openContext(browser, { viewport: NARROW })
    const page = await context.newPage()
    await page.goto(`${app.origin}/mozzecane/accesso`)
    await expectAccessible(page)
    await expectFits(page)
    await readsInOrder(page, [
      /heading .*\[level=1\]/,
      /SPID/,
      /button "Entra con SPID"/,
      /button "Entra con CIE"/,
    ])
    const stops = await walkTo(page, /^button "Entra con SPID"/)
    expect(stops[0]).toMatch(/^link "Vai al contenuto/)
    await walkTo(page, /^button "Entra con CIE"/)
    await page.keyboard.press('Enter')
    await page.waitForURL((url) => !url.href.startsWith(app.origin))
    await context.close()
  })

  test('draws a sequence that says what it asks and what has been chosen; the button comes after the points', async () => {
    const page = await signInAs(await openContext(browser, { viewport: NARROW }), app, 'holder')
    await page.goto(`${app.origin}/mozzecane/profilo/accessi/ricorda`)
    await expectAccessible(page)
    await expectFits(page)
    await readsInOrder(page, [
      /heading .*\[level=1\]/,
      /(group|textbox|button) .*[Ss]equenza|group "/,
      /button "[^"]*"/,
    ])
    const stops = await walkTo(page, /^button "(Ricorda|Salva|Continua)[^"]*"/)
    expect(new Set(stops.filter((stop) => stop.startsWith('button'))).size).toBeGreaterThan(0)
    await page.context().close()
  })

  test('invites a delegate: labels come before fields, the mistake is announced and one key away from its field', async () => {
    const page = await signInAs(await openContext(browser, { viewport: NARROW }), app, 'holder')
    await page.goto(`${app.origin}/mozzecane/profilo/deleghe`)
    await expectAccessible(page)
    await expectFits(page)
    await readsInOrder(page, [
      /heading "Deleghe" \[level=1\]/,
      /textbox "Codice fiscale della persona"/,
      /textbox "La sua e-mail"/,
      /button "Manda l’invito"/,
    ])
    await walkTo(page, /^textbox "Codice fiscale della persona"/)
    await page.keyboard.type('ABC')
    await page.keyboard.press('Enter')
    await page.getByRole('main').getByRole('alert').waitFor()
    await expect.poll(() => page.locator(':focus').getAttribute('role'), { timeout: 30_000 }).toBe('alert')
    await page.keyboard.press('Tab')
    await page.keyboard.press('Enter')
    await expect
      .poll(() => page.locator(':focus').ariaSnapshot(), { timeout: 30_000 })
      .toContain('textbox "Codice fiscale della persona"')
    await expectAccessible(page)
    await page.context().close()
  })
})
