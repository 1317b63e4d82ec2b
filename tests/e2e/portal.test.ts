import type { Browser } from 'playwright-core'
import { beforeAll, describe, expect, it } from 'vitest'
import { type App, startApp } from '#tests/support/app.ts'
import {
  complaintsOf,
  DESKTOP,
  expectAccessible,
  openBrowser,
  openContext,
  PHONE,
} from '#tests/support/browser.ts'

let app: App
let browser: Browser
beforeAll(async () => {
  ;[app, browser] = await Promise.all([startApp({ worker: false }), openBrowser()])
})

describe('the portal, as npm start runs it', () => {
  it.each([
    ['a phone', PHONE],
    ['a desk', DESKTOP],
  ])(
    'shows the public pages on %s without a complaint from the browser or from WCAG 2.2 AA',
    async (_name, viewport) => {
      const context = await openContext(browser, { viewport })
      const page = await context.newPage()
      const complaints = complaintsOf(page)
      for (const path of ['/', '/mozzecane', '/mozzecane/accesso']) {
        const response = await page.goto(app.origin + path)
        expect(response?.status(), path).toBe(200)
        await expectAccessible(page, path)
      }
      expect(complaints).toEqual([])
      await context.close()
    },
  )

  it('says that it is well', async () => {
    const response = await fetch(`${app.origin}/api/health`)
    expect([response.status, await response.json()]).toEqual([200, { status: 'ok' }])
  })
})
