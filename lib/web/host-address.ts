import { FAMILY_ROOMS } from '#lib/access/family-rooms.ts'

/** What to do with a request, given the host it was made to. */
export type HostRoute =
  | { kind: 'pass' }
  | { kind: 'rewrite'; path: string }
  | { kind: 'redirect'; url: string }
  | { kind: 'refuse' }

type HostRequest = {
  /** `Host` header, with its port. */
  host: string
  /** Path and query. */
  path: string
  method: string
  /** Where people sign in: the one origin with cookies, actions and the bridge's return address. */
  publicOrigin: string
  /** `example.it`: each municipality is also at `<slug>.example.it`. */
  baseDomain: string | undefined
}

const SLUG = /^[a-z][a-z0-9-]{1,62}$/
/** Files and addresses that belong to no municipality. */
const COMMON =
  /^\/(_next\/|icone\/|marchi\/|api\/(?:health|live|ready)(\?|$)|\.well-known\/|[\w.-]+\.(svg|png|ico|txt|webmanifest|js)(\?|$))/
/** Areas that need a signed-in person: they exist only on the host that has the session's cookie. */
const PERSONAL = new RegExp(`^/(accesso|${FAMILY_ROOMS.join('|')})(/|\\?|$)|^/(admin|api)(/|$)`)

/** The municipality of a host such as `mozzecane.example.it`; null for any other. */
function slugOfHost(host: string, baseDomain: string): string | null {
  const suffix = `.${baseDomain}`
  if (!host.endsWith(suffix)) return null
  const label = host.slice(0, -suffix.length)
  return SLUG.test(label) ? label : null
}

/**
 * Municipalities may have addresses of their own for public pages. Signing in and everything personal stay at the one
 * public origin, so that cookies keep their `__Host-` prefix, the bridge one return address, and a person with children
 * in two municipalities one session. On a municipality's host another municipality does not exist, and nothing can be changed.
 */
export function routeOfHost({ host, path, method, publicOrigin, baseDomain }: HostRequest): HostRoute {
  const publicHost = new URL(publicOrigin).host
  if (!baseDomain || host === publicHost) return { kind: 'pass' }
  const slug = slugOfHost(host, baseDomain)
  if (!slug) return { kind: 'pass' }
  if (COMMON.test(path)) return { kind: 'pass' }
  if (method !== 'GET' && method !== 'HEAD') return { kind: 'refuse' }
  const own = path === `/${slug}` || path.startsWith(`/${slug}/`) || path.startsWith(`/${slug}?`)
  const room = own ? path.slice(slug.length + 1) || '/' : path
  if (/^\/(admin|api)(\/|$)/.test(path)) return { kind: 'redirect', url: publicOrigin + path }
  if (PERSONAL.test(room)) return { kind: 'redirect', url: `${publicOrigin}/${slug}${room}` }
  return { kind: 'rewrite', path: `/${slug}${room === '/' ? '' : room}` }
}
