import 'server-only'
import { hasARole, isMunicipalitySlug } from '#lib/access/return-path.ts'
import type { Viewer } from '#lib/access/viewer.ts'
import { env } from '#lib/kernel/env.ts'
import { authCookies } from './cookies.ts'
import { type SessionFacts, sessionOf } from './session.queries.ts'
import { openSessionCookie } from './session-token.adapter.ts'

/** The session of a cookie and the roles of its citizen in a municipality; null for a cookie without a session. */
export async function sessionWith(
  cookie: string | undefined,
  municipalitySlug: string,
): Promise<SessionFacts | null> {
  const token = await openSessionCookie(cookie, env().NEXTAUTH_SECRET)
  return token ? sessionOf(token, municipalitySlug) : null
}

/** The viewer of a session; null without a session, for a person unknown to the municipality and for one without a role. */
export function viewerOf(session: SessionFacts | null): Viewer | null {
  const viewer = session?.viewer
  return viewer && hasARole(viewer) ? viewer : null
}

/**
 * The viewer of a request that renders no page: the same as `currentViewer`, from the cookies themselves.
 * @param cookies what `readCookies` found in the request
 */
export async function viewerWith(
  cookies: Readonly<Record<string, string>>,
  municipalitySlug: string,
): Promise<Viewer | null> {
  if (!isMunicipalitySlug(municipalitySlug)) return null
  return viewerOf(await sessionWith(cookies[authCookies.sessionToken.name], municipalitySlug))
}
