import 'server-only'
import { cookies, headers } from 'next/headers'
import { notFound, redirect } from 'next/navigation'
import { cache } from 'react'
import { allowedToFamily } from '#lib/access/capabilities.ts'
import { isMunicipalitySlug, lostChangePath, safeReturnPath, signInPath } from '#lib/access/return-path.ts'
import type { Viewer } from '#lib/access/viewer.ts'
import { env } from '#lib/kernel/env.ts'
import { PATH_HEADER } from '#lib/kernel/request-path.ts'
import { AUTOMATIC_HEADER } from '#lib/web/automatic-request.ts'
import type { FormState } from '#lib/web/form-state.ts'
import { authCookies } from './cookies.ts'
import { keptForm } from './kept-form.queries.ts'
import { type OwnMunicipality, officesOf } from './own-municipality.queries.ts'
import { keepForm } from './session.commands.ts'
import {
  openSessionCookie,
  type ReadingSession,
  readingSessionWith,
  sessionOf,
  viewerOf,
} from './session.queries.ts'
import { isFresh, RESUME_PARAM, resumePath, stepUpPath } from './step-up.ts'

/** The rooms of the office: there a colleague who looks at the portal as a family is a colleague. */
const isOffice = (path: string | null): boolean => path?.startsWith('/admin/') ?? false

/** The session of this request and what its citizen is to a municipality; read from the database once per request. */
export const currentSession = cache(async (municipalitySlug: string): Promise<ReadingSession | null> => {
  const [jar, asked] = await Promise.all([cookies(), headers()])
  return readingSessionWith(jar.get(authCookies.sessionToken.name)?.value, municipalitySlug, env(), {
    isUse: !asked.has(AUTOMATIC_HEADER),
    looks: !isOffice(asked.get(PATH_HEADER)),
  })
})

/** The viewer of this request in this municipality; null for a person who is signed out, unknown here, or without a role. */
export async function currentViewer(municipalitySlug: string): Promise<Viewer | null> {
  if (!isMunicipalitySlug(municipalitySlug)) return null
  return viewerOf(await currentSession(municipalitySlug))
}

/** The person of this request who may fill in forms: a holder, or one whom the municipality does not know and who has applied. */
export async function currentFiller(municipalitySlug: string): Promise<Viewer | null> {
  if (!isMunicipalitySlug(municipalitySlug)) return null
  const session = await currentSession(municipalitySlug)
  const viewer = viewerOf(session)
  if (viewer && allowedToFamily(viewer, 'forms:fill')) return viewer
  return session?.applicant ?? viewer
}

/** As `requireViewer`, for the room of the forms. */
export async function requireFiller(municipalitySlug: string): Promise<Viewer> {
  if (!isMunicipalitySlug(municipalitySlug)) notFound()
  return (await currentFiller(municipalitySlug)) ?? redirect(await pageWithoutViewer(municipalitySlug))
}

/**
 * The viewer of this request. Redirects a signed-out person to sign in and back, and a person unknown to the municipality to the
 * page that explains what to do.
 */
export async function requireViewer(municipalitySlug: string): Promise<Viewer> {
  if (!isMunicipalitySlug(municipalitySlug)) notFound()
  return (await currentViewer(municipalitySlug)) ?? redirect(await pageWithoutViewer(municipalitySlug))
}

/** As `requireViewer`, for what answers no page (a file, a notification that leads on): the redirect is an answer that is never kept. */
export async function viewerOfFile(
  municipalitySlug: string,
  current: typeof currentViewer = currentViewer,
): Promise<Viewer | Response> {
  if (!isMunicipalitySlug(municipalitySlug)) notFound()
  const viewer = await current(municipalitySlug)
  if (viewer) return viewer
  const location = await pageWithoutViewer(municipalitySlug)
  return new Response(null, { status: 303, headers: { location, 'cache-control': 'private, no-store' } })
}

/**
 * The municipalities in whose office the person of this request works, each with who they are there: the same roles, read the same
 * way, as its own pages read them. Empty for a person who is signed out, and for one whom no office knows.
 */
export async function ownOffices(): Promise<(OwnMunicipality & { viewer: Viewer })[]> {
  const cookie = (await cookies()).get(authCookies.sessionToken.name)?.value
  const token = await openSessionCookie(cookie, env().NEXTAUTH_SECRET)
  const session = token ? await sessionOf(token, '') : null
  if (!token || !session) return []
  const offices = await officesOf(session.citizenId)
  const known = await Promise.all(
    offices.map(async (office) => ({ ...office, viewer: viewerOf(await sessionOf(token, office.slug)) })),
  )
  return known.flatMap(({ viewer, ...office }) =>
    viewer && viewer.staffRoles.length > 0 ? [{ ...office, viewer }] : [],
  )
}

/** Where a person without a role here goes: to sign in and back, or to the page that explains what to do. */
const pageWithoutViewer = async (municipalitySlug: string): Promise<string> =>
  (await currentSession(municipalitySlug))
    ? `/${municipalitySlug}/accesso/non-abilitato`
    : signInPath(municipalitySlug, await here(municipalitySlug))

/** The page of this request, if it is one to which a sign-in may return. */
const here = async (municipalitySlug: string): Promise<string | null> =>
  safeReturnPath((await headers()).get(PATH_HEADER), municipalitySlug)

/**
 * Leads a person whose session is over to sign in and back to the page of their form: nothing was changed, and the sign-in says so.
 * Only a form that a browser sent by itself: where scripts run they say it on the page, which keeps what was typed.
 */
export async function signInAgain(municipalitySlug: string): Promise<void> {
  const isOfScripts = (await headers()).has('next-action')
  if (isOfScripts || !isMunicipalitySlug(municipalitySlug) || (await currentSession(municipalitySlug))) return
  const page = await here(municipalitySlug)
  redirect(signInPath(municipalitySlug, page && safeReturnPath(lostChangePath(page), municipalitySlug)))
}

/** Whether SPID or CIE recognised the person of this request in the last minutes. */
export async function isFreshlyIdentified(municipalitySlug: string): Promise<boolean> {
  const session = await currentSession(municipalitySlug)
  return session !== null && isFresh(session)
}

/** For a page or a download that is sensitive to read: asks for SPID or CIE, and comes back to it. */
export async function requireFresh(municipalitySlug: string): Promise<void> {
  if (await isFreshlyIdentified(municipalitySlug)) return
  redirect(stepUpPath(municipalitySlug, (await here(municipalitySlug)) ?? `/${municipalitySlug}/altro`))
}

/**
 * Interrupts a form to ask for SPID or CIE; afterwards its page has what was typed (`resumedForm`).
 * @param typed no secrets
 */
export async function askForIdentity(
  municipalitySlug: string,
  viewer: Viewer,
  typed: Readonly<Record<string, string>>,
): Promise<never> {
  const path = (await here(municipalitySlug)) ?? `/${municipalitySlug}/altro`
  const page = path.split('?')[0] as string
  const reference = await keepForm(viewer.citizenId, page, typed)
  redirect(stepUpPath(municipalitySlug, resumePath(path, reference)))
}

/**
 * The first state of a form that a sensitive action may have interrupted: with what was typed, or untouched.
 * @param resumed whether the person comes back from SPID or CIE, to say so
 */
export async function resumedForm(
  municipalitySlug: string,
  viewer: Viewer,
): Promise<{ state: FormState<never>; resumed: boolean }> {
  const [page = '', query = ''] = ((await here(municipalitySlug)) ?? '').split('?')
  const reference = new URLSearchParams(query).get(RESUME_PARAM)
  const typed = reference ? await keptForm(viewer.citizenId, page, reference) : {}
  return { state: { ok: null, typed }, resumed: reference !== null && Object.keys(typed).length > 0 }
}
