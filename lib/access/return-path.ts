import { hasARole } from './capabilities.ts'
import { FAMILY_ROOMS } from './family-rooms.ts'
import type { Viewer } from './viewer.ts'

const OFFICE_ROOM = /^[a-z]+(-[a-z]+)*$/
const SLUG = /^[a-z][a-z0-9-]{1,62}$/
/** Files of a family, below `/api/<municipality>/`: a link to one may be opened long after it was drawn. */
const FAMILY_FILE = /^(fatture|comunicazioni|moduli\/documenti)\/|^(movimenti\.csv|registro\.csv|miei-dati)$/
const FAMILY_ROOM: ReadonlySet<string> = new Set(FAMILY_ROOMS)
/** In the query all that browsers and forms write, but for what ends an attribute or a header. */
const PATH = /^(\/[\w-]+(\.csv)?)+(\?[\w=&%.:+*~,;@!()-]*)?$/
const LONGEST = 300

/** Whether a text could be the address name of a municipality. */
export const isMunicipalitySlug = (value: unknown): value is string =>
  typeof value === 'string' && SLUG.test(value)

/**
 * The page or the file to return to after signing in, if it is one of ours in the same municipality; null otherwise.
 * @param value path with its query, as it came from a form or an address: not to be believed
 */
export function safeReturnPath(value: unknown, municipalitySlug: string): string | null {
  if (typeof value !== 'string' || value.length > LONGEST || !PATH.test(value)) return null
  const [first, second = '', ...rest] = (value.split('?')[0] as string).slice(1).split('/')
  if (first === municipalitySlug && FAMILY_ROOM.has(second)) return value
  if (second !== municipalitySlug) return null
  const [third = ''] = rest
  if (first === 'admin' && (third === '' || OFFICE_ROOM.test(third))) return value
  return first === 'api' && FAMILY_FILE.test(rest.join('/')) ? value : null
}

/** The page on which a person signs in, with the page to return to, which was already checked. */
export const signInPath = (municipalitySlug: string, returnPath: string | null): string =>
  `/${municipalitySlug}/accesso${returnPath ? `?ritorno=${encodeURIComponent(returnPath)}` : ''}`

/** In an address: its form did not arrive, because the session was over. */
const LOST = ['esito', 'request:signed-out'] as const

/** The page of a form that did not arrive, for the sign-in that leads back to it. */
export function lostChangePath(page: string): string {
  const [path, query] = page.split('?')
  const asked = new URLSearchParams(query)
  asked.set(...LOST)
  return `${path}?${asked}`
}

/** Whether a sign-in leads back to a page whose change did not arrive, because the session was over. */
export const changeWasLost = (returnPath: string | null): boolean =>
  new URLSearchParams(returnPath?.split('?')[1]).get(LOST[0]) === LOST[1]

/** First page after signing in: a family's day, or the office for a person who is only staff. */
export function homePath(municipalitySlug: string, { memberships }: Pick<Viewer, 'memberships'>): string {
  if (memberships.some(({ role }) => role !== 'past_holder')) return `/${municipalitySlug}/oggi`
  return memberships.length > 0 ? `/${municipalitySlug}/pagamenti/fatture` : `/admin/${municipalitySlug}`
}

/** Pages for every signed-in person, also for one whom the municipality does not know yet. */
const ROOM_OF_ANYBODY = /^\/[^/]+\/invito\//

/** The page after a sign-in: the page that the person asked for, or their first page, or the explanation. */
export function landingPath(
  municipalitySlug: string,
  roles: Pick<Viewer, 'memberships' | 'staffRoles'> | null,
  returnPath: string | null,
): string {
  if (roles && hasARole(roles)) return returnPath ?? homePath(municipalitySlug, roles)
  return returnPath && ROOM_OF_ANYBODY.test(returnPath)
    ? returnPath
    : `/${municipalitySlug}/accesso/non-abilitato`
}

/** The page on which a remembered device is unlocked. */
export function unlockPath(municipalitySlug: string, returnPath: string | null, wasRefused: boolean): string {
  const query = new URLSearchParams({
    ...(wasRefused ? { sblocco: 'no' } : {}),
    ...(returnPath ? { ritorno: returnPath } : {}),
  })
  return `/${municipalitySlug}/accesso/dispositivo${query.size > 0 ? `?${query}` : ''}`
}

/** Where the callback address of a sign-in leads back to: its municipality, and the page that asked for it. */
export function readCallbackUrl(
  url: string | undefined,
  origin: string,
): { municipalitySlug: string | null; returnPath: string | null } {
  const parsed = url ? URL.parse(url) : null
  const municipalitySlug =
    parsed?.origin === origin ? /^\/([^/]+)\/accesso$/.exec(parsed.pathname)?.[1] : undefined
  if (!parsed || !isMunicipalitySlug(municipalitySlug)) return { municipalitySlug: null, returnPath: null }
  return {
    municipalitySlug,
    returnPath: safeReturnPath(parsed.searchParams.get('ritorno'), municipalitySlug),
  }
}

/** The callback address that carries a municipality and a page through the sign-in. */
export function callbackUrl(origin: string, municipalitySlug: string, returnPath: string | null): string {
  const url = new URL(`/${municipalitySlug}/accesso`, origin)
  if (returnPath) url.searchParams.set('ritorno', returnPath)
  return url.href
}
