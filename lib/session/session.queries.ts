import 'server-only'
import { createDecipheriv, createHash, hkdfSync } from 'node:crypto'
import { sql } from 'kysely'
import { database } from '#db/client.ts'
import { openReading } from '#db/reading.ts'
import { hasARole } from '#lib/access/capabilities.ts'
import type { FamilyLook, FamilyRole, Membership, StaffRole, Viewer } from '#lib/access/viewer.ts'
import type { SignInMethod } from '#lib/identity/claims.ts'
import type { Level } from '#lib/identity/levels.ts'
import { type Env, env } from '#lib/kernel/env.ts'
import { isWarmUp } from '#lib/web/warm-up.adapter.ts'
import { authCookies } from './cookies.ts'
import type { OpenedWith } from './step-up.ts'
import { warmUpSession } from './warm-up.queries.ts'

/**
 * From a request to its viewer, in the order in which it happens: does the request come from our pages, its cookies, the
 * secret in the session's cookie, the session in the database, the person that the municipality knows.
 */

/**
 * Did this request to change something come from our own pages?
 * Next runs a server action when the Origin header is missing, and believes X-Forwarded-Host: this check does neither.
 * Without an Origin, only a browser that says `Sec-Fetch-Site: same-origin` is believed.
 * @param publicOrigin scheme, host and port, as people type them
 */
export function fromOurPages(headers: { get(name: string): string | null }, publicOrigin: string): boolean {
  const origin = headers.get('origin')
  if (origin !== null) return origin === publicOrigin
  return headers.get('sec-fetch-site') === 'same-origin'
}

/** A cookie's decoded value; empty when it is badly encoded. */
function decoded(value: string): string {
  try {
    return decodeURIComponent(value)
  } catch {
    return ''
  }
}

/** The cookies of a request's `Cookie` header; a name sent twice counts once, the first, as browsers order them. */
export function readCookies(header: string | null): Record<string, string> {
  const cookies: Record<string, string> = Object.create(null)
  for (const pair of (header ?? '').split(';')) {
    const equals = pair.indexOf('=')
    if (equals < 0) continue
    const name = pair.slice(0, equals).trim()
    if (!(name in cookies)) cookies[name] = decoded(pair.slice(equals + 1).trim())
  }
  return cookies
}

/** The hash of a secret that the database keeps. */
export const hashToken = (token: string): Buffer => createHash('sha256').update(token).digest()

const TOKEN = /^[\w-]{43}$/

/** next-auth's only encryption: direct key (`dir`), AES-256-GCM. */
const SEAL = { alg: 'dir', enc: 'A256GCM' }
const TAG_BYTES = 16
/** next-auth's tolerance for clocks that differ. */
const CLOCK_TOLERANCE_SECONDS = 15

let derived: { secret: string; key: Buffer } | undefined

/** The key that next-auth makes of its secret; made once, because every request of a signed-in person needs it. */
function sealingKey(secret: string): Buffer {
  if (derived?.secret !== secret) {
    const key = hkdfSync('sha256', secret, '', 'NextAuth.js Generated Encryption Key', 32)
    derived = { secret, key: Buffer.from(key) }
  }
  return derived.key
}

const bytes = (text: string): Buffer => Buffer.from(text, 'base64url')

/**
 * The claims of a cookie that next-auth sealed (a compact JWE); null when it is damaged or not ours. The same as next-auth's
 * `decode`, which derives the key again and goes through the thread pool for each cookie: four times the processor time, on
 * every request at the peak.
 */
function unsealed(cookie: string, secret: string): Record<string, unknown> | null {
  const parts = cookie.split('.')
  const [header = '', wrappedKey, iv = '', sealed = '', tag = ''] = parts
  if (parts.length !== 5 || wrappedKey !== '') return null
  try {
    const { alg, enc, zip, crit } = JSON.parse(bytes(header).toString()) as Record<string, unknown>
    if (alg !== SEAL.alg || enc !== SEAL.enc || zip !== undefined || crit !== undefined) return null
    const decipher = createDecipheriv('aes-256-gcm', sealingKey(secret), bytes(iv), {
      authTagLength: TAG_BYTES,
    })
    decipher.setAAD(Buffer.from(header, 'ascii')).setAuthTag(bytes(tag))
    const claims: unknown = JSON.parse(
      Buffer.concat([decipher.update(bytes(sealed)), decipher.final()]).toString(),
    )
    return typeof claims === 'object' && claims !== null ? (claims as Record<string, unknown>) : null
  } catch {
    return null
  }
}

/**
 * The session secret inside a sealed cookie; null for a missing, tampered, foreign or expired one.
 * @param cookie value of the session cookie, a JWE that next-auth made
 */
export async function openSessionCookie(cookie: string | undefined, secret: string): Promise<string | null> {
  const claims = cookie ? unsealed(cookie, secret) : null
  if (!claims || typeof claims.exp !== 'number') return null
  // Only how long a browser keeps it: when a session ends is for its row and the database's clock.
  if (claims.exp <= Date.now() / 1_000 - CLOCK_TOLERANCE_SECONDS) return null
  const token = claims.sid
  return typeof token === 'string' && TOKEN.test(token) ? token : null
}

const SESSION_COOKIE = authCookies.sessionToken.name

type SessionSettings = Pick<Env, 'NEXTAUTH_SECRET' | 'SESSION_IDLE_MINUTES'>

/** An open session, and the roles of its citizen in one municipality. */
export type SessionFacts = {
  sessionId: string
  citizenId: string
  /** The sign-in with SPID or CIE behind the session, and how long ago it was. */
  method: SignInMethod
  level: Level
  authenticatedAt: Date
  secondsSinceIdentity: number
  /** `identity`: SPID or CIE themselves; otherwise what unlocked a remembered device. */
  openedWith: OpenedWith
  deviceId: string | null
  /** As the identity provider wrote it. */
  givenName: string
  /** Null where this municipality does not know the citizen. */
  viewer: Viewer | null
  /** The same person as one who has applied, for the room of the forms and for no other. */
  applicant?: Viewer | undefined
}

type Row = {
  session_id: string
  citizen_id: string
  method: SignInMethod
  level: Level
  authenticated_at: Date
  seconds_since_identity: number
  opened_with: OpenedWith
  device_id: string | null
  given_name: string
  municipality_id: string | null
  person_id: string | null
  person_name: string | null
  memberships: Membership[]
  staff_roles: StaffRole[]
  look: FamilyLook | null
}

const SESSION_COLUMNS = sql`session_id, citizen_id, method, level, authenticated_at, seconds_since_identity, opened_with,
  device_id, given_name, municipality_id, person_id, person_name, memberships, staff_roles, look`

const sessionIn = (row: Row): SessionFacts => ({
  sessionId: row.session_id,
  citizenId: row.citizen_id,
  method: row.method,
  level: row.level,
  authenticatedAt: row.authenticated_at,
  secondsSinceIdentity: row.seconds_since_identity,
  openedWith: row.opened_with,
  deviceId: row.device_id,
  givenName: row.given_name,
  viewer: viewerIn(row, (role) => role !== 'applicant'),
  ...applicantIn(row),
})

/** An application is no role: no page but the forms' sees it. */
function applicantIn(row: Row): { applicant?: Viewer } {
  const viewer = viewerIn({ ...row, staff_roles: [] }, (role) => role === 'applicant')
  return viewer && viewer.memberships.length > 0 ? { applicant: viewer } : {}
}

const viewerIn = (row: Row, counts: (role: FamilyRole) => boolean): Viewer | null =>
  row.municipality_id && row.person_id
    ? {
        municipalityId: row.municipality_id,
        personId: row.person_id,
        citizenId: row.citizen_id,
        sessionId: row.session_id,
        name: row.person_name ?? '',
        memberships: row.memberships.filter(({ role }) => counts(role)),
        staffRoles: row.staff_roles,
        ...(row.look ? { look: row.look } : {}),
      }
    : null

/**
 * The side of the portal that is asked: on the families' side the session of a colleague who looks at it as a family is that
 * family's, which only reads.
 */
export type Side = { looks: boolean }
const OWN_SIDE: Side = { looks: false }
const FAMILIES_SIDE: Side = { looks: true }

/**
 * The session of a secret, with the roles and memberships of this moment; null when it ended, expired or was
 * idle too long. Reading it counts as use.
 */
export async function sessionOf(
  token: string,
  municipalitySlug: string,
  { SESSION_IDLE_MINUTES }: SessionSettings = env(),
  { looks }: Side = OWN_SIDE,
): Promise<SessionFacts | null> {
  const idle = `${SESSION_IDLE_MINUTES} minutes`
  const { rows } = await sql<Row>`
    select ${SESSION_COLUMNS} from viewer_of_session(${hashToken(token)}, ${municipalitySlug}, ${idle}::interval, looks => ${looks})`.execute(
    database(),
  )
  return rows[0] ? sessionIn(rows[0]) : null
}

/** The session of a request that only reads, and how many notifications wait for its person. */
export type ReadingSession = SessionFacts & { unread: number }

/**
 * As `sessionOf`, and opens the one transaction of the request: what is read for this viewer with `readAsFamily` joins it.
 */
export function readingSessionOf(
  token: string,
  municipalitySlug: string,
  { SESSION_IDLE_MINUTES }: SessionSettings = env(),
  { isUse, looks = FAMILIES_SIDE.looks }: { isUse: boolean } & Partial<Side> = { isUse: true },
): Promise<ReadingSession | null> {
  const idle = `${SESSION_IDLE_MINUTES} minutes`
  return openReading(
    async (trx) => {
      const { rows } = await sql<Row & { unread: number }>`
        select ${SESSION_COLUMNS}, unread from enter_session(${hashToken(token)}, ${municipalitySlug}, ${idle}::interval, ${isUse}, ${looks})`.execute(
        trx,
      )
      return rows[0] ? { ...sessionIn(rows[0]), unread: rows[0].unread } : null
    },
    (session) => session?.viewer ?? null,
  )
}

/**
 * The session of a cookie, for a request that only reads; null for a cookie without a session.
 * @param use whether the request counts as use of the session, and the side of the portal that it asks
 */
export async function readingSessionWith(
  cookie: string | undefined,
  municipalitySlug: string,
  settings: SessionSettings = env(),
  use: { isUse: boolean } & Partial<Side> = { isUse: true },
): Promise<ReadingSession | null> {
  if (isWarmUp()) return warmUpSession(municipalitySlug)
  const token = await openSessionCookie(cookie, settings.NEXTAUTH_SECRET)
  return token ? readingSessionOf(token, municipalitySlug, settings, use) : null
}

/** The viewer of a session; null without a session, for a person unknown to the municipality and for one without a role. */
export function viewerOf(session: SessionFacts | null): Viewer | null {
  const viewer = session?.viewer
  return viewer && hasARole(viewer) ? viewer : null
}

/**
 * The viewer of a request that renders no page: the same as `currentViewer`, from the cookies themselves.
 * @param cookies what `readCookies` found in the request
 * @param municipalitySlug written as a slug; one that no municipality has knows no person
 */
export async function viewerWith(
  cookies: Readonly<Record<string, string>>,
  municipalitySlug: string,
  settings: SessionSettings = env(),
): Promise<Viewer | null> {
  const token = await openSessionCookie(cookies[SESSION_COOKIE], settings.NEXTAUTH_SECRET)
  return token ? viewerOf(await sessionOf(token, municipalitySlug, settings, FAMILIES_SIDE)) : null
}

/** As `viewerWith`, for a request that only reads: what it reads joins one transaction. */
export async function readerWith(
  cookies: Readonly<Record<string, string>>,
  municipalitySlug: string,
  settings: SessionSettings = env(),
): Promise<Viewer | null> {
  return viewerOf(await readingSessionWith(cookies[SESSION_COOKIE], municipalitySlug, settings))
}
