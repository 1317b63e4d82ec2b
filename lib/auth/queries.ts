import 'server-only'
import { sql } from 'kysely'
import { database } from '#db/client.ts'
import { env } from '#lib/env.ts'
import type { Method } from './claims.ts'
import type { Level } from './levels.ts'
import type { StaffRole } from './roles.ts'
import { hashToken } from './session-token.ts'
import type { Membership, Viewer } from './viewer.ts'

/** A living session, and what its citizen is to one Comune. */
export type SessionFacts = {
  sessionId: string
  citizenId: string
  method: Method
  level: Level
  authenticatedAt: Date
  /** As the identity provider wrote it. */
  givenName: string
  /** Null where this Comune does not know the citizen. */
  viewer: Viewer | null
}

type Row = {
  session_id: string
  citizen_id: string
  method: Method
  level: Level
  authenticated_at: Date
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
 * The session that a secret opens, with roles and memberships of this very moment; null when it ended, expired or was
 * idle too long. Seeing it counts as use.
 */
export async function sessionOf(token: string, comune: string): Promise<SessionFacts | null> {
  const idle = `${env().SESSION_IDLE_MINUTES} minutes`
  const { rows } = await sql<Row>`
    select * from viewer_of_session(${hashToken(token)}, ${comune}, ${idle}::interval)`.execute(database())
  const row = rows[0]
  if (!row) return null
  return {
    sessionId: row.session_id,
    citizenId: row.citizen_id,
    method: row.method,
    level: row.level,
    authenticatedAt: row.authenticated_at,
    givenName: row.given_name,
    viewer: viewerOf(row),
  }
}

/** The civil day in Italy, by the database's clock. */
export async function todayInItaly(): Promise<string> {
  const { rows } = await sql<{ today: string }>`select app_today() as today`.execute(database())
  return (rows[0] as { today: string }).today
}
