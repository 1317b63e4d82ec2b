import type { Viewer } from './viewer.ts'

/** Where a sign-in may end: rooms of the family area and of the office. Anything else is forgotten. */
const FAMILY_ROOMS = [
  'oggi',
  'prenotazioni',
  'pagamenti',
  'servizi',
  'comunicazioni',
  'questionari',
  'moduli',
  'profilo',
  'invito',
  'altro',
]
const OFFICE_ROOM = /^[a-z]+(-[a-z]+)*$/
const SLUG = /^[a-z][a-z0-9-]{1,62}$/
const PATH = /^(\/[\w-]+)+(\?[\w=&%.:-]*)?$/
const LONGEST = 300

/** Whether a text could be the address name of a Comune. */
export const isComuneSlug = (value: unknown): value is string => typeof value === 'string' && SLUG.test(value)

/**
 * The page to return to after signing in, if it is one of ours in the same Comune; null otherwise.
 * @param value path with its query, as it came from a form or an address: not to be believed
 */
export function safeReturnPath(value: unknown, comune: string): string | null {
  if (typeof value !== 'string' || value.length > LONGEST || !PATH.test(value)) return null
  const [first, second, third = ''] = (value.split('?')[0] as string).slice(1).split('/')
  if (first === comune && second !== undefined && FAMILY_ROOMS.includes(second)) return value
  if (first === 'admin' && second === comune && (third === '' || OFFICE_ROOM.test(third))) return value
  return null
}

type Roles = Pick<Viewer, 'memberships' | 'staffRoles'>

/** Whether the Comune gives somebody anything to do here. */
export const hasARole = ({ memberships, staffRoles }: Roles): boolean =>
  memberships.length > 0 || staffRoles.length > 0

/** First page after signing in: a family's day, or the office for whoever is staff only. */
export function homePath(comune: string, { memberships }: Pick<Viewer, 'memberships'>): string {
  if (memberships.some(({ role }) => role !== 'past_holder')) return `/${comune}/oggi`
  return memberships.length > 0 ? `/${comune}/pagamenti/fatture` : `/admin/${comune}`
}

/** Rooms for whoever signed in, also when the Comune does not know them yet. */
const ROOM_OF_ANYBODY = /^\/[^/]+\/invito\//

/** Where somebody who just came in lands: where they wanted to go, or their first page, or the explanation. */
export function landingPath(comune: string, roles: Roles | null, ritorno: string | null): string {
  if (roles && hasARole(roles)) return ritorno ?? homePath(comune, roles)
  return ritorno && ROOM_OF_ANYBODY.test(ritorno) ? ritorno : `/${comune}/accesso/non-abilitato`
}

/** The page on which a remembered device is unlocked. */
export function unlockPath(comune: string, ritorno: string | null, wasRefused: boolean): string {
  const query = new URLSearchParams({
    ...(wasRefused ? { sblocco: 'no' } : {}),
    ...(ritorno ? { ritorno } : {}),
  })
  return `/${comune}/accesso/dispositivo${query.size > 0 ? `?${query}` : ''}`
}

/** Where the callback address of a sign-in leads back to: its Comune, and the page that asked for it. */
export function readCallbackUrl(
  url: string | undefined,
  origin: string,
): { comune: string | null; ritorno: string | null } {
  const parsed = url ? URL.parse(url) : null
  const comune = parsed?.origin === origin ? /^\/([^/]+)\/accesso$/.exec(parsed.pathname)?.[1] : undefined
  if (!parsed || !isComuneSlug(comune)) return { comune: null, ritorno: null }
  return { comune, ritorno: safeReturnPath(parsed.searchParams.get('ritorno'), comune) }
}

/** The callback address that carries a Comune and a page through the sign-in. */
export function callbackUrl(origin: string, comune: string, ritorno: string | null): string {
  const url = new URL(`/${comune}/accesso`, origin)
  if (ritorno) url.searchParams.set('ritorno', ritorno)
  return url.href
}
