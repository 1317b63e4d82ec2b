import { it } from 'vitest'
import { startApp } from '#tests/support/app.ts'
import { DESKTOP, openBrowser, openContext, PHONE } from '#tests/support/browser.ts'
it('shots', async () => {
  const [app, browser] = await Promise.all([startApp({ worker: false }), openBrowser()])
  for (const [name, viewport] of [['p', PHONE], ['d', DESKTOP]] as const) {
    const context = await openContext(browser, { viewport })
    const page = await context.newPage()
    const shot = (n: string) => page.screenshot({ path: `/tmp/idshots/${n}-${name}.png`, fullPage: true })
    await page.goto(`${app.origin}/mozzecane/accesso`); await shot('accesso')
    await page.goto(`${app.origin}/mozzecane/accesso/errore?c=identita-sospesa`); await shot('errore')
    await page.goto(`${app.origin}/mozzecane/accesso/uscita`); await shot('uscita')
    await page.goto(`${app.origin}/accesso/errore?c=accesso-scaduto`); await shot('errore2')
    await page.goto(`${app.origin}/mozzecane/accesso`)
    await page.getByRole('button', { name: 'Entra con SPID' }).click()
    await page.getByText('Prova un esito diverso').click(); await shot('sim')
    await page.getByRole('button', { name: /Chiara/ }).click(); await page.waitForURL(/non-abil/); await shot('nonabil')
    await context.close()
  }
  await browser.close()
}, 480000)
