import 'server-only'
import { hasARole, isMunicipalitySlug } from '#lib/access/return-path.ts'
import type { Viewer } from '#lib/access/viewer.ts'
import { env } from '#lib/kernel/env.ts'
import { authCookies } from './cookies.ts'
import { type SessionFacts, sessionOf } from './session.queries.ts'
import { openSessionCookie } from './session-token.adapter.ts'

/** The session that a cookie opens and what its citizen is to a municipality; null for a cookie that opens none. */
export async function sessionWith(
  cookie: string | undefined,
  municipalitySlug: string,
): Promise<SessionFacts | null> {
  const token = await openSessionCookie(cookie, env().NEXTAUTH_SECRET)
  return token ? sessionOf(token, municipalitySlug) : null
}

/** Whom a session lets in; null for nobody, for somebody unknown to the municipality and for whoever has no role left. */
export function viewerOf(session: SessionFacts | null): Viewer | null {
  const viewer = session?.viewer
  return viewer && hasARole(viewer) ? viewer : null
}

/**
 * Who is asking, as this municipality knows them now, where no page is drawn: as `currentViewer`, from the cookies themselves.
 * @param cookies what `readCookies` found in the request
 */
export async function viewerWith(
  cookies: Readonly<Record<string, string>>,
  municipalitySlug: string,
): Promise<Viewer | null> {
  if (!isMunicipalitySlug(municipalitySlug)) return null
  return viewerOf(await sessionWith(cookies[authCookies.sessionToken.name], municipalitySlug))
}
