import type { BrowserContext, Page } from 'playwright-core'
import { type DemoPart, demoPeople } from '#db/demo/people.ts'
import type { App } from './app.ts'

/** Signs a demonstration person in through SPID, as a person does, and leaves them on the page that follows. */
export async function signInAs(context: BrowserContext, app: App, part: DemoPart): Promise<Page> {
  const page = await context.newPage()
  await page.goto(`${app.origin}/mozzecane/accesso`)
  await page.getByRole('button', { name: /Entra con SPID/ }).click()
  const { givenName, familyName } = demoPeople[part]
  await page.getByRole('button', { name: `${givenName} ${familyName}` }).click()
  await page.waitForURL((url) => url.href.startsWith(app.origin) && !url.pathname.startsWith('/api/'))
  return page
}
