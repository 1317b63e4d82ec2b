import type { BrowserContext, Page } from 'playwright-core'
import { type DemoPart, type DemoPerson, demoPeople } from '#db/demo/people.ts'
import { env } from '#lib/kernel/env.ts'
import { authCookies } from '#lib/session/cookies.ts'
import { languageCookies } from '#lib/session/language.commands.ts'
import { openSession } from '#lib/session/session.commands.ts'
import { sessionCookieHeader } from '#lib/session/session-token.adapter.ts'
import { LANGUAGE_COOKIE } from '#lib/words/language-cookie.ts'
import type { App } from './app.ts'
import { recordTraces } from './traces.ts'

const { name, options } = authCookies.sessionToken

/** A person as SPID says who they are. */
export type Citizen = Pick<DemoPerson, 'givenName' | 'familyName' | 'fiscalCode' | 'birthDay' | 'email'>

/**
 * Opens the session that SPID would open for the person now; a language chosen in this browser is kept with the person.
 * @returns the line that gives a browser the session
 */
async function openIdentitySession(
  app: App,
  citizen: Citizen,
  { municipalitySlug, language }: { municipalitySlug: string; language: string | undefined },
): Promise<string> {
  const token = await openSession(
    {
      ...citizen,
      issuer: app.identityOrigin,
      subject: `spid-${citizen.fiscalCode}`,
      method: 'spid',
      level: 2,
    },
    { municipalitySlug, previousToken: null, device: 'Chrome su Linux' },
  )
  await languageCookies(token, language ? { [LANGUAGE_COOKIE]: language } : {})
  return sessionCookieHeader(token, env().NEXTAUTH_SECRET, env().SESSION_MAX_HOURS * 3_600)
}

/**
 * A demonstration person has just signed in with SPID in this browser. The product opens the session; no page is loaded for it,
 * since the pages of signing in have tests of their own (sign-in.test.ts).
 * @returns an empty page
 */
export const signInAs = (context: BrowserContext, app: App, part: DemoPart): Promise<Page> =>
  signInCitizen(context, app, demoPeople[part], 'mozzecane')

/** The same for any person, at any municipality. */
export async function signInCitizen(
  context: BrowserContext,
  app: App,
  citizen: Citizen,
  municipalitySlug: string,
): Promise<Page> {
  const chosen = (await context.cookies(app.origin)).find((one) => one.name === LANGUAGE_COOKIE)
  const header = await openIdentitySession(app, citizen, { municipalitySlug, language: chosen?.value })
  recordTraces({ kind: 'cookie', where: 'sign-in', text: header })
  const value = header.slice(name.length + 1, header.indexOf(';'))
  const { hostname: domain } = new URL(app.origin)
  await context.addCookies([{ ...options, name, value, domain, sameSite: 'Lax' }])
  return context.newPage()
}
