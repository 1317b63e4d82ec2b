import type { Browser, BrowserContext, Page } from 'playwright-core'
import { beforeAll, describe, expect, it } from 'vitest'
import { type App, startApp } from '#tests/support/app.ts'
import { axeViolations, complaintsOf, openBrowser, openContext } from '#tests/support/browser.ts'

/** The main screens as a language from right to left would have them: /prova/da-destra, there in demonstrations only. */
let app: App
let browser: Browser
beforeAll(async () => {
  ;[app, browser] = await Promise.all([startApp({ worker: false }), openBrowser()])
})

async function look(width: number): Promise<{ context: BrowserContext; page: Page }> {
  const context = await openContext(browser, { viewport: { width, height: 844 } })
  const page = await context.newPage()
  await page.goto(`${app.origin}/prova/da-destra`)
  return { context, page }
}

/** The middle of what is drawn, from the left edge of the screen. */
async function middleOf(page: Page, selector: string): Promise<number> {
  const box = await page.locator(selector).first().boundingBox()
  if (!box) throw new Error(`${selector} is not drawn`)
  return box.x + box.width / 2
}

describe.each([390, 320, 1440])('a screen of %i pixels', (width) => {
  it('lets nothing stick out, and axe has nothing to say', async () => {
    const { context, page } = await look(width)
    const complaints = complaintsOf(page)
    const overflow = await page.evaluate(() => {
      const scroller = document.documentElement
      scroller.scrollLeft = -1_000
      return { scrolls: scroller.scrollWidth - window.innerWidth, at: scroller.scrollLeft }
    })
    expect(overflow.scrolls).toBeLessThanOrEqual(0)
    expect(overflow.at).toBe(0)
    expect(await axeViolations(page)).toEqual([])
    expect(complaints).toEqual([])
    await context.close()
  })
})

describe('what begins a line', () => {
  it('stands on the right: a notice’s drawing, Monday, the first section, the day of a movement', async () => {
    const { context, page } = await look(390)
    const notice = '[data-surface]:has(h2 [lang="ar"])'
    expect(await middleOf(page, `${notice} > svg`)).toBeGreaterThan(await middleOf(page, `${notice} h2`))
    expect(await middleOf(page, 'table.meals th:first-child')).toBeGreaterThan(
      await middleOf(page, 'table.meals th:last-child'),
    )
    expect(await middleOf(page, 'nav.fixed li:first-child')).toBeGreaterThan(
      await middleOf(page, 'nav.fixed li:last-child'),
    )
    const field = page.locator('#pasti').first()
    const [input, unit] = [
      await field.boundingBox(),
      await field.locator('xpath=following-sibling::span').boundingBox(),
    ]
    expect(unit?.x).toBeLessThan(input?.x ?? 0)
    const edge = await page
      .locator(notice)
      .first()
      .evaluate((box) => [getComputedStyle(box).borderRightWidth, getComputedStyle(box).borderLeftWidth])
    expect(edge).toEqual(['6px', '1px'])
    await context.close()
  })

  it('arrows point along the line, and tomorrow is on the left of the keyboard too', async () => {
    const { context, page } = await look(390)
    const mirrored = await page
      .locator('use[href$="#chevron-left"]')
      .first()
      .evaluate((drawing) => getComputedStyle(drawing).transform)
    expect(mirrored).toBe('matrix(-1, 0, 0, 1, 0, 0)')
    const day = (on: string) => page.locator(`[data-day="${on}"]`)
    await page.locator('table.meals[role="grid"]').waitFor()
    await day('2026-11-23').focus()
    await page.keyboard.press('ArrowLeft')
    expect(await day('2026-11-24').evaluate((cell) => cell === document.activeElement)).toBe(true)
    await page.keyboard.press('ArrowRight')
    expect(await day('2026-11-23').evaluate((cell) => cell === document.activeElement)).toBe(true)
    await context.close()
  })
})
