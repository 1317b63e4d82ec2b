import { sql } from 'kysely'
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

  it('says that it is well when a worker lives, and what is not', async () => {
    await sql`delete from heartbeat where source = 'worker'`.execute(app.db.owner)
    const told = async () => {
      const response = await fetch(`${app.origin}/api/health`)
      return [response.status, await response.json()]
    }
    const checks = { database: true, schema: true, worker: false }
    await expect.poll(told).toEqual([503, { status: 'unavailable', checks }])
    await sql`insert into heartbeat values ('worker', date_trunc('minute', clock_timestamp()))`.execute(
      app.db.owner,
    )
    await expect.poll(told).toEqual([200, { status: 'ok', checks: { ...checks, worker: true } }])
    expect((await fetch(`${app.origin}/api/live`)).status).toBe(200)
  })
})
