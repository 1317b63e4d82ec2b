import 'server-only'
import { env } from '#lib/env.ts'
import { authCookies } from './cookies.ts'
import { sessionOf } from './queries.ts'
import { hasARole, isComuneSlug } from './return-path.ts'
import { openSessionCookie } from './session-token.ts'
import type { Viewer } from './viewer.ts'

/**
 * Who is asking, as this Comune knows them now, where no page is drawn: as `currentViewer`, from the cookies themselves.
 * @param cookies what `readCookies` found in the request
 */
export async function viewerWith(
  cookies: Readonly<Record<string, string>>,
  comune: string,
): Promise<Viewer | null> {
  if (!isComuneSlug(comune)) return null
  const token = await openSessionCookie(cookies[authCookies.sessionToken.name], env().NEXTAUTH_SECRET)
  const viewer = token ? (await sessionOf(token, comune))?.viewer : null
  return viewer && hasARole(viewer) ? viewer : null
}
