import 'server-only'
import { sql } from 'kysely'
import { database } from '#db/client.ts'
import type { StaffRole } from '#lib/access/roles.ts'
import type { Membership, Viewer } from '#lib/access/viewer.ts'
import type { SignInMethod } from '#lib/identity/claims.ts'
import type { Level } from '#lib/identity/levels.ts'
import { env } from '#lib/kernel/env.ts'
import { unseal } from '#lib/kernel/sealed.ts'
import { isUuid } from '#lib/kernel/uuid.ts'
import { hashToken } from './session-token.adapter.ts'
import { FORM_PURPOSE, type OpenedWith } from './step-up.ts'

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
}

const viewerOf = (row: Row): Viewer | null =>
  row.municipality_id && row.person_id
    ? {
        municipalityId: row.municipality_id,
        personId: row.person_id,
        citizenId: row.citizen_id,
        sessionId: row.session_id,
        name: row.person_name ?? '',
        memberships: row.memberships,
        staffRoles: row.staff_roles,
      }
    : null

/**
 * The session of a secret, with the roles and memberships of this moment; null when it ended, expired or was
 * idle too long. Reading it counts as use.
 */
export async function sessionOf(token: string, municipalitySlug: string): Promise<SessionFacts | null> {
  const idle = `${env().SESSION_IDLE_MINUTES} minutes`
  const { rows } = await sql<Row>`
    select * from viewer_of_session(${hashToken(token)}, ${municipalitySlug}, ${idle}::interval)`.execute(
    database(),
  )
  const row = rows[0]
  if (!row) return null
  return {
    sessionId: row.session_id,
    citizenId: row.citizen_id,
    method: row.method,
    level: row.level,
    authenticatedAt: row.authenticated_at,
    secondsSinceIdentity: row.seconds_since_identity,
    openedWith: row.opened_with,
    deviceId: row.device_id,
    givenName: row.given_name,
    viewer: viewerOf(row),
  }
}

export type OwnMunicipality = { slug: string; name: string }

/** The municipalities in which a citizen has a role now, by name. */
export async function municipalitiesOf(citizenId: string): Promise<OwnMunicipality[]> {
  const { rows } =
    await sql<OwnMunicipality>`select slug, name from towns_of_citizen(${citizenId}::uuid)`.execute(
      database(),
    )
  return rows
}

/** The civil day in Italy, by the database's clock. */
export async function todayInItaly(): Promise<string> {
  const { rows } = await sql<{ today: string }>`select app_today() as today`.execute(database())
  return (rows[0] as { today: string }).today
}

/**
 * What this citizen typed in the form of this page before SPID or CIE were asked again; nothing for another citizen,
 * another page, or too late.
 */
export async function keptForm(
  citizenId: string,
  path: string,
  reference: string,
): Promise<Record<string, string>> {
  if (!isUuid(reference)) return {}
  const row = await database()
    .selectFrom('interrupted_form')
    .where('id', '=', reference)
    .where('citizen_id', '=', citizenId)
    .where('path', '=', path)
    .where('expires_at', '>', sql<Date>`app_now()`)
    .select('sealed')
    .executeTakeFirst()
  const typed = row && unseal(row.sealed, FORM_PURPOSE, env().DATA_KEY)
  return typed ? (JSON.parse(typed) as Record<string, string>) : {}
}
