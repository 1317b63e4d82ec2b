import { type NextRequest, NextResponse } from 'next/server'
import { goneContent } from '#lib/content/content.queries.ts'
import { CONTENT_KINDS, type ContentKind } from '#lib/content/content.ts'
import { CONTENT_PATH, pageHeaders } from '#lib/entry/page-headers.ts'
import { env } from '#lib/kernel/env.ts'
import { municipalityBySlug } from '#lib/school/municipality.queries.ts'
import { authCookies } from '#lib/session/cookies.ts'
import { keepLanguage } from '#lib/session/language.commands.ts'
import { openSessionCookie } from '#lib/session/session.queries.ts'
import { type HostRoute, routeOfHost } from '#lib/web/host-address.ts'
import { isLanguage } from '#lib/words/language.ts'
import { languageCookieHeader } from '#lib/words/language-cookie.ts'

/**
 * 410 for a page that was public and is not any more: a page cannot choose that status, so it is set here and the page explains.
 * It protects nothing: the page checks the same question again.
 */
async function statusOf(path: string): Promise<200 | 410> {
  const [, municipalitySlug, folder, slug] = CONTENT_PATH.exec(path) ?? []
  const municipality = municipalitySlug && slug ? await municipalityBySlug(municipalitySlug) : null
  if (!municipality || !slug) return 200
  const kind =
    (Object.keys(CONTENT_KINDS) as ContentKind[]).find((key) => CONTENT_KINDS[key].path === folder) ?? 'news'
  return (await goneContent(municipality, kind, slug)) ? 410 : 200
}

/** The answer where the host decides it (a redirect, a refusal); otherwise the page is rendered with `headers`. */
async function answerOf(route: HostRoute, request: NextRequest, headers: Headers): Promise<NextResponse> {
  switch (route.kind) {
    case 'refuse':
      return new NextResponse(null, { status: 421 })
    case 'redirect':
      return NextResponse.redirect(route.url, 307)
    case 'rewrite':
      return NextResponse.rewrite(new URL(route.path, request.url), {
        request: { headers },
        status: await statusOf(route.path.split('?')[0] ?? ''),
      })
    case 'pass':
      return NextResponse.next({ request: { headers }, status: await statusOf(request.nextUrl.pathname) })
  }
}

const LANGUAGE_PARAM = 'lingua'

/**
 * The switch in the header is a link to this same address with `?lingua=en`: the choice becomes a cookie and the page
 * comes back without it. So it works without JavaScript, on every host, and as a link that a municipality may print.
 */
async function languageChosen(request: NextRequest): Promise<NextResponse | null> {
  const chosen = request.nextUrl.searchParams.get(LANGUAGE_PARAM)
  if (!isLanguage(chosen) || (request.method !== 'GET' && request.method !== 'HEAD')) return null
  const rest = new URLSearchParams(request.nextUrl.searchParams)
  rest.delete(LANGUAGE_PARAM)
  // One slash at the start: with two it would be another site's address.
  const path = request.nextUrl.pathname.replace(/^[/\\]+/, '/') + (rest.size > 0 ? `?${rest}` : '')
  const token = await openSessionCookie(
    request.cookies.get(authCookies.sessionToken.name)?.value,
    env().NEXTAUTH_SECRET,
  )
  if (token) await keepLanguage(token, chosen)
  const response = NextResponse.redirect(new URL(path, request.url), 303)
  response.headers.set('cache-control', 'no-store')
  response.headers.append(
    'set-cookie',
    languageCookieHeader(chosen, env().PUBLIC_ORIGIN.startsWith('https:')),
  )
  return response
}

/**
 * Sets the headers of a request and its answer (lib/entry/page-headers.ts), and finds the municipality of a host. For a request
 * that needs nothing but its headers, the web server has set them (scripts/web.ts): this is not called.
 * It lets everything through: who may see what is asked where the data is read, because proxies get bypassed.
 */
export async function proxy(request: NextRequest): Promise<NextResponse> {
  const chosen = await languageChosen(request)
  if (chosen) return chosen
  const settings = env()
  const path = request.nextUrl.pathname + request.nextUrl.search
  const route = routeOfHost({
    host: request.headers.get('host') ?? '',
    path,
    method: request.method,
    publicOrigin: settings.PUBLIC_ORIGIN,
    baseDomain: settings.BASE_DOMAIN,
  })
  const { asked, answered } = pageHeaders(route.kind === 'rewrite' ? route.path : path, settings)
  const headers = new Headers({ ...Object.fromEntries(request.headers), ...asked })
  const response = await answerOf(route, request, headers)
  for (const [name, value] of Object.entries(answered)) response.headers.set(name, value)
  return response
}

/**
 * Everything but the build's own immutable files, which need no headers, and what has them already. Next reads these words as
 * they stand: the header is READY_HEADER.
 */
export const config = {
  matcher: [{ source: '/((?!_next/static/).*)', missing: [{ type: 'header', key: 'x-refettorio-ready' }] }],
}
