import type { BrowserContext, Page } from 'playwright-core'
import { type DemoPart, demoPeople } from '#db/demo/people.ts'
import { env } from '#lib/kernel/env.ts'
import { authCookies } from '#lib/session/cookies.ts'
import { languageCookies } from '#lib/session/language.commands.ts'
import { openSession } from '#lib/session/session.commands.ts'
import { sessionCookieHeader } from '#lib/session/session-token.adapter.ts'
import { LANGUAGE_COOKIE } from '#lib/words/language-cookie.ts'
import type { App } from './app.ts'
import { recordTraces } from './traces.ts'

const { name, options } = authCookies.sessionToken

/**
 * Opens the session that SPID would open for the person now; a language chosen in this browser is kept with the person.
 * @returns the line that gives a browser the session
 */
async function openDemoSession(app: App, part: DemoPart, language: string | undefined): Promise<string> {
  const token = await openSession(
    {
      ...demoPeople[part],
      issuer: app.identityOrigin,
      subject: `spid-${part}`,
      method: 'spid',
      level: 2,
    },
    { municipalitySlug: 'mozzecane', previousToken: null, device: 'Chrome su Linux' },
  )
  await languageCookies(token, language ? { [LANGUAGE_COOKIE]: language } : {})
  return sessionCookieHeader(token, env().NEXTAUTH_SECRET, env().SESSION_MAX_HOURS * 3_600)
}

/**
 * A demonstration person has just signed in with SPID in this browser. The product opens the session; no page is loaded for it,
 * since the pages of signing in have tests of their own (sign-in.test.ts).
 * @returns an empty page
 */
export async function signInAs(context: BrowserContext, app: App, part: DemoPart): Promise<Page> {
  const chosen = (await context.cookies(app.origin)).find((one) => one.name === LANGUAGE_COOKIE)
  const header = await openDemoSession(app, part, chosen?.value)
  recordTraces({ kind: 'cookie', where: 'sign-in', text: header })
  const value = header.slice(name.length + 1, header.indexOf(';'))
  const { hostname: domain } = new URL(app.origin)
  await context.addCookies([{ ...options, name, value, domain, sameSite: 'Lax' }])
  return context.newPage()
}
