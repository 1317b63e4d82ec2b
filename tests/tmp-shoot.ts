import { openBrowser, openContext, complaintsOf, axeViolations, PHONE, DESKTOP } from '#tests/support/browser.ts'
const origin = 'http://localhost:3400'
const [who = 'Laura Conti', tag = 'laura', ...paths] = process.argv.slice(2)
const browser = await openBrowser()
const context = await openContext(browser, {})
const page = await context.newPage()
const bad = complaintsOf(page)
await page.goto(origin + '/mozzecane/accesso')
await page.locator('button, a').filter({ hasText: /SPID/ }).first().click()
await page.waitForLoadState()
await page.locator('button, a').filter({ hasText: who }).first().click()
await page.waitForURL(/localhost:3400/)
console.log(page.url())
for (const p of paths) {
  const name = `/tmp/s-${tag}-${p.replace(/[^a-z0-9]+/gi, '_') || 'home'}`
  await page.setViewportSize(PHONE)
  const r = await page.goto(`${origin}/mozzecane${p}`)
  console.log(p, r?.status(), (await axeViolations(page)).join('\n'))
  await page.screenshot({ path: name + '-p.png', fullPage: true })
  await page.setViewportSize(DESKTOP)
  await page.screenshot({ path: name + '-d.png', fullPage: true })
}
console.log(bad)
const cookies = await context.cookies()
import('node:fs').then((fs) => fs.writeFileSync(`/tmp/cookie-${tag}`, cookies.map((c) => `${c.name}=${c.value}`).join('; ')))
await browser.close()
