import 'server-only'
import { cookies, headers } from 'next/headers'
import { notFound, redirect } from 'next/navigation'
import { cache } from 'react'
import { env } from '#lib/env.ts'
import { authCookies } from './cookies.ts'
import { PATH_HEADER } from './path-header.ts'
import { type SessionFacts, sessionOf } from './queries.ts'
import { hasARole, isComuneSlug, safeReturnPath } from './return-path.ts'
import { openSessionCookie } from './session-token.ts'
import type { Viewer } from './viewer.ts'

/** The session of this request and what its citizen is to a Comune; read from the database once per request. */
export const currentSession = cache(async (comune: string): Promise<SessionFacts | null> => {
  const token = await openSessionCookie(
    (await cookies()).get(authCookies.sessionToken.name)?.value,
    env().NEXTAUTH_SECRET,
  )
  return token ? sessionOf(token, comune) : null
})

/** Who is asking, as this Comune knows them now; null for anybody signed out, unknown, or left without any role. */
export async function currentViewer(comune: string): Promise<Viewer | null> {
  if (!isComuneSlug(comune)) return null
  const viewer = (await currentSession(comune))?.viewer
  return viewer && hasARole(viewer) ? viewer : null
}

/**
 * Who is asking; whoever is not signed in goes to sign in and comes back, whoever the Comune does not know goes to the
 * page that explains what to do.
 */
export async function requireViewer(comune: string): Promise<Viewer> {
  if (!isComuneSlug(comune)) notFound()
  const viewer = await currentViewer(comune)
  if (viewer) return viewer
  if (await currentSession(comune)) redirect(`/${comune}/accesso/non-abilitato`)
  const here = safeReturnPath((await headers()).get(PATH_HEADER), comune)
  redirect(`/${comune}/accesso${here ? `?ritorno=${encodeURIComponent(here)}` : ''}`)
}
